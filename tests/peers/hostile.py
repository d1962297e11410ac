"""A listener whose conversation is a function of ours: for servers that misbehave."""
import contextlib
import gzip
import io
import socket
import threading
import time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


class Talker:
    """talk(socket, stop) is called for each connection in a thread of its own; it returns to close."""

    def __init__(self, talk, address="127.0.0.1", port=0):
        self._talk = talk
        self.connections = 0
        self._stop = threading.Event()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(64)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://{address}:{self.port}/"
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._socket.close()
        self._thread.join(5)

    def _accept(self):
        self._socket.settimeout(0.2)
        while not self._stop.is_set():
            try:
                peer, _ = self._socket.accept()
            except socket.timeout:
                continue
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        peer.settimeout(20)
        with peer, contextlib.suppress(OSError):
            self._talk(peer, self._stop)


def read_request(peer):
    """The head of one request, or nothing at the end."""
    request = b""
    while b"\r\n\r\n" not in request:
        piece = peer.recv(4096)
        if not piece:
            return b""
        request += piece
    return request


def reset(peer):
    """The next close is a reset."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def answers(whole):
    """Sends the same bytes to each request and closes."""
    def talk(peer, _stop):
        if read_request(peer):
            peer.sendall(whole)
    return talk


def floods(first, piece):
    """Sends without end, as fast as it is read."""
    def talk(peer, stop):
        read_request(peer)
        peer.sendall(first)
        while not stop.is_set():
            peer.sendall(piece)
    return talk


def drips(data, every=0.3):
    """One byte at a time."""
    def talk(peer, stop):
        read_request(peer)
        for i in range(len(data)):
            if stop.wait(every):
                return
            peer.sendall(data[i:i + 1])
    return talk


def resets_in_body(peer, _stop):
    read_request(peer)
    peer.sendall(HEAD + b"Content-Length: 1000\r\n\r\n" + b"x" * 100)
    time.sleep(0.1)
    reset(peer)


def resets_at_once(peer, _stop):
    reset(peer)


def closes_at_once(_peer, _stop):
    return


def silent(_peer, stop):
    stop.wait(60)


def garbage_instead_of_tls(peer, _stop):
    peer.recv(4096)
    peer.sendall(bytes(range(256)) * 40)


def http_instead_of_tls(peer, _stop):
    peer.recv(4096)
    peer.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>plain http here</html>")


def flood_of_records(peer, stop):
    """Well-formed TLS warning alerts without end."""
    peer.recv(4096)
    while not stop.is_set():
        peer.sendall(b"\x15\x03\x03\x00\x02\x01\x00" * 1000)


def one_huge_handshake(peer, stop):
    """A handshake message that says it has 16 MB and keeps coming."""
    peer.recv(4096)
    body = b"\x02\xff\xff\xff" + b"\0" * 16380
    while not stop.is_set():
        peer.sendall(b"\x16\x03\x03\x40\x00" + body)
        body = b"\0" * 16384


def gzip_bomb(megabytes):
    """The whole answer: that many megabytes of zeros."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as out:
        for _ in range(megabytes):
            out.write(b"\0" * 1048576)
    body = packed.getvalue()
    return HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
