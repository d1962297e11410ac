"""The pages in a real browser against the real server: web/tests/browser.mjs on a small range."""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from support.harness import FENGSUI, ROOT, case, check_equal, check_true, fengsui, free_port, main, running, wait_for_port  # noqa: E402
from support.range import practice_range  # noqa: E402


@case
def a_walk_through_the_pages(tmp):
    check_true((ROOT / "web/dist/index.html").exists(), "the pages are built (tools/build_web)")
    check_true((ROOT / "web/node_modules").is_dir(), "web/node_modules is there (npm ci)")
    (tmp / "serve.toml").write_text(f'web_root = "{ROOT / "web/dist"}"\n')
    with practice_range(tmp / "range", 12, 5) as district:
        check_equal(fengsui("registry", "import", district.registry, "--data", tmp / "d").status, 0, "import")
        port = free_port()
        with running(FENGSUI, "serve", "--data", tmp / "d", "--listen", f"127.0.0.1:{port}", "--config", tmp / "serve.toml", "--rate", "20",
                     *district.network, stderr=subprocess.DEVNULL) as serve:
            first = json.loads(serve.stdout.readline())
            wait_for_port(port)
            env = dict(os.environ, FENGSUI_URL=f"http://127.0.0.1:{port}", FENGSUI_USER="admin", FENGSUI_PASSWORD=first["password"],
                       FENGSUI_PATROL_SECONDS="90")
            done = subprocess.run(["node", "tests/browser.mjs"], cwd=ROOT / "web", env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=300)
            print("\n".join("     " + line for line in done.stdout.decode(errors="replace").splitlines()), flush=True)
            check_equal(done.returncode, 0, "browser.mjs")
            check_equal(serve.poll(), None, "serve is still there")


main()
