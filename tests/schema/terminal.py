"""A person at a terminal, played by a test: a real process that reads from a pseudo-terminal."""

import os
import pty
import subprocess
import sys

from tests.schema.project import Project, environment

LIMIT_S = 120


def at_terminal(words: list[str], answer: str, project: Project, *, url: str) -> "subprocess.CompletedProcess[str]":
    """What became of `python <words>`, with `answer` and Enter typed at its terminal."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=project.root,
            env=environment(url),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.write(ours, f"{answer}\n".encode())
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        os.close(ours)
        os.close(theirs)
    return subprocess.CompletedProcess(words, process.returncode, out, err)
