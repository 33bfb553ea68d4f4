"""The administrator's forms."""

import re
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, Field, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from app.models import Unit
from app.services import unit
from app.services.audit_search import Criteria
from app.web import current
from app.web.fields import line
from app.web.portal_form import PortalForm, SearchForm

RECORD_NUMBER = re.compile(r"(?:R-)?(\d{1,9})", re.ASCII | re.IGNORECASE)
ACT = re.compile(r"[a-z_]+(:[a-z_]*)?", re.ASCII)
# The trail is younger than the first and never reaches the second; further off, zones cannot be computed.
YEARS = range(1970, 9000)


def needed() -> InputRequired:
    """A choice that must be made."""
    return InputRequired(_("Choose one."))


class UnitForm(PortalForm):
    """What patients are told of the unit, and how strips open."""

    name = line(_("Name of the unit"), limit=unit.NAME_LIMIT, needed=_("Enter the name as patients know it."))
    phone = line(_("Phone"), limit=unit.PHONE_LIMIT, needed=_("Enter the number that patients call, day and night."))
    reading_within_days = IntegerField(
        _("Recordings are read within"),
        validators=[
            Optional(),
            NumberRange(1, unit.MAX_READING_DAYS, _("Enter a number from 1 to %(max)s.", max=unit.MAX_READING_DAYS)),
        ],
    )
    speed_cm_min = SelectField(
        _("Paper speed"),
        validators=[needed()],
        choices=[
            SelectChoice("", _("Choose")),
            *(SelectChoice(str(speed), _("%(speed)s cm/min", speed=speed)) for speed in unit.SPEEDS_CM_MIN),
        ],
    )
    bpm_per_cm = SelectField(
        _("Vertical scale"),
        validators=[needed()],
        choices=[
            SelectChoice("", _("Choose")),
            *(SelectChoice(str(scale), _("%(scale)s bpm/cm", scale=scale)) for scale in unit.SCALES_BPM_PER_CM),
        ],
    )

    @classmethod
    def of(cls, stored: Unit | None) -> "UnitForm":
        """The form filled with what is stored; empty before anything is."""
        if stored is None:
            return cls()
        return cls(
            name=stored.name,
            phone=stored.phone,
            reading_within_days=stored.reading_within_days,
            speed_cm_min=str(stored.speed_cm_min),
            bpm_per_cm=str(stored.bpm_per_cm),
        )

    def validate_phone(self, field: Field) -> None:
        """Only what a telephone can dial."""
        if not unit.is_phone(field.data):
            raise ValidationError(_("Use digits, spaces, + ( ) and -; at least three digits."))


class AuditSearchForm(SearchForm):
    """What to look for in the audit trail; sent by GET, so that a search has an address."""

    since = DateTimeLocalField(_("From"), validators=[Optional()])
    until = DateTimeLocalField(_("Until"), validators=[Optional()])
    actor = line(_("Who (number or e-mail)"), limit=255)
    patient = line(_("Patient (such as R-00417)"), limit=20)
    act = line(_("Act (such as session:read)"), limit=60)

    def validate_since(self, field: Field) -> None:
        """A year that the trail can have."""
        _check_year(field.data)

    def validate_until(self, field: Field) -> None:
        """The same, and not before the beginning."""
        _check_year(field.data)
        if self.since.data is not None and field.data is not None and field.data <= self.since.data:
            raise ValidationError(_("The end must be after the beginning."))

    def validate_patient(self, field: Field) -> None:
        """A record number as people write it."""
        if field.data and RECORD_NUMBER.fullmatch(field.data) is None:
            raise ValidationError(_("Enter a record number such as R-00417."))

    def validate_act(self, field: Field) -> None:
        """The beginning of an act."""
        if field.data and ACT.fullmatch(field.data) is None:
            raise ValidationError(_("Enter an act such as session:read, or its first word."))

    def criteria(self) -> Criteria:
        """What a valid form asks for; its times are the unit's."""
        number = RECORD_NUMBER.fullmatch(self.patient.data)
        return Criteria(
            since=_in_utc(self.since.data),
            until=_in_utc(self.until.data),
            actor=self.actor.data,
            patient_id=None if number is None else int(number[1]),
            act=self.act.data,
        )

    def arguments(self) -> dict[str, Any]:
        """The fields that are filled, for the addresses of the pages beside this one."""
        return {name: field._value() for name, field in self._fields.items() if field.data}


def _check_year(moment: datetime | None) -> None:
    if moment is not None and moment.year not in YEARS:
        raise ValidationError(_("Check the year."))


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=current.settings().time_zone).astimezone(UTC)
