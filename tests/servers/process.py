"""Starting and ending real servers, each by its own process id."""
import contextlib
import pathlib
import random
import socket
import subprocess
import time


def can_listen(address, ports):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for port in ports:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def own_address(*ports):
    """A loopback address on which nobody else has these ports."""
    for _ in range(200):
        address = f"127.{random.randrange(100, 250)}.{random.randrange(1, 250)}.{random.randrange(1, 250)}"
        if can_listen(address, ports):
            return address
    raise AssertionError(f"no loopback address is free at ports {ports}; are low ports permitted here?")


def accepts(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address, port)) == 0


@contextlib.contextmanager
def server(command, endpoints, log, env=None, seconds=20):
    """Runs `command` in the foreground until the block ends; endpoints: [(address, port)] that must accept."""
    log = pathlib.Path(log)
    with log.open("ab") as output:
        process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, env=env, start_new_session=True)
    try:
        end = time.monotonic() + seconds
        for address, port in endpoints:
            while not accepts(address, port):
                if process.poll() is not None or time.monotonic() > end:
                    raise AssertionError(f"{command[0]} does not listen on {address}:{port}:\n{log.read_text(errors='replace')}")
                time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
