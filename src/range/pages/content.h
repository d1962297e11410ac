// The pages that people come for.
#pragma once

#include "range/pages/page.h"

namespace fengsui::range {

inline constexpr unsigned kArticles = 5;
/// Where sites with open directories keep their downloads; the home page links it.
inline constexpr std::string_view kDownloads = "/files/";

Page home_page(const Site& site, bool is_crawler);
Page article_page(const Site& site, unsigned number);
/// 200 for what does not exist, naming it.
Page catch_all_page(const Site& site, std::string_view path);
Page robots_page(const Site& site, bool is_secure);
Page sitemap_page(const Site& site, bool is_secure);
Page security_txt_page(const Site& site, base::Instant now);
/// Style sheet, script, picture; a picture for favicon.ico.
Page style_page();
Page script_page(const Site& site);
Page image_page();

} // namespace fengsui::range
