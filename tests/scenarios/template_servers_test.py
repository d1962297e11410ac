"""Templates against real servers and against sites that answer everything: what hits, and what is not believed."""
import contextlib
import gzip
import hashlib
import io
import pathlib
import socket
import subprocess
import sys
import tarfile
import threading
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.dns_server import DnsServer  # noqa: E402
from peers.listener import Listener, page, redirect  # noqa: E402
from servers.apache import apache  # noqa: E402
from servers.authority import Authority  # noqa: E402
from servers.nginx import nginx, plain_server, tls_server  # noqa: E402
from support.harness import (FENGSUI, case, check_equal, check_true, fengsui, free_port, main, row, running,  # noqa: E402
                             write_registry)

INFO = "info: {name: Test, author: fengsui, severity: %s, tags: '%s'}\n"


def write_template(folder, name, text, severity="info", tags=""):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"id: {name}\n" + INFO % (severity, tags) + text, encoding="utf-8")


def get(path, word, more="", status=True):
    matchers = f"      - {{type: word, words: ['{word}']}}\n" + ("      - {type: status, status: [200]}\n" if status else "")
    return f"http:\n  - method: GET\n    path: ['{{{{BaseURL}}}}{path}']\n{more}    matchers-condition: and\n    matchers:\n{matchers}"


def patrol(tmp, *rows, templates=None, more=()):
    registry = write_registry(tmp / "r.csv", *rows)
    result = fengsui("patrol", "--template", templates or tmp / "t", "--registry", registry, "--data", tmp / "d", "--check",
                     "site.unreachable", "--rate", "2000", "--deadline", "40", "--once", *more)
    check_equal(result.status, 0, result.err)
    return result


def hits(result):
    return sorted(line["template-id"] for line in result.of_type("template"))


def web(reply):
    return Listener(lambda request: reply(request.split(b" ")[1].decode()))


def exposures(folder):
    for name, path in (("env", "/.env"), ("git", "/.git/config"), ("zip", "/backup.zip"), ("admin", "/admin/"), ("deep", "/a/b/c.json")):
        write_template(folder, name, get(path, "welcome"), "high")
    write_template(folder, "front", get("", "welcome"), "low")
    write_template(folder, "follows", get("/status", "welcome", "    redirects: true\n    max-redirects: 3\n"), "high")


@case
def a_site_that_answers_everything_yields_nothing(tmp):
    exposures(tmp / "t")
    for reply in (lambda path: page("welcome"), lambda path: page(f"welcome to {path}"), lambda path: page("welcome", headers=[f"X-P: {path}"])):
        with web(reply) as server:
            target = f"http://127.0.0.1:{server.port}"
            result = patrol(tmp, row(target))
            check_equal(hits(result), ["front"], "hits")
            check_equal({check for _, check in result.findings() if check.startswith("template.")}, {"template.front"}, "findings")
            check_equal(result.coverage()[target, "template/env"], ("completed", None), "coverage")


@case
def one_that_sends_everybody_to_its_front_page_too(tmp):
    exposures(tmp / "t")
    with web(lambda path: page("welcome") if path == "/" else redirect("/")) as server:
        check_equal(hits(patrol(tmp, row(f"http://127.0.0.1:{server.port}"))), ["front"], "hits")


@case
def a_catch_all_of_one_folder_or_one_kind_of_file(tmp):
    exposures(tmp / "t")

    def reply(path):
        lies = path.startswith("/a/b/") or path.endswith(".zip")
        return page("welcome") if lies or path == "/.env" else page("not here", "404 Not Found")
    with web(reply) as server:
        check_equal(hits(patrol(tmp, row(f"http://127.0.0.1:{server.port}"))), ["env"], "hits")


@case
def real_hits_stand(tmp):
    exposures(tmp / "t")
    there = {"/", "/.env", "/.git/config", "/backup.zip", "/admin/", "/a/b/c.json"}
    with web(lambda path: page("welcome") if path in there else page("not here", "404 Not Found")) as server:
        check_equal(hits(patrol(tmp, row(f"http://127.0.0.1:{server.port}"))), ["admin", "deep", "env", "front", "git", "zip"], "hits")


