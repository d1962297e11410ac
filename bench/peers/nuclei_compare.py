#!/usr/bin/env python3
"""The same templates on the same loopback site by nuclei and by us: CPU seconds, peak memory, requests, hits.

Usage: nuclei_compare.py TEMPLATES [FENGSUI]. The peer is looked for in $NUCLEI, then on the PATH; without it this
ends with a word and status 0. Build it with: go install github.com/projectdiscovery/nuclei/v3/cmd/nuclei@v3.10.0
Only templates that we run are given to both, rate limits are off in both, nuclei's clustering is on (its default).
"""
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

HEADER = ("unit,unit_name,parent,system,system_name,protection_level,critical,asset,contact,email,phone,authorised_from,authorised_until,"
          "probe_class")
PAGES = {
    "/": '<html><head><title>phpMyAdmin</title><meta name="generator" content="WordPress 6.1.1"><link rel="stylesheet" '
         'href="/wp-content/themes/twentytwentythree/style.css?ver=1.0"></head><body>pmahomme phpMyAdmin</body></html>',
    "/wp-login.php": '<title>Log In - WordPress</title><a href="/wp-login.php?action=lostpassword">Lost your password?</a>',
    "/.git/config": "[core]\n\trepositoryformatversion = 0\n",
    "/.env": "APP_ENV=production\nDB_PASSWORD=secret\nAPP_KEY=base64:abc\n",
    "/server-status": "<title>Apache Status</title><h1>Apache Server Status for localhost</h1>",
    "/robots.txt": "User-agent: *\nDisallow: /wp-admin/\n",
}


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    requests = 0

    def do_GET(self):
        type(self).requests += 1
        body = PAGES.get(self.path.split("?")[0])
        self.send_response_only(200 if body else 404)
        body = (body or "<title>404 Not Found</title>").encode()
        self.send_header("Server", "nginx/1.22.1")
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()

    do_HEAD = do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


def measured(command, env=None):
    """Runs it; output, CPU seconds, peak memory in MiB, requests that the site saw."""
    before = Site.requests
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                               env=env)
    out = process.stdout.read().decode("utf-8", "replace")
    _, _, usage = os.wait4(process.pid, 0)
    return out, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, Site.requests - before


def lines_of(out, kind):
    for line in out.splitlines():
        if line.startswith("{"):
            value = json.loads(line)
            if kind is None or value.get("type") == kind:
                yield value


def hits(lines):
    return {(line["template-id"], line.get("matcher-name", "")) for line in lines}


def main():
    templates = pathlib.Path(sys.argv[1])
    ours = sys.argv[2] if len(sys.argv) > 2 else "build/release/fengsui"
    peer = os.environ.get("NUCLEI") or shutil.which("nuclei")
    if not peer or not pathlib.Path(peer).exists():
        print("nuclei is not here: nothing is compared")
        return
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    with tempfile.TemporaryDirectory(prefix="nuclei-compare-") as name:
        folder = pathlib.Path(name)
        listed = subprocess.run([ours, "template", "list", templates, "--format", "jsonl"], capture_output=True, check=False).stdout.decode()
        runnable = [line["path"] for line in lines_of(listed, "template_status") if line["status"] == "runnable"]
        for index, path in enumerate(runnable):
            target = folder / "t" / f"{index // 500}" / f"{index}-{pathlib.Path(path).name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        (folder / "r.csv").write_text(f"{HEADER}\nu1,U,,,,,,{url},,,,,,careful\n")
        rows = []
        out, cpu, memory, sent = measured([ours, "patrol", "--registry", folder / "r.csv", "--data", folder / "d", "--check", "site.unreachable",
                                           "--template", folder / "t", "--rate", "100000", "--connections", "25", "--deadline", "600", "--once"])
        own = hits(lines_of(out, "template"))
        rows.append(("fengsui", cpu, memory, sent, len(own)))
        env = dict(os.environ, HOME=str(folder))
        out, cpu, memory, sent = measured([peer, "-u", url, "-t", folder / "t", "-duc", "-ni", "-silent", "-jsonl", "-or", "-nmhe", "-rl", "100000",
                                           "-no-color", "-disable-unsigned-templates=false"], env)
        other = hits(lines_of(out, None))
        rows.append(("nuclei", cpu, memory, sent, len(other)))
    print(f"{len(runnable)} templates, one site")
    for who, cpu, memory, sent, count in rows:
        print(f"{who:8} {cpu:8.2f} s CPU {memory:8.0f} MiB peak {sent:7} requests {count:5} hits")
    print(f"CPU {rows[1][1] / rows[0][1]:.1f} to 1, memory {rows[1][2] / rows[0][2]:.1f} to 1")
    print("only nuclei:", sorted(other - own))
    print("only fengsui:", sorted(own - other))


if __name__ == "__main__":
    main()
