"""Who gets what from every route: PRODUCT.md, section 5, written down by hand and apart from the policy it checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Who(StrEnum):
    """The columns of the grid, in the order of the rows below."""

    ANONYMOUS = "anonymous"
    HERSELF = "patient herself"
    OTHER_PATIENT = "another patient"
    WAITING_DOCTOR = "doctor not validated"
    UNLINKED_DOCTOR = "doctor without link"
    LINKED_DOCTOR = "doctor with link"
    COVER_DOCTOR = "doctor on unit cover"
    ADMIN = "admin"


class Answer(StrEnum):
    """What a route answers: `hidden` is the same 404 as for what does not exist."""

    SERVED = "yes"
    SIGN_IN = "in"
    FORBIDDEN = "403"
    HIDDEN = "404"


Row = Mapping[Who, Answer]


def row(text: str) -> Row:
    """The eight answers of one line of the table."""
    return dict(zip(Who, map(Answer, text.split()), strict=True))


# fmt: off
#                      anon self other wait unlink link cover admin
PUBLIC =           row("yes  yes  yes  yes  yes   yes  yes   yes")
SIGNED_IN =        row("in   yes  yes  yes  yes   yes  yes   yes")
OWN_BROWSER =      row("in   yes  404  404  404   404  404   404")
OWN_RECORD =       row("in   yes  yes  403  404   404  404   403")
WAITING =          row("in   403  403  yes  403   403  403   403")
PATIENT =          row("in   yes  yes  403  403   403  403   403")
CLINICIAN =        row("in   403  403  403  yes   yes  yes   403")
PATIENT_OR_CLINICIAN = row("in yes yes 403 yes yes yes 403")
RECORD =           row("in   yes  404  403  404   yes  404   403")
HER_PICTURE =      row("in   404  404  403  404   yes  404   403")  # Not to herself: she has told of less movement.
FORM_FOR_HER =     row("in   yes  yes  403  404   yes  404   403")  # A patient always uploads for herself.
RECORD_AS_READER = row("in   403  403  403  404   yes  404   403")
RECORD_AS_HERSELF = row("in  yes  404  403  403   403  403   403")
UNIT =             row("in   403  403  403  403   403  yes   403")
ADMIN =            row("in   403  403  403  403   403  403   yes")
# fmt: on


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One line of the grid: a route with the row that it has to answer.

    `fields` are what is posted beside the CSRF token, `arguments` parts of the address other than the usual ones;
    a value in braces names something of tests/web/grid_world.py.
    """

    route: str
    answers: Row
    fields: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """GET or POST."""
        return self.route.split()[0]

    @property
    def endpoint(self) -> str:
        """Flask's name of the view."""
        return self.route.split()[1]


OF_THE_ASKING_DOCTOR = {"doctor_id": "{asking_doctor_id}"}

