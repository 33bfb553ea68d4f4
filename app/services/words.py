"""Sentences for mail in the language of the one who receives it; pages have their request's language instead."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

from app.models import Language

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"


def in_language(language: Language | None) -> Callable[[str], str]:
    """`gettext` of this language, English where an account has none. Call it `_`, so that its texts are found."""
    return _catalogue(language or Language.ENGLISH).gettext


@cache
def _catalogue(language: Language) -> NullTranslations:
    return Translations.load(CATALOGUES, [language.value])
