"""Nothing that is not registered, authorised and in scope is ever connected to: listeners say so."""
import datetime
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.dns_server import DnsServer  # noqa: E402
from peers.listener import Listener, page, redirect  # noqa: E402
from support.harness import (FENGSUI, case, check_equal, check_true, fengsui, main, row, running, write_registry)  # noqa: E402

FAST = ["--rate", "1000", "--deadline", "20"]
DAY = datetime.timedelta(days=1)


def check(registry, *targets, resolver=None, more=()):
    dns = ["--resolver", resolver] if resolver else []
    return fengsui("check", *targets, "--registry", registry, *FAST, *dns, *more)


def check_refused(result, target, reason):
    coverage = result.coverage()
    reasons = {coverage[key] for key in coverage if key[0] == target and key[1].startswith("http.")}
    check_equal(reasons, {("refused", reason)}, f"coverage of {target}")


@case
def a_target_that_is_not_registered(tmp):
    with Listener(page()) as stranger:
        registry = write_registry(tmp / "r.csv", row("127.0.0.9"))
        target = f"http://127.0.0.1:{stranger.port}/"
        result = check(registry, target)
        check_refused(result, target, "not_registered")
        check_equal(stranger.connections, 0, "connections")


@case
def an_authorisation_that_has_expired_or_not_begun(tmp):
    today = datetime.date.today()
    with Listener(page()) as site:
        target = f"http://127.0.0.1:{site.port}/"
        for since, until in ((today - 9 * DAY, today - DAY), (today + DAY, today + 9 * DAY)):
            registry = write_registry(tmp / "r.csv", row(target, since=since, until=until))
            check_refused(check(registry, target), target, "not_authorised")
        check_equal(site.connections, 0, "connections")
        registry = write_registry(tmp / "r.csv", row(target, since=today, until=today))
        check_true(("http" in str(check(registry, target).findings())), "an authorisation of today is used")
        check_true(site.connections > 0, "connected today")


@case
def a_redirect_to_somebody_else(tmp):
    with Listener(page()) as stranger:
        for location in (f"http://127.0.0.3:{stranger.port}/", f"http://unregistered.test:{stranger.port}/",
                         f"//127.0.0.3:{stranger.port}/x"):
            with Listener(redirect(location)) as site:
                target = f"http://127.0.0.1:{site.port}/"
                registry = write_registry(tmp / "r.csv", row(target))
                result = check(registry, target)
                check_true((target, "http.redirect_out_of_scope") in result.findings(), f"finding for {location}")
                check_true(site.connections > 0, "the site itself was asked")
        check_equal(stranger.connections, 0, "connections")


@case
def a_name_that_points_inside(tmp):
    with Listener(page(), address="127.0.0.4", port=0) as inside:
        records = {("www.town.test", "A"): ["127.0.0.4"]}
        with DnsServer(records) as dns:
            target = f"http://www.town.test:{inside.port}/"
            registry = write_registry(tmp / "r.csv", row(target))
            result = check(registry, target, resolver=dns.address)
            check_true((target, "dns.private_address") in result.findings(), "dns.private_address")
            check_refused(result, target, "private_address")
        check_equal(inside.connections, 0, "connections")


@case
def a_cname_to_an_unlisted_address(tmp):
    with Listener(page(), address="127.0.0.5") as other:
        records = {("www.town.test", "CNAME"): ["cdn.other.test"], ("cdn.other.test", "A"): ["127.0.0.5"]}
        with DnsServer(records) as dns:
            target = f"http://www.town.test:{other.port}/"
            registry = write_registry(tmp / "r.csv", row(target))
            check_refused(check(registry, target, resolver=dns.address), target, "private_address")
        check_equal(other.connections, 0, "connections")


@case
def a_cname_to_an_address_whose_authorisation_has_ended(tmp):
    with Listener(page(), address="127.0.0.5") as other:
        records = {("www.town.test", "CNAME"): ["b.other.test"], ("b.other.test", "A"): ["127.0.0.5"]}
        with DnsServer(records) as dns:
            target = f"http://www.town.test:{other.port}/"
            registry = write_registry(tmp / "r.csv", row(target),
                                      row("127.0.0.5", unit="u2", until=datetime.date.today() - DAY))
            check_refused(check(registry, target, resolver=dns.address), target, "not_authorised")
        check_equal(other.connections, 0, "connections")


