"""A patient's page: the record for a doctor, her own page for herself."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import Permission
from app.models import Patient
from app.services import guarded, links, other_records, patient_recordings, pregnancies, record_list
from app.web import current
from app.web.banner import patient_banner_arguments
from app.web.guard import requires
from app.web.links import words
from app.web.patient_token import patient_token
from app.web.patients import blueprint, recording_rows
from app.web.patients.home import home_page


@blueprint.get("/<int:patient_id>")
@requires(Permission.PATIENT_READ)
def show(patient_id: int) -> ResponseReturnValue:
    """The page, for its reader."""
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, patient_id, Permission.PATIENT_READ)
    return home_page(patient) if actor.patient_id == patient.id else record_page(patient)


def record_page(patient: Patient) -> str:
    """Pregnancy, recordings and links, for a doctor."""
    session, actor = current.database(), current.actor()
    pregnancy = pregnancies.current(session, patient.id)
    others = other_records.of(session, patient)
    live = links.live_of_patient(session, patient.id)
    return render_template(
        "patients/show.html",
        patient=patient,
        banner=patient_banner_arguments(session, actor, patient),
        phones=others.phones(patient),
        other_records=others.hers,
        pregnancy=pregnancy,
        known=pregnancies.known_of(pregnancy),
        recordings=recording_rows.rows(
            patient_recordings.newest(session, patient.id, pregnancy=pregnancy, zone=current.settings().time_zone)
        ),
        has_older=record_list.has_any(session, actor, patient_id=patient.id),
        own_link=next((link for link in live if link.doctor_id == actor.user_id), None),
        other_links=[link for link in live if link.doctor_id != actor.user_id],
        words=words,
        end_token=patient_token(patient.id),
    )
