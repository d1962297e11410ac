"""TLS against real servers wherever Debian's OpenSSL can still be one, and against prepared bytes elsewhere."""
import contextlib
import os
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from peers.tls_bytes import EMS, RENEGOTIATION, SSLV2_HELLO, alert, canned, counted, dh_exchange, flight  # noqa: E402
from servers.authority import DAY, NOW, Authority, openssl  # noqa: E402
from servers.nginx import nginx, tls_server  # noqa: E402
from servers.process import own_address, server  # noqa: E402
from support.harness import case, check_equal, check_true, fengsui, main, row, write_registry  # noqa: E402

PORT = 4433
# OpenSSL at security level 0 signs with SHA-1 when asked to: servers that are to have another fault alone must not.
SOUND_SIGNATURES = "RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA256:RSA+SHA512:RSA+SHA384"
SOUND_SUITES = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"
MOST_CLEAN, MOST = 25, 60


class Site:
    """A server of a case: its address, and what may be said of it beside `info`."""

    def __init__(self, expected=(), info=(), but=()):
        self.address = own_address(PORT)
        self.url = f"https://{self.address}:{PORT}/"
        self.expected = {f"tls.{name}" for name in expected}
        self.info = {f"tls.{name}" for name in info}
        self.ignored = {f"tls.{name}" for name in but}


def look(tmp, sites, *more, checks=("tls.*",), rows=()):
    registry = write_registry(tmp / "registry.csv", *[row(site.url, probe_class="passive") for site in sites], *rows)
    chosen = [word for check in checks for word in ("--check", check)]
    result = fengsui("check", *[site.url for site in sites], "--registry", registry, "--rate", "2000", "--connections", "2",
                     "--deadline", "100", *chosen, *more, timeout=300)
    check_equal(result.status, 0, f"exit status ({result.err})")
    return result


def found_at(result, site, is_info):
    return {line["check"] for line in result.of_type("finding")
            if line["target"] == site.url and (line["severity"] == "info") == is_info}


def expect(result, sites):
    """sites: {name: Site}; all differences are told at once."""
    wrong = []
    for name, site in sites.items():
        found = found_at(result, site, False) - site.ignored
        info = found_at(result, site, True)
        if found != site.expected or not site.info <= info:
            wrong.append(f"{name}: missed {sorted(site.expected - found)} {sorted(site.info - info)}, too many {sorted(found - site.expected)}")
            wrong += [f"    {line['check']}: {line['evidence']}" for line in result.of_type("finding")
                      if line["target"] == site.url and line["check"] in found - site.expected]
            wrong += [f"    {check}: {result.coverage().get((site.url, check))}"
                      for check in sorted((site.expected - found) | (site.info - info))]
    check_true(not wrong, "\n".join(["findings differ", *wrong]))


def chain_below(leaf, chain):
    """s_server sends the leaf itself."""
    file = chain.with_suffix(".below")
    file.write_text(chain.read_text().removeprefix(leaf.pem))
    return file


def s_server(tmp, site, leaf, chain, *options, env=None):
    command = ["openssl", "s_server", "-accept", f"{site.address}:{PORT}", "-cert", leaf.file, "-cert_chain", chain_below(leaf, chain), "-key", leaf.key,
               "-www", "-quiet", *options]
    log = tmp / f"s_server-{site.address}.log"
    return server(command, [(site.address, PORT)], log, dict(os.environ, **(env or {})))


class World:
    def __init__(self, tmp):
        os.chmod(tmp, 0o755)
        self.tmp = tmp
        self.authority = Authority(tmp / "ca")
        self.sites = {}

    def site(self, name, *expected, info=(), but=()):
        self.sites[name] = Site(expected, info, but)
        return self.sites[name]

    def leaf(self, site, key="rsa:2048", **more):
        leaf = self.authority.issue(site.address, names=[site.address], key=key, **more)
        return leaf, self.authority.full_chain(leaf)

    def look(self, *more, **named):
        return look(self.tmp, list(self.sites.values()), "--trust", self.authority.trust, *more, **named)

    def judge(self, *more, **named):
        result = self.look(*more, **named)
        expect(result, self.sites)
        return result


