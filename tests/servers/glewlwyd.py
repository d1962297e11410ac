"""glewlwyd as the organisation's sign-in provider on loopback: its own database, one client, users of the test's."""
import contextlib
import http.cookiejar
import json
import pathlib
import sqlite3
import urllib.error
import urllib.parse
import urllib.request

from servers.authority import openssl
from servers.process import server

PASSWORD = "a long password"
_SCOPES = "openid email profile"
_SCHEMA = pathlib.Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")
_CONFIG = """
port={port}
bind_address="{address}"
external_url="http://{address}:{port}"
api_prefix="api"
login_url="login.html"
log_mode="file"
log_level="INFO"
log_file="{folder}/glewlwyd.log"
cookie_secure=0
session_key="GLEWLWYD2_SESSION_ID"
login_api_enabled=true
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="/usr/lib/glewlwyd/user"
client_module_path="/usr/lib/glewlwyd/client"
user_auth_scheme_module_path="/usr/lib/glewlwyd/scheme"
plugin_module_path="/usr/lib/glewlwyd/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{folder}/glewlwyd.db"; }};
"""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Session:
    """A cookie jar that talks to one provider: an administrator's, or a person's browser."""

    def __init__(self, base):
        self._base = base
        self._opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}),
                                                   urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def open(self, url, body=None, method=None):
        """(status, headers, text)"""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(urllib.parse.urljoin(self._base, url), data, {"Content-Type": "application/json"}, method=method)
        try:
            with self._opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode("utf-8", "replace")

    def demand(self, url, body, method="POST"):
        status, _, text = self.open(url, body, method)
        if status != 200:
            raise AssertionError(f"{method} {url}: HTTP {status} {text[:500]}")

    def log_in(self, name, password):
        self.demand("/api/auth/", {"username": name, "password": password})

    def sign_in(self, url, name, password=PASSWORD):
        """Opens the address that Fengsui sends browsers to, as a person would; the address that the provider sends the browser back to."""
        self.log_in(name, password)
        self.demand("/api/auth/grant/fengsui", {"scope": _SCOPES}, "PUT")
        status, headers, text = self.open(url + "&g_continue")  # what its login page adds when the person goes on
        if status != 302:
            raise AssertionError(f"{url}: HTTP {status} {text[:500]}")
        return headers["Location"]


def _set_up(folder, base, redirect, users, secret):
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", folder / "key.pem")
    openssl("pkey", "-in", folder / "key.pem", "-pubout", "-out", folder / "public.pem")
    admin = Session(base)
    admin.log_in("admin", "password")
    admin.demand("/api/mod/plugin/", {"module": "oidc", "name": "oidc", "display_name": "oidc", "parameters": {
        "iss": f"{base}/api/oidc", "jwt-type": "rsa", "jwt-key-size": "256",
        "key": (folder / "key.pem").read_text(), "cert": (folder / "public.pem").read_text(),
        "access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600, "allow-non-oidc": False,
        "auth-type-code-enabled": True, "auth-type-token-enabled": False, "auth-type-id-token-enabled": True, "auth-type-none-enabled": False,
        "auth-type-password-enabled": False, "auth-type-client-enabled": False, "auth-type-device-enabled": False, "auth-type-refresh-enabled": False,
        "jwks-show": True, "pkce-allowed": True, "pkce-method-plain-allowed": False, "scope": [], "additional-parameters": [],
        "name-claim": "mandatory", "email-claim": "mandatory", "address-claim": {"type": "no"}, "claims": [], "subject-type": "public"}})
    for scope in ("email", "profile"):
        admin.demand("/api/scope/", {"name": scope, "display_name": scope, "description": scope, "password_required": False, "scheme": {}})
    admin.demand("/api/client/", {"client_id": "fengsui", "name": "Fengsui", "confidential": True, "password": secret, "enabled": True,
                                  "redirect_uri": [redirect], "authorization_type": ["code"], "scope": _SCOPES.split(),
                                  "token_endpoint_auth_method": ["client_secret_basic"]})
    for name, mail in users:
        admin.demand("/api/user/", {"username": name, "name": name, "email": mail, "password": PASSWORD, "enabled": True, "scope": _SCOPES.split()})


@contextlib.contextmanager
def glewlwyd(folder, address, port, redirect, users, secret="client-secret"):
    """users: [(name, e-mail)]. Gives the issuer's address; people sign in with Session(issuer)."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / "glewlwyd.db")) as database:
        database.executescript(_SCHEMA.read_text())
    config = folder / "glewlwyd.conf"
    config.write_text(_CONFIG.format(address=address, port=port, folder=folder))
    base = f"http://{address}:{port}"
    with server(["/usr/bin/glewlwyd", f"--config-file={config}"], [(address, port)], folder / "output.log"):
        _set_up(folder, base, redirect, users, secret)
        yield f"{base}/api/oidc"
