"""The lines as a table for a terminal, as Markdown and as JSON."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.lines import Line, Met

HEADINGS = ("id", "name", "naive", "ours", "ratio", "goal", "met")
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"


def as_text(lines: Sequence[Line]) -> str:
    """Columns as wide as they need to be."""
    rows = [HEADINGS, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def as_markdown(lines: Sequence[Line], *, where: str, on: date) -> str:
    """A table under a sentence that says where and when."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(_cells(line) for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"Measured on {on.isoformat()}: {where}.\n\n{table}"


def as_json(lines: Sequence[Line], *, where: str, on: date) -> str:
    """The same for programs."""
    document: dict[str, Any] = {
        "measured_on": on.isoformat(),
        "machine": where,
        "is_met": not missed(lines),
        "lines": [asdict(line) for line in lines],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def put_into(document: Path, markdown: str) -> None:
    """Replace what stands between the two marks of `document`; ValueError where it has not both."""
    text = document.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{document} has no place for the table: {BEGIN} and {END}")
    document.write_text(f"{before}{begin}\n\n{markdown}\n\n{end}{after}", encoding="utf-8")


def missed(lines: Sequence[Line]) -> list[Line]:
    """The lines that say NO."""
    return [line for line in lines if line.met is Met.NO]


def machine() -> str:
    """The processor, the system and the versions that matter."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "matplotlib", "sqlalchemy"))
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {libraries}"
    )


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    text = known.read_text(encoding="utf-8") if known.exists() else ""
    names = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _cells(line: Line) -> tuple[str, ...]:
    return (line.id, line.name, line.naive, line.ours, line.ratio, line.goal, str(line.met))
