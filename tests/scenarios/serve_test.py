"""serve: sign-in, tokens, lists, refusals, events, and the end."""
import http.client
import json
import pathlib
import re
import signal
import socket
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.listener import Listener, page  # noqa: E402
from support.client import Client, raw, serving  # noqa: E402
from support.harness import ROOT, case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402

FAST = ["--rate", "500", "--deadline", "20"]


def filled(tmp, site, count=30):
    """A data directory with a tree of units and the findings of one patrol."""
    rows = [row(f"http://127.0.0.1:{site.port}/{i}", unit=f"u{i % 6}", name=f"Unit {i % 6}", parent="u0" if i % 6 in (1, 2) else "",
                system=f"s{i % 6}", probe_class="passive") for i in range(count)]
    check_equal(fengsui("registry", "import", write_registry(tmp / "r.csv", *rows), "--data", tmp / "d").status, 0, "import")
    check_equal(fengsui("patrol", "--data", tmp / "d", *FAST, "--connections", "8", "--check", "header.*", "--check", "http.*").status, 0, "patrol")
    return tmp / "d"


def problem(answer, status, code=None):
    check_equal(answer.status, status, f"status ({answer.body[:200]})")
    check_equal(answer.headers.get("content-type"), "application/problem+json", "content type")
    check_true({"type", "title", "status", "code", "detail"} <= set(answer.json), f"members {answer.json}")
    check_equal(answer.json["status"], status, "status in the body")
    if code:
        check_equal(answer.json["code"], code, "code")


@case
def signing_in_and_out(tmp):
    with serving(tmp / "d", *FAST) as serve:
        check_true(serve.first_password and len(serve.first_password) >= 16, "the first password is printed")
        client = Client(serve.port)
        problem(client.get("/units"), 401)
        problem(client.post("/session", {"name": "admin", "password": "wrong"}), 401)
        problem(client.post("/session", {"name": "nobody", "password": "wrong"}), 401)
        problem(client.post("/session", {"name": "admin"}), 400)
        answer = client.sign_in("admin", serve.first_password)
        check_equal(answer.status, 200, "sign in")
        cookie = answer.headers["set-cookie"]
        for attribute in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="):
            check_true(attribute in cookie, f"{attribute} in {cookie}")
        forwarded = Client(serve.port).post("/session", {"name": "admin", "password": serve.first_password}, headers={"X-Forwarded-Proto": "https"})
        check_true("Secure" in forwarded.headers["set-cookie"], "Secure behind a TLS proxy")
        check_equal(client.good("/session")["user"]["name"], "admin", "who is signed in")
        without = Client(serve.port)
        without.headers = {"Cookie": client.headers["Cookie"]}
        problem(without.post("/users", {"name": "x", "roles": ["duty"]}), 403, "csrf")
        problem(without.post("/users", {"name": "x", "roles": ["duty"]}, headers={"X-CSRF-Token": "guessed"}), 403, "csrf")
        check_equal(client.ask("DELETE", "/api/v1/session").status, 204, "sign out")
        problem(client.get("/units"), 401)
        for _ in range(12):
            last = Client(serve.port).post("/session", {"name": "admin", "password": "wrong"})
        problem(last, 429)
        check_true(int(last.headers["retry-after"]) > 0, "Retry-After")
    with serving(tmp / "d", *FAST) as serve:
        check_equal(serve.first_password, None, "no password at a later start")
    stored = b"".join(path.read_bytes() for path in (tmp / "d").iterdir() if path.is_file())
    check_true(answer.headers["set-cookie"].split(";")[0].split("=", 1)[1].encode() not in stored, "sessions are not kept in clear")


