#!/usr/bin/env python3
"""Compares the range's truth with a patrol's results: python3 tests/support/score.py TRUTH RESULTS

Only findings that are not info count; a target and check count once. Exit status 0 when recall and precision suffice.
"""
import collections
import json
import pathlib
import sys

RECALL, PRECISION = 0.98, 0.99


def read_truth(path):
    return {(line["target"], line["check"]) for line in map(json.loads, pathlib.Path(path).read_text(encoding="utf-8").splitlines())}


def read_results(path):
    """What was found, and {(target, check): status and reason} of what was looked at."""
    findings, severities, coverage = set(), {}, {}
    with open(path, encoding="utf-8") as results:
        for text in results:
            line = json.loads(text)
            if line["type"] == "finding":
                severities[line["check"]] = line["severity"]
                if line["severity"] != "info":
                    findings.add((line["target"], line["check"]))
            elif line["type"] == "coverage":
                coverage[line["target"], line["check"]] = "/".join(filter(None, (line["status"], line.get("reason"))))
    return findings, severities, coverage


class Score:
    def __init__(self, truth, findings, severities, coverage):
        # A fault whose finding is only ever info is a fact of the site and no claim about it.
        self.truth = {key for key in truth if severities.get(key[1]) != "info"}
        self.findings = findings
        self.coverage = coverage
        self.misses = self.truth - findings
        self.extras = findings - self.truth
        right = len(self.truth & findings)
        self.recall = right / len(self.truth) if self.truth else 1.0
        self.precision = right / len(findings) if findings else 1.0

    @property
    def is_good(self):
        return bool(self.truth) and self.recall >= RECALL and self.precision >= PRECISION

    def report(self, examples=3):
        lines = [f"faults {len(self.truth)}, found {len(self.findings)}, recall {self.recall:.4f}, precision {self.precision:.4f}"]
        for word, keys in (("missed", self.misses), ("too many", self.extras)):
            by_check = collections.defaultdict(list)
            for target, check in sorted(keys):
                by_check[check].append(target)
            for check, targets in sorted(by_check.items(), key=lambda item: -len(item[1])):
                shown = ", ".join(f"{target} ({self.coverage.get((target, check), 'no coverage line')})" for target in targets[:examples])
                lines.append(f"  {word} {len(targets):4} {check}: {shown}{' …' if len(targets) > examples else ''}")
        return "\n".join(lines)


def score(truth_file, results_file):
    return Score(read_truth(truth_file), *read_results(results_file))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    result = score(*sys.argv[1:])
    print(result.report())
    sys.exit(0 if result.is_good else 1)
