"""Files as they were sent -> the one recording that they hold."""

from collections.abc import Sequence
from datetime import tzinfo

from app.ctg.formats.bpm_json import is_json, read_bpm_json
from app.ctg.formats.csv_format import is_csv, read_csv
from app.ctg.formats.errors import ParseError, Place, not_a_recording
from app.ctg.formats.fhrma import layout_of, read_fhrma
from app.ctg.formats.source import BYTE_ORDER_MARK, MAX_FILE_BYTES, ParsedRecording, SourceFile
from app.ctg.formats.wfdb_format import read_wfdb
from app.ctg.formats.wfdb_header import is_header

# First bytes of files that people send by mistake, and the code that names them.
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"0       ", "is_edf"),
    (b"\xffBIOSEMI", "is_edf"),
    (b"%PDF-", "is_pdf"),
    (b"PK\x03\x04", "is_archive"),
    (b"PK\x05\x06", "is_archive"),
    (b"\x1f\x8b", "is_archive"),
    (b"\xfd7zXZ\0", "is_archive"),
    (b"7z\xbc\xaf\x27\x1c", "is_archive"),
    (b"Rar!\x1a\x07", "is_archive"),
    (b"\x89PNG\r\n", "is_image"),
    (b"\xff\xd8\xff", "is_image"),
    (b"GIF8", "is_image"),
    (b"II*\0", "is_image"),
    (b"MM\0*", "is_image"),
)

# Characters below the space that stand in text files.
TEXT_CONTROLS = frozenset(b"\t\n\r\f")


def read_recording(files: Sequence[SourceFile], *, zone: tzinfo, fetuses: int = 1) -> ParsedRecording:
    """The recording that `files` hold, whatever they are called.

    Parameters
    ----------
    files : sequence of SourceFile
        One file, or a WFDB header with its signal files.
    zone : tzinfo
        Where local times without a zone are read.
    fetuses : int
        1 or 2: how many babies the person who sends it states.

    Raises
    ------
    ParseError
        For any bytes that are no recording, with the place and the reason; nothing else is raised.
    """
    if fetuses not in (1, 2):
        raise ValueError(f"fetuses is {fetuses!r}, not 1 or 2")
    if not files:
        raise ParseError("no_file", Place(""))
    for source in files:
        if len(source.content) > MAX_FILE_BYTES:
            raise ParseError("too_large", source.place, found=len(source.content), limit=MAX_FILE_BYTES)
        if not source.content and source.extension != ".dat":
            raise ParseError("empty_file", source.place)
    headers = [source for source in files if is_header(source)]
    if len(headers) > 1:
        raise ParseError("wfdb_two_headers", headers[1].place)
    if headers:
        others = [source for source in files if source is not headers[0]]
        return read_wfdb(headers[0], others, zone=zone, fetuses=fetuses)
    if len(files) > 1:
        raise ParseError("several_files", Place(files[1].name), count=len(files))
    return _read_single(files[0], zone, fetuses)


def _read_single(source: SourceFile, zone: tzinfo, fetuses: int) -> ParsedRecording:
    """The recording in a file that needs no other; ParseError if it is none."""
    if not source.content:
        raise ParseError("empty_file", source.place)
    for magic, code in MAGIC:
        if source.content.startswith(magic):
            raise not_a_recording(code, source.place)
    if _is_text(source.content) or is_csv(source.content[:512].decode("latin-1")):
        text = _text(source)
        if is_csv(text):
            return read_csv(source, text, zone=zone, fetuses=fetuses)
        if is_json(text):
            return read_bpm_json(source, text, zone=zone, fetuses=fetuses)
        if source.extension == ".csv":
            return read_csv(source, text, zone=zone, fetuses=fetuses)
        raise not_a_recording("is_unknown_text", source.place)
    layout = layout_of(source)
    if layout is not None:
        return read_fhrma(source, layout, fetuses=fetuses)
    if source.extension == ".dat":
        raise ParseError("wfdb_header_missing", source.place)
    raise not_a_recording("is_unknown_binary", source.place)


def _is_text(content: bytes) -> bool:
    """Whether the beginning has no control character that texts do not have."""
    return all(byte >= 0x20 or byte in TEXT_CONTROLS for byte in content[:512])


def _text(source: SourceFile) -> str:
    """The content with line feeds and no byte order mark; ParseError at the first byte that is not UTF-8."""
    content = source.content.removeprefix(BYTE_ORDER_MARK)
    try:
        return content.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        byte = error.start + len(source.content) - len(content)
        raise ParseError("text_not_utf8", Place(source.name, line=line, byte=byte)) from None
