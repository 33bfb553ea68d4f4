"""Form fields that every form shares: typed text is trimmed, bounded, and made of characters that people type."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, Form, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

# What may stand in a text of several lines beside its letters.
LINE_CONTROLS = frozenset("\n\t")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Invisible, but part of names and texts of living scripts and of emoji.
JOINERS = frozenset("\u200c\u200d")
# The categories Cc and Cs without LINE_CONTROLS.
NEVER_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Who wrote a little too much finds all of it again and shortens it; nobody types four times what fits.
KEPT_TIMES_LIMIT = 4


def showable(text: str | None) -> str:
    """`text` with line feeds only, and a replacement mark for each character that no page may hold."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return NEVER_SHOWN.sub(REPLACEMENT, lines)


def trimmed(text: str | None) -> str:
    """`text` as in `showable`, without white space around it; '' for nothing."""
    return showable(text).strip()


def kept(limit: int) -> Callable[[str | None], str]:
    """`trimmed` for a field of `limit` characters: what is far too long stays too long, but not all of it stays."""
    return lambda text: trimmed(text)[: KEPT_TIMES_LIMIT * limit]


def only_typed_characters(text: str, *, several_lines: bool = False) -> bool:
    """Whether `text` has no control character, half surrogate, or mark that turns the reading direction."""
    return all(
        character in JOINERS
        or (several_lines and character in LINE_CONTROLS)
        or (character != REPLACEMENT and unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
        for character in text
    )


class TypedCharacters:
    """A validator for `only_typed_characters`."""

    def __init__(self, *, several_lines: bool = False) -> None:
        self.several_lines = several_lines

    def __call__(self, _form: Form, field: Field) -> None:
        """Raise ValidationError when the field holds anything else."""
        if not only_typed_characters(field.data or "", several_lines=self.several_lines):
            raise ValidationError(_("Remove the characters that cannot be shown."))


class Day(DateField):  # type: ignore[misc]
    """A date whose slips are answered with how to write it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the date from the form."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter the date as year, month and day: 2026-11-22.")) from None


def line(
    label: str, *, limit: int, needed: str | None = None, validators: Sequence[Callable[[Form, Field], None]] = ()
) -> StringField:
    """One line of at most `limit` characters; `needed` is the message when it is empty, None makes it optional."""
    return StringField(
        label,
        filters=[kept(limit)],
        validators=[*_bounds(limit, needed), TypedCharacters(), *validators],
    )


def paragraph(label: str, *, limit: int, needed: str | None = None) -> TextAreaField:
    """Several lines of at most `limit` characters; `needed` as in `line`."""
    return TextAreaField(
        label,
        filters=[kept(limit)],
        validators=[*_bounds(limit, needed), TypedCharacters(several_lines=True)],
    )


def _bounds(limit: int, needed: str | None) -> list[Callable[[Form, Field], None]]:
    first = Optional() if needed is None else DataRequired(needed)
    return [first, Length(max=limit, message=_("Use at most %(limit)s characters.", limit=limit))]
