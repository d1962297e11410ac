"""Working days and clock hours, reminders, urging, escalation, extension, lateness."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import SIGNER, at, desk, same_time, wire  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402


def issued(d, *severities, unit="uA", when=None):
    """(case, notice, asset) with one finding of each severity."""
    _, (asset,) = d.system(unit, assets=[f"https://n{d.numbered()}.example.test"])
    opened = d.case(d.found(asset, *severities))
    notice = d.approved(opened, unit)
    if when:
        d.clock(when)
    d.officer.act(f"/notices/{notice}", "issue")
    return opened, notice, asset


def received(d, *severities, unit="uA"):
    opened, notice, asset = issued(d, *severities, unit=unit)
    getattr(d, "unit" + unit[1:]).act(f"/notices/{notice}", "receive", {"signer": SIGNER})
    return opened, notice, asset


def due_of(d, notice):
    record, fix = d.officer.read(f"/notices/{notice}"), d.obligation(notice, "notice.fix")
    check_equal(at(record["due"]), at(fix["due"]), "due of notice and obligation")
    return fix["due"]


def calendar(d, unit, who=None, expect=201, **fields):
    return (who or d.admin).make("/calendars", {"unit": unit, **fields}, expect)


def reminders(d, obligation, to="uA"):
    return sorted(at(entry["at"]) for entry in d.outbox(obligation=obligation, to=to, kind="reminder"))


def steps_of(d, obligation):
    """Urging and escalation, as one who sees every receiver reads them."""
    return [entry for entry in d.outbox(d.root_auditor, obligation=obligation) if entry["kind"] in ("urge", "escalation")]


def times(*texts):
    return [at(text) for text in texts]


@case
def holidays_make_up_days_and_closing_time(tmp):
    with desk(tmp) as d:
        def due(**fields):
            calendar(d, "d1", d.officer, **fields)
            return due_of(d, issued(d)[1])
        same_time(due(off=["2026-11-04"], workdays=[]), "2026-11-10T18:00", "a holiday")
        same_time(due(off=[], workdays=["2026-11-07"]), "2026-11-07T18:00", "a make-up Saturday")
        same_time(due(off=["2026-11-06", "2026-11-09"], workdays=["2026-11-08"]), "2026-11-10T18:00", "both")
        same_time(due(close="17:30"), "2026-11-09T17:30", "close of business")
        same_time(due(close="18:00", zone="Asia/Tokyo"), "2026-11-09T18:00:00+09:00", "zone")
        same_time(due(off=["2026-11-07", "2026-11-08"]), "2026-11-09T18:00", "a holiday on a day off takes nothing")
        same_time(due(workdays=["2026-11-02"], off=["2026-11-02"]), "2026-11-09T18:00", "the day of issue never counts")


@case
def the_newest_calendar_holds_from_then_on(tmp):
    with desk(tmp) as d:
        _, before, _ = issued(d)
        first = calendar(d, "d1", off=["2026-11-09"])
        same_time(due_of(d, before), "2026-11-09T18:00", "a due date that was set stays")
        _, second, _ = issued(d)
        same_time(due_of(d, second), "2026-11-10T18:00", "the new calendar")
        calendar(d, "d1", off=["2026-11-09", "2026-11-10"])
        same_time(due_of(d, issued(d)[1]), "2026-11-11T18:00", "the newest one alone")
        check_equal(d.officer.read(f"/calendars/{first['id']}")["off"], ["2026-11-09"], "the older one is kept")
        d.unitA.act(f"/notices/{before}", "receive", {"signer": SIGNER})
        d.approver.act(f"/notices/{before}", "extend", {"reason": "备件未到", "new_due": "P1WD"})
        same_time(due_of(d, before), "2026-11-11T18:00", "an extension counts by the calendar of its own day")


@case
def without_a_calendar_the_parents(tmp):
    with desk(tmp) as d:
        calendar(d, "city", d.city, off=["2026-11-09"], close="17:00")
        same_time(due_of(d, issued(d)[1]), "2026-11-10T17:00", "the city's")
        calendar(d, "province", off=["2026-11-03", "2026-11-04"])
        same_time(due_of(d, issued(d)[1]), "2026-11-10T17:00", "the nearest, not the top's")
        calendar(d, "d1")
        same_time(due_of(d, issued(d)[1]), "2026-11-09T18:00", "its own: Monday to Friday")
        calendar(d, "d2", off=["2026-11-05", "2026-11-06"])
        same_time(due_of(d, issued(d)[1]), "2026-11-09T18:00", "a neighbour's is nothing to us")


@case
def calendars_that_cannot_be(tmp):
    with desk(tmp) as d:
        for bad in ({"off": ["2026-02-30"]}, {"off": ["soon"]}, {"off": "2026-11-09"}, {"workdays": [20261107]}, {"close": "25:00"}, {"close": "six"},
                    {"zone": "Mars/Olympus"}, {"zone": "../../etc/passwd"}, {"unit": "nowhere"}, {"unit": None}):
            d.officer.call("POST", "/calendars", {"unit": "d1", **bad}, (400, 404, 422))
        outside, unknown = (d.officer.call("POST", "/calendars", {"unit": unit}, (404, 422)) for unit in ("d2", "nowhere"))
        check_equal(outside.json["status"], unknown.json["status"], "outside the scope is told like unknown")
        d.approver.call("POST", "/calendars", {"unit": "d1"}, 403)
        d.unitA.call("GET", "/calendars", None, 403)
        same_time(due_of(d, issued(d)[1]), "2026-11-09T18:00", "none of them counts")


@case
def the_day_of_issue_does_not_count_at_whatever_hour(tmp):
    for moment, due in (("2026-11-02T00:00", "2026-11-09T18:00"), ("2026-11-02T18:01", "2026-11-09T18:00"), ("2026-11-02T23:59", "2026-11-09T18:00"),
                        ("2026-11-02T16:30:00Z", "2026-11-10T18:00"), ("2026-11-06T23:59", "2026-11-13T18:00"), ("2026-11-07T12:00", "2026-11-13T18:00"),
                        ("2026-11-08T00:00", "2026-11-13T18:00"), ("2026-12-31T10:00", "2027-01-07T18:00")):
        directory = tmp / moment.replace(":", "")
        directory.mkdir()
        with desk(directory) as d:
            _, notice, _ = issued(d, when=moment)
            same_time(due_of(d, notice), due, f"issued {moment}")
            check_equal(at(d.obligation(notice, "notice.ack")["due"]) - at(moment), at("2026-01-02T00:00") - at("2026-01-01T00:00"), "receipt in 24 hours")


@case
def the_worst_item_sets_the_limit(tmp):
    with desk(tmp) as d:
        for severities, rule, due in ((("medium",), "notice.fix.medium", "2026-11-16T18:00"), (("low",), "notice.fix.low", "2026-11-30T18:00"),
                                      (("low", "medium"), "notice.fix.medium", "2026-11-16T18:00"), (("low", "high", "medium"), "notice.fix.high", "2026-11-09T18:00")):
            _, notice, _ = issued(d, *severities)
            check_equal(d.obligation(notice, "notice.fix")["rule"], rule, f"{severities}")
            same_time(due_of(d, notice), due, f"{severities}")
        _, notice, _ = issued(d, "critical", "low")
        check_true(at(due_of(d, notice)) <= at("2026-11-09T18:00"), "critical is not slower than high")


@case
def a_risk_tip_has_no_limit(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        notice = d.issued(d.case(d.found(asset, "high")), "uA", type="risk_tip")
        record = d.officer.read(f"/notices/{notice}")
        check_equal((record["due"], record["overdue"]), (None, False), f"{record}")
        check_equal([o for o in d.officer.items(f"/obligations?subject={notice}") if o["rule"].startswith("notice.fix")], [], "no limit")
        d.clock("2026-12-02T09:00")
        check_equal(d.outbox(subject=notice, kind="urge"), [], "nobody is urged")


@case
def reminders_come_once_each(tmp):
    with desk(tmp) as d:
        _, notice, _ = received(d)
        fix = d.obligation(notice, "notice.fix")["id"]
        wanted = times("2026-11-06T18:00", "2026-11-08T18:00", "2026-11-09T14:00")
        for moment, number in (("2026-11-06T17:59", 0), ("2026-11-06T18:00", 1), ("2026-11-06T18:01", 1), ("2026-11-08T18:00", 2), ("2026-11-09T13:59:59", 2),
                               ("2026-11-09T14:00", 3), ("2026-11-09T18:00", 3)):
            d.clock(moment)
            check_equal(reminders(d, fix), wanted[:number], f"at {moment}")
        entry = d.outbox(obligation=fix, kind="reminder", to="uA")[0]
        check_equal((entry["subject"], entry["to_role"], entry["drill"]), (notice, "contact", False), f"{entry}")
        check_equal(d.officer.read(f"/obligations/{fix}")["overdue"], False, "up to and including due")
        check_equal(d.outbox(obligation=fix, kind="urge"), [], "nobody is urged before")


@case
def reminders_in_the_past_do_not_come(tmp):
    """One working day for it: only what still lies ahead is told."""
    with desk(tmp) as d:
        _, notice, _ = received(d)
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-09T17:00")
        check_equal(len(reminders(d, fix)), 3, "before the extension")
        d.approver.act(f"/notices/{notice}", "extend", {"reason": "备件未到", "new_due": "P1WD"})
        d.clock("2026-11-10T18:00")
        check_equal(reminders(d, fix)[3:], times("2026-11-09T18:00", "2026-11-10T14:00"), "after it")
        d.approver.refused(f"/notices/{notice}", "extend", {"reason": "再次", "new_due": "P1WD"}, "max_extensions")


@case
def nothing_is_remembered_once_it_is_met(tmp):
    with desk(tmp) as d:
        opened, notice, asset = received(d)
        d.clock("2026-11-05T09:00")
        d.answer(notice, d.unitA)
        d.recheck(opened, [asset])
        d.clock("2026-12-01T09:00")
        check_equal([entry for entry in d.outbox(subject=notice) if entry["kind"] in ("reminder", "urge", "escalation")], [], "after closure")


@case
def overdue_climbs_the_ladder(tmp):
    with desk(tmp) as d:
        _, notice, _ = received(d)
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-09T18:00")
        check_equal(d.officer.read(f"/notices/{notice}")["overdue"], False, "at the minute")
        d.clock("2026-11-09T18:01")
        record = d.officer.read(f"/obligations/{fix}")
        check_equal((record["overdue"], record["state"], d.officer.read(f"/notices/{notice}")["overdue"]), (True, "pending", True), "after it")
        steps = steps_of(d, fix)
        check_equal(sorted((entry["to"], entry["to_role"]) for entry in steps), [("d1", "leader"), ("uA", "head")], f"{steps}")
        for entry in steps:
            check_true(at("2026-11-09T18:00") <= at(entry["at"]) <= at("2026-11-09T18:01"), f"at once: {entry}")
        urged = d.officer.items(f"/documents?subject={notice}&kind=urge")
        check_equal({item["media_type"].split(";")[0] for item in urged}, {"text/html", "application/pdf"}, f"{urged}")
        for document in urged:
            d.document_bytes(document)
        d.clock("2026-11-11T17:59")
        check_equal(len(steps_of(d, fix)), 2, "two working days later, not before")
        d.clock("2026-11-11T18:01")
        later = steps_of(d, fix)[2:]
        check_equal(sorted(entry["to"] for entry in later), ["city", "edu"], f"regulator and upper level: {later}")
        d.clock("2027-01-11T18:00")
        check_equal(len(steps_of(d, fix)), 4, "and no more")
        check_equal(d.officer.read("/scorecards/uA")["overdue_open"], 1, "overdue_open")
        check_equal([item["id"] for item in d.officer.items("/obligations?state=pending") if item["overdue"]], [fix], "the list says so too")


@case
def days_off_delay_the_second_step(tmp):
    with desk(tmp) as d:
        _, notice, _ = received(d, "high")
        fix = d.obligation(notice, "notice.fix")["id"]
        calendar(d, "d1", off=["2026-11-10", "2026-11-11"])
        d.clock("2026-11-12T18:01")
        check_true(2 <= len(steps_of(d, fix)) <= 4, "urged")
        d.clock("2026-11-13T18:01")
        check_equal(len(steps_of(d, fix)), 4, "by the thirteenth at the latest")


@case
def a_jump_catches_up_in_order(tmp):
    with desk(tmp) as d:
        _, one, _ = received(d, "high")
        _, two, _ = received(d, "medium", unit="uB")
        d.clock("2026-12-20T09:00")
        for notice, unit, due in ((one, "uA", "2026-11-09T18:00"), (two, "uB", "2026-11-16T18:00")):
            fix = d.obligation(notice, "notice.fix")["id"]
            check_equal([at(due) - moment for moment in reminders(d, fix, unit)],
                        [at("2026-01-04T00:00") - at("2026-01-01T00:00"), at("2026-01-02T00:00") - at("2026-01-01T00:00"), at("2026-01-01T04:00") - at("2026-01-01T00:00")], "each at its own time")
        timed = [at(entry["at"]) for entry in d.outbox(d.root_auditor) if entry["kind"] in ("reminder", "urge", "escalation")]
        check_equal(timed, sorted(timed), "in order")
        check_equal(len(timed), 2 * (3 + 4), "all of them, once")


@case
def moving_the_clock_back_fires_nothing_twice(tmp):
    with desk(tmp) as d:
        _, notice, _ = received(d)
        d.clock("2026-11-12T09:00")
        before = d.outbox()
        d.clock("2026-11-03T09:00")
        check_equal(d.outbox(), before, "back")
        made = d.officer.make("/units", {"name": "later", "parent": "d1"})
        same_time(made["created_at"], "2026-11-03T09:00", "time stands where it was put")
        d.clock("2026-11-12T09:00")
        check_equal(d.outbox(), before, "forward again")
        d.clock("2026-11-12T09:00")
        check_equal(d.outbox(), before, "and the same instant again")
        check_equal(d.obligation(notice, "notice.fix")["overdue"], True, "overdue is as computed now")


@case
def the_receipt_counts_minutes(tmp):
    with desk(tmp) as d:
        _, on_time, _ = issued(d, when="2026-11-02T10:00")
        _, late, _ = issued(d)
        _, never, _ = issued(d)
        d.clock("2026-11-03T10:00")
        d.unitA.act(f"/notices/{on_time}", "receive", {"signer": SIGNER})
        record = d.obligation(on_time, "notice.ack")
        check_equal((record["state"], record["minutes_late"] or 0), ("met", 0), "up to and including due")
        d.clock("2026-11-03T10:05")
        d.unitA.act(f"/notices/{late}", "receive", {"signer": SIGNER})
        record = d.obligation(late, "notice.ack")
        check_equal((record["state"], record["minutes_late"], record["overdue"]), ("met_late", 5, False), f"{record}")
        same_time(record["met_at"], "2026-11-03T10:05", "met_at")
        record = d.obligation(never, "notice.ack")
        check_equal((record["state"], record["overdue"]), ("pending", True), f"{record}")
        check_equal(d.officer.read("/scorecards/uA")["issued"], 3, "issued")


@case
def a_late_fix_counts_working_days(tmp):
    with desk(tmp) as d:
        opened, notice, asset = received(d)
        d.clock("2026-11-16T10:00")
        d.answer(notice, d.unitA)
        d.clock("2026-11-18T10:00")
        d.recheck(opened, [asset])
        record = d.obligation(notice, "notice.fix")
        check_equal((record["state"], record["days_late"], record["overdue"]), ("met_late", 5, False), f"{record}")
        same_time(record["met_at"], "2026-11-16T10:00", "met_at")
        card = d.officer.read("/scorecards/uA")
        check_equal((card["on_time_ack"], card["on_time_fix"], card["first_pass"], card["median_fix_days"], card["overdue_open"]), (100, 0, 100, 10, 0), f"{card}")


@case
def a_reply_in_time_is_in_time_however_long_the_review(tmp):
    with desk(tmp) as d:
        opened, notice, asset = received(d)
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-09T18:00")
        d.answer(notice, d.unitA)
        d.clock("2026-11-20T09:00")
        check_equal([entry for entry in d.outbox(obligation=fix, to="uA") if entry["kind"] in ("urge", "escalation")], [], "slow review never harms the unit")
        d.recheck(opened, [asset])
        record = d.officer.read(f"/obligations/{fix}")
        check_equal((record["state"], record["days_late"] or 0), ("met", 0), f"{record}")
        same_time(record["met_at"], "2026-11-09T18:00", "met_at")


@case
def an_extension_once_by_the_approver(tmp):
    with desk(tmp) as d:
        _, notice, _ = issued(d)
        path, body = f"/notices/{notice}", {"reason": "备件未到", "new_due": "P3WD"}
        d.approver.act(path, "extend", body, 409)
        d.unitA.act(path, "receive", {"signer": SIGNER})
        d.officer.act(path, "extend", body, 403)
        d.unitA.act(path, "extend", body, 403)
        d.approver.refused(path, "extend", {"new_due": "P3WD"}, "reason")
        d.approver.refused(path, "extend", {"reason": "备件未到"}, "new_due")
        d.approver.refused(path, "extend", {}, ["reason", "new_due"])
        for wrong in ("soon", "P0WD", "P-1WD", "P99999999999WD", 3, None, "2026-11-03T09:00:00+08:00", "2020-01-01T00:00:00Z"):
            d.approver.act(path, "extend", {"reason": "备件未到", "new_due": wrong}, (400, 422))
        same_time(due_of(d, notice), "2026-11-09T18:00", "still as it was")
        d.clock("2026-11-04T11:00")
        record = d.approver.act(path, "extend", body)
        check_equal(record["state"], "received", "state stays")
        same_time(due_of(d, notice), "2026-11-12T18:00", "counted from the present due date")
        moved = d.obligation(notice, "notice.fix")["history"]
        check_equal((len(moved), moved[0]["by"], moved[0]["why"]), (1, d.approver.id, "备件未到"), f"{moved}")
        same_time(moved[0]["old"], "2026-11-09T18:00", "old")
        same_time(moved[0]["new"], "2026-11-12T18:00", "new")
        check_equal(len(d.outbox(subject=notice, to="uA", kind="extended")), 1, "the unit is told")
        d.approver.refused(path, "extend", body, "max_extensions")
        same_time(due_of(d, notice), "2026-11-12T18:00", "the second moved nothing")
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-12T18:00")
        check_equal(reminders(d, fix), times("2026-11-09T18:00", "2026-11-11T18:00", "2026-11-12T14:00"), "reminders of the new date alone")


@case
def an_extension_to_an_hour(tmp):
    with desk(tmp) as d:
        opened, notice, asset = received(d)
        d.clock("2026-11-06T18:30")
        d.approver.act(f"/notices/{notice}", "extend", {"reason": "停机窗口", "new_due": "2026-11-13T12:00:00+08:00"})
        same_time(due_of(d, notice), "2026-11-13T12:00", "as said")
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-13T11:00")
        check_equal(reminders(d, fix), times("2026-11-06T18:00", "2026-11-10T12:00", "2026-11-12T12:00", "2026-11-13T08:00"), "those of the old and of the new date")
        check_equal(steps_of(d, fix), [], "the old date is gone")
        d.answer(notice, d.unitA)
        d.recheck(opened, [asset])
        check_equal(d.officer.read(f"/obligations/{fix}")["state"], "met", "in time")


@case
def the_unit_asks_for_more_time(tmp):
    with desk(tmp) as d:
        _, notice, _ = received(d)
        path, body = f"/notices/{notice}", {"reason": "供应商未到", "interim_measures": "关闭外网访问", "new_due": wire("2026-11-16T18:00")}
        for field in body:
            d.unitA.refused(path, "request_extension", {name: value for name, value in body.items() if name != field}, field)
        d.officer.act(path, "request_extension", body, 403)
        d.unitB.act(path, "request_extension", body, 404)
        record = d.unitA.act(path, "request_extension", body)
        check_equal((record["state"], record["interim_measures"]), ("received", "关闭外网访问"), "kept, and nothing moved")
        same_time(due_of(d, notice), "2026-11-09T18:00", "asking moves nothing")
        d.approver.act(path, "extend", {"reason": "同意", "new_due": body["new_due"]})
        same_time(due_of(d, notice), "2026-11-16T18:00", "granted")


@case
def withdrawal_cancels_what_is_pending(tmp):
    with desk(tmp) as d:
        _, notice, _ = issued(d)
        path = f"/notices/{notice}"
        d.officer.act(path, "withdraw", {"reason": "发错单位"}, 403)
        d.approver.refused(path, "withdraw", {}, "reason")
        check_equal(d.approver.act(path, "withdraw", {"reason": "发错单位"})["state"], "withdrawn", "withdrawn")
        check_equal({o["state"] for o in d.officer.items(f"/obligations?subject={notice}")}, {"cancelled"}, "obligations")
        told = len(d.outbox(subject=notice, to="uA"))
        check_true(told >= 2, "the unit is told of the notice and of its end")
        d.clock("2026-12-20T09:00")
        check_equal(len(d.outbox(subject=notice, to="uA")), told, "nothing more comes")
        d.unitA.act(path, "receive", {"signer": SIGNER}, 409)
        check_equal(d.officer.read("/scorecards/uA")["overdue_open"], 0, "not counted as overdue")


main()
