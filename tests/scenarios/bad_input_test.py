"""Wrong use, bad configuration, and disks and data directories that are not as they should be."""
import contextlib
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers import hostile  # noqa: E402
from peers.listener import Listener, page  # noqa: E402
from support.harness import (FENGSUI, case, check_equal, check_true, fengsui, free_port, main, row, running, write_registry)  # noqa: E402

COMMANDS = [["serve"], ["registry"], ["registry", "import"], ["registry", "export"], ["registry", "owner"], ["patrol"], ["check"], ["findings"],
            ["range"], ["audit"], ["audit", "verify"], ["backup"]]


def refuses(*arguments, status=2, words=(), **more):
    result = fengsui(*arguments, **more)
    check_equal(result.status, status, f"exit status of {arguments}: {result.err[:300]}")
    check_true(result.err.strip(), f"{arguments}: a message on standard error")
    for word in words:
        check_true(str(word) in result.err, f"{arguments}: {word!r} in {result.err[:500]!r}")
    return result


def database(data):
    return next(data.glob("*.db"))


@contextlib.contextmanager
def small_disk(tmp, size="8m"):
    """A tmpfs of its own, or None where mounting is not permitted."""
    place = tmp / "disk"
    place.mkdir()
    mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place],
                                                   capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    if not mounted:
        print("note: a file system cannot be mounted here; not run", flush=True)
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True, stdin=subprocess.DEVNULL)


def remount(place, how):
    subprocess.run(["mount", "-o", f"remount,{how}", place], check=True, stdin=subprocess.DEVNULL)


@case
def help_of_every_command(tmp):
    for command in [[], *COMMANDS]:
        result = fengsui(*command, "--help")
        check_equal(result.status, 0, f"{command} --help")
        check_true(result.out.strip() and not result.err, f"{command} --help goes to standard output: {result.err}")
    check_equal(fengsui("--version").status, 0, "--version")


@case
def wrong_use_exits_2(tmp):
    registry = write_registry(tmp / "r.csv", row("http://127.0.0.1:1/"))
    data = ["--data", tmp / "d"]
    for arguments in ([], ["nonsense"], ["registry"], ["audit"], ["patrol", "--nonsense"], ["registry", "import"], ["check"],
                      ["patrol", "--registry", registry, *data, "--rate", "fast"], ["patrol", "--registry", registry, *data, "--rate", "0"],
                      ["patrol", "--registry", registry, *data, "--rate", "-1"], ["patrol", "--registry", registry, *data, "--deadline", "0"],
                      ["patrol", "--registry", registry, *data, "--connections", "x"], ["patrol", "--registry", registry, *data, "--check", "no.such"],
                      ["patrol", "--registry", registry, *data, "--unit", "nobody"], ["patrol", "--registry", registry, *data, "--now", "yesterday"],
                      ["patrol", "--registry", registry, *data, "--fail-on", "awful"], ["patrol", "--registry", registry, *data, "--format", "xml"],
                      ["patrol", "--registry", registry, *data, "--resolver", "not an address"],
                      ["patrol", "--registry", registry, *data, "--trust", tmp / "absent.pem"], ["patrol", "--registry", registry, *data, "--trust", registry],
                      ["patrol", "--registry", tmp / "absent.csv", *data], ["patrol", "--data", tmp / "absent"],
                      ["serve", *data, "--listen", "nowhere"], ["serve", *data, "--listen", "127.0.0.1:99999"], ["findings", "--data", tmp / "never"],
                      ["findings", *data, "--severity", "awful"], ["registry", "export", *data, "--format", "xml"],
                      ["audit", "verify", "--data", tmp / "never"], ["range", "--sites", "-3"], ["range", "--sites", "many"],
                      ["check", "http://127.0.0.1:1/", "--registry", registry, "--language", "fr"]):
        refuses(*arguments, timeout=30)