def parameters(tmp, name, prime, generator=2):
    """A file of Diffie-Hellman parameters, in DER by hand: openssl would not make bad ones."""
    def integer(value):
        data = value.to_bytes(value.bit_length() // 8 + 1, "big")
        return b"\x02" + size(len(data)) + data

    def size(count):
        return bytes([count]) if count < 128 else b"\x82" + count.to_bytes(2, "big")

    body = integer(prime) + integer(generator)
    (tmp / f"{name}.der").write_bytes(b"\x30" + size(len(body)) + body)
    openssl("dhparam", "-inform", "DER", "-in", tmp / f"{name}.der", "-out", tmp / f"{name}.pem")
    return tmp / f"{name}.pem"


def is_prime(number, rounds=8):
    for small in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if number % small == 0:
            return number == small
    odd, shift = number - 1, 0
    while odd % 2 == 0:
        odd, shift = odd // 2, shift + 1
    for _ in range(rounds):
        power = pow(random.randrange(2, number - 1), odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(shift - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


# RFC 2409 6.2, the second Oakley group: a safe prime of 1024 bits.
OAKLEY_1024 = int("FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
                  "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
                  "49286651ECE65381FFFFFFFFFFFFFFFF", 16)


@case
def one_fault_each_of_real_servers(tmp):
    world = World(tmp)
    composite = (random.getrandbits(2048) | 1 << 2047 | 1) // 3 * 3
    composite += 0 if composite % 2 else 3
    plain_prime = random.getrandbits(1024) | 1 << 1023 | 1
    while not is_prime(plain_prime) or is_prime(plain_prime // 2):
        plain_prime += 2
    sound = ["-sigalgs", SOUND_SIGNATURES]
    level = ":@SECLEVEL=0"
    dh3072 = tmp / "ffdhe3072.pem"
    openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe3072", "-out", dh3072)
    dh2048 = tmp / "ffdhe2048.pem"
    openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048", "-out", dh2048)
    dhe = ["-tls1_2", "-cipher", f"DHE-RSA-AES128-GCM-SHA256{level}", *sound]
    legacy = "ECDHE-RSA-AES128-SHA" + level
    no_ems = tmp / "no_ems.cnf"
    no_ems.write_text("openssl_conf = start\n[start]\nssl_conf = ssl\n[ssl]\nsystem_default = one\n[one]\nOptions = -ExtendedMasterSecret\n")
    ordinary = ["-tls1_2", "-cipher", SOUND_SUITES]
    table = [
        (world.site("clean"), ["-cipher", SOUND_SUITES]),
        (world.site("tls 1.2 only", info=["tls13_missing"]), ordinary),
        (world.site("tls 1.3 only"), ["-tls1_3"]),
        (world.site("tls 1.0", "tls10", "cipher_cbc_sha1"), ["-tls1", "-cipher", legacy, *sound]),
        (world.site("tls 1.1", "tls11", "cipher_cbc_sha1"), ["-tls1_1", "-cipher", legacy, *sound]),
        (world.site("null", "cipher_null"), ["-tls1_2", "-cipher", "ECDHE-RSA-NULL-SHA" + level, *sound]),
        (world.site("null with kRSA", "cipher_null", "cipher_static_rsa"), ["-tls1_2", "-cipher", "NULL-SHA256" + level, *sound]),
        (world.site("anonymous", "cipher_anonymous"),
         ["-tls1_2", "-cipher", "ADH-AES128-GCM-SHA256" + level, "-dhparam", dh3072, *sound]),
        (world.site("kRSA", "cipher_static_rsa"), ["-tls1_2", "-cipher", "AES128-GCM-SHA256" + level, *sound]),
        (world.site("cbc sha1", "cipher_cbc_sha1"), ["-tls1_2", "-cipher", legacy, *sound]),
        (world.site("cbc sha2"), ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256" + level, *sound]),
        (world.site("dh1024", "dh_weak"), [*dhe, "-dhparam", parameters(tmp, "dh1024", OAKLEY_1024)]),
        (world.site("dh2048", info=["dh_weak"]), [*dhe, "-dhparam", dh2048]),
        (world.site("dh3072"), [*dhe, "-dhparam", dh3072]),
        (world.site("dh composite", "dh_composite", info=["dh_weak"]), [*dhe, "-dhparam", parameters(tmp, "composite", composite)]),
        (world.site("dh small subgroup", "dh_composite", "dh_weak"), [*dhe, "-dhparam", parameters(tmp, "subgroup", plain_prime)]),
        (world.site("curve of 192 bits", "curve_weak"), ["-tls1_2", "-cipher", SOUND_SUITES + level, "-groups", "P-192", *sound]),
        (world.site("secp256k1 beside others", "curve_weak"),
         ["-tls1_2", "-cipher", SOUND_SUITES + level, "-groups", "X25519:secp256k1", *sound]),
        (world.site("secp224r1", info=["curve_weak"]), ["-tls1_2", "-cipher", SOUND_SUITES + level, "-groups", "P-256:P-224", *sound]),
        (world.site("sha1 signatures alone", "signature_hash_weak"), ["-tls1_2", "-cipher", SOUND_SUITES + level, "-sigalgs", "RSA+SHA1"]),
        (world.site("sha1 signatures too", "signature_hash_weak"),
         ["-tls1_2", "-cipher", SOUND_SUITES + level, "-sigalgs", "RSA+SHA256:RSA+SHA1"]),
        (world.site("client renegotiation", "renegotiation_by_client"), [*ordinary, "-client_renegotiation"]),
        (world.site("no extended master secret", "extended_master_secret_missing"), ordinary),
        (world.site("client's order", "cipher_order"), ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256"]),
        (world.site("server's order"), ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256", "-serverpref"]),
        (world.site("server's own bad order", "cipher_order"),
         ["-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES128-GCM-SHA256", "-serverpref"]),
        (world.site("certificate asked for", info=[]), [*ordinary, "-verify", "1"]),
        (world.site("certificate required, 1.2", info=["client_certificate_required"]), [*ordinary, "-Verify", "1"]),
        (world.site("certificate required, 1.3", info=["client_certificate_required"]), ["-tls1_3", "-Verify", "1"]),
    ]
    with contextlib.ExitStack() as stack:
        for site, options in table:
            leaf, chain = world.leaf(site)
            env = {"OPENSSL_CONF": str(no_ems)} if site is world.sites["no extended master secret"] else None
            stack.enter_context(s_server(tmp, site, leaf, chain, *options, env=env))
        # The page is asked for too: what a server does with those who have no certificate shows only there.
        result = world.judge(checks=("tls.*", "http.version_disclosed"))
    coverage = result.coverage()
    clean = world.sites["clean"].url
    seen = {check: state for (target, check), state in coverage.items() if target == clean and check.startswith("tls.")}
    blind = {check: state for check, state in seen.items() if state != ("completed", None)}
    check_equal(blind, {"tls.certificate_revoked": ("skipped", "not_applicable")}, "checks of a clean server that could not tell")
    check_true("tls.client_certificate_required" not in found_at(result, world.sites["certificate asked for"], True), "asked is not required")
    tried = [line for line in result.of_type("finding") if line["check"] == "tls.dh_weak" and line["target"] == world.sites["dh1024"].url]
    check_equal((tried[0]["severity"], tried[0]["evidence"]["bits"]), ("high", 1024), "dh1024")


def only(suite, **more):
    """A server that has that one suite in TLS 1.2, and reads what it is asked."""
    def answer(hello):
        if hello.kind != "tls" or hello.version < 0x0303 or suite not in hello.suites:
            return alert(40)
        return flight(suite, **more)
    return answer


def sslv3_only(hello):
    if hello.kind != "tls" or not {0x0035, 0x000A} & set(hello.suites):
        return alert(40, 0x0300)
    return flight(0x0035 if 0x0035 in hello.suites else 0x000A, 0x0300, extensions=b"")


def compressing(hello):
    if hello.kind != "tls" or 0xC02F not in hello.suites:
        return alert(40)
    return flight(0xC02F, compression=1 if 1 in hello.compressions else 0, exchange=ecdhe())


def ecdhe():
    from peers.tls_bytes import block, message, u16
    return message(12, b"\x03" + u16(29) + block(os.urandom(32), 1) + u16(0x0401) + block(os.urandom(256), 2))


def intolerant_of_versions(hello):
    """A TLS 1.2 server that breaks off on every version above its own."""
    listed = hello.extensions.get(43, b"")
    if hello.kind != "tls" or hello.version > 0x0303 or b"\x03\x05" in listed or 0xC02F not in hello.suites:
        return alert(70)
    return flight(0xC02F, exchange=ecdhe())


def strict_export_dh(hello):
    if hello.kind != "tls" or 0x0014 not in hello.suites:
        return alert(40)
    return flight(0x0014, exchange=dh_exchange(OAKLEY_1024 >> 512 | 1))


@case
def what_openssl_can_no_longer_do(tmp):
    world = World(tmp)
    old = ("sslv3", "cipher_static_rsa", "cipher_cbc_sha1", "cipher_3des", "renegotiation_insecure")
    table = [
        (world.site("rc4", "cipher_rc4", "cipher_static_rsa"), only(0x0005)),
        (world.site("rc4 of prepared bytes", "cipher_rc4", "cipher_static_rsa"), flight(0x0004)),
        (world.site("3des", "cipher_3des", "cipher_static_rsa"), only(0x000A)),
        (world.site("3des with ECDHE", "cipher_3des"), only(0xC012, exchange=ecdhe())),
        (world.site("des", "cipher_des", "cipher_static_rsa"), only(0x0009)),
        (world.site("export", "cipher_export"), only(0x0003)),
        (world.site("export with dh512", "cipher_export", "dh_weak", but=["dh_composite"]), strict_export_dh),
        (world.site("dh480", "dh_weak", but=["dh_composite"]), only(0x009E, exchange=dh_exchange(OAKLEY_1024 >> 544 | 1))),
        (world.site("compression", "compression"), compressing),
        (world.site("no renegotiation_info", "renegotiation_insecure"), only(0xC02F, extensions=EMS, exchange=ecdhe())),
        (world.site("no extended master secret", "extended_master_secret_missing"),
         only(0xC02F, extensions=RENEGOTIATION, exchange=ecdhe())),
        (world.site("version intolerance", "version_intolerant"), intolerant_of_versions),
        (world.site("sslv3", *old), sslv3_only),
        (world.site("sslv2", "sslv2"), SSLV2_HELLO),
        (world.site("sslv2 beside tls", "sslv2"),
         lambda hello: SSLV2_HELLO if hello.kind == "sslv2" else only(0xC02F, exchange=ecdhe())(hello)),
        (world.site("tls in single octets"), only(0xC02F, exchange=ecdhe())),
    ]
    with contextlib.ExitStack() as stack:
        listeners = {}
        for site, answer in table:
            piece = 1 if site is world.sites["tls in single octets"] else 0
            listeners[site.url] = stack.enter_context(canned(site.address, PORT, answer, piece))
        world.judge()
    for name, site in world.sites.items():
        check_true(listeners[site.url].count <= MOST, f"{name}: {listeners[site.url].count} connections")


@case
def nothing_is_said_of_servers_that_say_nothing(tmp):
    world = World(tmp)
    table = [
        (world.site("garbage"), os.urandom(1) and b"\x00garbage\r\n" * 20),
        (world.site("http"), b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
        (world.site("record too long"), b"\x16\x03\x03\xff\xff" + b"x" * 100),
        (world.site("endless handshake"), b"\x16\x03\x03\x40\x00\x0b\xff\xff\xff" + b"\x00" * 16380),
        (world.site("alert about the name"), alert(112)),
        (world.site("suite not offered"), flight(0x5A5A)),
    ]
    with contextlib.ExitStack() as stack:
        for site, answer in table:
            stack.enter_context(canned(site.address, PORT, answer))
        result = world.judge()
    for name in ("garbage", "http", "record too long", "endless handshake", "alert about the name"):
        url = world.sites[name].url
        state = result.coverage()[url, "tls.cipher_rc4"]
        check_true(state[0] == "not_reached", f"{name}: {state}")


@case
def clean_servers_are_asked_little(tmp):
    world = World(tmp)
    table = {
        "modern": "    ssl_protocols TLSv1.3;\n",
        "intermediate": f"    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers {SOUND_SUITES};\n    ssl_prefer_server_ciphers off;\n",
        # Debian 12's own nginx.conf: HIGH lets RSA key exchange and CBC with SHA-1 in.
        "debian": "    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;\n    ssl_prefer_server_ciphers on;\n",
        "early data": "    ssl_protocols TLSv1.3;\n    ssl_early_data on;\n",
        "client certificate": f"    ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers {SOUND_SUITES};\n    ssl_client_certificate "
                              f"{world.authority.trust};\n    ssl_verify_client on;\n",
    }
    world.site("modern")
    world.site("intermediate")
    world.site("debian", "cipher_static_rsa", "cipher_cbc_sha1")
    world.site("early data", "early_data")
    world.site("client certificate", info=["client_certificate_required"])
    servers, ends = "", []
    for number, (name, tls) in enumerate(table.items()):
        leaf, chain = world.leaf(world.sites[name])
        servers += tls_server([f"127.0.0.1:{14430 + number}"], "_", chain, leaf.key, "    location = / { return 200 'hello'; }\n    location / { return 404; }\n", tls=tls)
        ends.append(("127.0.0.1", 14430 + number))
    with contextlib.ExitStack() as stack:
        stack.enter_context(nginx(tmp / "nginx", servers, ends))
        listeners = {name: stack.enter_context(counted(site.address, PORT, end)) for (name, site), end in zip(world.sites.items(), ends)}
        result = world.judge(checks=("*",))
    for name, listener in listeners.items():
        print(f"     {name}: {listener.count} connections, {listener.most_at_once} at once", flush=True)
        check_true(listener.count <= MOST, f"{name}: {listener.count} connections")
        check_true(listener.most_at_once <= 2, f"{name}: {listener.most_at_once} connections at once")
    for name in ("modern", "intermediate"):
        check_true(listeners[name].count <= MOST_CLEAN, f"{name}: {listeners[name].count} connections of a clean host")
    site = world.sites["client certificate"]
    check_true((site.url, "site.unreachable") not in result.findings(), "who needs a client certificate is not down")


@case
def revocation_by_list_and_by_staple(tmp):
    world = World(tmp)
    ca = world.authority
    good, gone, stapled, stale, none = (world.site(name) for name in ("good", "listed", "staple says revoked", "stale staple", "no word"))
    leaves = {site: world.leaf(site) for site in (good, gone, stapled, stale, none)}
    config = ca.folder / "ca.cnf"
    signer = ["-cert", ca.issuing.file, "-keyfile", ca.issuing.key]
    for site in (gone, stapled):
        openssl("ca", "-config", config, "-revoke", leaves[site][0].file, "-crl_reason", "keyCompromise", *signer)
    crl = tmp / "list.pem"
    openssl("ca", "-config", config, "-gencrl", "-crldays", "30", "-out", crl, *signer)

    def staple(site, *more):
        file = tmp / f"{site.address}.ocsp"
        openssl("ocsp", "-index", ca.folder / "index.txt", "-CA", ca.issuing.file, "-rsigner", ca.issuing.file, "-rkey", ca.issuing.key,
                "-issuer", ca.issuing.file, "-cert", leaves[site][0].file, "-respout", file, *more)
        return file

    gone.expected = stapled.expected = {"tls.certificate_revoked"}
    options = {stapled: ["-status_file", staple(stapled, "-ndays", "3")], stale: ["-status_file", staple(stale, "-ndays", "3")]}
    with contextlib.ExitStack() as stack:
        for site, (leaf, chain) in leaves.items():
            stack.enter_context(s_server(tmp, site, leaf, chain, "-cipher", SOUND_SUITES, *options.get(site, [])))
        result = world.judge("--crl", crl)
        revoked = {line["target"]: line for line in result.of_type("finding") if line["check"] == "tls.certificate_revoked"}
        check_equal(revoked[gone.url]["evidence"]["reason"], "keyCompromise", "reason")
        check_equal(result.coverage()[good.url, "tls.certificate_revoked"], ("completed", None), "coverage of the good one")
        # Without the list the staple alone speaks; a list or staple of last month says nothing of today.
        gone.expected = set()
        result = world.judge()
        check_equal(result.coverage()[gone.url, "tls.certificate_revoked"], ("skipped", "not_applicable"), "nobody to ask")
        later = (NOW + 60 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        gone.expected = {"tls.certificate_revoked"}
        result = world.judge("--crl", crl, "--now", later)
        for site in (good, stale):
            check_equal(result.coverage()[site.url, "tls.certificate_revoked"], ("skipped", "not_applicable"), "an old list")
        # Before the revocation the certificate was good, as far as that list knows.
        bad = fengsui("check", good.url, "--registry", tmp / "registry.csv", "--crl", tmp / "registry.csv")
        check_equal(bad.status, 2, "a file that is no list")
        check_true("revocation list" in bad.err, bad.err)


@case
def revocation_lists_are_fetched_from_registered_hosts_only(tmp):
    world = World(tmp)
    ca = world.authority
    lists = own_address(8080)
    point = [f"crlDistributionPoints = URI:http://{lists}:8080/list.crl"]
    site = world.site("revoked")
    leaf, chain = world.leaf(site, more=point)
    config, signer = ca.folder / "ca.cnf", ["-cert", ca.issuing.file, "-keyfile", ca.issuing.key]
    openssl("ca", "-config", config, "-revoke", leaf.file, *signer)
    openssl("ca", "-config", config, "-gencrl", "-crldays", "30", "-out", tmp / "list.pem", *signer)
    openssl("crl", "-in", tmp / "list.pem", "-outform", "DER", "-out", tmp / "list.der")
    body = (tmp / "list.der").read_bytes()
    page = b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
    registered = [row(f"http://{lists}:8080/", probe_class="passive")]
    state = (site.url, "tls.certificate_revoked")
    with s_server(tmp, site, leaf, chain, "-cipher", SOUND_SUITES):
        with canned(lists, 8080, page) as listener:
            result = world.judge()
            check_equal(result.coverage()[state], ("skipped", "not_applicable"), "its host is not registered")
            check_equal(listener.count, 0, "connections to a host that is not registered")
            site.expected = {"tls.certificate_revoked"}
            result = world.judge(rows=registered)
            check_equal(listener.count, 1, "connections for the list")
        site.expected = set()
        result = world.judge(rows=registered)
        check_equal(result.coverage()[state], ("not_reached", "refused"), "a list that cannot be had")
        with canned(lists, 8080, page.replace(body[:40], os.urandom(40))):
            result = world.judge(rows=registered)
        check_equal(result.coverage()[state], ("not_reached", "http_invalid"), "a list that cannot be read")


def sm2(tmp, name, usage, common_name="www.tlcp.test", key=None, days="200"):
    """DER of a self-signed SM2 certificate (GM/T 0009's default identity), and its key file."""
    key = key or tmp / f"{name}.key"
    if not key.exists():
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-pkeyopt", "ec_param_enc:named_curve", "-out", key)
    openssl("req", "-x509", "-new", "-key", key, "-sm3", "-sigopt", "distid:1234567812345678", "-subj", f"/CN={common_name}",
            "-addext", f"keyUsage=critical,{usage}", "-addext", "basicConstraints=critical,CA:FALSE", "-days", days,
            "-outform", "DER", "-out", tmp / f"{name}.der")
    return (tmp / f"{name}.der").read_bytes(), key


@case
def tlcp_is_seen_and_its_certificates_are_judged(tmp):
    world = World(tmp)
    signing, key = sm2(tmp, "sign", "digitalSignature")
    encrypting, _ = sm2(tmp, "encrypt", "keyEncipherment,dataEncipherment,keyAgreement")
    same_key, _ = sm2(tmp, "same", "keyEncipherment", key=key)
    elsewhere, _ = sm2(tmp, "elsewhere", "keyEncipherment", common_name="other.tlcp.test")
    rsa = world.authority.issue("www.tlcp.test", key="rsa:2048")
    openssl("x509", "-in", rsa.file, "-outform", "DER", "-out", tmp / "rsa.der")

    def tlcp(*ders, beside=None):
        def answer(hello):
            if hello.kind == "tlcp" and 0xE013 in hello.suites:
                return flight(0xE013, 0x0101, extensions=b"", ders=ders)
            return beside(hello) if beside else alert(70)
        return answer

    invalid, offered = "tlcp_certificates_invalid", ["tlcp_offered"]
    table = [
        (world.site("two certificates", info=offered), tlcp(signing, encrypting)),
        (world.site("beside tls", info=offered), tlcp(signing, encrypting, beside=only(0xC02F, exchange=ecdhe()))),
        (world.site("one certificate", invalid, info=offered), tlcp(signing)),
        (world.site("swapped", invalid, info=offered), tlcp(encrypting, signing)),
        (world.site("same key", invalid, info=offered), tlcp(signing, same_key)),
        (world.site("other name", invalid, info=offered), tlcp(signing, elsewhere)),
        (world.site("rsa", invalid, info=offered), tlcp(signing, encrypting, (tmp / "rsa.der").read_bytes())),
        (world.site("prepared bytes", info=offered), flight(0xE053, 0x0101, extensions=b"", ders=(signing, encrypting))),
        (world.site("no common suite"), lambda hello: alert(40, 0x0101)),
        (world.site("tls alone"), only(0xC02F, exchange=ecdhe())),
    ]
    with contextlib.ExitStack() as stack:
        for site, answer in table:
            stack.enter_context(canned(site.address, PORT, answer))
        result = world.judge()
        later = (NOW + 300 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
        world.sites["two certificates"].expected = {"tls." + invalid}
        result = look(tmp, [world.sites["two certificates"]], "--now", later)
        expect(result, {"expired": world.sites["two certificates"]})
    for name in ("no common suite", "tls alone"):
        check_equal(found_at(result, world.sites[name], True) & {"tls.tlcp_offered"}, set(), name)


main()