@case
def an_exchanger_that_is_not_in_scope(tmp):
    with Listener(None, address="127.0.0.6", port=25) as exchanger:
        records = {("town.test", "MX"): ["10 mx.other.test"], ("mx.other.test", "A"): ["127.0.0.6"]}
        with DnsServer(records) as dns:
            registry = write_registry(tmp / "r.csv", row("mail:town.test"))
            result = check(registry, "mail:town.test", resolver=dns.address)
            status, reason = result.coverage()[("mail:town.test", "mail.starttls_missing")]
            check_equal(status, "refused", "coverage")
            check_true(reason in ("private_address", "not_registered"), reason)
        check_equal(exchanger.connections, 0, "connections")


@case
def a_name_that_is_rebound_between_answers(tmp):
    """The first answer is in scope, every later one is not: only the judged address is ever used."""
    with Listener(page(), address="127.0.0.7") as listed, Listener(page(), address="127.0.0.8", port=listed.port) as inside:
        answers = iter([["127.0.0.7"]])
        records = {("www.town.test", "A"): lambda: next(answers, ["127.0.0.8"])}
        with DnsServer(records) as dns:
            target = f"http://www.town.test:{listed.port}/"
            registry = write_registry(tmp / "r.csv", row(target), row("127.0.0.7", unit="u1"))
            check(registry, target, resolver=dns.address)
        check_equal(inside.connections, 0, "connections to the inside")


@case
def a_registry_that_changes_under_a_running_patrol(tmp):
    with Listener(page(), address="127.0.0.1") as first:
        target = f"http://127.0.0.1:{first.port}/"
        registry = write_registry(tmp / "r.csv", row(target), row("127.0.0.99"))
        check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import")
        with running(FENGSUI, "patrol", "--data", tmp / "d", "--rate", "2", "--deadline", "60") as patrol:
            end = time.monotonic() + 20
            while len(first.requests) < 3 and time.monotonic() < end:
                time.sleep(0.05)
            check_true(len(first.requests) >= 3, "the patrol began")
            write_registry(tmp / "r2.csv", row("127.0.0.99"))
            check_equal(fengsui("registry", "import", tmp / "r2.csv", "--data", tmp / "d").status, 0, "second import")
            time.sleep(0.6)  # what had been asked before the import may still arrive
            connections, requests = first.connections, len(first.requests)
            out, _ = patrol.communicate(timeout=60)
            check_equal((first.connections, len(first.requests)), (connections, requests), "traffic after the import")
        lines = [json.loads(line) for line in out.decode().splitlines()]
        refused = [line for line in lines if line.get("status") == "refused" and line.get("reason") == "not_registered"]
        check_true(refused, "the refusal is a coverage line")


@case
def without_a_contact_nobody_outside_is_asked(tmp):
    registry = write_registry(tmp / "r.csv", row("http://192.0.2.1/"))
    result = fengsui("patrol", "--registry", registry, "--data", tmp / "d")
    check_equal(result.status, 2, "exit status")
    check_true("contact" in result.err, result.err)
    check_equal(result.out, "", "no result lines")


@case
def the_rate_is_kept(tmp):
    """No window of one second holds more than N + 1 connections and requests to one address."""
    times = []

    def reply(_request):
        times.append(time.monotonic())
        return page()

    with Listener(reply) as site:
        rows = [row(f"http://127.0.0.1:{site.port}/{i}") for i in range(3)]
        registry = write_registry(tmp / "r.csv", *rows)
        result = fengsui("patrol", "--registry", registry, "--data", tmp / "d", "--rate", "10", "--check", "header.*")
        check_equal(result.status, 0, "exit status")
        events = len(times) + site.connections
        for i, start in enumerate(times):
            inside = sum(1 for t in times[i:] if t < start + 1)
            check_true(inside <= 11, f"{inside} requests within one second")
        check_true(events >= 6, "the sites were asked")


@case
def stop_means_stop(tmp):
    with Listener(page()) as site:
        rows = [row(f"http://127.0.0.1:{site.port}/{i}") for i in range(20)]
        registry = write_registry(tmp / "r.csv", *rows)
        with running(FENGSUI, "patrol", "--registry", registry, "--data", tmp / "d", "--rate", "5", stdout=subprocess.DEVNULL) as patrol:
            end = time.monotonic() + 20
            while len(site.requests) < 2 and time.monotonic() < end:
                time.sleep(0.05)
            patrol.terminate()
            time.sleep(1.0)
            requests, connections = len(site.requests), site.connections
            check_equal(patrol.wait(15), 3, "exit status")
            time.sleep(0.5)
            check_equal((len(site.requests), site.connections), (requests, connections), "traffic after one second")


main()
