"""A made-up district at its desk: a server with a test clock, an authority above, units below and a user of every role.

`with desk(tmp) as d:` gives actors by name (`d.officer.post(...)`), whose calls fail with the body when the status is not the expected one.
"""
import contextlib
import datetime
import hashlib

from support.client import Client, serving
from support.harness import check_equal, check_true

MONDAY = "2026-11-02T09:00"
LAW = {"law": "网络安全法", "version": "2025", "article": "第二十七条"}
SIGNER = {"name": "张三", "position": "主任", "phone": "010-5550001"}

# id: (kind, tier, parent, office)
AUTHORITIES = {"province": ("authority", "province", None, "cac.province"), "city": ("authority", "city", "province", "cac.city"),
               "d1": ("authority", "district", "city", "cac.district"), "d2": ("authority", "district", "city", None),
               "edu": ("authority", "city", "province", None)}
UNITS = {"uA": "d1", "uB": "d1", "uC": "d1", "uD": "d2"}
# name: (roles, unit)
USERS = {"officer": (["officer"], "d1"), "officer2": (["officer"], "d1"), "approver": (["approver"], "d1"), "approver2": (["approver"], "d1"),
         "leader": (["leader"], "d1"), "duty": (["duty"], "d1"), "expert": (["expert"], "d1"), "both": (["officer", "approver"], "d1"),
         "auditor": (["auditor"], "d1"), "admin1": (["admin"], "d1"), "unitA": (["unit"], "uA"), "unitB": (["unit"], "uB"),
         "unitC": (["unit"], "uC"), "city": (["officer", "approver", "leader"], "city"), "province": (["officer"], "province"),
         "d2": (["officer"], "d2"), "d2approver": (["approver"], "d2"), "unitD": (["unit"], "uD"), "root_auditor": (["auditor"], None)}