CASES = (
    Case("GET static", PUBLIC),
    Case("GET healthz", PUBLIC),
    Case("GET readyz", PUBLIC),
    Case("GET home", PUBLIC),
    # Accounts.
    Case("GET auth.sign_in", PUBLIC),
    Case("POST auth.start", PUBLIC),
    Case("GET auth.register", PUBLIC),
    Case("POST auth.create", PUBLIC),
    Case("GET auth.forgot", PUBLIC),
    Case("POST auth.request_reset", PUBLIC),
    Case("GET auth.reset", PUBLIC, arguments={"token": "{reset_token}"}),
    Case("POST auth.store_reset", PUBLIC, arguments={"token": "{reset_token}"}),
    Case("GET auth.activate", PUBLIC, arguments={"token": "{activation_token}"}),
    Case("POST auth.store_activation", PUBLIC, arguments={"token": "{activation_token}"}),
    Case("GET auth.activate_code", PUBLIC),
    Case("POST auth.find_code", PUBLIC),
    Case("POST auth.sign_out", SIGNED_IN),
    Case("GET auth.waiting", WAITING),
    Case("GET account.show", SIGNED_IN),
    Case("GET account.password", SIGNED_IN),
    Case("POST account.change_password", SIGNED_IN),
    Case("POST account.set_language", SIGNED_IN),
    Case("POST account.end_browser", OWN_BROWSER),
    # Patients.
    Case("GET patients.mine", OWN_RECORD),
    Case("GET patients.index", CLINICIAN),
    Case("GET patients.new", CLINICIAN),
    Case("POST patients.create", CLINICIAN),
    Case("GET patients.show", RECORD),
    Case("GET patients.pregnancy", RECORD_AS_READER),
    Case("POST patients.store_pregnancy", RECORD_AS_READER),
    Case("GET patients.trend", RECORD_AS_READER),
    Case("GET patients.trend_svg", RECORD_AS_READER, arguments={"measure": "loss", "pregnancy": "{pregnancy_id}"}),
    Case("GET patients.access_log", RECORD_AS_HERSELF),
    # Links.
    Case("GET links.index", PATIENT_OR_CLINICIAN),
    Case("POST links.request_access", CLINICIAN, {"email": "{patient_email}"}),
    Case("POST links.accept", RECORD_AS_HERSELF, arguments=OF_THE_ASKING_DOCTOR),
    Case("POST links.decline", RECORD_AS_HERSELF, arguments=OF_THE_ASKING_DOCTOR),
    Case("POST links.end", RECORD),
    # Upload.
    Case("GET monitoring.upload", PATIENT_OR_CLINICIAN),
    Case("GET monitoring.upload", FORM_FOR_HER, arguments={"patient": "{patient_id}"}),
    Case("POST monitoring.movement", PATIENT, {"movement": "less"}),
    Case("GET monitoring.call_the_unit", PATIENT_OR_CLINICIAN),
    Case("POST monitoring.store_upload", RECORD, {"patient_id": "{patient_id}"}),
    # Recordings.
    Case("GET monitoring.sessions", PATIENT_OR_CLINICIAN),
    Case("GET monitoring.sessions", PATIENT_OR_CLINICIAN, arguments={"patient": "{patient_id}"}),
    Case("GET monitoring.session", RECORD),
    Case("GET monitoring.strip_svg", HER_PICTURE),
    Case("GET monitoring.strip_png", HER_PICTURE),
    Case("GET monitoring.strip_pdf", HER_PICTURE),
    Case("GET monitoring.overview_svg", RECORD_AS_READER),
    Case("GET monitoring.samples", RECORD_AS_READER),
    Case("GET monitoring.compare_with_previous", RECORD_AS_READER),
    Case("GET monitoring.compare", RECORD_AS_READER),
    # Records of the older system.
    Case("GET records.index", PATIENT_OR_CLINICIAN),
    Case("GET records.index", PATIENT_OR_CLINICIAN, arguments={"patient": "{patient_id}"}),
    Case("GET records.show", RECORD),
    Case("GET records.strip_svg", HER_PICTURE),
    Case("GET records.strip_png", HER_PICTURE),
    Case("GET records.strip_pdf", HER_PICTURE),
    Case("GET records.overview_svg", RECORD_AS_READER),
    Case("GET records.samples", RECORD_AS_READER),
    # Reading and release.
    Case("GET monitoring.queue", CLINICIAN),
    Case("GET monitoring.review", RECORD_AS_READER),
    Case("POST monitoring.sign_review", RECORD_AS_READER),
    Case("POST monitoring.save_draft", RECORD_AS_READER),
    Case("POST monitoring.log_contact", RECORD_AS_READER),
    Case("GET monitoring.release", RECORD_AS_READER),
    Case("POST monitoring.preview_release", RECORD_AS_READER),
    Case("POST monitoring.store_release", RECORD_AS_READER),
    # The unit.
    Case("GET monitoring.unit", UNIT),
    Case("GET monitoring.open_take_over", UNIT),
    Case("POST monitoring.take_over", UNIT),
    Case("GET monitoring.open_close_message", UNIT),
    Case("POST monitoring.close_message", UNIT),
    # Administration.
    Case("GET admin.doctors", ADMIN),
    Case("POST admin.validate_doctor", ADMIN),
    Case("POST admin.withdraw_doctor", ADMIN),
    Case("POST admin.unit_cover", ADMIN),
    Case("GET admin.users", ADMIN),
    Case("POST admin.deactivate_user", ADMIN),
    Case("POST admin.reactivate_user", ADMIN),
    Case("POST admin.send_activation", ADMIN),
    Case("GET admin.addresses", ADMIN),
    Case("POST admin.settle_address", ADMIN, {"email": "ana@example.org"}, {"user_id": "{unsettled_id}"}),
    Case("GET admin.unit", ADMIN),
    Case("POST admin.save_unit", ADMIN),
    Case("GET admin.audit", ADMIN),
)
