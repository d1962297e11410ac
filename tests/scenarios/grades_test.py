"""The grade of a site: each point a check's line, dismissed and accepted weaknesses, history and place, and who may see it."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.listener import Listener, page  # noqa: E402
from support.client import Client, serving  # noqa: E402
from support.desk import desk, wire  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402

CHECKS = ["tls.tls10", "tls.tls11", "tls.certificate_expired", "header.csp_missing", "header.hsts_missing"]


def graded(d, asset, who=None):
    return (who or d.officer).read(f"/assets/{asset}/grade")


def lines_of(grade):
    return {line["check"]: line for area in grade["areas"] for line in area["lines"]}


@case
def every_point_is_a_lines(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        check_equal(graded(d, asset)["grade"], None, "nobody looked yet")
        d.run([asset], [d.result(asset, check="tls.tls10", severity="medium", locator="a:443")], checks=CHECKS)
        grade = graded(d, asset)
        for area in grade["areas"]:
            check_equal((sum(line["points"] for line in area["lines"]), sum(line["of"] for line in area["lines"])), (area["points"], area["of"]), f"{area}")
            check_equal(area["score"], 100 * area["points"] // area["of"], f"{area}")
        check_equal(grade["score"], min(grade["cap"]["at_most"], sum(area["score"] for area in grade["areas"]) // len(grade["areas"])), f"{grade}")
        line = lines_of(grade)["tls.tls10"]
        check_equal((line["status"], line["points"]), ("failed", 0), f"{line}")
        check_true(line["of"] > 0 and line["references"] and len(line["findings"]) == 1 and line["title"]["zh"], f"{line}")


@case
def what_people_decide_counts(tmp):
    with desk(tmp) as d:
        _, (asset,) = d.system("uA")
        found = d.run([asset], [d.result(asset, check="tls.tls10", severity="high", locator="a:443"),
                                d.result(asset, check="header.csp_missing", severity="low", locator="/")], checks=CHECKS)["findings"]
        before = graded(d, asset)
        check_equal(before["cap"], {"severity": "high", "at_most": 59}, "a standing weakness holds the whole down")
        d.officer.act(f"/findings/{found[0]}", "dismiss", {"reason": "误报"})
        after = graded(d, asset)
        check_equal(lines_of(after)["tls.tls10"]["status"], "passed", "dismissed as not real")
        check_true(after["score"] > before["score"], f"{before['score']} then {after['score']}")
        d.officer.act(f"/findings/{found[1]}", "confirm")
        d.approver.act(f"/findings/{found[1]}", "accept", {"reason": "旧系统", "expires_at": wire("2027-01-01T00:00"), "compensating": "WAF"})
        line = lines_of(graded(d, asset))["header.csp_missing"]
        check_equal((line["status"], line["points"]), ("accepted", 0), f"accepted risk costs its points: {line}")


@case
def only_in_ones_own_scope(tmp):
    with desk(tmp) as d:
        _, (own,) = d.system("uA")
        _, (other,) = d.system("uB", assets=["https://b.example.test"])
        check_equal(d.unitA.call("GET", f"/assets/{own}/grade", None, 200).status, 200, "its own")
        d.unitA.call("GET", f"/assets/{other}/grade", None, 404)
        d.unitA.call("GET", "/units/uB/grades", None, 404)
        d.unitA.call("GET", "/assets/none/grade", None, 404)


def site(leaks):
    """A page and, where it leaks, a repository below it."""
    def answer(request):
        path = request.split(b" ")[1]
        if path == b"/":
            return page()
        return page("ref: refs/heads/main\n") if leaks and path == b"/.git/HEAD" else page("none", "404 Not Found")
    return answer


@case
def a_patrol_keeps_history_and_place(tmp):
    with Listener(site(leaks=True)) as bare, Listener(site(leaks=False)) as kept:
        registry = write_registry(tmp / "r.csv", row(f"http://127.0.0.1:{bare.port}/"), row(f"http://127.0.0.1:{kept.port}/"))
        check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import")
        fengsui("patrol", "--data", tmp / "d", "--rate", "1000", "--deadline", "20")
    with serving(tmp / "d", "--test-clock", log=tmp / "log") as process:
        admin = Client(process.port)
        admin.sign_in("admin", process.first_password)
        assets = {item["value"]: item["id"] for item in admin.good("/assets")["items"]}
        low, high = (admin.good(f"/assets/{assets[f'http://127.0.0.1:{site.port}/']}/grade") for site in (bare, kept))
        check_true(low["score"] < high["score"], f"{low['score']} and {high['score']}")
        check_equal([len(low["history"]), len(high["history"])], [1, 1], "a day each")
        check_equal((low["history"][0]["score"], high["history"][0]["grade"]), (low["score"], high["grade"]), "as it is now")
        check_equal((low["percentile"], high["percentile"]), (50, 100), "among two")
        listed = admin.good("/units/u1/grades")
        check_equal([item["score"] for item in listed["items"]], [low["score"], high["score"]], "worst first")
        check_equal(listed["mean"], (low["score"] + high["score"]) // 2, "mean")


if __name__ == "__main__":
    main()
