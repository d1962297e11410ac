// Every decoder of foreign bytes, one line each. A new decoder is fuzzed by adding its line here and a
// folder of seeds below corpora/.
#include "fuzz/decoders.h"

#include "fuzz/data_decoders.h"
#include "fuzz/template_decoders.h"

#include "base/json.h"
#include "base/text.h"
#include "base/zone.h"
#include "model/html.h"
#include "model/mail_policy.h"
#include "model/registry.h"
#include "model/spf.h"
#include "net/dns_message.h"
#include "net/http_decode.h"
#include "probe/dns/decode.h"
#include "probe/dns/tlsa.h"
#include "probe/dnssec/rrset.h"
#include "probe/smtp/decode.h"
#include "probe/tls/certificate.h"
#include "probe/tls/decode.h"
#include "probe/tls/revocation.h"
#include "probe/trust_anchors.h"
#include "registry/import.h"
#include "workflow/calendar.h"
#include "workflow/definition.h"
#include "workflow/expression.h"

namespace fengsui::fuzz {

namespace {

/// Whose lists and OCSP answers the seeds of `revocation` are: self-signed, CN=a.
constexpr std::string_view kSomeCertificate(
    "\x30\x82\x01\x12\x30\x81\xb9\x02\x14\x79\x0c\x4a\x2c\x82\x6b\x52\xed\xe4\x39\x9a\x69\x52\x58\xc2\xd3\x84"
    "\x89\x84\x9e\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03"
    "\x0c\x01\x61\x30\x1e\x17\x0d\x32\x36\x31\x31\x32\x34\x32\x33\x34\x39\x31\x31\x5a\x17\x0d\x33\x36\x31\x31"
    "\x32\x31\x32\x33\x34\x39\x31\x31\x5a\x30\x0c\x31\x0a\x30\x08\x06\x03\x55\x04\x03\x0c\x01\x61\x30\x59\x30"
    "\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04\x6a\x90"
    "\xf3\x2e\x0e\xd7\xa8\xb4\x2e\xc2\x37\x4c\xf0\xd4\xeb\xab\x24\x71\x50\x69\x97\x17\xdd\xef\x95\x79\xdc\x6e"
    "\x34\x40\x3e\x93\x0e\xa7\x16\x72\x20\x22\x6d\x40\xee\x66\x51\x64\xac\x42\xfe\xd1\x5b\x84\x09\x00\x89\x88"
    "\x1e\x7d\xa0\xf0\x83\x93\x46\xb7\x5d\xb8\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x03\x48\x00\x30"
    "\x45\x02\x21\x00\xed\xf5\x07\xaf\x47\x70\xc0\x6c\x0f\xdf\x70\xe3\x77\xb8\x50\x28\xe2\xdd\x8a\xd5\x57\xdc"
    "\x2b\x9f\x4a\x4b\x9e\x0b\x98\x50\x47\x95\x02\x20\x57\x98\x42\x3d\xe0\x77\x8f\x59\xc1\xa1\xda\xae\x08\x77"
    "\xf6\x7e\x84\xd2\xca\xcf\xbe\xda\x54\xb0\x47\xeb\xb8\xd9\x7f\x8b\x23\x47",
    278
);

void http_answer(std::string_view bytes) {
    bool incomplete = false;
    auto head = net::decode_http_head(bytes, {}, incomplete);
    if (!head) {
        return;
    }
    const auto plan = net::plan_body("GET", *head);
    const auto rest = bytes.substr(std::min(head->length, bytes.size()));
    std::string body;
    if (plan.framing == net::BodyFraming::chunked) {
        net::ChunkDecoder().feed(rest, body);
    }
    model::HttpExchange exchange;
    exchange.headers = head->headers;
    exchange.body = body.empty() ? std::string(rest) : body;
    exchange.charset = net::detect_charset(exchange.header("Content-Type"), exchange.body);
    model::read_html(exchange.text());
}

/// In pieces of one byte, so that every state of the decoder is entered from every other.
void http_chunks(std::string_view bytes) {
    net::ChunkDecoder decoder;
    std::string body;
    for (std::size_t i = 0; i < bytes.size() && decoder.feed(bytes.substr(i, 1), body); ++i) {
    }
}

void http_content(std::string_view bytes) {
    constexpr std::string_view kCodings[] = {"gzip", "deflate", "br", "gzip, br"};
    bool complete = false;
    const std::size_t which = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.front()) % 4;
    net::decode_content(bytes.substr(bytes.empty() ? 0 : 1), kCodings[which], 1 << 20, complete);
}

void dns(std::string_view bytes) {
    auto message = net::decode_dns(bytes);
    if (message) {
        for (const auto& record : message->answers) {
            static_cast<void>(record.text());
        }
        net::encode_dns(*message, 512);
    }
}

void smtp(std::string_view bytes) {
    probe::smtp::ReplyReader reader;
    reader.feed(bytes);
    probe::smtp::read_extensions(reader.reply());
}

void tls(std::string_view bytes) {
    using probe::tls::ServerFlight;
    for (const auto dialect :
         {ServerFlight::Dialect::tls, ServerFlight::Dialect::tlcp, ServerFlight::Dialect::sslv2}) {
        ServerFlight at_once(dialect);
        at_once.feed(bytes);
        ServerFlight piecemeal(dialect);
        for (std::size_t i = 0; i < bytes.size() && i < 4096; ++i) {
            piecemeal.feed(bytes.substr(i, 1));
        }
        FENGSUI_CHECK(
            bytes.size() > 4096 || at_once.state() == piecemeal.state(),
            "pieces tell something else than the whole"
        );
    }
}

void tls_key_exchange(std::string_view bytes) {
    using probe::tls::KeyExchange;
    for (const auto kind :
         {KeyExchange::none,
          KeyExchange::dhe,
          KeyExchange::dh_anonymous,
          KeyExchange::ecdhe,
          KeyExchange::ecdh_anonymous}) {
        for (const auto version : {probe::tls::kTls10, probe::tls::kTls12}) {
            static_cast<void>(probe::tls::decode_key_exchange(bytes, kind, version));
        }
    }
}

void revocation(std::string_view bytes) {
    static const auto certificate = probe::tls::parse_certificate(kSomeCertificate);
    const base::Instant now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 24)};
    static_cast<void>(probe::tls::judge_by_ocsp(certificate.get(), certificate.get(), bytes, now));
    for (const auto& list : probe::tls::parse_crls(bytes)) {
        static_cast<void>(probe::tls::judge_by_crl(certificate.get(), certificate.get(), list.get(), now));
    }
}

