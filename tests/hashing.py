"""Cheap password hashes for tests that are not about them: the same algorithm, a thousandth of the work."""

from argon2 import PasswordHasher

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
