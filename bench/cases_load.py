#!/usr/bin/env python3
"""Findings, cases and units on one server: latency of lists, records and actions at 16 clients, and memory.

cases_load.py [UNITS]: 5000 unless given, with 20 findings and 4 cases a unit, made by REST. One process drives all clients with as little work of its own as can be;
it shares the machine with the server.
"""
import collections
import contextlib
import http.client
import json
import os
import pathlib
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENGSUI = pathlib.Path(os.environ.get("FENGSUI_BINARY", ROOT / "build/release/fengsui"))
CLIENTS = 16
FINDINGS = 20
CASES = 4
REQUESTS = 4000
SEVERITIES = ("critical", "high", "medium", "low", "info")


class Wire:
    """A keep-alive connection with one request under way."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.began = 0.0

    def send(self, request):
        self.buffer = b""
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def receive(self):
        """(status, body) once all of it is there."""
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionError("the server hung up")
        self.buffer += piece
        head, mark, body = self.buffer.partition(b"\r\n\r\n")
        if not mark:
            return None
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
        return (int(head[9:12]), body) if len(body) >= length else None


class Server:
    def __init__(self, directory):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen([FENGSUI, "serve", "--data", directory / "d", "--listen", f"127.0.0.1:{self.port}", "--test-clock"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=(directory / "log").open("wb"))
        password = None
        for line in self.process.stdout:
            line = json.loads(line)
            password = line.get("password", password)
            if line["type"] == "ready":
                break
        self.tokens = {}
        self._people(password)

    def _people(self, password):
        _, headers, session = self.once("POST", "/session", {"name": "admin", "password": password})
        signed = {"Cookie": headers["set-cookie"].split(";")[0], "X-CSRF-Token": session["csrf"]}
        self.tokens["admin"] = self.once("POST", f"/users/{session['user']['id']}/tokens", {"label": "bench"}, signed)[2]["token"]
        self.once("PUT", "/test/clock", {"now": "2026-11-02T09:00:00+08:00"}, self.bearer("admin"))
        self.once("PATCH", "/units/office", {"kind": "authority", "tier": "district"}, self.bearer("admin"))
        user = self.once("POST", "/users", {"name": "officer", "roles": ["officer"], "unit": "office"}, self.bearer("admin"))[2]
        self.tokens["officer"] = self.once("POST", f"/users/{user['id']}/tokens", {"label": "bench"}, self.bearer("admin"))[2]["token"]

    def bearer(self, who):
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def once(self, method, path, body, headers=None):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, "/api/v1" + path, json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status >= 300:
                raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, json.loads(text)

    def request(self, method, path, body=None):
        text = b"" if body is None else json.dumps(body).encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n" if body is not None else ""
        return f"{method} /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.tokens['officer']}\r\n{kind}\r\n".encode() + text

    def drive(self, requests, good=(200, 201)):
        """Sends all of it over CLIENTS connections, each waiting for its answer: (seconds of each, bodies in order)."""
        waiting = collections.deque(enumerate(requests))
        seconds, bodies = [], [None] * len(waiting)
        chooser = selectors.DefaultSelector()
        for _ in range(min(CLIENTS, len(waiting))):
            wire = Wire(self.port)
            number, request = waiting.popleft()
            chooser.register(wire.socket, selectors.EVENT_READ, [wire, number])
            wire.send(request)
        while chooser.get_map():
            for key, _ in chooser.select():
                wire, number = key.data
                answer = wire.receive()
                if answer is None:
                    continue
                seconds.append(time.perf_counter() - wire.began)
                if answer[0] not in good:
                    raise SystemExit(f"answer {answer[0]}: {answer[1][:300]!r}")
                bodies[number] = answer[1]
                if waiting:
                    key.data[1], request = waiting.popleft()
                    wire.send(request)
                else:
                    chooser.unregister(wire.socket)
                    wire.socket.close()
        return seconds, bodies

    def memory(self, field):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(field):
                return int(line.split()[1]) / 1024
        return 0.0

    def end(self):
        self.process.terminate()
        self.process.wait(30)


def ids(bodies):
    return [json.loads(body)["id"] for body in bodies]


def timed(text, work):
    began = time.monotonic()
    result = work()
    print(f"{text}: {time.monotonic() - began:.1f} s", flush=True)
    return result


def registered(directory, units):
    """An office with units below it, each with a system and an asset, as a registry file brings them."""
    lines = ["unit,unit_name,parent,system,system_name,asset", "office,Office,,s,Office,https://office.example.test"]
    lines += [f"u{n},Unit {n},office,s{n},Site,https://s{n}.example.test" for n in range(units)]
    (directory / "r.csv").write_text("\n".join(lines) + "\n")
    subprocess.run([FENGSUI, "registry", "import", directory / "r.csv", "--data", directory / "d"], stdin=subprocess.DEVNULL, check=True)


def every(server, path):
    """Ids of a whole list."""
    found, cursor = [], ""
    while cursor is not None:
        page = json.loads(server.drive([server.request("GET", path + (f"&cursor={cursor}" if cursor else ""))])[1][0])
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    return found


def filled(server, units):
    """(findings, cases) after handing in runs and opening cases by REST."""
    post = server.request
    assets = every(server, "/assets?limit=1000")[:units]
    def run(some):
        results = [{"asset": asset, "check": f"exposure.kind_{n}", "locator": f"/{n}", "severity": SEVERITIES[n % 5], "title": f"Weakness {n}", "evidence": {"status": 200}}
                   for asset in some for n in range(FINDINGS)]
        return post("POST", "/runs", {"tool": "bench", "targets": [{"asset": a, "attempted": True, "reached": True, "completed": True} for a in some], "results": results})
    runs = timed(f"{units * FINDINGS} findings", lambda: server.drive([run(assets[n:n + 50]) for n in range(0, units, 50)])[1])
    findings = [finding for body in runs for finding in json.loads(body)["findings"]]
    chosen = [finding for n, finding in enumerate(findings) if n % FINDINGS < CASES]
    timed(f"{len(chosen)} confirmations", lambda: server.drive([post("POST", f"/findings/{finding}/actions/confirm", {}) for finding in chosen]))
    cases = timed(f"{len(chosen)} cases", lambda: ids(server.drive([post("POST", "/cases", {"findings": [finding]}) for finding in chosen])[1]))
    return findings, cases


def figures(what, seconds):
    ordered = sorted(seconds)
    part = [1000 * ordered[min(len(ordered) - 1, int(len(ordered) * q))] for q in (0.5, 0.99)]
    print(f"{what}: p50 {part[0]:.1f} ms, p99 {part[1]:.1f} ms ({len(ordered)} requests, {CLIENTS} clients)", flush=True)


def measured(server, findings, cases):
    get = server.request
    step = max(1, len(findings) // REQUESTS)
    half = min(REQUESTS, len(cases) // 2)
    pages = ["/findings?limit=100", "/findings?severity=critical&limit=100", "/findings?state=confirmed&limit=100", "/cases?limit=100", "/cases?state=open&limit=100",
             "/findings?unit=u7&limit=100", "/units?limit=100", "/obligations?limit=100"]
    cursors, cursor = [], ""
    for _ in range(20):
        page = server.drive([get("GET", f"/findings?limit=1000{cursor}")])[1][0]
        cursor = f"&cursor={json.loads(page)['next_cursor']}"
        if cursor.endswith("None"):
            break
        cursors.append(f"/findings?limit=100{cursor}")
    pages += cursors[-3:]
    figures("lists of 100", server.drive([get("GET", pages[n % len(pages)]) for n in range(REQUESTS)])[0])
    for page in pages:
        figures(f"  {page.split('&cursor')[0]}{' deep' if 'cursor' in page else ''}", server.drive([get("GET", page)] * 400)[0])
    figures("one finding", server.drive([get("GET", f"/findings/{finding}") for finding in findings[::step]])[0])
    figures("one case", server.drive([get("GET", f"/cases/{case}") for case in cases[:REQUESTS]])[0])
    figures("a case's history", server.drive([get("GET", f"/cases/{case}/history") for case in cases[:REQUESTS]])[0])
    figures("actions (verify)", server.drive([get("POST", f"/cases/{case}/actions/verify", {}) for case in cases[:half]])[0])
    figures("creates (notice)", server.drive([get("POST", "/notices", {"type": "rectify", "case": case, "recipient": "u0"}) for case in cases[:4]])[0])
    mixed = [request for n, case in enumerate(cases[half:2 * half])
             for request in (get("GET", pages[n % len(pages)]), get("GET", f"/findings/{findings[n]}"), get("POST", f"/cases/{case}/actions/verify", {}))]
    figures("lists, records and actions mixed", server.drive(mixed)[0])


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))  # so that the server ends as well
    units = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as directory:
        timed(f"{units} units, systems and assets", lambda: registered(pathlib.Path(directory), units))
        server = Server(pathlib.Path(directory))
        try:
            findings, cases = filled(server, units)
            print(f"{units} units, {len(findings)} findings, {len(cases)} cases; server {server.memory('VmRSS'):.0f} MB", flush=True)
            measured(server, findings, cases)
            print(f"server {server.memory('VmRSS'):.0f} MB, peak {server.memory('VmHWM'):.0f} MB", flush=True)
        finally:
            server.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
