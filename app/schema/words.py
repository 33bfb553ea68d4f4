"""Numbers in what a command says."""


def number_of(count: int, noun: str) -> str:
    """The count with its noun, which takes an s: "1 row", "2,000 rows"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
