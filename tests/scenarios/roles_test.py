"""Who may do what to whose records: every route of the OpenAPI document, every role, one's own and another's unit."""
import base64
import http.client
import pathlib
import re
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import LAW, at, desk  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402

AUTHORITY = {"officer", "approver", "leader", "duty", "expert", "auditor", "admin"}
ALL = AUTHORITY | {"unit"}
# collection: (who reads, who creates and patches), as contract_rest 6.2 has it; None: not offered
TABLE = {"units": (ALL, {"officer", "admin"}), "systems": (ALL, {"officer", "admin"}), "assets": (ALL, {"officer", "admin"}),
         "findings": (ALL, None), "verifications": (ALL, {"officer"}), "obligations": (ALL, None), "scorecards": (ALL, None),
         "notices": (ALL, {"officer"}), "responses": (ALL, {"unit"}), "documents": (ALL, ALL - {"auditor", "admin"}),
         "cases": (AUTHORITY, {"officer"}), "runs": (AUTHORITY, {"officer", "admin"}), "outbox": (AUTHORITY, None), "exports": (AUTHORITY, {"officer"}),
         "workflows": (AUTHORITY, {"officer"}), "calendars": (AUTHORITY, {"officer", "admin"}), "desk": (AUTHORITY, None),
         "users": ({"admin", "auditor"}, {"admin"}), "audit": ({"admin", "auditor"}, None)}
# collection: {event: roles}, as the shipped procedures of cases.md 5.3 have it; system's own events are nobody's
EVENTS = {"findings": {"confirm": {"officer"}, "dismiss": {"officer"}, "undismiss": {"officer"}, "attach": {"officer"}, "accept": {"approver"}, "expire": set(),
                       "close": set(), "reopen": set()},
          "cases": {"verify": {"officer"}, "not_real": {"officer"}, "transfer": {"officer"}, "take_back": {"officer"}, "issued": set(), "received": set(), "reply": set(),
                    "return": {"officer"}, "recheck": {"officer"}, "fail": set(), "pass": set(), "manual_pass": {"approver"}, "escalate": {"leader"}, "deescalate": {"leader"},
                    "reopen": {"officer"}, "archive": set()},
          "notices": {"submit": {"officer"}, "reject": {"approver"}, "approve": {"approver"}, "issue": {"officer"}, "receive": {"unit"}, "urge": {"officer"},
                      "extend": {"approver"}, "request_extension": {"unit"}, "return": {"officer"}, "finish": set(), "withdraw": {"approver"}},
          "responses": {"submit": {"unit"}, "return": {"officer"}, "accept": {"officer"}},
          "verifications": {"run": set(), "pass": set(), "fail": set(), "blind": set(), "retry": {"officer"}, "waive": {"approver"}},
          "workflows": {"activate": {"approver"}}}
# Routes that belong to no collection of the table.
ASIDE = re.compile(r"/(session(/\w+)*|checks|overview|openapi\.json|patrol(/actions/\w+)?|registry/(preview|import|export)|events/stream|test/clock|audit/verify|users/\{id\}/tokens(/\{token\})?|healthz|readyz|metrics)$")
ACTORS = {"officer": "officer", "approver": "approver", "leader": "leader", "duty": "duty", "expert": "expert", "auditor": "auditor", "admin": "admin1", "unit": "unitA"}
BROKEN = (401, 403, 404, 405)


