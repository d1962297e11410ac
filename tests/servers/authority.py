"""A certificate authority for tests, by openssl's own commands."""
import datetime
import subprocess

DAY = datetime.timedelta(days=1)
NOW = datetime.datetime.now(datetime.timezone.utc)
_CONFIG = """
[ca]
default_ca = here
[here]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = empty
[empty]
"""


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")


def _stamp(instant):
    return instant.strftime("%Y%m%d%H%M%SZ")


class Certificate:
    """One certificate with its key; `pem` is its text."""

    def __init__(self, folder, name, issuer):
        self.key = folder / f"{name}.key"
        self.file = folder / f"{name}.crt"
        self.issuer = issuer

    @property
    def pem(self):
        return self.file.read_text()


class Authority:
    """root -> policy -> issuing; leaves come from `issuing` unless told otherwise."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.txt").write_text("")
        self._config = folder / "ca.cnf"
        self._config.write_text(_CONFIG.format(folder=folder))
        self.root = self.issue("Test Root", issuer=None, names=None, is_ca=True)
        self.policy = self.issue("Test Policy CA", issuer=self.root, names=None, is_ca=True)
        self.issuing = self.issue("Test Issuing CA", issuer=self.policy, names=None, is_ca=True)

    @property
    def trust(self):
        """The file of roots for --trust."""
        return self.root.file

    def issue(self, common_name, issuer="issuing", names=(), is_ca=False, key="ec", since=None, until=None, digest="sha256",
              more=()):
        """names: those of subjectAltName; () means the common name, None means no such extension. issuer None: self-signed.

        more: further lines of extensions, in openssl's words.
        """
        name = f"{len(list(self.folder.glob('*.key')))}-{common_name.replace(' ', '_').replace('*', 'any')}"
        certificate = Certificate(self.folder, name, self.issuing if issuer == "issuing" else issuer)
        request = self.folder / f"{name}.csr"
        kind = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"] if key == "ec" else [key]
        openssl("req", "-config", self._config, "-new", "-newkey", *kind, "-nodes", "-keyout", certificate.key, "-out", request,
                "-subj", f"/CN={common_name}")
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(self._extensions(common_name, names, is_ca) + "".join(f"{line}\n" for line in more))
        signer = (["-selfsign", "-keyfile", certificate.key] if certificate.issuer is None else
                  ["-cert", certificate.issuer.file, "-keyfile", certificate.issuer.key])
        openssl("ca", "-config", self._config, "-batch", "-notext", "-in", request, "-out", certificate.file, "-md", digest,
                "-startdate", _stamp(since or NOW - DAY), "-enddate", _stamp(until or NOW + 200 * DAY), "-extfile", extensions, *signer)
        return certificate

    def full_chain(self, leaf, order=None):
        """A file of the leaf and what issued it, the root left out; `order` puts other certificates in their place."""
        chain = order
        if chain is None:
            chain, above = [], leaf.issuer
            while above is not None and above.issuer is not None:
                chain.append(above)
                above = above.issuer
        file = leaf.file.with_suffix(".chain")
        file.write_text("".join(certificate.pem for certificate in [leaf, *chain]))
        return file

    @staticmethod
    def _extensions(common_name, names, is_ca):
        lines = ["basicConstraints = critical,CA:TRUE" if is_ca else "basicConstraints = CA:FALSE",
                 "keyUsage = critical,keyCertSign,cRLSign" if is_ca else "keyUsage = critical,digitalSignature,keyEncipherment",
                 "subjectKeyIdentifier = hash"]
        if not is_ca:
            lines.append("extendedKeyUsage = serverAuth")
        if names is not None and not is_ca:
            texts = [f"IP:{n}" if n.replace(".", "").isdigit() else f"DNS:{n}" for n in (names or [common_name])]
            lines.append("subjectAltName = " + ",".join(texts))
        return "\n".join(lines) + "\n"