def at(text):
    """An instant: `2026-11-02T09:00` is local time of the district, anything with an offset is as it says."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def wire(text):
    return at(text).isoformat()


def same_time(actual, expected, what):
    check_true(isinstance(actual, str), f"{what}: expected {wire(expected)}, got {actual!r}")
    check_equal(at(actual), at(expected), what)


def contacts(name):
    return [{"role": role, "name": f"{name} {role}", "phone": "010-5550000", "email": f"{role}@{name.lower()}.example.test"}
            for role in ("head", "contact", "duty")]


class Actor(Client):
    """A client whose calls state what they expect; `expect` is a status or several."""

    def __init__(self, port, token, name, user_id=None):
        super().__init__(port, token)
        self.name = name
        self.id = user_id

    def call(self, method, path, body=None, expect=(200, 201), headers=None):
        answer = self.ask(method, "/api/v1" + path, body, headers)
        wanted = (expect,) if isinstance(expect, int) else expect
        check_true(answer.status in wanted, f"{self.name}: {method} {path} {str(body)[:300]}: expected {wanted}, got {answer.status} {answer.body[:600]!r}")
        if answer.status >= 400:
            check_equal(answer.headers.get("content-type"), "application/problem+json", f"{method} {path}: type of the problem")
            check_equal(answer.json["status"], answer.status, f"{method} {path}: status within the problem")
        return answer

    def make(self, path, body, expect=201, key=None):
        return self.call("POST", path, body, expect, {"Idempotency-Key": key} if key else None).json

    def read(self, path, expect=200):
        return self.call("GET", path, None, expect).json

    def items(self, path):
        """All records of a list, page by page."""
        found, cursor = [], None
        while True:
            page = self.read(path + ("&" if "?" in path else "?") + "limit=1000" + (f"&cursor={cursor}" if cursor else ""))
            found += page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return found

    def act(self, path, event, body=None, expect=200, headers=None):
        return self.call("POST", f"{path}/actions/{event}", {} if body is None else body, expect, headers).json

    def change(self, path, body, expect=200, headers=None):
        return self.call("PATCH", path, body, expect, headers).json

    def refused(self, path, event, body, missing):
        """An action that a guard refuses, naming `missing`."""
        problem = self.act(path, event, body, 422)
        check_equal(sorted(problem.get("missing", [])), sorted([missing] if isinstance(missing, str) else missing), f"{event}: missing {problem}")
        return problem

    def state(self, path, expected):
        record = self.read(path)
        check_equal(record["state"], expected, f"state of {path} ({str(record)[:400]})")
        return record


class Desk:
    def __init__(self, process, admin_password=None, tokens=None):
        self.process = process
        self.port = process.port
        self.tokens = tokens or {}
        self.admin = None
        self.count = 0
        if tokens is None:
            self._people(admin_password)
        self._actors()

    def _people(self, password):
        admin = Actor(self.port, None, "admin")
        check_equal(admin.sign_in("admin", password).status, 200, "first sign-in")
        user = admin.read("/session")["user"]["id"]
        self.tokens["admin"] = (user, admin.make(f"/users/{user}/tokens", {"label": "tests"})["token"])
        self._actors()
        self.clock(MONDAY)
        for unit, (kind, tier, parent, office) in AUTHORITIES.items():
            self.admin.make("/units", {"id": unit, "name": f"Office {unit}", "kind": kind, "tier": tier, "contacts": contacts(unit),
                                       **({"parent": parent} if parent else {}), **({"office": office} if office else {})})
        for unit, parent in UNITS.items():
            self.admin.make("/units", {"id": unit, "name": f"单位 {unit}", "kind": "unit", "tier": "district", "parent": parent,
                                       "regulator": "edu", "industry": "education", "contacts": contacts(unit)})
        for name, (roles, unit) in USERS.items():
            made = self.admin.make("/users", {"name": name, "roles": roles, **({"unit": unit} if unit else {})})
            self.tokens[name] = (made["id"], self.admin.make(f"/users/{made['id']}/tokens", {"label": "tests"})["token"])

    def _actors(self):
        for name, (user, token) in self.tokens.items():
            setattr(self, name, Actor(self.port, token, name, user))

    def numbered(self):
        """A number of its own for every made-up name."""
        self.count += 1
        return self.count

    def clock(self, text, expect=200):
        return self.admin.call("PUT", "/test/clock", {"now": wire(text)}, expect).json if expect == 200 else \
            self.admin.call("PUT", "/test/clock", {"now": wire(text)}, expect)

    # The registry.

    def system(self, unit, **fields):
        """A system with as many assets as named in `assets`: (system id, [asset id])."""
        values = fields.pop("assets", [f"https://{unit.lower()}.example.test"])
        who = self.d2 if unit == "uD" else self.officer
        system = who.make("/systems", {"unit": unit, "name": f"系统 {unit}", "protection_level": 3, **fields})["id"]
        return system, [who.make("/assets", {"system": system, "value": value, "kind": "url"})["id"] for value in values]

    # Runs and findings.

    @staticmethod
    def target(asset, **fields):
        return {"asset": asset, "attempted": True, "reached": True, "completed": True, **fields}

    @staticmethod
    def result(asset, check="exposure.git_repository", severity="high", locator="/.git/HEAD", **fields):
        return {"asset": asset, "check": check, "locator": locator, "severity": severity, "title": f"{check} at {locator}",
                "evidence": {"status": 200, "excerpt": "ref: refs/heads/main"}, **fields}

    def run(self, targets, results, who=None, expect=201, key=None, **fields):
        """Records a run; targets may be asset ids, which then were completed."""
        whole = [self.target(target) if isinstance(target, str) else target for target in targets]
        return (who or self.officer).make("/runs", {"tool": "x", "tool_version": "1.0", "targets": whole, "results": results, **fields}, expect, key)

    def found(self, asset, *severities, who=None):
        """Confirmed findings of these severities on one asset."""
        severities = severities or ("high",)
        results = [self.result(asset, severity=severity, locator=f"/{number}/HEAD") for number, severity in enumerate(severities)]
        ids = self.run([asset], results, who)["findings"]
        for finding in ids:
            (who or self.officer).act(f"/findings/{finding}", "confirm")
        return ids

    # The way to a notice.

    def case(self, findings, who=None):
        who = who or self.officer
        case = who.make("/cases", {"findings": findings})["id"]
        who.act(f"/cases/{case}", "verify")
        return case

    def draft(self, case, recipient, who=None, **fields):
        body = {"type": "rectify", "case": case, "recipient": recipient, "basis": [LAW], **fields}
        return (who or self.officer).make("/notices", body)["id"]

    def approved(self, case, recipient, **fields):
        notice = self.draft(case, recipient, **fields)
        self.officer.act(f"/notices/{notice}", "submit")
        self.approver.act(f"/notices/{notice}", "approve")
        return notice

    def issued(self, case, recipient, **fields):
        notice = self.approved(case, recipient, **fields)
        self.officer.act(f"/notices/{notice}", "issue")
        return notice

    def received(self, case, recipient, unit, **fields):
        notice = self.issued(case, recipient, **fields)
        unit.act(f"/notices/{notice}", "receive", {"signer": SIGNER})
        return notice

    def answer(self, notice, unit, result="fixed"):
        """A response to every item of the notice, submitted."""
        findings = [item["finding"] for item in unit.read(f"/notices/{notice}")["items"]]
        response = unit.make("/responses", {"notice": notice, "items": [self.reply(finding, result) for finding in findings]})["id"]
        unit.act(f"/responses/{response}", "submit", {"signer": SIGNER})
        return response

    @staticmethod
    def reply(finding, result="fixed"):
        return {"finding": finding, "result": result, "cause": "升级时误传", "measures": "删除并限制访问", "completed_at": wire("2026-11-02T11:00"), "evidence": []}

    # What there is about a record.

    def planned(self, case):
        """The one planned verification of a case."""
        waiting = [item for item in self.officer.items(f"/verifications?case={case}") if item["state"] == "planned"]
        check_equal(len(waiting), 1, f"planned verifications of {case}: {self.officer.items(f'/verifications?case={case}')}")
        return waiting[0]["id"]

    def recheck(self, case, targets, results=(), expect=201, **fields):
        """The result of the planned verification; its record afterwards."""
        verification = self.planned(case)
        self.run(targets, list(results), expect=expect, verification=verification, **fields)
        return self.officer.read(f"/verifications/{verification}")

    def obligation(self, subject, rule):
        """The only obligation of that rule (by prefix) about a subject."""
        found = [item for item in self.officer.items(f"/obligations?subject={subject}") if item["rule"].startswith(rule)]
        check_equal(len(found), 1, f"obligations {rule} of {subject}: {found}")
        return found[0]

    def outbox(self, who=None, **wanted):
        """Outbox entries with these values; filters that the contract marks are put into the query."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items() if name in ("subject", "obligation", "to"))
        return [entry for entry in (who or self.officer).items("/outbox" + (f"?{query}" if query else ""))
                if all(entry.get(name) == value for name, value in wanted.items())]

    def document_bytes(self, document, who=None):
        """A document's bytes, whose hash is checked."""
        answer = (who or self.officer).call("GET", f"/documents/{document['id']}/content", None, 200)
        check_equal(hashlib.sha256(answer.body).hexdigest(), document["sha256"], f"sha256 of {document}")
        return answer.body


@contextlib.contextmanager
def desk(tmp, *arguments, known=None, name="d"):
    """A running server; with `known` (an earlier Desk) the data directory of before, and its people."""
    with serving(tmp / name, "--test-clock", *arguments, log=tmp / f"{name}.log") as process:
        yield Desk(process, process.first_password, known.tokens if known else None)
