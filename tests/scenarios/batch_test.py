"""The batch API in the form of Internet.nl's, version 2: registered domains are tested by the patrol, others are not contacted."""
import base64
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.listener import Listener, page  # noqa: E402
from support.client import Client, serving  # noqa: E402
from support.desk import desk  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, free_port, main, row, write_registry  # noqa: E402

BASE = "/api/batch/v2"


def basic(d, name):
    user, token = d.tokens[name]
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{token}".encode()).decode()}


@case
def a_request_of_many_domains(tmp):
    with desk(tmp) as d:
        d.system("uA", assets=["https://a.example.test"])
        nobody = Client(d.port)
        check_equal(nobody.ask("GET", BASE + "/requests").status, 401, "no credential")
        check_equal(nobody.ask("GET", "/api/v1/units", None, basic(d, "officer")).status, 401, "name and token only here")
        made = nobody.ask("POST", BASE + "/requests", {"type": "web", "name": "all", "domains": ["a.example.test", "unknown.example.test"]}, basic(d, "officer"))
        check_equal(made.status, 201, f"{made.body}")
        request = made.json["request"]
        check_equal((request["request_type"], request["status"], request["name"]), ("web", "running", "all"), f"{request}")
        where = f"{BASE}/requests/{request['request_id']}"
        check_equal(nobody.ask("GET", where + "/results", None, basic(d, "officer")).status, 400, "not done")
        check_equal(nobody.ask("GET", where, None, basic(d, "officer2")).status, 404, "another's")
        check_equal([one["request_id"] for one in nobody.ask("GET", BASE + "/requests", None, basic(d, "officer")).json["requests"]], [request["request_id"]], "one's own")
        check_equal(nobody.ask("PATCH", where, {"status": "cancelled"}, basic(d, "officer")).json["request"]["status"], "cancelled", "cancelled")
        for body in ({"type": "ftp", "domains": ["a"]}, {"domains": ["a"]}, {"type": "web"}, {"type": "web", "domains": "a"}):
            answer = nobody.ask("POST", BASE + "/requests", body, basic(d, "officer"))
            check_true(answer.status in (400, 422), f"{body}: {answer.status}")
        check_true("web_https_tls_version" in nobody.ask("GET", BASE + "/metadata/report", None, basic(d, "unitA")).json["report"]["web"]["tests"], "what the tests are")


@case
def what_is_not_the_askers_is_an_error(tmp):
    with desk(tmp) as d:
        d.system("uA", assets=["https://a.example.test"])
        d.system("uB", assets=["https://b.example.test"])
        client = Client(d.port)
        made = client.ask("POST", BASE + "/requests", {"type": "web", "name": "", "domains": ["b.example.test", "sub.a.example.test"]}, basic(d, "unitA")).json["request"]
        check_equal(made["status"], "done", "nothing of it is to be looked at")
        results = client.ask("GET", f"{BASE}/requests/{made['request_id']}/results", None, basic(d, "unitA")).json["domains"]
        check_equal({name: one["status"] for name, one in results.items()}, {"b.example.test": "error", "sub.a.example.test": "error"}, "another's, and only below one's own")


@case
def the_patrol_answers(tmp):
    with Listener(lambda _request: page(headers=["X-Frame-Options: DENY"])) as site:
        registry = write_registry(tmp / "r.csv", row("127.0.0.1"), row(f"http://127.0.0.1:{site.port}/"))
        check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import")
        with serving(tmp / "d", "--rate", "1000", "--resolver", f"127.0.0.1:{free_port()}", log=tmp / "log") as process:
            admin = Client(process.port)
            user = admin.sign_in("admin", process.first_password).json["user"]["id"]
            admin.post("/users", {"name": "officer", "roles": ["officer"]})
            officer = [one for one in admin.good("/users")["items"] if one["name"] == "officer"][0]["id"]
            token = admin.post(f"/users/{officer}/tokens", {"label": "batch"}).json["token"]
            check_true(user and token, "a token")
            signed = {"Authorization": f"Bearer {token}"}
            request = admin.ask("POST", BASE + "/requests", {"type": "web", "name": "x", "domains": [f"127.0.0.1:{site.port}"]}, signed)
            check_equal(request.status, 201, f"{request.body}")
            where = f"{BASE}/requests/{request.json['request']['request_id']}"
            end = time.monotonic() + 90
            while admin.ask("GET", where, None, signed).json["request"]["status"] != "done" and time.monotonic() < end:
                time.sleep(0.3)
            answer = admin.ask("GET", where + "/results", None, signed)
            check_equal(answer.status, 200, f"{answer.body}")
            (result,) = answer.json["domains"].values()
            tests = result["results"]["tests"]
            check_equal((result["status"], tests["web_https_http_available"]["status"], tests["web_appsecpriv_x_frame_options"]["status"]), ("ok", "failed", "passed"), json.dumps(result)[:800])
            check_equal(tests["web_appsecpriv_csp"], {"status": "warning", "verdict": "bad"}, "a warning")
            check_equal(result["results"]["categories"]["web_appsecpriv"]["status"], "passed", "warnings fail nothing")
            technical = admin.ask("GET", where + "/results_technical", None, signed).json["domains"]
            check_true(any(found["check"] == "http.https_missing" for one in technical.values() for found in one["findings"]), "the findings themselves")


if __name__ == "__main__":
    main()
