"""A tiny authoritative name server for tests: UDP and TCP on loopback, records from a dict.

records: {(name, "A"): ["127.0.0.2"], (name, "CNAME"): ["other.test"], (name, "MX"): ["10 mx.test"], (name, "TXT"): ["v=spf1 -all"]}
A callable in place of a list is asked at each question (for rebinding). Unknown names: NXDOMAIN.
"""
import socket
import struct
import threading

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "RRSIG": 46, "CAA": 257}
NAMES = {number: name for name, number in TYPES.items()}


def encode_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def encode_data(kind, text):
    if kind == "A":
        return socket.inet_aton(text)
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, text)
    if kind in ("CNAME", "NS"):
        return encode_name(text)
    if kind == "MX":
        preference, host = text.split()
        return struct.pack(">H", int(preference)) + encode_name(host)
    if kind == "TXT":
        raw = text.encode()
        return b"".join(bytes([len(raw[i:i + 255])]) + raw[i:i + 255] for i in range(0, len(raw), 255))
    if kind == "CAA":
        flags, tag, value = text.split(" ", 2)
        value = value.strip('"')
        return bytes([int(flags), len(tag)]) + tag.encode() + value.encode()
    raise ValueError(kind)


class DnsServer:
    def __init__(self, records, address="127.0.0.1"):
        self.records = records
        self.questions = []
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((address, 0))
        self.port = self._udp.getsockname()[1]
        self.address = f"{address}:{self.port}"
        self._stopping = False
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopping = True
        self._udp.close()
        self._thread.join(5)

    def _serve(self):
        self._udp.settimeout(0.2)
        while not self._stopping:
            try:
                data, peer = self._udp.recvfrom(4096)
                self._udp.sendto(self.answer(data), peer)
            except socket.timeout:
                continue
            except OSError:
                return

    def _lookup(self, name, kind):
        found = self.records.get((name, kind), [])
        return found() if callable(found) else found

    def answer(self, query):
        name, position = [], 12
        while query[position]:
            name.append(query[position + 1:position + 1 + query[position]].decode().lower())
            position += 1 + query[position]
        number = struct.unpack(">H", query[position + 1:position + 3])[0]
        question = query[12:position + 5]
        owner, kind = ".".join(name), NAMES.get(number, "?")
        self.questions.append((owner, kind))
        answers, seen = [], set()
        while kind != "CNAME" and (owner, "CNAME") in self.records and owner not in seen:
            seen.add(owner)
            target = self._lookup(owner, "CNAME")[0]
            answers.append((owner, "CNAME", target))
            owner = target
        answers += [(owner, kind, text) for text in self._lookup(owner, kind)]
        exists = any(known == owner or known.endswith("." + owner) for known, _ in self.records)
        body = b"".join(encode_name(o) + struct.pack(">HHIH", TYPES[k], 1, 0, len(encode_data(k, t))) + encode_data(k, t)
                        for o, k, t in answers)
        flags = 0x8580 | (0 if exists else 3)
        return query[:2] + struct.pack(">HHHHH", flags, 1, len(answers), 0, 0) + question + body