@case
def users_tokens_and_what_they_may_see(tmp):
    with Listener(page()) as site:
        data = filled(tmp, site)
        with serving(data, *FAST) as serve:
            admin = Client(serve.port)
            admin.sign_in("admin", serve.first_password)
            made = admin.post("/users", {"name": "contact", "roles": ["unit"], "unit": "u0"})
            check_equal(made.status, 201, f"user {made.body[:200]}")
            token = admin.post(f"/users/{made.json['id']}/tokens", {"label": "script"})
            check_equal(token.status, 201, "token")
            unit = Client(serve.port, token.json["token"])
            check_equal({item["id"] for item in unit.good("/units")["items"]}, {"u0", "u1", "u2"}, "a unit sees itself and those below")
            seen = {item["unit"] for item in unit.good("/findings?limit=1000")["items"]}
            check_equal(seen, {"u0", "u1", "u2"}, "findings of its subtree")
            other = next(item for item in admin.good("/findings?limit=1000")["items"] if item["unit"] == "u4")
            outside, absent = unit.get(f"/findings/{other['id']}"), unit.get("/findings/no-such-finding")
            problem(outside, 404)
            check_equal(outside.json, absent.json, "outside the scope is told like absent")
            problem(unit.get("/units/u4"), 404)
            for path in ("/audit", "/users", "/runs"):
                problem(unit.get(path), 403, "role")
            problem(unit.post("/patrol/actions/stop"), 403, "role")
            problem(unit.post("/users", {"name": "y", "roles": ["admin"]}), 403, "role")
            auditor = admin.post("/users", {"name": "auditor", "roles": ["auditor"], "password": "a long password"})
            check_equal(auditor.status, 201, "auditor")
            audit = Client(serve.port)
            check_equal(audit.sign_in("auditor", "a long password").status, 200, "auditor signs in")
            check_equal(audit.good("/audit/verify")["ok"], True, "audit is whole")
            problem(audit.post("/users", {"name": "y", "roles": ["admin"]}), 403, "role")
            problem(admin.post("/users", {"name": "short", "roles": ["duty"], "password": "short"}), 422)
            problem(admin.post("/users", {"name": "none"}), 422)
            problem(admin.post("/users", {"name": "contact", "roles": ["duty"]}), 409)
            problem(admin.post("/users", {"name": "odd", "roles": ["king"]}), 400)
            check_equal(admin.ask("DELETE", f"/api/v1/users/{made.json['id']}/tokens/{token.json['id']}").status, 204, "revoke")
            problem(unit.get("/units"), 401)
            old = admin.post(f"/users/{made.json['id']}/tokens", {"label": "old", "expires_at": "2020-01-01T00:00:00Z"})
            problem(Client(serve.port, old.json["token"]).get("/units"), 401)
            problem(Client(serve.port, "invented").get("/units"), 401)
            actions = {entry.get("event") for entry in admin.every("audit", 50)[0]}
            check_true({"signed_in"} <= actions, f"{actions}")


@case
def lists_page_by_page(tmp):
    with Listener(page()) as site:
        data = filled(tmp, site)
        with serving(data, *FAST) as serve:
            client = Client(serve.port)
            client.sign_in("admin", serve.first_password)
            client.post("/patrol/actions/stop")
            for collection, limit in (("findings", 7), ("assets", 4), ("units", 2), ("systems", 1), ("runs", 1), ("audit", 3)):
                items, pages = client.every(collection, limit)
                whole = client.good(f"/{collection}?limit=1000")["items"]
                keys = [json.dumps(item, sort_keys=True) for item in items]
                check_equal(len(keys), len(set(keys)), f"{collection}: each record once")
                check_equal([json.dumps(item, sort_keys=True) for item in whole], keys, f"{collection}: all of them, in order")
                check_true(pages >= 2 or len(items) <= limit, f"{collection}: {pages} pages for {len(items)}")
            check_equal(len(client.every("assets", 4)[0]), 30, "assets")
            finding = client.good("/findings?limit=1")["items"][0]
            check_equal(client.good(f"/findings/{finding['id']}")["fingerprint"], finding["fingerprint"], "one finding")
            check_true(client.good(f"/findings/{finding['id']}/history")["items"], "its history")
            check_true(set(finding["title"]) == {"zh", "en"}, "title in both languages")
            asset = client.good("/assets?limit=1")["items"][0]
            check_true(client.good(f"/assets/{asset['id']}")["coverage"], "coverage of an asset")
            check_equal({item["unit"] for item in client.good("/findings?unit=u3&limit=1000")["items"]}, {"u3"}, "filter by unit")
            check_equal({item["severity"] for item in client.good("/findings?severity=low&limit=1000")["items"]}, {"low"}, "filter by severity")
            check_equal(client.good("/findings?presence=absent")["items"], [], "filter by presence")
            for path in ("/findings?colour=red", "/findings?limit=0", "/findings?limit=x", "/findings?limit=100000", "/findings?cursor=%00rubbish",
                         "/units?severity=low"):
                problem(client.get(path), 400)
            problem(client.get("/nothing"), 404)
            problem(client.get("/findings/none"), 404)
            problem(client.ask("DELETE", "/api/v1/findings"), 405)
            problem(client.ask("PUT", "/api/v1/units/u1", {}), 405)
            overview = client.good("/overview")
            check_true({"patrol", "findings_by_severity", "worst"} <= set(overview), f"{set(overview)}")
            check_true(len(client.good("/checks")["items"]) >= 50, "catalogue of checks")


