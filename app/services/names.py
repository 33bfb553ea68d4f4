"""Names that are taken for one another: the same words, or a slip of the pen apart."""

import unicodedata
from collections.abc import Collection

# From so many letters on a name may differ in one letter, and in two; shorter ones are really different then.
ONE_SLIP_FROM = 4
TWO_SLIPS_FROM = 10


def folded_name(name: str) -> tuple[str, ...]:
    """The words of a name without case, accents, punctuation and order."""
    plain = "".join(
        character
        for character in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.category(character).startswith("M")
    )
    return tuple(sorted("".join(c if c.isalnum() or not c.isascii() else " " for c in plain).split()))


def are_alike(one: str, other: str) -> bool:
    """Whether a hurried reader could take one name for the other."""
    return _are_alike(folded_name(one), folded_name(other))


def alike_to_any(name: str, others: Collection[tuple[str, ...]]) -> bool:
    """Whether `name` is alike to any of the folded names."""
    folded = folded_name(name)
    return any(_are_alike(folded, other) for other in others)


def _are_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) > 1 and (set(one) < set(other) or set(other) < set(one)):
        return True  # Siti Aminah, and Siti Aminah Putri.
    first, second = " ".join(one), " ".join(other)
    length = min(len(first), len(second))
    allowed = 0 if length < ONE_SLIP_FROM else 1 if length < TWO_SLIPS_FROM else 2
    return (
        abs(len(first) - len(second)) <= allowed
        # One slip changes at most two kinds of letters: this spares most pairs the count.
        and len(set(first) ^ set(second)) <= 2 * allowed
        and slips(first, second, allowed) <= allowed
    )


def slips(one: str, other: str, limit: int) -> int:
    """Letters to insert, drop, change or swap with their neighbour to get from one text to the other.

    Anything above `limit` is given as `limit` + 1: the count stops there.
    """
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        here = [row]
        for column, other_letter in enumerate(other, start=1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != other_letter))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other_letter:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        if min(*here, *above) > limit:
            return limit + 1
        before, above = above, here
    return min(above[-1], limit + 1)
