"""The settings of one instance: read once from the environment, refused with a message that names the variable."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pymysql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"

MIN_SECRET_BYTES = 32
# Keys that stand in tutorials, examples and the original's own sources, padded or not.
KNOWN_SECRETS = (
    "secret",
    "changeme",
    "change-me",
    "your-secret-key",
    "supersecret",
    "development",
    "password",
)
LARGEST_PORT = 65535
HOW_TO_WRITE = (
    "Write mysql+pymysql://USER:PASSWORD@HOST/DATABASE, and in a password %40 for @, %3A for :, %2F for /, %3F for ?, "
    "%23 for # and %25 for %"
)
MAX_UPLOAD_MB_LIMIT = 64
MAX_TRUSTED_PROXIES = 5


class SettingsError(ValueError):
    """The environment does not describe an instance that may start; the message lists every problem."""


class Environment(StrEnum):
    """What the instance is for: `demo` never mixes with real data, `production` accepts no default secret."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an instance needs to know before its first request."""

    environment: Environment
    database_url: str
    secret_key: str | None
    time_zone: ZoneInfo
    emergency_phone: str
    mail_url: str
    max_upload_mb: int
    trusted_proxies: int = 0

    @property
    def is_demo(self) -> bool:
        """Whether every page and picture carries the demo mark and mail is never sent."""
        return self.environment is Environment.DEMO

    @property
    def is_https_only(self) -> bool:
        """Whether cookies are Secure and carry the `__Host-` prefix."""
        return self.environment is Environment.PRODUCTION

    @property
    def max_upload_bytes(self) -> int:
        """Largest accepted upload."""
        return self.max_upload_mb * 1024 * 1024


def load_settings(environ: Mapping[str, str] = os.environ, *, serves: bool = True) -> Settings:
    """The settings in `environ`; SettingsError lists every variable that is missing or wrong.

    `serves` is False for commands that only maintain the database: they need DATABASE_URL and nothing else.
    """
    problems: list[str] = []
    values: dict[str, object] = {}
    readers = {
        "environment": _environment,
        "database_url": database_url,
        "secret_key": _secret_key if serves else _no_secret_key,
        "time_zone": _time_zone,
        "emergency_phone": _emergency_phone,
        "mail_url": _mail_url if serves else _no_mail,
        "max_upload_mb": _max_upload_mb,
        "trusted_proxies": _trusted_proxies,
    }
    for name, reader in readers.items():
        try:
            values[name] = reader(environ)
        except SettingsError as problem:
            problems.append(str(problem))
    if problems:
        told = list(dict.fromkeys(problems))
        raise SettingsError(
            "Dopply cannot start:" + (f" {told[0]}" if len(told) == 1 else "".join(f"\n  - {line}" for line in told))
        )
    return Settings(**values)  # type: ignore[arg-type]  # each reader returns its field's type


def database_url(environ: Mapping[str, str]) -> str:
    """The database's URL for SQLAlchemy: `mysql://` becomes PyMySQL with utf8mb4, no value the embedded SQLite."""
    text = environ.get("DATABASE_URL", "").strip()
    environment = _environment(environ)
    if not text:
        if environment is Environment.PRODUCTION:
            raise SettingsError(
                "DATABASE_URL is not set: production needs one, for example "
                "mysql+pymysql://dopply:PASSWORD@localhost/dopply (DOPPLY_ENV=development uses a file instead)"
            )
        name = "demo.db" if environment is Environment.DEMO else "dopply.db"
        return f"sqlite:///{INSTANCE / name}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # Of a port that is no number Python repeats the text: part of a password.
        raise SettingsError(f"DATABASE_URL is not a database URL. {HOW_TO_WRITE}") from None
    if url.drivername in {"mysql", "mariadb", "mariadb+pymysql"}:
        url = url.set(drivername="mysql+pymysql")
    if url.drivername == "mysql+pymysql":
        url = url.update_query_dict({"charset": "utf8mb4"})
        _refuse_wrong_server(url)
    elif url.get_backend_name() == "sqlite":
        url = _from_root(url)
    else:
        raise SettingsError(f"DATABASE_URL names {url.drivername}: Dopply runs on MySQL/MariaDB (PyMySQL) and SQLite")
    return url.render_as_string(hide_password=False)


def _refuse_wrong_server(url: URL) -> None:
    """SettingsError for an address that PyMySQL would stumble over; it never says what stands in the URL.

    An @ that is not written as %40 makes a password's end look like a host, a database or an option.
    """
    if any("@" in part for part in (url.host or "", url.database or "", *url.query, *map(str, url.query.values()))):
        raise SettingsError(f"DATABASE_URL has more than one @. {HOW_TO_WRITE}")
    if not url.database:
        raise SettingsError(f"DATABASE_URL names no database. {HOW_TO_WRITE}")
    if url.port is not None and not 0 < url.port <= LARGEST_PORT:
        raise SettingsError(f"DATABASE_URL names a port that is none. {HOW_TO_WRITE}")
    try:
        _, options = url.get_dialect()().create_connect_args(url)
        pymysql.connect(**options, defer_connect=True)
    except OSError:
        return  # A certificate that is not there: whoever connects is told which.
    except Exception:  # The driver turns options down in many ways, in words that repeat them.
        raise SettingsError(
            "DATABASE_URL has an option after its ? that PyMySQL does not know, or with a value that it does not take"
        ) from None


