#!/usr/bin/env python3
"""Notices to thousands of units from one selection, and the clock over very many deadlines.

deadlines.py [NOTICES [OBLIGATIONS]]: 2500 and 100000 unless given. The notices go the ordinary way (run, bulk draft, submit, approve, issue, each by one request
for many). The obligations are copies, written into the store of the stopped server, of one that a notice opened: what is measured is the sweep, not their making.
"""
import json
import pathlib
import sqlite3
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.desk import LAW, desk  # noqa: E402

PART = 250  # a request names at most a few hundred notices


def memory(desk_, field="VmHWM"):
    for line in open(f"/proc/{desk_.process.pid}/status"):
        if line.startswith(field):
            return int(line.split()[1]) // 1024
    return 0


def timed(what, work):
    began = time.monotonic()
    result = work()
    took = time.monotonic() - began
    print(f"{what}: {took:.2f} s", flush=True)
    return result, took


def in_parts(who, event, notices):
    for start in range(0, len(notices), PART):
        answer = who.call("POST", f"/notices/bulk/actions/{event}", {"notices": notices[start:start + PART]}, (200, 201)).json
        if answer["refused"]:
            raise SystemExit(f"{event}: {json.dumps(answer['results'][:3], ensure_ascii=False)}")


def bulk(d, count):
    assets = []
    for n in range(count):
        d.admin.make("/units", {"id": f"b{n}", "name": f"某某单位第{n}分部", "kind": "unit", "tier": "district", "parent": "d1", "contacts": [
            {"role": "contact", "name": "值班员", "phone": "010-5550000", "email": f"duty@b{n}.example.test"}]})
        system = d.officer.make("/systems", {"unit": f"b{n}", "name": "门户网站"})["id"]
        assets.append(d.officer.make("/assets", {"system": system, "value": f"https://b{n}.example.test"})["id"])
    for start in range(0, count, PART):
        part = assets[start:start + PART]
        for finding in d.run(part, [d.result(asset) for asset in part])["findings"]:
            d.officer.act(f"/findings/{finding}", "confirm")
    selection = {"type": "rectify", "select": {"check": "exposure.git_repository", "state": "confirmed"}, "basis": [LAW]}
    drafted, _ = timed(f"{count} cases and drafts from one selection", lambda: d.officer.call("POST", "/notices/bulk", selection, (200, 201)).json)
    notices = [entry["notice"] for entry in drafted["results"] if "notice" in entry]
    if len(notices) != count:
        raise SystemExit(f"{len(notices)} drafts of {count}: {json.dumps(drafted['results'][:2], ensure_ascii=False)}")
    timed("submitted", lambda: in_parts(d.officer, "submit", notices))
    timed("approved", lambda: in_parts(d.approver, "approve", notices))
    _, took = timed(f"{count} notices issued, each with HTML and PDF", lambda: in_parts(d.officer, "issue", notices))
    print(f"  {1000 * took / count:.1f} ms a notice; server peak {memory(d)} MB", flush=True)


def multiplied(database, obligation, count):
    """Copies of an obligation and of its timers, due over the two years after; returns how many timers."""
    store = sqlite3.connect(database)
    columns = [row[1] for row in store.execute("PRAGMA table_info(records)")]
    row = dict(zip(columns, store.execute("SELECT * FROM records WHERE collection = 'obligations' AND id = ?", (obligation,)).fetchone()))
    timers = store.execute("SELECT at, kind, collection, data FROM timers WHERE collection = 'obligations' AND subject = ?", (obligation,)).fetchall()
    first = store.execute("SELECT MAX(seq) FROM records").fetchone()[0] + 1
    timer = store.execute("SELECT MAX(seq) FROM timers").fetchone()[0] + 1
    for n in range(count):
        shift = 86_400_000 * (30 + n % 700)
        copy = dict(row, seq=first + n, id=f"{obligation}-{n}", due=row["due"] + shift)
        store.execute(f"INSERT INTO records ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", [copy[name] for name in columns])
        for at, kind, collection, data in timers:
            store.execute("INSERT INTO timers (seq, at, kind, collection, subject, data) VALUES (?, ?, ?, ?, ?, ?)", (timer, at + shift, kind, collection, copy["id"], data))
            timer += 1
    store.execute("UPDATE meta SET value = ? WHERE key = 'seq.records'", (str(first + count),))
    store.execute("UPDATE meta SET value = ? WHERE key = 'seq.timers'", (str(timer),))
    store.commit()
    store.close()
    return count * len(timers)


def sweep(directory, count):
    with desk(directory, name="sweep") as d:
        _, (asset,) = d.system("uA")
        notice = d.issued(d.case(d.found(asset)), "uA")
        obligation = d.obligation(notice, "notice.ack")["id"] if d.officer.items(f"/obligations?subject={notice}") else None
        known = d
    timers = multiplied(directory / "sweep/fengsui.db", obligation, count)
    print(f"{count} obligations pending, {timers} timers", flush=True)
    with desk(directory, known=known, name="sweep") as d:
        d.clock("2026-11-02T12:00")
        _, nothing = timed("the clock moved by an hour, nothing of them due", lambda: d.clock("2026-11-02T13:00"))
        timed("overdue ones listed", lambda: d.officer.read("/obligations?state=pending&limit=1000"))
        timed("a scorecard over all of them", lambda: d.leader.read("/scorecards/d1"))
        print(f"  server {memory(d, 'VmRSS')} MB", flush=True)
        return nothing


def main():
    notices = int(sys.argv[1]) if len(sys.argv) > 1 else 2500
    obligations = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as tmp:
        directory = pathlib.Path(tmp)
        if obligations:
            sweep(directory, obligations)
        if notices:
            with desk(directory, name="bulk") as d:
                bulk(d, notices)
    return 0


if __name__ == "__main__":
    sys.exit(main())
