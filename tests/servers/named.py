"""BIND's named as the authority of a few zones."""
import subprocess

from servers.process import server

_OPTIONS = """
options {{
    directory "{folder}";
    pid-file "{folder}/named.pid";
    session-keyfile "{folder}/session.key";
    listen-on port {port} {{ {address}; }};
    listen-on-v6 {{ none; }};
    recursion no;
    allow-query {{ any; }};
    allow-transfer {{ {transfer}; }};
    dnssec-validation no;
    empty-zones-enable no;
    notify no;
}};
controls {{ }};
"""
_HEAD = """$TTL 300
@ IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 900 604800 300
@ IN NS ns.{zone}.
ns IN A {address}
"""


_RESOLVER = """
options {{
    directory "{folder}";
    pid-file "{folder}/named.pid";
    session-keyfile "{folder}/session.key";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    recursion yes;
    allow-query {{ any; }};
    dnssec-validation yes;
    empty-zones-enable no;
    forward only;
    forwarders {{ 127.0.0.1 port {authority}; }};
}};
controls {{ }};
trust-anchors {{
{anchors}
}};
"""


def sign(folder, zone, file, more=()):
    """Keys and signatures made off line; returns the signed file. more: of dnssec-signzone, e.g. ["-e", "20260101000000"]."""
    for flags in ([], ["-f", "KSK"]):
        subprocess.run(["dnssec-keygen", "-q", "-K", folder, "-a", "ECDSAP256SHA256", *flags, zone], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)
    subprocess.run(["dnssec-signzone", "-q", "-S", "-K", folder, "-d", folder, *more, "-o", zone, "-f", f"{file}.signed", file], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True)
    return f"{file}.signed"


def anchor_of(folder, zone):
    """The file of DS records that dnssec-signzone wrote: what --trust-anchor takes."""
    return folder / f"dsset-{zone}."


def named(folder, zones, port, transfer="none", delegated=None, head=_HEAD):
    """zones: {name: (records as text, whether signed, or options of dnssec-signzone)}. Always at 127.0.0.1: named listens only on
    addresses that an interface has. delegated: the zones whose DS stands in `test`, which is signed then."""
    address = "127.0.0.1"
    folder.mkdir(parents=True, exist_ok=True)
    text = _OPTIONS.format(folder=folder, address=address, port=port, transfer=transfer)
    # The zone above answers too: checks climb to it, and a server without recursion would refuse.
    above = "".join(f"{zone}. IN NS ns.{zone}.\nns.{zone}. IN A {address}\n" for zone in zones if zone.endswith(".test"))
    for zone, (records, signed) in {**zones, "test": (above, delegated is not None)}.items():
        file = folder / f"{zone}.zone"
        if zone == "test":
            records += "".join(anchor_of(folder, child).read_text() for child in delegated or ())
        file.write_text(head.format(zone=zone, address=address) + records)
        served = sign(folder, zone, file, signed if isinstance(signed, list) else ()) if signed else file
        text += f'zone "{zone}" {{ type primary; file "{served}"; }};\n'
    (folder / "named.conf").write_text(text)
    command = ["/usr/sbin/named", "-g", "-c", folder / "named.conf", "-n", "1"]
    return server(command, [(address, port)], folder / "output.log")


def resolver(folder, authority, port, anchors):
    """A validating resolver at 127.0.0.1 that asks the authority at that port; anchors: DS lines as dnssec-signzone writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ""
    for line in anchors.splitlines():
        words = line.split()
        at = words.index("DS")
        lines += f'    "{words[0]}" static-ds {words[at + 1]} {words[at + 2]} {words[at + 3]} "{"".join(words[at + 4:])}";\n'
    (folder / "named.conf").write_text(_RESOLVER.format(folder=folder, port=port, authority=authority, anchors=lines))
    return server(["/usr/sbin/named", "-g", "-c", folder / "named.conf", "-n", "1"], [("127.0.0.1", port)], folder / "output.log")