@case
def configuration_that_cannot_be_used(tmp):
    def config(text, name="fengsui.yaml"):
        path = tmp / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    registry = write_registry(tmp / "r.csv", row("http://127.0.0.1:1/"))
    base = ["patrol", "--registry", registry, "--data", tmp / "d", "--config"]
    refuses(*base, config("contact: a@b.test\nspeed: 3\n"), words=["fengsui.yaml:2", "speed", "rate"])
    refuses(*base, config('contact = "a@b.test"\nspeed = 3\n', "c.toml"), words=["c.toml:2", "speed"])
    refuses(*base, config("rate: fast\n"), words=["fengsui.yaml:1", "rate", "number"])
    refuses(*base, config("rate: -1\n"), words=["rate"])
    refuses(*base, config("connections: 2.5\n"), words=["connections", "whole number"])
    refuses(*base, config("contact: [a, b]\n"), words=["contact"])
    refuses(*base, config('rate = "3"\n', "c.toml"), words=["rate"])
    refuses(*base, config("quiet_hours: whenever\n"), words=["quiet_hours"])
    refuses(*base, config("- a\n- b\n"), words=["fengsui.yaml"])
    refuses(*base, config("rate: 1\n  bad: [\n"), words=["fengsui.yaml"])
    refuses(*base, config("rate = = 1\n", "c.toml"), words=["c.toml"])
    refuses(*base, config(bytes(range(256))), words=["fengsui.yaml"])
    refuses(*base, config("a: &a [x]\nb: [*a, *a]\n"), words=["fengsui.yaml"])
    refuses(*base, config("rate: 1\nrate: 2\n"), words=["rate"])
    refuses(*base, config("#" * 2_000_000), words=["fengsui.yaml"])
    refuses(*base, tmp / "absent.yaml", words=["absent.yaml"])
    refuses(*base, tmp, words=[tmp])
    (tmp / "d").mkdir(exist_ok=True)
    (tmp / "d" / "fengsui.yaml").write_text("speed: 3\n")
    refuses("serve", "--data", tmp / "d", "--listen", f"127.0.0.1:{free_port()}", words=["speed"], timeout=20)
    refuses("findings", "--data", tmp / "d", words=["speed"])


@case
def configuration_that_is_good(tmp):
    with Listener(page()) as site:
        registry = write_registry(tmp / "r.csv", row(f"http://127.0.0.1:{site.port}/"))
        for name, text in (("c.yaml", "# ours\ncontact: https://cert.test/\nrate: 500\nlanguage: zh\n"),
                           ("c.toml", '# ours\ncontact = "https://cert.test/"\nrate = 500\nlanguage = "zh"\n'), ("empty.yaml", "")):
            (tmp / name).write_text(text)
            site.requests.clear()
            result = fengsui("patrol", "--registry", registry, "--data", tmp / name[:-5], "--config", tmp / name, "--check", "header.*", "--rate", "500")
            check_equal(result.status, 0, f"{name}: {result.err}")
            agents = {line for request in site.requests for line in request.split(b"\r\n") if line.lower().startswith(b"user-agent:")}
            check_equal(len(agents), 1, f"one User-Agent: {agents}")
            check_equal(b"(+https://cert.test/)" in agents.pop(), bool(text), f"{name}: the contact in the User-Agent")
        data = tmp / "own"
        data.mkdir()
        (data / "fengsui.toml").write_text('contact = "soc@cert.test"\nrate = 500.0\n')
        site.requests.clear()
        fengsui("patrol", "--registry", registry, "--data", data, "--check", "header.*")
        check_true(all(b"(+soc@cert.test)" in request for request in site.requests) and site.requests, "the data directory's own file is read")


