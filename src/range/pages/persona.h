// The server software that a site seems to run on.
#pragma once

#include "range/pages/page.h"

namespace fengsui::range {

struct PersonaFacts {
    std::string_view server;     ///< Server header
    std::string_view powered_by; ///< X-Powered-By, or empty
    std::string_view generator;  ///< meta generator, or empty
    std::string_view style;      ///< path of its style sheet
    std::string_view script;
    std::string_view image;
    std::string_view cookie;     ///< name of its session cookie
    std::string_view article;    ///< path of an article: {} is its number
    std::string_view inner_home; ///< where / leads on sites that redirect
};

const PersonaFacts& facts_of(Persona persona);
std::string article_path(const Site& site, unsigned number);

Page not_found_page(const Site& site, std::string_view path);
Page forbidden_page(const Site& site);
/// The home page that the software brings along.
Page default_page(const Site& site);
Page stack_trace_page(const Site& site);
/// What is shown of a directory without an index page.
Page listing_page(const Site& site, std::string_view path);

} // namespace fengsui::range
