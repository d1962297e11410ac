"""Requests: repeated, stale, at the same moment, malformed, oversized, out of scope."""
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.client import raw  # noqa: E402
from support.desk import LAW, desk  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402


def fresh(d, unit="uA", *severities, who=None):
    _, (asset,) = d.system(unit, assets=[f"https://n{d.numbered()}.example.test"])
    return asset, d.found(asset, *severities, who=who)


def at_once(*calls):
    """Runs calls in as many threads, as nearly at once as can be; their answers."""
    gate, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def one(number, call):
        gate.wait()
        answers[number] = call()
    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def post(who, path, body=None, **headers):
    return lambda: who.ask("POST", "/api/v1" + path, {} if body is None else body, {name.replace("_", "-"): value for name, value in headers.items()})


@case
def the_same_key_is_the_same_request(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        body = {"unit": "uA", "name": "甲"}
        first = d.officer.make("/systems", body, key="k1")
        check_equal(d.officer.make("/systems", body, key="k1"), first, "the same answer")
        d.officer.call("POST", "/systems", {"unit": "uA", "name": "乙"}, 422, {"Idempotency-Key": "k1"})
        check_true(d.officer2.make("/systems", body, key="k1")["id"] != first["id"], "keys are a user's own")
        check_true(d.officer.make("/systems", body, key="k2")["id"] != first["id"], "another key, another record")
        opened = d.case(findings)
        notice = d.draft(opened, "uA")
        first = d.officer.act(f"/notices/{notice}", "submit", {}, headers={"Idempotency-Key": "s"})
        check_equal(d.officer.act(f"/notices/{notice}", "submit", {}, headers={"Idempotency-Key": "s"}), first, "an action that was done answers as the first time")
        d.approver.act(f"/notices/{notice}", "approve")
        check_equal(d.officer.act(f"/notices/{notice}", "submit", {}, headers={"Idempotency-Key": "s"}), first, "even when things moved on")
        d.officer.act(f"/notices/{notice}", "submit", {}, 409)
        d.officer.act(f"/notices/{notice}", "submit", {}, 409, headers={"Idempotency-Key": "other"})
        d.officer.act(f"/notices/{notice}", "issue", {}, 422, headers={"Idempotency-Key": "s"})
        entries = len(d.outbox(subject=notice))
        issued = d.officer.act(f"/notices/{notice}", "issue", {}, headers={"Idempotency-Key": "i"})
    with desk(tmp, known=d) as d:
        check_equal(d.officer.act(f"/notices/{notice}", "issue", {}, headers={"Idempotency-Key": "i"}), issued, "after a restart")
        check_equal(len(d.outbox(subject=notice, kind="notice")), 1, f"told once ({entries} before)")
        check_equal(d.officer.make("/systems", body, key="k1")["name"], "甲", "a create too")


@case
def keys_that_are_none(tmp):
    with desk(tmp) as d:
        for key in ("x" * 256, "with space", "tab\tin it", "schl\u00fcssel", "", "\x7f"):
            d.officer.call("POST", "/systems", {"unit": "uA", "name": "甲"}, 400, {"Idempotency-Key": key.encode("utf-8")})
        check_equal(d.officer.items("/systems"), [], "nothing was made")
        first = d.officer.make("/systems", {"unit": "uA", "name": "甲"}, key="!" * 255)
        check_equal(d.officer.make("/systems", {"unit": "uA", "name": "甲"}, key="!" * 255), first, "255 visible characters are one")


@case
def the_same_key_at_once(tmp):
    with desk(tmp) as d:
        answers = at_once(*[post(d.officer, "/systems", {"unit": "uA", "name": "甲"}, Idempotency_Key="one") for _ in range(8)])
        made = {answer.json["id"] for answer in answers if answer.status == 201}
        check_equal(len(made), 1, f"{[answer.status for answer in answers]}")
        check_true({answer.status for answer in answers} <= {201, 409}, f"{[answer.status for answer in answers]}")
        check_equal(len(d.officer.items("/systems")), 1, "one record")


@case
def a_stale_if_match(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        path = f"/notices/{d.draft(d.case(findings), 'uA')}"
        answer = d.officer.call("GET", path)
        tag = answer.headers["etag"]
        check_equal(tag, f"\"{answer.json['rev']}\"", "ETag is the revision")
        d.officer.change(path, {"internal_notes": "1"}, headers={"If-Match": tag})
        d.officer.change(path, {"internal_notes": "2"}, 412, headers={"If-Match": tag})
        d.officer.act(path, "submit", {}, 412, headers={"If-Match": tag})
        check_equal((d.officer.read(path)["internal_notes"], d.officer.read(path)["state"]), ("1", "draft"), "nothing moved")
        for wrong in ('"999"', "nonsense", "999", '""'):
            d.officer.act(path, "submit", {}, (400, 412), headers={"If-Match": wrong})
        changed = d.officer.call("GET", path)
        d.officer.act(path, "approve", {}, 403, headers={"If-Match": '"999"'})
        d.approver.act(path, "approve", {}, 412, headers={"If-Match": '"999"'})
        d.officer.act(path, "submit", {}, headers={"If-Match": changed.headers["etag"]})
        check_true(d.officer.read(path)["rev"] > changed.json["rev"], "every change is a revision")


@case
def two_people_at_once(tmp):
    with desk(tmp) as d:
        for number in range(6):
            _, findings = fresh(d)
            path = f"/notices/{d.draft(d.case(findings), 'uA')}"
            answers = at_once(*[post(who, path + "/actions/submit") for who in (d.officer, d.officer2, d.both)])
            check_equal(sorted(a.status for a in answers), [200, 409, 409], f"submit, round {number}")
            tag = d.officer.call("GET", path).headers["etag"]
            answers = at_once(*[post(who, path + "/actions/approve", If_Match=tag) for who in (d.approver, d.approver2)])
            check_true(sorted(a.status for a in answers) in ([200, 409], [200, 412]), f"approve: {[a.status for a in answers]}")
            answers = at_once(*[post(who, path + "/actions/issue") for who in (d.officer, d.officer2, d.officer, d.officer2)])
            check_equal(sorted(a.status for a in answers), [200, 409, 409, 409], f"issue, round {number}")
        for notice in d.officer.items("/notices"):
            check_equal(len(d.officer.items(f"/obligations?subject={notice['id']}")), 2, "obligations once")
            check_equal(len(d.outbox(subject=notice["id"], kind="notice", to="uA")), 1, "told once")
            events = [entry["event"] for entry in d.officer.items(f"/notices/{notice['id']}/history") if entry["event"] in ("submit", "approve", "issue")]
            check_equal(events, ["submit", "approve", "issue"], "each step once")
        check_equal(len({notice["doc_no"] for notice in d.officer.items("/notices")}), 6, "numbers")


@case
def two_changes_at_once_lose_neither_unseen(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        path = f"/notices/{d.draft(d.case(findings), 'uA')}"
        for number in range(5):
            tag = d.officer.call("GET", path).headers["etag"]
            answers = at_once(*[lambda who=who: who.ask("PATCH", "/api/v1" + path, {"internal_notes": f"{who.name} {number}"}, {"If-Match": tag})
                                for who in (d.officer, d.officer2, d.both)])
            check_equal(sorted(a.status for a in answers), [200, 412, 412], "one wins")
            winner = next(a for a in answers if a.status == 200)
            check_equal(d.officer.read(path)["internal_notes"], winner.json["internal_notes"], "the winner's words stand")


@case
def what_is_not_offered(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        notice = d.issued(opened, "uA")
        fix = d.obligation(notice, "notice.fix")["id"]
        for method, path in (("DELETE", f"/cases/{opened}"), ("DELETE", "/cases"), ("PUT", f"/notices/{notice}"), ("DELETE", f"/notices/{notice}"), ("POST", "/obligations"),
                             ("PATCH", f"/obligations/{fix}"), ("DELETE", f"/obligations/{fix}"), ("POST", "/scorecards"), ("POST", "/findings"),
                             ("PATCH", f"/findings/{findings[0]}"), ("DELETE", f"/findings/{findings[0]}"), ("POST", "/outbox"), ("POST", "/audit"), ("DELETE", "/audit/1"),
                             ("PUT", "/runs/x"), ("DELETE", "/units/uA"), ("POST", f"/notices/{notice}/history"), ("GET", f"/notices/{notice}/actions/issue"),
                             ("DELETE", f"/documents/{d.officer.items('/documents')[0]['id']}")):
            d.officer.call(method, path, {} if method in ("POST", "PATCH", "PUT") else None, 405)
        for path in ("/nothing", "/cases/x/nothing", f"/cases/{opened}/actions", f"/cases/{opened}/history/1", "/Cases", "/cases/", "//cases"):
            d.officer.call("GET", path, None, (404, 405))
        for who in (None, "invented"):
            nobody = type(d.officer)(d.port, who, "nobody")
            for path in ("/cases", f"/cases/{opened}", "/cases/none", "/outbox", "/audit"):
                nobody.call("GET", path, None, 401)
            nobody.call("POST", f"/notices/{notice}/actions/withdraw", {"reason": "x"}, 401)
            nobody.call("POST", "/cases", {"findings": []}, 401)


@case
def unknown_parameters_and_pages(tmp):
    with desk(tmp) as d:
        asset, _ = fresh(d)
        d.run([asset], [d.result(asset, locator=f"/{n}", severity=("low", "high")[n % 2]) for n in range(57)])
        for unit in ("uA", "uB", "uC"):
            d.issued(d.case(fresh(d, unit)[1]), unit)
        for collection in ("units", "systems", "assets", "runs", "findings", "cases", "notices", "responses", "verifications", "obligations", "documents", "outbox",
                           "calendars", "workflows"):
            whole = [item["id"] for item in d.officer.items(f"/{collection}")]
            for limit in (1, 2, 7):
                if len(whole) / limit > 70:
                    continue
                items, _ = d.officer.every(collection, limit)
                check_equal([item["id"] for item in items], whole, f"{collection} in steps of {limit}: each once, in the same order")
            for query in ("colour=red", "limit=0", "limit=1001", "limit=-1", "limit=1.5", "limit=x", "cursor=rubbish", "cursor=%00", "limit=1&limit=2&bad=1"):
                d.officer.call("GET", f"/{collection}?{query}", None, 400)
        created = [item["created_at"] for item in d.officer.items("/findings")]
        check_equal(created, sorted(created), "in order of creation")
        high = d.officer.items("/findings?severity=high&unit=uA")
        check_equal({(item["severity"], item["unit"]) for item in high}, {("high", "uA")}, "two filters at once")
        check_equal(d.officer.items("/findings?state=closed"), [], "no such state here")
        for collection, query in (("systems", "unit=uA"), ("assets", "system=nowhere"), ("cases", "unit=uA"), ("notices", "recipient=uB"), ("obligations", "debtor=uC"),
                                  ("verifications", "case=none"), ("responses", "notice=none"), ("outbox", "to=uA"), ("documents", "kind=none"), ("units", "parent=d1")):
            name, value = query.split("=")
            answer = d.officer.items(f"/{collection}?{query}")
            check_true(all(item[name] == value for item in answer), f"{collection}?{query}: {answer}")


@case
def a_page_while_records_are_added(tmp):
    with desk(tmp) as d:
        first = [d.officer.make("/systems", {"unit": "uA", "name": f"s{n}"})["id"] for n in range(20)]
        seen, cursor = [], None
        while True:
            page = d.officer.read("/systems?limit=3" + (f"&cursor={cursor}" if cursor else ""))
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            if not cursor:
                break
            if len(seen) < 30:
                d.officer.make("/systems", {"unit": "uA", "name": "later"})
        check_equal((len(seen), len(set(seen)), seen[:20]), (len(set(seen)), len(seen), first), "each once")


def told_alike(outside, unknown, words):
    """The bodies but for the ids that were asked for."""
    def plain(answer):
        text = answer.body.decode()
        for word in words:
            text = text.replace(word, "ID")
        return answer.status, json.loads(text) if text else None
    check_equal(plain(outside), plain(unknown), f"outside the scope is told like unknown ({words})")


@case
def outside_the_scope_is_unknown(tmp):
    """Every record of another authority, and every way to name one."""
    with desk(tmp) as d:
        asset, findings = fresh(d)
        opened = d.case(findings)
        notice = d.received(opened, "uA", d.unitA)
        response = d.answer(notice, d.unitA)
        names = {"units": "uA", "systems": d.officer.items("/systems")[0]["id"], "assets": asset, "runs": d.officer.items("/runs")[0]["id"], "findings": findings[0],
                 "cases": opened, "notices": notice, "responses": response, "verifications": d.planned(opened), "obligations": d.obligation(notice, "notice.fix")["id"],
                 "documents": d.officer.items(f"/documents?subject={notice}")[0]["id"], "outbox": d.outbox(subject=notice)[0]["id"], "scorecards": "uA"}
        for collection, record in names.items():
            for more in ("", "/history", "/content") if collection == "documents" else ("", "/history"):
                told_alike(d.d2.ask("GET", f"/api/v1/{collection}/{record}{more}"), d.d2.ask("GET", f"/api/v1/{collection}/none{more}"), (record, "none"))
            if collection not in ("units", "scorecards"):
                check_true(record not in [item["id"] for item in d.d2.items(f"/{collection}")], f"{collection}: not listed")
        for path, event, who in ((f"/cases/{opened}", "verify", d.d2), (f"/notices/{notice}", "issue", d.d2), (f"/notices/{notice}", "approve", d.d2approver),
                                 (f"/notices/{notice}", "receive", d.unitD), (f"/notices/{notice}", "receive", d.unitB), (f"/findings/{findings[0]}", "confirm", d.d2),
                                 (f"/responses/{response}", "return", d.d2), (f"/responses/{response}", "submit", d.unitB)):
            record = path.split("/")[2]
            told_alike(who.ask("POST", f"/api/v1{path}/actions/{event}", {}), who.ask("POST", f"/api/v1{path.replace(record, 'none')}/actions/{event}", {}), (record, "none"))
        for path, body, field in (("/systems", {"name": "x"}, "unit"), ("/assets", {"value": "https://x.example.test"}, "system"), ("/units", {"name": "x"}, "parent"),
                                  ("/cases", {}, "findings"), ("/notices", {"type": "rectify", "recipient": "uD", "basis": [LAW]}, "case"),
                                  ("/notices", {"type": "rectify", "basis": [LAW]}, "recipient"), ("/calendars", {"off": []}, "unit"),
                                  ("/verifications", {}, "case"), ("/exports", {"format": "jsonl", "receiver": "d2"}, "findings")):
            theirs = {"unit": "uA", "system": names["systems"], "parent": "uA", "findings": findings[0], "case": opened, "recipient": "uA"}[field]
            answers = [d.d2.ask("POST", "/api/v1" + path, {**body, field: [one] if field == "findings" else one}) for one in (theirs, "none")]
            check_true(answers[0].status in (400, 404, 422), f"POST {path} with {field} of another: {answers[0].status} {answers[0].body!r}")
            told_alike(*answers, (theirs, "none"))
        for path in (f"/findings?unit=uA", f"/cases?unit=uA", f"/notices?case={opened}", f"/responses?notice={notice}", f"/obligations?subject={notice}",
                     f"/documents?subject={notice}", f"/outbox?to=uA", "/systems?unit=uA", f"/findings?case={opened}", f"/verifications?case={opened}"):
            value = path.split("=")[1]
            told_alike(d.d2.ask("GET", "/api/v1" + path), d.d2.ask("GET", "/api/v1" + path.replace(f"={value}", "=none")), (value, "none"))
        d.city.state(f"/cases/{opened}", "replied")


@case
def hostile_bodies(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        notice = d.draft(opened, "uA")
        kind = {"Content-Type": "application/json"}

        def refuse(body, expect, path="/notices", headers=kind, method="POST"):
            answer = d.officer.ask(method, "/api/v1" + path, body, headers)
            check_true(answer.status in ((expect,) if isinstance(expect, int) else expect), f"{path} {body[:80]!r}: {answer.status} {answer.body[:200]!r}")
            check_equal(answer.headers.get("content-type"), "application/problem+json", "kind of the answer")
        for path in ("/cases", "/notices", "/runs", "/documents", "/calendars", "/workflows", "/exports", "/verifications", f"/notices/{notice}/actions/submit", f"/cases/{opened}/actions/transfer"):
            for body in (b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff{}", b'{"a":"\xc3"}', b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', b'{"a\\u0000":1}', b'{"a":1} x', b"\x00",
                         b'{"a":NaN}', b'{"a":01}', b"{'a':1}", b'{"a":' + b"[" * 65 + b"]" * 65 + b"}", b'{"a":' * 70 + b"1" + b"}" * 70, b"[" * 100_000, b'{"reason":"\x00"}'):
                if body == b"" and "/actions/" in path:
                    continue
                refuse(body, 400, path)
            for wrong in ({"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "multipart/form-data; boundary=x"},
                          dict(kind, **{"Content-Encoding": "gzip"}), {"Content-Type": "application/xml"}):
                refuse(b"{}", 415, path, wrong)
        refuse(b" " * (17 << 20), 413)
        refuse(b'{"internal_notes":"\\u0000"}', 400, f"/notices/{notice}", method="PATCH")
        deep = {"type": "rectify", "case": opened, "recipient": "uA", "basis": [LAW], "internal_notes": "x" * (15 << 20)}
        check_true(d.officer.ask("POST", "/api/v1/notices", deep).status in (201, 400, 413, 422), "a long text")
        host = b"Host: 127.0.0.1\r\nAuthorization: Bearer " + d.tokens["officer"][1].encode() + b"\r\n"
        for path in (b"/api/v1/cases/%00", b"/api/v1/cases/%ff", b"/api/v1/cases/..%2f..%2fetc%2fpasswd", b"/api/v1/documents/..%2f..%2f/content", b"/api/v1/cases?unit=%00",
                     b"/api/v1/cases?unit=%ff", b"/api/v1/cases/" + b"x" * 5000, b"/api/v1/cases/'%20OR%201=1--", b"/api/v1/cases/%25s%25n"):
            status = raw(d.port, b"GET " + path + b" HTTP/1.1\r\n" + host + b"\r\n")
            check_true(status in (400, 404, 414), f"{path[:60]}: {status}")
        check_equal(d.officer.state(f"/notices/{notice}", "draft")["state"], "draft", "still there, and unmoved")


@case
def odd_values_never_break_the_server(tmp):
    """Every field of every create, with values of every wrong kind: 4xx, or taken; never 5xx."""
    with desk(tmp) as d:
        asset, findings = fresh(d)
        opened = d.case(findings)
        good = {"/units": {"name": "x", "parent": "d1", "kind": "unit", "tier": "district", "contacts": []}, "/systems": {"unit": "uA", "name": "x", "protection_level": 3, "critical": False},
                "/assets": {"system": d.officer.items("/systems")[0]["id"], "value": "https://b.example.test", "kind": "url", "authorised_from": "2026-01-01", "probe_class": "passive"},
                "/runs": {"tool": "x", "targets": [d.target(asset)], "results": [d.result(asset)], "checks": ["a"], "filters": {}, "started_at": "2026-11-02T09:00:00+08:00"},
                "/cases": {"findings": findings}, "/notices": {"type": "rectify", "case": opened, "recipient": "uA", "cc": [], "basis": [LAW], "items": [], "internal_notes": ""},
                "/verifications": {"case": opened}, "/calendars": {"unit": "d1", "off": [], "workdays": [], "close": "18:00", "zone": "Asia/Shanghai"},
                "/workflows": {"wf": "case", "v": 9, "states": ["a"], "initial": "a", "final": ["a"], "t": []}, "/exports": {"format": "jsonl", "receiver": "d1", "findings": findings},
                "/documents": {"name": "a.txt", "media_type": "text/plain", "content": "YQ==", "subject": opened, "kind": "attachment"}}
        odd = (None, True, -1, 0, 1e308, 10 ** 30, 2 ** 63, "", " ", "\u202e", "x" * 70_000, [], {}, [[]], [None], [{}], {"": {}}, "-1", "🔥", "2026-02-30", ["x"] * 3000)
        for path, body in good.items():
            for field in body:
                for value in odd:
                    answer = d.officer.ask("POST", "/api/v1" + path, {**body, field: value})
                    check_true(answer.status < 500, f"POST {path} {field}={str(value)[:60]!r}: {answer.status} {answer.body[:300]!r}")
        for event, fields in (("transfer", ("target_org", "reason")),):
            for field in fields:
                for value in odd:
                    answer = d.officer.ask("POST", f"/api/v1/cases/{opened}/actions/{event}", {field: value})
                    check_true(answer.status < 500 and answer.status != 200, f"{event} {field}={str(value)[:60]!r}: {answer.status} {answer.body[:200]!r}")
        check_equal(d.officer.ask("GET", "/healthz").status, 200, "still there")


@case
def nobody_is_put_outside_the_makers_scope(tmp):
    with desk(tmp) as d:
        answers = [d.admin1.ask("POST", "/api/v1/users", {"name": "x", "roles": ["officer"], "unit": unit}) for unit in ("d2", "none")]
        check_true(answers[0].status in (403, 404, 422), f"{answers[0].status}")
        told_alike(*answers, ("d2", "none"))
        d.admin1.call("POST", "/users", {"name": "y", "roles": ["admin"]}, (400, 403, 404, 422))
        made = d.admin1.make("/users", {"name": "z", "roles": ["unit"], "unit": "uB"})
        d.admin1.change(f"/users/{made['id']}", {"unit": "uD"}, (403, 404, 422))
        d.admin1.call("GET", f"/users/{d.d2.id}", None, 404)
        d.admin1.call("POST", f"/users/{d.d2.id}/tokens", {"label": "x"}, 404)
        check_true(d.d2.id not in [user["id"] for user in d.admin1.items("/users")], "not listed")
        token = d.admin1.make(f"/users/{made['id']}/tokens", {"label": "x"})["token"]
        unit = type(d.officer)(d.port, token, "z")
        unit.read("/units/uB")
        d.admin1.change(f"/users/{made['id']}", {"unit": "uC"})
        unit.call("GET", "/units/uB", None, 404)
        unit.read("/units/uC")
        d.admin1.change(f"/users/{made['id']}", {"roles": ["auditor"], "unit": "d1"})
        unit.read("/audit")
        d.admin1.change(f"/users/{made['id']}", {"disabled": True})
        unit.call("GET", "/audit", None, 401)


@case
def the_audit_log_of_a_subtree(tmp):
    with desk(tmp) as d:
        _, findings = fresh(d)
        opened = d.case(findings)
        theirs = fresh(d, "uD", who=d.d2)[1]
        entries = d.auditor.items("/audit")
        subjects = {entry.get("subject") for entry in entries}
        check_true(opened in subjects, "what was done here")
        check_true(not subjects & set(theirs), "and nothing of elsewhere")
        check_true({opened, *theirs} <= {entry.get("subject") for entry in d.root_auditor.items("/audit")}, "all of it for who answers for all")
        for entry in entries:
            check_true({"seq", "at", "by", "event", "collection", "subject", "hash", "prev_hash"} <= set(entry), f"{entry}")
        check_equal({entry["subject"] for entry in d.auditor.items(f"/audit?subject={opened}")}, {opened}, "by subject")
        check_equal(d.auditor.read("/audit/verify")["ok"], True, "verify is whole")
        whole = d.root_auditor.items("/audit")
        for one, two in zip(whole, whole[1:]):
            check_equal((two["seq"], two["prev_hash"]), (one["seq"] + 1, one["hash"]), "each names the one before")
        for who in (d.officer, d.approver, d.leader, d.duty, d.expert, d.unitA):
            who.call("GET", "/audit", None, 403)


main()
