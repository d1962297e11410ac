#include "registry/table/xml.h"

#include <expat.h>

namespace fengsui::registry::table {

namespace {

constexpr int kDeepest = 64;

std::string_view local_name(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

} // namespace

struct XmlReader::State {
    XML_Parser parser = XML_ParserCreate(nullptr);
    XmlHandlers handlers;
    XmlAttributes attributes;
    int depth = 0;
    std::string refused;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { XML_ParserFree(parser); }

    void stop(std::string why) {
        if (refused.empty()) {
            refused = std::move(why);
        }
        XML_StopParser(parser, XML_FALSE);
    }

    static void begin(void* self, const XML_Char* name, const XML_Char** pairs) {
        auto& state = *static_cast<State*>(self);
        if (++state.depth > kDeepest) {
            state.stop("the XML is nested too deeply");
            return;
        }
        state.attributes.clear();
        for (; *pairs != nullptr; pairs += 2) {
            state.attributes.emplace_back(pairs[0], pairs[1]);
        }
        state.handlers.begin(local_name(name), state.attributes);
    }

    static void end(void* self, const XML_Char* name) {
        auto& state = *static_cast<State*>(self);
        --state.depth;
        state.handlers.end(local_name(name));
    }

    static void text(void* self, const XML_Char* bytes, int size) {
        static_cast<State*>(self)->handlers.text(std::string_view(bytes, static_cast<std::size_t>(size)));
    }

    static void doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        static_cast<State*>(self)->stop("the XML declares a document type; entities are not expanded here");
    }
};

std::string_view attribute(const XmlAttributes& attributes, std::string_view name) {
    for (const auto& [key, value] : attributes) {
        if (local_name(key) == name) {
            return value;
        }
    }
    return {};
}

XmlReader::XmlReader(XmlHandlers handlers) : state_(std::make_unique<State>()) {
    FENGSUI_CHECK(state_->parser != nullptr, "expat cannot be started");
    state_->handlers = std::move(handlers);
    XML_SetUserData(state_->parser, state_.get());
    XML_SetElementHandler(state_->parser, State::begin, State::end);
    XML_SetCharacterDataHandler(state_->parser, State::text);
    XML_SetStartDoctypeDeclHandler(state_->parser, State::doctype);
}

XmlReader::~XmlReader() = default;

void XmlReader::refuse(std::string why) {
    state_->stop(std::move(why));
}

bool XmlReader::feed(std::string_view piece) {
    if (!state_->refused.empty()) {
        return false;
    }
    if (XML_Parse(state_->parser, piece.data(), static_cast<int>(piece.size()), XML_FALSE) == XML_STATUS_OK) {
        return true;
    }
    if (state_->refused.empty()) {
        state_->refused =
            std::string("the XML is malformed: ") + XML_ErrorString(XML_GetErrorCode(state_->parser));
    }
    return false;
}

base::Result<bool> XmlReader::finish() {
    if (state_->refused.empty() && XML_Parse(state_->parser, "", 0, XML_TRUE) != XML_STATUS_OK
        && state_->refused.empty()) {
        state_->refused =
            std::string("the XML is malformed: ") + XML_ErrorString(XML_GetErrorCode(state_->parser));
    }
    if (!state_->refused.empty()) {
        return base::Error(base::ErrorCode::invalid_argument, state_->refused);
    }
    return true;
}

} // namespace fengsui::registry::table
