"""The options of a database URL in the words of the database's own clients."""

from typing import Any

import sqlalchemy as sa

# What our driver is told and a dump does not need.
WITHOUT_MEANING = frozenset({"charset", "connect_timeout", "read_timeout", "write_timeout", "database", "client_flag"})
PLAIN = {"user": "user", "password": "password", "port": "port"}


def text(url: sa.URL, *, is_mariadb: bool) -> bytes | None:
    """The text of an option file that leads a client where `url` leads our driver; None if it cannot be said."""
    _, given = url.get_dialect()().create_connect_args(url)
    given = {name: value for name, value in given.items() if name not in WITHOUT_MEANING}
    options = {PLAIN[name]: given.pop(name) for name in PLAIN if name in given}
    host = given.pop("host", "localhost")
    socket = given.pop("unix_socket", None)
    # Our driver takes "localhost" by its name, the clients take it for their socket.
    options |= {"protocol": "SOCKET", "socket": socket} if socket else {"protocol": "TCP", "host": host}
    tls = _tls(given, is_mariadb=is_mariadb)
    if tls is None or given:
        return None
    lines = [f"{name}={_quoted(str(value))}".encode(_encoding(name)) for name, value in (options | tls).items()]
    return b"\n".join([b"[client]", *lines, b""])


def _tls(given: dict[str, Any], *, is_mariadb: bool) -> dict[str, str] | None:
    """TLS as our driver does it, taken out of `given`: forbidden, if the server has it, or with a checked name."""
    if given.pop("ssl_disabled", None):
        given.pop("ssl", None)
        return {"ssl": "0"} if is_mariadb else {"ssl-mode": "DISABLED"}
    files = given.pop("ssl", {})
    if not files:
        return {"loose-ssl-verify-server-cert": "0"} if is_mariadb else {"ssl-mode": "PREFERRED"}
    if "ca" not in files or not set(files) <= {"ca", "cert", "key"}:
        return None
    checked = {"ssl-verify-server-cert": "1"} if is_mariadb else {"ssl-mode": "VERIFY_IDENTITY"}
    return {f"ssl-{name}": path for name, path in files.items()} | checked


def _encoding(name: str) -> str:
    """As our driver sends it."""
    return "latin1" if name == "password" else "utf-8"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
