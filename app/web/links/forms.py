"""The form with which a doctor asks for access."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.validators import ValidationError

from app.services.email_addresses import LIMIT, is_plausible
from app.web.fields import line
from app.web.portal_form import PortalForm


class RequestForm(PortalForm):
    """The address of a patient; whether it is one is never answered."""

    email = line(_("Her e-mail address"), limit=LIMIT, needed=_("Enter her e-mail address."))

    def validate_email(self, field: Any) -> None:
        """Refuse what no mail could reach, whoever it may be."""
        if not is_plausible(field.data):
            raise ValidationError(_("Enter an e-mail address such as name@example.org."))
