"""The loop that closes, step by step: finding, case, notice, receipt, reply, re-check, closure, scorecard."""
import pathlib
import re
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import LAW, SIGNER, at, contacts, desk, same_time  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, main  # noqa: E402

STAGES = ["open", "verifying", "noticed", "rectifying", "replied", "rechecking", "closed"]


def common_fields(record, what):
    for field in ("id", "state", "rev", "created_at", "created_by", "drill", "wf", "wf_version"):
        check_true(field in record, f"{what} has {field}: {record}")
    check_equal(record["drill"], False, f"{what}: drill")


def registry_of_a(d):
    d.officer.make("/units", {"id": "A", "name": "单位甲", "kind": "unit", "parent": "d1", "contacts": contacts("A"), "regulator": "edu"})
    system = d.officer.make("/systems", {"unit": "A", "name": "门户网站", "protection_level": 3})
    asset = d.officer.make("/assets", {"system": system["id"], "value": "https://a.example.test"})
    check_equal((system["unit"], system["protection_level"], asset["system"], asset["unit"]), ("A", 3, system["id"], "A"), "ids")
    made = d.admin.make("/users", {"name": "contact of A", "roles": ["unit"], "unit": "A"})
    token = d.admin.make(f"/users/{made['id']}/tokens", {"label": "x"})["token"]
    d.tokens["A"] = (made["id"], token)
    d._actors()
    return asset["id"]


def found_and_opened(d, asset):
    """Steps 2 and 3: (finding, case)."""
    run = d.run([asset], [d.result(asset)])
    check_equal(run["counts"], {"created": 1, "updated": 0, "absent": 0, "reopened": 0, "ignored": 0}, "counts")
    finding = run["findings"][0]
    record = d.officer.state(f"/findings/{finding}", "new")
    check_equal((record["presence"], record["presence_run"], record["unit"], record["asset"]), ("present", run["id"], "A", asset), "finding")
    check_equal(d.officer.act(f"/findings/{finding}", "confirm")["state"], "confirmed", "confirm")
    made = d.officer.make("/cases", {"findings": [finding]})
    common_fields(made, "case")
    check_equal((made["state"], made["unit"], made["findings"]), ("open", "A", [finding]), "case")
    check_equal(d.officer.act(f"/cases/{made['id']}", "verify")["state"], "verifying", "verify")
    check_equal(d.officer.state(f"/findings/{finding}", "in_case")["case"], made["id"], "the finding's case")
    return finding, made["id"]


def signed_notice(d, opened, finding):
    """Steps 4 and 5: the notice, approved."""
    notice = d.officer.make("/notices", {"type": "rectify", "case": opened, "recipient": "A"})
    common_fields(notice, "notice")
    check_equal([item["finding"] for item in notice["items"]], [finding], "items are the case's findings")
    check_true({"title", "severity", "advice"} <= set(notice["items"][0]), f"item {notice['items'][0]}")
    path = f"/notices/{notice['id']}"
    d.officer.refused(path, "submit", {}, "basis")
    d.officer.state(path, "draft")
    d.officer.change(path, {"basis": [LAW]})
    check_equal(d.officer.act(path, "submit")["state"], "review", "submit")
    d.officer.act(path, "approve", expect=403)
    own = d.draft(opened, "A", who=d.both)
    d.both.act(f"/notices/{own}", "submit")
    d.both.refused(f"/notices/{own}", "approve", {}, "not_author")
    d.approver.act(f"/notices/{own}", "reject", {"reason": "超出本次范围"})
    d.approver.act(f"/notices/{own}", "withdraw", {"reason": "误建"})
    check_equal(d.approver.act(path, "approve")["state"], "approved", "approve")
    return notice["id"]


def documents_of(d, notice, record):
    documents = d.officer.items(f"/documents?subject={notice}")
    kinds = {document["kind"] for document in documents}
    for kind in kinds:
        types = {document["media_type"].split(";")[0] for document in documents if document["kind"] == kind}
        check_equal(types, {"text/html", "application/pdf"}, f"types of {kind}")
    for document in documents:
        body = d.document_bytes(document)
        check_equal((document["subject"], document["drill"], document["doc_no"]), (notice, False, record["doc_no"]), f"{document}")
        if document["media_type"].startswith("text/html"):
            text = body.decode("utf-8")
            for part in (record["doc_no"], "单位甲", "2026", record["body_sha256"]):
                check_true(part in text, f"{part} is in the page")
        else:
            check_true(body.startswith(b"%PDF-") and b"%%EOF" in body[-32:], "a whole PDF")
        check_true(d.A.items(f"/documents?subject={notice}"), "the unit has them as well")


