"""The forms of accounts."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, StopValidation, ValidationError

from app.models import Role
from app.services import passwords
from app.services.clock import utc_now
from app.services.email_addresses import LIMIT, is_plausible
from app.web.fields import Day, line
from app.web.portal_form import PortalForm
from app.web.viewer import LANGUAGE_NAMES

NAME_LIMIT = 255
PHONE_LIMIT = 20
OLDEST = timedelta(days=366 * 70)
YOUNGEST = timedelta(days=365 * 10)

PASSWORD_PROBLEMS: Mapping[str, Any] = {
    "too_short": _("Use at least %(number)d characters.", number=passwords.MIN_CHARACTERS),
    "too_long": _("Use at most %(number)d characters.", number=passwords.MAX_CHARACTERS),
    "common": _("Many people use this password, so it is easily guessed. Choose another one."),
    "personal": _("This password is your own name or e-mail address. Choose another one."),
}


def check_new_password(text: str, *, name: str, email: str) -> None:
    """Raise ValidationError with the reason when this person may not take this password."""
    if code := passwords.problem(text, name=name, email=email):
        raise ValidationError(PASSWORD_PROBLEMS[code])


def is_plausible_birth_date(birth_date: date) -> bool:
    """Whether somebody born then can be pregnant now."""
    today = utc_now().date()
    return today - OLDEST <= birth_date <= today - YOUNGEST


class NeededFrom:
    """A validator: a person of this role must fill the field, for anybody else it may stay empty."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, role: Role, message: Any) -> None:
        self.role, self.message = role, message

    def __call__(self, form: Any, field: Any) -> None:
        """Stop here when nothing was entered."""
        if any(text.strip() for text in field.raw_data or ()):
            return
        field.errors = []  # How to write a date is not what an empty field should say.
        raise StopValidation(self.message if form.role.data == self.role else "")


class SignInForm(PortalForm):
    """Address and password; whether they are right is for the service to say."""

    email = line(_("E-mail address"), limit=LIMIT, needed=_("Enter your e-mail address."))
    password = PasswordField(_("Password"), validators=[DataRequired(_("Enter your password."))])


class ForgotForm(PortalForm):
    """The address that a reset link goes to."""

    email = line(_("E-mail address"), limit=LIMIT, needed=_("Enter your e-mail address."))


class CodeForm(PortalForm):
    """The code on the paper from the clinic."""

    code = line(_("Code"), limit=40, needed=_("Enter the code."))


class RegisterForm(PortalForm):
    """A new patient or doctor; an administrator is not among the choices."""

    language = RadioField(
        _("Language"),
        choices=[SelectChoice(language.value, name) for language, name in LANGUAGE_NAMES.items()],
        validators=[InputRequired(_("Choose a language."))],
    )
    role = RadioField(
        _("I am"),
        choices=[
            SelectChoice(Role.PATIENT.value, _("pregnant, and want to send recordings")),
            SelectChoice(Role.DOCTOR.value, _("a doctor or midwife")),
        ],
        validators=[InputRequired(_("Choose who you are."))],
    )
    name = line(_("Full name"), limit=NAME_LIMIT, needed=_("Enter your name."))
    email = line(_("E-mail address"), limit=LIMIT, needed=_("Enter your e-mail address."))
    password = PasswordField(_("Password"), validators=[DataRequired(_("Choose a password."))])
    birth_date = Day(_("Birth date"), validators=[NeededFrom(Role.PATIENT, _("Enter your birth date."))])
    phone = line(_("Phone"), limit=PHONE_LIMIT)

    def validate_email(self, field: Any) -> None:
        """Refuse what no mail could reach."""
        if not field.errors and not is_plausible(field.data):
            raise ValidationError(_("Enter an e-mail address such as name@example.org."))

    def validate_password(self, field: Any) -> None:
        """Refuse short, common and personal ones."""
        check_new_password(field.data, name=self.name.data, email=self.email.data)

    def validate_phone(self, field: Any) -> None:
        """Refuse what cannot be dialled."""
        if field.data and not (set(field.data) <= set("+0123456789 ()-./") and any(map(str.isdigit, field.data))):
            raise ValidationError(_("Enter a phone number with digits, spaces, + ( ) and - only."))

    def validate_birth_date(self, field: Any) -> None:
        """Refuse what is mistyped; names are alike, so the date must be right."""
        if field.data is not None and not is_plausible_birth_date(field.data):
            raise ValidationError(_("Check the birth date."))


class NewPasswordForm(PortalForm):
    """A new password for the person of a token."""

    password = PasswordField(_("New password"), validators=[DataRequired(_("Choose a password."))])

    def __init__(self, *, name: str, email: str) -> None:
        super().__init__()
        self._name, self._email = name, email

    def validate_password(self, field: Any) -> None:
        """Refuse short, common and personal ones."""
        check_new_password(field.data, name=self._name, email=self._email)


class ChangePasswordForm(NewPasswordForm):
    """The current password, so that an open browser alone is not enough, and the new one."""

    current_password = PasswordField(
        _("Current password"), validators=[DataRequired(_("Enter your current password."))]
    )
