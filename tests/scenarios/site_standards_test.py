"""Scripts, ports, known software, IPv6 and integrity of sites, with real servers on loopback."""
import gzip
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.named import named  # noqa: E402
from servers.nginx import nginx, plain_server  # noqa: E402
from servers.process import accepts, can_listen, own_address  # noqa: E402
from support.harness import ROOT, case, check_equal, check_true, fengsui, free_port, main, row, write_registry  # noqa: E402

DATA = ROOT / "tests/data/software"


def look(tmp, rows, targets, *more, checks=(), dns_port=None, status=0, command="check"):
    os.chmod(tmp, 0o755)
    registry = write_registry(tmp / "registry.csv", *rows)
    resolver = ["--resolver", f"127.0.0.1:{dns_port}"] if dns_port else []
    chosen = [word for check in checks for word in ("--check", check)]
    result = fengsui(command, *targets, "--registry", registry, "--rate", "1000", "--connections", "4", "--deadline", "60", *chosen, *resolver,
                     *more, timeout=150)
    check_equal(result.status, status, f"exit status ({result.err})")
    return result


def found(result, target=None):
    """{check: evidence} of one target; a check twice is a list's matter and told."""
    claims = {}
    for line in result.of_type("finding"):
        if target in (None, line["target"]):
            check_true(line["check"] not in claims or line["check"].startswith("port."), f"{line['check']} twice")
            claims[line["check"]] = line
    return claims


def page_folder(tmp, files):
    root = tmp / f"root-{len(list(tmp.glob('root-*')))}"
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def html(body, title="District office"):
    return f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'


def site(web, port, root, name="_", more="", listen=None):
    return plain_server(listen or [f"{web}:{port}"], name, f"    root {root};\n    charset utf-8;\n{more}")


@case
def scripts_of_strangers(tmp):
    os.chmod(tmp, 0o755)
    web, dns = own_address(8301), free_port()
    scripts = ('<script src="https://js.lost-cdn.com.cn/count.js" integrity="sha384-abc"></script>'
               '<script src="https://gone.kept-cdn.com.cn/a.js" integrity="sha384-abc"></script>'
               '<script src="https://js.inside.test/a.js" integrity="sha384-abc"></script>'
               '<script src="https://cdn.kept-cdn.com.cn/b.js"></script><script src="/own.js"></script>')
    bad, good = page_folder(tmp, {"index.html": html(scripts), "own.js": "var a=1"}), page_folder(
        tmp, {"index.html": html('<script src="/own.js"></script>'), "own.js": "/*! Sample v1.4.0 */"})
    zones = {"com.cn": (f"www.office IN A {web}\nwww.kept IN A {web}\n*.kept-cdn IN TXT \"x\"\nkept-cdn IN A {web}\ncdn.kept-cdn IN A {web}\n", False),
             "cn": ("com IN NS ns.com\nns.com IN A 127.0.0.1\n", False)}
    targets = ["http://www.office.com.cn:8301/", "http://www.kept.com.cn:8301/"]
    servers = site(web, 8301, bad, "www.office.com.cn") + site(web, 8301, good, "www.kept.com.cn")
    rows = [row(target, probe_class="passive") for target in targets] + [row(web)]
    with nginx(tmp / "nginx", servers, [(web, 8301)]), named(tmp / "named", zones, dns):
        result = look(tmp, rows, targets, checks=("script.*",), dns_port=dns)
        claims = found(result, targets[0])
        check_equal(set(claims), {"script.unregistered_domain", "script.integrity_missing"}, "the careless page")
        check_equal(claims["script.unregistered_domain"]["evidence"]["domain"], "lost-cdn.com.cn", "which domain")
        check_equal(claims["script.integrity_missing"]["evidence"]["count"], 1, "without integrity")
        check_equal(found(result, targets[1]), {}, "the kept page")
        check_equal(result.coverage()[targets[1], "script.vulnerable_library"], ("skipped", "not_applicable"), "without data files")
        # A resolver that denies the whole world says nothing about one domain.
        blind = free_port()
        with named(tmp / "blind", {"office.com.cn": (f"www IN A {web}\n", False), "cn": ("x IN A 127.0.0.1\n", False)}, blind):
            result = look(tmp, rows, [targets[0]], checks=("script.unregistered_domain",), dns_port=blind)
            check_equal(found(result), {}, "com.cn itself is denied there")
        data = tmp / "data"
        data.mkdir()
        shutil.copy(DATA / "libraries.json", data)
        result = look(tmp, rows, targets, "--software-data", data, checks=("script.vulnerable_library",), dns_port=dns)
        check_equal(found(result, targets[0]), {}, "no library there")
        library = found(result, targets[1])["script.vulnerable_library"]
        check_equal((library["evidence"]["version"], library["evidence"]["sign"], library["severity"]), ("1.4.0", "content", "medium"), "the library")