@case
def one_runner_to_a_data_directory(tmp):
    with hostile.Talker(hostile.silent) as site:
        registry = write_registry(tmp / "r.csv", row(site.url))
        check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import")
        first = [FENGSUI, "patrol", "--data", tmp / "d", "--deadline", "60", "--rate", "100"]
        serve = [FENGSUI, "serve", "--data", tmp / "d", "--listen", f"127.0.0.1:{free_port()}"]
        for command in (first, serve):
            with running(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as runner:
                lock = tmp / "d" / "runner.lock"
                end = time.monotonic() + 15
                while time.monotonic() < end and not (lock.exists() and lock.read_text().strip() == str(runner.pid)):
                    time.sleep(0.05)
                refuses("patrol", "--data", tmp / "d", status=3, words=[tmp / "d", runner.pid], timeout=20)
                refuses("serve", "--data", tmp / "d", "--listen", f"127.0.0.1:{free_port()}", status=3, timeout=20)
                check_equal(fengsui("findings", "--data", tmp / "d").status, 0, "findings beside a runner")
                check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import beside a runner")
                check_equal(fengsui("audit", "verify", "--data", tmp / "d").status, 0, "audit beside a runner")
                check_equal(runner.poll(), None, "the runner goes on")
        check_equal(fengsui("registry", "export", "--data", tmp / "d").status, 0, "afterwards")


@case
def a_directory_that_is_none(tmp):
    (tmp / "file").write_text("x")
    registry = write_registry(tmp / "r.csv", row("http://127.0.0.1:1/"))
    for data in (tmp / "file", tmp / "file" / "below", pathlib.Path("/proc/nowhere")):
        refuses("registry", "import", registry, "--data", data, status=3, words=[data])


@case
def a_database_that_is_none(tmp):
    registry = write_registry(tmp / "r.csv", row("http://127.0.0.1:1/"))
    check_equal(fengsui("registry", "import", registry, "--data", tmp / "good").status, 0, "import")
    whole = database(tmp / "good").read_bytes()
    name = database(tmp / "good").name
    for kind, content in (("garbage", os.urandom(20000)), ("text", b"hello world\n" * 1000), ("cut", whole[:len(whole) // 3]),
                          ("bitten", whole[:100] + os.urandom(4000) + whole[4100:])):
        data = tmp / kind
        data.mkdir()
        (data / name).write_bytes(content)
        for command in (["findings"], ["patrol"], ["registry", "import", registry], ["audit", "verify"]):
            result = fengsui(*command, "--data", data, timeout=30)
            check_equal(result.status, 3, f"{kind}: {command}: {result.err[:300]}")
            check_true(name in result.err, f"{kind}: {command}: names the file: {result.err[:300]}")
        check_equal((data / name).read_bytes()[:100], content[:100], f"{kind}: the file is left as it was")


@case
def a_newer_schema(tmp):
    registry = write_registry(tmp / "r.csv", row("http://127.0.0.1:1/"))
    check_equal(fengsui("registry", "import", registry, "--data", tmp / "d").status, 0, "import")
    connection = sqlite3.connect(database(tmp / "d"))
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()
    for command in (["findings"], ["patrol"], ["registry", "import", registry], ["audit", "verify"], ["backup", tmp / "b.db"]):
        refuses(*command, "--data", tmp / "d", status=3, words=["99"], timeout=30)


@case
def a_read_only_data_directory(tmp):
    registry = write_registry(tmp / "r.csv", row("http://127.0.0.1:1/"))
    with small_disk(tmp, "32m") as place:
        if place is None:
            return
        check_equal(fengsui("registry", "import", registry, "--data", place / "d").status, 0, "import")
        remount(place, "ro")
        for command in (["registry", "import", registry], ["patrol", "--rate", "100"], ["serve", "--listen", f"127.0.0.1:{free_port()}"]):
            refuses(*command, "--data", place / "d", status=3, words=[place / "d"], timeout=30)
        refuses("registry", "import", registry, "--data", place / "new", status=3, words=[place / "new"])
        remount(place, "rw")
        check_equal(fengsui("findings", "--data", place / "d").status, 0, "writable again")


@case
def a_full_disk(tmp):
    with small_disk(tmp, "8m") as place:
        if place is None:
            return
        small = write_registry(tmp / "small.csv", *(row(f"http://127.0.0.1:1/{i}") for i in range(10)))
        check_equal(fengsui("registry", "import", small, "--data", place / "d").status, 0, "import")
        before = fengsui("registry", "export", "--data", place / "d").out
        large = write_registry(tmp / "large.csv", *(row(f"http://127.0.0.1:1/{'x' * 200}{i}") for i in range(40000)))
        refuses("registry", "import", large, "--data", place / "d", status=3, words=["full"], timeout=90)
        check_equal(fengsui("registry", "export", "--data", place / "d").out, before, "registry after a refused import")
        filler = place / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        with Listener(page()) as site:
            target = f"http://127.0.0.1:{site.port}/"
            result = fengsui("patrol", "--data", place / "d", "--rate", "1000", "--deadline", "10", timeout=60)
            check_equal(result.status, 3, f"a patrol on a full disk: {result.err[:300]}")
            check_true("full" in result.err or "No space left" in result.err, f"says why: {result.err[:300]}")
            filler.unlink()
            check_equal(fengsui("registry", "import", write_registry(tmp / "one.csv", row(target)), "--data", place / "d").status, 0, "room again")
            check_equal(fengsui("patrol", "--data", place / "d", "--rate", "1000").status, 0, "patrol with room")
        check_equal(fengsui("audit", "verify", "--data", place / "d").status, 0, "audit")
        check_true(fengsui("findings", "--data", place / "d").of_type("finding"), "findings are there")


@case
def results_that_nobody_takes(tmp):
    """Standard output that is closed or full ends the program with status 3, not by a signal."""
    with Listener(page()) as site:
        registry = write_registry(tmp / "r.csv", *(row(f"http://127.0.0.1:{site.port}/{i}") for i in range(5)))
        with open("/dev/full", "wb") as full:
            done = subprocess.run([FENGSUI, "patrol", "--registry", registry, "--data", tmp / "d", "--rate", "1000"], stdin=subprocess.DEVNULL, stdout=full,
                                  stderr=subprocess.PIPE, timeout=60)
        check_equal(done.returncode, 3, f"a full standard output: {done.stderr[:300]}")
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([FENGSUI, "patrol", "--registry", registry, "--data", tmp / "d", "--rate", "1000"], stdin=subprocess.DEVNULL, stdout=writing,
                              stderr=subprocess.PIPE, timeout=60)
        os.close(writing)
        check_equal(done.returncode, 3, f"a closed standard output: {done.stderr[:300]}")
        shutil.rmtree(tmp / "d")


main()
