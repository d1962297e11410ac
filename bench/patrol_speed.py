#!/usr/bin/env python3
"""A patrol of the range with every check at polite defaults: wall time, CPU a site, peak memory, requests.

patrol_speed.py [SITES…]: 250 and 2500 unless given. The range shares the machine; CPU and memory are the patrol's alone.
"""
import json
import pathlib
import os
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENGSUI = ROOT / "build/release/fengsui"


def patrol(base, resolver, more):
    began = time.monotonic()
    process = subprocess.Popen([FENGSUI, "patrol", "--registry", base / "r.csv", "--data", base / "data", "--resolver", resolver,
                                "--trust", base / "t.pem", *more], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    summary = None
    for line in process.stdout:
        if line.startswith(b'{"type":"summary"'):
            summary = json.loads(line)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return time.monotonic() - began, usage, summary


def main():
    sizes = [int(text) for text in sys.argv[1:] if text.isdigit()] or [250, 2500]
    more = [text for text in sys.argv[1:] if not text.isdigit()]
    for sites in sizes:
        with tempfile.TemporaryDirectory() as directory:
            base = pathlib.Path(directory)
            resolver = "127.0.0.1:15399"
            log = open(base / "range.out", "wb")
            range_ = subprocess.Popen([FENGSUI, "range", "--sites", str(sites), "--seed", "1", "--registry", base / "r.csv", "--truth",
                                       base / "truth", "--trust", base / "t.pem", "--resolver", resolver], stdout=log, stdin=subprocess.DEVNULL)
            try:
                while b'"ready"' not in (base / "range.out").read_bytes():
                    if range_.poll() is not None:
                        return "the range did not start"
                    time.sleep(0.2)
                wall, usage, summary = patrol(base, resolver, more)
                cpu = usage.ru_utime + usage.ru_stime
                print(f"{sites} sites: {summary['targets']} targets in {wall:.0f} s wall, {cpu:.1f} s CPU ({1000 * cpu / sites:.1f} ms a site), "
                      f"peak {usage.ru_maxrss / 1024:.0f} MB, {summary['requests']} requests ({summary['requests'] / sites:.1f} a site)", flush=True)
            finally:
                range_.terminate()
                range_.wait(20)
    return 0


if __name__ == "__main__":
    sys.exit(main())
