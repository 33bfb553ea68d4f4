"""Words that a patient can read as "no need to call": never ours, and confirmed when a doctor writes them."""

import re
import unicodedata
from collections.abc import Collection

# SAFETY.md, rule 1, with the forms in which the words are written.
ENGLISH = (
    "normal",
    "normally",
    "healthy",
    "safe",
    "safely",
    "fine",
    "good",
    "reassuring",
    "reassured",
    "all clear",
)
INDONESIAN = ("normal", "normalnya", "sehat", "sehatnya", "aman", "baik-baik saja", "bagus")

# The sentences of ours in which such a word stands inside a negation, by their English text (their message id).
ALLOWED_SENTENCES = frozenset(
    {
        "Finding a heartbeat does not mean your baby is well.",
    }
)


def _pattern(word: str) -> str:
    """The word or phrase in each way that its parts are joined; one that is doubled is also written as "baik2"."""
    between = r"[\s-]+"
    first, *others = (re.escape(part) for part in re.split(r"[\s-]", word))
    if others[:1] == [first]:
        first, others = f"{first}(?:2|{between}{first})", others[1:]
    return between.join([first, *others])


# The longest first, so that "baik-baik saja" is found whole. A hyphen or an apostrophe does not end a word here:
# "abnormal" is another word, and "not-normal" is still to be looked at.
_WORDS = sorted({*ENGLISH, *INDONESIAN}, key=len, reverse=True)
_PATTERN = re.compile(r"(?<!\w)(?:" + "|".join(map(_pattern, _WORDS)) + r")2?(?!\w)", re.IGNORECASE)


def found_in(text: str) -> list[str]:
    """The forbidden words in `text` as a reader sees them there, each once, in their order."""
    found = (" ".join(match.group().split()) for match in _PATTERN.finditer(_as_seen(text)))
    return list(dict.fromkeys(word.lower() for word in found))


def _as_seen(text: str) -> str:
    """Wide and raised letters are letters, every dash is a hyphen, and what has no form of its own is not there."""
    shown = (one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return "".join("-" if unicodedata.category(one) == "Pd" else one for one in shown)


def is_allowed(message_id: str, allowed: Collection[str] = ALLOWED_SENTENCES) -> bool:
    """Whether this message of the catalogues is a sentence that may hold such a word."""
    return message_id in allowed
