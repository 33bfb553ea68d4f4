"""What the report of an adoption has to say about `rows`: kind and table, and the keys."""

from tests.schema.originals import rows

SESSIONS = "fetal_monitoring_sessions"
READINGS = "fetal_heart_rate_readings"

# Told before the first change: afterwards the rows are there, and nothing shows that they were not.
BEFORE: dict[tuple[str, str], set[object]] = {
    ("patient_row_added", "users"): {rows.PATIENT_ALONE, rows.TWIN_2},
    ("doctor_row_added", "users"): {rows.DOCTOR_ALONE},
}

AT_HEAD: dict[tuple[str, str], set[object]] = {
    ("address_collides", "users"): {rows.TWIN_1, rows.TWIN_2},
    ("address_no_mail", "users"): {rows.PATIENT_ALONE},
    ("password_empty", "users"): {rows.ADVANCE},
    ("password_unknown", "users"): {rows.BCRYPT},
    ("photo_kept", "users"): {rows.BUDI},
    ("patient_surplus", "patients"): {rows.PATIENT_SURPLUS},
    ("patient_other_woman", "patients"): {rows.PATIENT_OTHER},
    ("role_differs", "patients"): {rows.PATIENT_OF_ADMIN},
    ("link_live", "doctor_patient"): {
        (rows.BUDI, rows.PATIENT_SARI),
        (rows.BUDI, rows.PATIENT_ADVANCE),
        (rows.BUDI, rows.PATIENT_FIRST),
        (rows.BUDI, rows.PATIENT_OTHER),
    },
    ("link_requested", "doctor_patient"): {
        (rows.BUDI, rows.PATIENT_KEPT),
    },
    ("link_nobody_answers", "doctor_patient"): {(rows.BUDI, rows.PATIENT_OF_ADMIN)},
    ("link_not_validated", "doctor_patient"): {(rows.CITRA, rows.PATIENT_SARI)},
    ("link_to_surplus", "doctor_patient"): {(rows.BUDI, rows.PATIENT_SURPLUS)},
    ("link_of_no_doctor", "doctor_patient"): {(rows.ADMIN, rows.PATIENT_SARI)},
    ("history_no_change", "patient_status_history"): {2},
    ("history_unknown_status", "patient_status_history"): {3},
    ("notification_carried_over", "notifications"): {1, 2},
    ("notification_to_no_doctor", "notifications"): {3},
    ("record_untimed", "records"): {1, 6},
    ("record_double_encoded", "records"): {6},
    ("record_signal_loss", "records"): {1, 2, 6},
    ("record_no_curve", "records"): {4, 5, 7},
    ("record_classification", "records"): {1, 2, 5},
    ("record_self_with_doctor", "records"): {1},
    ("record_shared", "records"): {2},
    ("record_doctor_without_access", "records"): {9},
    ("session_carried_over", SESSIONS): {rows.EPOCH_SESSION, rows.TEXT_SESSION, rows.OLD_SESSION},
    ("session_to_review", SESSIONS): {rows.UUID_SESSION, rows.BURST_SESSION},
    ("session_without_patient", SESSIONS): {rows.LOST_SESSION},
    ("session_doctor_without_access", SESSIONS): {rows.OLD_SESSION},
    ("session_own_id", SESSIONS): {rows.EPOCH_SESSION, rows.TEXT_SESSION, rows.LOST_SESSION},
    ("session_without_result", SESSIONS): {
        rows.UUID_SESSION,
        rows.EPOCH_SESSION,
        rows.LOST_SESSION,
        rows.OLD_SESSION,
        rows.BURST_SESSION,
    },
    ("reading_signal_loss", READINGS): {rows.UUID_SESSION},
    ("reading_same_second", READINGS): {rows.UUID_SESSION},
    ("reading_no_rate", READINGS): {rows.TEXT_SESSION},
    ("reading_quality", READINGS): {rows.TEXT_SESSION},
    ("reading_times_not_measured", READINGS): {rows.BURST_SESSION},
    ("pregnancy_same", "pregnancy_info"): {2},
    ("pregnancy_earlier", "pregnancy_info"): {1},
    ("pregnancy_from_last_period", "pregnancy_info"): {1, 2, 3},
    ("pregnancy_weeks_only", "pregnancy_info"): {4},
    ("pregnancy_dates_disagree", "pregnancy_info"): {5},
    ("pregnancy_odd_complications", "pregnancy_info"): {5},
    ("time_uncertain", "users"): {rows.SARI},
    ("time_uncertain", "records"): {8},
    ("time_uncertain", SESSIONS): {rows.OLD_SESSION},
    ("time_uncertain", READINGS): {rows.OLD_SESSION},
    ("time_uncertain", "pregnancy_info"): {1},
}

NO_DATES: dict[tuple[str, str], set[object]] = {
    ("time_none", "patients"): {7},
    ("time_none", "records"): {9},
    ("time_none", SESSIONS): {rows.EPOCH_SESSION},
}
