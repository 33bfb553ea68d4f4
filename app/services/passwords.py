"""Passwords: how they are hashed, compared and renewed, and which ones are refused."""

import re
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.models.password_hashes import is_readable
from app.services.common_passwords import COMMON

MIN_CHARACTERS = 10
MAX_CHARACTERS = 128

# One hash takes 64 MiB: more than two at a time would let a burst of sign-ins empty the machine's memory.
HASHES_AT_A_TIME = 2

# The hash of a password that nobody knows, with today's parameters: what an unknown address is compared with.
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$XreMUPalIMnRczcno5d44w$/kuSTZcIu3Dz4XuR0yr7xc5G+4Jp3CvIS3IU4agN3LM"

_hasher = PasswordHasher()  # argon2id with the library's defaults: RFC 9106, second recommendation
_slots = BoundedSemaphore(HASHES_AT_A_TIME)


def hash_password(text: str) -> str:
    """The argon2id hash of `text`, whose length and commonness `problem` judges; ValueError above the limit."""
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a password has at most {MAX_CHARACTERS} characters")
    with _slots:
        return _hasher.hash(_as_bytes(text))


def verify(stored: str | None, text: str) -> bool:
    """Whether `text` is the password behind `stored`; without one that is read it takes as long and says no."""
    if len(text) > MAX_CHARACTERS:
        return False  # Never hashed, for anybody: a megabyte is no password and must cost nothing.
    known = stored if stored and is_readable(stored) else None
    with _slots:
        try:
            return _hasher.verify(known or NOBODYS_HASH, _as_bytes(text)) and known is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def problem(text: str, *, name: str, email: str) -> str | None:
    """Why this person may not take this password: too_short, too_long, common or personal; None if she may.

    Length and a list of common ones, no rules of composition: NIST SP 800-63B 5.1.1.2.
    """
    if len(text) < MIN_CHARACTERS:
        return "too_short"
    if len(text) > MAX_CHARACTERS:
        return "too_long"
    if text.casefold() in COMMON or len(set(text)) == 1:
        return "common"
    if _core(text) in _personal_words(name, email):
        return "personal"
    return None


def _personal_words(name: str, email: str) -> set[str]:
    """The forms in which people use their own name or address as a password."""
    local_part = email.partition("@")[0]
    words = {_core(word) for word in (name, email, local_part, *re.split(r"\s+", name), "".join(name.split()[::-1]))}
    return {word for word in words if word}


def _core(text: str) -> str:
    """Letters and digits alone, without a number stuck on either end: 'Siti.Rahma1994!' is 'sitirahma'."""
    folded = "".join(character for character in text.casefold() if character.isalnum())
    return folded.strip("0123456789") or folded


def _as_bytes(text: str) -> bytes:
    """Any text as bytes; half of a surrogate pair too, which a JSON or a test can hold."""
    return text.encode("utf-8", "surrogatepass")
