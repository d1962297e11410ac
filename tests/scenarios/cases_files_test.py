"""What is uploaded, what is handed out, and what must not leave."""
import base64
import hashlib
import io
import json
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.desk import desk  # noqa: E402
from support.harness import case, check_equal, check_true, main  # noqa: E402

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(name, media_type, content, subject, kind="attachment", **more):
    return {"name": name, "media_type": media_type, "content": base64.b64encode(content).decode(), "subject": subject, "kind": kind, **more}


def packed(files, method=zipfile.ZIP_DEFLATED):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method, compresslevel=9 if method == zipfile.ZIP_DEFLATED else None) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return whole.getvalue()


def response_of(d):
    _, (asset,) = d.system("uA", assets=[f"https://n{d.numbered()}.example.test"])
    findings = d.found(asset)
    notice = d.received(d.case(findings), "uA", d.unitA)
    return d.unitA.make("/responses", {"notice": notice, "items": [d.reply(findings[0])]})["id"], findings[0], notice


@case
def an_attachment_of_a_reply(tmp):
    with desk(tmp) as d:
        response, finding, _ = response_of(d)
        made = d.unitA.make("/documents", upload("整改证据 1.png", "image/png", PNG, response, "evidence"))
        check_equal((made["name"], made["media_type"], made["sha256"], made["subject"]), ("整改证据 1.png", "image/png", hashlib.sha256(PNG).hexdigest(), response), f"{made}")
        check_true("content" not in made, "the record does not carry the bytes")
        for who in (d.unitA, d.officer, d.city):
            check_equal(d.document_bytes(made, who), PNG, "the bytes as they came")
        d.unitB.call("GET", f"/documents/{made['id']}/content", None, 404)
        d.unitB.call("GET", f"/documents/{made['id']}", None, 404)
        d.d2.call("GET", f"/documents/{made['id']}/content", None, 404)
        d.unitA.change(f"/responses/{response}", {"items": [dict(d.reply(finding), evidence=[made["id"]])]})
        check_equal(d.officer.read(f"/responses/{response}")["items"][0]["evidence"], [made["id"]], "named in the reply")
        for body in (upload("x.txt", "text/plain", b"x", response), upload("x.txt", "text/plain", b"x", "none")):
            d.unitB.call("POST", "/documents", body, (400, 404, 422))
        for who in (d.auditor, d.admin1):
            who.call("POST", "/documents", upload("x.txt", "text/plain", b"x", response), 403)


