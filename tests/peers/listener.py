"""A listener that counts who connects, and may answer as a small web server."""
import socket
import threading


class Listener:
    """`reply` is sent to each request (bytes, or a function from the request's bytes to bytes); None: only accept."""

    def __init__(self, reply=None, address="127.0.0.1", port=0):
        self.reply = reply
        self.connections = 0
        self.requests = []
        self._lock = threading.Lock()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(64)
        self.host = address
        self.port = self._socket.getsockname()[1]
        self._stopping = False
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopping = True
        self._socket.close()
        self._thread.join(5)

    def _accept(self):
        self._socket.settimeout(0.2)
        while not self._stopping:
            try:
                peer, _ = self._socket.accept()
            except socket.timeout:
                continue
            except OSError:
                return
            with self._lock:
                self.connections += 1
            threading.Thread(target=self._talk, args=(peer,), daemon=True).start()

    def _talk(self, peer):
        with peer:
            peer.settimeout(10)
            try:
                while self.reply is not None:
                    request = b""
                    while b"\r\n\r\n" not in request:
                        piece = peer.recv(4096)
                        if not piece:
                            return
                        request += piece
                    with self._lock:
                        self.requests.append(request)
                    answer = self.reply(request) if callable(self.reply) else self.reply
                    peer.sendall(answer)
                    if b"connection: close" in answer.lower():
                        return
                peer.recv(4096)
            except OSError:
                return


def page(body="<html><title>t</title>hello</html>", status="200 OK", headers=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body.encode())}", "Content-Type: text/html; charset=utf-8", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def redirect(location):
    return page("", "302 Found", [f"Location: {location}"])