def one_of_each(d, unit, officer, approver, holder, authority):
    """A record of every collection that is about a unit."""
    system = officer.make("/systems", {"unit": unit, "name": "s"})["id"]
    asset = officer.make("/assets", {"system": system, "value": f"https://{unit.lower()}.example.test"})["id"]
    run = d.run([asset], [d.result(asset), d.result(asset, locator="/2")], officer)
    for finding in run["findings"]:
        officer.act(f"/findings/{finding}", "confirm")
    opened = d.case(run["findings"][:1], officer)
    notices = []
    for _ in range(2):
        notice = d.draft(opened, unit, officer)
        officer.act(f"/notices/{notice}", "submit")
        approver.act(f"/notices/{notice}", "approve")
        notices.append(notice)
    officer.act(f"/notices/{notices[0]}", "issue")
    holder.act(f"/notices/{notices[0]}", "receive", {"signer": {"name": "x", "position": "y", "phone": "1"}})
    response = d.answer(notices[0], holder)
    return {"units": unit, "systems": system, "assets": asset, "runs": run["id"], "findings": run["findings"][1], "cases": opened, "notices": notices[0],
            "responses": response, "verifications": officer.items(f"/verifications?case={opened}")[0]["id"],
            "obligations": officer.items(f"/obligations?subject={notices[0]}")[0]["id"], "documents": officer.items(f"/documents?subject={notices[0]}")[0]["id"],
            "outbox": officer.items(f"/outbox?subject={notices[0]}")[0]["id"], "scorecards": unit,
            "calendars": officer.make("/calendars", {"unit": authority, "off": []})["id"],
            "exports": officer.make("/exports", {"format": "jsonl", "receiver": authority, "findings": run["findings"]})["id"], "users": holder.id}


class World:
    def __init__(self, d):
        self.d = d
        self.own = one_of_each(d, "uA", d.officer, d.approver, d.unitA, "d1")
        self.foreign = one_of_each(d, "uD", d.d2, d.d2approver, d.unitD, "d2")
        self.own["workflows"] = d.officer.items("/workflows")[0]["id"]
        for records in (self.own, self.foreign):
            entries = d.root_auditor.items(f"/audit?subject={records['cases']}")
            records["audit"] = str(entries[0]["seq"])
        paths = d.officer.read("/openapi.json")["paths"]
        self.routes = sorted((method.upper(), path.removeprefix("/api/v1")) for path, methods in paths.items() for method in methods)
        self.fresh = 0

    def offers(self, method, shape):
        return (method, shape) in self.routes or any(m == method and re.sub(r"\{\w+\}", "{id}", p) == shape for m, p in self.routes)

    def finding(self, records, officer):
        """A confirmed finding of its own."""
        self.fresh += 1
        made = self.d.run([records["assets"]], [self.d.result(records["assets"], locator=f"/fresh/{self.fresh}")], officer)["findings"][0]
        officer.act(f"/findings/{made}", "confirm")
        return made

    def body(self, collection, records, officer):
        """A good body about the records' unit."""
        self.fresh += 1
        unit, authority = records["units"], "d1" if records is self.own else "d2"
        if collection == "cases":
            return {"findings": [self.finding(records, officer)]}
        return {"units": {"name": "x", "parent": unit}, "systems": {"unit": unit, "name": "x"},
                "assets": {"system": records["systems"], "value": f"https://n{self.fresh}.example.test"},
                "runs": {"tool": "x", "targets": [self.d.target(records["assets"], completed=False)], "results": []},
                "notices": {"type": "risk_tip", "case": records["cases"], "recipient": unit, "basis": [LAW]},
                "responses": {"notice": records["notices"], "items": []}, "verifications": {"case": records["cases"]},
                "documents": {"name": "x.txt", "media_type": "text/plain", "content": base64.b64encode(b"x").decode(), "subject": records["notices"], "kind": "attachment"},
                "exports": {"format": "jsonl", "receiver": authority, "findings": [records["findings"]]}, "calendars": {"unit": authority, "off": []},
                "workflows": {"wf": "response", "v": 100 + self.fresh, "states": ["draft", "accepted"], "initial": "draft", "final": ["accepted"],
                              "t": [["accept", "draft", "accepted", "officer", [], ["log"]]]},
                "users": {"name": f"user {self.fresh}", "roles": ["duty"], "unit": authority}}[collection]


def each_role(d):
    return [(role, getattr(d, name)) for role, name in ACTORS.items()]


@case
def every_route_is_judged_here(tmp):
    with desk(tmp) as d:
        w = World(d)
        stray = [path for _, path in w.routes if not ASIDE.search(path) and path.split("/")[1] not in TABLE]
        check_equal(stray, [], "routes of collections that the table does not know")
        for collection, (_, makers) in TABLE.items():
            if collection == "desk":
                continue
            check_equal(w.offers("POST", f"/{collection}"), makers is not None, f"POST /{collection} in the document")
            check_true(w.offers("GET", f"/{collection}"), f"GET /{collection} in the document")
            check_true(w.offers("GET", f"/{collection}/{{id}}"), f"GET /{collection}/id in the document")


