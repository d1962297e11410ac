"""Mail and DNS on real servers: BIND, postfix and nginx, with small name servers where a server has to be lame or hostile."""
import base64
import hashlib
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.dns_server import DnsServer  # noqa: E402
from peers.name_server import NameServer  # noqa: E402
from servers.authority import DAY, NOW, Authority  # noqa: E402
from servers.named import anchor_of, named, resolver  # noqa: E402
from servers.nginx import nginx, tls_server  # noqa: E402
from servers.postfix import postfix  # noqa: E402
from servers.process import own_address  # noqa: E402
from support.harness import HEADER, case, check_equal, check_true, fengsui, free_port, main, row  # noqa: E402

AREAS = ("dns.", "mail.")
POLICY = "version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 604800\n"
DMARC = "_dmarc IN TXT \"v=DMARC1; p=reject\"\n"


def look(tmp, rows, targets, port, *more, status=0, address="127.0.0.1"):
    registry = tmp / "registry.csv"
    registry.write_text("\n".join([HEADER + ",dkim_selector", *rows]) + "\n", encoding="utf-8")
    result = fengsui("check", *targets, "--registry", registry, "--rate", "2000", "--connections", "8", "--deadline", "60",
                     "--resolver", f"{address}:{port}", *more, timeout=180)
    check_equal(result.status, status, f"exit status ({result.err})")
    return result


def asset(text, selector="", **more):
    return row(text, **more) + "," + selector


def found(result, target):
    """{check: [finding]} of one target, in these areas and above info."""
    checks = {}
    for line in result.of_type("finding"):
        if line["target"] == target and line["severity"] != "info" and line["check"].startswith(AREAS):
            checks.setdefault(line["check"], []).append(line)
    return checks


def expect(result, expected):
    wrong = []
    for target, checks in expected.items():
        got = found(result, target)
        if set(got) != set(checks):
            wrong.append(f"{target}: missed {sorted(set(checks) - set(got))}, too many {sorted(set(got) - set(checks))}")
            wrong += [f"    {check}: {[line['evidence'] for line in got[check]]}" for check in sorted(set(got) - set(checks))]
            wrong += [f"    {check}: {result.coverage().get((target, check))}" for check in sorted(set(checks) - set(got))]
    check_true(not wrong, "\n".join(["findings differ", *wrong]))


def openssl(*arguments, stdin=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True, check=True).stdout


def public_key(certificate):
    """DER of the SubjectPublicKeyInfo."""
    pem = openssl("x509", "-in", certificate.file, "-noout", "-pubkey")
    return openssl("pkey", "-pubin", "-outform", "DER", stdin=pem)


def dkim(bits):
    der = openssl("rsa", "-pubout", "-outform", "DER", stdin=openssl("genrsa", bits))
    text = base64.b64encode(der).decode()
    pieces = [f"v=DKIM1; k=rsa; p={text}"[i:i + 250] for i in range(0, len(text) + 20, 250)]
    return " ".join(f'"{piece}"' for piece in pieces)


def sts_server(address, domain, authority, body, status=200, kind="text/plain", names=None):
    leaf = authority.issue(f"mta-sts.{domain}", names=names or [f"mta-sts.{domain}"])
    text = body.replace("\n", "\\n")
    answer = f"    location = /.well-known/mta-sts.txt {{ default_type {kind}; return {status} \"{text}\"; }}\n    location / {{ return 404; }}\n"
    return tls_server([f"{address}:443"], f"mta-sts.{domain}", authority.full_chain(leaf), leaf.key, answer, headers="")


def needs_root(name):
    if os.geteuid() != 0:
        print(f"note: {name} needs root for port 25 and 53; not run")
    return os.geteuid() != 0


