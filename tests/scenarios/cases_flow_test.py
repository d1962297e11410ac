"""Cases, notices and findings: who may move them, what a guard asks, what the law says, procedures as data."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import LAW, SIGNER, desk, same_time, wire  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402


def fresh(d, unit="uA", *severities):
    _, (asset,) = d.system(unit, assets=[f"https://n{d.numbered()}.example.test"])
    return asset, d.found(asset, *severities)


@case
def a_case_wants_confirmed_findings_of_one_unit(tmp):
    with desk(tmp) as d:
        asset, (one,) = fresh(d)
        _, (other,) = fresh(d, "uB")
        unconfirmed = d.run([asset], [d.result(asset, locator="/new")])["findings"][0]
        for findings in ([unconfirmed], [one, other], [], ["nowhere"], [one, "nowhere"], "all", [None], [7]):
            d.officer.call("POST", "/cases", {"findings": findings}, (400, 404, 409, 422))
        d.officer.call("POST", "/cases", {}, (400, 422))
        d.officer.state(f"/findings/{one}", "confirmed")
        check_equal(d.officer.items("/cases"), [], "none was made")
        made = d.officer.make("/cases", {"findings": [one]})
        check_equal((made["previous"], made["notices"]), (None, []), f"{made}")
        d.officer.call("POST", "/cases", {"findings": [one]}, (409, 422))
        seen = [d.d2.call("POST", "/cases", {"findings": [finding]}, (400, 404, 422)) for finding in (one, "nowhere")]
        check_equal((seen[0].status, seen[0].body.decode().replace(one, "ID")), (seen[1].status, seen[1].body.decode().replace("nowhere", "ID")), "told alike")


@case
def findings_are_confirmed_dismissed_and_taken_back(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        one, two, bare = d.run([asset], [d.result(asset), d.result(asset, locator="/2"), d.result(asset, locator="/3", evidence={})])["findings"]
        d.officer.refused(f"/findings/{bare}", "confirm", {}, "evidence")
        d.officer.refused(f"/findings/{one}", "dismiss", {}, "reason")
        d.officer.act(f"/findings/{one}", "undismiss", {"reason": "x"}, 409)
        for who in (d.approver, d.leader, d.duty, d.expert, d.auditor, d.unitA, d.admin1):
            who.act(f"/findings/{one}", "confirm", expect=403)
        check_equal(d.officer.act(f"/findings/{one}", "dismiss", {"reason": "误报"})["state"], "dismissed", "dismiss from new")
        check_equal(d.officer.act(f"/findings/{one}", "undismiss", {"reason": "确认"})["state"], "confirmed", "undismiss")
        check_equal(d.officer.act(f"/findings/{one}", "dismiss", {"reason": "误报"})["state"], "dismissed", "dismiss from confirmed")
        d.officer.act(f"/findings/{two}", "confirm")
        d.officer.act(f"/findings/{two}", "confirm", expect=409)
        d.officer.act(f"/findings/{two}", "close", expect=403)
        d.officer.act(f"/findings/{two}", "expire", expect=403)
        d.officer.act(f"/findings/{two}", "explode", expect=404)
        history = d.officer.items(f"/findings/{one}/history")
        events = [(entry["event"], entry["from"], entry["to"], entry["reason"]) for entry in history if entry["event"] in ("dismiss", "undismiss")]
        check_equal(events, [("dismiss", "new", "dismissed", "误报"), ("undismiss", "dismissed", "confirmed", "确认"), ("dismiss", "confirmed", "dismissed", "误报")], f"{history}")


@case
def acceptance_needs_an_approver_a_reason_and_an_end(tmp):
    with desk(tmp) as d:
        asset, (one, two) = fresh(d, "uA", "high", "low")
        body = {"reason": "月底下线", "expires_at": wire("2026-11-10T12:00"), "compensating": "仅内网"}
        d.officer.act(f"/findings/{one}", "accept", body, 403)
        for field in body:
            d.approver.refused(f"/findings/{one}", "accept", {name: value for name, value in body.items() if name != field}, field)
        for wrong in ("soon", 7, "2026-13-01T00:00:00Z"):
            d.approver.act(f"/findings/{one}", "accept", dict(body, expires_at=wrong), (400, 422))
        record = d.approver.act(f"/findings/{one}", "accept", body)
        check_equal((record["state"], record["compensating"]), ("accepted", "仅内网"), f"{record}")
        opened = d.case([two])
        check_equal(d.approver.act(f"/findings/{two}", "accept", dict(body, expires_at=wire("2026-11-12T12:00")))["state"], "accepted", "from a case as well")
        d.clock("2026-11-10T12:01")
        d.officer.state(f"/findings/{one}", "confirmed")
        d.officer.state(f"/findings/{two}", "accepted")
        d.clock("2026-11-12T12:01")
        d.officer.state(f"/findings/{two}", "confirmed")
        check_equal({len(d.outbox(subject=finding, kind="expired", to="d1")) for finding in (one, two)}, {1}, "the office is told, once each")
        d.clock("2026-11-30T12:00")
        d.run([asset], [])
        d.officer.state(f"/findings/{one}", "confirmed")
        check_true(d.officer.read(f"/cases/{opened}")["state"] == "verifying", "its case is where it was")


@case
def a_case_goes_elsewhere_and_comes_back(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        path = f"/cases/{d.case(findings)}"
        d.officer.refused(path, "transfer", {"reason": "属地不符"}, "target_org")
        d.officer.refused(path, "transfer", {"target_org": "d2"}, "reason")
        d.leader.act(path, "transfer", {"target_org": "d2", "reason": "x"}, 403)
        record = d.officer.act(path, "transfer", {"target_org": "d2", "reason": "属地不符"})
        check_equal((record["state"], record["target_org"]), ("transferred", "d2"), f"{record}")
        d.officer.act(path, "verify", expect=409)
        check_equal(d.officer.act(path, "take_back")["state"], "open", "take_back")
        check_equal(d.officer.act(path, "verify")["state"], "verifying", "verify")
        d.officer.refused(path, "not_real", {}, "dismissed")


@case
def a_leader_escalates(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        d.received(opened, "uA", d.unitA)
        path = f"/cases/{opened}"
        d.officer.act(path, "escalate", {"reason": "x"}, 403)
        d.leader.refused(path, "escalate", {}, "reason")
        check_equal(d.leader.act(path, "escalate", {"reason": "已被利用"})["state"], "escalated", "escalate")
        d.leader.act(path, "escalate", {"reason": "x"}, 409)
        check_equal(d.leader.act(path, "deescalate", {"reason": "已控制"})["state"], "rectifying", "deescalate")


@case
def every_step_in_its_state_and_by_its_role(tmp):
    """Out of turn 409, not one's own 403, unknown 404; a refusal moves nothing."""
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        path = f"/notices/{d.draft(opened, 'uA')}"
        for who, event in ((d.approver, "approve"), (d.officer, "issue"), (d.approver, "reject"), (d.approver, "extend")):
            who.act(path, event, {"reason": "x", "new_due": "P1WD"}, 409)
        d.officer.act(path, "submit")
        d.officer.act(path, "submit", expect=409)
        d.officer.act(path, "issue", expect=409)
        d.approver.refused(path, "reject", {}, "reason")
        record = d.approver.act(path, "reject", {"reason": "依据不足"})
        check_equal((record["state"], record["doc_no"], record["issued_at"]), ("draft", None, None), f"{record}")
        d.officer.act(path, "submit")
        d.approver.act(path, "approve")
        d.approver.act(path, "approve", expect=409)
        d.approver.act(path, "issue", expect=403)
        d.unitA.act(path, "receive", {"signer": SIGNER}, 404)
        d.officer.act(path, "issue")
        d.officer.act(path, "issue", expect=409)
        d.officer.act(path, "finish", expect=403)
        d.officer.act(path, "receive", {"signer": SIGNER}, 403)
        d.officer.act(path, "no_such_event", expect=404)
        d.unitA.act(path, "receive", {"signer": SIGNER})
        d.unitA.act(path, "receive", {"signer": SIGNER}, 409)
        events = [entry["event"] for entry in d.officer.items(path + "/history") if entry["event"] not in ("create", "created")]
        check_equal(events, ["submit", "reject", "submit", "approve", "issue", "receive"], "what was refused is not history")