@case
def lists(tmp):
    with desk(tmp) as d:
        w = World(d)
        for role, actor in each_role(d):
            for collection, (readers, _) in TABLE.items():
                if collection in ("desk", "audit"):
                    continue
                answer = actor.call("GET", f"/{collection}?limit=1000", None, 200 if role in readers else 403)
                if role in readers and collection != "scorecards":
                    ids = [item["id"] for item in answer.json["items"]]
                    check_true(w.own[collection] in ids, f"{role} sees {collection} of its own")
                    check_true(w.foreign.get(collection) not in ids, f"{role} sees no {collection} of others")
        for collection in TABLE:
            if collection not in ("desk", "audit") and "unit" in TABLE[collection][0] and collection != "scorecards":
                ids = [item["id"] for item in d.unitB.items(f"/{collection}")]
                check_true(w.own[collection] not in ids and w.foreign[collection] not in ids, f"a neighbour sees no {collection}")


@case
def single_records(tmp):
    with desk(tmp) as d:
        w = World(d)
        for role, actor in each_role(d):
            for collection, (readers, _) in TABLE.items():
                if collection == "desk":
                    continue
                more = [""] + (["/history"] if w.offers("GET", f"/{collection}/{{id}}/history") else []) + (["/content"] if collection == "documents" else [])
                for tail in more:
                    actor.call("GET", f"/{collection}/{w.own[collection]}{tail}", None, 200 if role in readers else 403)
                    if collection in w.foreign:
                        actor.call("GET", f"/{collection}/{w.foreign[collection]}{tail}", None, 404 if role in readers else 403)
                    actor.call("GET", f"/{collection}/none{tail}", None, 404 if role in readers else 403)
        for collection, (readers, _) in TABLE.items():
            if "unit" in readers:
                d.unitB.call("GET", f"/{collection}/{w.own[collection]}", None, 404)


@case
def creating(tmp):
    with desk(tmp) as d:
        w = World(d)
        for role, actor in each_role(d):
            for collection, (_, makers) in TABLE.items():
                if collection == "desk":
                    continue
                if makers is None:
                    actor.call("POST", f"/{collection}", {}, (403, 405))
                    continue
                if role not in makers:
                    actor.call("POST", f"/{collection}", {}, 403)
                    actor.call("POST", f"/{collection}", w.body(collection, w.own, d.officer), 403)
                    continue
                answer = actor.call("POST", f"/{collection}", w.body(collection, w.own, d.officer), (201, 409) if collection in ("verifications", "responses") else 201)
                check_true(answer.status not in BROKEN, f"{role} makes {collection}")
                if collection != "workflows":
                    answer = actor.call("POST", f"/{collection}", w.body(collection, w.foreign, d.d2), (400, 404, 422))


@case
def changing(tmp):
    with desk(tmp) as d:
        w = World(d)
        for role, actor in each_role(d):
            for collection, (_, makers) in TABLE.items():
                if collection == "desk":
                    continue
                path = f"/{collection}/"
                if not w.offers("PATCH", f"/{collection}/{{id}}"):
                    actor.call("PATCH", path + w.own[collection], {}, (403, 405))
                    continue
                allowed = role in (makers or ())
                answer = actor.call("PATCH", path + w.own[collection], {}, (200, 400, 409, 422) if allowed else 403)
                check_true(answer.status < 500, f"{role} changes {collection}")
                if collection in w.foreign:
                    actor.call("PATCH", path + w.foreign[collection], {}, 404 if allowed else 403)
                actor.call("PATCH", path + "none", {}, 404 if allowed else 403)