@case
def a_mail_domain_with_everything_in_order(tmp):
    if needs_root("a_mail_domain_with_everything_in_order"):
        return
    os.chmod(tmp, 0o755)
    web, mail, port = own_address(443), own_address(25), free_port()
    authority = Authority(tmp / "ca")
    exchanger = authority.issue("mx.good.test")
    digest = hashlib.sha256(public_key(exchanger)).hexdigest()
    spare = "00" * 32
    records = (f"@ IN CAA 0 issue \"ca.test\"\n@ IN MX 10 mx\nmx IN A {mail}\nmta-sts IN A {web}\n"
               "@ IN TXT \"v=spf1 mx include:_spf.good.test -all\"\n_spf IN TXT \"v=spf1 ip4:192.0.2.0/24 exists:%{i}._x.%{d} -all\"\n"
               "_dmarc IN TXT \"v=DMARC1; p=reject; rua=mailto:d@good.test,mailto:d@reports.test\"\n"
               f"s1._domainkey IN TXT {dkim(2048)}\n"
               "_mta-sts IN TXT \"v=STSv1; id=20260101T000000;\"\n_smtp._tls IN TXT \"v=TLSRPTv1; rua=mailto:tls@good.test\"\n"
               f"_25._tcp.mx IN TLSA 3 1 1 {digest}\n_25._tcp.mx IN TLSA 3 1 1 {spare}\n")
    reports = "good.test._report._dmarc IN TXT \"v=DMARC1\"\n"
    zones = {"good.test": (records, True), "reports.test": (reports, False)}
    servers = sts_server(web, "good.test", authority, POLICY.format(mode="enforce", mx="*.good.test"))
    rows = [asset("mail:good.test", "s1"), asset(web), asset(mail), asset("127.0.0.1")]
    with nginx(tmp / "nginx", servers, [(web, 443)]), named(tmp / "named", zones, port), \
            postfix(tmp / "postfix", mail, "mx.good.test", "good.test", (authority.full_chain(exchanger), exchanger.key)):
        anchor = anchor_of(tmp / "named", "good.test")
        result = look(tmp, rows, ["mail:good.test"], port, "--trust", authority.trust, "--trust-anchor", anchor)
        expect(result, {"mail:good.test": set()})
        coverage = result.coverage()
        for check in ("mail.spf_multiple", "mail.spf_invalid", "mail.spf_lookup_limit", "mail.dmarc_multiple", "mail.dmarc_invalid",
                      "mail.dmarc_report_unauthorised", "mail.dkim_weak_key", "mail.mta_sts_invalid", "mail.tls_rpt_missing", "mail.dane_invalid",
                      "dns.dnssec_bogus", "dns.dnssec_missing", "dns.lame_delegation", "dns.dangling_ns", "dns.dangling_mx", "dns.zone_transfer_open"):
            check_equal(coverage["mail:good.test", check], ("completed", None), check)
        # The same without an anchor: named is no resolver and sets no AD, so the records do not count, and nothing is wrong.
        result = look(tmp, rows, ["mail:good.test"], port, "--trust", authority.trust)
        expect(result, {"mail:good.test": set()})
        # Class passive: no zone transfer is tried.
        rows[0] = asset("mail:good.test", "s1", probe_class="passive")
        result = look(tmp, rows, ["mail:good.test"], port, "--trust", authority.trust)
        check_equal(result.coverage()["mail:good.test", "dns.zone_transfer_open"], ("refused", "policy"), "transfer under passive")


