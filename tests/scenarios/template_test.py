"""Templates on the real binary: what is sent, by the server's own log; what is found; what never leaves."""
import json
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.dns_server import DnsServer  # noqa: E402
from peers.listener import Listener, page, redirect  # noqa: E402
from support.harness import (FENGSUI, case, check_equal, check_true, fengsui, main, row, running, write_registry)  # noqa: E402

FAST = ["--rate", "1000", "--deadline", "30", "--once"]
INFO = "info: {name: Test, author: fengsui, severity: %s}\n"


def write_template(folder, name, text, severity="info"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(f"id: {name}\n" + INFO % severity + text, encoding="utf-8")


def get(path, matchers, extra=""):
    return "http:\n  - method: GET\n    path: ['{{BaseURL}}%s']\n%s    matchers:\n%s" % (path, extra, matchers)


WORD = "      - {type: word, words: ['%s']}\n"


def site(answers):
    """A web server that answers paths from a dict and 404 otherwise."""
    def reply(request):
        path = request.split(b" ")[1].decode()
        return answers.get(path, page("nothing here", "404 Not Found"))
    return Listener(reply)


def asked(listener):
    """Method and path of every request, as the server saw them."""
    return [tuple(request.split(b"\r\n")[0].decode().split(" ")[:2]) for request in listener.requests]


def patrol(tmp, *rows, more=()):
    registry = write_registry(tmp / "r.csv", *rows)
    return fengsui("patrol", "--template", tmp / "t", "--registry", registry, "--data", tmp / "d", "--check", "site.unreachable",
                   *FAST, *more)


def hits(result):
    return [(line["template-id"], line["matched-at"]) for line in result.of_type("template")]


def prepare(tmp):
    """The data directory of a patrol, empty but for its store."""
    check_equal(fengsui("registry", "import", write_registry(tmp / "first.csv", row("127.0.0.99")), "--data", tmp / "d").status, 0, "import")


@case
def what_loads_is_told_and_decides_the_exit_status(tmp):
    write_template(tmp / "t", "good", get("", WORD % "hello"))
    write_template(tmp / "t", "hidden", get("/.git/config", WORD % "core"))
    write_template(tmp / "t", "posts", "http:\n  - method: POST\n    path: ['{{BaseURL}}/']\n    body: a=1\n    matchers:\n" + WORD % "x")
    write_template(tmp / "t", "words", "http:\n  - method: GET\n    path: ['{{BaseURL}}/{{w}}']\n    attack: batteringram\n"
                   "    payloads: {w: words.txt}\n    matchers:\n" + WORD % "x")
    (tmp / "t" / "words.txt").write_text("one\ntwo\n")
    for command in ("validate", "list", "explain"):
        result = fengsui("template", command, tmp / "t")
        check_equal(result.status, 0, f"{command}: {result.err}")
        lines = {line["template-id"]: line for line in result.of_type("template_status")}
        check_equal({name: (line["status"], line.get("class")) for name, line in lines.items()},
                    {"good": ("runnable", "passive"), "hidden": ("runnable", "careful"), "posts": ("refused", None),
                     "words": ("runnable", "careful")}, command)
        check_equal(lines["posts"]["reason"], "method", "the rule")
        check_true("POST" in lines["posts"]["message"], "the offending text")
        check_equal(len(lines["words"]["requests"]), 2, "requests of the list")
    (tmp / "t" / "broken.yaml").write_text("id: broken\nhttp: [")
    result = fengsui("template", "validate", tmp / "t")
    check_equal(result.status, 2, "a broken file")
    check_equal(len(result.of_type("template_status")), 5, "the others still load")
    check_equal(fengsui("template", "list", tmp / "absent").status, 2, "a path that is not there")
    text = fengsui("template", "explain", tmp / "t", "--format", "text")
    check_true("GET" in text.out and "refused" in text.out, text.out)


@case
def passive_careful_and_refused_on_one_site(tmp):
    prepare(tmp)
    write_template(tmp / "t", "front", get("", WORD % "hello"), "medium")
    write_template(tmp / "t", "hidden", get("/.git/config", WORD % "core"), "high")
    write_template(tmp / "t", "posts", "http:\n  - method: POST\n    path: ['{{BaseURL}}/post']\n    body: a=1\n    matchers:\n" + WORD % "hello")
    answers = {"/": page("<title>t</title>hello"), "/.git/config": page("[core]"), "/post": page("hello")}
    with site(answers) as careful, site(answers) as passive:
        first, second = (f"http://127.0.0.1:{server.port}" for server in (careful, passive))
        result = patrol(tmp, row(first), row(second, probe_class="passive"))
        check_equal(result.status, 0, result.err)
        check_equal(sorted(hits(result)), sorted([("front", first), ("front", second), ("hidden", first + "/.git/config")]), "hits")
        coverage = result.coverage()
        for target, check, expected in ((first, "front", ("completed", None)), (first, "hidden", ("completed", None)),
                                        (first, "posts", ("refused", "policy")), (second, "hidden", ("refused", "policy"))):
            check_equal(coverage[target, "template/" + check], expected, f"coverage of {check} on {target}")
        check_true(("GET", "/.git/config") in asked(careful), "the careful path was asked for")
        check_true(("GET", "/.git/config") not in asked(passive), "and not under class passive")
        everything = asked(careful) + asked(passive)
        check_true(all(method in ("GET", "HEAD", "OPTIONS") and path != "/post" for method, path in everything), str(everything))
        check_equal({(target, check) for target, check in result.findings() if check.startswith("template.")},
                    {(first, "template.front"), (second, "template.front"), (first, "template.hidden")}, "findings")
        line = result.of_type("template")[0]
        check_true(line["type-of"] == "http" and line["unit"] == "u1" and line["info"]["name"] == "Test", str(line))


@case
def a_finding_is_stored_and_is_absent_when_it_is_mended(tmp):
    write_template(tmp / "t", "front", get("", WORD % "hello"), "medium")
    answers = {"/": page("hello")}
    with site(answers) as server:
        registry = write_registry(tmp / "r.csv", row(f"http://127.0.0.1:{server.port}/"))
        check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import")
        command = ["patrol", "--data", tmp / "d", "--template", tmp / "t", "--check", "site.unreachable", *FAST]
        for presence in ("present", "absent"):
            check_equal(fengsui(*command).status, 0, "patrol")
            stored = fengsui("findings", "--data", tmp / "d").of_type("finding")
            check_equal([(line["check"], line["presence"]) for line in stored], [("template.front", presence)], "stored")
            answers["/"] = page("mended")


@case
def redirects_are_followed_in_scope_only(tmp):
    prepare(tmp)
    write_template(tmp / "t", "goes", get("/go", WORD % "inside", "    redirects: true\n    max-redirects: 3\n"))
    write_template(tmp / "t", "stays", get("/go", WORD % "inside"))
    write_template(tmp / "t", "leaves", get("/leave", WORD % "inside", "    redirects: true\n    max-redirects: 3\n"))
    with Listener(page("inside"), address="127.0.0.3") as stranger:
        answers = {"/go": redirect("/there"), "/there": page("inside"), "/leave": redirect(f"http://127.0.0.3:{stranger.port}/")}
        with site(answers) as server:
            target = f"http://127.0.0.1:{server.port}"
            result = patrol(tmp, row(target))
            check_equal(hits(result), [("goes", target + "/there")], "hits")
            check_equal(stranger.connections, 0, "connections to the stranger")
            check_true(("GET", "/leave") in asked(server), "the redirect itself was asked for")


@case
def extracted_values_and_the_first_match(tmp):
    prepare(tmp)
    write_template(tmp / "t", "two-steps", """http:
  - raw:
      - |
        GET /first HTTP/1.1
        Host: {{Hostname}}

      - |
        GET /dir/{{name}} HTTP/1.1
        Host: {{Hostname}}

    extractors:
      - {type: regex, name: name, internal: true, part: body, group: 1, regex: ['go to ([a-z0-9./]+)']}
    matchers:
""" + WORD % "treasure")
    write_template(tmp / "t", "stops", "http:\n  - method: GET\n    path: ['{{BaseURL}}/s1', '{{BaseURL}}/s2', '{{BaseURL}}/s3']\n"
                   "    stop-at-first-match: true\n    matchers:\n" + WORD % "match")
    answers = {"/first": page("go to cave42 now"), "/dir/cave42": page("treasure"), "/s2": page("match"), "/s3": page("match")}
    with site(answers) as server:
        target = f"http://127.0.0.1:{server.port}"
        result = patrol(tmp, row(target))
        check_equal(sorted(hits(result)), [("stops", target + "/s2"), ("two-steps", target + "/dir/cave42")], "hits")
        check_true(("GET", "/s3") not in asked(server), "nothing after the first match")
    answers["/first"] = page("go to ../../etc/passwd now")
    with site(answers) as server:
        target = f"http://127.0.0.1:{server.port}"
        result = patrol(tmp, row(target))
        check_true(not any(path.startswith("/dir") or ".." in path for _, path in asked(server)), str(asked(server)))
        check_equal(result.coverage()[target, "template/two-steps"], ("refused", "policy"), "coverage of a value that climbs")


@case
def lines_for_consumers_of_nuclei(tmp):
    prepare(tmp)
    write_template(tmp / "t", "front", get("", WORD % "hello"))
    with site({"/": page("hello")}) as server:
        result = patrol(tmp, row(f"http://127.0.0.1:{server.port}"), more=["--format", "nuclei"])
        lines = [json.loads(line) for line in result.out.splitlines()]
        check_equal(len(lines), 1, result.out)
        for name in ("template-id", "info", "type", "host", "port", "scheme", "url", "matched-at", "timestamp", "matcher-status"):
            check_true(name in lines[0], name)
        check_equal((lines[0]["type"], lines[0]["template-id"]), ("http", "front"), "the hit")


@case
def the_asset_as_written_is_the_target(tmp):
    prepare(tmp)
    write_template(tmp / "t", "own", get("", WORD % "hello"))
    with site({"/app/index?x=1": page("hello"), "/app/index": page("hello")}) as server:
        target = f"http://127.0.0.1:{server.port}/app/index"
        check_equal(hits(patrol(tmp, row(target))), [("own", target)], "hits")


@case
def the_dns_is_asked_and_a_private_address_is_not(tmp):
    prepare(tmp)
    write_template(tmp / "t", "txt", "dns:\n  - name: '{{FQDN}}'\n    type: TXT\n    matchers:\n      - {type: word, words: ['v=spf1']}\n")
    write_template(tmp / "t", "web", get("", WORD % "hello"))
    with Listener(page("hello"), address="127.0.0.4") as inside:
        records = {("www.town.test", "A"): ["127.0.0.4"], ("www.town.test", "TXT"): ["v=spf1 -all"]}
        with DnsServer(records) as dns:
            target = f"http://www.town.test:{inside.port}/"
            result = patrol(tmp, row(target), more=["--resolver", dns.address])
            check_equal([name for name, _ in hits(result)], ["txt"], "hits")
            check_equal(result.coverage()[target, "template/web"], ("refused", "private_address"), "coverage")
        check_equal(inside.connections, 0, "connections")


@case
def an_interrupt_stops_and_says_so(tmp):
    write_template(tmp / "t", "many", "http:\n  - method: GET\n    path:\n" + "".join(f"      - '{{{{BaseURL}}}}/p{i}'\n" for i in range(300))
                   + "    matchers:\n" + WORD % "hello")
    prepare(tmp)
    with site({"/": page("x")}) as server:
        target = f"http://127.0.0.1:{server.port}"
        registry = write_registry(tmp / "r.csv", row(target))
        with running(FENGSUI, "patrol", "--registry", registry, "--data", tmp / "d", "--template", tmp / "t", "--check", "site.unreachable",
                     "--rate", "20", "--deadline", "60") as process:
            end = time.monotonic() + 30
            while len(server.requests) < 8 and time.monotonic() < end:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            out, _ = process.communicate(timeout=20)
        check_equal(process.returncode, 3, "exit status")
        coverage = [json.loads(line) for line in out.decode().splitlines() if '"template/many"' in line]
        check_equal([(line["status"], line["reason"]) for line in coverage], [("skipped", "stopped")], "coverage")


if __name__ == "__main__":
    main()
