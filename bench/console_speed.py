#!/usr/bin/env python3
"""First page and list of findings in Chromium against many findings: bench/console_speed.py [FINDINGS]

Aims: first page usable in 1.5 s from a cold browser; no task over 100 ms while the list is scrolled. FENGSUI_BINARY names another build.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from support.desk import desk  # noqa: E402

FINDINGS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
ON_ONE = 20
ASSETS_OF_A_UNIT = 5
CHECKS = ("exposure.git_repository", "tls.certificate_expired", "header.hsts_missing", "dns.caa_missing", "http.version_disclosed")
SEVERITIES = ("critical", "high", "medium", "low", "info")
PASSWORD = "practice-password-1"


def fill(d):
    titles = {check["id"]: check["title"] for check in d.officer.read("/checks")["items"]}
    units = FINDINGS // ON_ONE // ASSETS_OF_A_UNIT
    for number in range(units):
        unit = f"b{number}"
        d.officer.make("/units", {"id": unit, "name": f"第{number}小学", "kind": "unit", "parent": "d1"})
        _, assets = d.system(unit, assets=[f"https://s{at}.{unit}.example.test" for at in range(ASSETS_OF_A_UNIT)])
        results = [{**d.result(asset, check=CHECKS[at % 5], severity=SEVERITIES[at % 5], locator=f"/{at}"), "title": titles[CHECKS[at % 5]]}
                   for asset in assets for at in range(ON_ONE)]
        d.run(assets, results)
    return units


def main():
    with tempfile.TemporaryDirectory(prefix="fengsui-bench-") as tmp:
        tmp = pathlib.Path(tmp)
        root = os.environ.get("FENGSUI_WEB_ROOT", ROOT / "web/dist")
        (tmp / "serve.toml").write_text(f'web_root = "{root}"\n')
        with desk(tmp, "--config", tmp / "serve.toml") as d:
            d.admin.change(f"/users/{d.tokens['officer'][0]}", {"password": PASSWORD})
            print(f"{fill(d)} units, {FINDINGS} findings", flush=True)
            env = dict(os.environ, FENGSUI_URL=f"http://127.0.0.1:{d.port}", FENGSUI_PASSWORD=PASSWORD)
            subprocess.run(["node", "tests/console_speed.mjs"], cwd=ROOT / "web", env=env, check=True, timeout=500)


if __name__ == "__main__":
    main()
