"""The TLS conditions of badssl.com rebuilt on loopback (nginx, one port each), and what is said of each of them."""
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from servers.authority import DAY, NOW, Authority, openssl  # noqa: E402
from servers.named import named  # noqa: E402
from servers.nginx import nginx, tls_server  # noqa: E402
from servers.process import own_address  # noqa: E402
from support.harness import ROOT, case, check_equal, check_true, fengsui, free_port, main, row, write_registry  # noqa: E402

ZONE = "badssl.test"
SIGNATURES = "    ssl_conf_command SignatureAlgorithms RSA-PSS+SHA256:RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA256:ECDSA+SHA384;\n"


def tls(protocols="TLSv1.2 TLSv1.3", ciphers="ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256", more=""):
    return f"    ssl_protocols {protocols};\n    ssl_ciphers {ciphers}:@SECLEVEL=0;\n    ssl_prefer_server_ciphers on;\n{SIGNATURES}{more}"


class Vhosts:
    """Hosts as they are added: name, chain, key, settings, what is to be found."""

    def __init__(self, tmp):
        self.tmp = tmp
        self.authority = Authority(tmp / "ca")
        self.hosts = {}
        self.address = own_address(443)

    def add(self, name, *expected, leaf=None, chain=None, conf=None, info=(), host=None, **issue):
        host = host or f"{name}.{ZONE}"
        issue.setdefault("key", "rsa:2048")
        leaf = leaf or self.authority.issue(host, **issue)
        port = 5000 + len(self.hosts)
        self.hosts[name] = {"host": host, "port": port, "url": f"https://{host}:{port}/", "leaf": leaf, "conf": conf or tls(),
                            "chain": chain or self.authority.full_chain(leaf),
                            "expected": {f"tls.{check}" for check in expected}, "info": {f"tls.{check}" for check in info}}
        return leaf

    def servers(self):
        return "".join(tls_server([f"{self.address}:{host['port']}"], "_", host["chain"], host["leaf"].key,
                                  "    location = / { default_type text/html; return 200 'hello'; }\n    location / { return 404; }\n",
                                  tls=host["conf"], headers="") for host in self.hosts.values())

    def judge(self, *more):
        records = "".join(f"{name} IN A {self.address}\n" for name in
                          sorted({host["host"].removesuffix(f".{ZONE}") for host in self.hosts.values()}))
        ends = [(self.address, host["port"]) for host in self.hosts.values()]
        port = free_port()
        urls = [host["url"] for host in self.hosts.values()]
        registry = write_registry(self.tmp / "registry.csv", *[row(url) for url in urls], row(self.address))
        with nginx(self.tmp / "nginx", self.servers(), ends, weak=True), named(self.tmp / "named", {ZONE: (records, False)}, port):
            result = fengsui("check", *urls, "--registry", registry, "--rate", "5000", "--connections", "8", "--deadline", "100", "--check",
                             "tls.*", "--check", "site.unreachable", "--resolver", f"127.0.0.1:{port}", "--trust", self.authority.trust,
                             *more, timeout=500)
        check_equal(result.status, 0, f"exit status ({result.err})")
        self.compare(result)
        return result

    def compare(self, result):
        wrong = []
        for name, host in self.hosts.items():
            lines = [line for line in result.of_type("finding") if line["target"] == host["url"]]
            found = {line["check"] for line in lines if line["severity"] != "info"}
            info = {line["check"] for line in lines if line["severity"] == "info"}
            if found != host["expected"] or not host["info"] <= info:
                wrong.append(f"{name}: missed {sorted(host['expected'] - found)} {sorted(host['info'] - info)}, "
                             f"too many {sorted(found - host['expected'])}")
                wrong += [f"    {line['check']}: {line['evidence']}" for line in lines if line["check"] in found - host["expected"]]
                wrong += [f"    {check}: {result.coverage().get((host['url'], check))}" for check in sorted(host["expected"] - found)]
        check_true(not wrong, "\n".join(["findings differ", *wrong]))