class Port:
    """Accepts, may greet, and keeps what it is sent."""

    def __init__(self, address, number, greeting=b""):
        self.greeting, self.received, self.connections, self.is_open = greeting, b"", 0, True
        self.socket = socket.create_server((address, number))
        self.socket.settimeout(0.2)
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        while self.is_open:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                continue
            with peer:
                self.connections += 1
                peer.settimeout(3)
                try:
                    peer.sendall(self.greeting)
                    while piece := peer.recv(4096):
                        self.received += piece
                except OSError:
                    pass

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_open = False
        self.thread.join(5)
        self.socket.close()


@case
def ports_beside_the_web(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(80, 8302, 6379, 3306, 873, 5900)
    root = page_folder(tmp, {"index.html": html("<p>hello</p>")})
    taken = {number for number in (22, 23, 21, 445, 139) if accepts(web, number)}  # this machine's own, on all addresses
    rows = [row(web, probe_class="passive"), row(f"http://{web}:8302/", probe_class="passive")]
    with nginx(tmp / "nginx", site(web, 80, root) + site(web, 8302, root), [(web, 80), (web, 8302)]), \
            Port(web, 6379) as redis, Port(web, 3306, b"J\0\0\0\n5.7.44-log\0") as mysql, Port(web, 873, b"@RSYNCD: 31.0\n") as rsync, \
            Port(web, 5900, b"RFB 003.008\n") as vnc:
        result = look(tmp, rows, [web, f"http://{web}:8302/"], checks=("port.*",))
        claims = {(line["check"], line["locator"]): line for line in result.of_type("finding")
                  if int(line["locator"].split()[1]) not in taken}
        check_equal(set(claims), {("port.database_open", "port 6379"), ("port.database_open", "port 3306"), ("port.open", "port 873"),
                                  ("port.remote_administration_open", "port 5900")}, "open ports")
        check_equal({line["target"] for line in claims.values()}, {web}, "a URL's machine is not looked at for its sake")
        check_equal(result.coverage()[f"http://{web}:8302/", "port.open"], ("skipped", "not_applicable"), "of the URL")
        check_equal(claims["port.database_open", "port 3306"]["evidence"]["greeting"], "J....5.7.44-log.", "a greeting that is not text")
        check_equal(claims["port.open", "port 873"]["severity"], "info", "a fact")
        for port in (redis, mysql, rsync, vnc):
            check_equal(port.received, b"", "nothing is ever written")
            check_equal(port.connections, 2, "looked at and confirmed")


@case
def a_machine_that_answers_on_every_port(tmp):
    os.chmod(tmp, 0o755)
    numbers = (873, 1433, 1521, 3306, 5236, 5432, 5900, 5985, 6379, 9200, 49151)
    web = own_address(80, *numbers)
    root = page_folder(tmp, {"index.html": html("<p>hello</p>")})
    with nginx(tmp / "nginx", site(web, 80, root), [(web, 80)]):
        ports = [Port(web, number).__enter__() for number in numbers]
        try:
            result = look(tmp, [row(web)], [web], checks=("port.*",))
            check_equal(found(result), {}, "something answers for all: it is not these services")
            check_equal(result.coverage()[web, "port.database_open"], ("skipped", "not_applicable"), "not judged")
        finally:
            for port in ports:
                port.__exit__()


def nvd_entry(number, cpe, score, **span):
    match = {"vulnerable": True, "criteria": f"cpe:2.3:a:{cpe}:*:*:*:*:*:*:*", "matchCriteriaId": "0", **span}
    return {"cve": {"id": f"CVE-2099-{number}", "vulnStatus": "Analyzed", "descriptions": [{"lang": "en", "value": "made up"}],
                    "metrics": {"cvssMetricV31": [{"type": "Primary", "cvssData": {"baseScore": score}}]},
                    "configurations": [{"nodes": [{"operator": "OR", "negate": False, "cpeMatch": [match]}]}]}}


@case
def known_software(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(8303, 8304)
    root = page_folder(tmp, {"index.html": html('<script src="/js/jquery-1.8.3.min.js"></script>')})
    packaged = "    add_header X-Powered-By 'PHP/7.4.3-4ubuntu2.18';\n"
    servers = site(web, 8303, root) + site(web, 8304, root, more=packaged)
    data = tmp / "data"
    data.mkdir()
    nvd = {"format": "NVD_CVE", "version": "2.0", "vulnerabilities": [
        nvd_entry(30001, "f5:nginx:*", 9.8, versionStartIncluding="1.0.0", versionEndExcluding="99.0.0"),
        nvd_entry(30002, "php:php:*", 9.8, versionEndExcluding="7.4.30"), nvd_entry(30003, "f5:nginx:0.5.0", 9.8)]}
    (data / "nvdcve-2.0-2099.json.gz").write_bytes(gzip.compress(json.dumps(nvd).encode()))
    (data / "kev.json").write_text(json.dumps({"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2099-30001", "dateAdded": "2099-01-01"}]}))
    (data / "nginx.json").write_text(json.dumps([{"cycle": f"1.{n}", "eol": "2020-01-01", "latest": f"1.{n}.99"} for n in range(0, 60)]))
    targets = [f"http://{web}:8303/", f"http://{web}:8304/"]
    rows = [row(target, probe_class="passive") for target in targets]
    checks = ("software.outdated", "software.end_of_life", "software.known_vulnerability")
    with nginx(tmp / "nginx", servers, [(web, 8303), (web, 8304)], tokens="on"):
        result = look(tmp, rows, targets, checks=checks)
        check_equal(found(result), {}, "without data files nothing is claimed")
        check_equal({value for key, value in result.coverage().items()}, {("skipped", "not_applicable")}, "coverage without data files")
        result = look(tmp, rows, [targets[0]], "--software-data", data, checks=checks)
        claims = found(result)
        check_equal(set(claims), set(checks), "nginx tells its version")
        known = claims["software.known_vulnerability"]
        check_equal([one["id"] for one in known["evidence"]["vulnerabilities"]], ["CVE-2099-30001"], "by version range")
        check_equal((known["severity"], known["evidence"]["certainty"], known["evidence"]["exploited"]), ("critical", "stated", 1), "exploited elsewhere")
        result = look(tmp, rows, [targets[1]], "--software-data", data, checks=("software.known_vulnerability",))
        lines = {line["locator"]: line for line in result.of_type("finding")}
        php = lines["php"]
        check_equal((php["severity"], php["evidence"]["certainty"], php["evidence"]["distribution"]), ("info", "uncertain", "Ubuntu"), "a package")
    whole = json.dumps(nvd, indent=1)
    (data / "nvdcve-2.0-2098.json").write_text(whole[: len(whole) * 2 // 3])
    result = look(tmp, rows, targets, "--software-data", data, checks=checks, status=2)
    check_true("nvdcve-2.0-2098.json" in result.err and "line " in result.err and "byte " in result.err, f"a file cut short: {result.err}")
    (data / "nvdcve-2.0-2098.json").unlink()
    packed = (data / "nvdcve-2.0-2099.json.gz").read_bytes()
    (data / "nvdcve-2.0-2099.json.gz").write_bytes(packed[:-20])
    result = look(tmp, rows, targets, "--software-data", data, checks=checks, status=2)
    check_true("nvdcve-2.0-2099.json.gz" in result.err, f"a compressed file cut short: {result.err}")
    (data / "nvdcve-2.0-2099.json.gz").write_text("hello")
    result = look(tmp, rows, targets, "--software-data", data, checks=checks, status=2)
    check_true("NVD JSON 2.0" in result.err, f"an unknown file: {result.err}")


def dual_zone(web, names, servers=2):
    """Names with both families; so many of the two name servers have IPv6."""
    text = "@ IN NS ns2\nns2 IN A 127.0.0.1\n" + "".join(f"{ns} IN AAAA ::1\n" for ns in ("ns", "ns2")[:servers])
    return text + "".join(f"{name} IN A {web}\n{name} IN AAAA ::1\n" for name in names)


@case
def two_families(tmp):
    if not can_listen("::1", (8311,)):
        print("note: two_families needs ::1; not run")
        return
    os.chmod(tmp, 0o755)
    web, dns = own_address(*range(8311, 8318)), free_port()
    links = "".join(f'<p><a href="/p{i}.html">Page number {"abcdef"[i]}</a></p>' for i in range(4))
    pages = {"index.html": html("<h1>Welcome here</h1><p>Opening hours</p><p>Telephone</p>" + links),
             **{f"p{i}.html": html(f"<p>page {'abcdef'[i]}</p><a href='/deep{i}.html'>more</a>") for i in range(4)},
             **{f"deep{i}.html": html(f"<p>deep {'abcdef'[i]}</p>") for i in range(4)}}
    root, other = page_folder(tmp, pages), page_folder(tmp, {**pages, "index.html": html("<div>nobody has looked after this machine</div>", "Test page")})
    both = {port: [f"{web}:{port}", f"[::1]:{port}"] for port in (8311, 8313)}
    servers = site(web, 8311, root, listen=both[8311])
    servers += site(web, 8312, root) + site("", 0, other, listen=["[::1]:8312"])
    servers += site(web, 8313, root, listen=both[8313], more="    location ~ ^/p[01] { deny ::1; }\n")
    servers += site(web, 8314, root) + site(web, 8316, root, listen=[f"{web}:8316", "[::1]:8316"]) + site(web, 8317, root)
    zones = {"good.test": (dual_zone(web, ["www"]), False), "bad.test": (dual_zone(web, ["other", "links", "closed", "half"], 1), False)}
    targets = {"good": "http://www.good.test:8311/", "other": "http://other.bad.test:8312/", "links": "http://links.bad.test:8313/",
               "closed": "http://closed.bad.test:8314/", "half": "http://half.bad.test:8316/"}
    rows = [row(target, probe_class="passive") for target in targets.values()] + [row(web), row("::1"), row("127.0.0.1")]
    ends = [(web, port) for port in (8311, 8312, 8313, 8314, 8316, 8317)]
    with nginx(tmp / "nginx", servers, ends), named(tmp / "named", zones, dns):
        result = look(tmp, rows, targets.values(), checks=("ipv6.*",), dns_port=dns)
        check_equal(set(found(result, targets["good"])), set(), "a site that is the same over both")
        names = {"ipv6.name_servers_missing"}
        check_equal(set(found(result, targets["other"])), names | {"ipv6.content_differs"}, "another page over IPv6")
        check_equal(set(found(result, targets["links"])), names | {"ipv6.links_unreachable"}, "pages that IPv6 does not get")
        check_equal(set(found(result, targets["closed"])), names | {"ipv6.unreachable"}, "refused")
        share = found(result, targets["links"])["ipv6.links_unreachable"]["evidence"]
        check_equal((share["second_level_percent"], share["second_level_sampled"]), (50, 4), "of the links that IPv4 has")
        check_equal(found(result, targets["half"]).keys(), names, "one port, which answers")
        check_equal(found(result, targets["other"])["ipv6.name_servers_missing"]["evidence"]["name_servers_with_ipv6"], 1, "servers with IPv6")


# In a network namespace: one network of our own that answers, one behind an interface that nobody reads.
NAMESPACE = ("ip link set lo up && ip -6 addr add fd00:7::1/128 dev lo nodad && ip tuntap add dev quiet mode tun && ip link set quiet up && "
             "ip -6 addr add fd00:8::1/64 dev quiet nodad")


def inside_the_namespace(tmp):
    if subprocess.run(NAMESPACE, shell=True, stdin=subprocess.DEVNULL, capture_output=True).returncode != 0:
        print("note: a network namespace with a silent network cannot be made here; not run")
        return
    os.chmod(tmp, 0o755)
    dns = free_port()
    root = page_folder(tmp, {"index.html": html(TEXTS)})
    servers = site("", 0, root, listen=["127.0.0.1:8331", "[fd00:7::1]:8331"]) + site("", 0, root, listen=["127.0.0.1:8332"])
    zone = "up IN A 127.0.0.1\nup IN AAAA fd00:7::1\nsilent IN A 127.0.0.1\nsilent IN AAAA fd00:8::99\n"
    up, silent = "http://up.own.test:8331/", "http://silent.own.test:8332/"
    rows = [row(target, probe_class="passive") for target in (up, silent, "127.0.0.1", "fd00:7::1", "fd00:8::99")]
    with nginx(tmp / "nginx", servers, [("127.0.0.1", 8331), ("127.0.0.1", 8332)]), named(tmp / "named", {"own.test": (zone, False)}, dns):
        checks = ("ipv6.unreachable", "ipv6.partly_unreachable")
        ours = ["--contact", "mailto:office@own.test"]  # without it only loopback is contacted
        result = look(tmp, rows, [silent], *ours, checks=checks, dns_port=dns)
        check_equal(found(result), {}, "silence alone may be our own line's")
        check_equal(result.coverage()[silent, "ipv6.unreachable"], ("not_reached", "timeout"), "unknown, not a fault")
        result = look(tmp, rows, [up, silent], *ours, checks=checks, dns_port=dns)
        check_equal(set(found(result, silent)), {"ipv6.unreachable"}, "another target's answer shows that our IPv6 works")
        check_equal(found(result, up), {}, "which is well")
        subprocess.run(["ip", "-6", "addr", "flush", "dev", "quiet"], check=True)
        result = look(tmp, rows, [up, silent], *ours, checks=checks, dns_port=dns)
        check_equal(found(result), {}, "without a route nothing is said of the site")
        check_equal(result.coverage()[silent, "ipv6.unreachable"], ("not_reached", "timeout"), "unknown again")
    print("the namespace was judged")


@case
def a_silent_network_and_our_own_line(tmp):
    apart = "-n" if os.geteuid() == 0 else "-rn"  # root of its own namespace, whoever runs the test
    done = subprocess.run(["unshare", apart, sys.executable, __file__, "--inside", tmp], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=300)
    check_equal(done.returncode, 0, done.stdout + done.stderr)
    print(f"     {done.stdout.strip()}")


PLANTED = "".join(f'<a href="http://p{i}.stranger{i}.test/">{i}</a>' for i in range(6))
TEXTS = "".join(f"<p>paragraph {word} of the page</p>" for word in ("alpha", "beta", "gamma", "delta", "epsilon"))


@case
def hidden_and_cloaked(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(8321, 8322, 8323, 8324)
    clean, planted = page_folder(tmp, {"index.html": html(TEXTS)}), page_folder(tmp, {"index.html": html(TEXTS + PLANTED)})
    tricked = page_folder(tmp, {"index.html": html(TEXTS + f'<div style="position:absolute;left:-9999px">{PLANTED}</div>')})
    menu = page_folder(tmp, {"index.html": html(TEXTS + f'<div id="friends" style="display:none">{PLANTED}</div>')})
    cloak = f"    location / {{ root {clean}; if ($http_user_agent ~* spider) {{ root {planted}; }} }}\n"
    servers = site(web, 8321, clean) + site(web, 8322, tricked) + site(web, 8323, menu) + plain_server([f"{web}:8324"], "_", cloak)
    targets = {number: f"http://{web}:{number}/" for number in (8321, 8322, 8323, 8324)}
    rows = [row(target, probe_class="passive") for target in targets.values()]
    with nginx(tmp / "nginx", servers, [(web, number) for number in targets]):
        result = look(tmp, rows, targets.values(), checks=("integrity.*",))
        check_equal({number: set(found(result, target)) for number, target in targets.items()},
                    {8321: set(), 8322: {"integrity.hidden_link"}, 8323: set(), 8324: {"integrity.cloaked"}}, "findings")
        check_equal(result.coverage()[targets[8321], "integrity.replaced"], ("skipped", "not_applicable"), "nothing is learned without a store")
        check_equal(result.coverage()[targets[8321], "integrity.hidden_link"], ("completed", None), "judged at once")


@case
def a_page_learned_defaced_and_confirmed(tmp):
    os.chmod(tmp, 0o755)
    web = own_address(8325)
    root = page_folder(tmp, {"index.html": html(TEXTS)})
    target = f"http://{web}:8325/"
    rows, data = [row(target, probe_class="passive")], ["--data", tmp / "data"]

    def visit(*more):
        return found(look(tmp, rows, [], *data, *more, checks=("integrity.*",), command="patrol"))

    with nginx(tmp / "nginx", site(web, 8325, root), [(web, 8325)]):
        for day in range(3):
            (root / "index.html").write_text(html(TEXTS + f"<p>headline of the day {'xyz'[day]}</p>"))
            check_equal(visit(), {}, f"learning, visit {day + 1}")
        (root / "index.html").write_text(html(TEXTS + "<p>headline of a quiet day</p>"))
        check_equal(visit(), {}, "an ordinary day")
        (root / "index.html").write_text("<html><head><title>was here</title></head><body><center><table><tr><td><font>nothing but this</font></td></tr></table>"
                                         "<img src=a><br><hr><ul><li>and this<li>and that</ul></center></body></html>")
        claims = visit()
        check_equal(set(claims), {"integrity.replaced"}, "defaced")
        check_equal((claims["integrity.replaced"]["severity"], claims["integrity.replaced"]["evidence"]["title_before"]), ("critical", "District office"), "told")
        check_equal(set(visit()), {"integrity.replaced"}, "a defacement is not learned")
        (root / "index.html").write_text(html(TEXTS))
        check_equal(visit(), {}, "restored")
        (root / "index.html").write_text(html(TEXTS + '<script src="https://cdn.stranger.test/x.js"></script>'))
        claims = visit()
        check_equal(set(claims), {"integrity.changed"}, "code from a new place")
        check_equal(claims["integrity.changed"]["evidence"]["new_sources"], ["stranger.test"], "which place")
        visit("--relearn")
        for _ in range(3):
            check_equal(visit(), {}, "confirmed by the operator, learned anew")


if sys.argv[1:2] == ["--inside"]:
    inside_the_namespace(pathlib.Path(sys.argv[2]))
else:
    main()