@case
def what_stands_open_to_change_and_what_does_not(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        notice = d.draft(opened, "uA")
        path = f"/notices/{notice}"
        before = d.officer.read(path)
        after = d.officer.change(path, {"internal_notes": "先电话沟通", "cc": ["city"]})
        check_equal((after["internal_notes"], after["cc"], after["rev"] > before["rev"]), ("先电话沟通", ["city"], True), f"{after}")
        for field, value in (("state", "issued"), ("doc_no", "1"), ("created_by", "x"), ("issued_at", wire("2026-01-01T00:00")), ("body_sha256", "0" * 64), ("rev", 99), ("id", "y"),
                             ("created_at", wire("2026-01-01T00:00")), ("wf_version", 9)):
            d.officer.change(path, {field: value}, (200, 400))
            record = d.officer.read(path)
            check_equal(record[field], after["rev"] if field == "rev" and record["rev"] == after["rev"] else record["rev"] if field == "rev" else after[field], f"{field} is the server's")
            check_true(record["rev"] != 99, "rev is the server's")
        d.officer.call("POST", "/notices", {"type": "rectify", "case": opened, "recipient": "uA", "state": "issued"}, (201, 400))
        check_equal([n["state"] for n in d.officer.items("/notices") if n["state"] != "draft"], [], "state is the server's")
        d.officer.act(path, "submit")
        d.approver.act(path, "approve")
        d.officer.act(path, "issue")
        for change in ({"basis": []}, {"items": []}, {"recipient": "uB"}, {"type": "risk_tip"}, {"due": wire("2030-01-01T00:00")}):
            d.officer.change(path, change, (400, 409))
        d.unitA.call("PATCH", path, {"internal_notes": "x"}, (403,))


@case
def what_a_notice_must_have(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        whole = {"type": "rectify", "case": opened, "recipient": "uA", "basis": [LAW]}
        for field, value in (("type", None), ("type", "poem"), ("recipient", "nowhere"), ("case", "nowhere"), ("recipient", "uD"), ("basis", "law"),
                             ("items", [{"finding": "nowhere"}]), ("cc", ["nowhere"]), ("recipient", 7), ("cc", "city")):
            d.officer.call("POST", "/notices", {**whole, field: value}, (400, 404, 422))
        d.officer.call("POST", "/notices", {name: value for name, value in whole.items() if name != "type"}, (400, 422))
        check_equal(d.officer.items("/notices"), [], "none was made")
        odd = d.officer.call("POST", "/notices", {**whole, "basis": [7]}, (201, 400, 422))
        if odd.status == 201:
            d.officer.refused(f"/notices/{odd.json['id']}", "submit", {}, "basis")
        empty = d.officer.make("/notices", {**whole, "items": []})["id"]
        d.officer.refused(f"/notices/{empty}", "submit", {}, "items")


@case
def a_unit_sees_what_was_issued_to_it_and_no_notes(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        notice = d.draft(opened, "uA", internal_notes="怀疑瞒报")
        for event, who in (("submit", d.officer), ("approve", d.approver)):
            who.act(f"/notices/{notice}", event)
            d.unitA.call("GET", f"/notices/{notice}", None, 404)
            check_equal(d.unitA.items("/notices"), [], f"after {event}")
            d.unitA.call("GET", f"/notices/{notice}/history", None, 404)
        d.officer.act(f"/notices/{notice}", "issue")
        for text in (d.unitA.call("GET", f"/notices/{notice}").body, d.unitA.call("GET", "/notices").body, d.unitA.call("GET", f"/notices/{notice}/history").body):
            check_true("怀疑瞒报".encode() not in text and b"internal_notes" not in text, f"notes of the office: {text!r}")
        answer = d.unitA.act(f"/notices/{notice}", "receive", {"signer": SIGNER})
        check_true("internal_notes" not in answer, "nor in the answer to an action")
        check_equal(d.officer.read(f"/notices/{notice}")["internal_notes"], "怀疑瞒报", "the office still has them")
        for document in d.unitA.items(f"/documents?subject={notice}"):
            check_true("怀疑瞒报".encode() not in d.document_bytes(document, d.unitA), "nor in the document")
        d.unitB.call("GET", f"/notices/{notice}", None, 404)
        for path in ("/cases", f"/cases/{opened}", f"/cases/{opened}/history", "/outbox", "/exports", "/workflows", "/runs", "/calendars"):
            d.unitA.call("GET", path, None, 403)
        withdrawn = d.draft(opened, "uA")
        d.approver.act(f"/notices/{withdrawn}", "withdraw", {"reason": "误建"})
        d.unitA.call("GET", f"/notices/{withdrawn}", None, 404)


@case
def the_law_in_force_on_the_day(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)

        def submit(basis, expect):
            notice = d.draft(opened, "uA", basis=basis)
            return d.officer.act(f"/notices/{notice}", "submit", {}, expect)
        old, new = {"law": "网络安全法", "version": "2016", "article": "第二十五条"}, {"law": "网络安全法", "version": "2025", "article": "第二十七条"}
        problem = submit([old], 422)
        check_equal((problem["missing"], problem["suggest"]), (["basis"], [new]), f"the successor is named: {problem}")
        for article, then in (("第二十一条", "第二十三条"), ("第五十九条", "第六十一条"), ("第三条", "第四条"), ("第十八条", "第十九条"), ("第十九条", "第二十一条")):
            problem = submit([dict(old, article=article)], 422)
            check_equal(problem["suggest"], [dict(new, article=then)], article)
        problem = submit([new, old], 422)
        check_equal(problem["suggest"], [new], "one of two is enough to refuse")
        submit([new], 200)
        d.clock("2025-12-31T23:59")
        submit([old], 200)
        problem = submit([new], 422)
        check_equal(problem["missing"], ["basis"], "not yet in force")
        d.clock("2026-01-01T00:00")
        submit([new], 200)
        check_equal(submit([old], 422)["suggest"], [new], "from the first minute of the year")


@case
def articles_written_in_figures(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        for article, then in (("21", "23"), ("25", "27"), ("59", "61")):
            notice = d.draft(opened, "uA", basis=[{"law": "网络安全法", "version": "2016", "article": article}])
            problem = d.officer.refused(f"/notices/{notice}", "submit", {}, "basis")
            check_equal(problem["suggest"], [{"law": "网络安全法", "version": "2025", "article": then}], article)


BALL = {"wf": "case", "v": 2, "states": ["open", "closed", "archived"], "initial": "open", "final": ["archived"],
        "t": [["shut", "open", "closed", "officer", ["has:reason"], ["log"]], ["archive", "closed", "archived", "officer,system", [], ["log"]]]}


@case
def procedures_are_data_with_four_eyes(tmp):
    with desk(tmp) as d:
        _, (one, two) = fresh(d, "uA", "high", "low")
        old = d.officer.make("/cases", {"findings": [one]})
        d.approver.call("POST", "/workflows", BALL, 403)
        stored = d.both.make("/workflows", BALL)
        check_equal(stored["state"], "stored", f"{stored}")
        path = f"/workflows/{stored['id']}"
        d.officer.act(path, "activate", expect=403)
        d.both.refused(path, "activate", {}, "not_author")
        check_equal(d.officer.make("/cases", {"findings": [two]})["wf_version"], old["wf_version"], "stored is not active")
        check_equal(d.approver.act(path, "activate")["state"], "active", "activate")
        three = d.run([d.officer.read(f"/findings/{one}")["asset"]], [d.result(d.officer.read(f"/findings/{one}")["asset"], locator="/9")])["findings"][0]
        d.officer.act(f"/findings/{three}", "confirm")
        new = d.officer.make("/cases", {"findings": [three]})
        check_equal((new["wf"], new["wf_version"]), ("case", 2), f"{new}")
        d.officer.act(f"/cases/{new['id']}", "verify", expect=404)
        d.officer.refused(f"/cases/{new['id']}", "shut", {}, "reason")
        check_equal(d.officer.act(f"/cases/{new['id']}", "shut", {"reason": "x"})["state"], "closed", "the new way")
        d.officer.act(f"/cases/{old['id']}", "shut", {"reason": "x"}, 404)
        check_equal(d.officer.act(f"/cases/{old['id']}", "verify")["state"], "verifying", "what began the old way goes on so")
        listed = {(item["wf"], item["v"]): item["state"] for item in d.officer.items("/workflows")}
        check_equal(listed[("case", 2)], "active", f"{listed}")
        d.officer.call("POST", "/workflows", BALL, (409, 422))


@case
def a_faulty_procedure_is_refused_by_name(tmp):
    with desk(tmp) as d:
        def broken(word, **fields):
            answer = d.officer.call("POST", "/workflows", {**BALL, "v": 3, **fields}, (400, 422))
            check_true(word in answer.body.decode(), f"names {word}: {answer.body!r}")
        shut, archive = BALL["t"]
        broken("wizard", t=[["shut", "open", "closed", "wizard", [], ["log"]], archive])
        broken("blessing", t=[["shut", "open", "closed", "officer", ["has_blessing:blessing"], ["log"]], archive])
        broken("explode", t=[["shut", "open", "closed", "officer", [], ["explode"]], archive])
        broken("limbo", t=[["shut", "open", "limbo", "officer", [], ["log"]], archive])
        broken("nowhere", t=[["shut", "nowhere", "closed", "officer", [], ["log"]], archive])
        broken("island", states=[*BALL["states"], "island"], t=[shut, archive, ["leave", "island", "closed", "officer", [], ["log"]]])
        broken("pit", states=[*BALL["states"], "pit"], t=[shut, archive, ["fall", "open", "pit", "officer", [], ["log"]]])
        broken("begin", initial="begin")
        broken("end", final=["end"])
        for fields in ({"states": []}, {"t": []}, {"t": "none"}, {"t": [["shut"]]}, {"states": "open"}, {"wf": ""}, {"wf": None}, {"v": "two"}, {"t": [7]},
                       {"t": [["shut", "open", "closed", 7, [], []], archive]}, {"states": ["open", "open", "closed", "archived"]}):
            d.officer.call("POST", "/workflows", {**BALL, "v": 3, **fields}, (400, 422))
        check_equal([item for item in d.officer.items("/workflows") if item["v"] == 3], [], "none is stored")


@case
def two_notices_for_two_numbers(tmp):
    """Numbers of one series are unique and without holes, over a restart too."""
    with desk(tmp) as d:
        _, findings = fresh(d)
        first = [d.officer.read(f"/notices/{d.issued(d.case(findings), 'uA')}")["doc_no"]]
        for unit in ("uB", "uC", "uA"):
            _, findings = fresh(d, unit)
            first.append(d.officer.read(f"/notices/{d.issued(d.case(findings), unit)}")["doc_no"])
    with desk(tmp, known=d) as d:
        d.count = 50
        _, findings = fresh(d, "uB")
        first.append(d.officer.read(f"/notices/{d.issued(d.case(findings), 'uB')}")["doc_no"])
    check_equal(len(set(first)), 5, f"{first}")


main()