def _from_root(url: URL) -> URL:
    """The URL of an SQLite file with its whole path: Flask would look for it in `instance`, Alembic where it runs."""
    if url.host or url.query or (url.database or "").startswith("file:"):
        raise SettingsError("DATABASE_URL names an SQLite file by its path alone: sqlite:////path/to/dopply.db")
    if not url.database or url.database == ":memory:":
        return url
    return url.set(database=str(ROOT / url.database))


def _environment(environ: Mapping[str, str]) -> Environment:
    text = environ.get("DOPPLY_ENV", Environment.PRODUCTION)
    try:
        return Environment(text)
    except ValueError:
        raise SettingsError(f"DOPPLY_ENV is {text!r}: use one of {', '.join(Environment)}") from None


def _secret_key(environ: Mapping[str, str]) -> str:
    key = environ.get("SECRET_KEY", "")
    environment = _environment(environ)
    if not key and environment is not Environment.PRODUCTION:
        return _kept_secret_key(INSTANCE / "secret_key")
    if len(key.encode()) < MIN_SECRET_BYTES:
        raise SettingsError(
            f"SECRET_KEY is missing or shorter than {MIN_SECRET_BYTES} bytes: make one with "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    if any(known in key.lower() for known in KNOWN_SECRETS) or len(set(key)) < 8:
        raise SettingsError("SECRET_KEY looks like a published default: make your own")
    return key


def _no_secret_key(_environ: Mapping[str, str]) -> None:
    """None: a process that only maintains the database signs nothing."""


def _kept_secret_key(path: Path) -> str:
    """The key kept in `path`, made once with mode 0600 so that sign-ins survive a restart."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(48)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # Another process made it between the two calls.
            return path.read_text(encoding="ascii")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key)
        return key


def _time_zone(environ: Mapping[str, str]) -> ZoneInfo:
    name = environ.get("DOPPLY_TIME_ZONE", "Asia/Jakarta")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SettingsError(f"DOPPLY_TIME_ZONE is {name!r}: use an IANA name such as Asia/Jakarta") from None


def _emergency_phone(environ: Mapping[str, str]) -> str:
    phone = environ.get("DOPPLY_EMERGENCY_PHONE", "119").strip()
    if not phone or not set(phone) <= set("+0123456789 ()-") or not any(character.isdigit() for character in phone):
        raise SettingsError(f"DOPPLY_EMERGENCY_PHONE is {phone!r}: use digits, spaces, + ( ) -")
    return phone


def _mail_url(environ: Mapping[str, str]) -> str:
    """Where mail goes. Printed mail holds live reset links, and a link without a portal leads nowhere."""
    url = environ.get("MAIL_URL", "console:")
    try:
        parts = urlsplit(url)
        has_portal = _has_portal(parts)
        usable = parts.scheme == "console" or (parts.scheme in {"smtp", "smtps"} and bool(parts.hostname))
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError("MAIL_URL is not console: or smtp(s)://user:password@host:port?from=address")
    if _environment(environ) is Environment.PRODUCTION and not has_portal:
        raise SettingsError(
            "MAIL_URL: production needs a mail server and the address that links in mails lead to, "
            "smtp(s)://user:password@host:port?from=address&portal=https://your.host (console: prints what is secret)"
        )
    return url


def _has_portal(parts: SplitResult) -> bool:
    """Whether `portal` names a host behind TLS."""
    portal = urlsplit(next(iter(parse_qs(parts.query).get("portal", ())), ""))
    return portal.scheme == "https" and bool(portal.hostname)


def _no_mail(_environ: Mapping[str, str]) -> str:
    """The console: a process that only maintains the database sends nothing."""
    return "console:"


def _max_upload_mb(environ: Mapping[str, str]) -> int:
    text = environ.get("MAX_UPLOAD_MB", "16")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_UPLOAD_MB_LIMIT:
        raise SettingsError(f"MAX_UPLOAD_MB is {text!r}: use a whole number from 1 to {MAX_UPLOAD_MB_LIMIT}")
    return int(text)


def _trusted_proxies(environ: Mapping[str, str]) -> int:
    """How many proxies of one's own stand in front; only their word about a reader's address is believed."""
    text = environ.get("DOPPLY_TRUSTED_PROXIES", "0")
    if not text.isascii() or not text.isdigit() or int(text) > MAX_TRUSTED_PROXIES:
        raise SettingsError(f"DOPPLY_TRUSTED_PROXIES is {text!r}: use a whole number from 0 to {MAX_TRUSTED_PROXIES}")
    return int(text)
