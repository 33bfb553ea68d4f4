"""Serves the portal together with its background jobs; when one of the two ends, or on Ctrl-C, both end."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# A worker that is drawing a strip may finish it; nothing takes longer than this.
GRACE_S = 10


class Stopped(Exception):
    """Raised in the main thread by the first signal that asks us to stop."""


def commands(port: int) -> list[list[str]]:
    """The two programs: the web server on this machine's own address only, and the jobs."""
    web = [f"{BIN}/gunicorn", "--bind", f"127.0.0.1:{port}", "--preload", "--no-control-socket"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", str(GRACE_S), "--log-level", "warning", "wsgi:app"]
    return [web, [f"{BIN}/flask", "jobs", "run", "--forever"]]


def run_together(programs: Sequence[Sequence[str]]) -> int:
    """The exit status: that of the program that ended first, or 0 when somebody asked to stop.

    Each program leads a process group of its own, so that a Ctrl-C reaches only us, and what is left of a group
    can be ended with it.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        for program in programs:
            child = subprocess.Popen(program, cwd=ROOT, process_group=0)  # noqa: S603 -- our own programs.
            children.append(child)
        pid, wait_status = os.wait()
        status = os.waitstatus_to_exitcode(wait_status)
        program = next(program for program, child in zip(programs, children, strict=True) if child.pid == pid)
        print(f"{' '.join(program)} ended with status {status}", file=sys.stderr)
        return status if status > 0 else 1
    except Stopped:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end(children)


def end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """None, once no process of the children's groups is left: first asked to end, then killed."""
    for child in children:
        _signal_group(child, signal.SIGTERM)
    for child in children:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(GRACE_S + 2)
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def main() -> int:
    """The exit status of serving."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    print(f"Serving on http://127.0.0.1:{port} (Ctrl-C stops)", flush=True)
    return run_together(commands(port))


if __name__ == "__main__":
    sys.exit(main())
