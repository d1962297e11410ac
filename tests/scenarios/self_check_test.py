"""The public self-check page: registered sites only, a few looks, and nothing that a visitor could not see himself."""
import pathlib
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.listener import Listener, page  # noqa: E402
from support.client import Client, serving  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, free_port, main, row, write_registry  # noqa: E402


def leaking(request):
    path = request.split(b" ")[1]
    if path == b"/":
        return page()
    return page("ref: refs/heads/main\n") if path == b"/.git/HEAD" else page("none", "404 Not Found")


def ask(client, domain=None, method="GET", language="en"):
    query = f"?domain={urllib.parse.quote(domain, safe='')}&lang={language}" if domain is not None else f"?lang={language}"
    return client.ask(method, "/self-check" + query)


def imported(tmp, *rows):
    check_equal(fengsui("registry", "import", write_registry(tmp / "r.csv", *rows), "--data", tmp / "d").status, 0, "import")


@case
def only_when_offered(tmp):
    imported(tmp, row("https://a.example.test/"))
    with serving(tmp / "d", "--test-clock", log=tmp / "log") as process:
        check_equal(ask(Client(process.port)).status, 404, "not offered")


@case
def what_is_not_registered_is_not_looked_at(tmp):
    imported(tmp, row("https://a.example.test/"))
    with serving(tmp / "d", "--test-clock", "--self-check", log=tmp / "log") as process:
        client = Client(process.port)
        check_equal(ask(client).status, 200, "the page")
        for name in ("b.example.test", "sub.a.example.test", "example.test", "<script>alert(1)</script>", "a" * 5000, "mail:a.example.test"):
            answer = ask(client, name, "POST")
            check_equal(answer.status, 404, name[:40])
            check_true(b"<script" not in answer.body, "a name is text")
        check_equal(ask(client, "a.example.test").status, 200, "a registered one")
        check_true("尚未检测".encode() in ask(client, "A.example.test ", language="zh").body, "in Chinese")
        check_equal(client.ask("PUT", "/self-check").status, 405, "another method")


@case
def a_few_looks(tmp):
    imported(tmp, *[row(f"https://a{n}.example.test/") for n in range(12)])
    with serving(tmp / "d", "--test-clock", "--self-check", log=tmp / "log") as process:
        client = Client(process.port)
        statuses = [ask(client, f"a{n}.example.test", "POST").status for n in range(12)]
        check_equal(statuses, [202] * 10 + [429] * 2, "ten an hour for one visitor")
        answer = ask(client, "a0.example.test", "POST")
        check_equal(answer.status, 429, "the same again")
        check_true(int(answer.headers["retry-after"]) > 0, "says when")


@case
def it_shows_what_visitors_see(tmp):
    with Listener(leaking) as site:
        target = f"http://127.0.0.1:{site.port}/"
        imported(tmp, row(target))
        with serving(tmp / "d", "--self-check", "--rate", "1000", "--resolver", f"127.0.0.1:{free_port()}", log=tmp / "log") as process:
            client = Client(process.port)
            check_equal(ask(client, target, "POST").status, 202, "begun")
            end = time.monotonic() + 90
            while b"to be mended" not in ask(client, target).body and time.monotonic() < end:
                time.sleep(0.3)
            body = ask(client, target).body.decode()
            check_true("Content-Security-Policy" in body or "CSP" in body, f"what is to be mended: {body[:1500]}")
            check_true(".git" not in body and "repository" not in body.lower(), "nothing that only a careful look finds")


if __name__ == "__main__":
    main()
