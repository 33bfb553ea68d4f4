"""The parsers on real recordings, compared with other readers of the same files."""

import tarfile
from pathlib import Path

import numpy as np
import pytest

from app.ctg.formats import SourceFile, read_recording
from tests.ctg.formats.helpers import JAKARTA
from tests.data import data_folder

CTU_UHB_RECORDS = 367
FHRMA_FILES = 156
FHRM_SAMPLE = 50


def source(path: Path) -> SourceFile:
    return SourceFile(path.name, path.read_bytes())


def test_wfdb_records_equal_what_the_wfdb_package_reads() -> None:
    wfdb = pytest.importorskip("wfdb")
    headers = sorted((data_folder() / "ctu_uhb" / "dev").glob("*.hea"))[::40]
    assert headers
    for header in headers:
        oracle = wfdb.rdrecord(str(header.with_suffix("")))
        trace = read_recording([source(header), source(header.with_suffix(".dat"))], zone=JAKARTA).trace
        fhr, uc = oracle.p_signal.T
        assert trace.toco is not None
        assert np.array_equal(trace.fhr1, np.where(fhr == 0, np.nan, fhr), equal_nan=True)
        assert np.array_equal(trace.toco, uc)
        assert trace.rate_hz == oracle.fs


def test_every_ctu_uhb_record_is_read() -> None:
    headers = sorted((data_folder() / "ctu_uhb" / "dev").glob("*.hea"))
    assert len(headers) == CTU_UHB_RECORDS
    for header in headers:
        parsed = read_recording([source(header), source(header.with_suffix(".dat"))], zone=JAKARTA)
        assert (parsed.format_id, parsed.notes) == ("wfdb", ())
        assert parsed.trace.duration_s >= 3600


@pytest.mark.parametrize("name", [None, "upload", "upload.fhrm"])
def test_every_fhr_file_is_read_whatever_its_name(name: str | None) -> None:
    paths = sorted((data_folder() / "fhrma").glob("t*/*.fhr"))
    assert len(paths) == FHRMA_FILES
    for path in paths:
        content = path.read_bytes()
        parsed = read_recording([SourceFile(name or path.name, content)], zone=JAKARTA)
        assert parsed.format_id == "fhrma_fhr"
        raw = np.frombuffer(content[4:], np.uint8).reshape(-1, 6).astype(float)
        sensors = raw[:, [0, 2]] + 256 * raw[:, [1, 3]]
        heard = sensors.max(axis=1) / 4
        assert np.array_equal(parsed.trace.fhr1, np.where(heard == 0, np.nan, heard), equal_nan=True)
        assert parsed.trace.toco is not None
        assert np.array_equal(parsed.trace.toco, raw[:, 4] / 2)


def test_a_sample_of_the_fhrm_files_is_read() -> None:
    archive = data_folder() / "fhrma_fs" / "FSdataset_fhrm.tar.xz"
    read = 0
    with tarfile.open(archive) as members:
        for member in members:
            if not member.name.endswith(".fhrm"):
                continue
            packed = members.extractfile(member)
            assert packed is not None
            content = packed.read()
            parsed = read_recording([SourceFile("upload", content)], zone=JAKARTA)
            assert parsed.format_id == "fhrma_fhrm"
            assert len(parsed.trace) == (len(content) - 4) // 8
            read += 1
            if read == FHRM_SAMPLE:
                break
    assert read == FHRM_SAMPLE
