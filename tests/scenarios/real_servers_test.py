"""Real servers, set up well and badly: exactly the findings expected, and no others."""
import collections
import os
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.apache import apache  # noqa: E402
from servers.authority import DAY, NOW, Authority  # noqa: E402
from servers.named import named  # noqa: E402
from servers.nginx import GOOD_HEADERS, nginx, plain_server, tls_server, to_https  # noqa: E402
from servers.postfix import postfix  # noqa: E402
from servers.process import can_listen, own_address, server  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, free_port, main, row, write_registry  # noqa: E402

PAGE = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>District water works</title></head><body><p>Opening hours</p></body></html>'
HTML = f"    location / {{ default_type 'text/html; charset=utf-8'; return 200 '{PAGE}'; }}\n"
# A zone that is neither signed nor limited, and a host without IPv6: what every name of bad.test has.
BAD_NAME = {"dns.dnssec_missing", "dns.caa_missing", "ipv6.aaaa_missing"}
# A site with IPv6 whose zone cannot be asked over IPv6 is not well kept.
# Nobody registered these addresses, so they are told and never asked: named listens on IPv4 only.
NAME_SERVERS_WITH_V6 = "@ IN NS ns2\nns2 IN A 127.0.0.1\nns IN AAAA fd00:5eed::35:1\nns2 IN AAAA fd00:5eed::35:2\n"
BARE_PAGE = {"header.csp_missing", "header.frame_options_missing", "header.content_type_options_missing"}


def look(tmp, rows, targets, *more, dns_port=None):
    os.chmod(tmp, 0o755)
    registry = write_registry(tmp / "registry.csv", *rows)
    resolver = ["--resolver", f"127.0.0.1:{dns_port}"] if dns_port else []
    result = fengsui("check", *targets, "--registry", registry, "--rate", "2000", "--connections", "8", "--deadline", "60",
                     *resolver, *more, timeout=180)
    check_equal(result.status, 0, f"exit status ({result.err})")
    check_coverage(result, targets)
    return result


def check_coverage(result, targets):
    """One line for each target and check, the summary last."""
    counted = collections.Counter((line["target"], line["check"]) for line in result.of_type("coverage"))
    check_equal([key for key, count in counted.items() if count != 1], [], "coverage lines that are not single")
    checks = {check for _, check in counted}
    check_true(len(checks) >= 50, f"{len(checks)} checks")
    check_equal({target for target, _ in counted}, set(targets), "targets of coverage")
    check_equal(len(counted), len(checks) * len(set(targets)), "coverage lines")
    check_equal([line["type"] for line in result.lines].index("summary"), len(result.lines) - 1, "place of the summary")
    completed = {key for key, (status, _) in result.coverage().items() if status == "completed"}
    check_equal(result.findings() - completed, set(), "findings without a completed line")


def serious(result, target):
    return {line["check"] for line in result.of_type("finding") if line["target"] == target and line["severity"] != "info"}


def expect(result, expected):
    """expected: {target: checks}; all differences are told at once."""
    wrong = []
    for target, checks in expected.items():
        found = serious(result, target)
        if found != set(checks):
            wrong.append(f"{target}: missed {sorted(set(checks) - found)}, too many {sorted(found - set(checks))}")
            wrong += [f"    {line['check']}: {line['evidence']}" for line in result.of_type("finding")
                      if line["target"] == target and line["check"] in found - set(checks)]
            wrong += [f"    {check}: {result.coverage().get((target, check))}" for check in sorted(set(checks) - found)]
    check_true(not wrong, "\n".join(["findings differ", *wrong]))


