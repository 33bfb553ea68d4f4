"""A real, small mail server for tests: it keeps what it is given, or refuses as told."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """What the server got, and what it will answer; `refusals` are given to the next messages, one each."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """MAIL_URL of this server."""
        return f"smtp://127.0.0.1:{self.port}?from=unit@example.org"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A running server on a port of its own."""
    kept = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        """One connection."""

        def handle(self) -> None:
            self.say("220 ready")
            while line := self.rfile.readline():
                command = line.decode("latin-1").strip()  # A client may greet in TLS where we speak none.
                with kept.lock:
                    kept.commands.append(command)
                match command.upper().split(" ")[0].split(":")[0]:
                    case "EHLO":
                        names = ["localhost", *kept.extensions]
                        for name in names[:-1]:
                            self.say(f"250-{name}")
                        self.say(f"250 {names[-1]}")
                    case "AUTH":
                        self.say("235 welcome")
                    case "RCPT":
                        self.say("550 no such mailbox" if "refused@" in command else "250 go on")
                    case "DATA":
                        self.take_message()
                    case "QUIT":
                        self.say("221 bye")
                        return
                    case _:
                        self.say("250 go on")

        def take_message(self) -> None:
            self.say("354 send it")
            lines = []
            while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            with kept.lock:
                refusal = kept.refusals.pop(0) if kept.refusals else ""
                if not refusal:
                    kept.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self.say(refusal or "250 taken")

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        """Threads that end with the test."""

        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody can: it is taken for as long as the block lasts."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])
