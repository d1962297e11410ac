// Decoders of templates and of the answers they judge.
#pragma once

#include <string_view>

namespace fengsui::fuzz {

/// A template file: loaded, judged, and run against a server that mirrors what it is asked.
void template_file(std::string_view bytes);
/// An expression; also as `{{…}}` text.
void template_dsl(std::string_view bytes);
/// A raw request of a template.
void template_raw(std::string_view bytes);
/// The body of an answer under every kind of operator.
void template_answer(std::string_view bytes);
/// The first line as json query and xpath, the rest as what they look at.
void template_query(std::string_view bytes);
/// A pack: nothing of it lies outside of its root.
void template_pack(std::string_view bytes);

} // namespace fengsui::fuzz
