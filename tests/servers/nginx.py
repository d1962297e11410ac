"""nginx with a configuration of our own."""
import os

from servers.process import server

# What a well-kept site sends with every page.
GOOD_HEADERS = """
    add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;
    add_header Content-Security-Policy "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'" always;
    add_header X-Content-Type-Options nosniff always;
    add_header X-Frame-Options SAMEORIGIN always;
    add_header Referrer-Policy strict-origin-when-cross-origin always;
"""
GOOD_TLS = """
    ssl_conf_command SignatureAlgorithms RSA-PSS+SHA256:RSA+SHA256:ECDSA+SHA256:RSA+SHA384:ECDSA+SHA384;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384;
"""
_MAIN = """
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    server_tokens {tokens};
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""
# Old protocols, short keys and weak hashes are refused by OpenSSL's own defaults.
_WEAK = """
openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = weak
[weak]
MinProtocol = TLSv1
CipherString = DEFAULT:@SECLEVEL=0
"""


def nginx(folder, servers, endpoints, tokens="off", weak=False):
    """servers: the text of all server blocks."""
    folder.mkdir(parents=True, exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, servers=servers, tokens=tokens, user=user))
    env = dict(os.environ)
    if weak:
        (folder / "weak.cnf").write_text(_WEAK)
        env["OPENSSL_CONF"] = str(folder / "weak.cnf")
    command = ["/usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "start.log", "-g", "daemon off;"]
    return server(command, endpoints, folder / "output.log", env)


def tls_server(listen, name, chain, key, body="", tls=GOOD_TLS, headers=GOOD_HEADERS):
    """One https server block; listen: ["127.0.0.1:443", "[::1]:443"]."""
    lines = "".join(f"    listen {endpoint} ssl;\n" for endpoint in listen)
    return f"server {{\n{lines}    server_name {name};\n    ssl_certificate {chain};\n    ssl_certificate_key {key};\n{tls}{headers}{body}}}\n"


def plain_server(listen, name, body="", headers=""):
    lines = "".join(f"    listen {endpoint};\n" for endpoint in listen)
    return f"server {{\n{lines}    server_name {name};\n{headers}{body}}}\n"


def to_https(listen, name):
    """http that leads to https."""
    return plain_server(listen, name, "    return 301 https://$host$request_uri;\n")
