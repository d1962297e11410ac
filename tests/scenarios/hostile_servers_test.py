"""Servers that misbehave: each run ends in time and in little memory, says what it met, and leaves the others alone."""
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers import hostile  # noqa: E402
from peers.hostile import HEAD, Talker  # noqa: E402
from peers.listener import Listener, page  # noqa: E402
from support.harness import FENGSUI, Result, case, check_equal, check_true, free_port, main, row, write_registry  # noqa: E402

DEADLINE = 6
MEGABYTES = 300
BARE = {"http.https_missing", "header.csp_missing", "header.frame_options_missing", "header.content_type_options_missing"}


def measured(tmp, *arguments, timeout=90):
    """The result, the seconds and the peak memory in MB of one run."""
    out, err = tmp / "out", tmp / "err"
    began = time.monotonic()
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen([str(FENGSUI), *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                                   env=dict(os.environ, LC_ALL="C.UTF-8"))
        status = used = None
        while time.monotonic() < began + timeout:
            pid, status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.05)
        else:
            process.kill()
            os.wait4(process.pid, 0)
            process.returncode = -9
            raise AssertionError(f"not ended after {timeout} s")
    process.returncode = os.waitstatus_to_exitcode(status)
    result = Result(process.returncode, out.read_text(errors="replace"), err.read_text(errors="replace"))
    return result, time.monotonic() - began, used.ru_maxrss / 1024


def look(tmp, targets, *more, deadline=DEADLINE):
    """All targets at once, with a well-behaved one among them that must be unaffected."""
    with Listener(page(), address="127.0.0.1") as good:
        calm = f"http://127.0.0.1:{good.port}/"
        registry = write_registry(tmp / "r.csv", *(row(target) for target in [*targets, calm]))
        result, seconds, memory = measured(tmp, "check", *targets, calm, "--registry", registry, "--rate", "2000", "--connections", "50",
                                           "--deadline", str(deadline), *more)
        print(f"     {len(targets)} targets, {seconds:.1f} s, {memory:.0f} MB", flush=True)
        check_equal(result.status, 0, f"exit status ({result.err})")
        check_true(memory < MEGABYTES, f"{memory:.0f} MB at the peak")
        check_equal({check for target, check in result.findings() if target == calm and check in BARE}, BARE, "findings of the calm site")
        check_equal(result.coverage()[calm, "header.csp_missing"], ("completed", None), "coverage of the calm site")
        check_equal(result.lines[-1]["type"], "summary", "last line")
        covered = [(line["target"], line["check"]) for line in result.of_type("coverage")]
        check_equal(len(covered), len(set(covered)), "single coverage lines")
        check_equal({target for target, _ in covered}, {*targets, calm}, "targets of coverage")
        return result, seconds


def web_reasons(result, target):
    """What the coverage lines of the page's checks say."""
    return {value for (of, check), value in result.coverage().items() if of == target and check.startswith("header.")}


def expect_reason(result, target, allowed, what):
    reasons = web_reasons(result, target)
    check_true(reasons and reasons <= set(allowed), f"{what}: {reasons} is not among {allowed}")
    found = {check for of, check in result.findings() if of == target and check.startswith(("header.", "exposure.", "tls."))}
    check_equal(found, set(), f"{what}: findings about what was not seen")


def content_findings(result, target):
    """What is claimed of the content of pages."""
    content = ("exposure.", "http.directory_listing", "http.default_page", "http.stack_trace", "http.mixed_content", "security_txt.invalid")
    return {check for of, check in result.findings() if of == target and check.startswith(content)}


TIMEOUT = [("not_reached", "timeout"), ("skipped", "deadline")]
INVALID = [("not_reached", "http_invalid")]


@case
def slow_and_silent_servers_end_with_the_deadline(tmp):
    slow_head = hostile.drips(HEAD + b"Content-Length: 5\r\n\r\nhello")
    slow_body = hostile.drips(b"x" * 1000)

    def head_then_drip(peer, stop):
        hostile.read_request(peer)
        peer.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        slow_body(peer, stop)

    with Talker(slow_head) as a, Talker(head_then_drip) as b, Talker(hostile.silent) as c:
        secure = c.url.replace("http:", "https:")
        result, seconds = look(tmp, [a.url, b.url, c.url, secure])
        for target, what in ((a.url, "slow head"), (c.url, "silent"), (secure, "silent TLS")):
            expect_reason(result, target, TIMEOUT, what)
        check_equal(content_findings(result, b.url), set(), "slow body")
        check_true(seconds < 3 * DEADLINE + 10, f"{seconds:.0f} s for deadlines of {DEADLINE} s")


