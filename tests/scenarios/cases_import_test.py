"""What others' tools report: absence needs coverage, and no report can undo what people decided."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import desk, same_time  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402

NOTHING = {"created": 0, "updated": 0, "absent": 0, "reopened": 0, "ignored": 0}
ACCEPTANCE = {"reason": "系统月底下线", "expires_at": "2026-12-01T00:00:00+08:00", "compensating": "仅内网可达"}


def counts(run, **expected):
    check_equal(run["counts"], {**NOTHING, **expected}, f"counts of {run}")


def everything(d, unit="uA"):
    return d.officer.items(f"/findings?unit={unit}")


def open_count(d):
    return sum(1 for item in everything(d) if item["state"] in ("new", "confirmed", "in_case") and item["presence"] == "present")


class World:
    """F1 high on a1, F2 low on a1, F3 medium on a2 (dismissed), F4 accepted until 1 December on a3."""

    def __init__(self, d):
        self.d = d
        _, assets = d.system("uA", assets=["https://a1.example.test", "https://a2.example.test", "https://a3.example.test"])
        self.a1, self.a2, self.a3 = assets
        self.r1 = d.result(self.a1, "exposure.git_repository", "high", "/.git/HEAD")
        self.r2 = d.result(self.a1, "header.csp_missing", "low", "/")
        self.r3 = d.result(self.a2, "exposure.backup_file", "medium", "/www.zip")
        self.r4 = d.result(self.a3, "tls.tls10", "medium", ":443")
        run = d.run(assets, [self.r1, self.r2, self.r3, self.r4])
        counts(run, created=4)
        self.f1, self.f2, self.f3, self.f4 = run["findings"]
        for finding in (self.f1, self.f2, self.f4):
            d.officer.act(f"/findings/{finding}", "confirm")
        d.officer.act(f"/findings/{self.f3}", "dismiss", {"reason": "误报"})
        d.approver.act(f"/findings/{self.f4}", "accept", ACCEPTANCE)
        self.first = run["id"]

    def of(self, finding):
        return self.d.officer.read(f"/findings/{finding}")


@case
def s3_the_traps_of_imports(tmp):
    with desk(tmp) as d:
        w = World(d)
        opened = d.case([w.f1])
        d.received(opened, "uA", d.unitA)
        # 1: another tool's title and severity make no new finding.
        d.clock("2026-11-03T09:00")
        run = d.run([d.target(w.a1, completed=False)], [dict(w.r1, title="Git metadata exposed", severity="medium")], tool="y")
        counts(run, updated=1)
        check_equal(run["findings"], [w.f1], "the same finding")
        f1 = w.of(w.f1)
        check_equal((len(f1["sources"]), len(f1["severity_history"]), f1["state"], f1["presence"]), (2, 2, "in_case", "present"), f"{f1}")
        check_equal(len(everything(d)), 4, "no new finding")
        # 2: a filter closes nothing.
        before = {name: w.of(name) for name in (w.f2, w.f3, w.f4)}
        run = d.run([w.a1, w.a2, w.a3], [w.r1], filters={"min_severity": "high"})
        counts(run, updated=1)
        check_true("filtered" in run["flags"], f"flags {run['flags']}")
        for name, record in before.items():
            check_equal(w.of(name), record, "below the filter: untouched")
        # 3: an empty report.
        run = d.run([], [])
        counts(run)
        check_equal(run["flags"], ["empty_coverage"], "flags")
        check_equal((run["findings"], w.of(w.f1)["presence"], w.of(w.f2)["presence"]), ([], "present", "present"), "nothing closed")
        # 4: absent where it was looked for, and only there.
        d.clock("2026-11-04T09:00")
        before = w.of(w.f3)
        run = d.run([w.a1], [w.r2])
        counts(run, absent=1, updated=1)
        f1 = w.of(w.f1)
        check_equal((f1["presence"], f1["presence_run"], f1["state"]), ("absent", run["id"], "in_case"), f"{f1}")
        check_equal(w.of(w.f3), before, "on the other asset nothing is known")
        d.planned(opened)
        # 5: dismissed stays dismissed.
        d.clock("2026-11-05T09:00")
        number = open_count(d)
        run = d.run([w.a2], [w.r3])
        counts(run, ignored=1)
        f3 = w.of(w.f3)
        check_equal((f3["state"], f3["presence"], open_count(d)), ("dismissed", "present", number), f"{f3}")
        same_time(f3["last_seen"], "2026-11-05T09:00", "last_seen moves")
        check_equal(run["findings"], [w.f3], "told by its id all the same")
        # 6: acceptance ends.
        d.clock("2026-12-01T00:01")
        d.officer.state(f"/findings/{w.f4}", "confirmed")
        last = d.officer.items(f"/findings/{w.f4}/history")[-1]
        check_equal((last["event"], last["by"]), ("expire", "system"), f"{last}")
        same_time(last["at"], "2026-12-01T00:00", "stamped with its own time")
        check_true(d.outbox(subject=w.f4, kind="expired"), f"somebody is told: {d.outbox(subject=w.f4)}")
        # 7: the same weakness elsewhere is another finding.
        there = dict(w.r1, asset=w.a2)
        run = d.run([d.target(w.a2, completed=False)], [there], tool="y")
        counts(run, created=1)
        f5 = run["findings"][0]
        check_true(f5 not in (w.f1, w.f2, w.f3, w.f4), "a finding of its own")
        notice = d.officer.items(f"/notices?case={opened}")[0]["id"]
        d.answer(notice, d.unitA)
        for verification in [item for item in d.officer.items(f"/verifications?case={opened}") if item["state"] == "planned"]:
            d.run([w.a1], [], verification=verification["id"])
        check_equal((w.of(w.f1)["state"], w.of(f5)["state"], w.of(f5)["presence"]), ("closed", "new", "present"), "closing one leaves the other")
        # 8: the same request again.
        body = {"tool": "y", "targets": [d.target(w.a2)], "results": [there]}
        first = d.officer.make("/runs", body, key="s3-8")
        seen = everything(d)
        again = d.officer.make("/runs", body, key="s3-8")
        check_equal((again["id"], again, everything(d)), (first["id"], first, seen), "the same answer, nothing else changes")
        check_equal(set(first["counts"]), set(NOTHING), "counts")


@case
def a_severity_filter_hides_only_what_is_below(tmp):
    """Filtered at medium: a high finding that is not reported is absent, a low one is unknown."""
    with desk(tmp) as d:
        w = World(d)
        run = d.run([w.a1], [], filters={"min_severity": "medium"})
        counts(run, absent=1)
        check_equal((w.of(w.f1)["presence"], w.of(w.f2)["presence"]), ("absent", "present"), "presence")
        check_equal(run["flags"], ["filtered"], "flags")


@case
def only_checks_looked_for_can_be_absent(tmp):
    with desk(tmp) as d:
        w = World(d)
        run = d.run([w.a1], [], checks=["header.csp_missing"])
        counts(run, absent=1)
        check_equal((w.of(w.f1)["presence"], w.of(w.f2)["presence"]), ("present", "absent"), "only the check looked for")
        run = d.run([w.a1], [], checks=[])
        counts(run)
        check_equal(w.of(w.f1)["presence"], "present", "nothing was looked for")
        counts(d.run([w.a1], [], checks=["exposure.*"]))
        check_equal(w.of(w.f1)["presence"], "present", "ids, not patterns")


@case
def only_a_completed_target_can_show_absence(tmp):
    with desk(tmp) as d:
        w = World(d)
        for fields in ({"completed": False}, {"reached": False, "completed": False, "error": "timeout"}, {"attempted": False, "reached": False, "completed": False}):
            counts(d.run([d.target(w.a1, **fields)], []))
            check_equal(w.of(w.f1)["presence"], "present", f"{fields}")
        counts(d.run([d.target(w.a1, completed=False, error="broken off"), w.a2], []), absent=1)
        counts(d.run([d.target(w.a1, completed=False)], [w.r2]), updated=1)
        check_equal(w.of(w.f1)["presence"], "present", "the other finding of a target that was not completed")
        counts(d.run([w.a1], []), absent=2)
        again = d.run([w.a1], [])
        check_equal(again["counts"]["absent"] in (0, 2), True, f"{again['counts']}")
        check_equal((w.of(w.f1)["state"], w.of(w.f2)["state"]), ("confirmed", "confirmed"), "absence moves no state of people")


@case
def a_dismissed_or_accepted_finding_is_never_closed_by_a_run(tmp):
    with desk(tmp) as d:
        w = World(d)
        d.run([w.a2, w.a3], [])
        check_equal((w.of(w.f3)["state"], w.of(w.f4)["state"]), ("dismissed", "accepted"), "states")
        counts(d.run([w.a2, w.a3], [dict(w.r3, severity="critical", title="worse"), w.r4]), ignored=2)
        check_equal((w.of(w.f3)["state"], w.of(w.f4)["state"]), ("dismissed", "accepted"), "seen again")
        check_equal(d.officer.act(f"/findings/{w.f3}", "undismiss", {"reason": "确属问题"})["state"], "confirmed", "only people undo it")


@case
def a_finding_that_comes_back_is_the_same_one(tmp):
    with desk(tmp) as d:
        w = World(d)
        opened = d.case([w.f1])
        notice = d.received(opened, "uA", d.unitA)
        d.answer(notice, d.unitA)
        check_equal(d.recheck(opened, [w.a1], [w.r2])["state"], "passed", "closed")
        d.clock("2027-03-01T09:00")
        run = d.run([w.a1], [w.r1])
        counts(run, reopened=1, absent=1)
        check_equal(run["findings"], [w.f1], "the same id")
        f1 = w.of(w.f1)
        check_equal((f1["state"], f1["presence"], bool(f1["recurrence"])), ("confirmed", "present", True), f"{f1}")
        check_equal(d.officer.read(f"/cases/{opened}")["state"], "closed", "the old case stays closed")
        second = d.officer.make("/cases", {"findings": [w.f1]})
        check_equal((second["previous"], second["id"] != opened), (opened, True), f"{second}")
        check_equal(w.of(w.f1)["case"], second["id"], "the new case")
        check_true(d.officer.read("/scorecards/uA")["recurrence"] > 0, f"{d.officer.read('/scorecards/uA')}")
        history = [entry["event"] for entry in d.officer.items(f"/findings/{w.f1}/history")]
        check_true("close" in history and "reopen" in history, f"{history}")


@case
def a_run_is_taken_whole_or_not_at_all(tmp):
    with desk(tmp) as d:
        w = World(d)
        before = everything(d), d.officer.items("/runs")
        fresh = d.result(w.a1, "exposure.sql_dump", "critical", "/dump.sql")
        for bad in ({"results": [fresh, dict(fresh, asset="nowhere")]}, {"results": [fresh, dict(fresh, severity="frightful")]},
                    {"results": [fresh, {"asset": w.a1}]}, {"results": [fresh, 7]}, {"targets": [d.target(w.a1), d.target("nowhere")]},
                    {"targets": [{"completed": True}]}, {"filters": {"min_severity": "huge"}}, {"results": [dict(fresh, disclosure="perhaps")]},
                    {"verification": "nowhere"}, {"tool": None}, {"tool": ""}, {"checks": "exposure.*"}, {"results": {}}, {"started_at": "yesterday"}):
            body = {"tool": "x", "targets": [d.target(w.a1)], "results": [fresh], **bad}
            d.officer.call("POST", "/runs", body, (400, 404, 422))
            check_equal((everything(d), d.officer.items("/runs")), before, f"nothing of it is kept: {bad}")
        for field in ("tool", "targets", "results"):
            body = {"tool": "x", "targets": [d.target(w.a1)], "results": [fresh]}
            del body[field]
            d.officer.call("POST", "/runs", body, (400, 422))
        check_equal((everything(d), d.officer.items("/runs")), before, "required fields")


@case
def a_result_twice_in_one_report_is_one_finding(tmp):
    with desk(tmp) as d:
        _, (a1,) = d.system("uA")
        run = d.run([a1], [d.result(a1), d.result(a1, title="again", severity="low"), d.result(a1, locator="/x/.git/HEAD")])
        check_equal((run["findings"][0], run["findings"][0] != run["findings"][2]), (run["findings"][1], True), f"{run['findings']}")
        check_equal((run["counts"]["created"], len(everything(d))), (2, 2), f"{run['counts']}")


@case
def the_tools_of_a_unit_below_reach_only_its_scope(tmp):
    """An asset of another authority is answered as one that does not exist."""
    with desk(tmp) as d:
        _, (mine,) = d.system("uA")
        _, (theirs,) = d.system("uD")
        seen = []
        for asset in (theirs, "no-such-asset"):
            body = {"tool": "x", "targets": [d.target(mine)], "results": [d.result(asset)]}
            answer = d.officer.call("POST", "/runs", body, (400, 404, 422))
            seen.append((answer.status, answer.body.decode().replace(asset, "ID")))
        check_equal(seen[0], seen[1], "told alike")
        check_equal(d.d2.items("/findings"), [], "and nothing came of it")
        d.unitA.call("POST", "/runs", {"tool": "x", "targets": [], "results": []}, 403)
        d.unitA.call("GET", "/runs", None, 403)


@case
def severity_title_and_time_are_not_the_identity(tmp):
    with desk(tmp) as d:
        _, (a1, a2) = d.system("uA", assets=["https://a1.example.test", "https://a2.example.test"])
        first = d.run([a1], [d.result(a1)])["findings"][0]
        print_ = d.officer.read(f"/findings/{first}")["fingerprint"]
        for number, severity in enumerate(("critical", "medium", "low", "info", "high"), 3):
            d.clock(f"2026-11-{number:02d}T09:00")
            run = d.run([a1], [d.result(a1, severity=severity, title=f"标题 {number}", evidence={"n": number})], tool=f"tool{number}", tool_version=str(number))
            counts(run, updated=1)
            check_equal(run["findings"], [first], severity)
        record = d.officer.read(f"/findings/{first}")
        check_equal((record["fingerprint"], len(record["severity_history"]), len(record["sources"])), (print_, 6, 6), f"{record}")
        same_time(record["first_seen"], "2026-11-02T09:00", "first_seen")
        same_time(record["last_seen"], "2026-11-07T09:00", "last_seen")
        check_true(d.run([a2], [d.result(a2)])["findings"] != [first], "another asset")
        check_true(d.run([a1], [d.result(a1, check="exposure.svn_repository")])["findings"] != [first], "another check")
        check_true(d.run([a1], [d.result(a1, locator="/b/.git/HEAD")])["findings"] != [first], "another place")


@case
def what_a_finding_says_of_disclosure(tmp):
    with desk(tmp) as d:
        _, (a1,) = d.system("uA")
        run = d.run([a1], [d.result(a1, disclosure="unpublished", provider="vendor"), d.result(a1, locator="/2")])
        secret, plain = (d.officer.read(f"/findings/{finding}") for finding in run["findings"])
        check_equal((secret["disclosure"], secret["provider"]), ("unpublished", "vendor"), f"{secret}")
        check_true(plain["disclosure"] != "unpublished", "published unless said otherwise")
        again = d.run([a1], [d.result(a1)], tool="y")
        check_equal(d.officer.read(f"/findings/{again['findings'][0]}")["disclosure"], "unpublished", "silence of another tool publishes nothing")


@case
def absence_and_a_planned_verification(tmp):
    """Absent by chance closes no case: it plans a re-check, once."""
    with desk(tmp) as d:
        w = World(d)
        opened = d.case([w.f1])
        d.received(opened, "uA", d.unitA)
        d.run([w.a1], [w.r2])
        verification = d.planned(opened)
        d.run([w.a1], [w.r2])
        check_equal(d.planned(opened), verification, "one is enough")
        check_equal((w.of(w.f1)["state"], d.officer.read(f"/cases/{opened}")["state"]), ("in_case", "rectifying"), "nothing is closed by it")


main()