def issued_notice(d, notice, opened):
    """Step 6, at ten o'clock."""
    d.clock("2026-11-02T10:00")
    record = d.officer.act(f"/notices/{notice}", "issue")
    check_equal(record["state"], "issued", "issue")
    same_time(record["issued_at"], "2026-11-02T10:00", "issued_at")
    same_time(record["due"], "2026-11-09T18:00", "due")
    check_equal(record["overdue"], False, "overdue")
    check_true(isinstance(record["doc_no"], str) and record["doc_no"], f"doc_no {record['doc_no']}")
    check_true(re.fullmatch(r"[0-9a-f]{64}", record["body_sha256"]), record["body_sha256"])
    check_equal(d.officer.read(f"/documents/{record['document']}")["subject"], notice, "its document")
    documents_of(d, notice, record)
    obligations = {item["rule"]: item for item in d.officer.items(f"/obligations?subject={notice}")}
    check_equal(set(obligations), {"notice.ack", "notice.fix.high"}, "obligations")
    same_time(obligations["notice.ack"]["due"], "2026-11-03T10:00", "receipt due")
    same_time(obligations["notice.fix.high"]["due"], "2026-11-09T18:00", "fix due")
    for item in obligations.values():
        check_equal((item["debtor"], item["creditor"], item["subject"], item["state"], item["overdue"]), ("A", ["d1"], notice, "pending", False), f"{item}")
        same_time(item["clock_start"], "2026-11-02T10:00", "clock_start")
    check_equal((obligations["notice.ack"]["calendar"], obligations["notice.fix.high"]["calendar"]), ("clock", "workday"), "calendars")
    d.officer.state(f"/cases/{opened}", "noticed")
    told = d.outbox(subject=notice, to="A", kind="notice")
    check_equal(len(told), 1, f"the unit is told once: {d.outbox(subject=notice)}")
    same_time(told[0]["at"], "2026-11-02T10:00", "told at")
    return record["doc_no"]


def received_and_answered(d, notice, opened, finding):
    """Steps 7 and 8: (response, verification)."""
    d.clock("2026-11-02T12:00")
    d.A.refused(f"/notices/{notice}", "receive", {}, "signer")
    check_equal(d.A.act(f"/notices/{notice}", "receive", {"signer": SIGNER})["signer"], SIGNER, "the signer is kept")
    receipt = d.obligation(notice, "notice.ack")
    check_equal(receipt["state"], "met", "receipt")
    same_time(receipt["met_at"], "2026-11-02T12:00", "receipt met_at")
    d.officer.state(f"/notices/{notice}", "received")
    d.officer.state(f"/cases/{opened}", "rectifying")
    check_equal(len(d.outbox(subject=notice, to="d1", kind="receipt")), 1, "the office is told of the receipt")
    d.clock("2026-11-05T15:00")
    response = d.A.make("/responses", {"notice": notice, "items": []})
    common_fields(response, "response")
    path = f"/responses/{response['id']}"
    d.A.refused(path, "submit", {"signer": SIGNER}, "items_answered")
    d.A.change(path, {"items": [d.reply(finding)]})
    d.A.refused(path, "submit", {}, "signer")
    check_equal(d.A.act(path, "submit", {"signer": SIGNER})["state"], "submitted", "submit")
    d.officer.state(f"/cases/{opened}", "replied")
    d.officer.state(f"/notices/{notice}", "replied")
    return response["id"], d.planned(opened)


def closed_by_the_recheck(d, names):
    """Step 9, a day later: the time that counts stays the reply's."""
    d.clock("2026-11-06T09:00")
    run = d.run([names["asset"]], [], verification=names["verification"])
    check_equal(run["counts"], {"created": 0, "updated": 0, "absent": 1, "reopened": 0, "ignored": 0}, "counts of the re-check")
    record = d.officer.state(f"/verifications/{names['verification']}", "passed")
    check_equal((record["tries"], record["run"], record["case"]), (1, run["id"], names["case"]), f"{record}")
    check_equal(d.officer.state(f"/findings/{names['finding']}", "closed")["presence"], "absent", "presence")
    d.officer.state(f"/cases/{names['case']}", "closed")
    d.officer.state(f"/notices/{names['notice']}", "done")
    d.officer.state(f"/responses/{names['response']}", "accepted")
    fix = d.obligation(names["notice"], "notice.fix")
    check_equal((fix["state"], fix["overdue"]), ("met", False), "fix")
    same_time(fix["met_at"], "2026-11-05T15:00", "fix met_at")


def scorecard_of_a(d):
    wanted = {"issued": 1, "on_time_ack": 100, "on_time_fix": 100, "first_pass": 100, "median_fix_days": 3, "recurrence": 0, "overdue_open": 0, "drills": 0}
    for reader, unit in ((d.officer, "A"), (d.A, "A"), (d.officer, "d1"), (d.city, "city")):
        card = reader.read(f"/scorecards/{unit}")
        check_equal({name: card.get(name) for name in wanted}, wanted, f"scorecard of {unit} as {reader.name} sees it")
    check_equal(d.officer.read("/scorecards/A")["zero_report"], None, "no base, no figure")
    before = d.officer.read("/scorecards/A?from=2026-10-01T00:00:00%2B08:00&until=2026-11-01T00:00:00%2B08:00")
    check_equal((before["issued"], before["on_time_ack"], before["on_time_fix"]), (0, None, None), "an earlier period")
    check_equal(d.officer.read("/scorecards/uB")["issued"], 0, "another unit")


