"""Signing in through the organisation's own provider: a real one on loopback; and with a second factor in the house."""
import base64
import contextlib
import hashlib
import hmac
import json
import pathlib
import struct
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.glewlwyd import Session, glewlwyd  # noqa: E402
from support.client import Client, serving  # noqa: E402
from support.harness import case, check_equal, check_true, free_port, main  # noqa: E402

ALICE, BOB, CAROL = ("alice", "alice@office.example.test"), ("bob", "bob@office.example.test"), ("carol", "carol@office.example.test")
PASSWORD = "a long password here"
HAS_PROVIDER = pathlib.Path("/usr/bin/glewlwyd").exists()


class Browser(Client):
    """Keeps cookies by name, as a browser does."""

    def __init__(self, port):
        super().__init__(port)
        self.cookies = {}

    def visit(self, path, with_cookies=True):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if with_cookies and self.cookies else None
        answer = self.ask("GET", path, headers=headers)
        self.last = answer
        return answer

    def keep(self, cookie_lines):
        for line in cookie_lines:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies.pop(name, None)
            if "Max-Age=0" not in line:
                self.cookies[name] = value


def path_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.path + ("?" + parts.query if parts.query else "")


@contextlib.contextmanager
def house(tmp, claim="name"):
    """A provider that knows three people, and a house that knows alice, and carol who may not come in."""
    provider_port, port = free_port(), free_port()
    secret = tmp / "client.secret"
    secret.write_text("client-secret")
    redirect = f"http://127.0.0.1:{port}/api/v1/session/oidc/callback"
    with glewlwyd(tmp / "provider", "127.0.0.1", provider_port, redirect, [ALICE, BOB, CAROL]) as issuer:
        config = tmp / "fengsui.yaml"
        config.write_text(json.dumps({"public_url": f"http://127.0.0.1:{port}", "oidc_issuer": issuer, "oidc_client_id": "fengsui",
                                      "oidc_client_secret_file": str(secret), "oidc_claim": claim}))
        with serving(tmp / "d", "--config", config, log=tmp / "d.log", port=port) as process:
            admin = Client(process.port)
            check_equal(admin.sign_in("admin", process.first_password).status, 200, "administrator")
            for name, disabled in (("alice", False), ("carol", True)):
                answer = admin.post("/users", {"name": name, "roles": ["duty"], "disabled": disabled})
                check_equal(answer.status, 201, f"{answer.body}")
            yield process.port, issuer, admin


def go_out(port):
    """A browser on its way, and the provider's address that it was sent to."""
    browser = Browser(port)
    answer = browser.visit("/api/v1/session/oidc")
    check_equal(answer.status, 302, f"{answer.body}")
    cookie = answer.headers["set-cookie"]
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax"):
        check_true(attribute in cookie, f"{attribute} in {cookie}")
    browser.keep([cookie])
    return browser, answer.headers["location"]


def needs_provider(function):
    def run(tmp):
        check_true(HAS_PROVIDER, "a real provider is needed: tools/install_deps test installs the package glewlwyd")
        function(tmp)
    run.__name__ = function.__name__
    return case(run)


def is_signed_in(browser):
    return browser.visit("/api/v1/session").status == 200


@needs_provider
def a_known_user_comes_in(tmp):
    with house(tmp) as (port, issuer, admin):
        browser, out = go_out(port)
        back = Session(issuer).sign_in(out, "alice")
        answer = browser.visit(path_of(back))
        check_equal(answer.status, 200, (tmp / "d.log").read_text(errors="replace"))
        check_true(b'http-equiv="refresh"' in answer.body and b"<script" not in answer.body, f"moves on by itself: {answer.body}")
        cookies = answer.all_headers("set-cookie")
        check_true(any("fengsui_session=" in line and "SameSite=Strict" in line for line in cookies), f"{cookies}")
        browser.keep(cookies)
        check_equal(browser.visit("/api/v1/session").json["user"]["name"], "alice", "who is signed in")
        check_true("fengsui_sign_in" not in browser.cookies, "the way's cookie is gone")
        entries = [entry for entry in admin.good("/audit?limit=1000")["items"] if entry["event"] == "signed_in"]
        check_true(any((entry.get("details") or {}).get("through") == "provider" for entry in entries), f"in the audit: {entries}")
        check_equal(browser.visit(path_of(back)).status, 401, "the way back leads in once")


