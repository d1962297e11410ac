"""Starting the practice range."""
import contextlib
import json

from support.harness import FENGSUI, check_true, free_port, running


class Range:
    def __init__(self, folder, resolver):
        self.registry, self.truth, self.trust = folder / "registry.csv", folder / "truth.jsonl", folder / "roots.pem"
        self.resolver = resolver
        self.ready = {}

    @property
    def network(self):
        return ["--resolver", self.resolver, "--trust", self.trust]


@contextlib.contextmanager
def practice_range(folder, sites, seed):
    """Runs until the block ends; everything listens and the files are complete when the block begins."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Range(folder, f"127.0.0.1:{free_port()}")
    log = folder / "range.log"
    with log.open("wb") as stderr, running(FENGSUI, "range", "--sites", sites, "--seed", seed, "--registry", made.registry, "--truth", made.truth,
                                           "--trust", made.trust, "--resolver", made.resolver, stderr=stderr) as process:
        for line in process.stdout:
            if line.startswith(b"{") and json.loads(line).get("type") == "ready":
                made.ready = json.loads(line)
                break
        check_true(made.ready, f"the range is not ready: {log.read_text(errors='replace')}")
        made.process = process
        yield made
