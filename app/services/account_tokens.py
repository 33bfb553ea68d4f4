"""Single-use tokens that stand for a mailbox or a paper handed over in the clinic; only their hashes are kept."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from app.models import AccountToken, TokenPurpose, User
from app.services.clock import utc_now
from app.services.errors import NotFound

LIFETIMES = {TokenPurpose.RESET: timedelta(hours=1), TokenPurpose.ACTIVATE: timedelta(days=14)}

# Crockford's base 32: no I, L, O or U, so that a printed code can be typed. 20 characters are 100 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARACTERS = 20
GROUP_CHARACTERS = 5
_MISREAD = str.maketrans("OIL", "011")


def issue(session: Session, user: User, purpose: TokenPurpose) -> str:
    """A new token for `user`, written as it is mailed or printed: four groups of five characters."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
    now = utc_now()
    session.add(
        AccountToken(
            user_id=user.id,
            purpose=purpose,
            token_hash=_hash(code),
            created_at=now,
            expires_at=now + LIFETIMES[purpose],
        )
    )
    session.flush()
    return "-".join(code[at : at + GROUP_CHARACTERS] for at in range(0, CODE_CHARACTERS, GROUP_CHARACTERS))


def holder(session: Session, text: str, purpose: TokenPurpose) -> User:
    """Whose token this is; NotFound when it is unknown, used, too old, of another purpose or of a closed account."""
    return _open(session, text, purpose).user


def use(session: Session, text: str, purpose: TokenPurpose) -> User:
    """Whose token this was: it and every other one of hers is used up. NotFound as in `holder`."""
    user = _open(session, text, purpose, is_locked=True).user
    use_up(session, user.id)
    return user


def use_up(session: Session, user_id: int) -> None:
    """End every open token of a user: after a new password, or when the account is closed."""
    session.execute(
        update(AccountToken)
        .where(AccountToken.user_id == user_id, AccountToken.used_at.is_(None))
        .values(used_at=utc_now())
    )


def purge(session: Session) -> int:
    """How many tokens are deleted because they opened nothing any more."""
    is_over = (AccountToken.expires_at <= utc_now()) | AccountToken.used_at.is_not(None)
    found = session.scalar(select(func.count()).select_from(AccountToken).where(is_over)) or 0
    session.execute(delete(AccountToken).where(is_over))
    return found


def _open(session: Session, text: str, purpose: TokenPurpose, *, is_locked: bool = False) -> AccountToken:
    statement = (
        select(AccountToken).where(AccountToken.token_hash == _hash(text)).options(joinedload(AccountToken.user))
    )
    if is_locked:  # Of two parallel uses the second one waits here and then finds it used.
        statement = statement.with_for_update(of=AccountToken).execution_options(populate_existing=True)
    token = session.scalars(statement).one_or_none()
    if (
        token is None
        or token.purpose is not purpose
        or token.used_at is not None
        or token.expires_at <= utc_now()
        or not token.user.is_active
    ):
        raise NotFound("account_token")
    return token


def canonical(text: str) -> str:
    """A code however it was typed: small letters, blanks, hyphens, letters that look like digits."""
    return "".join(character for character in text.upper() if character.isalnum()).translate(_MISREAD)


def _hash(text: str) -> str:
    return hashlib.sha256(canonical(text).encode("utf-8", "surrogatepass")).hexdigest()
