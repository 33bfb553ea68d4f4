"""The command: measures, prints one table, and exits with 1 when a goal is missed."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import table
from benchmarks.goals import GOALS, measured
from benchmarks.run import Run

ROOT = Path(__file__).resolve().parents[1]
READINGS, QUICK_READINGS = 10_000_000, 1_000_000


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 when no goal that can be measured is missed."""
    asked = _parser().parse_args(arguments)
    run = Run(readings=QUICK_READINGS if asked.quick else READINGS)
    lines = list(measured(run, frozenset(asked.only)))
    where, on = table.machine(), datetime.now(UTC).date()
    print(table.as_text(lines))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(table.as_json(lines, where=where, on=on), encoding="utf-8")
    if asked.table:
        table.put_into(asked.table, table.as_markdown(lines, where=where, on=on))
    missed = sorted({line.id for line in table.missed(lines)})
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nno goal is missed")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_READINGS:,} readings for S4, not {READINGS:,}")
    known = [goal.id for goal in GOALS]
    parser.add_argument("--only", nargs="+", default=[], choices=known, metavar="ID", help="measure these goals alone")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json", help="where the JSON goes")
    guide = ROOT / "docs" / "performance.md"
    parser.add_argument(
        "--table", nargs="?", type=Path, const=guide, help="write the table between the marks of the guide, too"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
