"""How a message leaves: to a mail server, or printed where there is none."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from typing import TextIO

from app.services.mail_settings import MailServer, server

# A mail server that does not answer must not hold the other jobs for long.
TIMEOUT_S = 10


class MailNotSent(Exception):
    """The message is still ours; the text says why and names no person."""


class MailServerAway(MailNotSent):
    """Nobody answers where the mail server should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message as it leaves; `number` is its row in the outbox."""

    number: int
    to: str
    subject: str
    body: str
    created_at: datetime


Transport = Callable[[Message], None]


def transport(mail_url: str, stream: TextIO) -> Transport:
    """How mail leaves by MAIL_URL: `console:` prints to `stream`."""
    found = server(mail_url)
    if found is None:
        return lambda message: print_message(message, stream)
    return lambda message: send_by_smtp(message, found)


def print_message(message: Message, stream: TextIO) -> None:
    """Print the message for whoever runs the jobs."""
    stream.write(f"--- mail {message.number}\nTo: {message.to}\nSubject: {message.subject}\n\n{message.body}\n---\n")
    stream.flush()


def send_by_smtp(message: Message, to: MailServer) -> None:
    """Hand the message to the server; MailNotSent when it did not take it."""
    try:
        with _connected(to) as connection:
            connection.send_message(_as_email(message, to.sender))
    except smtplib.SMTPRecipientsRefused:
        raise MailNotSent("the receiver was refused") from None
    except smtplib.SMTPResponseException as error:
        raise MailNotSent(f"{type(error).__name__} {error.smtp_code}") from None
    except smtplib.SMTPServerDisconnected:
        raise MailServerAway("the server hung up") from None
    except (smtplib.SMTPException, ValueError) as error:
        raise MailNotSent(type(error).__name__) from None
    except OSError as error:  # After SMTPException, which is one too.
        raise MailServerAway(type(error).__name__) from None


def _connected(to: MailServer) -> smtplib.SMTP:
    """A connection, encrypted where the server can; a password is never sent in clear over a network."""
    context = ssl.create_default_context()
    if to.is_tls:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(to.host, to.port, timeout=TIMEOUT_S, context=context)
        is_encrypted = True
    else:
        connection = smtplib.SMTP(to.host, to.port, timeout=TIMEOUT_S)
        connection.ehlo()
        is_encrypted = connection.has_extn("starttls")
        if is_encrypted:
            connection.starttls(context=context)
    if to.user:
        if not (is_encrypted or _is_this_machine(to.host)):
            connection.close()
            raise MailNotSent("the mail server offers no encryption for the password")
        connection.login(to.user, to.password)
    return connection


def _as_email(message: Message, sender: str) -> EmailMessage:
    email = EmailMessage()
    email["From"] = sender
    email["To"] = message.to
    email["Subject"] = message.subject
    email["Date"] = format_datetime(message.created_at)
    # The same at every attempt, so that a receiver can tell a repetition.
    email["Message-ID"] = f"<dopply-{message.number}-{message.created_at:%Y%m%d%H%M%S%f}@{sender.rpartition('@')[2]}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.body)
    return email


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
