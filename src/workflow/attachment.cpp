#include "workflow/attachment.h"

#include "base/json.h"
#include "base/text.h"
#include "workflow/attachment/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace fengsui::workflow {

namespace {

/// What is wrong with the bytes, or nothing.
using Judge = std::string (*)(std::string_view bytes);

struct Kind {
    std::array<std::string_view, 3> endings;
    std::array<std::string_view, 4> types; ///< the first is the one it is served as
    Judge judge = nullptr;
};

std::string lower_head(std::string_view bytes, std::size_t count) {
    return base::to_lower(bytes.substr(0, count));
}

/// What a browser that sniffs would take for a page or a script.
bool begins_like_markup(std::string_view bytes) {
    constexpr std::array<std::string_view, 12> kBeginnings = {
        "<html",
        "<!doctype",
        "<script",
        "<svg",
        "<?xml",
        "<?php",
        "<body",
        "<head",
        "<iframe",
        "<!--",
        "#!",
        "<xsl"};
    if (bytes.starts_with("\xef\xbb\xbf")) {
        bytes.remove_prefix(3);
    }
    const auto start = bytes.find_first_not_of(" \t\r\n\f\v");
    const auto head =
        lower_head(start == std::string_view::npos ? std::string_view() : bytes.substr(start), 16);
    return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view beginning) {
        return head.starts_with(beginning);
    });
}

/// A second face: markup near the head, a script anywhere, an archive hung on behind.
bool has_second_face(std::string_view bytes) {
    constexpr std::size_t kHead = 1024;
    constexpr std::size_t kTail = 65'557; // an end record and the longest comment
    const auto head = lower_head(bytes, kHead);
    for (const std::string_view mark : {"<html", "<svg", "<!doctype", "<body"}) {
        if (head.find(mark) != std::string::npos) {
            return true;
        }
    }
    const auto tail = bytes.substr(bytes.size() > kTail ? bytes.size() - kTail : 0);
    return base::icontains(bytes, "<script") || base::icontains(bytes, "<?php")
           || tail.find("PK\x05\x06") != std::string_view::npos;
}

std::string judge_picture(std::string_view bytes, bool has_signature) {
    if (!has_signature) {
        return "the content is not a picture of that kind";
    }
    return has_second_face(bytes) ? "the picture is a page, script or archive as well" : std::string();
}

std::string judge_png(std::string_view bytes) {
    return judge_picture(bytes, bytes.starts_with("\x89PNG\r\n\x1a\n") && bytes.substr(12, 4) == "IHDR");
}
std::string judge_jpeg(std::string_view bytes) {
    return judge_picture(bytes, bytes.size() > 4 && bytes.starts_with("\xff\xd8\xff"));
}
std::string judge_gif(std::string_view bytes) {
    return judge_picture(
        bytes, bytes.size() > 13 && (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"))
    );
}
std::string judge_webp(std::string_view bytes) {
    return judge_picture(
        bytes, bytes.starts_with("RIFF") && bytes.size() > 12 && bytes.substr(8, 4) == "WEBP"
    );
}

std::string judge_pdf(std::string_view bytes) {
    if (!bytes.starts_with("%PDF-")) {
        return "the content is not a PDF";
    }
    const auto tail = bytes.substr(bytes.size() > 2048 ? bytes.size() - 2048 : 0);
    if (tail.find("%%EOF") == std::string_view::npos) {
        return "the PDF is cut off";
    }
    const auto head = lower_head(bytes, 1024);
    const bool is_page = head.find("<html") != std::string::npos || head.find("<script") != std::string::npos;
    return is_page || tail.find("PK\x05\x06") != std::string_view::npos
               ? "the PDF is a page, script or archive as well"
               : std::string();
}

bool has_control(std::string_view bytes) {
    return std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f')
               || c == '\x7f';
    });
}

std::string judge_text(std::string_view bytes) {
    std::string utf8;
    if (has_control(bytes) || (!base::is_valid_utf8(bytes) && !base::decode_strict(bytes, "gb18030", utf8))) {
        return "the content is not a text";
    }
    return begins_like_markup(bytes) ? "the text is a page or a script" : std::string();
}

