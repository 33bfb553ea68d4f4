"""U1: a fresh process until the application is there, beside one that imports everything at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from benchmarks.lines import Line, Met, at_most, duration
from benchmarks.measure import ROUNDS
from benchmarks.run import Run

ROOT = Path(__file__).resolve().parents[1]
TIME_LIMIT, MEMORY_LIMIT = 0.45, 0.5
# What a few pages need, as the first lines of modules name it where nobody thinks of the start.
EAGER = ("matplotlib.pyplot", "scipy.signal", "scipy.stats", "scipy.ndimage", "pandas", "wfdb", "fhir.resources.bundle")
NOT_AT_START = ("fhir", "matplotlib", "pandas", "scipy", "wfdb")
ENVIRONMENT = {"DOPPLY_ENV": "test", "DATABASE_URL": "sqlite://", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuv"}

OURS = "import wsgi"
NAIVE = "\n".join(
    f"import {name}" for name in EAGER if find_spec(name.partition(".")[0]) is not None
) + f"\n{OURS}"  # fmt: skip
# Asked of the process itself: what the system tells of a child counts what the parent had when it was started.
TELL_PEAK = """
import resource
from pathlib import Path
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
kilobytes = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
print(kilobytes[0] / 1e3 if kilobytes else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""
LOADED = f"{OURS}\nimport sys\nprint(*[name for name in {NOT_AT_START} if name in sys.modules])"


@dataclass(frozen=True, slots=True)
class Process:
    """What one process took: seconds of the processor, and the most memory at one time."""

    cpu_s: float
    peak_mb: float


def lines(_run: Run) -> Iterator[Line]:
    """Time and memory as parts of what the eager start takes."""
    started(NAIVE), started(OURS)  # The first start writes what later ones read.
    rounds = [(started(NAIVE), started(OURS)) for _ in range(ROUNDS)]
    naive, ours = ([pair[which] for pair in rounds] for which in (0, 1))
    yield at_most(
        "U1",
        "import of the application, time of the processor",
        naive=duration(median(process.cpu_s for process in naive)),
        ours=duration(median(process.cpu_s for process in ours)),
        value=median(b.cpu_s / a.cpu_s for a, b in rounds),
        limit=TIME_LIMIT,
    )
    yield at_most(
        "U1",
        "import of the application, memory",
        naive=f"{median(process.peak_mb for process in naive):.0f} MB",
        ours=f"{median(process.peak_mb for process in ours):.0f} MB",
        value=median(b.peak_mb / a.peak_mb for a, b in rounds),
        limit=MEMORY_LIMIT,
    )
    loaded = _loaded()
    met = Met.NO if loaded else Met.YES
    yield Line("U1", "slow libraries loaded at the start", "all", loaded or "none", loaded or "none", "none", met)


def started(program: str) -> Process:
    """What a Python of its own took for `program`; RuntimeError where it failed."""
    command = [sys.executable, "-c", f"{program}\n{TELL_PEAK}"]
    child = subprocess.Popen(  # noqa: S603  # Our own program.
        command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None  # noqa: S101  # For the types: it was asked for.
    with child.stdout as told:
        peak_mb = told.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{program!r} ended with {child.returncode}")
    return Process(cpu_s=usage.ru_utime + usage.ru_stime, peak_mb=float(peak_mb))


def _loaded() -> str:
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(  # noqa: S603  # Our own program.
        command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
