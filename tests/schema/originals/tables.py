"""The statements with which the original made its tables, in the order in which foreign keys want them.

Foreign keys and unique constraints have no names, so that the server gives its own. `on_sqlite` translates.
"""

import re

WORD = r"(?<=')\w+(?=')"

USERS = """
CREATE TABLE users (
    id INTEGER NOT NULL AUTO_INCREMENT,
    name VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    role ENUM('admin','doctor','patient') NOT NULL,
    photo_url VARCHAR(255),
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (email)
);
CREATE INDEX ix_users_id ON users (id);
"""

PATIENTS = """
CREATE TABLE patients (
    id INTEGER NOT NULL AUTO_INCREMENT,
    user_id INTEGER NOT NULL,
    birth_date DATE,
    address VARCHAR(255),
    medical_note TEXT,
    age INTEGER,
    gender VARCHAR(10),
    phone VARCHAR(20),
    PRIMARY KEY (id),
    FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_patients_id ON patients (id);
"""

DOCTORS = """
CREATE TABLE doctors (
    id INTEGER NOT NULL AUTO_INCREMENT,
    doctor_id INTEGER NOT NULL,
    is_valid BOOL NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (doctor_id),
    FOREIGN KEY(doctor_id) REFERENCES users (id)
);
CREATE INDEX ix_doctors_id ON doctors (id);
"""

LINKS = """
CREATE TABLE doctor_patient (
    doctor_id INTEGER NOT NULL,
    patient_id INTEGER NOT NULL,
    assigned_at DATETIME NOT NULL,
    updated_at DATETIME,
    status VARCHAR(50),
    note TEXT,
    PRIMARY KEY (doctor_id, patient_id),
    FOREIGN KEY(doctor_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE
);
"""

LINKS_UNTIL_004 = """
CREATE TABLE doctor_patient (
    doctor_id INTEGER NOT NULL,
    patient_id INTEGER NOT NULL,
    assigned_at DATETIME NOT NULL,
    updated_at DATETIME,
    status VARCHAR(50),
    note TEXT,
    status_updated_at DATETIME,
    status_updated_by INTEGER,
    PRIMARY KEY (doctor_id, patient_id),
    FOREIGN KEY(doctor_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY(patient_id) REFERENCES patients (id) ON DELETE CASCADE,
    FOREIGN KEY(status_updated_by) REFERENCES users (id)
);
"""

RECORDS = """
CREATE TABLE records (
    id INTEGER NOT NULL AUTO_INCREMENT,
    patient_id INTEGER NOT NULL,
    doctor_id INTEGER,
    source ENUM('clinic','self') NOT NULL,
    bpm_data JSON,
    start_time DATETIME NOT NULL,
    end_time DATETIME,
    classification VARCHAR(255),
    notes TEXT,
    shared_with INTEGER,
    PRIMARY KEY (id),
    FOREIGN KEY(patient_id) REFERENCES patients (id),
    FOREIGN KEY(doctor_id) REFERENCES users (id),
    FOREIGN KEY(shared_with) REFERENCES users (id)
);
CREATE INDEX ix_records_id ON records (id);
"""

NOTIFICATIONS = """
CREATE TABLE notifications (
    id INTEGER NOT NULL AUTO_INCREMENT,
    from_patient_id INTEGER NOT NULL,
    to_doctor_id INTEGER NOT NULL,
    record_id INTEGER NOT NULL,
    status ENUM('unread','read') NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(from_patient_id) REFERENCES patients (id),
    FOREIGN KEY(to_doctor_id) REFERENCES users (id),
    FOREIGN KEY(record_id) REFERENCES records (id)
);
CREATE INDEX ix_notifications_id ON notifications (id);
"""

HISTORY = """
CREATE TABLE patient_status_history (
    id INTEGER NOT NULL AUTO_INCREMENT,
    doctor_id INTEGER NOT NULL,
    patient_id INTEGER NOT NULL,
    old_status VARCHAR(50),
    new_status VARCHAR(50) NOT NULL,
    notes TEXT,
    changed_by INTEGER NOT NULL,
    changed_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(doctor_id) REFERENCES users (id),
    FOREIGN KEY(patient_id) REFERENCES patients (id),
    FOREIGN KEY(changed_by) REFERENCES users (id)
);
"""

SESSIONS = """
CREATE TABLE fetal_monitoring_sessions (
    id VARCHAR(50) NOT NULL,
    patient_id INTEGER,
    doctor_id INTEGER,
    monitoring_type ENUM('clinic','home') NOT NULL,
    gestational_age INTEGER NOT NULL,
    start_time DATETIME NOT NULL,
    end_time DATETIME,
    notes TEXT,
    doctor_notes TEXT,
    shared_with_doctor BOOL NOT NULL,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(patient_id) REFERENCES patients (id),
    FOREIGN KEY(doctor_id) REFERENCES users (id)
);
CREATE INDEX ix_fetal_monitoring_sessions_id ON fetal_monitoring_sessions (id);
"""

