#include "range/pages/persona.h"

#include <fmt/format.h>

#include <array>

namespace fengsui::range {

namespace {

constexpr std::array<PersonaFacts, kPersonaCount> kPersonas = {{
    {"nginx/1.22.1",
     "",
     "",
     "/static/css/site.css",
     "/static/js/app.js",
     "/static/img/banner.png",
     "session_id",
     "/news/{}.html",
     "/index/index.html"},
    {"Apache/2.4.57 (Debian)",
     "PHP/8.2.7",
     "",
     "/public/style.css",
     "/public/app.js",
     "/public/banner.png",
     "PHPSESSID",
     "/article.php/{}",
     "/index.php"},
    {"Microsoft-IIS/10.0",
     "ASP.NET",
     "",
     "/Content/Site.css",
     "/Scripts/app.js",
     "/Content/images/banner.png",
     "ASP.NET_SessionId",
     "/News/Detail/{}",
     "/Default.aspx"},
    {"Apache-Coyote/1.1",
     "",
     "",
     "/resources/css/main.css",
     "/resources/js/app.js",
     "/resources/img/banner.png",
     "JSESSIONID",
     "/news/show/{}.jsp",
     "/portal/index.jsp"},
    {"nginx",
     "PHP/7.4.33",
     "WordPress 6.4.3",
     "/wp-content/themes/fengqiao/style.css",
     "/wp-content/themes/fengqiao/app.js",
     "/wp-content/uploads/2026/03/banner.png",
     "PHPSESSID",
     "/archives/{}",
     "/home/"},
    {"Apache/2.4.6 (CentOS)",
     "PHP/5.6.40",
     "",
     "/templets/default/style/page.css",
     "/include/js/app.js",
     "/templets/default/images/banner.png",
     "PHPSESSID",
     "/a/xinwen/{}.html",
     "/index.html"},
    {"",
     "Express",
     "",
     "/assets/main.css",
     "/assets/app.js",
     "/assets/banner.png",
     "connect.sid",
     "/posts/{}",
     "/home"},
    {"Tengine/2.3.3",
     "",
     "Hexo 6.3.0",
     "/css/main.css",
     "/js/app.js",
     "/images/banner.png",
     "session_id",
     "/2026/03/{}/",
     "/index.html"},
}};

Page html(int status, std::string body) {
    Page page;
    page.status = status;
    page.body = std::move(body);
    return page;
}

std::string nginx_error(const Site& site, std::string_view text) {
    const auto server = facts_of(site.persona).server;
    return fmt::format(
        "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></"
        "center>\r\n<hr><center>{1}</center>"
        "\r\n</body>\r\n</html>\r\n",
        text,
        server.empty() ? "nginx" : server
    );
}

std::string apache_error(const Site& site, std::string_view title, std::string_view text) {
    return fmt::format(
        "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML "
        "2.0//EN\">\n<html><head>\n<title>{}</title>\n</head><body>\n"
        "<h1>{}</h1>\n<p>{}</p>\n<hr>\n<address>{} Server at {} Port 80</address>\n</body></html>\n",
        title,
        title.substr(4),
        text,
        facts_of(site.persona).server,
        site.host
    );
}

constexpr std::string_view kNginxWelcome =
    "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to "
    "nginx!</h1>\n"
    "<p>If you see this page, the nginx web server is successfully installed and\nworking. Further "
    "configuration is "
    "required.</p>\n\n<p>For online documentation and support please refer to\n<a "
    "href=\"http://nginx.org/\">nginx.org</a>."
    "<br/>\nCommercial support is available at\n<a href=\"http://nginx.com/\">nginx.com</a>.</p>\n\n"
    "<p><em>Thank you for using nginx.</em></p>\n</body>\n</html>\n";

constexpr std::string_view kApacheWelcome =
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<title>Apache2 Debian Default Page: It "
    "works</title>\n</head>\n"
    "<body>\n<div class=\"main_page\">\n<span class=\"floating_element\">Apache2 Debian Default Page</span>\n"
    "<div class=\"section_header\">It works!</div>\n<p>This is the default welcome page used to test the "
    "correct operation of "
    "the Apache2 server after installation on Debian systems. If you can read this page, it means that the "
    "Apache HTTP server "
    "installed at this site is working properly. You should <b>replace this file</b> (located at "
    "<tt>/var/www/html/index.html</tt>) "
    "before continuing to operate your HTTP server.</p>\n</div>\n</body>\n</html>\n";

constexpr std::string_view kIisWelcome =
    "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" "
    "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\">\r\n<head>\r\n<title>IIS Windows "
    "Server</title>\r\n</head>\r\n<body>\r\n"
    "<div id=\"container\">\r\n<a href=\"http://go.microsoft.com/fwlink/?linkid=66138&amp;clcid=0x409\">"
    "<img src=\"iisstart.png\" alt=\"IIS\" width=\"960\" height=\"600\" "
    "/></a>\r\n</div>\r\n</body>\r\n</html>";

constexpr std::string_view kTomcatWelcome =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"UTF-8\" />\n<title>Apache "
    "Tomcat/9.0.71</title>\n"
    "<link href=\"tomcat.css\" rel=\"stylesheet\" type=\"text/css\" />\n</head>\n<body>\n<div "
    "id=\"wrapper\">\n"
    "<h1>Apache Tomcat/9.0.71</h1>\n<div id=\"congrats\" class=\"curved container\">\n<h2>If you're seeing "
    "this, you've "
    "successfully installed Tomcat. Congratulations!</h2>\n</div>\n</div>\n</body>\n</html>\n";

constexpr std::string_view kJavaTrace =
    "java.lang.NullPointerException: Cannot invoke \"java.util.List.size()\" because \"rows\" is null\n"
    "\tat com.fengqiao.portal.service.NoticeService.listTop(NoticeService.java:87)\n"
    "\tat com.fengqiao.portal.web.HomeController.index(HomeController.java:41)\n"
    "\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)\n"
    "\tat org.springframework.web.servlet.DispatcherServlet.doDispatch(DispatcherServlet.java:1072)\n"
    "\tat org.apache.catalina.core.ApplicationFilterChain.doFilter(ApplicationFilterChain.java:162)\n"
    "\tat java.base/java.lang.Thread.run(Thread.java:833)\n";

constexpr std::string_view kDotnetTrace =
    "<html><head><title>Object reference not set to an instance of an object.</title></head><body>"
    "<span><h1>Server Error in '/' Application.<hr width=100% size=1></h1>"
    "<h2><i>Object reference not set to an instance of an object.</i></h2></span>"
    "<b>Exception Details: </b>System.NullReferenceException: Object reference not set to an instance of an "
    "object.<br><br>"
    "<b>Source File: </b> d:\\web\\portal\\Default.aspx.cs<b> &nbsp;&nbsp; Line: </b> 58<br><br>"
    "<b>Stack Trace:</b> <br><br><code><pre>\n[NullReferenceException: Object reference not set to an "
    "instance of an object.]\n"
    "   Portal._Default.Page_Load(Object sender, EventArgs e) in d:\\web\\portal\\Default.aspx.cs:58\n"
    "   System.Web.UI.Control.OnLoad(EventArgs e) +106\n   System.Web.UI.Page.ProcessRequestMain(Boolean a, "
    "Boolean b) +785\n"
    "</pre></code><hr width=100% size=1><b>Version Information:</b>&nbsp;Microsoft .NET Framework "
    "Version:4.0.30319; "
    "ASP.NET Version:4.7.3930.0</body></html>";

constexpr std::string_view kPhpTrace =
    "<br />\n<b>Fatal error</b>:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in "
    "/var/www/portal/lib/Db.php:31\nStack trace:\n#0 /var/www/portal/lib/Db.php(31): "
    "PDO-&gt;__construct('mysql:host=10.2....')\n"
    "#1 /var/www/portal/model/Notice.php(18): Db::open()\n#2 /var/www/portal/index.php(9): "
    "Notice-&gt;top(10)\n#3 {main}\n"
    "  thrown in <b>/var/www/portal/lib/Db.php</b> on line <b>31</b><br />\n";

constexpr std::string_view kNodeTrace =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
    "charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n"
    "<pre>TypeError: Cannot read properties of undefined (reading &#39;length&#39;)<br> &nbsp; &nbsp;at "
    "listTop "
    "(/srv/portal/routes/home.js:22:31)<br> &nbsp; &nbsp;at Layer.handle [as handle_request] "
    "(/srv/portal/node_modules/express/lib/router/layer.js:95:5)<br> &nbsp; &nbsp;at next "
    "(/srv/portal/node_modules/express/lib/router/route.js:144:13)</pre>\n</body>\n</html>\n";

constexpr std::array<std::string_view, 5> kFiles = {
    "20260312_tongzhi.doc", "2026_biaoge.xls", "banner_old.png", "huiyi.pdf", "mingdan.xlsx"};

std::string apache_listing(const Site& site, std::string_view path) {
    std::string rows;
    for (const auto file : kFiles) {
        rows += fmt::format(
            "<tr><td><a href=\"{0}\">{0}</a></td><td align=\"right\">2026-03-12 09:14  </td><td "
            "align=\"right\"> 48K</td></tr>\n",
            file
        );
    }
    const auto shown = path.substr(0, path.size() - 1);
    return fmt::format(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<html>\n<head>\n<title>Index of "
        "{0}</title>\n</head>\n<body>\n"
        "<h1>Index of {0}</h1>\n<table>\n<tr><th><a href=\"?C=N;O=D\">Name</a></th><th><a "
        "href=\"?C=M;O=A\">Last modified</a></th>"
        "<th><a href=\"?C=S;O=A\">Size</a></th></tr>\n<tr><td><a href=\"/\">Parent "
        "Directory</a></td></tr>\n{1}</table>\n"
        "<address>{2} Server at {3} Port 443</address>\n</body></html>\n",
        shown,
        rows,
        facts_of(site.persona).server,
        site.host
    );
}

std::string nginx_listing(std::string_view path) {
    std::string rows;
    for (const auto file : kFiles) {
        rows += fmt::format(
            "<a href=\"{0}\">{0}</a>                12-Mar-2026 09:14               48211\r\n", file
        );
    }
    return fmt::format(
        "<html>\r\n<head><title>Index of {0}</title></head>\r\n<body>\r\n<h1>Index of {0}</h1><hr><pre><a "
        "href=\"../\">../</a>\r\n"
        "{1}</pre><hr></body>\r\n</html>\r\n",
        path,
        rows
    );
}

std::string iis_listing(const Site& site, std::string_view path) {
    std::string rows;
    for (const auto file : kFiles) {
        rows += fmt::format(" 3/12/2026  9:14 AM        48211 <A HREF=\"{0}{1}\">{1}</A><br>", path, file);
    }
    return fmt::format(
        "<html><head><title>{0} - {1}</title></head><body><H1>{0} - {1}</H1><hr>\r\n\r\n<pre><A "
        "HREF=\"/\">[To Parent Directory]"
        "</A><br><br>{2}</pre><hr></body></html>",
        site.host,
        path,
        rows
    );
}

} // namespace

const PersonaFacts& facts_of(Persona persona) {
    return kPersonas[static_cast<std::size_t>(persona)];
}

std::string article_path(const Site& site, unsigned number) {
    return fmt::format(fmt::runtime(facts_of(site.persona).article), 100 + site.seed % 800 + number);
}

Page not_found_page(const Site& site, std::string_view path) {
    switch (site.persona) {
    case Persona::apache_php:
    case Persona::dedecms:
        return html(
            404, apache_error(site, "404 Not Found", "The requested URL was not found on this server.")
        );
    case Persona::iis:
        return html(
            404,
            "<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body><div "
            "id=\"header\">"
            "<h1>Server Error</h1></div><h2>404 - File or directory not found.</h2><h3>The resource you are "
            "looking for "
            "might have been removed, had its name changed, or is temporarily unavailable.</h3></body></html>"
        );
    case Persona::tomcat:
        return html(
            404,
            "<!doctype html><html lang=\"zh\"><head><title>HTTP状态 404 - "
            "未找到</title></head><body><h1>HTTP状态 404 - "
            "未找到</h1><p><b>描述</b> "
            "源服务器未能找到目标资源的表示或者是不愿公开一个已经存在的资源表示。</p></body></html>"
        );
    case Persona::node:
        return html(
            404,
            fmt::format(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta "
                "charset=\"utf-8\">\n<title>Error</title>\n</head>\n"
                "<body>\n<pre>Cannot GET {}</pre>\n</body>\n</html>\n",
                path.substr(0, 200)
            )
        );
    default:
        return html(404, nginx_error(site, "404 Not Found"));
    }
}

Page forbidden_page(const Site& site) {
    const bool is_apache = site.persona == Persona::apache_php || site.persona == Persona::dedecms;
    return html(
        403,
        is_apache ? apache_error(site, "403 Forbidden", "You don't have permission to access this resource.")
                  : nginx_error(site, "403 Forbidden")
    );
}

Page default_page(const Site& site) {
    switch (site.persona) {
    case Persona::apache_php:
    case Persona::dedecms:
        return html(200, std::string(kApacheWelcome));
    case Persona::iis:
        return html(200, std::string(kIisWelcome));
    case Persona::tomcat:
        return html(200, std::string(kTomcatWelcome));
    default:
        return html(200, std::string(kNginxWelcome));
    }
}

Page stack_trace_page(const Site& site) {
    const int status = site.seed % 2 == 0 ? 500 : 200;
    switch (site.persona) {
    case Persona::iis:
        return html(status, std::string(kDotnetTrace));
    case Persona::node:
        return html(status, std::string(kNodeTrace));
    case Persona::apache_php:
    case Persona::wordpress:
    case Persona::dedecms:
        return html(status, std::string(kPhpTrace));
    default:
        return html(
            status,
            fmt::format(
                "<html><head><title>HTTP 500</title></head><body><h1>HTTP "
                "500</h1><pre>{}</pre></body></html>",
                kJavaTrace
            )
        );
    }
}

Page listing_page(const Site& site, std::string_view path) {
    switch (site.persona) {
    case Persona::apache_php:
    case Persona::dedecms:
        return html(200, apache_listing(site, path));
    case Persona::iis:
        return html(200, iis_listing(site, path));
    default:
        return html(200, nginx_listing(path));
    }
}

} // namespace fengsui::range
