#include "check/secrets.h"

#include <gtest/gtest.h>

namespace fengsui::check {
namespace {

TEST(Secrets, CredentialsAndCookiesDoNotStay) {
    const auto kept = without_secrets("HTTP/1.1 200 OK\r\nSet-Cookie: sid=0123456789abcdef; Path=/\r\n\r\n"
                                      "DB_PASSWORD=hunter2hunter2\nAPP_NAME=portal\n");
    EXPECT_EQ(kept.find("0123456789abcdef"), std::string::npos) << kept;
    EXPECT_EQ(kept.find("hunter2hunter2"), std::string::npos) << kept;
    EXPECT_NE(kept.find("Set-Cookie: sid="), std::string::npos) << kept;
    EXPECT_NE(kept.find("APP_NAME=portal"), std::string::npos) << kept;
}

TEST(Secrets, WhatIsNoSecretStaysAsItIs) {
    const std::string text = "<html>\n<title>Login: portal</title>\n\n</html>";
    EXPECT_EQ(without_secrets(text), text);
}

} // namespace
} // namespace fengsui::check
