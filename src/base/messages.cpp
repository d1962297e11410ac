#include "base/messages.h"

#include "base/embedded.h"
#include "base/json.h"

#include <cstdlib>

namespace fengsui::base {

namespace {

const Json& catalogue(Language language) {
    const auto load = [](Language of) {
        return parse_yaml(message_file(of)).or_throw();
    };
    static const Json zh = load(Language::zh);
    static const Json en = load(Language::en);
    return language == Language::zh ? zh : en;
}

} // namespace

Language language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read once at start
        if (value != nullptr && *value != '\0') {
            return std::string_view(value).starts_with("zh") ? Language::zh : Language::en;
        }
    }
    return Language::en;
}

std::string_view message(Language language, std::string_view key) {
    const Json* text = catalogue(language).find(key);
    return text != nullptr ? std::string_view(text->as_string()) : key;
}

std::string_view message_file(Language language) {
    return embedded_file(language == Language::zh ? "messages/zh-CN.yaml" : "messages/en.yaml");
}

} // namespace fengsui::base