@case
def records_with_one_fault_each(tmp):
    port = free_port()
    mail_base = "@ IN MX 0 .\n@ IN CAA 0 issue \";\"\n"
    many = "".join(f"_s{i} IN TXT \"v=spf1 ip4:192.0.2.{i} -all\"\n" for i in range(12))
    includes = " ".join(f"include:_s{i}.limit.test" for i in range(11))
    nested = "".join(f"n{i} IN TXT \"v=spf1 include:n{i + 1}.deep.test -all\"\n" for i in range(14))
    ten = " ".join(f"include:_s{i}.ten.test" for i in range(10))
    spf = "@ IN TXT \"v=spf1 -all\"\n"
    table = {
        "good.test": (spf + DMARC, set()),
        "two.test": (spf + "@ IN TXT \"v=spf1 ip4:192.0.2.1 -all\"\n" + DMARC, {"mail.spf_multiple"}),
        "syntax.test": ("@ IN TXT \"v=spf1 ipv4:192.0.2.1 -all\"\n" + DMARC, {"mail.spf_invalid"}),
        "inc.test": ("@ IN TXT \"v=spf1 include:none.test -all\"\n" + DMARC, {"mail.spf_invalid"}),
        "loop.test": ("@ IN TXT \"v=spf1 include:l2.loop.test -all\"\nl2 IN TXT \"v=spf1 redirect=loop.test\"\n" + DMARC, {"mail.spf_invalid"}),
        "limit.test": (f"@ IN TXT \"v=spf1 {includes[:180]}\" \"{includes[180:]} -all\"\n" + many + DMARC, {"mail.spf_lookup_limit"}),
        "deep.test": ("@ IN TXT \"v=spf1 include:n0.deep.test -all\"\n" + nested + DMARC, {"mail.spf_lookup_limit"}),
        "void.test": ("@ IN TXT \"v=spf1 a:x.void.test a:y.void.test mx:z.void.test -all\"\n" + DMARC, {"mail.spf_lookup_limit"}),
        "ten.test": (f"@ IN TXT \"v=spf1 {ten[:180]}\" \"{ten[180:]} -all\"\n" + many + DMARC, set()),
        "open.test": ("@ IN TXT \"v=spf1 include:all.open.test -all\"\nall IN TXT \"v=spf1 +all\"\n" + DMARC, {"mail.spf_permissive"}),
        "dtwo.test": (spf + DMARC + DMARC.replace("reject", "none"), {"mail.dmarc_multiple"}),
        "dbad.test": (spf + "_dmarc IN TXT \"v=DMARC1; p=block\"\n", {"mail.dmarc_invalid"}),
        "dspell.test": (spf + "_dmarc IN TXT \"v=DMARC1 p=reject\"\n", {"mail.dmarc_invalid"}),
        "dtest.test": (spf + "_dmarc IN TXT \"v=DMARC1; p=quarantine; t=y\"\n", {"mail.dmarc_policy_none"}),
        "drep.test": (spf + "_dmarc IN TXT \"v=DMARC1; p=reject; rua=mailto:d@good.test\"\n", {"mail.dmarc_report_unauthorised"}),
        "weak.test": (spf + DMARC + f"s1._domainkey IN TXT {dkim(1024)}\n", {"mail.dkim_weak_key"}),
        "null.test": (spf + DMARC + "s1._domainkey IN TXT \"v=DKIM1; p=\"\n", set()),
    }
    zones = {zone: (mail_base + records, False) for zone, (records, _) in table.items()}
    rows = [asset(f"mail:{zone}", "s1" if zone in ("weak.test", "null.test") else "") for zone in table] + [asset("127.0.0.1")]
    with named(tmp / "named", zones, port):
        result = look(tmp, rows, [f"mail:{zone}" for zone in table], port)
        expect(result, {f"mail:{zone}": checks | {"dns.dnssec_missing"} for zone, (_, checks) in table.items()})
        weak = found(result, "mail:weak.test")["mail.dkim_weak_key"][0]
        check_equal(weak["evidence"]["key_bits"], 1024, "bits")
        check_equal(result.coverage()["mail:good.test", "mail.dkim_weak_key"], ("skipped", "not_applicable"), "no selector is known")


