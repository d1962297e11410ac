"""Details that the contract settles: who sees the outbox, what a notice, an extension and a reply must say."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import LAW, desk  # noqa: E402
from support.harness import case, check_equal, main  # noqa: E402


def case_of(d):
    _, (asset,) = d.system("uA", assets=[f"https://n{d.numbered()}.example.test"])
    findings = d.found(asset)
    return d.case(findings), findings


@case
def the_sender_sees_what_it_sent(tmp):
    with desk(tmp) as d:
        notice = d.received(case_of(d)[0], "uA", d.unitA)
        fix = d.obligation(notice, "notice.fix")["id"]
        d.clock("2026-11-11T18:01")
        check_equal(sorted(e["to"] for e in d.outbox(obligation=fix, kind="escalation")), ["city", "edu"], "as its officer sees it")


@case
def a_notice_names_its_recipient(tmp):
    with desk(tmp) as d:
        whole = {"type": "rectify", "case": case_of(d)[0], "basis": [LAW]}
        for body in (whole, {**whole, "recipient": None}):
            d.officer.call("POST", "/notices", body, (400, 422))


@case
def nothing_is_told_of_a_draft(tmp):
    with desk(tmp) as d:
        notice = d.draft(case_of(d)[0], "uA")
        d.approver.act(f"/notices/{notice}", "withdraw", {"reason": "x"})
        check_equal(d.outbox(subject=notice, to="uA"), [], "it never saw it")


@case
def working_days_or_a_time(tmp):
    with desk(tmp) as d:
        notice = d.received(case_of(d)[0], "uA", d.unitA)
        for wrong in ("P3Y", "P1D", "PT24H"):
            d.approver.refused(f"/notices/{notice}", "extend", {"reason": "x", "new_due": wrong}, "new_due")


@case
def a_time_that_is_none(tmp):
    with desk(tmp) as d:
        opened, findings = case_of(d)
        notice = d.received(opened, "uA", d.unitA)
        d.unitA.call("POST", "/responses", {"notice": notice, "items": [dict(d.reply(findings[0]), completed_at="soon")]}, (400, 422))


@case
def copies_outside_the_scope(tmp):
    with desk(tmp) as d:
        body = {"type": "risk_tip", "recipient": "uD", "basis": [LAW], "items": []}
        answers = [d.d2.call("POST", "/notices", {**body, "cc": [unit]}, (400, 404, 422)) for unit in ("uA", "none")]
        check_equal(answers[0].body.replace(b"uA", b"ID"), answers[1].body.replace(b"none", b"ID"), "told alike")


@case
def the_title_is_the_tools(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        finding = d.run([asset], [d.result(asset, title="所报标题")])["findings"][0]
        check_equal("所报标题" in str(d.officer.read(f"/findings/{finding}")["title"]), True, "title as reported")


main()
