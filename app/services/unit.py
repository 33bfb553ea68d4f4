"""The maternity unit that this instance serves."""

from sqlalchemy.orm import Session

from app.access import Actor
from app.models import Unit
from app.services import audit
from app.services.clock import utc_now
from app.services.errors import Refused

UNIT_ID = 1
DEFAULT_SPEED_CM_MIN = 1
DEFAULT_BPM_PER_CM = 20
SPEEDS_CM_MIN = (1, 2, 3)
SCALES_BPM_PER_CM = (20, 30)

NAME_LIMIT = 255
PHONE_LIMIT = 40
PHONE_CHARACTERS = frozenset("+0123456789 ()-")
# Emergency numbers have three digits.
MIN_PHONE_DIGITS = 3
MAX_READING_DAYS = 30


def find(session: Session) -> Unit | None:
    """The unit, or None until an administrator has set its name and phone."""
    return session.get(Unit, UNIT_ID)


def is_phone(text: str) -> bool:
    """Whether `text` is a number that can be dialled as it stands."""
    digits = sum(character.isdigit() for character in text)
    return len(text) <= PHONE_LIMIT and set(text) <= PHONE_CHARACTERS and digits >= MIN_PHONE_DIGITS


def save(
    session: Session,
    actor: Actor,
    *,
    name: str,
    phone: str,
    reading_within_days: int | None = None,
    speed_cm_min: int = DEFAULT_SPEED_CM_MIN,
    bpm_per_cm: int = DEFAULT_BPM_PER_CM,
) -> Unit:
    """Set the unit's name, phone, promise in working days and the scale that strips open with.

    Refused: unit_name, unit_phone, unit_reading_within_days. A unit without a phone cannot be saved.
    """
    if not name.strip() or len(name) > NAME_LIMIT:
        raise Refused("unit_name")
    if not is_phone(phone):
        raise Refused("unit_phone")
    if reading_within_days is not None and not 1 <= reading_within_days <= MAX_READING_DAYS:
        raise Refused("unit_reading_within_days")
    if speed_cm_min not in SPEEDS_CM_MIN or bpm_per_cm not in SCALES_BPM_PER_CM:
        raise ValueError(f"no strip has a scale of {speed_cm_min} cm/min and {bpm_per_cm} bpm/cm")
    unit = find(session)
    if unit is None:
        unit = Unit(id=UNIT_ID)
        session.add(unit)
    unit.name = name
    unit.phone = phone
    unit.reading_within_days = reading_within_days
    unit.speed_cm_min = speed_cm_min
    unit.bpm_per_cm = bpm_per_cm
    unit.updated_at = utc_now()
    unit.updated_by_id = actor.user_id
    session.flush()
    audit.record(session, actor, "unit:save", object_type="unit", object_id=UNIT_ID)
    return unit