@case
def policies_and_keys_of_exchangers(tmp):
    if needs_root("policies_and_keys_of_exchangers"):
        return
    os.chmod(tmp, 0o755)
    port, authority = free_port(), Authority(tmp / "ca")
    mails = {name: own_address(25) for name in ("signed", "plain")}
    exchanger = authority.issue("mx.a.test", names=[f"mx.{zone}.test" for zone in ("ok", "gone", "shut", "redir", "key", "ta", "tarot")])
    digest = hashlib.sha256(public_key(exchanger)).hexdigest()
    issuing = hashlib.sha256(openssl("x509", "-in", authority.issuing.file, "-outform", "DER")).hexdigest()
    web = own_address(443)
    sts, rpt = "_mta-sts IN TXT \"v=STSv1; id=1\"\n", "_smtp._tls IN TXT \"v=TLSRPTv1; rua=mailto:t@x.test\"\n"
    policy_host = f"mta-sts IN A {web}\n"
    table = {  # name: (records, expected, what mta-sts serves)
        "ok.test": (sts + rpt + policy_host, set(), POLICY.format(mode="enforce", mx="mx.ok.test")),
        "gone.test": (sts + rpt, {"mail.mta_sts_invalid"}, None),
        "shut.test": (sts + rpt + policy_host, {"mail.mta_sts_invalid"}, POLICY.format(mode="enforce", mx="mail.shut.test")),
        "redir.test": (sts + policy_host, {"mail.mta_sts_invalid", "mail.tls_rpt_missing"}, 301),
        "key.test": (f"_25._tcp.mx IN TLSA 3 1 1 {'ab' * 32}\n" + rpt, {"mail.dane_invalid"}, None),
        "ta.test": (f"_25._tcp.mx IN TLSA 2 0 1 {issuing}\n", {"mail.tls_rpt_missing"}, None),
        "plain.test": (f"_25._tcp.mx IN TLSA 3 1 1 {digest}\n" + rpt, {"mail.dane_invalid", "mail.starttls_missing"}, None),
    }
    zones, servers = {}, ""
    for zone, (records, _, body) in table.items():
        mail = mails["plain" if zone == "plain.test" else "signed"]
        zones[zone] = (f"@ IN MX 10 mx\nmx IN A {mail}\n@ IN CAA 0 issue \"ca.test\"\n@ IN TXT \"v=spf1 mx -all\"\n" + DMARC + records, True)
        if body == 301:
            servers += sts_server(web, zone, authority, "https://x.test/", status=301)
        elif body:
            servers += sts_server(web, zone, authority, body)
    rows = [asset(f"mail:{zone}") for zone in table] + [asset(web), asset("127.0.0.1")] + [asset(mail) for mail in mails.values()]
    with nginx(tmp / "nginx", servers, [(web, 443)]), named(tmp / "named", zones, port), \
            postfix(tmp / "postfix", mails["signed"], "mx.ok.test", "ok.test", (authority.full_chain(exchanger), exchanger.key)), \
            postfix(tmp / "plain", mails["plain"], "mx.plain.test", "plain.test"):
        anchors = tmp / "anchors"
        anchors.write_text("".join(anchor_of(tmp / "named", zone).read_text() for zone in table))
        result = look(tmp, rows, [f"mail:{zone}" for zone in table], port, "--trust", authority.trust, "--trust-anchor", anchors)
        expect(result, {f"mail:{zone}": checks for zone, (_, checks, _) in table.items()})
        shut = found(result, "mail:shut.test")["mail.mta_sts_invalid"][0]
        check_equal((shut["severity"], shut["locator"]), ("high", "mx.shut.test"), "an exchanger that the policy shuts out")
        # Without its address in the registry the policy's host is not asked.
        rows = [line for line in rows if not line.split(",")[7] == web]
        result = look(tmp, rows, ["mail:ok.test"], port, "--trust", authority.trust)
        check_equal(result.coverage()["mail:ok.test", "mail.mta_sts_invalid"], ("refused", "private_address"), "out of scope")


