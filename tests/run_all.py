#!/usr/bin/env python3
"""Every test and check, in order, stopping at the first stage that cannot go on; prints the count last.

Stages may be named on the command line to run only those.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONG = ("console_test.py", "range_test.py")
COUNT = re.compile(r"^(\d+) passed, (\d+) failed", re.MULTILINE)


def run(*command, env=None, cwd=ROOT):
    """Runs a command with its output shown; True when it succeeded."""
    return subprocess.run([str(part) for part in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL).returncode == 0


def one(*command, cwd=ROOT):
    """A check that passes or fails as a whole."""
    return (1, 0) if run(*command, cwd=cwd) else (0, 1)


def gtest(preset, module):
    """One GoogleTest program; counts its cases."""
    program = ROOT / "build" / preset / f"{module}_test"
    report = program.with_suffix(".json")
    report.unlink(missing_ok=True)
    env = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:abort_on_error=0", UBSAN_OPTIONS="print_stacktrace=1",
               TSAN_OPTIONS=f"suppressions={ROOT}/tests/thread_sanitizer.supp")
    good = run(program, "--gtest_brief=1", f"--gtest_output=json:{report}", env=env)
    try:
        result = json.loads(report.read_text())
        failed = result["failures"] + result.get("errors", 0)
        passed = result["tests"] - failed - result.get("disabled", 0)
    except (OSError, ValueError):
        passed, failed = 0, 1
    if passed + failed == 0:
        print(f"{module}_test evaluated nothing", file=sys.stderr)
        failed = 1
    return passed, failed if good or failed else 1


def script(path):
    """A scenario script that ends with `N passed, N failed`; its output is shown when it has ended."""
    began = time.monotonic()
    result = subprocess.run([sys.executable, str(path)], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    print(f"== {path.name}, {time.monotonic() - began:.0f} s\n{result.stdout}", end="", flush=True)
    found = COUNT.findall(result.stdout)
    passed, failed = (int(found[-1][0]), int(found[-1][1])) if found else (0, 1)
    return passed, failed if result.returncode == 0 or failed else 1


def modules(preset):
    return sorted(p.name[:-5] for p in (ROOT / "build" / preset).glob("*_test") if os.access(p, os.X_OK))


def style():
    sources = [str(p) for top in ("src", "apps", "fuzz", "bench") for p in sorted((ROOT / top).rglob("*")) if p.suffix in (".h", ".cpp")]
    for result in (one("tools/check_layers"), one("tools/lint"), one("clang-format-14", "--dry-run", "-Werror", *sources)):
        yield result


def sanitized(preset):
    """The test programs of a preset."""
    if not run("tools/build", preset):
        yield 0, 1
        return
    for module in modules(preset):
        print(f"== {module}", flush=True)
        yield gtest(preset, module)


def unit():
    return sanitized("asan")


def threads():
    return sanitized("tsan")


def product():
    if not run("tools/build", "release", "fengsui"):
        yield 0, 1
        return
    # Two at a time: they mostly wait, for polite patrols and for browsers. The long ones first.
    scripts = sorted((ROOT / "tests/scenarios").glob("*_test.py"), key=lambda path: (path.name not in LONG, path.name))
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        yield from pool.map(script, scripts)


def web():
    yield one("tools/build_web")
    yield one("npm", "run", "--silent", "typecheck", cwd=ROOT / "web")
    yield one("npm", "test", "--silent", cwd=ROOT / "web")


STAGES = {"style": style, "unit": unit, "web": web, "product": product}
MORE = {"threads": threads}  # only when named: another whole build


def main():
    wanted = sys.argv[1:] or list(STAGES)
    known = STAGES | MORE
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"unknown stage {unknown[0]}; known are {', '.join(known)}", file=sys.stderr)
        return 2
    os.environ["CI"] = os.environ.get("CI", "true")
    passed = failed = 0
    for name in wanted:
        began = time.monotonic()
        print(f"==== {name}", flush=True)
        for good, bad in known[name]():
            passed += good
            failed += bad
        print(f"==== {name}: {time.monotonic() - began:.0f} s, {failed} failed so far", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
