#include "base/codec.h"
#include "base/text.h"
#include "net/mail_message.h"
#include "net/mail_text.h"

#include <gtest/gtest.h>

namespace fengsui::net {
namespace {

MailMessage plain() {
    MailMessage message;
    message.from = "Fengsui Office <office@example.org>";
    message.to = {"contact@school.example"};
    message.subject = "Certificate expires";
    message.text = "Hello\n";
    message.message_id = "d-1@example.org";
    message.date = base::parse_rfc3339("2026-11-24T16:00:00+08:00").or_throw();
    message.language = "en";
    return message;
}

std::string bytes_of(const MailMessage& message) {
    return compose_mail(message).or_throw().bytes;
}

/// The value of a header, unfolded.
std::string header_of(const std::string& bytes, const std::string& name) {
    const auto head = bytes.substr(0, bytes.find("\r\n\r\n") + 2);
    std::string value;
    bool is_wanted = false;
    for (const auto line : base::lines(head)) {
        if (line.starts_with(' ')) {
            value += is_wanted ? std::string(line) : std::string();
            continue;
        }
        is_wanted = base::istarts_with(line, name + ":");
        value += is_wanted ? std::string(base::trim(line.substr(name.size() + 1))) : std::string();
    }
    return value;
}

/// RFC 2047 undone.
std::string decoded_words(std::string value) {
    std::string out;
    for (auto at = value.find("=?UTF-8?B?"); at != std::string::npos; at = value.find("=?UTF-8?B?")) {
        const auto end = value.find("?=", at + 10);
        std::string piece;
        EXPECT_TRUE(base::decode_base64(value.substr(at + 10, end - at - 10), piece));
        EXPECT_TRUE(base::is_valid_utf8(piece)) << "a character was cut";
        EXPECT_LE(end + 2 - at, 75U);
        out += piece;
        value.erase(0, end + 2);
    }
    return out;
}

TEST(MailMessage, PlainTextHasTheHeadersOfAMail) {
    const auto bytes = bytes_of(plain());
    EXPECT_EQ(header_of(bytes, "Date"), "Tue, 24 Nov 2026 08:00:00 +0000");
    EXPECT_EQ(header_of(bytes, "From"), "Fengsui Office <office@example.org>");
    EXPECT_EQ(header_of(bytes, "To"), "contact@school.example");
    EXPECT_EQ(header_of(bytes, "Message-ID"), "<d-1@example.org>");
    EXPECT_EQ(header_of(bytes, "Subject"), "Certificate expires");
    EXPECT_EQ(header_of(bytes, "MIME-Version"), "1.0");
    EXPECT_EQ(header_of(bytes, "Auto-Submitted"), "auto-generated");
    EXPECT_EQ(header_of(bytes, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_TRUE(bytes.ends_with("\r\n\r\nHello\r\n"));
}

TEST(MailMessage, TheSameMessageGivesTheSameBytes) {
    auto message = plain();
    message.html = "<p>x</p>";
    message.attachments.push_back({"a.pdf", "application/pdf", "%PDF"});
    EXPECT_EQ(bytes_of(message), bytes_of(message));
}

TEST(MailMessage, ChineseSubjectIsCutBetweenCharactersAndFolded) {
    auto message = plain();
    message.subject = "关于第一中学网站证书即将到期的通知，请在五个工作日之内处理并回复处理情况，谢谢配合。";
    const auto bytes = bytes_of(message);
    EXPECT_EQ(decoded_words(header_of(bytes, "Subject")), message.subject);
    const auto head = bytes.substr(0, bytes.find("\r\n\r\n"));
    for (const auto line : base::lines(head)) {
        EXPECT_LE(line.size(), 76U) << line;
        EXPECT_TRUE(is_plain_ascii(line)) << line;
    }
}

TEST(MailMessage, NoHeaderCanBeInjected) {
    auto message = plain();
    message.subject = "x\r\nBcc: victim@example.net\r\n\r\nbody";
    message.language = "en\r\nX-Evil: 1";
    message.attachments.push_back({"a\"\r\nX-Evil: 2\r\n.txt", "text/plain\r\nX-Evil: 3", "x"});
    const auto bytes = bytes_of(message);
    EXPECT_EQ(header_of(bytes, "Bcc"), "");
    EXPECT_EQ(bytes.find("\r\nX-Evil"), std::string::npos);
    EXPECT_EQ(header_of(bytes, "Subject"), "x Bcc: victim@example.net body");
    EXPECT_NE(bytes.find("Content-Type: application/octet-stream\r\n"), std::string::npos);
}

TEST(MailMessage, DisplayNamesAreQuotedOrEncoded) {
    auto message = plain();
    message.from = "Office, \"North\" <office@example.org>";
    EXPECT_EQ(header_of(bytes_of(message), "From"), R"("Office, \"North\"" <office@example.org>)");
    message.from = "区网信办 <office@example.org>";
    EXPECT_EQ(decoded_words(header_of(bytes_of(message), "From")), "区网信办");
}

TEST(MailMessage, BadAddressesAreRefused) {
    for (const auto* text :
         {"",
          "nobody",
          "a@",
          "@example.org",
          "a b@example.org",
          "a@example",
          "a..b@example.org",
          "a@example.org>\r\nRCPT TO:<b@example.org",
          "a@exa mple.org",
          "<a@example.org",
          "a\n@example.org"}) {
        EXPECT_FALSE(MailAddress::parse(text)) << text;
    }
    EXPECT_FALSE(MailAddress::parse(std::string(65, 'a') + "@example.org"));
    auto message = plain();
    message.to = {"good@example.org", "bad"};
    EXPECT_FALSE(compose_mail(message));
    message.to.clear();
    EXPECT_FALSE(compose_mail(message));
    message = plain();
    message.message_id = "x>\r\nX: y";
    EXPECT_FALSE(compose_mail(message));
}

TEST(MailMessage, AddressesAreReadWithAndWithoutNames) {
    const auto address = MailAddress::parse("  \"A, B\" <a.b+c@Example.ORG> ").or_throw();
    EXPECT_EQ(address.name, "A, B");
    EXPECT_EQ(address.spec(), "a.b+c@example.org");
    EXPECT_FALSE(address.needs_utf8());
    EXPECT_TRUE(MailAddress::parse("联系@学校.example").or_throw().needs_utf8());
    EXPECT_EQ(MailAddress::parse("a@学校.example").or_throw().domain, "xn--48s290a.example");
    EXPECT_TRUE(MailAddress::parse("root@localhost"));
}

TEST(MailMessage, TextHtmlAndAttachmentsNest) {
    auto message = plain();
    message.html = "<p>x</p>";
    message.attachments.push_back({"通知.pdf", "application/pdf", std::string(100, '\0')});
    const auto bytes = bytes_of(message);
    EXPECT_TRUE(header_of(bytes, "Content-Type").starts_with("multipart/mixed;"));
    EXPECT_LT(bytes.find("multipart/alternative"), bytes.find("text/plain"));
    EXPECT_LT(bytes.find("text/plain"), bytes.find("text/html"));
    EXPECT_LT(bytes.find("text/html"), bytes.find("application/pdf"));
    EXPECT_NE(bytes.find("filename*0*=UTF-8''%E9%80%9A%E7%9F%A5.pdf\r\n"), std::string::npos);
}

TEST(MailText, QuotedPrintable) {
    EXPECT_EQ(quoted_printable("a = b"), "a =3D b\r\n");
    EXPECT_EQ(quoted_printable("end \nx\t"), "end=20\r\nx=09\r\n");
    EXPECT_EQ(quoted_printable("é"), "=C3=A9\r\n");
    EXPECT_EQ(quoted_printable("From here"), "=46rom here\r\n");
    EXPECT_EQ(quoted_printable(""), "");
    const auto folded = quoted_printable(std::string(300, 'x') + std::string(100, '='));
    for (const auto line : base::lines(folded)) {
        EXPECT_LE(line.size(), 76U);
    }
}

TEST(MailText, LineEnds) {
    EXPECT_EQ(with_crlf("a\nb\rc\r\nd"), "a\r\nb\r\nc\r\nd\r\n");
    EXPECT_EQ(with_crlf("\n\n"), "\r\n\r\n");
    const auto encoded = base64_lines(std::string(1000, 'x'));
    for (const auto line : base::lines(encoded)) {
        EXPECT_LE(line.size(), 76U);
    }
}

TEST(MailText, LongHeadersAreFoldedAtSpaces) {
    const auto header = unstructured_header("Subject", std::string(60, 'a') + " " + std::string(60, 'b'));
    EXPECT_EQ(header, "Subject: " + std::string(60, 'a') + "\r\n " + std::string(60, 'b') + "\r\n");
    EXPECT_EQ(decoded_words(unstructured_header("Subject", std::string(300, 'a'))), std::string(300, 'a'));
    EXPECT_EQ(decoded_words(unstructured_header("Subject", "=?UTF-8?B?eA==?=")), "=?UTF-8?B?eA==?=")
        << "what looks like an encoded word is one no more";
}

TEST(MailText, FileNames) {
    EXPECT_EQ(filename_parameter("a.pdf"), ";\r\n filename=\"a.pdf\"");
    EXPECT_EQ(filename_parameter("../../etc/passwd"), ";\r\n filename=\"passwd\"");
    EXPECT_EQ(filename_parameter(""), ";\r\n filename=\"attachment\"");
    EXPECT_EQ(filename_parameter("a\"b"), ";\r\n filename*0*=UTF-8''a%22b");
    const auto longer = filename_parameter(std::string(100, 'x'));
    EXPECT_NE(longer.find("filename*1*="), std::string::npos);
}

} // namespace
} // namespace fengsui::net