@case
def signatures_that_hold_and_that_do_not(tmp):
    port, authority = free_port(), free_port()
    base = "www IN A 127.0.0.1\n@ IN CAA 0 issue \"ca.test\"\n"
    past = (NOW - 60 * DAY).strftime("%Y%m%d%H%M%S"), (NOW - 30 * DAY).strftime("%Y%m%d%H%M%S")
    ahead = (NOW + 30 * DAY).strftime("%Y%m%d%H%M%S"), (NOW + 60 * DAY).strftime("%Y%m%d%H%M%S")
    zones = {"secure.test": (base, True), "nsec3.test": (base, ["-3", "ab12", "-H", "0"]), "expired.test": (base, ["-P", "-s", past[0], "-e", past[1]]),
             "ahead.test": (base, ["-P", "-s", ahead[0], "-e", ahead[1]]), "island.test": (base, True), "plain.test": (base, False)}
    delegated = ["secure.test", "nsec3.test", "expired.test", "ahead.test"]
    targets = [f"www.{zone}" for zone in zones]
    rows = [asset(target, probe_class="passive") for target in targets]
    bogus, missing = {"dns.dnssec_bogus"}, {"dns.dnssec_missing"}
    expected = {"secure.test": set(), "nsec3.test": set(), "expired.test": bogus, "ahead.test": bogus, "island.test": missing, "plain.test": missing}
    private = {"dns.private_address"}
    folder = tmp / "named"
    with named(folder, zones, authority, delegated=delegated):
        top = anchor_of(folder, "test")
        # By our own validation, from the anchor of the zone above.
        result = look(tmp, rows, targets, authority, "--trust-anchor", top)
        expect(result, {f"www.{zone}": checks | private for zone, checks in expected.items()})
        detail = found(result, "www.expired.test")["dns.dnssec_bogus"][0]["evidence"]
        check_equal((detail["judged_by"], "expired at" in detail["detail"]), ("trust anchor", True), f"{detail}")
        # --now does not move the clock of DNSSEC.
        result = look(tmp, rows, ["www.expired.test"], authority, "--trust-anchor", top, "--now", (NOW - 45 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ"))
        expect(result, {"www.expired.test": bogus | private})
        # An anchor for another key: nothing of the zone holds.
        wrong = tmp / "wrong"
        wrong.write_text(f"secure.test. IN DS 12345 13 2 {'ab' * 32}\n")
        result = look(tmp, rows, ["www.secure.test"], authority, "--trust-anchor", wrong)
        expect(result, {"www.secure.test": bogus | private})
        # By what a validating resolver says.
        with resolver(tmp / "resolver", authority, port, top.read_text()):
            result = look(tmp, rows, targets, port)
            by_resolver = {**expected, "island.test": set()}  # signed, and nobody proved that there is no DS
            expect(result, {f"www.{zone}": checks | (set() if checks == bogus else private) for zone, checks in by_resolver.items()})
            check_equal(found(result, "www.expired.test")["dns.dnssec_bogus"][0]["evidence"]["judged_by"], "resolver", "judge")
            check_equal(result.coverage()["www.expired.test", "dns.caa_missing"], ("not_reached", "dns_servfail"), "what a bogus zone hides")


@case
def an_anchor_file_that_is_none(tmp):
    (tmp / "bad").write_text("good.test. IN A 127.0.0.1\n")
    with DnsServer({}) as dns:
        for file in (tmp / "bad", tmp / "none"):
            result = look(tmp, [asset("a.test")], ["a.test"], dns.port, "--trust-anchor", file, status=2)
            check_true(str(file) in result.err, f"the message names the file: {result.err}")


@case
def name_servers_are_asked_themselves(tmp):
    if needs_root("name_servers_are_asked_themselves"):
        return
    port = free_port()
    addresses = {name: own_address(53) for name in ("good", "stranger", "halting", "plain", "silent", "open", "far")}
    mail = "@ IN MX 0 .\n@ IN TXT \"v=spf1 -all\"\n@ IN CAA 0 issue \";\"\n" + DMARC

    def zone(*servers):
        return "".join(f"@ IN NS {name}.ns.test.\n" for name in servers) + mail

    head = "$TTL 300\n@ IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 900 604800 300\n"
    table = {
        "fine.test": (zone("good"), {}),
        "lame.test": (zone("good", "stranger"), {"dns.lame_delegation": ["medium"]}),
        "never.test": (zone("stranger", "halting"), {"dns.lame_delegation": ["high", "high"]}),
        "quiet.test": (zone("good", "silent"), {"dns.lame_delegation": ["medium"]}),
        "notcp.test": (zone("plain"), {"dns.lame_delegation": ["low"]}),
        "open.test": (zone("good", "open"), {"dns.zone_transfer_open": ["medium"]}),
        "gone.test": (zone("good") + "@ IN NS ns1.lost-domain.example.\n", {"dns.dangling_ns": ["high"]}),
        "away.test": (zone("good", "far"), {}),
        "mx.test": (zone("good").replace("@ IN MX 0 .", "@ IN MX 10 mx.lost-domain.example."), {"dns.dangling_mx": ["high"]}),
    }
    zones = {name: (records, False) for name, (records, _) in table.items()}
    ns = "@ IN NS good\n" + "".join(f"{name} IN A {address}\n" for name, address in addresses.items())
    zones["ns.test"] = (ns, False)
    zones["example"] = ("@ IN NS localhost.\n", False)
    served = {name: {(f"www.{name}", "A"): ["192.0.2.1"], (f"mail.{name}", "A"): ["192.0.2.2"], (f"x.{name}", "A"): ["192.0.2.3"],
                     (f"y.{name}", "A"): ["192.0.2.4"]} for name in table}
    rows = [asset(f"mail:{name}") for name in table] + [asset(address) for name, address in addresses.items() if name != "far"]
    with named(tmp / "named", zones, port, head=head), NameServer(addresses["good"], served) as good, NameServer(addresses["stranger"], {}), \
            NameServer(addresses["halting"], served, "not_authoritative"), NameServer(addresses["plain"], served, "udp_only"), \
            NameServer(addresses["silent"], served, "silent"), NameServer(addresses["open"], served, transfer=True) as opened, \
            NameServer(addresses["far"], served, transfer=True) as far:
        result = look(tmp, rows, [f"mail:{name}" for name in table], port)
        expect(result, {f"mail:{name}": set(checks) | {"dns.dnssec_missing"} for name, (_, checks) in table.items()})
        for name, (_, checks) in table.items():
            for check, severities in checks.items():
                got = sorted(line["severity"] for line in found(result, f"mail:{name}")[check])
                check_equal(got, severities, f"{name}: {check}")
        records = found(result, "mail:open.test")["dns.zone_transfer_open"][0]["evidence"]["records"]
        check_equal(records, ["open.test SOA", "www.open.test A", "mail.open.test A"], "the SOA and two records")
        check_equal(far.questions, [], "a server whose address is not registered is not asked")
        check_true(all(number in (6, 252) for _, _, number in good.questions), f"only SOA and AXFR: {set(good.questions)}")
        transfers = [question for question in opened.questions if question[2] == 252]
        check_equal(len(transfers), 1, "one transfer of each zone and server")
        check_equal({transport for transport, _, _ in transfers}, {"tcp"}, "over TCP")


@case
def caa_is_looked_for_upwards(tmp):
    port = free_port()
    zones = {"above.test": ("@ IN CAA 0 issue \"ca.test\"\na.b IN A 127.0.0.1\nalias IN CNAME elsewhere.test.\n", False),
             "elsewhere.test": ("@ IN CAA 0 issue \"ca.test\"\n@ IN A 127.0.0.1\n", False), "none.test": ("www IN A 127.0.0.1\n", False)}
    targets = ["a.b.above.test", "alias.above.test", "www.none.test"]
    with named(tmp / "named", zones, port):
        result = look(tmp, [asset(target, probe_class="passive") for target in targets], targets, port)
        check_equal({target for target, check in result.findings() if check == "dns.caa_missing"}, {"www.none.test"}, "CAA missing")


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


@case
def hostile_answers(tmp):
    """Each ends in time, with its coverage, and without a claim that is not so."""
    if needs_root("hostile_answers"):
        return
    texts = [f"verification={i:04}" for i in range(1500)] + ["v=spf1 -all"]
    loop = {(f"h{i}.loop.test", "TXT"): [f"v=spf1 include:h{i + 1}.loop.test -all"] for i in range(100)}
    records = {
        ("many.test", "TXT"): texts, ("many.test", "MX"): ["0 ."], ("_dmarc.many.test", "TXT"): ["v=DMARC1; p=reject"],
        ("wide.test", "TXT"): ["v=spf1 " + " ".join(f"a:h{i}.wide.test" for i in range(2000)) + " -all"],
        ("loop.test", "TXT"): ["v=spf1 include:h0.loop.test -all"], **loop,
        ("round.test", "TXT"): ["v=spf1 redirect=round.test"],
        ("_dmarc.wide.test", "TXT"): ["v=DMARC1; " + ";" * 3000 + "p=reject; rua=" + ",".join(f"mailto:a@d{i}.example" for i in range(500))],
        ("s1._domainkey.wide.test", "TXT"): ["v=DKIM1; p=" + "A" * 30000],
        ("_mta-sts.wide.test", "TXT"): ["v=STSv1; id=" + "1" * 5000],
    }
    targets = ["mail:many.test", "mail:wide.test", "mail:loop.test", "mail:round.test"]
    address = own_address(53)
    with NameServer(address, {"": records}) as dns:
        result = look(tmp, [asset(target, "s1") for target in targets], targets, 53, address=address)
        expect(result, {"mail:many.test": {"dns.dnssec_missing", "dns.caa_missing"}})
        for target in targets:
            lines = [check for (covered, check) in result.coverage() if covered == target]
            check_true(len(lines) >= 60, f"{target}: {len(lines)} coverage lines")
        check_true("mail.spf_lookup_limit" in found(result, "mail:wide.test"), "two thousand look-ups")
        check_true("mail.spf_lookup_limit" in found(result, "mail:loop.test"), "a hundred includes")
        check_true("mail.spf_invalid" in found(result, "mail:round.test"), "a redirect to itself")
        check_true("mail.mta_sts_invalid" in found(result, "mail:wide.test"), "an id of five thousand digits")
        asked = sum(1 for _, owner, number in dns.questions if owner.endswith("loop.test") and number == 16)
        check_true(asked <= 40, f"{asked} questions for a hundred includes")


@case
def hostile_name_servers(tmp):
    if needs_root("hostile_name_servers"):
        return
    address = {way: own_address(53) for way in ("loop", "self", "short", "flood")}
    raws = {
        "loop": lambda question: b"\x84\x00\0\1\0\1\0\0\0\0" + question + b"\xc0\xff\0\6\0\1\0\0\0\0\0\4\xc0\x0c\xc0\x0c",
        "self": lambda question: b"\x84\x00\0\1\0\1\0\0\0\0" + question + b"\xc0" + bytes([12 + len(question)]) + b"\0\6\0\1\0\0\0\0\0\0",
        "short": lambda question: b"\x84\x00\0\1\xff\xff\0\0\0\0" + question + b"\0",
        "flood": lambda question: b"\x84\x00\0\1\x0f\xa0\0\0\0\0" + question + (b"\xc0\x0c\0\x10\0\1\0\0\0\0\0\2\1x") * 4000,
    }
    port = free_port()
    mail = "@ IN MX 0 .\n@ IN TXT \"v=spf1 -all\"\n@ IN CAA 0 issue \";\"\n" + DMARC
    head = "$TTL 300\n@ IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 900 604800 300\n"
    zones = {f"{way}.test": (f"@ IN NS {way}.ns.test.\n" + mail, False) for way in address}
    zones["ns.test"] = ("@ IN NS loop\n" + "".join(f"{way} IN A {text}\n" for way, text in address.items()), False)
    rows = [asset(f"mail:{way}.test") for way in address] + [asset(text) for text in address.values()]
    with named(tmp / "named", zones, port, head=head), NameServer(address["loop"], {}, raw=raws["loop"]), \
            NameServer(address["self"], {}, raw=raws["self"]), NameServer(address["short"], {}, raw=raws["short"]), \
            NameServer(address["flood"], {}, raw=raws["flood"]):
        result = look(tmp, rows, [f"mail:{way}.test" for way in address], port)
        for way in address:
            check_true("dns.lame_delegation" in found(result, f"mail:{way}.test"), f"{way}: {found(result, f'mail:{way}.test').keys()}")
            check_true("dns.zone_transfer_open" not in found(result, f"mail:{way}.test"), f"{way}: no transfer began")


main()
