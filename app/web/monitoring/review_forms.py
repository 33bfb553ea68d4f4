"""The forms of reading, contact and release. No field of a reading has a preset (SAFETY.md, rule 7)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, PasswordField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional

from app.models import (
    Accelerations,
    ContactOutcome,
    Decelerations,
    Impression,
    ReleaseKind,
    Uninterpretable,
    Variability,
)
from app.services import reading
from app.services.reading import MAX_TEXT_CHARACTERS, Reading
from app.services.releases import MAX_MESSAGE_CHARACTERS, Words
from app.web.fields import line, paragraph
from app.web.monitoring import reading_words as words
from app.web.portal_form import PortalForm

Vocabulary = TypeVar("Vocabulary", bound=StrEnum)

YES, NO = "yes", "no"
MAX_NOTE_CHARACTERS = 255

# The strip beside the form: it stays the one that was looked at when the form is shown again.
VIEW_FIELDS = ("start_s", "minutes", "speed_cm_min", "bpm_per_cm", "range", "time")
# What a draft keeps: everything that is typed into the form but the password.
DRAFT_FIELDS = (*Reading.__dataclass_fields__, "amends", "amendment_reason")


class WholeNumber(IntegerField):  # type: ignore[misc]
    """A whole number in digits; what was typed is shown again, whatever it was."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Refuse signs, other scripts' digits and numbers that nobody means, with our own words."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"[0-9]{1,4}", text):
            raise ValueError(_("%(field)s: enter a whole number.", field=self.label.text))
        self.data = int(text)


def _choose(label: str, sentences: Mapping[Any, object]) -> SelectField:
    """A list that starts with "Choose", which is no answer."""
    choices = [SelectChoice("", _("Choose")), *(SelectChoice(one.value, label) for one, label in sentences.items())]
    return SelectField(label, choices=choices, validators=[Optional()])


class ReadingForm(PortalForm):
    """The reading of one fetal channel."""

    fetus = HiddenField()
    amends = HiddenField()
    trace_digest = HiddenField()
    draft_tab = HiddenField()
    draft_opened_with = HiddenField()
    start_s = HiddenField()
    minutes = HiddenField()
    speed_cm_min = HiddenField()
    bpm_per_cm = HiddenField()
    range = HiddenField()
    time = HiddenField()

    is_interpretable = RadioField(
        _("Can it be interpreted?"),
        choices=[SelectChoice(YES, _("Yes")), SelectChoice(NO, _("No"))],
        validators=[Optional()],
    )
    uninterpretable_reason = _choose(_("If not, why?"), words.UNINTERPRETABLE)
    baseline_bpm = WholeNumber(_("Baseline"), validators=[Optional()])
    variability = _choose(_("Variability"), words.VARIABILITY)
    accelerations = _choose(_("Accelerations"), words.ACCELERATIONS)
    decelerations = _choose(_("Decelerations"), words.DECELERATIONS)
    contractions_per_10_min = WholeNumber(_("Contractions in 10 min"), validators=[Optional()])
    impression = _choose(_("Impression"), words.IMPRESSIONS)
    comment = paragraph(_("Comment"), limit=MAX_TEXT_CHARACTERS)
    plan = paragraph(_("Plan"), limit=MAX_TEXT_CHARACTERS)
    amendment_reason = paragraph(_("Why do you change the reading?"), limit=MAX_TEXT_CHARACTERS)
    password = PasswordField(_("Your password, to sign"), validators=[DataRequired(_("Enter your password to sign."))])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then the reading as a whole."""
        super().validate(extra_validators)
        if self.amends.data and not self.amendment_reason.data and not self.amendment_reason.errors:
            self.amendment_reason.errors = [words.REFUSALS["reason_needed"]]
        problems = reading.problems(self.stated())
        if any(problem.code == "only_when_interpretable" for problem in problems):
            self.form_errors.append(words.NO_FEATURES)
        for problem in problems:
            field = self[problem.field]
            if not field.errors:
                field.errors = [words.problem_sentence(problem.field, problem.code, field.label.text)]
        return not self.errors

    def offer_without_curve(self) -> None:
        """Offer only the one answer that can be signed where there is no curve; it is still given by the reader."""
        self.is_interpretable.choices = [SelectChoice(NO, _("No"))]

    def stated(self) -> Reading:
        """What the fields say; what cannot be understood counts as not stated."""
        return Reading(
            is_interpretable={YES: True, NO: False}.get(self.is_interpretable.data),
            uninterpretable_reason=_member(Uninterpretable, self.uninterpretable_reason.data),
            baseline_bpm=self.baseline_bpm.data,
            variability=_member(Variability, self.variability.data),
            accelerations=_member(Accelerations, self.accelerations.data),
            decelerations=_member(Decelerations, self.decelerations.data),
            contractions_per_10_min=self.contractions_per_10_min.data,
            impression=_member(Impression, self.impression.data),
            comment=self.comment.data,
            plan=self.plan.data,
        )


def typed_words(typed: Mapping[str, str]) -> list[tuple[object, object]]:
    """What was typed into a reading as labels and words, also what is no answer to its question."""
    form = ReadingForm(formdata=None)
    stated: list[tuple[object, object]] = []
    for name in DRAFT_FIELDS:
        field, text = form[name], typed.get(name, "")
        if not text or isinstance(field, HiddenField):
            continue
        choices = field.choices if isinstance(field, SelectField) else ()
        word = next((choice.label for choice in choices if choice.value == text), None)
        stated.append((field.label.text, word or words.as_typed(text)))
    return stated


class ContactForm(PortalForm):
    """One attempt to reach the patient by voice."""

    outcome = RadioField(
        _("You called her. How did it end?"),
        choices=[SelectChoice(one.value, label) for one, label in words.OUTCOMES.items()],
        validators=[InputRequired(_("Choose how the call ended."))],
    )
    note = line(_("Note"), limit=MAX_NOTE_CHARACTERS)

    def chosen(self) -> ContactOutcome:
        """The outcome of a valid form."""
        return ContactOutcome(self.outcome.data)


class ReleaseForm(PortalForm):
    """What the patient is to be told."""

    review_id = HiddenField()
    preview = HiddenField()
    kind = RadioField(
        _("What is she told?"),
        choices=[SelectChoice(one.value, label) for one, label in words.RELEASE_KINDS.items()],
        validators=[InputRequired(_("Choose what she is told."))],
    )
    message = paragraph(_("Your words to her"), limit=MAX_MESSAGE_CHARACTERS)
    words_are_confirmed = BooleanField(_("I have read this. The words stay as they are."))

    def chosen(self) -> Words:
        """The words of a valid form."""
        return Words(kind=ReleaseKind(self.kind.data), message=self.message.data)


def _member(vocabulary: type[Vocabulary], text: str | None) -> Vocabulary | None:
    return vocabulary(text) if text in set(vocabulary) else None