@case
def nothing_in_it_runs(tmp):
    with desk(tmp) as d:
        response, _, _ = response_of(d)
        for name, kind, content in (("x.html", "text/html", b"<script>alert(1)</script>"), ("x.svg", "image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
                                    ("x.txt", "text/plain", b"<html><script>alert(1)</script></html>"), ("x.pdf", "application/pdf", PDF)):
            made = d.unitA.call("POST", "/documents", upload(name, kind, content, response), (201, 415, 422))
            if made.status != 201:
                continue
            answer = d.officer.call("GET", f"/documents/{made.json['id']}/content")
            check_equal(answer.headers.get("x-content-type-options"), "nosniff", name)
            policy = answer.headers.get("content-security-policy", "")
            check_true("attachment" in answer.headers.get("content-disposition", "") or "sandbox" in policy, f"{name}: {answer.headers}")
            check_true("html" not in answer.headers["content-type"] or "sandbox" in policy or "attachment" in answer.headers["content-disposition"], name)


@case
def names_that_are_paths(tmp):
    with desk(tmp) as d:
        response, _, _ = response_of(d)
        for name in ("../../etc/cron.d/x", "/etc/passwd", "..\\..\\x.txt", "a/b.txt", "..", ".", "", "x\u0000.txt", "x\r\nSet-Cookie: a=b.txt", "x" * 5000, "C:\\x.txt"):
            d.unitA.call("POST", "/documents", upload(name, "text/plain", b"x", response), (400, 422))
        check_equal([item for item in d.officer.items(f"/documents?subject={response}")], [], "none was kept")
        for name in ("证据；\"引号\".txt", "a;b.txt", "…txt", "名.tar.gz", "%2e%2e%2fx.txt"):
            answer = d.unitA.call("POST", "/documents", upload(name, "text/plain", b"x", response), (201, 400, 422))
            if answer.status == 201:
                header = d.officer.call("GET", f"/documents/{answer.json['id']}/content").headers.get("content-disposition", "")
                check_true("\r" not in header and "\n" not in header, header)


@case
def the_type_is_judged_by_the_content(tmp):
    with desk(tmp) as d:
        response, _, _ = response_of(d)
        for name, kind, content in (("x.png", "image/png", b"MZ\x90\x00" + b"\0" * 200), ("x.pdf", "application/pdf", b"<html><script>alert(1)</script>"), ("x.png", "image/png", PDF),
                                    ("x.jpg", "image/jpeg", b"\x7fELF\x02\x01\x01" + b"\0" * 100), ("x.exe", "application/x-msdownload", b"MZ\x90\x00" + b"\0" * 200),
                                    ("x.sh", "application/x-sh", b"#!/bin/sh\necho x\n"), ("x.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", PNG),
                                    ("x.pdf", "nonsense", PDF), ("x.pdf", "application/pdf\r\nX: y", PDF), ("x.pdf", "", PDF), ("x.zip", "application/zip", b"PK\x03\x04 cut off")):
            d.unitA.call("POST", "/documents", upload(name, kind, content, response), (400, 413, 415, 422))
        for wrong in ("not base64!", "YQ=", 7, None, ["YQ=="], {"a": 1}):
            d.unitA.call("POST", "/documents", {**upload("x.txt", "text/plain", b"x", response), "content": wrong}, (400, 422))
        for field in ("name", "media_type", "content"):
            body = upload("x.txt", "text/plain", b"x", response)
            del body[field]
            d.unitA.call("POST", "/documents", body, (400, 422))
        check_equal(d.officer.items(f"/documents?subject={response}"), [], "none was kept")
        for name, kind, content in (("x.png", "image/png", PNG), ("x.pdf", "application/pdf", PDF), ("x.txt", "text/plain", "已删除".encode())):
            d.unitA.make("/documents", upload(name, kind, content, response))


@case
def bombs_and_great_sizes(tmp):
    with desk(tmp) as d:
        response, _, _ = response_of(d)
        zeros = b"\0" * (64 << 20)
        bombs = [packed([(f"{n}.bin", zeros) for n in range(8)]), packed([(f"{n}", b"") for n in range(70_000)], zipfile.ZIP_STORED)]
        bombs.append(packed([("inner.zip", bombs[0])], zipfile.ZIP_STORED))
        for content in bombs[:2]:
            d.unitA.call("POST", "/documents", upload("x.zip", "application/zip", content, response), (413, 415, 422))
        d.unitA.call("POST", "/documents", upload("x.zip", "application/zip", packed([("../../evil.sh", b"x")]), response), (201, 400, 415, 422))
        d.unitA.call("POST", "/documents", upload("x.txt", "text/plain", b"x" * (13 << 20), response), 413)
        check_equal(d.officer.ask("GET", "/healthz").status, 200, "still there")


@case
def attachments_outlive_a_restart(tmp):
    with desk(tmp) as d:
        response, _, _ = response_of(d)
        made = d.unitA.make("/documents", upload("x.png", "image/png", PNG, response))
        text = d.unitA.make("/documents", upload("big.txt", "text/plain", b"0123456789abcdef" * 65536, response))
    with desk(tmp, known=d) as d:
        check_equal(d.document_bytes(made), PNG, "as they came")
        check_equal(len(d.document_bytes(text)), 1 << 20, "the large one as well")


def receivers(d):
    for unit, overseas in (("vendor", True), ("foreign", True), ("domestic", False)):
        d.officer.make("/units", {"id": unit, "name": unit, "kind": "supplier", "parent": "d1", "overseas": overseas})


@case
def unpublished_findings_do_not_go_abroad(tmp):
    with desk(tmp) as d:
        receivers(d)
        _, (asset,) = d.system("uA")
        secret, plain = d.run([asset], [d.result(asset, disclosure="unpublished", provider="vendor"), d.result(asset, locator="/2")])["findings"]

        def export(receiver, findings, expect=201, kind="jsonl", who=None):
            return (who or d.officer).make("/exports", {"format": kind, "receiver": receiver, "findings": findings}, expect)

        def ids(made):
            document = d.officer.read(f"/documents/{made['document']}")
            return d.document_bytes(document).decode()
        before = len(d.officer.items("/documents"))
        for findings in ([secret], [plain, secret]):
            problem = export("foreign", findings, 403)
            check_true(problem.get("rule"), f"names the rule: {problem}")
        check_equal(len(d.officer.items("/documents")), before, "nothing was written")
        made = export("foreign", [plain])
        check_equal((made["omitted"], plain in ids(made)), ([], True), "published ones may go")
        made = export("domestic", [plain, secret])
        check_equal((made["omitted"], plain in ids(made), secret in ids(made)), ([secret], True, False), "left out at home")
        made = export("vendor", [plain, secret])
        check_equal((made["omitted"], secret in ids(made)), ([], True), "to its provider")
        told = [entry for entry in d.root_auditor.items("/audit") if "export" in (entry["event"] + entry["collection"])]
        check_true(any(secret in json.dumps(entry) or entry["subject"] in (made["id"], secret) for entry in told), f"audited: {told}")
        for kind in ("csaf", "misp", "jsonl"):
            made = export("vendor", [plain, secret], kind=kind)
            text = ids(made)
            check_true([json.loads(line) for line in text.splitlines()] if kind == "jsonl" else json.loads(text), f"{kind} can be read")
            check_equal("CSAF" in text.upper() if kind == "csaf" else True, True, kind)
        for kind, receiver, findings in (("docx", "vendor", [plain]), ("jsonl", "nowhere", [plain]), ("jsonl", "vendor", ["none"]), ("jsonl", "vendor", "all"), (None, "vendor", [plain])):
            export(receiver, findings, (400, 404, 422), kind)
        export("vendor", [plain], 403, who=d.unitA)
        export("vendor", [plain], 403, who=d.approver)


main()
