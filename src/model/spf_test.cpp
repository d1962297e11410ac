#include "model/spf.h"

#include <gtest/gtest.h>

namespace fengsui::model {

namespace {

using Kind = SpfQuestionKind;

/// What the DNS says, by a table; everything else does not exist.
class Dns {
public:
    Dns& txt(const std::string& name, std::vector<std::string> records) {
        return put(Kind::txt, name, std::move(records));
    }
    Dns& put(Kind kind, const std::string& name, std::vector<std::string> records) {
        table_.push_back({{kind, name}, completed(), std::move(records)});
        return *this;
    }
    Dns& fail(Kind kind, const std::string& name) {
        table_.push_back({{kind, name}, not_reached(Reason::dns_servfail), {}});
        return *this;
    }
    SpfReport evaluate(const std::string& domain) {
        std::vector<SpfAnswer> answers;
        for (questions = 0; questions < 200; ++questions) {
            const auto report = evaluate_spf(domain, answers);
            if (!report.needed) {
                return report;
            }
            answers.push_back({*report.needed, completed(), {}});
            for (const auto& known : table_) {
                if (known.question == *report.needed) {
                    answers.back() = known;
                }
            }
        }
        return {};
    }
    unsigned questions = 0;

private:
    std::vector<SpfAnswer> table_;
};

std::string faults_of(const SpfReport& report) {
    std::string text;
    for (const auto& problem : report.problems) {
        text += std::string(to_string(problem.fault)) + "@" + problem.domain + " ";
    }
    return text;
}

bool is_valid(const std::string& terms) {
    return parse_spf("v=spf1 " + terms).errors.empty();
}

TEST(Spf, TermsThatTheGrammarAllows) {
    for (const auto* terms :
         {"",
          "-all",
          "ALL",
          "a",
          "a/24",
          "a//64",
          "a/24//64",
          "a:mail.b.test",
          "a:mail.b.test/28",
          "mx:b.test//48",
          "mx",
          "ptr",
          "ptr:b.test",
          "ip4:192.0.2.1",
          "ip4:192.0.2.0/24",
          "ip4:0.0.0.0/0",
          "ip6:2001:db8::/32",
          "ip6:::1",
          "ip6:::ffff:192.0.2.1",
          "include:_spf.b.test",
          "include:_spf.b.test.",
          "include:%{d}",
          "include:%{ir}.%{v}._spf.%{d2}",
          "exists:%{i}._spf.%{d}",
          "exists:%{l1r+-}.b.test",
          "redirect=_spf.b.test",
          "exp=explain._spf.%{d}",
          "unknown=value",
          "moo.cow-far_out=man:dog/cat",
          "~all  -all",
          "a:123.b.test"}) {
        EXPECT_TRUE(is_valid(terms)) << terms;
    }
}

TEST(Spf, TermsThatItDoesNot) {
    for (const auto* terms :
         {"al",
          "all:",
          "all.",
          "a:",
          "a:b",
          "a/33",
          "a//129",
          "a/024",
          "a:b.test/",
          "a/24/64",
          "mx:b.test:25",
          "ptr/24",
          "ip4",
          "ip4:",
          "ip4:192.0.2",
          "ip4:192.0.2.1/33",
          "ip4:192.0.2.1/-1",
          "ip4:2001:db8::1",
          "ip6:192.0.2.1",
          "ip6:2001:db8::/129",
          "ip4:192.0.2.1,192.0.2.2",
          "include",
          "include:",
          "include:b",
          "include:%{q}.b.test",
          "include:%(d).test",
          "include:b.123",
          "include:a%b.test",
          "exists:%{d0}.test",
          "redirect=",
          "redirect=b.test redirect=c.test",
          "exp=a.b.test exp=a.b.test",
          "=value",
          "1x=value",
          "--all",
          "mx\t-all",
          "ipv4:192.0.2.1",
          "include:b.test,",
          "a:\xe4\xb8\xad.test",
          "+"}) {
        EXPECT_FALSE(is_valid(terms)) << terms;
    }
}

TEST(Spf, TheCurrentDomainCanBePutIn) {
    const auto expand = [](std::string_view spec) {
        return expand_spf_domain(spec, "email.example.com").value_or("sender");
    };
    // RFC 7208 section 7.4.
    EXPECT_EQ(expand("%{d}"), "email.example.com");
    EXPECT_EQ(expand("%{d4}"), "email.example.com");
    EXPECT_EQ(expand("%{d3}"), "email.example.com");
    EXPECT_EQ(expand("%{d2}"), "example.com");
    EXPECT_EQ(expand("%{d1}"), "com");
    EXPECT_EQ(expand("%{dr}"), "com.example.email");
    EXPECT_EQ(expand("%{d2r}"), "example.email");
    EXPECT_EQ(expand("_SPF.%{d}."), "_spf.email.example.com");
    EXPECT_EQ(expand("%{i}._spf.%{d}"), "sender");
    EXPECT_EQ(expand("a.%{d-}"), "a.email.example.com");
}

TEST(Spf, WhatAnUnlistedSenderGets) {
    Dns dns;
    dns.txt("fail.test", {"v=spf1 mx a:mail.fail.test ip4:192.0.2.0/24 -all"})
        .put(Kind::mx, "fail.test", {"mx.fail.test"})
        .put(Kind::address, "mail.fail.test", {"192.0.2.1"});
    const auto report = dns.evaluate("fail.test");
    EXPECT_EQ(report.result, "fail");
    EXPECT_EQ(report.look_ups, 2U);
    EXPECT_EQ(report.void_look_ups, 0U);
    EXPECT_EQ(report.decided_by, "-all of fail.test");
    EXPECT_EQ(Dns().txt("a.test", {"v=spf1"}).evaluate("a.test").result, "neutral");
    EXPECT_EQ(Dns().evaluate("a.test").result, "none");
    EXPECT_EQ(Dns().txt("a.test", {"v=spf1 ip4:0.0.0.0/0 -all"}).evaluate("a.test").result, "pass");
    EXPECT_EQ(Dns().txt("a.test", {"v=spf1 ?all mx"}).evaluate("a.test").result, "neutral");
    EXPECT_EQ(
        Dns()
            .txt("a.test", {"v=spf1 redirect=b.test"})
            .txt("b.test", {"v=spf1 ~all"})
            .evaluate("a.test")
            .result,
        "softfail"
    );
    EXPECT_EQ(Dns().txt("a.test", {"v=spf1 redirect=b.test -all"}).evaluate("a.test").result, "fail")
        << "all decides, wherever redirect stands";
}

TEST(Spf, AnIncludeMatchesOnlyWhereItPasses) {
    Dns open;
    open.txt("a.test", {"v=spf1 include:b.test -all"}).txt("b.test", {"v=spf1 +all"});
    const auto report = open.evaluate("a.test");
    EXPECT_EQ(report.result, "pass");
    EXPECT_EQ(report.decided_by, "+all of b.test through include:b.test of a.test");
    Dns closed;
    closed.txt("a.test", {"v=spf1 include:b.test ~all"}).txt("b.test", {"v=spf1 -all"});
    EXPECT_EQ(closed.evaluate("a.test").result, "softfail");
    Dns there;
    there.txt("a.test", {"v=spf1 exists:b.test -all"}).put(Kind::address, "b.test", {"127.0.0.1"});
    EXPECT_EQ(there.evaluate("a.test").result, "pass");
}

TEST(Spf, FaultsAreFoundThroughIncludes) {
    Dns none;
    none.txt("a.test", {"v=spf1 include:b.test -all"});
    EXPECT_EQ(faults_of(none.evaluate("a.test")), "no_record@a.test ");
    Dns several;
    several.txt("a.test", {"v=spf1 include:b.test -all"}).txt("b.test", {"v=spf1 -all", "v=spf1 ~all"});
    EXPECT_EQ(faults_of(several.evaluate("a.test")), "several_records@a.test ");
    Dns own;
    own.txt("a.test", {"v=spf1 -all", "v=spf1 ~all"});
    EXPECT_EQ(faults_of(own.evaluate("a.test")), "several_records@a.test ");
    Dns syntax;
    syntax.txt("a.test", {"v=spf1 include:b.test -all"}).txt("b.test", {"v=spf1 ipv4:192.0.2.1 -all"});
    const auto report = syntax.evaluate("a.test");
    EXPECT_EQ(faults_of(report), "syntax@b.test ");
    EXPECT_EQ(report.result, "permerror");
    EXPECT_EQ(faults_of(Dns().txt("a.test", {"v=spf1 -all nonsense"}).evaluate("a.test")), "syntax@a.test ");
    EXPECT_EQ(
        faults_of(Dns().txt("a.test", {"v=spf1 redirect=b.test"}).evaluate("a.test")), "no_record@a.test "
    );
}

TEST(Spf, LoopsEnd) {
    Dns self;
    self.txt("a.test", {"v=spf1 include:a.test -all"});
    EXPECT_EQ(faults_of(self.evaluate("a.test")), "loop@a.test ");
    Dns round;
    round.txt("a.test", {"v=spf1 include:b.test -all"})
        .txt("b.test", {"v=spf1 redirect=c.test"})
        .txt("c.test", {"v=spf1 include:a.test -all"});
    EXPECT_EQ(faults_of(round.evaluate("a.test")), "loop@c.test ");
    EXPECT_LE(round.questions, 4U);
    Dns twice; // the same target again is no loop
    twice.txt("a.test", {"v=spf1 include:b.test include:b.test -all"}).txt("b.test", {"v=spf1 -all"});
    EXPECT_EQ(faults_of(twice.evaluate("a.test")), "");
}

TEST(Spf, TenLookUpsAndNoMore) {
    std::string terms;
    Dns dns;
    for (int i = 0; i < 10; ++i) {
        const auto name = "n" + std::to_string(i) + ".test";
        terms += " a:" + name;
        dns.put(Kind::address, name, {"192.0.2.1"});
    }
    dns.txt("ten.test", {"v=spf1" + terms + " -all"});
    dns.txt("eleven.test", {"v=spf1" + terms + " mx -all"});
    dns.txt("macro.test", {"v=spf1" + terms + " exists:%{i}.macro.test -all"});
    dns.txt("nested.test", {"v=spf1 include:ten.test -all"});
    dns.txt("after.test", {"v=spf1" + terms + " -all mx"});
    EXPECT_EQ(dns.evaluate("ten.test").look_ups, 10U);
    EXPECT_EQ(faults_of(dns.evaluate("ten.test")), "");
    EXPECT_EQ(faults_of(dns.evaluate("eleven.test")), "too_many_lookups@eleven.test ");
    EXPECT_EQ(faults_of(dns.evaluate("macro.test")), "too_many_lookups@macro.test ");
    EXPECT_EQ(faults_of(dns.evaluate("nested.test")), "too_many_lookups@ten.test ");
    EXPECT_EQ(faults_of(dns.evaluate("after.test")), "") << "what stands after all is not asked";
}

TEST(Spf, TwoAnswersMayBeEmpty) {
    Dns dns;
    dns.txt("two.test", {"v=spf1 a:x.test mx:y.test -all"});
    dns.txt("three.test", {"v=spf1 a:x.test mx:y.test exists:z.test -all"});
    EXPECT_EQ(dns.evaluate("two.test").void_look_ups, 2U);
    EXPECT_EQ(faults_of(dns.evaluate("two.test")), "");
    EXPECT_EQ(faults_of(dns.evaluate("three.test")), "too_many_voids@three.test ");
}

TEST(Spf, ElevenExchangersAreTooMany) {
    Dns dns;
    dns.txt("a.test", {"v=spf1 mx -all"}).put(Kind::mx, "a.test", std::vector<std::string>(11, "mx.a.test"));
    EXPECT_EQ(faults_of(dns.evaluate("a.test")), "too_many_mx@a.test ");
}

TEST(Spf, WhatWasNotSeenIsNoFault) {
    Dns dns;
    dns.txt("a.test", {"v=spf1 include:b.test -all"}).fail(Kind::txt, "b.test");
    const auto report = dns.evaluate("a.test");
    EXPECT_EQ(report.result, "temperror");
    EXPECT_EQ(report.unseen, not_reached(Reason::dns_servfail));
    EXPECT_TRUE(report.problems.empty());
    Dns sender;
    sender.txt("a.test", {"v=spf1 include:%{i}.b.test redirect=%{o}.c.test"});
    EXPECT_TRUE(sender.evaluate("a.test").depends_on_sender);
    EXPECT_TRUE(sender.evaluate("a.test").problems.empty());
}

} // namespace

} // namespace fengsui::model
