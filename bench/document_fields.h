// Made-up fields for every kind of document, shared by the samples and the benchmark.
#pragma once

#include "workflow/document.h"

#include <fmt/format.h>

#include <string>

namespace fengsui::bench {

inline base::Json document_items(bool zh, int count) {
    base::Json items;
    const char* severities[] = {"critical", "high", "medium", "low"};
    for (int i = 0; i < count; ++i) {
        items.push(base::Json::object({
            {"asset", fmt::format("https://portal{}.district.example.cn/", i + 1)},
            {"type", zh ? "配置缺陷" : "configuration"},
            {"title", zh ? "TLS 证书已过期" : "The TLS certificate has expired"},
            {"severity", severities[i % 4]},
            {"evidence",
             zh ? "证书有效期至 2026-10-01，于 2026-11-01 观测" : "notAfter 2026-10-01, seen on 2026-11-01"},
            {"advice",
             zh ? "立即更换证书，启用自动续期与到期提醒。" : "Replace the certificate and set up renewal."},
            {"result", i % 3 == 0 ? "not_fixed" : "fixed"},
            {"cause", zh ? "续期任务因账户变更停止" : "The renewal job stopped with its account"},
            {"measures", zh ? "更换证书，恢复续期任务" : "Certificate replaced, job mended"},
            {"completed_at", "2026-11-05"},
            {"self_test", zh ? "访问正常" : "works"},
            {"residual_risk", zh ? "无" : "none"},
            {"opinion", zh ? "复测仍可见过期证书" : "The expired certificate is still served"},
            {"reached", true},
            {"state", "rectifying"},
            {"sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
        }));
    }
    return items;
}

inline void add_tables(base::Json& fields, bool zh) {
    base::Json months;
    base::Json units;
    base::Json severities;
    for (int i = 1; i <= 12; ++i) {
        const auto label = zh ? fmt::format("{}月", i) : fmt::format("{:02}/2026", i);
        months.push(base::Json::object(
            {{"label", label}, {"issued", 40 + 7 * (i % 5)}, {"closed", 30 + 6 * (i % 6)}, {"overdue", i % 4}}
        ));
        units.push(base::Json::object({
            {"name",
             zh ? fmt::format("示例第{}街道办事处", i) : fmt::format("Example district office {}", i)},
            {"issued", 12 + i},
            {"closed", 10 + i},
            {"overdue", i % 3},
            {"on_time_ack", 96.5},
            {"on_time_fix", 88},
            {"first_pass", 79.2},
        }));
    }
    for (const auto* severity : {"critical", "high", "medium", "low"}) {
        severities.push(base::Json::object({{"label", severity}, {"count", 17}}));
    }
    fields.set("by_month", std::move(months))
        .set("by_unit", std::move(units))
        .set("by_severity", std::move(severities));
    fields.set(
        "top_issues",
        base::Json::array({base::Json::object(
            {{"title", zh ? "证书过期" : "Expired certificates"}, {"count", 44}, {"share", 21.5}}
        )})
    );
    fields.set(
        "notices",
        base::Json::array({base::Json::object(
            {{"doc_no", "网信通〔2026〕12号"},
             {"title", zh ? "限期整改" : "Request to mend"},
             {"issued_at", "2026-11-02T08:00:00Z"},
             {"due", "2026-11-09T10:00:00Z"},
             {"state", "closed"},
             {"days_late", 0}}
        )})
    );
}

inline void add_incident(base::Json& fields, bool zh) {
    base::Json entries;
    base::Json hops;
    for (int i = 0; i < 8; ++i) {
        entries.push(base::Json::object({
            {"at", fmt::format("2026-11-02T0{}:15:00Z", i)},
            {"kind", i % 2 == 0 ? "fact" : "action"},
            {"text",
             zh ? "门户首页不可访问，值班人员切换至静态页面"
                : "The portal was unreachable; duty switched to a static page"},
            {"source", "B2"},
        }));
        hops.push(base::Json::object(
            {{"from", fmt::format("host{}", i)},
             {"to", fmt::format("host{}", i + 1)},
             {"technique", "T1190"},
             {"at", "2026-11-02T03:00:00Z"}}
        ));
    }
    fields.set("entries", entries).set("timeline", entries).set("hops", std::move(hops));
    const auto line = [zh](const char* state) {
        return base::Json::object(
            {{"title", zh ? "初报" : "First report"},
             {"debtor", zh ? "市数据局" : "City data bureau"},
             {"assignee", zh ? "值班员" : "Duty officer"},
             {"due", "2026-11-02T12:00:00Z"},
             {"state", state}}
        );
    };
    fields.set("obligations", base::Json::array({line("pending"), line("met")}));
    fields.set("tasks", base::Json::array({line("open"), line("done")}));
    fields.set(
        "indicators",
        base::Json::array({base::Json::object(
            {{"type", "ipv4"}, {"value", "192.0.2.7"}, {"note", zh ? "扫描来源" : "scanner"}}
        )})
    );
}

inline base::Json document_words(bool zh) {
    return zh ? "核查发现有关情况属实，请按要求落实，并及时反馈。"
              : "What was found has been verified; please act on it and answer in time.";
}

inline base::Json document_names(bool zh) {
    const auto say = [zh](const char* chinese, const char* english) {
        return base::Json(zh ? chinese : english);
    };
    return base::Json::object({
        {"doc_no", say("示网信通〔2026〕12号", "2026-12")},
        {"original_no", say("示网信通〔2026〕9号", "2026-9")},
        {"report_no", "2026-R-3"},
        {"letterhead", say("示例市互联网信息办公室文件", "Cyberspace Office of Example City")},
        {"office", say("示例市互联网信息办公室", "Cyberspace Office of Example City")},
        {"unit", say("示例市数据局", "Data Bureau of Example City")},
        {"recipient", say("示例市数据局", "Data Bureau of Example City")},
        {"district", say("示例区", "Example district")},
        {"system", say("政务服务平台", "Public service platform")},
        {"protection_level", say("第三级", "3")},
    });
}

inline base::Json document_dates() {
    return base::Json::object({
        {"date", "2026-11-02"},
        {"issued_at", "2026-10-20"},
        {"found_at", "2026-11-01"},
        {"due", "2026-11-09T10:00:00Z"},
        {"new_due", "2026-11-16T10:00:00Z"},
        {"deadline", "2026-11-09T10:00:00Z"},
        {"valid_until", "2026-12-31"},
        {"known_at", "2026-11-02T01:05:00Z"},
        {"occurred_at", "2026-11-02T00:40:00Z"},
        {"submitted_at", "2026-11-02T02:00:00Z"},
        {"requested_at", "2026-11-06"},
        {"signed_at", "2026-11-03T01:00:00Z"},
        {"started_at", "2026-11-10T01:00:00Z"},
        {"ended_at", "2026-11-10T01:20:00Z"},
        {"at", "2026-11-02T09:00:00Z"},
        {"period_from", "2026-01-01"},
        {"period_until", "2026-12-31"},
    });
}

inline base::Json document_people(bool zh) {
    const auto say = [zh](const char* chinese, const char* english) {
        return base::Json(zh ? chinese : english);
    };
    return base::Json::object({
        {"approver", say("李某某", "A. Approver")},
        {"contact", base::Json::object({{"name", say("王某某", "B. Contact")}, {"phone", "0571-55550100"}})},
        {"signer",
         base::Json::object(
             {{"name", say("赵某某", "C. Signer")},
              {"position", say("信息科科长", "Head of IT")},
              {"phone", "0571-55550111"}}
         )},
        {"cc",
         base::Json::array(
             {say("示例省互联网信息办公室", "Provincial office"),
              say("示例市公安局", "Police of Example City")}
         )},
        {"attachments",
         base::Json::array(
             {base::Json::object(
                  {{"name", say("问题证据清单", "List of evidence")},
                   {"sha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}
              ),
              base::Json::object({{"name", say("整改情况反馈表", "Response form")}})}
         )},
        {"basis",
         base::Json::array(
             {base::Json::object(
                  {{"law", say("中华人民共和国网络安全法", "Cybersecurity Law")},
                   {"version", "2025"},
                   {"article", say("第二十三条", "article 23")}}
              ),
              base::Json::object(
                  {{"law", say("网络产品安全漏洞管理规定", "Rules on vulnerabilities")},
                   {"version", "2021"},
                   {"article", say("第八条", "article 8")}}
              )}
         )},
    });
}

inline base::Json document_figures(bool zh) {
    const auto say = [zh](const char* chinese, const char* english) {
        return base::Json(zh ? chinese : english);
    };
    return base::Json::object({
        {"colour", "orange"},
        {"grade", "major"},
        {"grade_basis", document_words(zh)},
        {"class", say("网络攻击事件", "network attack")},
        {"form", "incident_initial"},
        {"title", say("门户网站不可访问事件", "Portal unreachable")},
        {"state", "open"},
        {"response_level", say("Ⅱ级", "II")},
        {"elapsed", say("8小时5分", "8 h 5 min")},
        {"overdue", say("3个工作日", "3 working days")},
        {"tool", "fengsui"},
        {"tool_version", "0.1.0"},
        {"attempted", 3},
        {"reached", 3},
        {"passed", 2},
        {"failed", 1},
        {"inconclusive", 0},
        {"tries", 1},
        {"examiner", say("孙某某", "D. Examiner")},
        {"responsible", say("钱某某", "E. Responsible")},
        {"head", say("周某某", "F. Head")},
        {"stamped", say("整改情况反馈表（盖章扫描件）", "scan of the stamped form")},
        {"decision", "granted"},
        {"exploited", true},
        {"identifiers", base::Json::array({"CVE-2026-0001", "CNVD-2026-00001"})},
        {"references", base::Json::array({"https://example.cn/advisory/1"})},
        {"reference", "12387-2026-88"},
        {"channel", say("12387 平台", "12387 platform")},
        {"reporter", say("吴某某", "G. Reporter")},
        {"phone", "0571-55550122"},
        {"product", say("示例网关 1.0 至 1.4", "Example Gateway 1.0 to 1.4")},
        {"units", 12},
        {"issued", 214},
        {"closed", 190},
        {"open", 24},
        {"on_time_ack", 96.5},
        {"on_time_fix", 88},
        {"first_pass", 79.2},
        {"recurrence", 4},
        {"zero_report", 100},
        {"median_fix_days", 4.5},
        {"overdue_open", 6},
        {"drills", 2},
        {"findings", 311},
        {"incidents", 3},
    });
}

/// Every field that any kind knows, with `items` problems.
inline base::Json document_fields(const std::string& language, int items) {
    const bool zh = language == "zh-CN";
    base::Json fields = document_names(zh);
    for (const auto& more : {document_dates(), document_people(zh), document_figures(zh)}) {
        for (const auto& [name, value] : more.members()) {
            fields.set(name, value);
        }
    }
    for (const auto* name :
         {"description",   "self_check", "mitigation", "nature", "method", "scope",
          "objects",       "impact",     "measures",   "demand", "reason", "interim_measures",
          "conclusion",    "remarks",    "plan",       "cause",  "harm",   "accountability",
          "rectification", "lessons",    "summary",    "opinion"}) {
        fields.set(name, document_words(zh));
    }
    fields.set("items", document_items(zh, items));
    add_tables(fields, zh);
    add_incident(fields, zh);
    return fields;
}

inline base::Json report_items(const std::string& language) {
    base::Json items = base::Json::object();
    for (const auto* number : {"1", "2", "4", "6"}) {
        items.set(
            number,
            language == "zh-CN" ? "门户网站服务器自9时5分起不可访问，已切换至静态页面，正在排查。"
                                : "The portal server cannot be reached since 9:05; a static page is shown; "
                                  "the search goes on."
        );
    }
    return items;
}

/// Long names, marks, a drill; some fields empty.
inline void make_hard(base::Json& fields, const std::string& language) {
    const bool zh = language == "zh-CN";
    const std::string long_name = zh ? "示例自治州示例民族自治县高新技术产业开发区智慧城市运行管理与大数据应"
                                       "用服务中心（示例市民卡有限责任公司联合体）"
                                     : "Joint Operations and Data Services Centre of the Example Autonomous "
                                       "Prefecture High-Technology Development Zone";
    fields.set("unit", long_name)
        .set("recipient", long_name)
        .set("office", long_name)
        .set("letterhead", long_name);
    fields.set(
        "system",
        zh ? "城市运行一网统管综合指挥调度与应急联动服务平台（二期）"
           : "Integrated Command and Emergency Coordination Platform (phase 2)"
    );
    fields.set("copy_no", "000123")
        .set("secrecy", zh ? "内部" : "internal")
        .set("urgency", "critical")
        .set("drill", true);
    fields.set("contact", nullptr).set("basis", nullptr).set("protection_level", "");
}

} // namespace fengsui::bench
