"""Runs cases against the real binary and counts them."""
import contextlib
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FENGSUI = pathlib.Path(os.environ.get("FENGSUI_BINARY", ROOT / "build/release/fengsui"))
HEADER = ("unit,unit_name,parent,system,system_name,protection_level,critical,asset,contact,email,phone,"
          "authorised_from,authorised_until,probe_class")

_cases = []


def case(function):
    """Marks a function as a case; it gets a fresh directory."""
    _cases.append(function)
    return function


def main():
    passed = failed = 0
    wanted = sys.argv[1:]
    for function in _cases:
        if wanted and function.__name__ not in wanted:
            continue
        with tempfile.TemporaryDirectory(prefix="fengsui-test-") as directory:
            try:
                function(pathlib.Path(directory))
                passed += 1
                print(f"ok   {function.__name__}", flush=True)
            except Exception:  # a case may fail in any way: count it and go on
                failed += 1
                print(f"FAIL {function.__name__}\n{traceback.format_exc()}", flush=True)
    if passed + failed == 0:
        print("no case was run")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


class Result:
    """What a finished command printed."""

    def __init__(self, status, out, err):
        self.status = status
        self.out = out
        self.err = err
        self.lines = [json.loads(line) for line in out.splitlines() if line.startswith('{"type"')]

    def of_type(self, kind):
        return [line for line in self.lines if line.get("type") == kind]

    def findings(self):
        """{(target, check)} of everything found."""
        return {(line["target"], line["check"]) for line in self.of_type("finding")}

    def coverage(self):
        """{(target, check): (status, reason)}"""
        return {(line["target"], line["check"]): (line["status"], line.get("reason")) for line in self.of_type("coverage")}


def fengsui(*arguments, timeout=120, env=None, cwd=None):
    done = subprocess.run([str(FENGSUI), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=timeout, cwd=cwd, env=dict(os.environ, LC_ALL="C.UTF-8", **(env or {})))
    return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


@contextlib.contextmanager
def running(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=None, env=None):
    """A process that is ended, whatever happens, by its own id."""
    process = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, cwd=cwd,
                               env=dict(os.environ, LC_ALL="C.UTF-8", **(env or {})))
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def row(asset, unit="u1", probe_class="careful", since="", until="", name="Unit", parent="", system=""):
    return f"{unit},{name},{parent},{system},,,,{asset},,,,{since},{until},{probe_class}"


def write_registry(path, *rows):
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def free_port(address="127.0.0.1", kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def wait_for_port(port, address="127.0.0.1", seconds=15):
    """Until something accepts connections; loopback only."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.5)
            if probe.connect_ex((address, port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {address}:{port}")


def check_equal(actual, expected, what=""):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def check_true(condition, what):
    if not condition:
        raise AssertionError(what)