@case
def answers_without_end(tmp):
    chunk = b"10000\r\n" + b"y" * 0x10000 + b"\r\n"
    endless = {
        "endless body": (hostile.floods(HEAD + b"\r\n<html>", b"z" * 65536), None),
        "endless chunks": (hostile.floods(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk), None),
        "endless headers": (hostile.floods(b"HTTP/1.1 200 OK\r\n", b"X-More: 1234567890\r\n" * 100), INVALID),
        "endless status line": (hostile.floods(b"HTTP/1.1 200 ", b"O" * 4096), INVALID),
        "endless 100 Continue": (hostile.floods(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), INVALID),
        "ten thousand headers": (hostile.answers(HEAD + b"".join(b"X-%d: 1\r\n" % i for i in range(10000)) + b"\r\nhi"), None),
        "endless chunk extension": (hostile.floods(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5;", b"e" * 4096), None),
    }
    talkers = {name: Talker(talk) for name, (talk, _) in endless.items()}
    try:
        for talker in talkers.values():
            talker.__enter__()
        result, seconds = look(tmp, [talker.url for talker in talkers.values()])
        for name, (_, allowed) in endless.items():
            if allowed:
                expect_reason(result, talkers[name].url, allowed, name)
            check_equal(content_findings(result, talkers[name].url), set(), name)
        check_true(seconds < 3 * DEADLINE + 20, f"{seconds:.0f} s")
    finally:
        for talker in talkers.values():
            talker.__exit__()


@case
def a_gzip_bomb_and_its_kin(tmp):
    bomb = hostile.gzip_bomb(200)
    twice = hostile.answers(HEAD + b"Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\nContent-Length: 4\r\n\r\nabcd")
    broken = hostile.answers(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + b"\x1f\x8b\x08" + b"\xff" * 17)
    with Talker(hostile.answers(bomb)) as a, Talker(twice) as b, Talker(broken) as c:
        result, seconds = look(tmp, [a.url, b.url, c.url])
        check_true(seconds < 3 * DEADLINE + 10, f"{seconds:.0f} s")
        for target in (a.url, b.url, c.url):
            check_equal(content_findings(result, target), set(), f"findings about a body that cannot be read: {target}")


@case
def broken_conversations(tmp):
    short = hostile.answers(HEAD + b"Content-Length: 1000\r\n\r\nonly this")
    bad_length = hostile.answers(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello")
    odd_length = hostile.answers(HEAD + b"Content-Length: -5\r\n\r\nhello")
    noise = hostile.answers(bytes(range(256)) * 20)
    ssh = hostile.answers(b"SSH-2.0-OpenSSH_9.2p1\r\n")
    with Talker(hostile.resets_in_body) as a, Talker(hostile.closes_at_once) as b, Talker(short) as c, Talker(bad_length) as d, \
            Talker(odd_length) as e, Talker(noise) as f, Talker(ssh) as g, Talker(hostile.resets_at_once) as h:
        nobody = f"http://127.0.0.1:{free_port()}/"
        result, _ = look(tmp, [t.url for t in (a, b, c, d, e, f, g, h)] + [nobody])
        reset = [("not_reached", "reset")]
        check_equal(content_findings(result, a.url), set(), "reset in the body")
        expect_reason(result, b.url, reset, "closed at once")
        check_equal(content_findings(result, c.url), set(), "shorter than it says")
        for target in (d.url, e.url):
            check_equal(content_findings(result, target), set(), "a length that is none")
        expect_reason(result, f.url, INVALID, "noise")
        expect_reason(result, g.url, INVALID, "SSH")
        expect_reason(result, h.url, reset, "reset at once")
        expect_reason(result, nobody, [("not_reached", "refused")], "nobody listens")
        check_true((nobody, "site.unreachable") in result.findings(), "a site that refuses is unreachable")


@case
def redirects_without_end(tmp):
    counter = iter(range(10 ** 6))

    def further(peer, _stop):
        while hostile.read_request(peer):
            peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: /next/%d\r\nContent-Length: 0\r\n\r\n" % next(counter))

    def itself(peer, _stop):
        while hostile.read_request(peer):
            peer.sendall(b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    long = hostile.answers(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/" + b"a" * 60000 + b"\r\nContent-Length: 0\r\n\r\n")
    with Talker(further) as a, Talker(itself) as b, Talker(long) as c:
        result, seconds = look(tmp, [a.url, b.url, c.url])
        check_true(next(counter) < 400, "requests of a site that always leads on")
        check_true(seconds < 3 * DEADLINE + 10, f"{seconds:.0f} s")
        for target in (a.url, b.url):
            found = {check for of, check in result.findings() if of == target}
            check_true("exposure.backup_file" not in found and "header.csp_missing" not in found, f"findings without a page: {found}")


@case
def tls_that_is_none(tmp):
    with Talker(hostile.garbage_instead_of_tls) as a, Talker(hostile.flood_of_records) as b, Talker(hostile.one_huge_handshake) as c, \
            Talker(hostile.closes_at_once) as d, Talker(hostile.http_instead_of_tls) as e:
        urls = [t.url.replace("http:", "https:") for t in (a, b, c, d, e)]
        result, seconds = look(tmp, urls)
        failed = [("not_reached", "tls_failed")]
        expect_reason(result, urls[0], failed, "garbage")
        expect_reason(result, urls[1], failed + TIMEOUT, "flood of records")
        expect_reason(result, urls[2], failed + TIMEOUT, "a huge handshake")
        expect_reason(result, urls[3], failed + [("not_reached", "reset")], "closed at once")
        expect_reason(result, urls[4], failed, "http on the port")
        check_true(seconds < 3 * DEADLINE + 10, f"{seconds:.0f} s")


@case
def hostile_html(tmp):
    deep = "<div>" * 200000
    forms = "<b><i><p>" * 60000
    attributes = "<a " + " ".join(f"a{i}=1" for i in range(100000)) + ">"
    unclosed = "<!--" * 200000
    with Listener(page(deep)) as a, Listener(page(forms)) as b, Listener(page(attributes)) as c, Listener(page(unclosed)) as d:
        urls = [f"http://127.0.0.1:{listener.port}/" for listener in (a, b, c, d)]
        result, seconds = look(tmp, urls, deadline=20)
        check_true(seconds < 40, f"{seconds:.0f} s")
        for url in urls:
            check_equal(result.coverage()[url, "header.csp_missing"][0], "completed", f"coverage of {url}")


@case
def empty_and_odd_fields(tmp):
    """Nothing that stands in a head ends the program, and an empty answer proves nothing."""
    names = ("Content-Type", "Set-Cookie", "Strict-Transport-Security", "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options",
             "Referrer-Policy", "Server", "X-Powered-By", "Allow", "Location", "Content-Encoding", "Transfer-Encoding", "Retry-After", "Refresh")
    values = ("", " ", ";", ",", "=", ";;==,,", '"', "'unterminated", "\xe9\xff", "a" * 5000, "%00%0d%0a", "max-age=99999999999999999999", "-1")
    odd = [page("", headers=[f"{name}: {value}" for name in names if name != "Transfer-Encoding" or value == ""]) for value in values]
    odd += [page("", status=status) for status in ("200", "204 No Content", "302 Found", "401 Unauthorized", "999 What", "000 Zero")]
    odd += [page(body) for body in ("", "\n", "\0", "<", "&", "<!--", "<script", "<base href=", "<meta http-equiv=refresh content=>")]
    listeners = [Listener(answer.replace(b"\xc3\xa9\xc3\xbf", b"\xe9\xff")) for answer in odd]
    try:
        for listener in listeners:
            listener.__enter__()
        result, _ = look(tmp, [f"http://127.0.0.1:{listener.port}/" for listener in listeners], deadline=20)
        for listener in listeners:
            check_equal(content_findings(result, f"http://127.0.0.1:{listener.port}/"), set(), "findings about nothing")
    finally:
        for listener in listeners:
            listener.__exit__()


@case
def an_overloaded_server_is_left_alone(tmp):
    busy = hostile.answers(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n")
    with Talker(busy) as a:
        result, _ = look(tmp, [a.url])
        reasons = web_reasons(result, a.url)
        check_true(reasons <= {("not_reached", "rate_limited"), ("skipped", "not_applicable"), ("skipped", "deadline")}, f"{reasons}")
        check_true(a.connections <= 5, f"{a.connections} connections to a server that asked for rest")


main()