def history_of(d, names):
    entries = d.officer.items(f"/cases/{names['case']}/history")
    stages = [entry["to"] for entry in entries if entry["to"] != entry.get("from")]
    stages = stages if entries[0]["to"] == "open" else [entries[0]["from"], *stages]
    check_equal(stages, STAGES, f"stages ({entries})")
    users = {user for user, _ in d.tokens.values()} | {"system"}
    for entry in entries:
        check_true({"at", "by", "event", "from", "to", "reason"} <= set(entry), f"members of {entry}")
        check_true(entry["by"] in users, f"by of {entry}")
    check_equal([entry["at"] for entry in entries], sorted((entry["at"] for entry in entries), key=at), "oldest first")
    when = {entry["to"]: entry["at"] for entry in entries}
    for stage, moment in (("noticed", "2026-11-02T10:00"), ("rectifying", "2026-11-02T12:00"), ("replied", "2026-11-05T15:00"), ("closed", "2026-11-06T09:00")):
        same_time(when[stage], moment, stage)
    by = {entry["event"]: entry["by"] for entry in d.officer.items(f"/notices/{names['notice']}/history")}
    check_equal((by["submit"], by["approve"], by["issue"], by["receive"]), (d.officer.id, d.approver.id, d.officer.id, d.A.id), "who did what")


@case
def s1_the_closed_loop(tmp):
    with desk(tmp) as d:
        asset = registry_of_a(d)
        finding, opened = found_and_opened(d, asset)
        notice = signed_notice(d, opened, finding)
        number = issued_notice(d, notice, opened)
        response, verification = received_and_answered(d, notice, opened, finding)
        names = {"asset": asset, "finding": finding, "case": opened, "notice": notice, "response": response, "verification": verification}
        closed_by_the_recheck(d, names)
        scorecard_of_a(d)
        history_of(d, names)
        _, assets = d.system("uB")
        other = d.officer.read(f"/notices/{d.issued(d.case(d.found(assets[0])), 'uB')}")
        check_true(other["doc_no"] != number, f"numbers are unique: {number} {other['doc_no']}")
        whole = d.root_auditor.read("/audit/verify")
        check_equal((whole["ok"], whole["first_broken"]), (True, None), "chain by REST")
    answer = fengsui("audit", "verify", "--data", tmp / "d")
    check_equal(answer.status, 0, f"chain by command {answer.out} {answer.err}")
    check_true('"ok":true' in answer.out.replace(" ", ""), answer.out)


def chain_table(database):
    """The one table with the columns that the contract names."""
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}
        if {"seq", "body", "hash", "prev_hash"} <= columns:
            return table
    raise AssertionError("no table with seq, body, hash and prev_hash")


def store_of(tmp):
    for path in sorted((tmp / "d").iterdir()):
        if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
            with sqlite3.connect(path) as database:
                with_chain = [True for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                              if "prev_hash" in {row[1] for row in database.execute(f'PRAGMA table_info("{table}")')}]
            database.close()
            if with_chain:
                return path
    raise AssertionError("no store with a chain")


@case
def one_altered_byte_is_named(tmp):
    """Body, hash and prev_hash of a history row, and a row taken away."""
    with desk(tmp) as d:
        _, assets = d.system("uA")
        notice = d.received(d.case(d.found(assets[0])), "uA", d.unitA)
        entries = d.root_auditor.read("/audit/verify")["entries"]
    check_true(notice and entries > 20, f"{entries} entries")
    path = store_of(tmp)
    for column in ("body", "hash", "prev_hash"):
        database = sqlite3.connect(path)
        table = chain_table(database)
        check_equal(database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0], entries, "rows")
        seq, value = database.execute(f'SELECT seq, {column} FROM "{table}" ORDER BY seq LIMIT 1 OFFSET {entries // 2}').fetchone()
        raw = value.encode() if isinstance(value, str) else bytes(value)
        place = len(raw) // 2
        altered = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
        with database:
            for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall():
                database.execute(f'DROP TRIGGER "{trigger}"')
            database.execute(f'UPDATE "{table}" SET {column} = ? WHERE seq = ?', (altered.decode("latin-1") if isinstance(value, str) and column != "body"
                             else altered.decode("utf-8", "replace") if isinstance(value, str) else altered, seq))
        answer = fengsui("audit", "verify", "--data", tmp / "d")
        check_equal(answer.status, 1, f"{column}: {answer.out} {answer.err}")
        check_true(f'"first_broken":{seq}' in answer.out.replace(" ", ""), f"{column} of {seq}: {answer.out}")
        with database:
            database.execute(f'UPDATE "{table}" SET {column} = ? WHERE seq = ?', (value, seq))
        database.close()
        check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "whole again")
    with sqlite3.connect(path) as database:
        database.execute(f'DELETE FROM "{table}" WHERE seq = ?', (seq,))
    database.close()
    check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 1, "a row is missing")
    with desk(tmp, known=d) as again:
        answer = again.root_auditor.read("/audit/verify")
        check_equal(answer["ok"], False, "told by REST as well")


main()
