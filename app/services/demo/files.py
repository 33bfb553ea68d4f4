"""A simulated Trace as the files that a device would have written, so that it is uploaded like any other."""

from datetime import timedelta, tzinfo

import numpy as np

from app.ctg.formats import SourceFile
from app.ctg.trace import ChannelName, FloatArray, Trace

CSV_COLUMNS: dict[ChannelName, str] = {"fhr1": "fhr_bpm", "fhr2": "fhr2_bpm", "toco": "toco", "mhr": "mhr_bpm"}

# As CTU-UHB writes them: hundredths, and 0 where there is no signal.
WFDB_GAIN = 100
WFDB_SIGNALS: dict[ChannelName, tuple[str, str]] = {
    "fhr1": ("FHR", "bpm"),
    "fhr2": ("FHR2", "bpm"),
    "toco": ("UC", "nd"),
    "mhr": ("MHR", "bpm"),
}


def csv_file(trace: Trace, name: str) -> SourceFile:
    """One CSV file with seconds from the start; loss is an empty cell. The start has to be stated at upload."""
    channels = [(CSV_COLUMNS[name], values) for name, values in trace.channels() if name in CSV_COLUMNS]
    lines = [",".join(["time_s", *(column for column, _ in channels)])]
    for index, time_s in enumerate(trace.times_s()):
        lines.append(",".join([f"{time_s:.10g}", *(_cell(values[index]) for _, values in channels)]))
    return SourceFile(f"{name}.csv", ("\n".join(lines) + "\n").encode())


def iso_csv_file(trace: Trace, name: str, zone: tzinfo) -> SourceFile:
    """One CSV file with ISO 8601 local times, as exported by a central monitor in a country with decimal commas."""
    if trace.start is None:
        raise ValueError("the recording has no start")
    start = trace.start.astimezone(zone)
    channels = [(CSV_COLUMNS[name], values) for name, values in trace.channels() if name in CSV_COLUMNS]
    lines = [";".join(["time", *(column for column, _ in channels)])]
    for index, time_s in enumerate(trace.times_s()):
        cells = (_cell(values[index]).replace(".", ",") for _, values in channels)
        lines.append(";".join([(start + timedelta(seconds=float(time_s))).isoformat(), *cells]))
    return SourceFile(f"{name}.csv", ("\r\n".join(lines) + "\r\n").encode())


def wfdb_files(trace: Trace, name: str, zone: tzinfo) -> tuple[SourceFile, SourceFile]:
    """Header and signal file of a WFDB record whose base time is local, format 16."""
    if trace.start is None:
        raise ValueError("the recording has no start")
    signals = [(WFDB_SIGNALS[name], _digital(values)) for name, values in trace.channels() if name in WFDB_SIGNALS]
    base = trace.start.astimezone(zone).strftime("%H:%M:%S %d/%m/%Y")
    lines = [f"{name} {len(signals)} {trace.rate_hz:g} {len(trace)} {base}"]
    for (description, unit), digital in signals:
        checksum = (int(digital.sum()) + 2**15) % 2**16 - 2**15
        lines.append(f"{name}.dat 16 {WFDB_GAIN}(0)/{unit} 12 0 {digital[0]} {checksum} 0 {description}")
    lines.append("# simulated, no patient")
    frames = np.column_stack([digital for _, digital in signals]).astype("<i2")
    return (
        SourceFile(f"{name}.hea", ("\n".join(lines) + "\n").encode()),
        SourceFile(f"{name}.dat", frames.tobytes()),
    )


def _cell(value: float) -> str:
    return "" if np.isnan(value) else f"{value:g}"


def _digital(values: FloatArray) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Hundredths as whole numbers, shape (n,); loss is 0."""
    return np.round(np.where(np.isnan(values), 0.0, values) * WFDB_GAIN).astype(np.int64)
