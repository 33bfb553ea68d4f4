"""The main job from end to end, step by step, each step as its person does it."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.browser.server import Server
from tests.page import PASSWORD

ADMIN, DOCTOR, PATIENT = "admin@example.org", "ratna@example.org", "sekar@example.org"
UNIT_PHONE = "021 555 0100"
MESSAGE = "I have read the whole recording. Please come on Tuesday as planned, and call if anything changes."


def make_admin(server: Server) -> None:
    """The operator makes the first administrator."""
    made = server.flask("accounts", "create-admin", "--email", ADMIN, "--name", "Wati Operator", typed=f"{PASSWORD}\n")
    assert ADMIN in made


def register(person: Reader, *, name: str, email: str, role: str, birth_date: str = "") -> None:
    """A patient or doctor makes an account and signs in."""
    person.open("/auth/register")
    person.choose("Language", "English")
    person.choose("I am", role)
    person.fill(name=name, email=email, password=PASSWORD, birth_date=birth_date)
    person.inspect()
    person.press("Register")
    person.inspect()
    person.sign_in(email)


def set_unit(admin: Reader) -> None:
    """The administrator says whom patients call."""
    admin.open("/admin/unit")
    admin.fill(name="Maternity Unit", phone=UNIT_PHONE)
    admin.select(speed_cm_min="1 cm/min", bpm_per_cm="20 bpm/cm")
    admin.press("Save")
    assert UNIT_PHONE in admin.words()


def validate(admin: Reader, name: str) -> None:
    """The administrator validates the doctor who waits."""
    admin.open("/admin/doctors")
    admin.inspect()
    admin.press(f"Validate {name}")


def ask_for_access(doctor: Reader) -> None:
    """The doctor asks by e-mail address."""
    doctor.open("/links")
    doctor.inspect()
    doctor.fill(email=PATIENT)
    doctor.press("Send the request")
    assert "If this address belongs to a patient, she will see your request." in doctor.words()


def accept(patient: Reader, name: str) -> None:
    """The patient lets the doctor see her record."""
    patient.open("/")
    assert f"{name} asks to see your record" in patient.words()
    patient.inspect()
    patient.press("Accept")


def upload(doctor: Reader, record: Path) -> None:
    """The doctor uploads a record as it comes: header and signals, which state no date."""
    doctor.open("/monitoring/upload")
    doctor.page.get_by_label("Patient").select_option(index=1)
    doctor.press("Continue")
    doctor.inspect()
    doctor.page.locator("input[type=file]").set_input_files([record, record.with_suffix(".dat")])
    doctor.choose("Where was it recorded?", "In the clinic")
    doctor.fill(start_date="2026-03-02", start_time="08:14", device_name="Sonicaid One")
    doctor.choose("How many babies?", "One")
    doctor.choose("The mother's pulse during the recording", "Measured")
    doctor.fill(maternal_bpm="82")
    doctor.press("Save the recording")


def see_strip(doctor: Reader) -> None:
    """The strip is drawn, and what was computed stands under it."""
    assert "/monitoring/sessions/" in doctor.page.url
    assert "Clinic CTG, 2 Mar 2026, 08:14" in doctor.words()
    picture = doctor.page.locator(".viewer__tile img").first
    assert picture.get_attribute("alt")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert "for reference" in doctor.words()
    doctor.inspect()


def type_on_after_a_new_sign_in(doctor: Reader) -> None:
    """The sign-in has ended and a tab beside has made a new one: what is typed here is kept all the same."""
    context = doctor.page.context
    context.clear_cookies()
    beside = context.new_page()
    beside.goto("/auth/sign-in")
    beside.locator("main [name=email]").fill(DOCTOR)
    beside.locator("main [name=password]").fill(PASSWORD)
    with beside.expect_navigation():
        beside.get_by_role("button", name="Sign in", exact=True).click()
    beside.close()
    assert doctor.complaints == []
    doctor.fill(comment="Typed with the old sign-in.")
    expect(doctor.page.locator("[data-draft-note]")).to_contain_text("Draft saved")
    assert {complaint.split(" from ")[0] for complaint in doctor.complaints if " from " in complaint} == {"400"}
    doctor.complaints.clear()


def save_draft(doctor: Reader) -> None:
    """A reading is begun and kept; nothing but what was typed stands in it."""
    doctor.choose("Can it be interpreted?", "Yes")
    doctor.fill(baseline_bpm="140", comment="To be read again after the ward round.")
    doctor.press("Save draft")
    assert "Draft saved" in doctor.words()
    assert doctor.page.locator("main [name=baseline_bpm]").input_value() == "140"
    assert doctor.page.locator("main [name=impression]").input_value() == ""


def sign(doctor: Reader) -> None:
    """The reading is completed and signed with the password."""
    doctor.select(
        variability="Usual (5 to 25 bpm)",
        accelerations="Two or more",
        decelerations="No decelerations",
        impression="No concern",
    )
    doctor.fill(comment="Read as a whole.", plan="Next recording on Tuesday.", password=PASSWORD)
    doctor.press("Sign reading")
    assert "The reading is signed." in doctor.words()
    doctor.inspect()


def release(doctor: Reader) -> None:
    """The doctor writes to the patient, sees it as she will, and releases it."""
    doctor.follow("Write to the patient")
    doctor.inspect()
    doctor.choose("What is she told?", "A message")
    doctor.fill(message=MESSAGE)
    doctor.press("See it as she will")
    assert MESSAGE in doctor.words()
    doctor.inspect()
    doctor.press("Release")
    assert "Released." in doctor.words()


def read(patient: Reader, name: str) -> None:
    """The patient finds the doctor's words on her page, in both languages, and no number from the trace."""
    patient.open("/")
    patient.inspect()
    patient.page.get_by_role("main").locator(".recordings a").first.click()
    patient.look()
    english = patient.words()
    assert patient.heading() == "Your recording"
    assert MESSAGE in english
    assert name in english
    assert UNIT_PHONE in english
    assert "bpm" not in english
    patient.inspect()
    patient.open(f"{patient.page.url}?lang=id")
    indonesian = patient.words()
    assert patient.page.locator("html").get_attribute("lang") == "id"
    assert patient.heading() == "Rekaman Anda"
    assert MESSAGE in indonesian
    assert UNIT_PHONE in indonesian
    patient.inspect()
