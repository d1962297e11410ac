"""postfix as the office's mail relay and everybody's mailbox: STARTTLS, and a Maildir for what arrives. Needs root, as postfix does."""
import contextlib
import email
import email.policy
import pwd
import shutil
import subprocess

from servers.process import server

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = {name}
mydestination =
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {folder}/boxes
virtual_mailbox_maps = {maps}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
message_size_limit = 5000000
smtpd_tls_security_level = {tls}
smtpd_tls_cert_file = {chain}
smtpd_tls_key_file = {key}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
"""
_MASTER = """
{address}:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
"""


class Mailbox:
    """What arrived, whoever it was for."""

    def __init__(self, folder):
        self._folder = folder

    def messages(self):
        files = sorted((self._folder / "new").glob("*"), key=lambda file: file.stat().st_mtime)
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def raw(self):
        return [file.read_bytes() for file in sorted((self._folder / "new").glob("*"))]


@contextlib.contextmanager
def relay(folder, address, name, domain, certificate, port=25, tls="encrypt", known=None):
    """certificate: (chain file, key file). tls: smtpd_tls_security_level. known: only these addresses have a mailbox (others are 550)."""
    owner = pwd.getpwnam("nobody")
    (folder / "queue").mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    shutil.chown(folder / "data", "postfix")
    boxes = folder / "boxes"
    boxes.mkdir(exist_ok=True)
    shutil.chown(boxes, owner.pw_uid, owner.pw_gid)
    maps = "static:inbox/"
    if known is not None:
        maps = "inline:{" + ", ".join(f"{{{one} = inbox/}}" for one in known) + "}"
    chain, key = certificate
    (folder / "main.cf").write_text(_MAIN.format(folder=folder, name=name, domain=domain, maps=maps, uid=owner.pw_uid, gid=owner.pw_gid,
                                                 tls=tls, chain=chain, key=key))
    (folder / "master.cf").write_text(_MASTER.format(address=address, port=port))
    check = subprocess.run(["/usr/sbin/postfix", "-c", folder, "check"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check.returncode != 0:  # makes the queue's folders
        raise AssertionError(f"postfix check: {check.stderr}")
    command = ["/usr/lib/postfix/sbin/master", "-c", folder, "-d"]
    with server(command, [(address, port)], folder / "output.log"):
        yield Mailbox(boxes / "inbox")
