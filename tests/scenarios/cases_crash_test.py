"""What was acknowledged is there, once: after a restart, kill -9 under load, a full disk, a second server."""
import http.client
import pathlib
import resource
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import at, desk, same_time  # noqa: E402
from support.harness import FENGSUI, case, check_equal, check_true, fengsui, free_port, main  # noqa: E402


def fresh(d, unit="uA", *severities):
    _, (asset,) = d.system(unit, assets=[f"https://n{d.numbered()}.example.test"])
    return asset, d.found(asset, *severities)


@case
def a_restart_keeps_time_and_timers(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        notice = d.received(d.case(findings), "uA", d.unitA)
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-08T20:00")
        before = d.outbox(obligation=fix)
        obligations = d.officer.items("/obligations")
    with desk(tmp, known=d) as d:
        same_time(d.officer.make("/units", {"name": "later", "parent": "d1"})["created_at"], "2026-11-08T20:00", "time stands still over a restart")
        check_equal((d.outbox(obligation=fix), d.officer.items("/obligations")), (before, obligations), "nothing fired by itself")
        d.clock("2026-11-09T14:00")
        check_equal([at(e["at"]) for e in d.outbox(obligation=fix, kind="reminder", to="uA")],
                    [at("2026-11-06T18:00"), at("2026-11-08T18:00"), at("2026-11-09T14:00")], "the rest, each once")
    with desk(tmp, known=d) as d:
        d.clock("2026-11-20T09:00")
        after = [(e["kind"], e["to"]) for e in d.outbox(d.root_auditor, obligation=fix) if e["kind"] in ("urge", "escalation")]
        check_equal((len(after), len(set(to for _, to in after))), (4, 4), f"{after}")
    with desk(tmp, known=d) as d:
        d.clock("2026-11-21T09:00")
        check_equal(len([e for e in d.outbox(d.root_auditor, obligation=fix) if e["kind"] in ("urge", "escalation")]), 4, "nothing twice")


class Load:
    """Writers that go on until the server is gone; what was acknowledged is kept."""

    def __init__(self, d, findings):
        self.d, self.made, self.sent, self.confirmed = d, {}, set(), set()
        self.findings = list(findings)
        self.stop = threading.Event()
        self.threads = [threading.Thread(target=self.systems, args=(n,)) for n in range(4)] + [threading.Thread(target=self.confirm)]

    def body(self, key):
        return {"unit": "uA", "name": f"made by {key}"}

    def systems(self, number):
        for count in range(100_000):
            key = f"{number}-{count}"
            self.sent.add(key)
            try:
                answer = self.d.officer.ask("POST", "/api/v1/systems", self.body(key), {"Idempotency-Key": key})
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 201:
                self.made[key] = answer.json
            if self.stop.is_set():
                return

    def confirm(self):
        for finding in self.findings:
            try:
                answer = self.d.officer.ask("POST", f"/api/v1/findings/{finding}/actions/confirm", {}, {"Idempotency-Key": "c-" + finding})
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 200:
                self.confirmed.add(finding)

    def run(self, seconds, end):
        for thread in self.threads:
            thread.start()
        time.sleep(seconds)
        end()
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def whole(self, again):
        """Each acknowledged write is there; each request, repeated, gives one record."""
        there = {item["name"]: item for item in again.officer.items("/systems")}
        for key, record in self.made.items():
            check_equal(there.get(f"made by {key}"), record, f"acknowledged {key}")
        for finding in self.confirmed:
            again.officer.state(f"/findings/{finding}", "confirmed")
        for key in self.sent:
            record = again.officer.make("/systems", self.body(key), key=key)
            check_equal(record, self.made.get(key, record), f"repeated {key}")
        names = [item["name"] for item in again.officer.items("/systems") if item["name"].startswith("made by")]
        check_equal((len(names), len(set(names))), (len(self.sent), len(self.sent)), "none doubled")
        for finding in self.findings:
            again.officer.act(f"/findings/{finding}", "confirm", headers={"Idempotency-Key": "c-" + finding})
            events = [entry["event"] for entry in again.officer.items(f"/findings/{finding}/history")]
            check_equal(events.count("confirm"), 1, f"{finding}: {events}")


@case
def killed_under_load(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        findings = d.run([asset], [d.result(asset, locator=f"/{n}") for n in range(300)])["findings"]
        load = Load(d, findings)
        load.run(1.5, d.process.kill)
        d.process.wait(10)
    check_true(len(load.made) > 20, f"only {len(load.made)} were acknowledged")
    check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "chain after kill -9")
    with desk(tmp, known=d) as again:
        load.whole(again)
        check_equal(again.root_auditor.read("/audit/verify")["ok"], True, "chain")


@case
def killed_while_a_notice_goes_out(tmp):
    """State, number, history, obligations, documents and outbox: all of it or nothing."""
    with desk(tmp) as d:
        notices = []
        for _ in range(12):
            _, findings = fresh(d)
            notices.append(d.approved(d.case(findings), "uA"))
        answered = set()

        def issue():
            for notice in notices:
                try:
                    answer = d.officer.ask("POST", f"/api/v1/notices/{notice}/actions/issue", {}, {"Idempotency-Key": notice})
                except (OSError, http.client.HTTPException):
                    return
                if answer.status == 200:
                    answered.add(notice)
                if len(answered) == 5:
                    threading.Timer(0.002, d.process.kill).start()
        issue()
        d.process.kill()
        d.process.wait(10)
    with desk(tmp, known=d) as again:
        for notice in notices:
            record = again.officer.read(f"/notices/{notice}")
            check_true(record["state"] == "issued" or notice not in answered, f"{record}")
            parts = (bool(record["doc_no"]), len(again.officer.items(f"/obligations?subject={notice}")), len(again.outbox(subject=notice, kind="notice")),
                     again.officer.read(f"/cases/{record['case']}")["state"])
            check_equal(parts, (True, 2, 1, "noticed") if record["state"] == "issued" else (False, 0, 0, "verifying"), f"{notice} in {record['state']}")
            issued = again.officer.act(f"/notices/{notice}", "issue", headers={"Idempotency-Key": notice})
            check_equal((issued["state"], len(again.officer.items(f"/obligations?subject={notice}")), len(again.outbox(subject=notice, kind="notice"))), ("issued", 2, 1), "once")
            for document in again.officer.items(f"/documents?subject={notice}"):
                again.document_bytes(document)
        check_equal(len({n["doc_no"] for n in again.officer.items("/notices")}), 12, "numbers")
        check_equal(again.root_auditor.read("/audit/verify")["ok"], True, "chain")


@case
def killed_while_timers_fire(tmp):
    with desk(tmp) as d:
        fixes = []
        for _ in range(10):
            _, findings = fresh(d)
            notice = d.received(d.case(findings), "uA", d.unitA)
            fixes.append(d.obligation(notice, "notice.fix")["id"])
        threading.Timer(0.05, d.process.kill).start()
        try:
            d.clock("2026-12-20T09:00")
        except (OSError, http.client.HTTPException):
            pass
        d.process.kill()
        d.process.wait(10)
    with desk(tmp, known=d) as again:
        again.clock("2026-12-20T09:00")
        for fix in fixes:
            entries = [(e["kind"], e["to"], e["to_role"], at(e["at"])) for e in again.outbox(again.root_auditor, obligation=fix) if e["kind"] in ("reminder", "urge", "escalation")]
            check_equal((len(entries), len(set(entries))), (7, 7), f"each once: {entries}")


@case
def a_full_disk_loses_nothing(tmp):
    """File sizes are capped under the running server: what it acknowledges is there, what it cannot keep it refuses."""
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        d.run([asset], [d.result(asset, locator=f"/{n}") for n in range(100)])
        largest = max(path.stat().st_size for path in (tmp / "d").rglob("*") if path.is_file())
        made, refused = {}, 0
        resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (largest + 65536, resource.RLIM_INFINITY))
        for number in range(2000):
            name = f"{number} " + "x" * 1900
            try:
                answer = d.officer.ask("POST", "/api/v1/systems", {"unit": "uA", "name": name}, {"Idempotency-Key": str(number)})
            except (OSError, http.client.HTTPException):
                refused += 1
                d.process.wait(10)  # the cap ended it (SIGXFSZ): as good as a crash
                break
            if answer.status == 201:
                made[name] = answer.json
            else:
                check_true(answer.status in (500, 503, 507), f"{answer.status} {answer.body[:200]!r}")
                refused += 1
            if refused > 20:
                break
        check_true(refused > 0, "the disk was never full")
        if d.process.poll() is None:
            resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            d.officer.make("/systems", {"unit": "uA", "name": "room again"})
    with desk(tmp, known=d) as again:
        there = {item["name"]: item for item in again.officer.items("/systems")}
        for name, record in made.items():
            check_equal(there.get(name), record, f"acknowledged {name[:10]}")
        check_equal(again.root_auditor.read("/audit/verify")["ok"], True, "chain")


