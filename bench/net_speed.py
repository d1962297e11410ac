#!/usr/bin/env python3
"""HTTP requests and TLS handshakes a second, beside wrk -t1 and openssl s_time -new in the same run.

The client has one core, nginx the other. Prints the figures and the ratio; rounds are alternated, medians compared.
"""
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/release/bench/net_speed"
SECONDS = 4
ROUNDS = 3


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def on_core(core, *command):
    return subprocess.run(["taskset", "-c", str(core), *map(str, command)], capture_output=True, text=True, timeout=60).stdout


def wrk(url):
    return float(re.search(r"Requests/sec:\s+([\d.]+)", on_core(0, "wrk", "-t1", "-c16", f"-d{SECONDS}s", url)).group(1))


def s_time(port):
    out = on_core(0, "openssl", "s_time", "-new", "-connect", f"127.0.0.1:{port}", "-time", SECONDS)
    real = re.search(r"(\d+) connections in (\d+) real seconds", out)
    return int(real.group(1)) / int(real.group(2))


def ours(kind, url):
    return float(on_core(0, PROGRAM, kind, url, SECONDS))


def compare(name, peer_name, peer, own):
    rounds = [(peer(), own()) for _ in range(ROUNDS)]
    peer_median = statistics.median(p for p, _ in rounds)
    own_median = statistics.median(o for _, o in rounds)
    ratio = statistics.median(o / p for p, o in rounds)
    print(f"{name}: ours {own_median:.0f}/s, {peer_name} {peer_median:.0f}/s, ratio {ratio:.2f}")


def main():
    with tempfile.TemporaryDirectory() as directory:
        base = pathlib.Path(directory)
        (base / "index.html").write_text("<html><title>bench</title>" + "x" * 500 + "</html>")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", base / "k.pem", "-out", base / "c.pem",
                        "-days", "2", "-subj", "/CN=127.0.0.1"], check=True, capture_output=True)
        plain, secure = free_port(), free_port()
        (base / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {base}/pid; error_log {base}/error.log;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {base}/b; proxy_temp_path {base}/p; fastcgi_temp_path {base}/f;
uwsgi_temp_path {base}/u; scgi_temp_path {base}/s;
server {{ listen 127.0.0.1:{plain}; root {base}; }}
server {{ listen 127.0.0.1:{secure} ssl; ssl_certificate {base}/c.pem; ssl_certificate_key {base}/k.pem; root {base}; }} }}
""")
        base.chmod(0o755)
        nginx = subprocess.Popen(["taskset", "-c", "1", "nginx", "-c", str(base / "nginx.conf")], stderr=subprocess.DEVNULL)
        try:
            time.sleep(1)
            compare("HTTP keep-alive requests", "wrk -t1 -c16", lambda: wrk(f"http://127.0.0.1:{plain}/"),
                    lambda: ours("http", f"http://127.0.0.1:{plain}/"))
            compare("TLS handshakes", "openssl s_time -new", lambda: s_time(secure), lambda: ours("tls", f"https://127.0.0.1:{secure}/"))
        finally:
            nginx.terminate()
            nginx.wait(10)


if __name__ == "__main__":
    sys.exit(main())
