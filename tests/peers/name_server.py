"""A small name server at an address of its own, port 53, over UDP and TCP: well-behaved, lame in a chosen way, or hostile.

zones: {name: {(owner, "TYPE"): [text]}}; the zone "" stands for a resolver that knows these names and no others. way: "good", "refused" (knows no zone), "not_authoritative", "silent", "udp_only".
`raw` (bytes after the id) answers everything instead.
"""
import contextlib
import socket
import struct
import threading

from peers.dns_server import NAMES, TYPES, encode_data, encode_name

AXFR = 252


def soa_data(zone):
    return encode_name(f"ns.{zone}") + encode_name(f"admin.{zone}") + struct.pack(">IIIII", 1, 3600, 900, 604800, 300)


class NameServer:
    def __init__(self, address, zones, way="good", transfer=False, raw=None):
        self.address, self.zones, self.way, self.transfer, self.raw = address, zones, way, transfer, raw
        self.questions = []  # (transport, owner, type number)
        self.transfer_bytes = 0  # taken by clients
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((address, 53))
        self._tcp = None
        if way != "udp_only":
            self._tcp = socket.create_server((address, 53))
        self._threads = [threading.Thread(target=self._serve_udp, daemon=True)]
        if self._tcp:
            self._threads.append(threading.Thread(target=self._serve_tcp, daemon=True))
        self._stopping = False

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopping = True
        self._udp.close()
        if self._tcp:
            self._tcp.close()
        for thread in self._threads:
            thread.join(5)

    def _serve_udp(self):
        self._udp.settimeout(0.2)
        while not self._stopping:
            try:
                data, peer = self._udp.recvfrom(4096)
                for answer in self.answers(data, "udp")[:1]:
                    self._udp.sendto(answer, peer)
            except socket.timeout:
                continue
            except OSError:
                return

    def _serve_tcp(self):
        self._tcp.settimeout(0.2)
        while not self._stopping:
            try:
                connection, _ = self._tcp.accept()
            except socket.timeout:
                continue
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                size = struct.unpack(">H", connection.recv(2))[0]
                data = connection.recv(size)
                for answer in self.answers(data, "tcp"):
                    connection.sendall(struct.pack(">H", len(answer)) + answer)
                    self.transfer_bytes += len(answer)

    def answers(self, query, transport):
        """The messages that answer it: several for a zone transfer."""
        name, position = [], 12
        while query[position]:
            name.append(query[position + 1:position + 1 + query[position]].decode().lower())
            position += 1 + query[position]
        number = struct.unpack(">H", query[position + 1:position + 3])[0]
        owner = ".".join(name)
        self.questions.append((transport, owner, number))
        if self.way == "silent":
            return []
        if self.raw is not None:
            return [query[:2] + self.raw(query[12:position + 5])]
        zone = next((zone for zone in self.zones if owner == zone or owner.endswith("." + zone) or not zone), None)
        head = (query[:2], query[12:position + 5])
        answers = self._zone_answers(zone, owner, number, head, transport)
        return [self._message(head, 0x8200, []) if transport == "udp" and len(answer) > 1232 else answer for answer in answers]

    def _zone_answers(self, zone, owner, number, head, transport):
        if self.way == "refused" or zone is None:
            return [self._message(head, 0x8005, [])]
        if number == AXFR:
            if not self.transfer or transport == "udp":
                return [self._message(head, 0x8005, [])]
            return [self._message(head, 0x8400, [record]) for record in self._whole(zone)]
        flags = 0x8000 if self.way == "not_authoritative" else 0x8400
        if number == TYPES["SOA"] and owner == zone:
            return [self._message(head, flags, [(zone, TYPES["SOA"], soa_data(zone))])]
        kind = NAMES.get(number, "?")
        records = [(owner, number, encode_data(kind, text)) for text in self.zones[zone].get((owner, kind), [])]
        if zone == "" and not any(known == owner or known.endswith("." + owner) for known, _ in self.zones[zone]):
            flags |= 3  # NXDOMAIN
        return [self._message(head, flags, records)]

    def _whole(self, zone):
        yield (zone, TYPES["SOA"], soa_data(zone))
        for (owner, kind), texts in self.zones[zone].items():
            for text in texts:
                yield (owner, TYPES[kind], encode_data(kind, text))
        yield (zone, TYPES["SOA"], soa_data(zone))

    @staticmethod
    def _message(head, flags, records):
        body = b"".join(encode_name(owner) + struct.pack(">HHIH", number, 1, 60, len(data)) + data for owner, number, data in records)
        return head[0] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + head[1] + body
