#include "probe/tls/interview.h"

#include <algorithm>

namespace fengsui::probe::tls {

/// What only TLS up to 1.2 can have is harmless where that was refused.
model::Offered Interview::where_classic(Offered seen, Offered harmless) const {
    return seen == Offered::unknown && !is_classic() && is_refused_ ? harmless : seen;
}

void Interview::report(model::TlsEndpoint& endpoint) const {
    endpoint.hellos = outcome_;
    endpoint.questions = asked_;
    endpoint.sslv2 = sslv2_;
    endpoint.sslv3 = sslv3_;
    endpoint.tls10 = tls10_;
    endpoint.tls11 = tls11_;
    endpoint.tls12 = endpoint.tls12 == Offered::yes ? Offered::yes : tls12_;
    endpoint.tls13 = endpoint.tls13 == Offered::yes ? Offered::yes : tls13_;
    const auto add_class = [&](SuiteClass kind, Offered offered) {
        model::SuiteClassFacts facts{offered, {}};
        for (const auto suite : accepted_) {
            if (is_in(suite, kind)) {
                facts.accepted.push_back(suite_name(suite));
            }
        }
        endpoint.suites[std::string(to_string(kind))] = std::move(facts);
    };
    for (std::size_t i = 0; i < kBadClassCount; ++i) {
        add_class(static_cast<SuiteClass>(i), classes_[i]);
    }
    add_class(SuiteClass::phase_out, where_classic(phase_out_, Offered::no));
    add_class(SuiteClass::sound, sound_);
    endpoint.dh.offered = where_classic(dhe_, Offered::no);
    endpoint.dh.suite = modulus_suite_ == 0 ? std::string() : suite_name(modulus_suite_);
    endpoint.weak_curve = curve_;
    endpoint.weak_curve.offered = where_classic(curve_.offered, Offered::no);
    endpoint.weak_signature = signature_;
    const bool has_no_scheme = tls12_ == Offered::no && signature_.offered == Offered::unknown;
    endpoint.weak_signature.offered = has_no_scheme ? Offered::no : signature_.offered;
    endpoint.compression = where_classic(compression_, Offered::no);
    endpoint.secure_renegotiation = where_classic(secure_renegotiation_, Offered::yes);
    const bool is_other_version = tls12_ == Offered::no && extended_master_secret_ == Offered::unknown;
    endpoint.extended_master_secret = is_other_version ? Offered::yes : extended_master_secret_;
    endpoint.version_intolerance = intolerance_;
    if (is_refused_ && is_classic() && tls12_ == Offered::no && !introduction_.handshake_works) {
        endpoint.version_intolerance = {Offered::yes, "client_version 3.3 (RFC 5246 appendix E.1)"};
    }
    endpoint.suite_order = suite_order();
    endpoint.tlcp = tlcp_;
    if (has_certificate_request_ && endpoint.client_certificate == model::ClientCertificate::unknown) {
        endpoint.client_certificate = model::ClientCertificate::asked;
    }
}

model::SuiteOrderFacts Interview::suite_order() const {
    auto order = order_;
    const auto worse = worse_suites();
    const bool is_weaker_first = general_choice_ != 0 && !is_in(general_choice_, SuiteClass::sound);
    if (sound_ == Offered::yes && is_weaker_first) { // sound ones stood first in that hello
        order.takes_weaker = Offered::yes;
        order.is_own_order = true;
        order.chosen = suite_name(general_choice_);
    }
    const bool is_one_kind = (worse.empty() && phase_out_ == Offered::no) || sound_ == Offered::no;
    if (is_one_kind || (is_refused_ && !is_classic())) {
        order.takes_weaker = Offered::no; // nothing to choose between
    }
    const auto sound = std::find_if(accepted_.begin(), accepted_.end(), [](std::uint16_t suite) {
        return is_in(suite, SuiteClass::sound);
    });
    order.instead = sound == accepted_.end() ? std::string() : suite_name(*sound);
    return order;
}

} // namespace fengsui::probe::tls