def sign_request(authority, name, key, subject, extensions, digest="sha256"):
    """A leaf from a key that is there already, or with a subject that `openssl ca` would refuse."""
    class Leaf:
        pass
    leaf = Leaf()
    leaf.key, leaf.issuer = key, authority.issuing
    leaf.file = authority.folder / f"{name}.crt"
    request, words = authority.folder / f"{name}.csr", authority.folder / f"{name}.ext"
    words.write_text(extensions)
    openssl("req", "-new", "-key", key, "-subj", subject, "-out", request)
    openssl("x509", "-req", "-in", request, "-CA", authority.issuing.file, "-CAkey", authority.issuing.key, "-set_serial", "0x77777",
            f"-{digest}", "-days", "90", "-extfile", words, "-out", leaf.file)
    leaf.pem = leaf.file.read_text()
    return leaf


@case
def certificates(tmp):
    os.chmod(tmp, 0o755)
    hosts = Vhosts(tmp)
    authority = hosts.authority
    hosts.add("expired", "certificate_expired", since=NOW - 90 * DAY, until=NOW - 2 * DAY)
    hosts.add("wrong", "certificate_name_mismatch", host=f"a.wrong.host.{ZONE}", names=[f"*.host.{ZONE}", f"host.{ZONE}"])
    hosts.add("self-signed", "certificate_self_signed", issuer=None)
    stranger = Authority(tmp / "stranger")
    strange = stranger.issue(f"untrusted-root.{ZONE}", key="rsa:2048")
    hosts.add("untrusted-root", "certificate_untrusted", leaf=strange, chain=stranger.full_chain(strange))
    revoked = hosts.add("revoked", "certificate_revoked")
    hosts.add("pinning-test")
    no_subject = tmp / "no-subject.key"
    openssl("genrsa", "-out", no_subject, "2048")
    hosts.add("no-subject", leaf=sign_request(authority, "no-subject", no_subject, "/",
                                              f"subjectAltName=critical,DNS:no-subject.{ZONE}\nbasicConstraints=CA:FALSE\n"))
    hosts.add("no-san", "certificate_no_san", names=None)
    alone = authority.issue(f"incomplete-chain.{ZONE}", key="rsa:2048")
    hosts.add("incomplete-chain", "certificate_chain_incomplete", leaf=alone, chain=authority.full_chain(alone, []))
    turned = authority.issue(f"reversed-chain.{ZONE}", key="rsa:2048")
    hosts.add("reversed-chain", "certificate_chain_order", leaf=turned, chain=authority.full_chain(turned, [authority.policy, authority.issuing]))
    hosts.add("sha1", "certificate_weak_signature", digest="sha1")
    rsa_issuer = authority.issue("Test RSA CA", issuer=authority.policy, names=None, is_ca=True, key="rsa:2048")
    hosts.add("md5", "certificate_weak_signature", issuer=rsa_issuer, digest="md5")
    middle = authority.issue("SHA-1 Intermediate", issuer=authority.root, names=None, is_ca=True, digest="sha1")
    hosts.add("sha1-intermediate", "certificate_weak_signature", issuer=middle)
    for digest in ("sha256", "sha384", "sha512"):
        hosts.add(digest, digest=digest)
    hosts.add("1000-sans", names=[f"1000-sans.{ZONE}"] + [f"{i}.many.{ZONE}" for i in range(999)])
    hosts.add("10000-sans", names=[f"10000-sans.{ZONE}"] + [f"{i}.many.{ZONE}" for i in range(9999)])
    hosts.add("ecc256", key="ec")
    for bits in ("3072", "4096"):
        hosts.add(f"rsa{bits}", key=f"rsa:{bits}")
    hosts.add("rsa2048")
    hosts.add("rsa1024", "certificate_weak_key", key="rsa:1024")
    # 512 bits are too few for the signatures of TLS 1.3.
    hosts.add("rsa512", "certificate_weak_key", key="rsa:512", conf=tls("TLSv1.2"), info=["tls13_missing"])
    hosts.add("extended-validation", more=["certificatePolicies = 2.23.140.1.1"])
    hosts.add("captive-portal", "certificate_name_mismatch", names=[f"login.portal.{ZONE}"])
    hosts.add("xn--n1aae7f7o")
    known = ROOT / "content/test_keys/published_key.pem"
    hosts.add("known-key", "certificate_compromised_key", leaf=sign_request(
        authority, "known", known, f"/CN=known-key.{ZONE}", f"subjectAltName=DNS:known-key.{ZONE}\nbasicConstraints=CA:FALSE\n"))
    signer = ["-cert", authority.issuing.file, "-keyfile", authority.issuing.key]
    openssl("ca", "-config", authority.folder / "ca.cnf", "-revoke", revoked.file, *signer)
    openssl("ca", "-config", authority.folder / "ca.cnf", "-gencrl", "-crldays", "30", "-out", tmp / "list.pem", *signer)
    result = hosts.judge("--crl", tmp / "list.pem")
    weak = {line["target"]: line["evidence"] for line in result.of_type("finding") if line["check"] == "tls.certificate_weak_signature"}
    check_equal(weak[hosts.hosts["sha1-intermediate"]["url"]]["role"], "intermediate", "which certificate is weak")
    check_equal(weak[hosts.hosts["sha1"]["url"]]["role"], "leaf", "which certificate is weak")


