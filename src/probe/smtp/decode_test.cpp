#include "probe/smtp/decode.h"

#include <gtest/gtest.h>

namespace fengsui::probe::smtp {

namespace {

using State = ReplyReader::State;

TEST(SmtpReply, OneLine) {
    ReplyReader reader;
    EXPECT_EQ(reader.feed("220 mail.test ESMTP\r\nnext"), 21U);
    EXPECT_EQ(reader.state(), State::done);
    EXPECT_EQ(reader.reply().code, 220);
    EXPECT_EQ(reader.reply().lines, std::vector<std::string>{"mail.test ESMTP"});
}

TEST(SmtpReply, ManyLinesInSmallPieces) {
    ReplyReader reader;
    for (const char c : std::string("250-mail.test\r\n250-SIZE 1000\n250-\r\n250 starttls\r\n")) {
        EXPECT_EQ(reader.state(), State::reading);
        reader.feed({&c, 1});
    }
    EXPECT_EQ(reader.state(), State::done);
    const auto extensions = read_extensions(reader.reply());
    EXPECT_EQ(extensions, (std::vector<std::string>{"SIZE 1000", "STARTTLS"}));
    EXPECT_TRUE(has_extension(extensions, "STARTTLS"));
    EXPECT_TRUE(has_extension(extensions, "size"));
    EXPECT_FALSE(has_extension(extensions, "AUTH"));
}

TEST(SmtpReply, ABareCodeIsAReply) {
    ReplyReader reader;
    reader.feed("220\r\n");
    EXPECT_EQ(reader.state(), State::done);
}

TEST(SmtpReply, Garbage) {
    for (const auto& bytes : {
             std::string("SSH-2.0-OpenSSH\r\n"),
             std::string("\x16\x03\x01\n"),
             std::string("\r\n"),
             std::string("22O mail\r\n"),
             std::string("120 mail\r\n"),
             std::string("220x mail\r\n"),
             std::string("250-a\r\n220 b\r\n"),
             std::string(5000, 'x'),
         }) {
        ReplyReader reader;
        reader.feed(bytes);
        EXPECT_EQ(reader.state(), State::invalid) << bytes;
    }
}

TEST(SmtpReply, IsBounded) {
    ReplyReader reader;
    std::size_t fed = 0;
    while (reader.state() == State::reading && fed < 1000) {
        reader.feed("220-endless banner\r\n");
        ++fed;
    }
    EXPECT_EQ(reader.state(), State::invalid);
    EXPECT_LE(fed, 101U);
}

TEST(SmtpReply, OldAuthSpelling) {
    Reply reply{250, {"hello", "AUTH=LOGIN PLAIN", "", "xtest a"}};
    const auto extensions = read_extensions(reply);
    EXPECT_EQ(extensions, (std::vector<std::string>{"AUTH=LOGIN PLAIN", "XTEST a"}));
    EXPECT_TRUE(has_extension(extensions, "AUTH"));
}

} // namespace

} // namespace fengsui::probe::smtp