@needs_provider
def nobody_else_comes_in(tmp):
    with house(tmp) as (port, issuer, admin):
        for name in ("bob", "carol"):
            browser, out = go_out(port)
            answer = browser.visit(path_of(Session(issuer).sign_in(out, name)))
            check_equal(answer.status, 401, f"{name}: {answer.body}")
            check_true(not any("fengsui_session" in line for line in answer.all_headers("set-cookie")), f"{name} has no session")
        names = {user["name"] for user in admin.good("/users?limit=1000")["items"]}
        check_true("bob" not in names, "nobody is made")
        refused = [entry for entry in admin.good("/audit?limit=1000")["items"] if entry["event"] == "sign_in_refused"]
        check_equal(len(refused), 2, f"in the audit: {refused}")


@needs_provider
def anothers_way_back_leads_nowhere(tmp):
    with house(tmp) as (port, issuer, _):
        _, out = go_out(port)
        back = path_of(Session(issuer).sign_in(out, "alice"))
        check_equal(Browser(port).visit(back).status, 401, "in a browser that did not go out")
        other, _ = go_out(port)
        check_equal(other.visit(back).status, 401, "in a browser that went out on its own")
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(back).query)["state"][0]
        check_equal(other.visit(f"/api/v1/session/oidc/callback?state={state}&code=x").status, 401, "with a made-up code")
        check_equal(other.visit("/api/v1/session/oidc/callback?error=access_denied").status, 401, "refused by the provider")
        own = other.cookies["fengsui_sign_in"]
        check_equal(other.visit(f"/api/v1/session/oidc/callback?state={own}&code=made-up").status, 401, "with its own state and a made-up code")
        check_true(not is_signed_in(other), "no session came of it")


@case
def without_a_provider_the_route_is_absent(tmp):
    with serving(tmp / "d", log=tmp / "d.log") as process:
        for path in ("/session/oidc", "/session/oidc/callback?state=a&code=b"):
            check_equal(Client(process.port).get(path).status, 404, path)


def code(secret, steps=0):
    """RFC 6238, worked out here."""
    step = int(time.time()) // 30 + steps
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


@case
def a_second_factor_is_asked_for_over_a_restart(tmp):
    with serving(tmp / "d", log=tmp / "d.log") as process:
        first = process.first_password
        admin = Client(process.port)
        check_equal(admin.sign_in("admin", first).status, 200, "administrator")
        made = admin.post("/users", {"name": "li", "roles": ["duty"], "password": PASSWORD}).json
        li = Client(process.port)
        check_equal(li.sign_in("li", PASSWORD).status, 200, "li, by password")
        secret = li.post("/session/totp").json["secret"]
        check_equal(li.post("/session/totp/confirm", {"code": code(secret, -1)}).status, 200, "confirmed")
        check_equal(admin.good(f"/users/{made['id']}")["totp"], True, "shown as a flag")
    with serving(tmp / "d", log=tmp / "d2.log") as process:
        li = Client(process.port)
        answer = li.sign_in("li", PASSWORD)
        check_equal((answer.status, answer.json["code"]), (401, "second_factor"), "without the code")
        words = {"name": "li", "password": PASSWORD, "code": code(secret)}
        answer = li.post("/session", words)
        check_equal(answer.status, 200, f"with it: {answer.body}")
        check_equal(li.post("/session", words).status, 401, "not twice")
        cookies = {"Cookie": answer.headers["set-cookie"].split(";")[0], "X-CSRF-Token": answer.json["csrf"]}
        removal = {"password": PASSWORD, "code": code(secret, 1)}
        answer = li.ask("DELETE", "/api/v1/session/totp", removal, cookies)
        check_equal(answer.status, 204, f"taken away: {answer.body}")
        check_equal(li.sign_in("li", PASSWORD).status, 200, "by password again")
    for log in (tmp / "d.log", tmp / "d2.log"):
        check_true(secret not in log.read_text(errors="replace"), "the secret is in no log")


if __name__ == "__main__":
    main()