void x509(std::string_view bytes) {
    const auto certificate = probe::tls::parse_certificate(bytes);
    probe::tls::certificate_facts(bytes, certificate.get());
}

void registry(std::string_view bytes) {
    registry::read_registry_bytes(bytes);
}

void url(std::string_view bytes) {
    const auto target = model::AssetTarget::parse(bytes);
    const auto base_url = model::Url::parse("https://a.example/b/c?d");
    const auto resolved = base_url->resolve(bytes);
    if (target && resolved) {
        static_cast<void>(target->canonical() + resolved->str());
    }
}

void zone(std::string_view bytes) {
    const auto read = base::Zone::parse("fuzz", bytes);
    if (read) {
        for (const int year : {1, 1950, 2026, 9999}) {
            const base::Instant at{std::chrono::sys_days(std::chrono::year(year) / 7 / 1)};
            static_cast<void>(read->to_utc(read->to_local(at)));
        }
    }
}

void workflow(std::string_view bytes) {
    const auto json = base::parse_yaml(bytes);
    if (json) {
        const auto parsed = workflow::parse_definition(*json);
        const auto again = workflow::parse_definition(parsed.definition.to_json());
        FENGSUI_CHECK(
            !parsed.faults.empty() || again.faults.empty(), "a definition that does not read itself"
        );
        static_cast<void>(workflow::parse_calendar(*json));
    }
}

void expression(std::string_view bytes) {
    const auto parsed = workflow::Expression::parse(bytes);
    if (parsed) {
        static_cast<void>(parsed->eval(base::Json::object({{"a", 1}, {"grade", 2}, {"cii", true}})));
    }
}

void period(std::string_view bytes) {
    const auto parsed = workflow::parse_period(bytes);
    if (parsed) {
        const base::Instant start{std::chrono::sys_days(std::chrono::year(2026) / 1 / 31)};
        static_cast<void>(workflow::add_period(start, *parsed, {}));
        static_cast<void>(workflow::subtract_period(start, *parsed, {}));
        const auto again = workflow::parse_period(workflow::to_text(*parsed));
        FENGSUI_CHECK(!again || *again == *parsed, "a period that changes when written");
    }
}

