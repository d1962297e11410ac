"""What becomes of findings from run to run: the same ids, absent only when looked at, the same again when they return."""
import json
import pathlib
import re
import shutil
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.listener import Listener, page  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402

GOOD = ["X-Frame-Options: DENY", "X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'self'; frame-ancestors 'none'; base-uri 'none'"]
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


class Site:
    """A page whose headers and state change between runs."""

    def __init__(self, port=0):
        self.headers = []
        self.status = "200 OK"
        self.listener = Listener(lambda _request: page(headers=self.headers, status=self.status), port=port)
        self.target = f"http://127.0.0.1:{self.listener.port}/"

    def __enter__(self):
        self.listener.__enter__()
        return self

    def __exit__(self, *_):
        self.listener.__exit__()


def patrol(tmp, *more):
    result = fengsui("patrol", "--data", tmp / "d", "--rate", "1000", "--deadline", "20", *more)
    time.sleep(1.05)  # times are kept to the second: the next run must be later
    return result


def stored(tmp, *more):
    result = fengsui("findings", "--data", tmp / "d", *more)
    check_equal(result.status, 0, f"findings {result.err}")
    return {(line["target"], line["check"]): line for line in result.of_type("finding")}


def start(tmp, *rows):
    check_equal(fengsui("registry", "import", write_registry(tmp / "r.csv", *rows), "--data", tmp / "d").status, 0, "import")


@case
def twice_the_same(tmp):
    with Site() as site:
        start(tmp, row(site.target))
        first = {line["check"]: line for line in patrol(tmp).of_type("finding")}
        second = {line["check"]: line for line in patrol(tmp).of_type("finding")}
        check_true("header.csp_missing" in first and "http.https_missing" in first, f"{sorted(first)}")
        check_equal(set(second), set(first), "checks found")
        for check, line in first.items():
            check_equal(second[check]["id"], line["id"], f"id of {check}")
            check_equal(second[check]["fingerprint"], line["fingerprint"], f"fingerprint of {check}")
            check_equal(second[check]["first_seen"], line["first_seen"], f"first_seen of {check}")
            check_true(second[check]["last_seen"] > line["last_seen"], f"last_seen of {check} moves: {line['last_seen']} {second[check]['last_seen']}")
        kept = stored(tmp)
        check_equal({line["id"] for line in kept.values()}, {line["id"] for line in first.values()}, "stored ids")
        check_equal({line["presence"] for line in kept.values()}, {"present"}, "presence")
        # Another data directory, the same registry: ids are a matter of what was found where.
        shutil.rmtree(tmp / "d")
        start(tmp, row(site.target))
        third = {line["check"]: line["id"] for line in patrol(tmp).of_type("finding")}
        check_equal(third, {check: line["id"] for check, line in first.items()}, "ids in another data directory")


@case
def mended_and_back_again(tmp):
    with Site() as site:
        start(tmp, row(site.target))
        patrol(tmp)
        key = (site.target, "header.frame_options_missing")
        before = stored(tmp)[key]
        site.headers = GOOD
        patrol(tmp)
        mended = stored(tmp)[key]
        check_equal((mended["presence"], mended["id"]), ("absent", before["id"]), "after the repair")
        check_equal(mended["first_seen"], before["first_seen"], "first_seen after the repair")
        check_equal(stored(tmp)[site.target, "http.https_missing"]["presence"], "present", "what was not mended")
        site.headers = []
        again = [line for line in patrol(tmp).of_type("finding") if line["check"] == key[1]]
        back = stored(tmp)[key]
        check_equal(([line["id"] for line in again], back["presence"]), ([before["id"]], "present"), "it is back")
        check_equal(back.get("recurrence"), 1, f"recurrence in {back}")
        check_equal(back["first_seen"], before["first_seen"], "first_seen of a recurrence")


@case
def not_reached_is_never_fixed(tmp):
    with Site() as site:
        start(tmp, row(site.target))
        patrol(tmp)
        before = stored(tmp)
        check_true(len(before) >= 4, f"{sorted(before)}")
        port = site.listener.port
    down = patrol(tmp)  # nobody listens now
    check_equal(down.coverage()[site.target, "header.csp_missing"], ("not_reached", "refused"), "coverage of a site that is down")
    check_true((site.target, "site.unreachable") in down.findings(), "site.unreachable")
    after = stored(tmp)
    for key, line in before.items():
        if key[1] != "site.unreachable":
            check_equal({k: after[key][k] for k in ("presence", "last_seen", "first_seen", "id")},
                        {k: line[k] for k in ("presence", "last_seen", "first_seen", "id")}, f"{key[1]} while the site is down")
    with Site(port) as site:
        site.status = "503 Service Unavailable"
        site.headers = GOOD
        patrol(tmp)
        check_equal(stored(tmp)[site.target, "header.csp_missing"]["presence"], "present", "a 503 tells nothing of the page")
        site.status = "200 OK"
        patrol(tmp)
        check_equal(stored(tmp)[site.target, "header.csp_missing"]["presence"], "absent", "back and mended")
        check_equal(stored(tmp)[site.target, "site.unreachable"]["presence"], "absent", "reachable again")


@case
def a_check_that_was_not_run_changes_nothing(tmp):
    with Site() as site:
        start(tmp, row(site.target))
        patrol(tmp)
        before = stored(tmp)
        site.headers = GOOD
        patrol(tmp, "--check", "header.csp_missing")
        after = stored(tmp)
        check_equal(after[site.target, "header.csp_missing"]["presence"], "absent", "the check that ran")
        check_equal(after[site.target, "header.frame_options_missing"], before[site.target, "header.frame_options_missing"], "a check that did not run")


