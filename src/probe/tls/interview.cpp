#include "probe/tls/interview.h"

#include <algorithm>

namespace fengsui::probe::tls {

namespace {

using model::Offered;

constexpr int kMostSilences = 2;
constexpr int kMostListed = 10;
constexpr std::uint16_t kFutureVersion = 0x0305;

/// What RFC 8422 and NCSC-NL leave out, the weakest first; secp224r1 is to be phased out.
const std::vector<std::uint16_t>& weak_groups() {
    static const std::vector<std::uint16_t> groups = {15, 16, 17, 1, 2,  3, 18, 19, 4,  5,  20,
                                                      21, 6,  7,  8, 22, 9, 10, 11, 12, 13, 14};
    return groups;
}

bool contains(const std::vector<std::uint16_t>& list, std::uint16_t value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

/// RFC 5246 7.4.1.4.1: the high octet of what TLS 1.2 calls a signature algorithm is its hash.
bool is_weak_scheme(std::uint16_t scheme) {
    const auto hash = scheme >> 8;
    return hash == 1 || hash == 2;
}

} // namespace

Interview::Interview(Introduction introduction)
    : introduction_(std::move(introduction)), works_(introduction_.handshake_works) {
    // The most telling first: time may run out.
    agenda_ = {
        Topic::general,
        Topic::bad,
        Topic::tls10,
        Topic::tls11,
        Topic::tls13,
        Topic::dhe,
        Topic::signature,
        Topic::curve,
        Topic::phase_out,
        Topic::sound,
        Topic::order,
        Topic::future_version,
        Topic::sslv3,
        Topic::sslv2,
        Topic::tlcp,
        Topic::listing,
    };
    classes_.fill(Offered::unknown);
}

bool Interview::is_any_answered() const {
    return is_classic() || tls13_ == Offered::yes || sslv2_ == Offered::yes || sslv3_ == Offered::yes
           || tlcp_.offered == Offered::yes;
}

void Interview::stop(model::Outcome why) {
    outcome_ = why;
    is_over_ = true;
}

std::optional<Question> Interview::next() {
    if (asked_ >= kMostQuestions) {
        is_over_ = true;
    }
    while (!is_over_ && !agenda_.empty()) {
        const auto topic = agenda_.front();
        agenda_.pop_front();
        if (is_wanted(topic)) {
            return Question{topic, hello_for(topic)};
        }
    }
    return std::nullopt;
}

bool Interview::has_accepted(SuiteClass kind) const {
    return std::any_of(accepted_.begin(), accepted_.end(), [kind](std::uint16_t suite) {
        return is_in(suite, kind);
    });
}

/// Accepted ones that are worse than sound.
std::vector<std::uint16_t> Interview::worse_suites() const {
    std::vector<std::uint16_t> worse;
    for (const auto suite : accepted_) {
        if (!is_in(suite, SuiteClass::sound)) {
            worse.push_back(suite);
        }
    }
    return worse;
}

/// Those of the classes in that state that were not chosen yet.
std::vector<std::uint16_t> Interview::bad_suites(Offered state) const {
    std::vector<std::uint16_t> suites;
    for (const auto suite : all_suites()) {
        for (std::size_t i = 0; i < kBadClassCount; ++i) {
            if (classes_[i] == state && is_in(suite, static_cast<SuiteClass>(i))
                && !contains(accepted_, suite)) {
                suites.push_back(suite);
                break;
            }
        }
    }
    return suites;
}

/// Firewalls close on hellos that offer no encryption or nobody's signature: those are asked apart.
std::vector<std::uint16_t> Interview::general_suites() const {
    std::vector<std::uint16_t> suites;
    for (const auto suite : all_suites()) {
        const bool is_provoking = is_in(suite, SuiteClass::null) || is_in(suite, SuiteClass::anonymous)
                                  || is_in(suite, SuiteClass::export_grade);
        if (!is_provoking) {
            suites.push_back(suite);
        }
    }
    return suites;
}

bool Interview::is_wanted(Topic topic) const {
    switch (topic) {
    case Topic::general:
    case Topic::sslv2:
    case Topic::tlcp:
    case Topic::tlcp_extended:
    case Topic::tls13:
    case Topic::tls13_plain:
        return true;
    case Topic::bad:
        return !bad_suites(Offered::unknown).empty();
    case Topic::tls10:
        return tls10_ == Offered::unknown;
    case Topic::tls11:
        return tls11_ == Offered::unknown;
    case Topic::sslv3:
        return sslv3_ == Offered::unknown;
    case Topic::dhe:
        return is_classic() && modulus_.empty();
    case Topic::signature:
        return tls12_ == Offered::yes && signature_.offered == Offered::unknown;
    case Topic::curve:
        return is_classic() && curve_.offered == Offered::unknown;
    case Topic::phase_out:
        return is_classic() && phase_out_ == Offered::unknown;
    case Topic::sound:
        return is_classic() && sound_ == Offered::unknown && !worse_suites().empty();
    case Topic::order:
        return sound_ == Offered::yes && order_.takes_weaker == Offered::unknown && !worse_suites().empty();
    case Topic::future_version:
        return is_classic() && !is_refused_;
    case Topic::listing:
        return listed_ < kMostListed && !bad_suites(Offered::yes).empty();
    }
    return false;
}

HelloQuestion Interview::classic_hello(std::vector<std::uint16_t> suites) const {
    HelloQuestion hello;
    hello.version = base_version_ != 0 ? base_version_ : kTls12;
    hello.suites = std::move(suites);
    hello.server_name = introduction_.server_name;
    hello.offers_compression = true;
    hello.has_extensions = hello.version > kSsl3;
    return hello;
}

/// TLS 1.3 down to 1.0. The second form has what RFC 8701 reserves, and a version that is not made yet.
HelloQuestion Interview::modern_hello(bool has_grease) const {
    auto hello = classic_hello(general_suites());
    hello.version = kTls12;
    hello.has_extensions = true;
    hello.offers_compression = false; // RFC 8446 4.1.2
    hello.has_grease = has_grease;
    hello.versions = {kTls13, kTls12, kTls11, kTls10};
    hello.suites.insert(hello.suites.begin(), {0x1302, 0x1301, 0x1303});
    if (has_grease) {
        hello.versions.insert(hello.versions.begin(), {0x2A2A, kFutureVersion});
        hello.suites.insert(hello.suites.begin(), 0x1A1A);
        hello.groups.insert(hello.groups.begin(), 0x3A3A);
    }
    return hello;
}

HelloQuestion Interview::hello_for(Topic topic) const {
    auto hello = classic_hello(general_suites());
    switch (topic) {
    case Topic::bad:
        hello.suites = bad_suites(Offered::unknown);
        break;
    case Topic::listing:
        hello.suites = bad_suites(Offered::yes);
        break;
    case Topic::tls10:
    case Topic::tls11:
    case Topic::sslv3:
        hello.version = topic == Topic::tls10 ? kTls10 : topic == Topic::tls11 ? kTls11 : kSsl3;
        hello.suites = legacy_suites();
        hello.has_extensions = topic != Topic::sslv3;
        break;
    case Topic::tls13:
    case Topic::tls13_plain:
        return modern_hello(topic == Topic::tls13);
    case Topic::dhe:
        hello.suites = dhe_suites();
        break;
    case Topic::signature:
        hello.suites = ecdhe_suites();
        for (const auto suite : dhe_suites()) {
            hello.suites.push_back(suite);
        }
        hello.signatures = {0x0203, 0x0201, 0x0202, 0x0101};
        break;
    case Topic::curve:
        hello.suites = ecdhe_suites();
        hello.groups = weak_groups();
        if (introduction_.leaf_group != 0) {
            hello.groups.push_back(introduction_.leaf_group);
        }
        break;
    case Topic::phase_out:
        hello.suites = suites_of(SuiteClass::phase_out);
        break;
    case Topic::sound:
        hello.suites = suites_of(SuiteClass::sound);
        break;
    case Topic::order:
        hello.suites = worse_suites();
        for (const auto suite : suites_of(SuiteClass::sound)) {
            hello.suites.push_back(suite);
        }
        break;
    case Topic::future_version:
        hello.version = kFutureVersion;
        break;
    case Topic::sslv2:
        hello.version = kSsl2;
        break;
    case Topic::tlcp:
    case Topic::tlcp_extended:
        hello.version = kTlcp;
        hello.suites = tlcp_suites();
        hello.offers_compression = false;
        hello.has_extensions = topic == Topic::tlcp_extended;
        if (topic == Topic::tlcp_extended) {
            hello.suites.push_back(0xE01E); // one published table has it in place of E01C
        }
        break;
    default:
        break;
    }
    return hello;
}

void Interview::note_silence(const HelloAnswer& answer) {
    const bool is_silent = answer.end == HelloEnd::silent && !answer.flight.has_hello();
    silent_ = is_silent ? silent_ + 1 : 0;
    if (silent_ >= kMostSilences) {
        stop(model::not_reached(model::Reason::timeout));
    }
}

void Interview::note_version(std::uint16_t version) {
    switch (version) {
    case kTls12:
        tls12_ = Offered::yes;
        return;
    case kTls11:
        tls11_ = Offered::yes;
        return;
    case kTls10:
        tls10_ = Offered::yes;
        return;
    case kSsl3:
        sslv3_ = Offered::yes;
        return;
    default:
        return;
    }
}

void Interview::note_suite(std::uint16_t suite) {
    if (!contains(accepted_, suite)) {
        accepted_.push_back(suite);
    }
    for (std::size_t i = 0; i < kBadClassCount; ++i) {
        if (is_in(suite, static_cast<SuiteClass>(i))) {
            classes_[i] = Offered::yes;
        }
    }
    if (is_in(suite, SuiteClass::phase_out)) {
        phase_out_ = Offered::yes;
    } else if (is_in(suite, SuiteClass::sound)) {
        sound_ = Offered::yes;
    }
}

void Interview::note_key_exchange(const ServerFlight& flight) {
    if (flight.key_exchange().empty()) {
        return;
    }
    const auto kind = key_exchange_of(flight.suite());
    const auto facts = decode_key_exchange(flight.key_exchange(), kind, flight.version());
    if (!facts) {
        return;
    }
    if (!facts->prime.empty()) {
        dhe_ = Offered::yes;
        if (modulus_.empty() || facts->prime.size() < modulus_.size()) {
            modulus_ = facts->prime;
            modulus_suite_ = flight.suite();
        }
    }
    if (contains(weak_groups(), facts->group) || facts->group >= 0xFF01) {
        curve_ = {Offered::yes, group_name(facts->group)};
    }
    if (facts->signature != 0 && is_weak_scheme(facts->signature)) {
        signature_ = {Offered::yes, signature_name(facts->signature)};
    }
}

/// Facts that every ServerHello of TLS up to 1.2 shows, whatever was asked.
void Interview::note_hello(const Question& question, const ServerFlight& flight) {
    const auto& hello = question.hello;
    if (!flight.has_hello() || flight.version() > kTls12 || flight.version() < kSsl3
        || !contains(hello.suites, flight.suite())) {
        return;
    }
    works_ = true;
    base_version_ = std::max(base_version_, flight.version());
    note_version(flight.version());
    note_suite(flight.suite());
    note_key_exchange(flight);
    if (flight.has_compression()) {
        compression_ = Offered::yes;
    } else if (hello.offers_compression && compression_ == Offered::unknown) {
        compression_ = Offered::no;
    }
    if (hello.has_extensions) {
        secure_renegotiation_ = flight.has_renegotiation_info() ? Offered::yes : Offered::no;
    }
    if (hello.has_extensions && flight.version() == kTls12) {
        extended_master_secret_ = flight.has_extended_master_secret() ? Offered::yes : Offered::no;
    }
    has_certificate_request_ = has_certificate_request_ || flight.has_certificate_request();
}

void Interview::take(const Question& question, const HelloAnswer& answer) {
    ++asked_;
    if (answer.end == HelloEnd::not_connected) {
        stop(answer.outcome);
        return;
    }
    note_silence(answer);
    const bool takes_lower =
        question.topic != Topic::tls10 && question.topic != Topic::tls11 && question.topic != Topic::sslv3;
    const auto verdict =
        judge_answer(question.hello, answer, works_, takes_lower ? Versions::up_to : Versions::exact);
    if (question.hello.version != kTlcp && question.hello.version != kSsl2) {
        note_hello(question, answer.flight);
    }
    take_topic(question, answer.flight, verdict);
}

void Interview::take_topic(const Question& question, const ServerFlight& flight, Offered verdict) {
    switch (question.topic) {
    case Topic::general:
        return take_general(flight, verdict);
    case Topic::bad:
        return take_bad(verdict);
    case Topic::tls10:
        tls10_ = verdict;
        return;
    case Topic::tls11:
        tls11_ = verdict;
        return;
    case Topic::sslv3:
        sslv3_ = verdict;
        return;
    case Topic::sslv2:
        sslv2_ = verdict;
        return;
    case Topic::tls13:
    case Topic::tls13_plain:
        return take_modern(question, flight);
    case Topic::dhe:
        dhe_ = dhe_ == Offered::yes ? dhe_ : verdict;
        return;
    case Topic::signature:
        if (signature_.offered != Offered::yes) { // a server that goes on with another hash refuses these
            signature_.offered = verdict == Offered::unknown ? verdict : Offered::no;
        }
        return;
    case Topic::curve:
        return take_curve(verdict);
    case Topic::phase_out:
        phase_out_ = verdict;
        return;
    case Topic::sound:
        sound_ = verdict;
        return;
    case Topic::order:
        return take_order(flight, verdict);
    case Topic::future_version:
        return take_future(verdict);
    case Topic::tlcp:
    case Topic::tlcp_extended:
        return take_tlcp(question, flight);
    case Topic::listing:
        ++listed_;
        if (verdict == Offered::yes) {
            agenda_.push_front(Topic::listing);
        }
        return;
    }
}

void Interview::take_general(const ServerFlight& flight, Offered verdict) {
    if (flight.state() == ServerFlight::State::not_tls) {
        // SSL 2.0 and TLCP alone have records of another look.
        agenda_ = {Topic::sslv2, Topic::tlcp};
        return;
    }
    if (verdict == Offered::yes) {
        general_choice_ = flight.suite();
        // A server answers with the highest version that it has (RFC 5246 E.1).
        tls12_ = flight.version() == kTls12 ? Offered::yes : Offered::no;
        tls11_ = flight.version() == kTls11 ? Offered::yes : flight.version() < kTls11 ? Offered::no : tls11_;
        tls10_ = flight.version() == kTls10 ? Offered::yes : flight.version() < kTls10 ? Offered::no : tls10_;
        sslv3_ = flight.version() == kSsl3 ? Offered::yes : sslv3_;
        return;
    }
    if (verdict == Offered::no) {
        tls12_ = Offered::no;
        is_refused_ = true;
        if (introduction_.is_tls13) { // nothing below is left for one who speaks 1.3 and refuses this
            tls11_ = tls10_ = sslv3_ = Offered::no;
            return;
        }
    }
    // An old server may not know how to come down: ask at its own version before asking for classes.
    agenda_.push_front(Topic::tls10);
    agenda_.push_front(Topic::tls11);
}

void Interview::take_bad(Offered verdict) {
    if (verdict == Offered::yes) {
        agenda_.push_front(Topic::bad);
    } else if (verdict == Offered::no) {
        for (auto& kind : classes_) {
            kind = kind == Offered::unknown ? Offered::no : kind;
        }
    }
}

void Interview::take_modern(const Question& question, const ServerFlight& flight) {
    const bool is_answered = flight.has_hello();
    if (is_answered) {
        tls13_ = flight.version() == kTls13 ? Offered::yes : Offered::no;
        works_ = true;
    }
    const bool is_refusal = !is_answered && works_ && flight.state() != ServerFlight::State::not_tls;
    if (question.topic == Topic::tls13_plain) {
        // Refused once with unknown values, taken without them: once more, then it is no accident.
        if (is_answered) {
            agenda_.push_front(Topic::tls13);
        }
        return;
    }
    if (is_answered) {
        intolerance_.offered = Offered::no;
    } else if (is_refusal && ++refused_modern_ == 1) {
        agenda_.push_front(Topic::tls13_plain);
    } else if (is_refusal) {
        intolerance_ = {Offered::yes, "unknown values in the ClientHello (RFC 8701)"};
    }
}

void Interview::take_curve(Offered verdict) {
    if (curve_.offered != Offered::yes) { // taken with another curve, or refused
        curve_.offered = verdict == Offered::unknown ? verdict : Offered::no;
    }
}

void Interview::take_future(Offered verdict) {
    if (verdict == Offered::no && ++refused_future_ == 1) {
        agenda_.push_front(Topic::future_version);
    } else if (verdict == Offered::no) {
        intolerance_ = {Offered::yes, "client_version 3.5 (RFC 5246 appendix E.1)"};
    } else if (verdict == Offered::yes && intolerance_.offered == Offered::unknown) {
        intolerance_.offered = Offered::no;
    }
}

void Interview::take_order(const ServerFlight& flight, Offered verdict) {
    if (verdict == Offered::yes) {
        order_.takes_weaker = is_in(flight.suite(), SuiteClass::sound) ? Offered::no : Offered::yes;
        order_.chosen = suite_name(flight.suite());
    }
}

/// standards.md 2.5: record, ServerHello and suite must all be TLCP's.
void Interview::take_tlcp(const Question& question, const ServerFlight& flight) {
    const auto state = flight.state();
    const bool is_suite = flight.suite() >= 0xE001 && flight.suite() <= 0xE05F;
    if (flight.has_hello() && flight.version() == kTlcp && is_suite) {
        tlcp_.offered = Offered::yes;
        tlcp_.cipher = suite_name(flight.suite());
        tlcp_.detail.clear();
        tlcp_certificates_ = flight.certificates();
        return;
    }
    const bool is_aware = state == ServerFlight::State::alert && flight.alert_version() == kTlcp;
    tlcp_.detail = is_aware ? "aware" : "";
    if (is_aware && question.topic == Topic::tlcp) {
        agenda_.push_front(Topic::tlcp_extended);
        return;
    }
    const bool is_cut = state == ServerFlight::State::reading && silent_ > 0;
    tlcp_.offered = is_cut ? Offered::unknown : Offered::no;
}

} // namespace fengsui::probe::tls
