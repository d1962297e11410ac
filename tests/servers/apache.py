"""apache2 with a configuration of our own."""
import os

from servers.process import server

_MAIN = """
ServerRoot {folder}
PidFile {folder}/apache.pid
Mutex file:{folder}
ErrorLog {folder}/error.log
{user}
{modules}
ServerName localhost
ServerTokens {tokens}
ServerSignature Off
TypesConfig /etc/mime.types
<Directory {folder}>
    Require all granted
</Directory>
{text}
"""
_MODULES = ("mpm_event", "authz_core", "mime", "dir", "autoindex", "status", "alias", "headers")


def apache(folder, text, endpoints, tokens="Prod"):
    folder.mkdir(parents=True, exist_ok=True)
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in _MODULES)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    (folder / "apache.conf").write_text(_MAIN.format(folder=folder, modules=modules, user=user, text=text, tokens=tokens))
    command = ["/usr/sbin/apache2", "-f", folder / "apache.conf", "-DFOREGROUND"]
    return server(command, endpoints, folder / "output.log")
