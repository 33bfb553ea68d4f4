"""Which stored password hashes are read at all: argon2id, at a price that one sign-in may cost."""

from argon2 import Type, extract_parameters
from argon2.exceptions import InvalidHashError

# A hash states its own price, and one that an older program or a stranger wrote may ask for hours and all the memory
# there is. These are several times what any library takes for its default.
MAX_MEMORY_KIB = 256 * 1024
MAX_PASSES = 10
MAX_LANES = 8


def is_readable(stored: str) -> bool:
    """Whether `stored` is a hash that a password may be compared with."""
    try:
        found = extract_parameters(stored)
    except InvalidHashError:
        return False
    return (
        found.type is Type.ID
        and found.memory_cost <= MAX_MEMORY_KIB
        and found.time_cost <= MAX_PASSES
        and found.parallelism <= MAX_LANES
    )
