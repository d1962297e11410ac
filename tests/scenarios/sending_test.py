"""What leaves the house: the outbox through a real relay and signed webhooks; a relay that is down, one that refuses, and a receiver that does."""
import contextlib
import hashlib
import hmac
import http.server
import json
import pathlib
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.authority import Authority  # noqa: E402
from servers.relay import relay  # noqa: E402
from support.client import serving  # noqa: E402
from support.desk import AUTHORITIES, UNITS, Desk  # noqa: E402
from support.harness import case, check_equal, check_true, free_port, main  # noqa: E402

SECRET = "a secret of the office and the receiver"
EVIDENCE = "refs/heads/main"  # of every result that desk hands in
ADDRESS = "contact@ua.example.test"
DOMAINS = ", ".join(f"{name.lower()}.example.test" for name in (*AUTHORITIES, *UNITS))


class LiveDesk(Desk):
    """A desk at the real time: with a test clock nothing is sent. Nothing is patrolled either."""

    def clock(self, text, expect=200):
        self.admin.call("POST", "/patrol/actions/stop", {}, 200)


@contextlib.contextmanager
def live_desk(tmp, config, known=None, trust=None):
    file = tmp / "fengsui.yaml"
    file.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML, too
    more = ["--trust", trust] if trust else []
    with serving(tmp / "d", "--config", file, "--resolver", f"127.0.0.1:{free_port()}", *more, log=tmp / "d.log") as process:
        yield LiveDesk(process, process.first_password, known.tokens if known else None)


def mail_config(port):
    return {"public_url": "https://office.example.test", "mail_relay": f"localhost:{port}", "mail_security": "starttls",
            "mail_from": "fengsui@office.example.test"}


def mail_folder(tmp):
    """postfix's own user must get into it."""
    tmp.chmod(0o755)
    return tmp / "relay"


def certificate(authority):
    leaf = authority.issue("localhost")
    return authority.full_chain(leaf), leaf.key


def issue(d):
    """A notice to uA; its id."""
    _, (asset,) = d.system("uA")
    return d.issued(d.case(d.found(asset)), "uA")


def deliveries(d, about=None):
    """[(outbox entry, delivery)] of all that the office tells, or of one record's."""
    entries = d.officer.items("/outbox" + (f"?subject={about}" if about else ""))
    return [(entry, delivery) for entry in entries for delivery in d.officer.read(f"/outbox/{entry['id']}")["deliveries"]]


def wait_for(d, about, is_enough, what):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        found = deliveries(d, about)
        if found and is_enough([delivery for _, delivery in found]):
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: {[delivery for _, delivery in deliveries(d, about)]}")


def all_in(state):
    return lambda found: all(delivery["state"] == state for delivery in found)


def text_of(message):
    return "\n".join(part.get_content() for part in message.walk() if part.get_content_maintype() == "text")


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def hook(status=200):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        server.heard, server.status = [], status
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def hook_config(tmp, server):
    secret = tmp / "hook.secret"
    secret.write_text(SECRET)
    return {"webhooks": [{"name": "siem", "url": f"http://127.0.0.1:{server.server_port}/events?from=fengsui", "secret_file": str(secret)}]}


@case
def a_notice_is_mailed_without_its_evidence(tmp):
    authority, port = Authority(tmp / "ca"), free_port()
    with relay(mail_folder(tmp), "127.0.0.1", "localhost", DOMAINS, certificate(authority), port=port) as mailbox, \
            live_desk(tmp, mail_config(port), trust=authority.trust) as d:
        notice = issue(d)
        found = wait_for(d, notice, all_in("delivered"), "everything about the notice is delivered")
        check_true(any(delivery["receiver"] == ADDRESS for _, delivery in found), f"the unit's contact is written to: {found}")
        check_true(all(delivery["tries"] == 1 and delivery["channel"] == "mail" and delivery["next_at"] is None for _, delivery in found), f"at once: {found}")
        end = time.monotonic() + 20
        while time.monotonic() < end and not any(ADDRESS in (message["To"] or "") for message in mailbox.messages()):
            time.sleep(0.1)
        mails = [message for message in mailbox.messages() if ADDRESS in (message["To"] or "")]
        check_true(mails, "the mail arrived")
        titles = [entry["title"] for entry, delivery in found if delivery["receiver"] == ADDRESS]
        for mail in mails:
            check_true(any(title in mail["Subject"] for title in titles), f"{mail['Subject']!r} names one of {titles}")
            check_true("https://office.example.test" in text_of(mail), "the way to the pages")
        for message in mailbox.messages():
            check_true(EVIDENCE not in text_of(message), "no evidence leaves the house")
            check_true(not list(message.iter_attachments()), "and no document")


