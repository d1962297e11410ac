// Every decoder of foreign bytes, one line each. A new decoder is fuzzed by adding its line here and a
// folder of seeds below corpora/.
#include "fuzz/decoders.h"

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
#include "probe/trust_anchors.h"
#include "registry/import.h"
#include "workflow/calendar.h"
#include "workflow/definition.h"
#include "workflow/expression.h"

namespace fengsui::fuzz {

namespace {

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
    probe::tls::ServerFlight at_once;
    at_once.feed(bytes);
    probe::tls::ServerFlight piecemeal;
    for (std::size_t i = 0; i < bytes.size() && i < 4096; ++i) {
        piecemeal.feed(bytes.substr(i, 1));
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
