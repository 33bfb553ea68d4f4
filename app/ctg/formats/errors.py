"""Why a file is refused: a code, the place in the file and the numbers, with one English sentence each.

The sentences are templates so that another language can fill the same values into its own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.ctg.findings import Scalar
from app.ctg.translatable import N_

READABLE_FORMATS = "CSV, WFDB (.hea + .dat), FHRMA (.fhr, .fhrm), Dopply JSON (bpm_data)"

# A cell or a name of megabytes must not come back in a message.
MAX_SHOWN_CHARACTERS = 100

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # What was sent as a whole.
        "no_file": N_("No file was chosen."),
        "empty_file": N_("The file is empty."),
        "too_large": N_("The file has %(found)s bytes; at most %(limit)s are read."),
        "several_files": N_("%(count)s files were sent that do not belong together. Send one recording at a time."),
        # Kinds of file that are no recording.
        "is_edf": N_("This is an EDF or BDF file, which Dopply does not read yet. It reads %(formats)s."),
        "is_pdf": N_("This is a PDF document, not a recording format Dopply knows. It reads %(formats)s."),
        "is_archive": N_("This is a packed archive, not a recording format Dopply knows. It reads %(formats)s."),
        "is_image": N_("This is a picture, not a recording format Dopply knows. It reads %(formats)s."),
        "is_unknown_binary": N_("This is not a recording format Dopply knows. It reads %(formats)s."),
        "is_unknown_text": N_("This text is not a recording format Dopply knows. It reads %(formats)s."),
        # Samples, whatever the format.
        "no_samples": N_("The file holds no samples."),
        "no_values": N_("No values are stored."),
        "too_many_samples": N_("The recording has more than %(limit)s samples."),
        "value_text": N_("%(value)s is not a number."),
        "value_long": N_("%(value)s has more digits than a measurement."),
        "value_not_finite": N_("%(value)s is not a finite number."),
        "value_negative": N_("%(value)s is negative."),
        "value_absurd": N_("%(value)s is too large; less than %(limit)s is expected."),
        # Time.
        "time_missing": N_("This sample has no time."),
        "time_unreadable": N_("%(value)s is not a time."),
        "time_absurd": N_("The time %(value)s is out of range."),
        "time_zone_mixed": N_("Some times of this file state a time zone and some do not."),
        "time_not_in_zone": N_("The local time %(value)s does not exist: the clocks were put forward."),
        "time_duplicate": N_("The time is the same as that of the sample before."),
        "time_backwards": N_("The time is earlier than that of the sample before."),
        "time_irregular": N_("The time does not fit the step of %(step_s)s s between most samples."),
        "time_span": N_("The times span %(slots)s steps of %(step_s)s s; at most %(limit)s samples are read."),
        "lasts_too_long": N_("The recording lasts longer than %(days)s days, the longest that is read."),
        "rate_out_of_range": N_("A step of %(step_s)s s between samples is out of range."),
        # CSV.
        "text_not_utf8": "The text is not UTF-8.",
        "csv_column_missing": N_("There is no column %(column)s. The first line has to name the columns."),
        "csv_column_twice": N_("The column %(column)s is there twice."),
        "csv_row_width": N_("The row has %(found)s cells where the first line names %(expected)s columns."),
        "csv_line_too_long": N_("The line is longer than %(limit)s characters."),
        "csv_unreadable": N_("The row cannot be separated into cells."),
        # WFDB.
        "wfdb_signal_file_missing": N_("The header needs its signal file: add %(name)s."),
        "wfdb_header_missing": N_("A WFDB signal file needs its header: add the .hea file."),
        "wfdb_two_headers": N_("There are two WFDB headers. Send one recording at a time."),
        "wfdb_file_unknown": N_("The header does not name this file."),
        "wfdb_record_line": N_("The record line of the header is not readable."),
        "wfdb_signal_line": N_("The signal line of the header is not readable."),
        "wfdb_signal_lines": N_("The header announces %(expected)s signals and describes %(found)s."),
        "wfdb_segments": N_("A WFDB record in several segments is not supported."),
        "wfdb_format": N_("WFDB signal format %(format)s is not supported; 16, 80 and 212 are."),
        "wfdb_mixed_formats": N_("Signals in one file have different formats, which is not supported."),
        "wfdb_frames": N_("Several samples per frame or a skew between signals are not supported."),
        "wfdb_no_fhr": N_("No signal of the header is named FHR in bpm."),
        "wfdb_signal_twice": N_("Two signals are named %(name)s."),
        "wfdb_unit": N_("The signal %(name)s is in %(unit)s, not in bpm."),
        "wfdb_no_gain": N_("The header states no gain for the signal %(name)s, so its values have no unit."),
        "wfdb_truncated": N_("The signal file has %(found)s bytes where the header announces %(expected)s."),
        "wfdb_too_long": N_("The signal file has %(found)s bytes where the header announces only %(expected)s."),
        "wfdb_lengths": N_("The signals have %(shortest)s to %(longest)s samples; all need the same number."),
        "wfdb_odd_length": N_("The %(found)s bytes of the signal file are not a whole number of samples."),
        "wfdb_checksum": N_("The samples of %(name)s have the checksum %(found)s; the header says %(expected)s."),
        "wfdb_initial_value": N_("%(name)s starts with %(found)s; the header says %(expected)s."),
        "wfdb_date": N_("%(value)s is not a date and time."),
        # FHRMA.
        "fhrma_truncated": N_("The file ends within a sample: %(left)s of %(sample_bytes)s bytes."),
        "fhrma_implausible": N_("The file is named like an FHRMA recording but does not hold heart rates."),
        "fhrma_ambiguous": N_("The file can be read as .fhr and as .fhrm; its name has to say which it is."),
        # Dopply JSON.
        "json_unreadable": N_("The JSON is not readable: %(reason)s."),
        "json_too_deep": N_("The JSON is nested too deeply."),
        "json_key_twice": N_("The key %(key)s is there twice in one object."),
        "json_shape": N_("bpm_data has to be a list of numbers or a list of objects with time and bpm."),
        "json_key_missing": N_("The object has no %(key)s."),
    }
)


def shown(text: object) -> str:
    """`text` as it can stand in a message: one line, short, no control characters, no half surrogates."""
    line = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in str(text)[: MAX_SHOWN_CHARACTERS + 1]
    )
    return line if len(line) <= MAX_SHOWN_CHARACTERS else line[:MAX_SHOWN_CHARACTERS] + "…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in what was sent: lines and samples count from 1, bytes from 0."""

    file: str
    line: int | None = None
    column: str | None = None
    byte: int | None = None
    sample: int | None = None

    def __str__(self) -> str:
        parts = [shown(self.file)] if self.file else []
        for name in ("line", "column", "byte", "sample"):
            value = getattr(self, name)
            if value is not None:
                parts.append(f"{name} {shown(value)}")
        return ", ".join(parts)


class ParseError(ValueError):
    """A file that is not stored, with the place and the reason; `str()` is the English sentence.

    Attributes
    ----------
    code : str
        Key of `SENTENCES`.
    place : Place
        Where.
    values : Mapping of str to Scalar
        What the sentence is filled with; every text in it is fit to be shown.
    """

    def __init__(self, code: str, place: Place, **values: Scalar) -> None:
        self.code = code
        self.place = place
        self.values: Mapping[str, Scalar] = MappingProxyType(
            {name: shown(value) if isinstance(value, str) else value for name, value in values.items()}
        )
        where = str(place)
        super().__init__((f"{where}: " if where else "") + self.sentence % self.values)

    @property
    def sentence(self) -> str:
        """The English template, to be translated and filled with `values`."""
        return SENTENCES[self.code]


def not_a_recording(code: str, place: Place) -> ParseError:
    """The refusal of a file that is something else, naming what could be sent instead."""
    return ParseError(code, place, formats=READABLE_FORMATS)