@case
def two_servers_on_one_directory(tmp):
    with desk(tmp) as d:
        d.officer.make("/systems", {"unit": "uA", "name": "x"})
        second = subprocess.run([FENGSUI, "serve", "--data", tmp / "d", "--listen", f"127.0.0.1:{free_port()}", "--test-clock"], stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=30)
        check_true(second.returncode in (2, 3), f"the second ends: {second.returncode} {second.stderr[-300:]!r}")
        check_true(second.stderr.strip(), "and says why")
        check_equal(d.officer.make("/systems", {"unit": "uA", "name": "y"})["name"], "y", "the first goes on")
        check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "one may look on")


@case
def the_test_clock_only_on_loopback(tmp):
    answer = fengsui("serve", "--data", tmp / "d", "--listen", "0.0.0.0:0", "--test-clock", timeout=20)
    check_equal(answer.status, 2, f"{answer.err}")
    with desk(tmp) as d:
        d.officer.call("PUT", "/test/clock", {"now": "2026-11-03T09:00:00+08:00"}, 403)
        d.unitA.call("PUT", "/test/clock", {"now": "2026-11-03T09:00:00+08:00"}, 403)
        for wrong in ({}, {"now": "soon"}, {"now": 7}, {"now": None}, {"now": "2026-11-03"}, {"now": "2026-11-03T09:00:00"}, {"now": "2026-02-30T00:00:00Z"}):
            d.admin.call("PUT", "/test/clock", wrong, (400, 422))
        check_equal(d.officer.make("/units", {"name": "now", "parent": "d1"})["created_at"][:16], d.officer.read("/units/uA")["created_at"][:16], "time did not move")


@case
def without_a_test_clock_there_is_no_such_route(tmp):
    from support.client import Client, serving
    with serving(tmp / "d", log=tmp / "log") as process:
        admin = Client(process.port)
        check_equal(admin.sign_in("admin", process.first_password).status, 200, "sign in")
        check_true(admin.ask("PUT", "/api/v1/test/clock", {"now": "2026-11-03T09:00:00+08:00"}).status in (404, 405), "not offered")


main()
