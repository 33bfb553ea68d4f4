"""What is asked for with a recording. Nothing is preset: an answer that nobody gave must not look like one."""

from collections.abc import Sequence
from datetime import date, datetime, time, tzinfo
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, MultipleFileField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.ctg.formats import SourceFile
from app.models import MonitoringType, Movement
from app.web.fields import line, paragraph, showable
from app.web.portal_form import PortalForm

# A lazily translated sentence, or None when there is nothing to say.
Message = Any

PASTED_NAME = _("pasted text")
MAX_FILES = 4
FIRST_YEAR = 1970
LAST_YEAR = 2100
# A pulse outside these is a slip of the keyboard.
MIN_MATERNAL_BPM = 30
MAX_MATERNAL_BPM = 220
MEASURED = "measured"
NOT_MEASURED = "not_measured"

MOVEMENT_CHOICES = [
    SelectChoice(Movement.AS_USUAL.value, _("Yes, as usual")),
    SelectChoice(Movement.LESS.value, _("Less than usual")),
    SelectChoice(Movement.CHANGED.value, _("The pattern has changed")),
    SelectChoice(Movement.NOT_SURE.value, _("I am not sure")),
]


def _needed(message: Message) -> dict[str, Any]:
    """One sentence for no answer and for one that is no choice."""
    return {"validators": [InputRequired(message)], "invalid_choice_message": message}


class MovementForm(PortalForm):
    """The question that stands before everything a patient uploads."""

    movement = RadioField(
        _("Is your baby moving as usual?"),
        choices=MOVEMENT_CHOICES,
        **_needed(_("Choose how your baby is moving.")),
    )


class UploadForm(PortalForm):
    """One recording and what its file cannot say."""

    patient_id = HiddenField()
    patient_token = HiddenField()
    movement_token = HiddenField()

    files = MultipleFileField(_("Recording file"))
    pasted = TextAreaField(_("Or paste the text of the recording"), filters=[showable])
    monitoring_type = RadioField(
        _("Where was it recorded?"),
        choices=[
            SelectChoice(MonitoringType.CLINIC.value, _("In the clinic")),
            SelectChoice(MonitoringType.HOME.value, _("At home")),
        ],
        **_needed(_("Choose where it was recorded.")),
    )
    start_date = line(_("Date of the start"), limit=10)
    start_time = line(_("Time of the start"), limit=8)
    fetuses = RadioField(
        _("How many babies?"),
        choices=[SelectChoice("1", _("One")), SelectChoice("2", _("Twins"))],
        **_needed(_("Choose how many babies.")),
    )
    maternal_pulse = RadioField(
        _("The mother's pulse during the recording"),
        choices=[SelectChoice(MEASURED, _("Measured")), SelectChoice(NOT_MEASURED, _("Not measured"))],
        **_needed(_("Choose whether the mother's pulse was measured.")),
    )
    maternal_bpm = line(_("Pulse"), limit=3)
    movement = RadioField(_("Is the baby moving as usual?"), choices=MOVEMENT_CHOICES, validators=[Optional()])
    device_name = line(_("Device"), limit=100)
    notes = paragraph(_("Notes"), limit=2000)

    def ask_movement(self, answered: Movement | None, *, is_patient: bool) -> None:
        """Drop the question when it is answered; make a patient answer it."""
        if answered is not None:
            del self.movement
        elif is_patient:
            self.movement.validators = [InputRequired(_("Choose how your baby is moving."))]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what belongs together."""
        super().validate(extra_validators)
        for field, problem in (
            (self.files, self._problem_of_files()),
            (self.start_date, self._problem_of_date()),
            (self.start_time, self._problem_of_time()),
            (self.maternal_bpm, self._problem_of_pulse()),
        ):
            if problem and not field.errors:
                field.errors = [problem]
        return not self.errors

    @property
    def recording_field(self) -> Any:
        """The field that the recording came in, where its errors belong."""
        return self.files if self._uploads() else self.pasted

    def source_files(self) -> Sequence[SourceFile]:
        """What was sent, read once."""
        uploads = self._uploads()
        if not uploads:
            return [SourceFile(str(PASTED_NAME), self.pasted.data.encode("utf-8", "surrogatepass"))]
        return [SourceFile(upload.filename, upload.read()) for upload in uploads]

    def started_at(self, zone: tzinfo) -> datetime | None:
        """The stated start, None when none was stated."""
        if not self.start_date.data:
            return None
        return datetime.combine(
            date.fromisoformat(self.start_date.data), time.fromisoformat(self.start_time.data), tzinfo=zone
        )

    def maternal_pulse_bpm(self) -> int | None:
        """The mother's pulse, None when it was not measured."""
        return int(self.maternal_bpm.data) if self.maternal_bpm.data else None

    def answered_movement(self) -> Movement | None:
        """The answer given in this form, None when it was not asked or not given."""
        return Movement(self.movement.data) if "movement" in self and self.movement.data else None

    def _problem_of_files(self) -> Message:
        count, text = len(self._uploads()), self.pasted.data.strip()
        if count and text:
            return _("Choose a file or paste text, not both.")
        if not count and not text:
            return _("Choose the recording file, or paste its text.")
        return _("Send one recording at a time.") if count > MAX_FILES else None

    def _problem_of_date(self) -> Message:
        if not self.start_date.data:
            return _("Enter the date too.") if self.start_time.data else None
        try:
            is_usual = FIRST_YEAR <= date.fromisoformat(self.start_date.data).year <= LAST_YEAR
        except ValueError:
            is_usual = False
        return None if is_usual else _("Enter the date as year, month and day: 2026-11-22.")

    def _problem_of_time(self) -> Message:
        if not self.start_time.data:
            return _("Enter the time too.") if self.start_date.data else None
        try:
            is_local = time.fromisoformat(self.start_time.data).tzinfo is None
        except ValueError:
            is_local = False
        return None if is_local else _("Enter the time as hours and minutes: 08:14.")

    def _problem_of_pulse(self) -> Message:
        text = self.maternal_bpm.data
        if not text:
            is_missing = self.maternal_pulse.data == MEASURED
            return _("Enter the mother's pulse in beats per minute.") if is_missing else None
        if self.maternal_pulse.data == NOT_MEASURED:
            return _("Choose “Measured”, or leave the pulse empty.")
        if text.isascii() and text.isdigit() and MIN_MATERNAL_BPM <= int(text) <= MAX_MATERNAL_BPM:
            return None
        return _("Enter a pulse from %(low)d to %(high)d.", low=MIN_MATERNAL_BPM, high=MAX_MATERNAL_BPM)

    def _uploads(self) -> list[Any]:
        # A browser sends one nameless part when no file was chosen.
        return [upload for upload in self.files.data or [] if getattr(upload, "filename", "")]
