"""Numbers in what a command says."""


def number_of(count: int, noun: str) -> str:
    """The count with its noun, which takes an s: "1 row", "2,000 rows"."""
    return either(count, noun, f"{noun}s")


def either(count: int, one: str, many: str) -> str:
    """The count before the words that fit it: "1 account has", "2 accounts have"."""
    return f"{count:,} {one if count == 1 else many}"