std::string judge_json(std::string_view bytes) {
    return base::parse_json(bytes) ? std::string() : "the content is not JSON";
}

std::string judge_mail(std::string_view bytes) {
    const auto line_end = bytes.find('\n');
    const auto first = bytes.substr(0, line_end);
    const auto colon = first.find(':');
    const bool is_header =
        colon != std::string_view::npos && colon > 0
        && std::all_of(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
               return base::is_alpha(c) || base::is_digit(c) || c == '-';
           });
    if (!is_header || line_end == std::string_view::npos || bytes.find('\0') != std::string_view::npos) {
        return "the content is not a mail";
    }
    return {};
}

std::string judge_signature(std::string_view bytes) {
    constexpr std::string_view kSignedData = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    const bool is_der =
        bytes.starts_with("\x30") && bytes.substr(0, 64).find(kSignedData) != std::string_view::npos;
    const bool is_pem =
        bytes.starts_with("-----BEGIN PKCS7-----") || bytes.starts_with("-----BEGIN CMS-----");
    return is_der || is_pem ? std::string() : "the content is not a signature (PKCS #7)";
}

std::string judge_zip(std::string_view bytes) {
    if (!bytes.starts_with("PK\x03\x04") && !bytes.starts_with("PK\x05\x06")) {
        return "the content is not an archive";
    }
    const auto entries = attachment::read_archive(bytes);
    return entries ? std::string() : entries.error().message();
}

/// Office Open XML (ECMA-376): a package whose main part lies in `folder`, without macros.
std::string judge_package(std::string_view bytes, std::string_view folder) {
    if (!bytes.starts_with("PK\x03\x04")) {
        return "the content is not an office document of that kind";
    }
    const auto entries = attachment::read_archive(bytes);
    if (!entries) {
        return entries.error().message();
    }
    bool has_types = false;
    bool has_main = false;
    for (const auto& entry : *entries) {
        has_types = has_types || entry.name == "[Content_Types].xml";
        has_main = has_main || entry.name.starts_with(folder);
        if (base::icontains(entry.name, "vbaproject")) {
            return "the office document holds macros";
        }
    }
    return has_types && has_main ? std::string() : "the content is not an office document of that kind";
}

std::string judge_docx(std::string_view bytes) {
    return judge_package(bytes, "word/");
}
std::string judge_xlsx(std::string_view bytes) {
    return judge_package(bytes, "xl/");
}
std::string judge_pptx(std::string_view bytes) {
    return judge_package(bytes, "ppt/");
}

/// OpenDocument 1.3 part 2, 3.3: the first file of the package is its type, not packed.
std::string judge_odt(std::string_view bytes) {
    const auto entries = attachment::read_archive(bytes);
    if (!entries) {
        return entries.error().message();
    }
    const bool is_text = !entries->empty() && entries->front().name == "mimetype"
                         && entries->front().packed == "application/vnd.oasis.opendocument.text";
    return is_text ? std::string() : "the content is not an office document of that kind";
}