@case
def protocols_and_suites(tmp):
    os.chmod(tmp, 0o755)
    hosts = Vhosts(tmp)
    dh = {}
    for bits in ("1024", "2048"):
        dh[bits] = tmp / f"dh{bits}.pem"
        group = "modp_2048" if bits == "2048" else "dh_1024_160"
        openssl("genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", f"group:{group}", "-out", dh[bits])
    only_dhe = "DHE-RSA-AES128-GCM-SHA256"
    hosts.add("cbc", "cipher_cbc_sha1", conf=tls("TLSv1.2", "ECDHE-RSA-AES128-SHA"))
    hosts.add("null", "cipher_null", "cipher_anonymous", "cipher_static_rsa", conf=tls("TLSv1.2", "aNULL:eNULL", f"    ssl_dhparam {dh['2048']};\n"),
              info=["dh_weak"])
    hosts.add("static-rsa", "cipher_static_rsa", conf=tls("TLSv1.2", "AES128-GCM-SHA256"))
    hosts.add("dh1024", "dh_weak", "dh_composite", conf=tls("TLSv1.2", only_dhe, f"    ssl_dhparam {dh['1024']};\n"))
    hosts.add("dh2048", conf=tls("TLSv1.2", only_dhe, f"    ssl_dhparam {dh['2048']};\n"), info=["dh_weak"])
    old = "ECDHE-RSA-AES128-SHA"
    hosts.add("tls-v1-0", "tls10", "cipher_cbc_sha1", conf=tls("TLSv1", old), info=["tls13_missing"])
    hosts.add("tls-v1-1", "tls11", "cipher_cbc_sha1", conf=tls("TLSv1.1", old), info=["tls13_missing"])
    hosts.add("tls-v1-2", conf=tls("TLSv1.2"), info=["tls13_missing"])
    hosts.add("mozilla-modern", conf=tls("TLSv1.3"))
    hosts.add("mozilla-intermediate", conf=tls(ciphers="ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
                                                       "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"))
    hosts.add("mozilla-old", "tls10", "tls11", "cipher_cbc_sha1", "cipher_static_rsa",
              conf=tls("TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES128-SHA:AES128-GCM-SHA256:AES128-SHA"))
    client = f"    ssl_client_certificate {hosts.authority.trust};\n    ssl_verify_client on;\n"
    hosts.add("client-cert-missing", conf=tls(more=client), info=["client_certificate_required"])
    hosts.judge()


main()
