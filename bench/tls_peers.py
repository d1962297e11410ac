#!/usr/bin/env python3
"""TLS of real servers on loopback, looked at by us, by sslscan and by testssl.sh: connections, time, and where the verdicts differ.

tls_peers.py [fengsui|sslscan|testssl]…: all that are installed unless named. FENGSUI_BINARY names another program than the release build.
Without Debian's packages sslscan and testssl.sh their part is left out, and said so.
"""
import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from peers.tls_bytes import counted  # noqa: E402
from servers.authority import Authority  # noqa: E402
from servers.nginx import nginx, tls_server  # noqa: E402
from servers.process import own_address, server  # noqa: E402
from support.harness import fengsui, row, write_registry  # noqa: E402

SOUND = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"
# name: settings of nginx, or options of s_server
ENDPOINTS = {
    "modern": "    ssl_protocols TLSv1.3;\n",
    "intermediate": f"    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers {SOUND};\n",
    "debian": "    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\n    ssl_prefer_server_ciphers on;\n",
    "old": ["-cipher", "ECDHE-RSA-AES128-SHA:AES128-SHA:NULL-SHA:ADH-AES128-SHA:@SECLEVEL=0", "-client_renegotiation", "-no_tls1_3"],
}
FACTS = ("sslv2", "sslv3", "tls10", "tls11", "cipher_null", "cipher_anonymous", "cipher_export", "renegotiation_insecure",
         "renegotiation_by_client", "compression")


def ask_fengsui(folder, endpoint, trust):
    url = f"https://{endpoint[0]}:{endpoint[1]}/"
    registry = write_registry(folder / "registry.csv", row(url, probe_class="passive"))
    result = fengsui("check", url, "--registry", registry, "--rate", "5000", "--trust", trust, timeout=300)
    found = {line["check"].removeprefix("tls.") for line in result.of_type("finding")}
    return {fact: fact in found for fact in FACTS if result.coverage()[url, f"tls.{fact}"][0] == "completed"}


def ask_sslscan(folder, endpoint, _):
    out = folder / "sslscan.xml"
    subprocess.run(["sslscan", f"--xml={out}", f"{endpoint[0]}:{endpoint[1]}"], stdin=subprocess.DEVNULL, capture_output=True, timeout=900)
    text = out.read_text(errors="replace")
    facts = {}
    for fact, kind, version in (("sslv2", "ssl", "2"), ("sslv3", "ssl", "3"), ("tls10", "tls", "1.0"), ("tls11", "tls", "1.1")):
        found = re.search(rf'<protocol type="{kind}" version="{version}" enabled="(\d)"', text)
        if found:
            facts[fact] = found[1] == "1"
    ciphers = re.findall(r'<cipher [^>]*cipher="([^"]+)"', text)
    facts["cipher_null"] = any("NULL" in name for name in ciphers)
    facts["cipher_anonymous"] = any(re.match(r"A?E?C?DH-anon|ADH|AECDH|TLS_.*_anon_", name) for name in ciphers)
    facts["cipher_export"] = any("EXP" in name for name in ciphers)
    found = re.search(r'<compression supported="(\d)"', text)
    if found:
        facts["compression"] = found[1] == "1"
    found = re.search(r'<renegotiation supported="(\d)" secure="(\d)"', text)
    if found:
        facts["renegotiation_insecure"] = found[1] == "1" and found[2] == "0"
    return facts


def ask_testssl(folder, endpoint, _):
    out = folder / f"testssl-{time.monotonic_ns()}.json"
    subprocess.run(["testssl", "--quiet", "--color", "0", "--warnings", "off", "--nodns", "none", "--jsonfile", out,
                    f"{endpoint[0]}:{endpoint[1]}"], stdin=subprocess.DEVNULL, capture_output=True, timeout=1800)
    said = {line["id"]: line["finding"] for line in json.loads(out.read_text(errors="replace") or "[]")}
    facts = {}
    for fact, key in (("sslv2", "SSLv2"), ("sslv3", "SSLv3"), ("tls10", "TLS1"), ("tls11", "TLS1_1"), ("cipher_null", "cipherlist_NULL"),
                      ("cipher_anonymous", "cipherlist_aNULL"), ("cipher_export", "cipherlist_EXPORT")):
        if key in said:
            facts[fact] = said[key].startswith("offered") or said[key].startswith("vulnerable")
    for fact, key in (("renegotiation_insecure", "secure_renego"), ("renegotiation_by_client", "secure_client_renego"), ("compression", "CRIME_TLS")):
        if key in said:
            facts[fact] = "not vulnerable" not in said[key].lower() and "supported" != said[key].lower()
            facts[fact] = facts[fact] and "vulnerable" in said[key].lower()
    return facts


TOOLS = {"fengsui": ask_fengsui, "sslscan": ask_sslscan, "testssl": ask_testssl}


def version_of(tool):
    line = subprocess.run([tool, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
    found = re.search(r"(\d+\.\d+[\w.~+-]*)", line)
    return found[1] if found else "?"


@contextlib.contextmanager
def endpoints(folder):
    authority = Authority(folder / "ca")
    address = own_address(*range(4430, 4430 + len(ENDPOINTS)))
    with contextlib.ExitStack() as stack:
        blocks, ends, made = "", [], {}
        for number, (name, how) in enumerate(ENDPOINTS.items()):
            leaf = authority.issue(address, names=[address], key="rsa:2048")
            chain = authority.full_chain(leaf)
            behind = ("127.0.0.1", 15430 + number)
            if isinstance(how, str):
                blocks += tls_server([f"{behind[0]}:{behind[1]}"], "_", chain, leaf.key, "    location / { return 200 'hello'; }\n", tls=how)
                ends.append(behind)
            else:
                stack.enter_context(server(["openssl", "s_server", "-accept", f"{behind[0]}:{behind[1]}", "-cert", leaf.file, "-key", leaf.key,
                                            "-cert_chain", authority.issuing.file, "-www", "-quiet", *how], [behind], folder / f"{name}.log"))
            made[name] = (address, 4430 + number, behind)
        stack.enter_context(nginx(folder / "nginx", blocks, ends))
        listeners = {name: stack.enter_context(counted(*end)) for name, end in made.items()}
        yield authority, {name: end[:2] for name, end in made.items()}, listeners


def main():
    wanted = sys.argv[1:] or list(TOOLS)
    tools = [tool for tool in wanted if tool == "fengsui" or shutil.which(tool)]
    for tool in set(wanted) - set(tools):
        print(f"{tool} is not installed: left out")
    for tool in tools:
        if tool != "fengsui":
            print(f"{tool} {version_of(tool)}")
    print(f"{'endpoint':14}{'tool':10}{'connections':>12}{'seconds':>9}  differs from fengsui in")
    with tempfile.TemporaryDirectory() as directory:
        folder = pathlib.Path(directory)
        folder.chmod(0o755)
        with endpoints(folder) as (authority, ends, listeners):
            for name, end in ends.items():
                ours = {}
                for tool in tools:
                    before, began = listeners[name].count, time.monotonic()
                    facts = TOOLS[tool](folder, end, authority.trust)
                    seconds = time.monotonic() - began
                    ours = facts if tool == "fengsui" else ours
                    differs = {fact: value for fact, value in facts.items() if fact in ours and ours[fact] != value}
                    print(f"{name:14}{tool:10}{listeners[name].count - before:12}{seconds:9.1f}  {differs or '-'}", flush=True)


main()