def folder_of(tmp, files):
    """A web root of our own."""
    root = tmp / f"root-{len(list(tmp.glob('root-*')))}"
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def security_txt():
    expires = (NOW + 100 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"Contact: mailto:security@good.test\nExpires: {expires}\nCanonical: https://www.good.test/.well-known/security.txt\n"


@case
def a_site_and_a_mail_domain_that_are_well_kept(tmp):
    if os.geteuid() != 0:
        print("note: a_site_and_a_mail_domain_that_are_well_kept needs root for postfix; not run")
        return
    os.chmod(tmp, 0o755)
    web, mail, port = own_address(80, 443), own_address(25), free_port()
    has_v6 = can_listen("::1", (80, 443))
    authority = Authority(tmp / "ca")
    leaf = authority.issue("www.good.test", names=["www.good.test", "good.test"])
    exchanger = authority.issue("mx.good.test")
    records = (f"@ IN CAA 0 issue \"ca.test\"\n@ IN MX 10 mx\nmx IN A {mail}\nwww IN A {web}\n@ IN TXT \"v=spf1 mx -all\"\n"
               "_dmarc IN TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@good.test\"\n" + ("www IN AAAA ::1\n" + NAME_SERVERS_WITH_V6 if has_v6 else ""))
    root = folder_of(tmp, {"index.html": PAGE, ".well-known/security.txt": security_txt(), "robots.txt": "User-agent: *\nDisallow:\n"})
    body = f"    root {root};\n    charset utf-8;\n"
    plain = [f"{web}:80"] + (["[::1]:80"] if has_v6 else [])
    secure = [f"{web}:443"] + (["[::1]:443"] if has_v6 else [])
    servers = to_https(plain, "www.good.test") + tls_server(secure, "www.good.test", authority.full_chain(leaf), leaf.key, body)
    ends = [(web, 80), (web, 443)] + ([("::1", 443)] if has_v6 else [])
    rows = [row("www.good.test"), row("https://www.good.test/"), row("mail:good.test"), row(web), row(mail), row("::1"), row("127.0.0.1")]
    with nginx(tmp / "nginx", servers, ends), named(tmp / "named", {"good.test": (records, True)}, port), \
            postfix(tmp / "postfix", mail, "mx.good.test", "good.test", (authority.full_chain(exchanger), exchanger.key)):
        targets = ["www.good.test", "https://www.good.test/", "mail:good.test"]
        result = look(tmp, rows, targets, "--trust", authority.trust, dns_port=port)
        none = set() if has_v6 else {"ipv6.aaaa_missing"}
        expect(result, {"www.good.test": none, "https://www.good.test/": none, "mail:good.test": set()})
        coverage = result.coverage()
        for area in ("tls.certificate_expired", "header.hsts_missing", "exposure.git_repository", "security_txt.missing", "dns.caa_missing"):
            check_equal(coverage["www.good.test", area], ("completed", None), area)
        for area in ("mail.starttls_missing", "mail.spf_missing", "mail.dmarc_missing", "dns.dnssec_missing"):
            check_equal(coverage["mail:good.test", area], ("completed", None), area)
        later = (NOW + 190 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        result = look(tmp, rows, ["https://www.good.test/"], "--trust", authority.trust, "--now", later, dns_port=port)
        expect(result, {"https://www.good.test/": none | {"tls.certificate_expiring", "security_txt.expired"}})


def certificate_table(authority):
    """name: (chain file, key file, expected findings, whether weak settings are needed)."""
    issue, chain = authority.issue, authority.full_chain

    def entry(leaf, *expected, order=None):
        return chain(leaf, order), leaf.key, set(expected)

    alone = issue("incomplete.test")
    turned = issue("order.test")
    stranger = Authority(authority.folder.parent / "stranger")
    strange = stranger.issue("untrusted.test")
    return {
        "good.test": entry(issue("good.test")),
        "wildcard.test": entry(issue("*.wildcard.test", names=["*.wildcard.test", "wildcard.test"])),
        "expired.test": entry(issue("expired.test", since=NOW - 90 * DAY, until=NOW - 2 * DAY), "tls.certificate_expired"),
        "expiring.test": entry(issue("expiring.test", since=NOW - 80 * DAY, until=NOW + 10 * DAY), "tls.certificate_expiring"),
        "future.test": entry(issue("future.test", since=NOW + 2 * DAY), "tls.certificate_not_yet_valid"),
        "name.test": entry(issue("other.test"), "tls.certificate_name_mismatch"),
        "no-san.test": entry(issue("no-san.test", names=None), "tls.certificate_no_san"),
        "self.test": entry(issue("self.test", issuer=None), "tls.certificate_self_signed"),
        "incomplete.test": entry(alone, "tls.certificate_chain_incomplete", order=[]),
        "order.test": entry(turned, "tls.certificate_chain_order", order=[authority.policy, authority.issuing]),
        "sha1.test": entry(issue("sha1.test", digest="sha1"), "tls.certificate_weak_signature"),
        "rsa1024.test": entry(issue("rsa1024.test", key="rsa:1024"), "tls.certificate_weak_key"),
        "untrusted.test": (stranger.full_chain(strange), strange.key, {"tls.certificate_untrusted"}),
    }


@case
def certificates_each_with_one_fault(tmp):
    os.chmod(tmp, 0o755)
    web, port = own_address(443), free_port()
    authority = Authority(tmp / "ca")
    table = certificate_table(authority)
    txt = folder_of(tmp, {".well-known/security.txt": security_txt()})
    body = f"    location ^~ /.well-known/ {{ root {txt}; }}\n    location ~ . {{ return 404; }}\n    location = / {{ default_type text/html; return 200 '{PAGE}'; }}\n"
    servers, zones = "", {}
    ports = {name: 4430 + i for i, name in enumerate(table)}
    for name, (chain, key, _) in table.items():
        servers += tls_server([f"{web}:{ports[name]}"], name, chain, key, body)
        zones[name] = (f"@ IN A {web}\n@ IN CAA 0 issue \"ca.test\"\n", False)
    targets = {name: f"https://{name}:{ports[name]}/" for name in table}
    rows = [row(target) for target in targets.values()] + [row(web)]
    with nginx(tmp / "nginx", servers, [(web, number) for number in ports.values()], weak=True), named(tmp / "named", zones, port):
        result = look(tmp, rows, list(targets.values()), "--trust", authority.trust, dns_port=port)
        common = {"dns.dnssec_missing", "ipv6.aaaa_missing"}
        expect(result, {targets[name]: common | expected for name, (_, _, expected) in table.items()})
        # The same servers judged at another instant: what was valid has expired, what was to come is valid.
        later = (NOW + 210 * DAY).strftime("%Y-%m-%dT%H:%M:%S+08:00")
        result = look(tmp, rows, [targets["good.test"]], "--trust", authority.trust, "--now", later, dns_port=port)
        expect(result, {targets["good.test"]: common | {"tls.certificate_expired", "security_txt.expired"}})
        soon = (NOW + 3 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        result = look(tmp, rows, [targets["future.test"]], "--trust", authority.trust, "--now", soon, dns_port=port)
        expect(result, {targets["future.test"]: common})
        before = (NOW - 60 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        result = look(tmp, rows, [targets["expired.test"]], "--trust", authority.trust, "--now", before, dns_port=port)
        found = serious(result, targets["expired.test"])
        check_true("tls.certificate_expired" not in found, f"valid sixty days ago: {found}")


@case
def old_versions_and_suites(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(443)
    authority = Authority(tmp / "ca")
    leaf = authority.issue("old", names=[web], key="rsa:2048")
    chain = authority.full_chain(leaf)
    wide = "    ssl_protocols TLSv1 TLSv1.1 TLSv1.2;\n    ssl_ciphers AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0;\n"
    old = "    ssl_protocols TLSv1 TLSv1.1;\n    ssl_ciphers AES128-SHA:@SECLEVEL=0;\n"
    static = "    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:AES128-GCM-SHA256:@SECLEVEL=0;\n"
    good = "    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;\n"
    # Security level 0 signs with SHA-1 for whoever asks: that is not what is tried here.
    signatures = "    ssl_conf_command SignatureAlgorithms RSA-PSS+SHA256:RSA+SHA256;\n    ssl_prefer_server_ciphers on;\n"
    wide, static, good = wide.replace("AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA") + signatures, static + signatures, good + signatures
    body = f"    location = / {{ default_type text/html; return 200 '{PAGE}'; }}\n    location / {{ return 404; }}\n"
    servers = "".join(tls_server([f"{web}:{port}"], "_", chain, leaf.key, body, tls=tls)
                      for port, tls in ((4441, wide), (4442, old), (4443, static), (4444, good)))
    s_server = ["openssl", "s_server", "-accept", f"{web}:4445", "-cert", chain, "-cert_chain", chain, "-key", leaf.key, "-tls1_2",
                "-cipher", "AES128-SHA256:@SECLEVEL=0", "-www", "-quiet"]
    targets = {number: f"https://{web}:{number}/" for number in range(4441, 4446)}
    with nginx(tmp / "nginx", servers, [(web, number) for number in range(4441, 4445)], weak=True), \
            server(s_server, [(web, 4445)], tmp / "s_server.log"):
        result = look(tmp, [row(target) for target in targets.values()], list(targets.values()), "--trust", authority.trust)
        old_versions = {"tls.tls10", "tls.tls11"}
        expect(result, {targets[4441]: old_versions | {"tls.cipher_static_rsa", "tls.cipher_cbc_sha1"}, targets[4443]: {"tls.cipher_static_rsa"}, targets[4444]: set()})
        check_true(old_versions | {"tls.cipher_static_rsa"} <= serious(result, targets[4442]), f"only old: {serious(result, targets[4442])}")
        check_true("tls.cipher_static_rsa" in serious(result, targets[4445]), f"s_server: {serious(result, targets[4445])}")
        check_true(not old_versions & serious(result, targets[4445]), "s_server speaks TLS 1.2 only")
        for number in (4441, 4442, 4445):
            check_true((targets[number], "tls.tls13_missing") in result.findings(), f"{number} has no TLS 1.3")
        for number in (4443, 4444):
            check_true((targets[number], "tls.tls13_missing") not in result.findings(), f"{number} has TLS 1.3")


LEFT_BEHIND = {
    "index.html": PAGE,
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n",
    ".env": "APP_ENV=production\nAPP_KEY=base64:c2VjcmV0c2VjcmV0\nDB_HOST=127.0.0.1\nDB_USERNAME=app\nDB_PASSWORD=Sn0wfl4ke-77\n",
    ".htpasswd": "admin:$apr1$Qm3x1jzv$0pmB4l0sZ2oXc8m2o8o0V/\n",
}


def archive(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("www/index.php", "<?php echo 1;")
        made.writestr("www/config.php", "<?php $password = 'x';")


def bad_site(web, port, body, name="_", headers=""):
    return plain_server([f"{web}:{port}"], name, body, headers)


@case
def nginx_badly_kept(tmp):
    os.chmod(tmp, 0o755)
    web, port = own_address(80, 443), free_port()
    left = folder_of(tmp, LEFT_BEHIND)
    archive(left / "backup.zip")
    listing = folder_of(tmp, {"reports/a.pdf": "%PDF-1.4", "b.txt": "x"})
    stock = folder_of(tmp, {"index.html": (pathlib.Path("/usr/share/nginx/html/index.html")).read_text()})
    everything = folder_of(tmp, {"index.html": PAGE})
    trace = ("<html><head><title>Error</title></head><body><h1>Internal error</h1><pre>Traceback (most recent call last):\n"
             "  File \"/srv/app/views.py\", line 12, in index\n    return render(x)\n  File \"/srv/app/db.py\", line 40, in query\n"
             "    cursor.execute(sql)\nKeyError: &#39;title&#39;\n</pre></body></html>")
    traced = folder_of(tmp, {"index.html": trace})
    servers = (bad_site(web, 80, f"    root {left};\n    location /.git/ {{ autoindex off; }}\n", "left.bad.test")
               + bad_site(web, 8001, f"    root {listing};\n    autoindex on;\n")
               + bad_site(web, 8002, f"    root {stock};\n")
               + bad_site(web, 8003, f"    root {everything};\n    location / {{ try_files /index.html =404; }}\n")
               + bad_site(web, 8004, f"    root {traced};\n"))
    targets = {"left": "left.bad.test", "listing": f"http://{web}:8001/", "stock": f"http://{web}:8002/",
               "everything": f"http://{web}:8003/", "trace": f"http://{web}:8004/", "gone": "gone.bad.test"}
    zone = f"left IN A {web}\ngone IN CNAME released.bad.test.\n"
    rows = [row(target) for target in targets.values()] + [row(web)]
    with nginx(tmp / "nginx", servers, [(web, number) for number in (80, 8001, 8002, 8003, 8004)], tokens="on"), \
            named(tmp / "named", {"bad.test": (zone, False)}, port):
        result = look(tmp, rows, list(targets.values()), dns_port=port)
        bare = BARE_PAGE | {"http.https_missing"}
        expect(result, {
            targets["left"]: BAD_NAME | bare | {"exposure.git_repository", "exposure.environment_file", "exposure.backup_file",
                                                "exposure.password_file"},
            targets["listing"]: bare | {"http.directory_listing"},
            targets["stock"]: bare | {"http.default_page"},
            targets["everything"]: bare,
            targets["trace"]: bare | {"http.stack_trace"},
        })
        check_true("dns.dangling_cname" in serious(result, "gone.bad.test"), f"dangling: {serious(result, 'gone.bad.test')}")
        check_equal(result.coverage()["gone.bad.test", "http.https_missing"], ("not_reached", "dns_nxdomain"), "a name that leads nowhere")
        check_true((targets["stock"], "http.version_disclosed") in result.findings(), "nginx/1.22.1 tells its version")


@case
def a_page_over_tls_with_careless_content(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(443)
    authority = Authority(tmp / "ca")
    leaf = authority.issue("page", names=[web])
    chain = authority.full_chain(leaf)
    mixed = PAGE.replace("</body>", '<script src="http://static.bad.test/menu.js"></script><img src="http://static.bad.test/a.png"></body>')
    open_policy = GOOD_HEADERS.replace("default-src 'self'; object-src 'none'", "default-src *; script-src * 'unsafe-inline' 'unsafe-eval'")
    short = GOOD_HEADERS.replace("max-age=31536000", "max-age=86400")
    careless = "    add_header Set-Cookie 'SESSION=abc123; Path=/';\n"
    careful = "    add_header Set-Cookie 'SESSION=abc123; Path=/; Secure; HttpOnly; SameSite=Lax';\n"
    pages = {4451: (PAGE, GOOD_HEADERS + careless), 4452: (PAGE, GOOD_HEADERS + careful), 4453: (mixed, GOOD_HEADERS),
             4454: (PAGE, ""), 4455: (PAGE, open_policy), 4456: (PAGE, short)}
    servers = ""
    for number, (text, headers) in pages.items():
        root = folder_of(tmp, {"index.html": text})
        servers += tls_server([f"{web}:{number}"], "_", chain, leaf.key, f"    root {root};\n    charset utf-8;\n", headers=headers)
    targets = {number: f"https://{web}:{number}/" for number in pages}
    with nginx(tmp / "nginx", servers, [(web, number) for number in pages]):
        result = look(tmp, [row(target) for target in targets.values()], list(targets.values()), "--trust", authority.trust)
        expect(result, {
            targets[4451]: {"cookie.not_secure", "cookie.not_http_only", "cookie.same_site_missing"},
            targets[4452]: set(),
            targets[4453]: {"http.mixed_content", "script.integrity_missing"},  # the script is another site's
            targets[4454]: BARE_PAGE,
            targets[4455]: {"header.csp_unsafe"},
            targets[4456]: set(),
        })


@case
def http_and_https_side_by_side(tmp):
    """A host at the usual ports: no redirect to https, https led back to http, a redirect kept."""
    os.chmod(tmp, 0o755)
    port = free_port()
    authority = Authority(tmp / "ca")
    webs = {name: own_address(80, 443) for name in ("apart", "back", "short")}
    servers, zone = "", ""
    for name, web in webs.items():
        leaf = authority.issue(f"{name}.bad.test")
        files = (authority.full_chain(leaf), leaf.key)
        full, listen = f"{name}.bad.test", [f"{web}:443"]
        zone += f"{name} IN A {web}\n"
        if name == "apart":
            servers += plain_server([f"{web}:80"], full, HTML, GOOD_HEADERS) + tls_server(listen, full, *files, HTML)
        elif name == "back":
            servers += plain_server([f"{web}:80"], full, HTML, GOOD_HEADERS)
            servers += tls_server(listen, full, *files, f"    return 302 http://{full}/;\n")
        else:
            short = GOOD_HEADERS.replace("max-age=31536000", "max-age=86400")
            servers += to_https([f"{web}:80"], full) + tls_server(listen, full, *files, HTML, headers=short)
    targets = [f"{name}.bad.test" for name in webs]
    rows = [row(target, probe_class="passive") for target in targets] + [row(web) for web in webs.values()]
    with nginx(tmp / "nginx", servers, [(web, 443) for web in webs.values()]), named(tmp / "named", {"bad.test": (zone, False)}, port):
        result = look(tmp, rows, targets, "--trust", authority.trust, dns_port=port)
        expect(result, {"apart.bad.test": BAD_NAME | {"http.https_redirect_missing"}, "short.bad.test": BAD_NAME | {"header.hsts_short"}})
        back = serious(result, "back.bad.test")
        check_true("http.https_downgrade" in back, f"https led back: {back}")
        for target in targets:
            check_equal(result.coverage()[target, "exposure.git_repository"], ("refused", "policy"), "class passive asks for no hidden path")


@case
def apache_badly_kept(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(80)
    debian = pathlib.Path("/usr/share/apache2/default-site/index.html").read_text(encoding="utf-8", errors="replace")
    default, status, listing = (folder_of(tmp, files) for files in ({"index.html": debian}, {"index.html": PAGE}, {"data/x.txt": "1"}))
    text = "ExtendedStatus On\n"
    for number, root, more in ((8011, default, ""), (8012, status, "TraceEnable on\n<Location /server-status>\nSetHandler server-status\n</Location>\n"),
                               (8013, listing, f"<Directory {listing}>\nOptions +Indexes\n</Directory>\n")):
        trace = "" if "TraceEnable" in more else "TraceEnable off\n"
        text += f"Listen {web}:{number}\n<VirtualHost {web}:{number}>\nDocumentRoot {root}\nAddDefaultCharset utf-8\n{trace}{more}</VirtualHost>\n"
        text += f"<Directory {root}>\nRequire all granted\n</Directory>\n"
    targets = {number: f"http://{web}:{number}/" for number in (8011, 8012, 8013)}
    with apache(tmp / "apache", text, [(web, number) for number in targets], tokens="Full"):
        result = look(tmp, [row(target) for target in targets.values()], list(targets.values()))
        bare = BARE_PAGE | {"http.https_missing"}
        expect(result, {
            targets[8011]: bare | {"http.default_page"},
            targets[8012]: bare | {"http.trace_enabled", "exposure.server_status"},
            targets[8013]: bare | {"http.directory_listing"},
        })


@case
def mail_badly_kept(tmp):
    if os.geteuid() != 0:
        print("note: mail_badly_kept needs root for postfix; not run")
        return
    os.chmod(tmp, 0o755)
    mail, port = own_address(25), free_port()
    zones = {
        "open.test": (f"@ IN MX 10 mx\nmx IN A {mail}\n@ IN TXT \"v=spf1 +all\"\n_dmarc IN TXT \"v=DMARC1; p=none\"\n", False),
        "bare.test": (f"@ IN MX 10 mx\nmx IN A {mail}\n", False),
        "null.test": ("@ IN MX 0 .\n@ IN TXT \"v=spf1 -all\"\n_dmarc IN TXT \"v=DMARC1; p=reject\"\n@ IN CAA 0 issue \";\"\n", True),
    }
    rows = [row(f"mail:{zone}") for zone in zones] + [row(mail), row("127.0.0.1")]
    with named(tmp / "named", zones, port), postfix(tmp / "postfix", mail, "mx.open.test", "open.test"):
        result = look(tmp, rows, [f"mail:{zone}" for zone in zones], dns_port=port)
        zone = {"dns.dnssec_missing", "dns.caa_missing"}
        expect(result, {
            "mail:open.test": zone | {"mail.spf_permissive", "mail.dmarc_policy_none", "mail.starttls_missing"},
            "mail:bare.test": zone | {"mail.spf_missing", "mail.dmarc_missing", "mail.starttls_missing"},
            "mail:null.test": set(),
        })


main()
