"""postfix as a mail exchanger on a loopback address of its own, port 25. Needs root, as postfix does."""
import contextlib
import shutil
import subprocess

from servers.process import server

# inet_interfaces must be an address that an interface has; where it listens is said in master.cf.
_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = {name}
mydestination = {domain}
mynetworks = 127.0.0.0/8
inet_protocols = ipv4
inet_interfaces = 127.0.0.1
local_recipient_maps =
smtpd_banner = $myhostname ESMTP
smtpd_client_connection_count_limit = 0
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
{more}
"""
_MASTER = """
{address}:25 inet n - n - - smtpd
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
scache unix - - n - 1 scache
smtp unix - - n - - smtp
local unix - n n - - local
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
"""


@contextlib.contextmanager
def postfix(folder, address, name, domain, certificate=None):
    """certificate: (chain file, key file); None: no STARTTLS."""
    (folder / "queue").mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    shutil.chown(data, "postfix")
    more = "smtpd_tls_security_level = none"
    if certificate:
        chain, key = certificate
        more = (f"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {chain}\nsmtpd_tls_key_file = {key}\n"
                "smtpd_tls_protocols = >=TLSv1.2\nsmtpd_tls_exclude_ciphers = kRSA")
    (folder / "main.cf").write_text(_MAIN.format(folder=folder, address=address, name=name, domain=domain, more=more))
    (folder / "master.cf").write_text(_MASTER.format(address=address))
    check = subprocess.run(["/usr/sbin/postfix", "-c", folder, "check"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if check.returncode != 0:  # makes the queue's folders
        raise AssertionError(f"postfix check: {check.stderr}")
    command = ["/usr/lib/postfix/sbin/master", "-c", folder, "-d"]
    with server(command, [(address, 25)], folder / "output.log") as process:
        yield process
