// Whole templates against canned answers: cases/*.yaml (template, server behaviour, expected lines).
#include "base/json.h"
#include "base/text.h"
#include "template/compiled_set.h"
#include "template/loader.h"
#include "template/plan.h"
#include "template/result_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace fengsui::templates {
namespace {

struct CaseFile {
    std::string file;
    base::Json value;
};

std::vector<CaseFile> all_cases() {
    std::vector<CaseFile> out;
    for (const auto& file :
         template_files(std::filesystem::path(FENGSUI_SOURCE_DIR) / "src/template/cases")) {
        const auto parsed = base::parse_yaml(read_template_file(file, 1U << 22U).or_throw()).or_throw();
        for (const auto& item : parsed.items()) {
            out.push_back({file.stem().string(), item});
        }
    }
    return out;
}

class Cases : public testing::TestWithParam<CaseFile> {
protected:
    /// The server: the first rule whose path is the request's, or which has none.
    static HttpAnswer answer(
        const base::Json& rules, const std::string& url, const std::string& path, std::string_view cookies
    ) {
        HttpAnswer out;
        out.url = url;
        out.status = 404;
        out.body = "not here";
        for (const auto& rule : rules.items()) {
            if (!rule["path"].is_null() && rule["path"].as_string() != path) {
                continue;
            }
            if (!rule["cookie"].is_null()
                && cookies.find(rule["cookie"].as_string()) == std::string_view::npos) {
                continue;
            }
            out.status = static_cast<int>(rule["status"].as_int(200));
            out.body = rule["body"].as_string();
            for (const auto& header : rule["headers"].members()) {
                for (const auto& value : header.second.items()) {
                    out.headers.push_back({header.first, value.as_string()});
                }
                if (header.second.is_string()) {
                    out.headers.push_back({header.first, header.second.as_string()});
                }
            }
            return out;
        }
        return out;
    }
    static std::vector<std::shared_ptr<const ResponseFacts>> serve(
        const base::Json& rules, const PlannedRequest& request, const std::string& target
    ) {
        std::vector<std::shared_ptr<const ResponseFacts>> hops;
        std::string url = request.http.url();
        for (int hop = 0; hop <= request.http.max_redirects; ++hop) {
            const auto parts = Target::parse(url).or_throw();
            const std::string path =
                (parts.path.empty() ? "/" : parts.path) + (parts.query.empty() ? "" : "?" + parts.query);
            HttpAnswer made = answer(rules, url, path, request.http.cookies);
            const auto* location = model::find_header(made.headers, "Location");
            const std::string next =
                location == nullptr ? ""
                                    : (location->starts_with('/') ? parts.root() + *location : *location);
            const bool is_same = !next.empty() && Target::parse(next).or_throw().host == parts.host;
            hops.push_back(ResponseFacts::of_http(std::move(made), request.http.dump(), target));
            if (next.empty() || request.http.redirects == Redirects::none
                || (request.http.redirects == Redirects::same_host && !is_same)) {
                break;
            }
            url = next;
        }
        return hops;
    }
    static std::string line(const Hit& hit) {
        return fmt::format(
            "{}|{}|{}|{}", hit.matched_at, hit.matcher_name, hit.extractor_name, fmt::join(hit.extracted, ",")
        );
    }
    static std::string yaml_of(const base::Json& value) {
        const std::string body = value["template"].as_string();
        const bool is_whole = body.starts_with("id:") || body.find("\nid:") != std::string::npos;
        return is_whole ? body : "id: case\ninfo: {name: case, author: tests, severity: info}\n" + body;
    }
};

TEST_P(Cases, GiveTheirLines) {
    const base::Json& value = GetParam().value;
    LoadOptions options;
    options.read_helper = [&value](std::string_view name) -> base::Result<std::string> {
        const auto& helper = value["helpers"][name];
        return helper.is_string() ? base::Result<std::string>(helper.as_string())
                                  : base::Error(base::ErrorCode::not_found, "the helper file is not there");
    };
    const auto loaded = load_template(yaml_of(value), options);
    if (!value["invalid"].is_null()) {
        ASSERT_EQ(loaded.value, nullptr) << "it must not load";
        EXPECT_NE(loaded.faults.front().str().find(value["invalid"].as_string()), std::string::npos)
            << loaded.faults.front().str();
        return;
    }
    ASSERT_NE(loaded.value, nullptr) << (loaded.faults.empty() ? "" : loaded.faults.front().str());
    const auto judgement = judge(*loaded.value);
    if (!value["refused"].is_null()) {
        EXPECT_EQ(to_string(judgement.refusal.rule), value["refused"].as_string())
            << judgement.refusal.message;
        EXPECT_EQ(judgement.send_class, SendClass::refused);
        return;
    }
    if (!value["class"].is_null()) {
        EXPECT_EQ(to_string(judgement.send_class), value["class"].as_string()) << judgement.refusal.message;
    }
    const std::string input = value["target"].is_null() ? "http://h" : value["target"].as_string();
    const Target target = Target::parse(input).or_throw();
    const CompiledSet set({loaded.value});
    std::vector<std::string> lines;
    std::vector<std::string> sent;
    std::string refusal;
    // Twice: alone, and with the gates of the set; both must say the same.
    for (const bool with_gates : {false, true}) {
        Execution execution(loaded.value, target, {});
        std::vector<std::string> now;
        std::vector<std::string> requests;
        while (const auto* request = execution.next()) {
            ASSERT_LT(requests.size(), 200U);
            requests.push_back(
                request->describe().substr(0, request->describe().find(' ') + 1)
                + (request->http.target.empty() ? "/" : request->http.target)
            );
            const auto hops = serve(value["answers"], *request, input);
            const Scan scan = set.scan(*hops.back());
            execution.feed(hops, with_gates ? &scan : nullptr);
        }
        for (const auto& hit : execution.take_hits()) {
            now.push_back(line(hit));
        }
        if (with_gates) {
            EXPECT_EQ(now, lines) << "gates change the result";
            EXPECT_EQ(requests, sent) << "gates change the requests";
        }
        lines = now;
        sent = requests;
        refusal = execution.end().refusal ? std::string(to_string(execution.end().refusal.rule)) : "";
    }
    std::vector<std::string> expected;
    for (const auto& item : value["expect"].items()) {
        expected.push_back(item.as_string());
    }
    EXPECT_EQ(lines, expected);
    if (!value["sent"].is_null()) {
        std::vector<std::string> wanted;
        for (const auto& item : value["sent"].items()) {
            wanted.push_back(item.as_string());
        }
        EXPECT_EQ(sent, wanted);
    }
    EXPECT_EQ(refusal, value["stopped"].as_string());
}

INSTANTIATE_TEST_SUITE_P(Data, Cases, testing::ValuesIn(all_cases()), [](const auto& instance) {
    std::string name = instance.param.file + "_" + instance.param.value["name"].as_string();
    for (char& c : name) {
        c = base::is_alpha(c) || base::is_digit(c) ? c : '_';
    }
    return name + "_" + std::to_string(instance.index);
});

} // namespace
} // namespace fengsui::templates