@case
def the_openapi_document_covers_the_routes(tmp):
    with serving(tmp / "d", *FAST) as serve:
        client = Client(serve.port)
        client.sign_in("admin", serve.first_password)
        document = client.good("/openapi.json")
        check_true(document["openapi"].startswith("3.1"), document["openapi"])
        tables = re.findall(r'\{"(GET|POST|PATCH|PUT|DELETE)",\s*"(/[^"]*)"',
                            "".join(path.read_text() for path in (ROOT / "src/api").glob("*.cpp") if path.name != "batch.cpp"))  # has Internet.nl's form
        check_true(len(tables) >= 20, f"{len(tables)} routes in the tables")
        base = "/api/v1" if any(path.startswith("/api/v1") for path in document["paths"]) else ""
        for method, path in tables:
            check_true(method.lower() in document["paths"].get(base + path, {}), f"{method} {path} is in the document")
        for path, methods in document["paths"].items():
            # Without a provider in the configuration there is no sign-in through one.
            if "get" in methods and "{" not in path and not path.endswith("/stream") and "/oidc" not in path:
                answer = client.get(path.removeprefix("/api/v1")) if base else client.get(path)
                check_equal(answer.status, 200, f"GET {path}")
        for name in ("/healthz", "/readyz", "/metrics"):
            check_equal(Client(serve.port).ask("GET", name).status, 200, name)
        text = Client(serve.port).ask("GET", "/metrics").body.decode()
        check_true(re.search(r"^fengsui_requests_total \d", text, re.M), text[:300])