@case
def while_the_relay_is_down_nothing_is_lost(tmp):
    authority, port = Authority(tmp / "ca"), free_port()
    with live_desk(tmp, mail_config(port), trust=authority.trust) as d:
        notice = issue(d)
        wait_for(d, None, lambda found: all(delivery["tries"] >= 1 for delivery in found), "each was tried")
        before = deliveries(d)
        for _, delivery in before:
            check_equal(delivery["state"], "waiting", f"{delivery}")
            check_true(delivery["next_at"] and delivery["detail"], f"says when it is tried again, and why: {delivery}")
    (database,) = (tmp / "d").glob("*.db")
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:  # a minute need not pass
        connection.execute("UPDATE deliveries SET next_at = 0 WHERE state = 'waiting'")
    with relay(mail_folder(tmp), "127.0.0.1", "localhost", DOMAINS, certificate(authority), port=port) as mailbox, \
            live_desk(tmp, mail_config(port), known=d, trust=authority.trust) as again:
        again.clock(None)
        wait_for(again, None, all_in("delivered"), "all is sent when the relay is back, over a restart")
        after = deliveries(again)
        check_equal(sorted(delivery["id"] for _, delivery in after), sorted(delivery["id"] for _, delivery in before), "the same deliveries")
        check_true(any(entry["subject"] == notice for entry, _ in after), "the notice is among them")
        end = time.monotonic() + 20
        while time.monotonic() < end and len(mailbox.messages()) < len(after):
            time.sleep(0.1)
        arrived = [message["Message-ID"] for message in mailbox.messages()]
        check_equal((len(arrived), len(set(arrived))), (len(after), len(after)), "each arrived once")


@case
def who_is_unknown_to_the_relay_is_a_dead_letter(tmp):
    authority, port = Authority(tmp / "ca"), free_port()
    with relay(mail_folder(tmp), "127.0.0.1", "localhost", DOMAINS, certificate(authority), port=port, known=["contact@d1.example.test"]), \
            live_desk(tmp, mail_config(port), trust=authority.trust) as d:
        notice = issue(d)
        found = wait_for(d, notice, lambda all_of: any(delivery["state"] == "dead" for delivery in all_of), "one is given up")
        (dead,) = [delivery for _, delivery in found if delivery["receiver"] == ADDRESS]
        check_equal((dead["state"], dead["tries"], dead["next_at"]), ("dead", 1, None), f"{dead}")
        check_true("550" in dead["detail"], f"with the relay's words: {dead}")


@case
def a_webhook_is_signed_and_tells_no_evidence(tmp):
    with hook() as server, live_desk(tmp, hook_config(tmp, server)) as d:
        notice = issue(d)
        wait_for(d, None, all_in("delivered"), "all is delivered")
        entries = {entry["id"] for entry, _ in deliveries(d)}
        ids = set()
        for headers, body in server.heard:
            words = f"{headers['X-Fengsui-Timestamp']}.".encode() + body
            check_equal(headers["X-Fengsui-Signature"], "sha256=" + hmac.new(SECRET.encode(), words, hashlib.sha256).hexdigest(), "signature")
            check_true(abs(time.time() - int(headers["X-Fengsui-Timestamp"])) < 300, "made just now")
            check_true(headers["X-Fengsui-Event"] and headers["X-Fengsui-Delivery"] not in ids, "an event, and an id of its own")
            check_true(EVIDENCE.encode() not in body and SECRET.encode() not in body, "no evidence, no secret")
            ids.add(headers["X-Fengsui-Delivery"])
        told = {json.loads(body)["id"] for _, body in server.heard}
        check_true(entries <= told, f"each entry that the officer sees was told: {entries - told}")
        check_true(any(json.loads(body)["subject"] == notice for _, body in server.heard), "the notice is among them")


@case
def a_receiver_that_refuses_is_not_asked_again(tmp):
    with hook(status=410) as server, live_desk(tmp, hook_config(tmp, server)) as d:
        notice = issue(d)
        found = wait_for(d, notice, all_in("dead"), "given up")
        check_true(all(delivery["tries"] == 1 and "410" in delivery["detail"] for _, delivery in found), f"after one try, saying why: {found}")
        dead = [entry for entry in d.officer.items("/outbox?delivery=dead") if entry["subject"] == notice]
        check_equal({entry["id"] for entry in dead}, {entry["id"] for entry, _ in found}, "the list of dead letters")
        check_equal(d.officer.items("/outbox?delivery=waiting"), [], "none waits")


if __name__ == "__main__":
    main()
