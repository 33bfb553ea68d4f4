"""M1: whether a worker that has drawn a thousand different strips is larger than one that has drawn a few."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from benchmarks.lines import Line, at_most
from benchmarks.run import Run
from benchmarks.signals import clinic
from benchmarks.stores import Store
from benchmarks.world import World

ROOT = Path(__file__).resolve().parents[1]
STRIPS = 1000
RECORDINGS = 20
SPEEDS, SCALES, MINUTES = (1, 2, 3), (20, 30), (10, 15)
LIMIT_MB = 5.0


def lines(_run: Run) -> Iterator[Line]:
    """The growth of a process of its own after its first round."""
    if not Path("/proc/self/statm").exists():
        return
    command = [sys.executable, "-m", "benchmarks.memory"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    before_mb, after_mb = json.loads(done.stdout.splitlines()[-1])
    yield at_most(
        "M1",
        f"memory of a process over {STRIPS:,} different strips, whole requests",
        naive="",
        ours=f"{before_mb:.1f} -> {after_mb:.1f} MB",
        value=after_mb - before_mb,
        limit=LIMIT_MB,
        unit=" MB",
    )


def resident_mb() -> float:
    """Memory of this process that is really in use, in MB; Linux only."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Print the memory before and after the thousand, each drawn for the first time."""
    with Store("SQLite").portal() as app, World(app) as world:
        stored = [world.upload(clinic(40, seed)) for seed in range(RECORDINGS)]
        client = world.browser().client
        views = list(product(SPEEDS, SCALES, MINUTES))
        # The first round fills what is kept on purpose: a paper for each kind of view.
        rounds = iter(range(0, 24 * 60, 10))
        shown = [(recording, start_s) for start_s in rounds for recording in stored]
        before_mb = 0.0
        for number in range(STRIPS + len(views) * RECORDINGS):
            recording, start_s = shown[number % len(shown)]
            speed, scale, minutes = views[number % len(views)]
            if number == len(views) * RECORDINGS:
                before_mb = resident_mb()
            address = f"/monitoring/sessions/{recording.public_id}/strip.svg"
            view = f"start_s={start_s}&minutes={minutes}&speed_cm_min={speed}&bpm_per_cm={scale}"
            response = client.get(f"{address}?{view}")
            if response.status_code != 200:
                raise RuntimeError(f"{view} was answered with {response.status_code}")
        print(json.dumps([before_mb, resident_mb()]))


if __name__ == "__main__":
    main()
