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


def sign(folder, zone, file):
    """Keys and signatures made off line; returns the signed file."""
    for flags in ([], ["-f", "KSK"]):
        subprocess.run(["dnssec-keygen", "-q", "-K", folder, "-a", "ECDSAP256SHA256", *flags, zone], check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)
    subprocess.run(["dnssec-signzone", "-q", "-S", "-K", folder, "-d", folder, "-o", zone, "-f", f"{file}.signed", file], check=True,
                   stdin=subprocess.DEVNULL, capture_output=True)
    return f"{file}.signed"


def named(folder, zones, port, transfer="none"):
    """zones: {name: (records as text, whether signed)}. Always at 127.0.0.1: named listens only on addresses that an interface has."""
    address = "127.0.0.1"
    folder.mkdir(parents=True, exist_ok=True)
    text = _OPTIONS.format(folder=folder, address=address, port=port, transfer=transfer)
    # The zone above answers too: checks climb to it, and a server without recursion would refuse.
    above = "".join(f"{zone}. IN NS ns.{zone}.\nns.{zone}. IN A {address}\n" for zone in zones if zone.endswith(".test"))
    for zone, (records, signed) in {**zones, "test": (above, False)}.items():
        file = folder / f"{zone}.zone"
        file.write_text(_HEAD.format(zone=zone, address=address) + records)
        served = sign(folder, zone, file) if signed else file
        text += f'zone "{zone}" {{ type primary; file "{served}"; }};\n'
    (folder / "named.conf").write_text(text)
    command = ["/usr/sbin/named", "-g", "-c", folder / "named.conf", "-n", "1"]
    return server(command, [(address, port)], folder / "output.log")
