"""MAIL_URL taken apart: `console:` or `smtp(s)://user:password@host:port?from=address&portal=https://host`."""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, as whom, and from which address."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str
    sender: str


def server(mail_url: str) -> MailServer | None:
    """The server that MAIL_URL names, None for the console."""
    parts = urlsplit(mail_url)
    if parts.scheme == "console" or parts.hostname is None:
        return None
    is_tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if is_tls else 25),
        is_tls=is_tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=_parameter(parts, "from") or f"dopply@{parts.hostname}",
    )


def portal_address(mail_url: str) -> str | None:
    """The address of the portal for links in mails, where MAIL_URL states it."""
    return _parameter(urlsplit(mail_url), "portal")


def leaves_the_machine(mail_url: str) -> bool:
    """Whether mail is sent to people, and not only printed."""
    return server(mail_url) is not None


def _parameter(parts: SplitResult, name: str) -> str | None:
    return next(iter(parse_qs(parts.query).get(name, ())), None)
