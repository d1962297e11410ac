#include "model/ports.h"

#include <gtest/gtest.h>

namespace fengsui::model {
namespace {

TEST(KnownPorts, AreFewAndOfEachKind) {
    EXPECT_LE(known_ports().size(), 24U); // each costs every target a connection at one a second
    ASSERT_NE(find_known_port(3306), nullptr);
    EXPECT_EQ(find_known_port(3306)->kind, PortKind::database);
    EXPECT_EQ(find_known_port(22)->severity, Severity::low);
    EXPECT_EQ(find_known_port(80), nullptr); // the web visit's
}

TEST(KnownPorts, BadLinesAreNamed) {
    const auto bad = parse_known_ports(
        "- {port: 22, service: SSH, kind: other}\n- {port: 70000, service: X, kind: other}\n"
    );
    ASSERT_FALSE(bad.has_value());
    EXPECT_NE(bad.error().message().find("line 2"), std::string::npos) << bad.error().what();
    EXPECT_FALSE(parse_known_ports("- {port: 22, service: SSH, kind: odd}\n").has_value());
    EXPECT_FALSE(parse_known_ports("- {port: 22, service: SSH, kind: other, severity: odd}\n").has_value());
}

} // namespace
} // namespace fengsui::model