@case
def a_sign_in_page_that_everything_leads_to_is_there(tmp):
    write_template(tmp / "t", "login", get("/login", "Grafana", "    host-redirects: true\n    max-redirects: 2\n"), tags="panel")
    with web(lambda path: page("<title>Grafana</title>") if path == "/login" else redirect("/login")) as server:
        check_equal(hits(patrol(tmp, row(f"http://127.0.0.1:{server.port}"))), ["login"], "hits")


@case
def class_passive_asks_for_no_page_that_should_not_exist(tmp):
    write_template(tmp / "t", "robots", get("/robots.txt", "welcome"))
    write_template(tmp / "t", "front", get("", "welcome"))
    with web(lambda path: page("welcome")) as server:
        result = patrol(tmp, row(f"http://127.0.0.1:{server.port}", probe_class="passive"))
        check_equal(hits(result), ["front"], "hits")
        paths = {request.split(b" ")[1] for request in server.requests}
        check_equal(paths - {b"/", b"/robots.txt"}, set(), "paths")
    with web(lambda path: page("welcome") if path == "/robots.txt" else page("front")) as server:
        check_equal(hits(patrol(tmp, row(f"http://127.0.0.1:{server.port}", probe_class="passive"))), ["robots"], "hits")


@case
def a_firewalls_page_is_a_line_and_no_finding(tmp):
    write_template(tmp / "t", "config", get("/config.php", "Web"), "high")
    block = page("<title>Web Application Firewall</title>request refused")
    with web(lambda path: block if path == "/config.php" else page("x", "404 Not Found")) as server:
        result = patrol(tmp, row(f"http://127.0.0.1:{server.port}"))
        check_equal(hits(result), ["config"], "the line that nuclei prints")
        check_equal({check for _, check in result.findings() if check.startswith("template.")}, set(), "findings")


@case
def real_web_servers_are_recognised(tmp):
    tmp.chmod(0o755)
    write_template(tmp / "t", "nginx", "http:\n  - method: GET\n    path: ['{{BaseURL}}']\n    matchers:\n"
                   "      - {type: regex, part: server, name: version, regex: ['nginx/[0-9.]+']}\n", tags="tech")
    write_template(tmp / "t", "apache-default", get("", "It works!"), tags="tech")
    write_template(tmp / "t", "status", get("/server-status", "Apache Server Status"), "low")
    root = tmp / "root"
    root.mkdir()
    (root / "index.html").write_text("<title>Apache2 Debian Default Page: It works</title><p>It works!</p>")
    first, second = free_port(), free_port()
    text = (f"Listen 127.0.0.1:{second}\nDocumentRoot {root}\n<Directory {root}>\nRequire all granted\n</Directory>\n"
            "<Location /server-status>\nSetHandler server-status\nRequire all granted\n</Location>\n")
    with nginx(tmp / "nginx", plain_server([f"127.0.0.1:{first}"], "site.test", "    location / { return 200 'plain'; }\n"),
               [("127.0.0.1", first)], tokens="on"), apache(tmp / "apache", text, [("127.0.0.1", second)]):
        result = patrol(tmp, row(f"http://127.0.0.1:{first}"), row(f"http://127.0.0.1:{second}"))
        found = sorted((line["template-id"], line.get("matcher-name", ""), line["port"]) for line in result.of_type("template"))
        check_equal(found, [("apache-default", "", str(second)), ("nginx", "version", str(first)), ("status", "", str(second))], "hits")


@contextlib.contextmanager
def greeter(text):
    """Says something by itself, as a mail or file server does, and keeps what it is told."""
    told = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        listener.settimeout(0.2)
        stopping = threading.Event()

        def serve():
            while not stopping.is_set():
                with contextlib.suppress(OSError):
                    peer, _ = listener.accept()
                    with peer:
                        peer.settimeout(1)
                        peer.sendall(text)
                        told.append(peer.recv(1000))
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1], told
        finally:
            stopping.set()
            thread.join(5)