@case
def actions(tmp):
    with desk(tmp) as d:
        w = World(d)
        tried = 0
        for collection, events in EVENTS.items():
            readers = TABLE[collection][0]
            for role, actor in each_role(d):
                for event, roles in events.items():
                    path = f"/{collection}/{w.own[collection]}"
                    allowed = role in roles
                    actor.call("POST", f"{path}/actions/{event}", {}, (200, 409, 422) if allowed else 403)
                    if collection in w.foreign:
                        actor.call("POST", f"/{collection}/{w.foreign[collection]}/actions/{event}", {}, 404 if allowed else (403, 404) if role in readers else 403)
                    actor.call("POST", f"/{collection}/none/actions/{event}", {}, 404 if allowed else (403, 404) if role in readers else 403)
                    tried += 3
                actor.call("POST", f"/{collection}/{w.own[collection]}/actions/no_such_event", {}, (403, 404) if not any(role in roles for roles in events.values()) else 404)
            if "unit" in readers:
                for event in events:
                    answer = d.unitB.call("POST", f"/{collection}/{w.own[collection]}/actions/{event}", {}, (403, 404))
                    check_true(answer.status == 404 or "unit" not in events[event], f"a neighbour's {event}")
        check_true(tried > 500, f"{tried} cells")


@case
def deletes_and_puts_are_not_offered(tmp):
    with desk(tmp) as d:
        w = World(d)
        for role, actor in each_role(d):
            for collection in TABLE:
                if collection == "desk":
                    continue
                for method in ("DELETE", "PUT"):
                    actor.call(method, f"/{collection}/{w.own[collection]}", None if method == "DELETE" else {}, (403, 405))
                    actor.call(method, f"/{collection}", None if method == "DELETE" else {}, (403, 405))
        check_equal(d.officer.read(f"/cases/{w.own['cases']}")["id"], w.own["cases"], "still there")


class Ear(threading.Thread):
    """Listens to the stream of events until it is told to stop."""

    def __init__(self, actor):
        super().__init__()
        self.connection = http.client.HTTPConnection("127.0.0.1", actor.port, timeout=1)
        self.connection.request("GET", "/api/v1/events/stream", headers=actor.headers)
        self.answer = self.connection.getresponse()
        check_equal(self.answer.status, 200, f"stream of {actor.name}")
        self.heard, self.done = b"", False
        self.start()

    def run(self):
        while not self.done:
            try:
                piece = self.answer.read1(65536)
            except OSError:
                continue
            if not piece:
                return
            self.heard += piece

    def end(self):
        self.done = True
        self.join(5)
        self.connection.close()
        return self.heard.decode()


@case
def the_stream_tells_only_what_its_reader_may_read(tmp):
    with desk(tmp) as d:
        w = World(d)
        ears = {name: Ear(getattr(d, name)) for name in ("officer", "unitA", "unitB", "d2")}
        finding = w.finding(w.own, d.officer)
        opened = d.case([finding])
        draft = d.draft(opened, "uA")
        d.officer.act(f"/notices/{draft}", "submit")
        d.approver.act(f"/notices/{draft}", "withdraw", {"reason": "误建"})
        notice = d.issued(opened, "uA")
        end = time.monotonic() + 10
        while notice.encode() not in ears["unitA"].heard and time.monotonic() < end:
            time.sleep(0.05)
        heard = {name: ear.end() for name, ear in ears.items()}
        check_true(notice in heard["officer"] and opened in heard["officer"], f"the office hears of both: {heard['officer'][:500]}")
        check_true(notice in heard["unitA"], f"the unit hears of its notice: {heard['unitA'][:500]}")
        for word in (opened, draft):
            check_true(word not in heard["unitA"], f"a unit hears of no case and no draft: {heard['unitA'][:500]}")
        for name in ("unitB", "d2"):
            for word in (opened, draft, notice, finding):
                check_true(word not in heard[name], f"{name} hears nothing of it: {heard[name][:500]}")


@case
def several_roles_are_the_union(tmp):
    with desk(tmp) as d:
        w = World(d)
        made = d.admin1.make("/users", {"name": "mixed", "roles": ["unit", "officer"], "unit": "d1"})
        token = d.admin1.make(f"/users/{made['id']}/tokens", {"label": "x"})["token"]
        mixed = type(d.officer)(d.port, token, "mixed", made["id"])
        mixed.read(f"/cases/{w.own['cases']}")
        mixed.call("GET", "/audit", None, 403)
        check_true(at(mixed.read("/units/uA")["created_at"]), "reads")


main()
