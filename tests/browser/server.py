"""The portal as users meet it: a gunicorn process of its own on an upgraded database of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.data import PROJECT

BIN = Path(sys.executable).parent
START_LIMIT_S = 60
STOP_LIMIT_S = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A running portal."""

    address: str
    environment: dict[str, str]
    log: Path

    def flask(self, *arguments: str, typed: str = "") -> str:
        """What the command printed; CalledProcessError when it failed."""
        return run_flask(self.environment, *arguments, typed=typed)


@contextmanager
def running_server(database_url: str, folder: Path) -> Iterator[Server]:
    """The portal on `database_url`, until the end of the block."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOPPLY_")}
    environment |= {
        "DOPPLY_ENV": "development",
        "DATABASE_URL": database_url,
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghij",
        "MAIL_URL": "console:",
    }
    run_flask(environment, "db", "upgrade")
    log = folder / "server.log"
    # The listening socket is handed over, so that nobody else can take the port and no test has to wait for it.
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener, log.open("wb") as output:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [
                f"{BIN}/gunicorn",
                f"--bind=fd://{listener.fileno()}",
                "--no-control-socket",
                "--worker-class=gthread",
                "--threads=4",
                "wsgi:app",
            ],
            cwd=PROJECT,
            env=environment,
            pass_fds=[listener.fileno()],
            stdout=output,
            stderr=output,
        )
        try:
            yield Server(f"http://127.0.0.1:{port}", environment, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def run_flask(environment: dict[str, str], *arguments: str, typed: str = "") -> str:
    """What `flask` printed, which reads `typed` as its standard input; CalledProcessError when it failed."""
    done = subprocess.run(
        [f"{BIN}/flask", *arguments],
        cwd=PROJECT,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=START_LIMIT_S,
        check=False,
    )
    assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stderr[-2000:]}"
    return done.stdout