constexpr Kind kKinds[] = {
    {{"pdf"}, {"application/pdf"}, &judge_pdf},
    {{"png"}, {"image/png"}, &judge_png},
    {{"jpg", "jpeg"}, {"image/jpeg", "image/jpg"}, &judge_jpeg},
    {{"gif"}, {"image/gif"}, &judge_gif},
    {{"webp"}, {"image/webp"}, &judge_webp},
    {{"txt", "log"}, {"text/plain"}, &judge_text},
    {{"csv"}, {"text/csv", "application/csv", "text/plain"}, &judge_text},
    {{"json", "jsonl"}, {"application/json", "text/json"}, &judge_json},
    {{"docx"}, {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, &judge_docx},
    {{"xlsx"}, {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, &judge_xlsx},
    {{"pptx"}, {"application/vnd.openxmlformats-officedocument.presentationml.presentation"}, &judge_pptx},
    {{"odt"}, {"application/vnd.oasis.opendocument.text"}, &judge_odt},
    {{"zip"}, {"application/zip", "application/x-zip-compressed"}, &judge_zip},
    {{"eml"}, {"message/rfc822"}, &judge_mail},
    {{"p7s"}, {"application/pkcs7-signature", "application/x-pkcs7-signature"}, &judge_signature},
};

bool is_reserved(std::string_view name) {
    constexpr std::array<std::string_view, 6> kDevices = {"con", "prn", "aux", "nul", "conin$", "conout$"};
    const auto stem = base::to_lower(name.substr(0, name.find('.')));
    const bool is_port =
        stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && base::is_digit(stem[3]);
    return is_port || std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end();
}

/// Characters that show a name's end where it is not: U+202A to U+202E, U+2066 to U+2069, U+200E, U+200F.
bool turns_around(std::string_view name) {
    for (std::size_t at = name.find("\xe2\x80"); at != std::string_view::npos;
         at = name.find("\xe2\x80", at + 2)) {
        const auto last = at + 2 < name.size() ? static_cast<unsigned char>(name[at + 2]) : 0;
        if ((last >= 0xaa && last <= 0xae) || last == 0x8e || last == 0x8f) {
            return true;
        }
    }
    for (std::size_t at = name.find("\xe2\x81"); at != std::string_view::npos;
         at = name.find("\xe2\x81", at + 2)) {
        const auto last = at + 2 < name.size() ? static_cast<unsigned char>(name[at + 2]) : 0;
        if (last >= 0xa6 && last <= 0xa9) {
            return true;
        }
    }
    return false;
}

std::string judge_name(std::string_view name) {
    constexpr std::size_t kLongest = 200;
    constexpr std::string_view kForbidden = "/\\:<>|?*";
    if (name.empty() || name.size() > kLongest || !base::is_valid_utf8(name)) {
        return "the name is empty or too long";
    }
    if (has_control(name) || name.find_first_of("\t\r\n\f") != std::string_view::npos) {
        return "the name holds a control character";
    }
    if (name.find_first_of(kForbidden) != std::string_view::npos) {
        return "the name is a path, or holds one of / \\ : < > | ? *";
    }
    if (name.front() == '.' || name.back() == '.' || name.front() == ' ' || name.back() == ' ') {
        return "the name begins or ends with a dot or a space";
    }
    if (is_reserved(name) || turns_around(name)) {
        return "the name is one of a device, or turns the direction of writing";
    }
    return {};
}

template <class Names>
bool is_among(const Names& names, std::string_view name) {
    return !name.empty() && std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

AttachmentVerdict judge_attachment(
    std::string_view name, std::string_view media_type, std::string_view bytes
) {
    if (auto fault = judge_name(name); !fault.empty()) {
        return {{}, "name", std::move(fault)};
    }
    const auto dot = name.rfind('.');
    const auto ending = dot == std::string_view::npos ? std::string() : base::to_lower(name.substr(dot + 1));
    const auto type = base::to_lower(base::trim(media_type.substr(0, media_type.find(';'))));
    const auto* const kind = std::find_if(std::begin(kKinds), std::end(kKinds), [&](const Kind& one) {
        return is_among(one.endings, ending);
    });
    if (kind == std::end(kKinds)) {
        return {
            {},
            "name",
            "files of this kind are not taken: pdf png jpg gif webp txt csv json docx xlsx pptx odt zip eml "
            "p7s are"};
    }
    if (!is_among(kind->types, type)) {
        return {
            {},
            "media_type",
            fmt::format(
                "media_type: \"{}\" is not that of a .{} file",
                base::shorten(base::scrub_utf8(type), 100),
                ending
            )};
    }
    if (bytes.empty()) {
        return {{}, "content", "the content is empty"};
    }
    if (auto fault = kind->judge(bytes); !fault.empty()) {
        return {{}, "content", std::move(fault)};
    }
    return {std::string(kind->types.front()), {}, {}};
}

} // namespace fengsui::workflow
