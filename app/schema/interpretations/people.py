"""Accounts, and the rows of patients and doctors beside them."""

import re
from collections import Counter
from collections.abc import Iterator

from app.models.password_hashes import is_readable
from app.schema.interpretations.look import Look
from app.schema.report import Kind, Line

PATIENT_ROW_ADDED = Kind(
    "patient_row_added",
    "an account of a patient without a record gets an empty one",
    "/patients/mine",
)
DOCTOR_ROW_ADDED = Kind(
    "doctor_row_added",
    "an account of a doctor without a row gets one that is not validated",
    "/admin/doctors, where an administrator validates it",
)
PASSWORD_EMPTY = Kind(
    "password_empty",
    "registered in advance: cannot sign in until the account is activated by an e-mailed link",
    "/auth/password/forgot; an administrator sends the letter from /admin/users",
)
PASSWORD_UNKNOWN = Kind(
    "password_unknown",
    "a password in a form that Dopply does not read: cannot sign in until it is set anew by an e-mailed link",
    "/auth/password/forgot",
)
ADDRESS_COLLIDES = Kind(
    "address_collides",
    "the same address as another account's but for case or spaces: none of them signs in until it is settled whose "
    "it is",
    "/admin/addresses",
)
ADDRESS_NO_MAIL = Kind(
    "address_no_mail",
    "an address that no mail can reach: signs in with it as before, gets no letter",
    "/admin/users",
)
PATIENT_SURPLUS = Kind(
    "patient_surplus",
    "one of several records of one account: it gives way to the current one, and what is written on it stays hers",
    "/patients/<id>, which leads to the current record",
)
PATIENT_OTHER_WOMAN = Kind(
    "patient_other_woman",
    "one of several records of one account with another birth date: may be another woman, so the account does not "
    "see it",
    "/patients/<id>, for the doctors linked to it",
)
PATIENT_SEVERAL = Kind(
    "patient_several",
    "one of several records of one account: the upgrade decides which one is current",
    "known after the upgrade",
)
ROLE_DIFFERS = Kind(
    "role_differs",
    "a row of a patient or a doctor whose account has another role: kept, the account's role decides what it may do",
    "no page",
)
PHOTO_KEPT = Kind(
    "photo_kept",
    "where the older system kept the photo: kept as text, not looked for",
    "no page",
)

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def rows_missing(look: Look) -> Iterator[Line]:
    """Accounts without the row beside them: the upgrade adds it."""
    for table, user, role, kind in (
        ("patients", "user_id", "patient", PATIENT_ROW_ADDED),
        ("doctors", "doctor_id", "doctor", DOCTOR_ROW_ADDED),
    ):
        if look.has("users", "role") and look.has(table, user):
            query = (
                f"SELECT id FROM users WHERE role = '{role}' AND NOT EXISTS "  # noqa: S608
                f"(SELECT 1 FROM {table} WHERE {table}.{user} = users.id) ORDER BY id"
            )
            for row in look.rows(query):
                yield Line(kind, "users", row["id"], f"role {role}, no row in {table}")


def passwords_and_photos(look: Look) -> Iterator[Line]:
    """What keeps an account from signing in as before, and photos."""
    for row in look.rows("SELECT id, role, password_hash, photo_url FROM users ORDER BY id"):
        if not row["password_hash"]:
            yield Line(PASSWORD_EMPTY, "users", row["id"], f"role {row['role']}, no password")
        elif not is_readable(row["password_hash"]):
            # Its first characters name the method; nothing of the hash itself goes into a report.
            yield Line(PASSWORD_UNKNOWN, "users", row["id"], f"role {row['role']}, no argon2id hash at a usual price")
        if row["photo_url"]:
            yield Line(PHOTO_KEPT, "users", row["id"], row["photo_url"])


def addresses(look: Look) -> Iterator[Line]:
    """Addresses that are equal in lower case without the spaces around them, and what is no address."""
    users = [(row["id"], row["email"]) for row in look.rows("SELECT id, email FROM users ORDER BY id")]
    if look.has("users", "email_lower"):
        query = "SELECT id FROM users WHERE email_lower IS NULL"
        shared = {row["id"] for row in look.rows(query)}
    else:
        count = Counter(email.strip().lower() for _, email in users)
        shared = {number for number, email in users if count[email.strip().lower()] > 1}
    for number, email in users:
        if number in shared:
            yield Line(ADDRESS_COLLIDES, "users", number, repr(email))
        if not ADDRESS.fullmatch(email.strip()):
            yield Line(ADDRESS_NO_MAIL, "users", number, repr(email))


def surplus_records(look: Look) -> Iterator[Line]:
    """Several rows of one account in `patients`."""
    if not look.has("patients", "superseded_reason"):
        counts = Counter(row["user_id"] for row in look.rows("SELECT user_id FROM patients"))
        for row in look.rows("SELECT id, user_id FROM patients ORDER BY id"):
            if counts[row["user_id"]] > 1:
                yield Line(
                    PATIENT_SEVERAL, "patients", row["id"], f"user {row['user_id']} has {counts[row['user_id']]}"
                )
        return
    query = (
        "SELECT id, user_id, superseded_by_id, superseded_reason FROM patients "
        "WHERE superseded_reason IS NOT NULL ORDER BY id"
    )
    for row in look.rows(query):
        if row["superseded_reason"] == "birth_date_differs":
            yield Line(PATIENT_OTHER_WOMAN, "patients", row["id"], f"user {row['user_id']}")
        else:
            yield Line(PATIENT_SURPLUS, "patients", row["id"], f"user {row['user_id']}, now {row['superseded_by_id']}")


def roles(look: Look) -> Iterator[Line]:
    """Rows beside an account of another role."""
    for table, user, role in (("patients", "user_id", "patient"), ("doctors", "doctor_id", "doctor")):
        query = (
            f"SELECT {table}.id, users.id AS user_id, users.role FROM {table} JOIN users ON users.id = {table}.{user} "  # noqa: S608
            f"WHERE users.role <> '{role}' ORDER BY {table}.id"
        )
        for row in look.rows(query):
            yield Line(ROLE_DIFFERS, table, row["id"], f"user {row['user_id']} is {row['role']}")


READERS = (passwords_and_photos, addresses, surplus_records, roles)