READINGS = """
CREATE TABLE fetal_heart_rate_readings (
    id INTEGER NOT NULL AUTO_INCREMENT,
    session_id VARCHAR(50) NOT NULL,
    timestamp DATETIME NOT NULL,
    bpm INTEGER NOT NULL,
    signal_quality FLOAT,
    classification ENUM('normal','bradycardia','tachycardia','irregular') NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(session_id) REFERENCES fetal_monitoring_sessions (id)
);
CREATE INDEX ix_fetal_heart_rate_readings_id ON fetal_heart_rate_readings (id);
"""

RESULTS = """
CREATE TABLE fetal_monitoring_results (
    id INTEGER NOT NULL AUTO_INCREMENT,
    session_id VARCHAR(50) NOT NULL,
    overall_classification ENUM('normal','concerning','abnormal') NOT NULL,
    average_bpm FLOAT NOT NULL,
    baseline_variability FLOAT,
    findings JSON,
    recommendations JSON,
    risk_level ENUM('low','medium','high') NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (session_id),
    FOREIGN KEY(session_id) REFERENCES fetal_monitoring_sessions (id)
);
CREATE INDEX ix_fetal_monitoring_results_id ON fetal_monitoring_results (id);
"""

PREGNANCIES = """
CREATE TABLE pregnancy_info (
    id INTEGER NOT NULL AUTO_INCREMENT,
    patient_id INTEGER NOT NULL,
    gestational_age INTEGER NOT NULL,
    last_menstrual_period DATE,
    expected_due_date DATE,
    is_high_risk BOOL NOT NULL,
    complications JSON,
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE INDEX ix_pregnancy_info_id ON pregnancy_info (id);
"""

VERSION = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, PRIMARY KEY (version_num));
"""

# The design that the original began anew with after all this; Dopply does not continue it.
OF_ANOTHER_DESIGN = """
CREATE TABLE users (
    id INTEGER NOT NULL AUTO_INCREMENT,
    name VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    role ENUM('admin','doctor','patient') NOT NULL,
    photo_url VARCHAR(255),
    created_at DATETIME NOT NULL,
    specialization VARCHAR(255),
    is_verified BOOL,
    PRIMARY KEY (id),
    UNIQUE (email)
);
CREATE TABLE patients (
    id INTEGER NOT NULL AUTO_INCREMENT,
    user_id INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    email VARCHAR(255) NOT NULL,
    hpht DATE,
    birth_date DATE,
    PRIMARY KEY (id),
    FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE TABLE doctor_patient (
    doctor_id INTEGER NOT NULL,
    patient_id INTEGER NOT NULL,
    assigned_at DATETIME NOT NULL,
    PRIMARY KEY (doctor_id, patient_id),
    FOREIGN KEY(doctor_id) REFERENCES users (id),
    FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE TABLE records (
    id INTEGER NOT NULL AUTO_INCREMENT,
    patient_id INTEGER NOT NULL,
    source VARCHAR(50) NOT NULL,
    start_time DATETIME NOT NULL,
    bpm_data JSON,
    created_by INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(patient_id) REFERENCES patients (id)
);
CREATE TABLE notifications (
    id INTEGER NOT NULL AUTO_INCREMENT,
    record_id INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(record_id) REFERENCES records (id)
);
"""

PEOPLE = (USERS, PATIENTS, DOCTORS)
RECORDINGS = (RECORDS, NOTIFICATIONS)
MONITORING = (SESSIONS, READINGS, RESULTS)

AT_001 = (*PEOPLE, LINKS_UNTIL_004)
AT_002 = (*AT_001, *RECORDINGS)
AT_003 = (*AT_002, HISTORY)
AT_004 = (*AT_003, *MONITORING, PREGNANCIES)
AT_692E = (*PEOPLE, LINKS, *RECORDINGS, HISTORY, *MONITORING, PREGNANCIES)
# The original's revision `remove_fetal_tables` dropped the three tables of monitoring sessions.
WITHOUT_SESSIONS = (*PEOPLE, LINKS, *RECORDINGS, HISTORY, PREGNANCIES)


def statements(*tables: str) -> list[str]:
    """The single statements, as MariaDB takes them."""
    return [statement.strip() for table in tables for statement in table.split(";") if statement.strip()]


def on_sqlite(statement: str) -> str:
    """The same statement as SQLite takes it: an ENUM is the text that holds its longest value."""

    def as_text(enum: re.Match[str]) -> str:
        return f"VARCHAR({max(map(len, re.findall(WORD, enum.group())))})"

    plain = statement.replace(" AUTO_INCREMENT", "").replace(" BOOL", " BOOLEAN")
    return re.sub(r"ENUM\([^)]*\)", as_text, plain)