@case
def tcp_templates_read_what_a_server_says(tmp):
    write_template(tmp / "t", "greeting", "tcp:\n  - host: ['{{Hostname}}']\n    matchers:\n      - {type: word, words: ['ProFTPD']}\n"
                   "    extractors:\n      - {type: regex, group: 1, regex: ['ProFTPD ([0-9.]+)']}\n")
    write_template(tmp / "t", "other", "tcp:\n  - host: ['{{Hostname}}']\n    matchers:\n      - {type: word, words: ['vsFTPd']}\n")
    with greeter(b"220 ProFTPD 1.3.5 Server ready\r\n") as (port, told):
        result = patrol(tmp, row(f"http://127.0.0.1:{port}"))
        lines = result.of_type("template")
        check_equal([(line["template-id"], line["type-of"], line["extracted-results"]) for line in lines], [("greeting", "tcp", ["1.3.5"])], "hits")
        check_true(all(not word or word.startswith((b"GET ", b"HEAD ")) for word in told), str(told))


@case
def ssl_templates_read_the_handshake(tmp):
    tmp.chmod(0o755)
    write_template(tmp / "t", "self-signed", "ssl:\n  - address: '{{Host}}:{{Port}}'\n    matchers:\n      - {type: dsl, dsl: ['self_signed == true']}\n")
    write_template(tmp / "t", "names", "ssl:\n  - address: '{{Host}}:{{Port}}'\n    extractors:\n      - {type: json, json: ['.subject_an[]']}\n")
    write_template(tmp / "t", "expired", "ssl:\n  - address: '{{Host}}:{{Port}}'\n    matchers:\n      - {type: dsl, dsl: ['expired == true']}\n")
    authority = Authority(tmp / "ca")
    good = authority.issue("www.good.test")
    port = free_port()
    with DnsServer({("www.good.test", "A"): ["127.0.0.1"]}) as dns, \
            nginx(tmp / "nginx", tls_server([f"127.0.0.1:{port}"], "www.good.test", authority.full_chain(good), good.key), [("127.0.0.1", port)]):
        result = patrol(tmp, row(f"https://www.good.test:{port}"), row("127.0.0.1"), more=["--resolver", dns.address])
        found = [(line["template-id"], line["type-of"], line.get("extracted-results")) for line in result.of_type("template")]
        check_equal(found, [("names", "ssl", ["www.good.test"])], f"hits; {result.of_type('coverage')}")


