"""Replies and re-checks: what passes, what fails, what could not be told, and what people may decide instead."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import SIGNER, desk, same_time  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402

WAIVER = {"evidence": ["现场核查记录"], "reason": "设备已断网"}


class Loop:
    """A notice to a unit that was received, with one finding of each severity on one asset."""

    def __init__(self, d, *severities, unit="uA", who=None):
        self.d = d
        self.unit = getattr(d, "unit" + unit[1:])
        _, (self.asset,) = d.system(unit, assets=[f"https://n{d.numbered()}.example.test"])
        self.findings = d.found(self.asset, *(severities or ("high",)))
        self.case = d.case(self.findings, who)
        self.notice = d.received(self.case, unit, self.unit)

    def result(self, number=0, severity="high"):
        return self.d.result(self.asset, severity=severity, locator=f"/{number}/HEAD")

    def answer(self):
        return self.d.answer(self.notice, self.unit)

    def recheck(self, results=(), targets=None, **fields):
        return self.d.recheck(self.case, [self.asset] if targets is None else targets, results, **fields)

    def states(self):
        read = self.d.officer.read
        return (read(f"/cases/{self.case}")["state"], read(f"/notices/{self.notice}")["state"], read(f"/findings/{self.findings[0]}")["state"])

    def blind(self):
        return self.recheck(targets=[self.d.target(self.asset, completed=False, error="timeout")])


@case
def a_failed_recheck_asks_for_a_new_response(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        d.clock("2026-11-03T09:00")
        first = loop.answer()
        check_equal(loop.recheck([loop.result()])["state"], "failed", "still there")
        check_equal(loop.states(), ("rectifying", "received", "in_case"), "back to the unit")
        check_equal(d.obligation(loop.notice, "notice.fix")["state"], "pending", "not met")
        check_equal(len(d.outbox(subject=loop.case, to="uA", kind="failed") or d.outbox(subject=loop.notice, to="uA", kind="failed")), 1, "the unit is told")
        d.clock("2026-11-04T09:00")
        second = loop.answer()
        check_true(second != first, "a response of its own")
        check_equal(loop.recheck()["state"], "passed", "gone")
        check_equal(loop.states(), ("closed", "done", "closed"), "closed")
        same_time(d.obligation(loop.notice, "notice.fix")["met_at"], "2026-11-04T09:00", "what counts is the reply that was accepted")
        card = d.officer.read("/scorecards/uA")
        check_equal((card["first_pass"], card["on_time_fix"], card["median_fix_days"]), (0, 100, 2), f"{card}")
        d.officer.state(f"/responses/{second}", "accepted")
        check_true(d.officer.read(f"/responses/{first}")["state"] != "accepted", "the first one was not accepted")


@case
def one_of_two_fixed_is_not_fixed(tmp):
    with desk(tmp) as d:
        loop = Loop(d, "high", "medium")
        loop.answer()
        record = loop.recheck([loop.result(1, "medium")])
        check_equal((record["state"], loop.states()[:2]), ("failed", ("rectifying", "received")), f"{record}")
        one, two = (d.officer.read(f"/findings/{finding}") for finding in loop.findings)
        check_equal(((one["presence"], one["state"]), (two["presence"], two["state"])), (("absent", "in_case"), ("present", "in_case")), "each as it was seen")
        loop.answer()
        check_equal(loop.recheck()["state"], "passed", "both gone")
        check_equal({d.officer.read(f"/findings/{finding}")["state"] for finding in loop.findings}, {"closed"}, "both closed")


@case
def not_covered_is_not_absent(tmp):
    """Every way of not having looked leaves it inconclusive."""
    with desk(tmp) as d:
        for fields in ({"targets": []}, {"targets": "unfinished"}, {"checks": ["header.csp_missing"]}, {"filters": {"min_severity": "critical"}}):
            loop = Loop(d)
            loop.answer()
            targets = [d.target(loop.asset, completed=False)] if fields.get("targets") == "unfinished" else fields.get("targets")
            record = loop.recheck(targets=targets, **{name: value for name, value in fields.items() if name != "targets"})
            check_equal((record["state"], record["tries"], loop.states()[0]), ("inconclusive", 1, "rechecking"), f"{fields}: {record}")


@case
def one_present_and_one_unseen_has_failed(tmp):
    with desk(tmp) as d:
        loop = Loop(d, "high", "low")
        loop.answer()
        record = loop.recheck([loop.result(0)], filters={"min_severity": "high"})
        check_equal((record["state"], loop.states()[0]), ("failed", "rectifying"), f"{record}")
        loop.answer()
        check_equal(loop.recheck(filters={"min_severity": "high"})["state"], "inconclusive", "one absent and one unseen")


@case
def three_tries_and_then_a_person_decides(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        for tries in (1, 2, 3):
            record = loop.blind()
            check_equal((record["state"], record["tries"]), ("inconclusive", tries), f"{record}")
            path = f"/verifications/{record['id']}"
            if tries < 3:
                check_equal(d.officer.act(path, "retry")["state"], "planned", "retry")
        d.officer.refused(path, "retry", {}, "tries")
        d.officer.act(path, "waive", WAIVER, 403)
        d.unitA.act(path, "waive", WAIVER, 403)
        d.approver.refused(path, "waive", {"reason": "x"}, "evidence")
        d.approver.refused(path, "waive", {"evidence": ["x"]}, "reason")
        check_equal(d.approver.act(path, "waive", WAIVER)["state"], "waived", "waived")
        check_equal(loop.states()[:2], ("closed", "done"), "the waiver closes it")
        check_equal(d.obligation(loop.notice, "notice.fix")["state"], "met", "in time")
        check_equal(d.officer.read("/scorecards/uA")["first_pass"], None, "inconclusive ones are not counted")


@case
def an_inconclusive_try_does_not_count_against_the_unit(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        record = loop.blind()
        d.officer.act(f"/verifications/{record['id']}", "retry")
        record = loop.recheck()
        check_equal((record["state"], record["tries"], loop.states()), ("passed", 2, ("closed", "done", "closed")), f"{record}")
        check_equal(d.officer.read("/scorecards/uA")["first_pass"], 100, "first re-check with a result")


@case
def passed_by_hand_needs_four_eyes(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        path = f"/cases/{loop.case}"
        d.approver.act(path, "manual_pass", WAIVER, 409)
        loop.blind()
        d.officer.act(path, "manual_pass", WAIVER, 403)
        d.approver.refused(path, "manual_pass", {}, ["evidence", "reason"])
        d.approver.refused(path, "manual_pass", {"reason": "x"}, "evidence")
        record = d.approver.act(path, "manual_pass", WAIVER)
        check_equal((record["state"], record["evidence"]), ("closed", WAIVER["evidence"]), f"{record}")
        check_equal(loop.states(), ("closed", "done", "closed"), "all of it")
        check_equal(d.obligation(loop.notice, "notice.fix")["state"], "met", "fix")
        _, (asset,) = d.system("uB")
        own = d.case(d.found(asset), who=d.both)
        notice = d.received(own, "uB", d.unitB)
        d.answer(notice, d.unitB)
        d.recheck(own, [d.target(asset, completed=False)])
        d.both.refused(f"/cases/{own}", "manual_pass", WAIVER, "not_author")


@case
def a_reply_returned_and_sent_again(tmp):
    """By the notice, by the case or by the response: the same matter, the same end."""
    with desk(tmp) as d:
        for kind in ("notice", "case", "response"):
            loop = Loop(d)
            d.clock("2026-11-03T09:00")
            response = loop.answer()
            path = {"notice": f"/notices/{loop.notice}", "case": f"/cases/{loop.case}", "response": f"/responses/{response}"}[kind]
            d.officer.refused(path, "return", {}, "reason")
            d.unitA.act(path, "return", {"reason": "x"}, 403)
            d.officer.act(path, "return", {"reason": "证据不足"})
            check_equal(loop.states()[:2], ("rectifying", "received"), f"returned by {kind}")
            d.officer.state(f"/responses/{response}", "returned")
            check_true(d.outbox(to="uA", kind="returned"), "the unit is told")
            d.clock("2026-11-04T09:00")
            d.unitA.change(f"/responses/{response}", {"items": [dict(d.reply(loop.findings[0]), measures="附证据")]})
            check_equal(d.unitA.act(f"/responses/{response}", "submit", {"signer": SIGNER})["state"], "submitted", "again")
            check_equal(loop.states()[:2], ("replied", "replied"), f"sent again after return of the {kind}")
            check_equal(loop.recheck()["state"], "passed", "re-check")
            same_time(d.obligation(loop.notice, "notice.fix")["met_at"], "2026-11-04T09:00", "the second one counts")
            d.clock("2026-11-02T09:00")


@case
def what_a_response_must_say(tmp):
    with desk(tmp) as d:
        loop = Loop(d, "high", "medium")
        one, two = loop.findings
        path = "/responses"
        for bad in ({"notice": "nowhere"}, {}, {"notice": None}):
            loop.unit.call("POST", path, {"items": [], **bad}, (400, 404, 422))
        for items in ([dict(d.reply(one), result="perhaps")], [d.reply("nowhere")], "all", [7]):
            loop.unit.call("POST", path, {"notice": loop.notice, "items": items}, (400, 422))
        d.officer.call("POST", path, {"notice": loop.notice, "items": []}, 403)
        outside, unknown = (d.unitB.call("POST", path, {"notice": notice, "items": []}, (404, 422)) for notice in (loop.notice, "nowhere"))
        check_equal(outside.status, unknown.status, "another unit's notice is an unknown one")
        response = f"/responses/{loop.unit.make(path, {'notice': loop.notice, 'items': [d.reply(one)]})['id']}"
        loop.unit.refused(response, "submit", {"signer": SIGNER}, "items_answered")
        loop.unit.change(response, {"items": [d.reply(one), d.reply(one)]}, (200, 400, 422))
        loop.unit.refused(response, "submit", {"signer": SIGNER}, "items_answered")
        loop.unit.change(response, {"items": [d.reply(one), d.reply(two, "mitigated")]})
        loop.unit.act(response, "submit", {"signer": SIGNER})
        loop.unit.act(response, "submit", {"signer": SIGNER}, 409)
        loop.unit.change(response, {"items": []}, 409)
        d.unitB.call("GET", response, None, 404)
        check_equal(d.unitB.items("/responses"), [], "nothing of it for others")


@case
def a_reply_before_the_receipt_is_out_of_order(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        findings = d.found(asset)
        notice = d.issued(d.case(findings), "uA")
        answer = d.unitA.call("POST", "/responses", {"notice": notice, "items": [d.reply(findings[0])]}, (201, 409))
        if answer.status == 201:
            d.unitA.act(f"/responses/{answer.json['id']}", "submit", {"signer": SIGNER}, 409)
        d.officer.state(f"/notices/{notice}", "issued")


@case
def a_second_reply_while_one_is_checked(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        answer = loop.unit.call("POST", "/responses", {"notice": loop.notice, "items": [d.reply(loop.findings[0])]}, (201, 409))
        if answer.status == 201:
            loop.unit.act(f"/responses/{answer.json['id']}", "submit", {"signer": SIGNER}, 409)
        d.planned(loop.case)
        check_equal(loop.states()[:2], ("replied", "replied"), "unmoved")


@case
def a_verification_takes_one_result(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        verification = d.planned(loop.case)
        other = Loop(d, unit="uB")
        d.run([other.asset], [], verification=verification)
        record = d.officer.read(f"/verifications/{verification}")
        check_equal((record["state"], loop.states()[0]), ("inconclusive", "rechecking"), "another unit's asset shows nothing")
        d.officer.act(f"/verifications/{verification}", "retry")
        d.run([loop.asset], [], verification=verification)
        d.officer.state(f"/verifications/{verification}", "passed")
        d.run([loop.asset], [loop.result()], verification=verification, expect=(409, 422))
        check_equal(loop.states(), ("closed", "done", "closed"), "nothing moved")


@case
def a_run_for_another_authoritys_verification(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        verification = d.planned(loop.case)
        body = {"tool": "x", "targets": [], "results": []}
        seen = [d.d2.call("POST", "/runs", {**body, "verification": one}, (400, 404, 422)) for one in (verification, "nowhere")]
        check_equal([(a.status, a.body.decode().replace(verification, "ID").replace("nowhere", "ID")) for a in seen][0],
                    (seen[1].status, seen[1].body.decode().replace("nowhere", "ID")), "told alike")
        d.officer.state(f"/verifications/{verification}", "planned")
        d.d2.act(f"/verifications/{verification}", "retry", expect=404)


@case
def verifications_may_be_planned_by_an_officer(tmp):
    with desk(tmp) as d:
        loop = Loop(d)
        loop.answer()
        made = d.officer.call("POST", "/verifications", {"case": loop.case}, (201, 409, 422))
        d.unitA.call("POST", "/verifications", {"case": loop.case}, 403)
        d.approver.call("POST", "/verifications", {"case": loop.case}, 403)
        d.d2.call("POST", "/verifications", {"case": loop.case}, (404, 422))
        if made.status == 201:
            check_equal((made.json["state"], made.json["case"]), ("planned", loop.case), f"{made.json}")


main()
