// CNNVD's XML: the Chinese number and name of a CVE. Only these two are kept.
#include "base/text.h"
#include "check/common/knowledge_parts.h"

#include <fmt/format.h>

#include <expat.h>
#include <limits>

namespace fengsui::check {

namespace {

constexpr int kDeepestXml = 32;
constexpr std::size_t kMaxField = 512;

/// One `<entry>` after another: <name>, <vuln-id> and, inside <other-id>, <cve-id>.
class CnnvdReader {
public:
    explicit CnnvdReader(model::Knowledge& into) : into_(into), parser_(XML_ParserCreate(nullptr)) {
        FENGSUI_CHECK(parser_ != nullptr, "expat cannot be started");
        XML_SetUserData(parser_, this);
        XML_SetElementHandler(parser_, &CnnvdReader::begin, &CnnvdReader::end);
        XML_SetCharacterDataHandler(parser_, &CnnvdReader::text);
        XML_SetStartDoctypeDeclHandler(parser_, &CnnvdReader::doctype);
    }
    CnnvdReader(const CnnvdReader&) = delete;
    CnnvdReader& operator=(const CnnvdReader&) = delete;
    ~CnnvdReader() { XML_ParserFree(parser_); }

    bool feed(std::string_view piece) {
        while (!piece.empty()) {
            const auto now = std::min<std::size_t>(piece.size(), std::numeric_limits<int>::max());
            if (XML_Parse(parser_, piece.data(), static_cast<int>(now), XML_FALSE) != XML_STATUS_OK) {
                return false;
            }
            piece.remove_prefix(now);
        }
        return true;
    }
    bool finish() { return XML_Parse(parser_, "", 0, XML_TRUE) == XML_STATUS_OK; }

    [[nodiscard]] base::Error error() const {
        return {
            base::ErrorCode::invalid_argument,
            fmt::format(
                "line {}, byte {}: {}",
                XML_GetCurrentLineNumber(parser_),
                XML_GetCurrentByteIndex(parser_),
                refused_.empty() ? XML_ErrorString(XML_GetErrorCode(parser_)) : refused_
            )};
    }
    [[nodiscard]] const DataReport& report() const { return report_; }

private:
    static CnnvdReader& self_of(void* self) { return *static_cast<CnnvdReader*>(self); }

    static void begin(void* self, const XML_Char* name, const XML_Char** /*attributes*/) {
        auto& reader = self_of(self);
        if (++reader.depth_ > kDeepestXml) {
            reader.refuse("the XML is nested too deeply");
        }
        reader.text_.clear();
        if (std::string_view(name) == "entry") {
            reader.entry_ = {};
            reader.cve_.clear();
        }
    }
    static void end(void* self, const XML_Char* name) { self_of(self).take_end(name); }
    static void text(void* self, const XML_Char* bytes, int size) {
        auto& text = self_of(self).text_;
        if (text.size() < kMaxField) {
            text.append(bytes, static_cast<std::size_t>(size));
        }
    }
    static void doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        self_of(self).refuse("the XML declares a document type; entities are not expanded here");
    }

    void refuse(std::string why) {
        refused_ = refused_.empty() ? std::move(why) : refused_;
        XML_StopParser(parser_, XML_FALSE);
    }

    void take_end(std::string_view name) {
        --depth_;
        const std::string value = base::shorten(std::string(base::trim(text_)), kMaxField);
        text_.clear();
        if (name == "name" && entry_.name.empty()) {
            entry_.name = value;
        } else if (name == "vuln-id") {
            entry_.id = value;
        } else if (name == "cve-id") {
            cve_ = value;
        } else if (name == "entry") {
            ++report_.entries;
            if (!cve_.empty() && !entry_.id.empty() && is_wanted_cve(into_, cve_)) {
                into_.cnnvd[cve_] = entry_;
                ++report_.kept;
            }
        }
    }

    model::Knowledge& into_;
    XML_Parser parser_;
    int depth_ = 0;
    std::string refused_;
    std::string text_;
    std::string cve_;
    model::CnnvdEntry entry_;
    DataReport report_;
};

} // namespace

DataResult read_cnnvd(const base::TextSource& source, model::Knowledge& into) {
    CnnvdReader reader(into);
    for (auto piece = source(); !piece.empty(); piece = source()) {
        if (!reader.feed(piece)) {
            return reader.error();
        }
    }
    return reader.finish() ? DataResult(reader.report()) : DataResult(reader.error());
}

} // namespace fengsui::check