@case
def result_lines_are_as_promised(tmp):
    with Site() as site:
        start(tmp, row(site.target, unit="u9"))
        result = patrol(tmp)
        runs = set()
        for line in result.lines:
            check_equal(list(line)[0], "type", "type stands first")
        for line in result.of_type("coverage"):
            keys = {"type", "run", "target", "check", "status", "at"} | ({"reason"} if line["status"] != "completed" else set())
            check_equal(set(line), keys, "keys of a coverage line")
            check_true(STAMP.match(line["at"]), line["at"])
            check_true(line["status"] in ("completed", "not_reached", "skipped", "refused"), line["status"])
            runs.add(line["run"])
        needed = {"type", "id", "fingerprint", "check", "severity", "unit", "target", "locator", "title", "advice", "evidence", "references", "first_seen",
                  "last_seen"}
        for line in result.of_type("finding"):
            check_true(needed <= set(line), f"missing {needed - set(line)}")
            check_true(line["severity"] in ("critical", "high", "medium", "low", "info"), line["severity"])
            check_equal((line["unit"], line["target"]), ("u9", site.target), "unit and target")
            check_true(STAMP.match(line["first_seen"]) and STAMP.match(line["last_seen"]), f"times {line['first_seen']}")
            for text in (line["title"], line["advice"]):
                check_true(set(text) == {"zh", "en"} and text["zh"] and text["en"], f"{text}")
            check_true(line["evidence"] and isinstance(line["evidence"], dict), f"{line['check']} has evidence")
            check_true(isinstance(line["references"], list) and line["references"], f"{line['check']} has references")
        summary = result.lines[-1]
        check_equal(set(summary), {"type", "run", "targets", "completed", "findings", "requests", "bytes", "seconds"}, "keys of the summary")
        check_equal((summary["type"], summary["targets"], summary["completed"]), ("summary", 1, 1), "summary")
        counted = {severity: 0 for severity in ("critical", "high", "medium", "low", "info")}
        for line in result.of_type("finding"):
            counted[line["severity"]] += 1
        check_equal(summary["findings"], counted, "counts by severity")
        check_true(summary["requests"] > 0 and summary["bytes"] > 0, f"{summary}")
        check_equal(runs, {summary["run"]}, "one run")


@case
def filters_and_exit_status(tmp):
    with Site() as one, Site() as two:
        start(tmp, row(one.target, unit="above", name="Above"), row(two.target, unit="below", name="Below", parent="above"))
        check_equal(patrol(tmp, "--fail-on", "medium").status, 1, "something of severity medium")
        check_equal(fengsui("patrol", "--data", tmp / "d", "--rate", "1000", "--fail-on", "critical").status, 0, "nothing critical")
        everything = stored(tmp)
        check_equal({target for target, _ in everything}, {one.target, two.target}, "all units")
        check_equal({target for target, _ in stored(tmp, "--unit", "below")}, {two.target}, "one unit")
        check_equal({target for target, _ in stored(tmp, "--unit", "above")}, {one.target, two.target}, "a unit and those below it")
        check_equal({line["severity"] for line in stored(tmp, "--severity", "low").values()}, {"low"}, "one severity")
        check_equal(stored(tmp, "--presence", "absent"), {}, "nothing is absent")
        check_equal(fengsui("findings", "--data", tmp / "d", "--fail-on", "medium").status, 1, "findings --fail-on")
        check_equal(fengsui("findings", "--data", tmp / "d", "--severity", "info", "--fail-on", "medium").status, 0, "findings --fail-on, filtered")
        only = fengsui("patrol", "--data", tmp / "d", "--rate", "1000", "--unit", "below", "--check", "header.*")
        check_equal({line["target"] for line in only.of_type("coverage")}, {two.target}, "patrol of one unit")
        check_true(all(line["check"].startswith("header.") for line in only.of_type("coverage")), "checks by glob")
        text = fengsui("findings", "--data", tmp / "d", "--format", "text")
        check_true(one.target in text.out and not text.lines, "text for people")


@case
def a_backup_opens(tmp):
    with Site() as site:
        start(tmp, row(site.target))
        patrol(tmp)
        check_equal(fengsui("backup", tmp / "backup.db", "--data", tmp / "d").status, 0, "backup")
        check_equal(sqlite3.connect(tmp / "backup.db").execute("PRAGMA integrity_check").fetchone()[0], "ok", "integrity")
        (tmp / "restored").mkdir()
        shutil.copy(tmp / "backup.db", tmp / "restored" / next((tmp / "d").glob("*.db")).name)
        restored = fengsui("findings", "--data", tmp / "restored")
        check_equal(restored.out, fengsui("findings", "--data", tmp / "d").out, "findings of the backup")
        check_equal(fengsui("audit", "verify", "--data", tmp / "restored").status, 0, "audit of the backup")
        check_equal(json.loads(fengsui("registry", "export", "--format", "json", "--data", tmp / "restored").out)[0]["asset"], site.target, "registry")


@case
def an_altered_audit_log_is_told(tmp):
    with Site() as site:
        start(tmp, row(site.target))
        patrol(tmp)
        check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "untouched")
        connection = sqlite3.connect(next((tmp / "d").glob("*.db")))
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE audit SET body = replace(body, '\"by\":\"', '\"by\":\"not_') WHERE seq = (SELECT min(seq) FROM audit)")
        check_equal(connection.execute("SELECT count(*) FROM audit WHERE body LIKE '%not_%'").fetchone()[0], 1, "entries altered")
        connection.commit()
        connection.close()
        verdict = fengsui("audit", "verify", "--data", tmp / "d")
        check_true(verdict.status in (1, 3), f"exit status {verdict.status}: {verdict.out} {verdict.err}")


main()
