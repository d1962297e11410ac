"""The practice range: what the patrol finds there against the truth."""
import collections
import csv
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.harness import FENGSUI, case, check_equal, check_true, main  # noqa: E402
from support.range import practice_range  # noqa: E402
from support.score import score  # noqa: E402

SITES = int(os.environ.get("FENGSUI_RANGE_SITES", "120"))


def patrol(tmp, district, data):
    results = tmp / "results.jsonl"
    began = time.monotonic()
    with results.open("wb") as out:
        done = subprocess.run([FENGSUI, "patrol", "--registry", district.registry, "--data", tmp / data, "--rate", "200", "--deadline", "60",
                               *district.network], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=400)
    check_equal(done.returncode, 0, f"patrol {done.stderr[:500]}")
    return results, time.monotonic() - began


def judge(tmp, seed):
    with practice_range(tmp / "range", SITES, seed) as district:
        results, seconds = patrol(tmp, district, "d")
        result = score(district.truth, results)
        print(f"     seed {seed}, {SITES} sites, {seconds:.0f} s: {result.report()}", flush=True)
        check_true(len(result.truth) >= SITES, f"{len(result.truth)} faults")
        check_true(result.is_good, f"seed {seed}: recall {result.recall:.4f}, precision {result.precision:.4f}")


@case
def findings_agree_with_the_truth_seed_1(tmp):
    judge(tmp, 1)


@case
def findings_agree_with_the_truth_seed_2(tmp):
    judge(tmp, 2)


@case
def findings_agree_with_the_truth_seed_3(tmp):
    judge(tmp, 3)


@case
def the_same_seed_gives_the_same_range(tmp):
    texts = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        with practice_range(tmp / name, 40, seed) as district:
            texts.append((district.registry.read_bytes(), district.truth.read_bytes()))
    check_equal(texts[0][0], texts[1][0], "registry of the same seed")
    check_equal(texts[0][1], texts[1][1], "truth of the same seed")
    check_true(texts[0][1] != texts[2][1], "another seed gives another truth")


@case
def the_truth_speaks_of_the_registry(tmp):
    with practice_range(tmp / "range", 60, 11) as district:
        with district.registry.open(encoding="utf-8-sig", newline="") as file:
            targets = {line["asset"] for line in csv.DictReader(file)}
        lines = [json.loads(text) for text in district.truth.read_text(encoding="utf-8").splitlines()]
        check_equal({frozenset(line) for line in lines}, {frozenset(("target", "check"))}, "keys of the truth")
        check_equal({line["target"] for line in lines} - targets, set(), "targets of the truth that are not registered")
        counted = collections.Counter((line["target"], line["check"]) for line in lines)
        check_equal([key for key, count in counted.items() if count > 1], [], "faults told twice")
        faulty = {line["target"] for line in lines}
        check_true(targets - faulty, "some targets have no fault")
        check_true(district.process.poll() is None, "the range runs in the foreground")


main()