/// The first line is the domain's record; every further line answers the next question.
void spf(std::string_view bytes) {
    std::vector<model::SpfAnswer> answers;
    const auto lines = base::lines(bytes);
    for (std::size_t i = 0; i <= lines.size() && i < 64; ++i) {
        const auto report = model::evaluate_spf("a.test", answers);
        if (!report.needed) {
            break;
        }
        answers.push_back({*report.needed, model::completed(), {}});
        if (i < lines.size() && !lines[i].empty()) {
            answers.back().records.emplace_back(lines[i]);
        }
    }
}

void mail_policy(std::string_view bytes) {
    const std::string text(bytes);
    static_cast<void>(probe::dns::dmarc_misspelt({text}));
    for (const auto& report : model::parse_dmarc(bytes).reports) {
        static_cast<void>(report.domain.size());
    }
    static_cast<void>(model::parse_mta_sts_record(bytes));
    static_cast<void>(model::mta_sts_covers(model::parse_mta_sts_policy(bytes), "mx.a.test"));
    static_cast<void>(model::is_tls_rpt(bytes));
    static_cast<void>(model::parse_dkim(bytes));
    static_cast<void>(model::rsa_key_bits(bytes));
}

/// A whole message: its sets are held against its own keys, its TLSA against its own bytes.
void dnssec(std::string_view bytes) {
    namespace dnssec = probe::dnssec;
    static_cast<void>(dnssec::read_nsec(bytes));
    static_cast<void>(dnssec::read_nsec3(bytes));
    static_cast<void>(dnssec::read_signature(bytes));
    const auto message = net::decode_dns(bytes);
    if (!message || message->answers.empty()) {
        return;
    }
    std::vector<dnssec::ZoneKey> keys;
    for (const auto& record : message->answers) {
        if (auto key = dnssec::read_key(record.data); key && keys.size() < 8) {
            keys.push_back(std::move(*key));
        }
    }
    const auto& first = message->answers.front();
    dnssec::verify_set(message->answers, first.name, first.type, first.name, keys, 1780272000);
    dnssec::judge_no_ds(message->authorities, first.name, "test", keys, 1780272000);
    auto records = probe::dns::read_tlsa(*message, first.name);
    probe::dns::match_tlsa(records, {std::string(bytes)});
}

void trust_anchors(std::string_view bytes) {
    static_cast<void>(probe::parse_trust_anchors(bytes));
}

} // namespace

std::span<const Decoder> decoders() {
    static constexpr Decoder kDecoders[] = {
        {"dns", &dns},
        {"dnssec", &dnssec},
        {"spf", &spf},
        {"mail_policy", &mail_policy},
        {"trust_anchors", &trust_anchors},
        {"tls", &tls},
        {"tls_key_exchange", &tls_key_exchange},
        {"revocation", &revocation},
        {"x509", &x509},
        {"http", &http_answer},
        {"http_chunks", &http_chunks},
        {"http_content", &http_content},
        {"html",
         [](std::string_view bytes) {
             model::read_html(base::scrub_utf8(bytes));
         }},
        {"smtp", &smtp},
        {"csv", &registry},
        {"xlsx", &registry},
        {"json",
         [](std::string_view bytes) {
             static_cast<void>(base::parse_json(bytes));
         }},
        {"yaml",
         [](std::string_view bytes) {
             static_cast<void>(base::parse_yaml(bytes));
         }},
        {"url", &url},
        {"zone", &zone},
        {"workflow", &workflow},
        {"expression", &expression},
        {"period", &period},
        {"nvd", &nvd},
        {"epss", &epss},
        {"cnnvd", &cnnvd},
        {"libraries", &libraries},
        {"cycles", &cycles},
        {"page", &page},
        {"template_file", &template_file},
        {"template_dsl", &template_dsl},
        {"template_raw", &template_raw},
        {"template_answer", &template_answer},
        {"template_query", &template_query},
        {"template_pack", &template_pack},
    };
    return kDecoders;
}

} // namespace fengsui::fuzz
