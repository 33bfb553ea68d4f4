"""Names that a database or a file gives itself, for a terminal."""


def printable(text: str) -> str:
    """One line in which what a terminal would obey, or show in another order, is written as an escape."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
