"""The forms about a patient: pre-registration, and the dating of a pregnancy."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from app.models import DatingMethod
from app.services.email_addresses import LIMIT
from app.services.gestation import DAYS_PER_WEEK
from app.services.pregnancies import Dating
from app.web.auth.forms import NAME_LIMIT, PHONE_LIMIT, RegisterForm
from app.web.fields import Day, line, paragraph
from app.web.portal_form import PortalForm
from app.web.viewer import LANGUAGE_NAMES

CONSENT_LIMIT = 255
COMPLICATION_LIMIT = 200
MAX_COMPLICATIONS = 20
# Earlier an ultrasound shows nothing that could be dated, later nobody dates by it.
FIRST_SCAN_WEEK = 4
LAST_SCAN_WEEK = 42
KEEP = "keep"
YES, NO = "yes", "no"


class PreregisterForm(PortalForm):
    """A woman without account who is in the clinic and agrees."""

    name = line(_("Full name"), limit=NAME_LIMIT, needed=_("Enter her name."))
    birth_date = Day(_("Birth date"), validators=[InputRequired(_("Enter her birth date."))])
    email = line(_("E-mail address"), limit=LIMIT, needed=_("Enter her e-mail address."))
    phone = line(_("Phone"), limit=PHONE_LIMIT)
    language = RadioField(
        _("Language of her pages and messages"),
        choices=[SelectChoice(language.value, name) for language, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired(_("Choose a language."))],
    )
    has_consented = BooleanField(
        _("She agrees that a record is made for her and that I may see it."),
        validators=[DataRequired(_("Without her consent no record can be made."))],
    )
    consent = line(
        _("How she agreed"), limit=CONSENT_LIMIT, needed=_("Write how she agreed, for example: on paper, signed today.")
    )

    validate_email = RegisterForm.validate_email
    validate_phone = RegisterForm.validate_phone
    validate_birth_date = RegisterForm.validate_birth_date


class PregnancyForm(PortalForm):
    """How the pregnancy is dated, and what is known of it. A dating is never preset: it is looked up each time."""

    patient_token = HiddenField()
    seen = HiddenField()

    method = RadioField(_("Dated by"), validators=[InputRequired(_("Choose how the pregnancy is dated."))])
    day = Day(_("Date"), validators=[Optional()])
    weeks = line(_("Weeks"), limit=2)
    days = line(_("Days"), limit=1)
    high_risk = RadioField(
        _("High-risk pregnancy"),
        choices=[SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
        validators=[InputRequired(_("Choose whether this is a high-risk pregnancy."))],
    )
    complications = paragraph(_("Complications"), limit=MAX_COMPLICATIONS * (COMPLICATION_LIMIT + 1))

    def offer(self, *, can_keep: bool) -> None:
        """Offer the methods, and to keep the present date where there is one."""
        self.method.choices = [
            *([SelectChoice(KEEP, _("Keep the present due date"))] if can_keep else []),
            SelectChoice(DatingMethod.ULTRASOUND.value, _("Ultrasound")),
            SelectChoice(DatingMethod.LMP.value, _("First day of the last menstrual period")),
            SelectChoice(DatingMethod.OVULATION.value, _("Ovulation, or fertilisation in the laboratory")),
            SelectChoice(DatingMethod.EDD.value, _("Due date stated elsewhere")),
        ]

    def validate_complications(self, field: Any) -> None:
        """Keep the list short enough to be read."""
        lines = self.listed_complications()
        if len(lines) > MAX_COMPLICATIONS or any(len(text) > COMPLICATION_LIMIT for text in lines):
            raise ValidationError(
                _(
                    "Write at most %(lines)d lines of at most %(characters)d characters.",
                    lines=MAX_COMPLICATIONS,
                    characters=COMPLICATION_LIMIT,
                )
            )

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what belongs to the method."""
        super().validate(extra_validators)
        if self.method.data != KEEP and self.day.data is None and not self.day.errors:
            self.day.errors = [_("Enter the date that belongs to the method.")]
        if self.method.data == DatingMethod.ULTRASOUND and self._found_days() is None:
            self.weeks.errors = [
                _(
                    "Enter the age that the ultrasound found: %(first)d to %(last)d weeks and 0 to 6 days.",
                    first=FIRST_SCAN_WEEK,
                    last=LAST_SCAN_WEEK,
                )
            ]
        return not self.errors

    def dating(self) -> Dating | None:
        """The dating of a valid form; None keeps the present one."""
        if self.method.data == KEEP:
            return None
        day: date = self.day.data
        return Dating(DatingMethod(self.method.data), day, self._found_days() or 0)

    def listed_complications(self) -> list[str]:
        """One complication a line."""
        return [text.strip() for text in (self.complications.data or "").splitlines() if text.strip()]

    def _found_days(self) -> int | None:
        """The age that the ultrasound found, in days."""
        weeks, days = self.weeks.data or "", self.days.data or "0"
        if not all(text.isascii() and text.isdigit() for text in (weeks, days)):
            return None
        if not FIRST_SCAN_WEEK <= int(weeks) <= LAST_SCAN_WEEK or int(days) >= DAYS_PER_WEEK:
            return None
        return int(weeks) * DAYS_PER_WEEK + int(days)
