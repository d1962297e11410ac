"""TLS servers of prepared bytes: what Debian's OpenSSL can no longer do. They read something, answer, and wait for the end."""
import contextlib
import hashlib
import os
import socket
import struct
import threading

DONE = b"\x0e\x00\x00\x00"


def u16(value):
    return struct.pack(">H", value)


def block(data, size):
    return len(data).to_bytes(size, "big") + data


def message(kind, body):
    return bytes([kind]) + block(body, 3)


def record(kind, payload, version=0x0303):
    return bytes([kind]) + u16(version) + block(payload, 2)


def extension(kind, data=b""):
    return u16(kind) + block(data, 2)


EMS = extension(23)
RENEGOTIATION = extension(0xFF01, b"\0")


def server_hello(suite, version=0x0303, extensions=EMS + RENEGOTIATION, compression=0):
    tail = block(extensions, 2) if extensions else b""
    return message(2, u16(version) + os.urandom(32) + b"\0" + u16(suite) + bytes([compression]) + tail)


def certificate(*ders):
    return message(11, block(b"".join(block(der, 3) for der in ders), 3))


def dh_exchange(prime, generator=2, version=0x0303, scheme=0x0401):
    size = (prime.bit_length() + 7) // 8
    body = block(prime.to_bytes(size, "big"), 2) + block(bytes([generator]), 2) + block((3).to_bytes(size, "big"), 2)
    return message(12, body + (u16(scheme) if version == 0x0303 else b"") + block(os.urandom(256), 2))


def flight(suite, version=0x0303, extensions=EMS + RENEGOTIATION, compression=0, exchange=b"", ders=()):
    """A first flight up to ServerHelloDone."""
    content = server_hello(suite, version, extensions, compression) + certificate(*ders) + exchange + DONE
    return record(22, content, version)


def alert(description, version=0x0303):
    return record(21, bytes([2, description]), version)


SSLV2_HELLO = b"\x80\x0e" + b"\x04\x00\x01\x00\x02" + u16(0) + u16(3) + u16(0) + b"\x01\x00\x80"


class Hello:
    """What a ClientHello offered; `kind` is tls, tlcp, sslv2 or other."""

    def __init__(self, data):
        self.kind, self.version, self.suites, self.extensions, self.compressions = "other", 0, [], {}, b""
        if data[:1] == b"\x80" or data[:1] == b"\x81":
            self.kind = "sslv2"
        elif data[:1] == b"\x16" and len(data) > 43:
            self.kind = "tlcp" if data[1:3] == b"\x01\x01" else "tls"
            self._read(data[9:])

    def _read(self, body):
        self.version = int.from_bytes(body[:2], "big")
        at = 34
        at += 1 + body[at]
        size = int.from_bytes(body[at:at + 2], "big")
        self.suites = [int.from_bytes(body[i:i + 2], "big") for i in range(at + 2, at + 2 + size, 2)]
        at += 2 + size
        self.compressions = body[at + 1:at + 1 + body[at]]
        at += 1 + body[at]
        if at + 2 <= len(body):
            at += 2
            while at + 4 <= len(body):
                kind, length = struct.unpack(">HH", body[at:at + 4])
                self.extensions[kind] = body[at + 4:at + 4 + length]
                at += 4 + length


def read_hello(connection):
    data = connection.recv(4096)
    while data[:1] == b"\x16" and len(data) >= 5 and len(data) < 5 + int.from_bytes(data[3:5], "big"):
        more = connection.recv(4096)
        if not more:
            break
        data += more
    return data


class Listener:
    """Counts connections; hands each to `serve(connection)` in a thread."""

    def __init__(self, address, port, serve):
        self.count = 0
        self.most_at_once = 0
        self._open = 0
        self._lock = threading.Lock()
        self._serve = serve
        self._socket = socket.create_server((address, port), backlog=64)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(connection,), daemon=True).start()

    def _one(self, connection):
        with self._lock:
            self.count += 1
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        try:
            connection.settimeout(20)
            self._serve(connection)
        except OSError:
            pass
        finally:
            connection.close()
            with self._lock:
                self._open -= 1

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextlib.contextmanager
def canned(address, port, answer, piece=0):
    """answer: bytes for everybody, or a function from Hello to bytes. piece: octets a segment."""

    def serve(connection):
        data = read_hello(connection)
        if not data:
            return
        reply = answer(Hello(data)) if callable(answer) else answer
        for at in range(0, len(reply), piece or max(len(reply), 1)):
            connection.sendall(reply[at:at + (piece or len(reply))])
        while reply and connection.recv(4096):
            pass

    listener = Listener(address, port, serve)
    try:
        yield listener
    finally:
        listener.close()


@contextlib.contextmanager
def counted(address, port, behind):
    """Passes connections on to `behind` = (address, port) and counts them."""

    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, target):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def serve(connection):
        with socket.create_connection(behind, 10) as upstream:
            back = threading.Thread(target=pump, args=(upstream, connection), daemon=True)
            back.start()
            pump(connection, upstream)
            back.join(20)

    listener = Listener(address, port, serve)
    try:
        yield listener
    finally:
        listener.close()


def digest(text):
    """A repeatable big number of that many bits for prime searches."""
    seed = hashlib.sha512(text.encode()).digest()
    return int.from_bytes(seed * 8, "big")
