"""The forms of the unit list."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.models import MessageOutcome
from app.web.fields import line
from app.web.portal_form import PortalForm

TEXT_LIMIT = 255

OUTCOMES = {
    MessageOutcome.REACHED: _("She was reached by phone"),
    MessageOutcome.CAME_IN: _("She came in"),
    MessageOutcome.NOT_REACHED: _("She could not be reached"),
    MessageOutcome.MISTAKE: _("The message was a mistake"),
}


class TakeOverForm(PortalForm):
    """Why this doctor needs the record."""

    patient_token = HiddenField()
    reason = line(_("Reason"), limit=TEXT_LIMIT, needed=_("Write why you take her over."))


class CloseMessageForm(PortalForm):
    """How a message to the unit ended."""

    patient_token = HiddenField()
    outcome = RadioField(
        _("How did it end?"),
        validators=[InputRequired(_("Choose how it ended."))],
        choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOMES.items()],
    )
    note = line(_("What was said or done"), limit=TEXT_LIMIT, needed=_("Write what was said or done."))

    @property
    def chosen(self) -> MessageOutcome:
        """The outcome of a valid form."""
        return MessageOutcome(self.outcome.data)