@case
def packs_are_read_from_archives(tmp):
    write_template(tmp / "t", "front", get("", "welcome"))
    write_template(tmp / "t", "words", "http:\n  - method: GET\n    path: ['{{BaseURL}}/{{w}}']\n    payloads: {w: lists/w.txt}\n"
                   "    matchers:\n      - {type: word, words: [welcome]}\n")
    (tmp / "t" / "lists").mkdir()
    (tmp / "t" / "lists" / "w.txt").write_text("one\ntwo\n")
    with tarfile.open(tmp / "p.tar.gz", "w:gz") as archive:
        archive.add(tmp / "t", "templates-1.0")
    with zipfile.ZipFile(tmp / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (tmp / "t").rglob("*.*"):
            archive.write(file, file.relative_to(tmp / "t"))
    there = {"/", "/two"}
    with web(lambda path: page("welcome") if path in there else page("no", "404 Not Found")) as server:
        for name in ("p.tar.gz", "p.zip"):
            hash_ = hashlib.sha256((tmp / name).read_bytes()).hexdigest()
            told = fengsui("template", "validate", tmp / name)
            check_equal(told.status, 0, told.err)
            check_true(hash_ in told.err, f"the hash is shown: {told.err}")
            check_equal(sorted(line["template-id"] for line in told.of_type("template_status")), ["front", "words"], name)
            check_equal(hits(patrol(tmp, row(f"http://127.0.0.1:{server.port}"), templates=tmp / name)), ["front", "words"], name)
    (tmp / "p.zip.sha256").write_text("0" * 64 + "  p.zip\n")
    wrong = fengsui("template", "validate", tmp / "p.zip")
    check_equal(wrong.status, 2, "another hash was promised")
    check_true("SHA-256" in wrong.of_type("template_status")[0]["message"], str(wrong.lines))


@case
def bad_archives_end_in_a_message(tmp):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("bomb.yaml")
        info.size = 400 << 20
        archive.addfile(info, io.BufferedReader(Zeros()))
    (tmp / "bomb.tar.gz").write_bytes(gzip.compress(out.getvalue(), 1))
    with tarfile.open(tmp / "links.tgz", "w:gz") as archive:
        for name, target in (("a.yaml", "/etc/passwd"), ("b.yaml", "../../outside.yaml")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
        data = (f"id: climbs\n{INFO % ('info', '')}" + get("", "x")).encode()
        info = tarfile.TarInfo("../../climbs.yaml")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    (tmp / "text.zip").write_text("this is no archive")
    (tmp / "cut.tar.gz").write_bytes((tmp / "bomb.tar.gz").read_bytes()[:2000])
    for name in ("bomb.tar.gz", "text.zip", "cut.tar.gz"):
        told = fengsui("template", "validate", tmp / name, timeout=60)
        check_equal(told.status, 2, f"{name}: {told.err}")
        check_true("archive" in told.of_type("template_status")[0]["message"], str(told.lines))
    told = fengsui("template", "validate", tmp / "links.tgz")
    check_equal([line["template-id"] for line in told.of_type("template_status")], [], "what links and climbs is left out")


class Zeros(io.RawIOBase):
    def readable(self):
        return True

    def readinto(self, buffer):
        buffer[:] = bytes(len(buffer))
        return len(buffer)


@case
def what_does_not_load_has_its_line_for_every_target(tmp):
    write_template(tmp / "t", "front", get("", "welcome"))
    (tmp / "t" / "broken.yaml").write_text("id: broken\nhttp: [")
    write_template(tmp / "t", "lost", "http:\n  - method: GET\n    path: ['{{BaseURL}}/{{w}}']\n    payloads: {w: nowhere.txt}\n")
    with web(lambda path: page("welcome")) as server:
        target = f"http://127.0.0.1:{server.port}"
        coverage = patrol(tmp, row(target)).coverage()
        for name in ("broken", "lost"):
            check_equal(coverage.get((target, f"template/{name}")), ("skipped", "not_applicable"), name)


def wait_for(what, condition, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.5)
    raise AssertionError(f"{what} did not come")


@case
def serve_runs_packs_at_their_interval_and_takes_up_new_ones(tmp):
    write_template(tmp / "t", "front", get("", "welcome"), "low")
    write_template(tmp / "t", "hidden", get("/hidden", "welcome"), "high")
    write_template(tmp / "only-other", "other", get("", "welcome"), "low")
    (tmp / "d").mkdir()
    (tmp / "d" / "fengsui.yaml").write_text(
        f"rate: 1000\ninterval_templates: 2\ntemplates:\n  - {{path: '{tmp}/t', sha256: '', units: 'u1, u9', probe_class: passive}}\n"
        f"  - {{path: '{tmp}/only-other', sha256: '', units: u2, probe_class: careful}}\n")
    with web(lambda path: page("welcome") if path in ("/", "/hidden") else page("no", "404 Not Found")) as server:
        target = f"http://127.0.0.1:{server.port}"
        check_equal(fengsui("registry", "import", write_registry(tmp / "r.csv", row(target)), "--data", tmp / "d").status, 0, "import")

        def checks():
            return {line["check"] for line in fengsui("findings", "--data", tmp / "d").of_type("finding")
                    if line["check"].startswith("template.") and line["presence"] == "present"}
        with running(FENGSUI, "serve", "--data", tmp / "d", "--listen", f"127.0.0.1:{free_port()}", "--format", "jsonl",
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            wait_for("the finding", lambda: "template.front" in checks())
            write_template(tmp / "t", "second", get("/", "welcome"), "low")
            wait_for("the new template's finding", lambda: "template.second" in checks())
            check_equal(checks(), {"template.front", "template.second"}, "neither the other unit's pack nor class careful")
        check_true(not any(request.startswith(b"GET /hidden") for request in server.requests), "class passive asks for no hidden page")


if __name__ == "__main__":
    main()