@case
def requests_that_cannot_be_read(tmp):
    with serving(tmp / "d", *FAST) as serve:
        client = Client(serve.port)
        client.sign_in("admin", serve.first_password)
        json_type = {"Content-Type": "application/json"}
        problem(client.ask("POST", "/api/v1/users", b"{not json", json_type), 400)
        problem(client.ask("POST", "/api/v1/users", b"[1]", json_type), 400)
        problem(client.ask("POST", "/api/v1/users", b"\xff\xfe{}", json_type), 400)
        problem(client.ask("POST", "/api/v1/users", b"[" * 100_000, json_type), 400)
        problem(client.ask("POST", "/api/v1/users", b"name=x", {"Content-Type": "application/x-www-form-urlencoded"}), 415)
        problem(client.ask("POST", "/api/v1/users", b"{}", {"Content-Type": "text/plain"}), 415)
        problem(client.ask("POST", "/api/v1/users", b"{}", dict(json_type, **{"Content-Encoding": "gzip"})), 415)
        problem(client.ask("POST", "/api/v1/users", b" " * (17 << 20), json_type), 413)
        host = b"Host: 127.0.0.1\r\n"
        check_equal(raw(serve.port, b"GET /healthz HTTP/1.1\r\n" + host + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n"), 431, "a huge head")
        check_equal(raw(serve.port, b"GET /healthz HTTP/1.1\r\n" + host + b"X-A: b\r\n" * 20_000 + b"\r\n"), 431, "too many headers")
        for bad in (b"nonsense\r\n\r\n", b"GET /%zz HTTP/1.1\r\n" + host + b"\r\n", b"GET /healthz HTTP/9.9\r\n" + host + b"\r\n",
                    b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
                    b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                    b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"\x16\x03\x01\x02\x00\x01\x00"):
            status = raw(serve.port, bad)
            check_true(status in (None, 400, 505), f"{bad[:50]}: {status}")
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/.git/HEAD", "/assets/../../../etc/passwd"):
            answer = client.ask("GET", path)
            check_true(answer.status in (400, 404) and b"root:" not in answer.body, f"{path}: {answer.status}")
        check_equal(client.ask("GET", "/healthz").status, 200, "still there")


@case
def events_while_the_scheduler_patrols(tmp):
    with Listener(page()) as site:
        rows = [row(f"http://127.0.0.1:{site.port}/{i}", probe_class="passive") for i in range(6)]
        check_equal(fengsui("registry", "import", write_registry(tmp / "r.csv", *rows), "--data", tmp / "d").status, 0, "import")
        with serving(tmp / "d", "--rate", "10", "--deadline", "20") as serve:
            client = Client(serve.port)
            client.sign_in("admin", serve.first_password)
            check_equal(Client(serve.port).get("/events/stream").status, 401, "the stream needs a session")
            stream = http.client.HTTPConnection("127.0.0.1", serve.port, timeout=60)
            stream.request("GET", "/api/v1/events/stream", headers=client.headers)
            answer = stream.getresponse()
            check_equal((answer.status, answer.getheader("content-type")), (200, "text/event-stream"), "stream")
            kinds, end = set(), time.monotonic() + 60
            while not {"patrol", "finding"} <= kinds and time.monotonic() < end:
                line = answer.readline().decode()
                if line.startswith("event: "):
                    kind = line.split(": ", 1)[1].strip()
                    data = json.loads(answer.readline().decode().split(": ", 1)[1])
                    check_true("state" in data if kind == "patrol" else "check" in data, f"{kind}: {data}")
                    kinds.add(kind)
            check_true({"patrol", "finding"} <= kinds, f"events {kinds}")
            answer.close()
            stream.close()


@case
def the_stop_switch(tmp):
    with Listener(page()) as site:
        rows = [row(f"http://127.0.0.1:{site.port}/{i}", probe_class="passive") for i in range(200)]
        check_equal(fengsui("registry", "import", write_registry(tmp / "r.csv", *rows), "--data", tmp / "d").status, 0, "import")
        with serving(tmp / "d", "--rate", "20", "--deadline", "60") as serve:
            client = Client(serve.port)
            client.sign_in("admin", serve.first_password)
            end = time.monotonic() + 30
            while len(site.requests) < 5 and time.monotonic() < end:
                time.sleep(0.05)
            check_true(len(site.requests) >= 5, "the scheduler patrols by itself")
            check_equal(client.good("/patrol")["state"], "running", "state")
            check_equal(client.post("/patrol/actions/stop").status, 200, "stop")
            time.sleep(1.0)
            before = (len(site.requests), site.connections)
            time.sleep(2)
            check_equal((len(site.requests), site.connections), before, "traffic after one second")
            check_true(client.good("/patrol")["state"] != "running", f"{client.good('/patrol')}")
            check_equal(client.post("/patrol/actions/start").status, 200, "start")
            end = time.monotonic() + 30
            while len(site.requests) <= before[0] and time.monotonic() < end:
                time.sleep(0.05)
            check_true(len(site.requests) > before[0], "it goes on")
            problem(client.post("/patrol/actions/explode"), 404)
            problem(client.get("/patrol/actions/stop"), 405)
            serve.send_signal(signal.SIGTERM)
            began = time.monotonic()
            time.sleep(1.0)
            before = (len(site.requests), site.connections)
            check_equal(serve.wait(15), 3, "exit status")
            check_true(time.monotonic() - began < 10, f"{time.monotonic() - began:.1f} s to end")
            check_equal((len(site.requests), site.connections), before, "traffic after SIGTERM and one second")
        check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "audit")


@case
def the_pages_are_served_with_care(tmp):
    root = tmp / "web"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>Fengsui</title>")
    (root / "assets/app-1.js").write_text("console.log(1)")
    (root / ".hidden").write_text("secret")
    (tmp / "secret.txt").write_text("secret")
    (root / "way-out").symlink_to(tmp / "secret.txt")
    (tmp / "serve.yaml").write_text(f"web_root: {root}\n")
    with serving(tmp / "d", "--config", tmp / "serve.yaml", *FAST) as serve:
        client = Client(serve.port)
        home = client.ask("GET", "/")
        check_equal((home.status, home.headers["content-type"]), (200, "text/html; charset=utf-8"), "home page")
        check_true("script-src 'self'" in home.headers["content-security-policy"], "Content-Security-Policy")
        check_equal((home.headers["x-content-type-options"], home.headers["x-frame-options"]), ("nosniff", "DENY"), "headers")
        script = client.ask("GET", "/assets/app-1.js")
        check_equal((script.status, script.headers["content-type"]), (200, "text/javascript; charset=utf-8"), "script")
        check_equal(client.ask("GET", "/.hidden").status, 404, "hidden file")
        check_equal(client.ask("GET", "/nothing.js").status, 404, "absent file")
        head = client.ask("HEAD", "/")
        check_equal((head.status, head.body), (200, b""), "HEAD")


@case
def many_readers_and_idlers(tmp):
    """Connections that send nothing do not keep others out."""
    with serving(tmp / "d", *FAST) as serve:
        idle = [socket.create_connection(("127.0.0.1", serve.port)) for _ in range(200)]
        for number, peer in enumerate(idle):
            if number % 2:
                peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        check_equal(Client(serve.port).ask("GET", "/healthz").status, 200, "answered beside 200 idle connections")
        for peer in idle:
            peer.close()
        serve.send_signal(signal.SIGTERM)
        check_equal(serve.wait(15), 3, "exit status")


main()
