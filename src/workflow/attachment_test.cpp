#include "workflow/attachment.h"
#include "workflow/document/zip_archive.h"

#include <gtest/gtest.h>

namespace fengsui::workflow {
namespace {

const std::string kPng = std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + std::string(32, 'x');
const std::string kPdf = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

std::string fault(std::string_view name, std::string_view type, std::string_view bytes) {
    const auto verdict = judge_attachment(name, type, bytes);
    EXPECT_EQ(verdict.is_good(), !verdict.media_type.empty()) << name;
    return verdict.is_good() ? std::string() : verdict.field;
}

std::string package(std::string_view folder) {
    return to_zip({{"[Content_Types].xml", "<Types/>"}, {std::string(folder) + "document.xml", "<w/>"}});
}

struct Row {
    std::string name;
    std::string type;
    std::string bytes;
    std::string field; ///< what is refused; empty: taken
};

constexpr std::string_view kDocx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
constexpr std::string_view kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
constexpr std::string_view kPptx =
    "application/vnd.openxmlformats-officedocument.presentationml.presentation";

TEST(Attachment, NamesTypesAndContents) {
    const std::string nul("x\0.txt", 6);
    const std::vector<Row> rows = {
        {"整改证据 1.png", "image/png", kPng, ""},
        {"x.PNG", "image/png", kPng, ""},
        {"x.pdf", "application/pdf", kPdf, ""},
        {"x.txt", "text/plain", "已删除\n", ""},
        {"x.txt", "text/plain; charset=utf-8", "ok", ""},
        {"x.log", "text/plain", "GET /<script> 200\n", ""},
        {"x.csv", "text/csv", "a,b\n1,2\n", ""},
        {"x.json", "application/json", "{\"a\":1}", ""},
        {"x.jpg", "image/jpeg", "\xff\xd8\xff\xe0 JFIF", ""},
        {"x.gif", "image/gif", "GIF89a" + std::string(20, '\1'), ""},
        {"x.webp", "image/webp", "RIFF\x10\x01\x01\x01WEBPVP8 ", ""},
        {"x.eml", "message/rfc822", "Received: from a\r\nSubject: b\r\n\r\nc", ""},
        {"x.p7s", "application/pkcs7-signature", "-----BEGIN PKCS7-----\nMII", ""},
        {"x.docx", std::string(kDocx), package("word/"), ""},
        {"x.xlsx", std::string(kXlsx), package("xl/"), ""},
        {"x.pptx", std::string(kPptx), package("ppt/"), ""},
        {"x.odt", "application/vnd.oasis.opendocument.text", "PK\x03\x04 cut", "content"},
        {"x.zip", "application/zip", to_zip({{"a/b.txt", "text"}}), ""},
        {"../x.txt", "text/plain", "x", "name"},
        {"/etc/passwd", "text/plain", "x", "name"},
        {"a/b.txt", "text/plain", "x", "name"},
        {"..\\x.txt", "text/plain", "x", "name"},
        {"C:\\x.txt", "text/plain", "x", "name"},
        {"..", "text/plain", "x", "name"},
        {"", "text/plain", "x", "name"},
        {nul, "text/plain", "x", "name"},
        {"x\r\nA: b.txt", "text/plain", "x", "name"},
        {"con.txt", "text/plain", "x", "name"},
        {"LPT1.txt", "text/plain", "x", "name"},
        {"x.txt.", "text/plain", "x", "name"},
        {"x\xe2\x80\xaegnp.txt", "text/plain", "x", "name"},
        {std::string(5000, 'x') + ".txt", "text/plain", "x", "name"},
        {"x.exe", "application/x-msdownload", "MZ", "name"},
        {"x.html", "text/html", "<p>", "name"},
        {"x.svg", "image/svg+xml", "<svg/>", "name"},
        {"x", "text/plain", "x", "name"},
        {"x.png", "image/jpeg", kPng, "media_type"},
        {"x.pdf", "nonsense", kPdf, "media_type"},
        {"x.pdf", "", kPdf, "media_type"},
        {"x.pdf", "application/pdf\r\nX: y", kPdf, "media_type"},
        {"x.png", "image/png", "MZ\x90", "content"},
        {"x.png", "image/png", kPdf, "content"},
        {"x.png", "image/png", kPng + "<script>alert(1)</script>", "content"},
        {"x.png", "image/png", kPng + to_zip({{"a", "b"}}), "content"},
        {"x.gif", "image/gif", "GIF89a/*<html>*/=1;alert(1)", "content"},
        {"x.jpg",
         "image/jpeg",
         "\x7f"
         "ELF",
         "content"},
        {"x.pdf", "application/pdf", "<html><script>alert(1)</script>", "content"},
        {"x.pdf", "application/pdf", "%PDF-1.4\ncut off", "content"},
        {"x.pdf", "application/pdf", "%PDF-1.4\n<script>alert(1)</script>\n%%EOF", "content"},
        {"x.txt", "text/plain", "", "content"},
        {"x.txt", "text/plain", "  <html><script>", "content"},
        {"x.txt", "text/plain", "\xef\xbb\xbf<svg onload=a()>", "content"},
        {"x.txt", "text/plain", "#!/bin/sh\n", "content"},
        {"x.txt", "text/plain", std::string("a\0b", 3), "content"},
        {"x.json", "application/json", "{", "content"},
        {"x.eml", "message/rfc822", "<html>\n", "content"},
        {"x.p7s", "application/pkcs7-signature", "MII", "content"},
        {"x.docx", std::string(kDocx), kPng, "content"},
        {"x.docx", std::string(kDocx), package("xl/"), "content"},
        {"x.docx",
         std::string(kDocx),
         to_zip({{"[Content_Types].xml", ""}, {"word/document.xml", ""}, {"word/vbaProject.bin", "x"}}),
         "content"},
        {"x.zip", "application/zip", "PK\x03\x04 cut off", "content"},
        {"x.zip", "application/zip", to_zip({{"../evil.sh", "x"}}), "content"},
        {"x.zip", "application/zip", to_zip({{"/evil.sh", "x"}}), "content"},
        {"x.zip", "application/zip", to_zip({{"a\\..\\b", "x"}}), "content"},
        {"x.zip", "application/zip", to_zip({{"inner.zip", "x"}}), "content"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(fault(row.name, row.type, row.bytes), row.field)
            << row.name << " " << row.type << ": " << judge_attachment(row.name, row.type, row.bytes).message;
    }
}

TEST(Attachment, ABombIsRefused) {
    EXPECT_EQ(fault("x.zip", "application/zip", to_zip({{"a", std::string(8U << 20U, '\0')}})), "content");
    EXPECT_EQ(fault("x.zip", "application/zip", to_zip({{"a", std::string(900'000, '\0')}})), "");
    std::vector<ZipEntry> many;
    for (int i = 0; i < 5'001; ++i) {
        many.push_back({std::to_string(i), ""});
    }
    EXPECT_EQ(fault("x.zip", "application/zip", to_zip(many)), "content");
}

TEST(Attachment, WhatAnArchiveStatesIsProven) {
    const auto good = to_zip({{"a.txt", "some words, some words, some words"}});
    ASSERT_EQ(fault("x.zip", "application/zip", good), "");
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto cut = good.substr(0, i);
        EXPECT_EQ(fault("x.zip", "application/zip", cut), "content") << i;
    }
    auto lie = good;
    const auto central = lie.find("PK\x01\x02");
    lie[central + 24] = 1; // states one byte
    lie[central + 25] = 0;
    EXPECT_EQ(fault("x.zip", "application/zip", lie), "content");
    auto locked = good;
    locked[central + 8] = static_cast<char>(locked[central + 8] | 1);
    EXPECT_EQ(fault("x.zip", "application/zip", locked), "content");
}

} // namespace
} // namespace fengsui::workflow
