"""What a URL says about TLS holds for mariadb-dump as for our driver."""

import datetime as dt
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.schema.backup import backup_to, option_file
from app.schema.errors import SchemaFailed
from tests.databases import start_private_server
from tests.schema.commands import execute
from tests.schema.ways import CLIENT, PORTABLE, require_client


@dataclass(frozen=True, slots=True)
class Authority:
    """One that signs certificates, and the file of its own."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    path: Path


@dataclass(frozen=True, slots=True)
class TlsServer:
    """A server that speaks to nobody without TLS: its URL over the network, its authority, and a stranger's."""

    url: sa.URL
    authority: Path
    stranger: Path

    def told(self, **query: str) -> str:
        """The URL with these options."""
        return self.url.update_query_dict(query).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> TlsServer:
    """The server, with a database and a table."""
    require_client()
    folder = tmp_path_factory.mktemp("tls")
    ours, stranger = authority(folder, "ours"), authority(folder, "stranger")
    issue(folder, ours)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    by_socket = start_private_server(
        f"--port={port}",
        "--bind-address=127.0.0.1",
        f"--ssl-cert={folder / 'server.pem'}",
        f"--ssl-key={folder / 'server.key'}",
        "--require-secure-transport=ON",
        "--skip-name-resolve=OFF",
    )
    local = sa.make_url(by_socket)
    execute(
        by_socket,
        "CREATE DATABASE dopply",
        "CREATE TABLE dopply.things (id INT PRIMARY KEY)",
        "CREATE USER reader IDENTIFIED BY 'secret'",
        "GRANT ALL ON dopply.* TO reader",
        "DELETE FROM mysql.global_priv WHERE User = ''",
        "FLUSH PRIVILEGES",
    )
    url = local.set(host="localhost", port=port, username="reader", password="secret", database="dopply", query={})
    return TlsServer(url, ours.path, stranger.path)


def authority(folder: Path, name: str) -> Authority:
    """A new one."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"The authority {name}")])
    made = certificate(subject, subject, key.public_key()).add_extension(x509.BasicConstraints(True, None), True)
    path = folder / f"{name}.pem"
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return Authority(subject, key, path)


def issue(folder: Path, by: Authority) -> None:
    """A key and a certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = certificate(subject, by.name, key.public_key()).add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), False
    )
    signed = made.sign(by.key, hashes.SHA256())
    (folder / "server.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    """One that held yesterday and holds tomorrow."""
    now = dt.datetime.now(dt.UTC)
    return x509.CertificateBuilder(
        issuer, subject, key, x509.random_serial_number(), now - dt.timedelta(days=1), now + dt.timedelta(days=1)
    )


def test_an_authority_is_believed(server: TlsServer, tmp_path: Path) -> None:
    assert backup_to(server.told(ssl_ca=str(server.authority)), tmp_path / "backup").method == CLIENT


def test_tls_is_used_where_nothing_is_said(server: TlsServer, tmp_path: Path) -> None:
    assert backup_to(server.told(), tmp_path / "backup").method == CLIENT
    assert dumped(server.told(), tmp_path).returncode == 0


def test_a_stranger_is_not_believed_by_either(server: TlsServer, tmp_path: Path) -> None:
    url = server.told(ssl_ca=str(server.stranger))
    with pytest.raises(SchemaFailed, match=r"(?i)certificate.*No backup was made"):
        backup_to(url, tmp_path / "backup")
    assert "certificate" in dumped(url, tmp_path).stderr


def test_tls_that_is_forbidden_is_used_by_neither(server: TlsServer, tmp_path: Path) -> None:
    url = server.told(ssl_disabled="true")
    with pytest.raises(SchemaFailed, match=r"(Access denied|secure_transport).*No backup was made"):
        backup_to(url, tmp_path / "backup")
    assert dumped(url, tmp_path).returncode != 0


def test_what_the_client_cannot_be_told_is_left_to_our_own_export(server: TlsServer, tmp_path: Path) -> None:
    url = server.told(ssl_ca=str(server.authority), ssl_check_hostname="false")
    assert backup_to(url, tmp_path / "backup").method == PORTABLE


def dumped(url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """What mariadb-dump says when it is led by the options for `url`."""
    text = option_file.text(sa.make_url(url), is_mariadb=True)
    assert text is not None
    (folder / "options").write_bytes(text)
    return subprocess.run(
        [require_client(), f"--defaults-file={folder / 'options'}", "dopply"],
        capture_output=True,
        text=True,
        check=False,
    )
