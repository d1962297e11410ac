"""A patrol that is killed at any moment goes on where it was, loses nothing and tells nothing twice."""
import collections
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.listener import Listener, page  # noqa: E402
from support.harness import FENGSUI, case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402

SITES = 40
KILLS = 10
SEED = int(os.environ.get("FENGSUI_CRASH_SEED", "20260214"))
NETWORK = ["--rate", "60", "--connections", "4", "--deadline", "30"]


class District:
    """One listener; each path is a site. Counts who asked for which home page, and when."""

    def __init__(self):
        self.asked = collections.Counter()
        self._lock = threading.Lock()
        self.listener = Listener(self._answer)

    def _answer(self, request):
        path = request.split(b" ")[1].decode()
        with self._lock:
            self.asked[path] += 1
        number = int(path.rsplit("/", 1)[-1]) if path.startswith("/site/") else 0
        headers = ["X-Frame-Options: DENY"] if number % 2 else []
        return page(headers=headers) if path.startswith("/site/") else page("nothing", "404 Not Found")

    def target(self, number):
        return f"http://127.0.0.1:{self.listener.port}/site/{number}"


def prepare(tmp, data, district):
    registry = write_registry(tmp / "r.csv", *(row(district.target(i), unit=f"u{i % 5}", probe_class="passive") for i in range(SITES)))
    check_equal(fengsui("registry", "import", registry, "--data", tmp / data).status, 0, "import")


def stored(tmp, data):
    result = fengsui("findings", "--data", tmp / data)
    check_equal(result.status, 0, result.err)
    return [(line["id"], line["target"], line["check"], line["presence"]) for line in result.of_type("finding")]


def killed_patrol(tmp, data, after):
    """Runs a patrol and kills it; the targets whose results had been printed, or None when it ended by itself before."""
    with (tmp / "out").open("wb") as out:
        process = subprocess.Popen([FENGSUI, "patrol", "--data", tmp / data, *NETWORK], stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
        return process.returncode
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None


def printed(tmp):
    """Targets and run of whole lines in the output of a killed patrol."""
    lines = []
    for text in (tmp / "out").read_text().splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            continue
    coverage = collections.Counter(line["target"] for line in lines if line["type"] == "coverage")
    most = max(coverage.values(), default=0)
    return {target for target, count in coverage.items() if count == most}, {line["run"] for line in lines if "run" in line}


@case
def killed_at_ten_random_moments(tmp):
    chance = random.Random(SEED)
    print(f"     seed {SEED}", flush=True)
    district = District()
    with district.listener:
        prepare(tmp, "calm", district)
        began = time.monotonic()
        check_equal(fengsui("patrol", "--data", tmp / "calm", *NETWORK, timeout=200).status, 0, "undisturbed patrol")
        length = time.monotonic() - began
        calm = stored(tmp, "calm")
        check_true(len(calm) >= 2 * SITES, f"{len(calm)} findings in {length:.1f} s")

        prepare(tmp, "killed", district)
        runs, known, kills = set(), set(), 0
        for i in range(KILLS):
            district.asked.clear()
            ended = killed_patrol(tmp, "killed", 0.05 + chance.random() * length / 4)
            again = {target for target in known if district.asked["/site/" + target.rsplit("/", 1)[-1]]}
            check_equal(again, set(), f"kill {i}: targets that were complete and were asked again")
            done, run = printed(tmp)
            known |= done
            runs |= run
            if ended is not None:
                check_equal(ended, 0, "a patrol that was left alone")
                break
            kills += 1
            check_equal(fengsui("audit", "verify", "--data", tmp / "killed").status, 0, f"audit after kill {i}")
        else:
            district.asked.clear()
            result = fengsui("patrol", "--data", tmp / "killed", *NETWORK, timeout=200)
            check_equal(result.status, 0, f"the last patrol: {result.err}")
            runs.add(result.lines[-1]["run"])
            again = {target for target in known if district.asked["/site/" + target.rsplit("/", 1)[-1]]}
            check_equal(again, set(), "the last patrol: targets that were complete and were asked again")
        check_true(kills >= 3, f"only {kills} kills before the run was over")
        check_equal(len(runs), 1, f"one run over all of them: {runs}")
        print(f"     {kills} kills, {len(known)} targets complete before the last patrol", flush=True)
        after = stored(tmp, "killed")
        check_equal(len({entry[0] for entry in after}), len(after), "each finding once")
        check_equal(sorted(after), sorted(calm), "findings and ids as in the undisturbed run")
        check_equal(fengsui("audit", "verify", "--data", tmp / "killed").status, 0, "audit in the end")
        fresh = fengsui("patrol", "--data", tmp / "killed", *NETWORK, "--check", "header.*", timeout=200)
        check_true(fresh.lines[-1]["run"] not in runs, "a finished run is not taken up again")


@case
def stopped_by_a_signal_is_not_taken_up_again(tmp):
    district = District()
    with district.listener:
        prepare(tmp, "d", district)
        first = subprocess.Popen([FENGSUI, "patrol", "--data", tmp / "d", *NETWORK], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while sum(district.asked.values()) < 5 and time.monotonic() < end:
            time.sleep(0.05)
        first.send_signal(signal.SIGINT)
        out, _ = first.communicate(timeout=30)
        check_equal(first.returncode, 3, "exit status")
        check_true(b'"type":"summary"' in out.splitlines()[-1], "the summary still comes last")
        check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "audit")


main()
