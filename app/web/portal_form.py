"""What every form of the portal is made of: the few words that the library says itself are translated like ours."""

from typing import Any

from flask_babel import gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import Form

from app.ctg.translatable import N_

# What a field of WTForms answers to a value that it cannot take, where its form has no better words.
LIBRARY_SENTENCES = (
    N_("Invalid Choice: could not coerce."),
    N_("Not a valid choice."),
    N_("Not a valid date value."),
    N_("Not a valid datetime value."),
    N_("Not a valid integer value."),
)


class LibraryWords:
    """The library's sentences in the reader's language, from our own catalogue: its own knows no Indonesian."""

    def gettext(self, text: str) -> str:
        """The sentence."""
        return str(gettext(text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The sentence for this number of things."""
        return str(ngettext(one, many, count))


class Translated:
    """The part of a form's Meta that says where its words come from."""

    def get_translations(self, _form: Any) -> LibraryWords:
        """Our own catalogue."""
        return LibraryWords()


class PortalForm(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types.
    """A form that is posted."""

    class Meta(Translated):
        """Beside what Flask-WTF sets."""


class SearchForm(Form):  # type: ignore[misc]  # wtforms ships no types.
    """A form that only asks: it changes nothing, is sent by GET and needs no token."""

    class Meta(Translated):
        """Beside what WTForms sets."""
