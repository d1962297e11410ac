"""A client of the API, and bytes sent as they are."""
import contextlib
import http.client
import json
import socket
import subprocess

from support.harness import FENGSUI, check_equal, free_port, running, wait_for_port


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self._lines = [(name.lower(), value) for name, value in headers]
        self.body = body

    def all_headers(self, name):
        """Each value of a header that may be there several times."""
        return [value for each, value in self._lines if each == name]

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    def __init__(self, port, token=None):
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            given = dict(self.headers, **(headers or {}))
            if body is not None and not isinstance(body, (bytes, str)):
                body = json.dumps(body)
                given.setdefault("Content-Type", "application/json")
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())

    def get(self, path, **more):
        return self.ask("GET", "/api/v1" + path, **more)

    def post(self, path, body=None, **more):
        return self.ask("POST", "/api/v1" + path, {} if body is None else body, **more)

    def good(self, path):
        answer = self.get(path)
        check_equal(answer.status, 200, f"GET {path}: {answer.body[:300]}")
        return answer.json

    def sign_in(self, name, password):
        answer = self.post("/session", {"name": name, "password": password})
        if answer.status == 200:
            self.headers = {"Cookie": answer.headers["set-cookie"].split(";")[0], "X-CSRF-Token": answer.json["csrf"]}
        return answer

    def every(self, collection, limit):
        """All records of a list, page by page."""
        items, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            page = self.good(f"/{collection}?limit={limit}" + (f"&cursor={cursor}" if cursor else ""))
            items += page["items"]
            cursor = page["next_cursor"]
            pages += 1
        return items, pages


def raw(port, data, wait=10):
    """Sends bytes; the status of the answer, or None when the connection just ends."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as peer:
        with contextlib.suppress(OSError):
            peer.sendall(data)
        answer = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in answer:
                piece = peer.recv(4096)
                if not piece:
                    break
                answer += piece
        return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/") else None


@contextlib.contextmanager
def serving(data, *arguments, log=None, port=None):
    """serve on a free port or that one; gives process, port and the first password (None on a later start)."""
    port = port or free_port()
    stderr = log.open("wb") if log else subprocess.DEVNULL
    with running(FENGSUI, "serve", "--data", data, "--listen", f"127.0.0.1:{port}", *arguments, stderr=stderr) as process:
        password = None
        for line in process.stdout:
            line = json.loads(line)
            password = line.get("password", password)
            if line["type"] == "ready":
                check_equal(line["url"], f"http://127.0.0.1:{port}/", "address of the ready line")
                break
        wait_for_port(port)
        process.first_password = password
        process.port = port
        yield process
    if log:
        stderr.close()
