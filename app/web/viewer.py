"""What the layout shows of the reader: name, navigation, counts, languages, and whom to call."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, g, request, url_for
from flask_babel import get_locale, gettext
from sqlalchemy.exc import SQLAlchemyError

from app.models import Language, Role
from app.services import jobs, queue, unit
from app.web import current, signed_in

_LAST_KNOWN = "last_known_emergency_contact"
LANGUAGE_NAMES = {Language.ENGLISH: "English", Language.INDONESIAN: "Bahasa Indonesia"}


@dataclass(frozen=True, slots=True)
class Viewer:
    """The reader of a page."""

    name: str
    email: str
    role: str
    is_validated: bool
    on_unit_cover: bool
    queue_count: int | None
    unread_count: int | None = None
    notices_may_be_late: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the navigation or of the language switch."""

    label: str
    href: str
    is_current: bool
    count: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class EmergencyContact:
    """Whom a worried reader calls: the unit, or the emergency number of the settings until an admin has set it."""

    unit_name: str
    phone: str
    is_the_unit: bool = True

    @property
    def label(self) -> str:
        """Whose number it is: an emergency service's is never given out as the unit's."""
        return self.unit_name if self.is_the_unit else str(gettext("Emergency number"))

    @property
    def phone_href(self) -> str:
        """`tel:` address for a tap."""
        return "tel:" + "".join(character for character in self.phone if character in "+0123456789")


def viewer() -> Viewer | None:
    """The reader, or None when nobody is signed in."""
    person = signed_in.person()
    if person is None:
        return None
    is_reading_doctor = person.role is Role.DOCTOR and person.is_validated
    return Viewer(
        name=person.name,
        email=person.email,
        role=person.role.value,
        is_validated=person.is_validated,
        on_unit_cover=person.on_unit_cover,
        # A request that is refused before the guard, such as one that is too large, has no actor.
        queue_count=queue.waiting_count(current.database(), current.actor())
        if is_reading_doctor and "actor" in g
        else None,
        notices_may_be_late=(is_reading_doctor or person.role is Role.ADMIN)
        and jobs.notices_may_be_late(current.database()),
    )


def navigation(reader: Viewer | None) -> list[Link]:
    """The entries of the top bar for this reader."""
    if reader is None:
        return []
    pages: list[tuple[str, str, int | None]] = []
    if reader.role == Role.ADMIN:
        pages = [
            (gettext("Doctors"), "admin.doctors", None),
            (gettext("Users"), "admin.users", None),
            (gettext("Unit"), "admin.unit", None),
            (gettext("Audit"), "admin.audit", None),
        ]
    elif reader.role == Role.PATIENT:
        pages = [
            (gettext("My record"), "patients.mine", None),
            (gettext("Add a recording"), "monitoring.upload", None),
            (gettext("Who may see it"), "links.index", None),
        ]
    elif reader.is_validated:
        pages = [
            (gettext("Queue"), "monitoring.queue", reader.queue_count),
            (gettext("Patients"), "patients.index", None),
            (gettext("Recordings"), "monitoring.sessions", None),
            (gettext("Links"), "links.index", None),
        ]
        if reader.on_unit_cover:
            pages.insert(1, (gettext("Unit"), "monitoring.unit", None))
    # Her record has an address with her number; `patients.mine` only leads there.
    shown = "patients.mine" if reader.role == Role.PATIENT and request.endpoint == "patients.show" else request.endpoint
    return [
        Link(label=label, href=url_for(endpoint), is_current=shown == endpoint, count=count)
        for label, endpoint, count in pages
    ]


def emergency_contact() -> EmergencyContact:
    """The unit's phone, from a copy that needs no database when there is none."""
    if "emergency" not in g:
        g.emergency = _emergency_contact()
    found: EmergencyContact = g.emergency
    return found


def _emergency_contact() -> EmergencyContact:
    if g.get("database_is_down"):
        return _last_known_contact()
    try:
        found = unit.find(current.database())
    except SQLAlchemyError:
        return _last_known_contact()
    if found is None:
        return _number_of_the_settings()
    contact = EmergencyContact(found.name, found.phone)
    current_app.extensions[_LAST_KNOWN] = contact
    return contact


def _last_known_contact() -> EmergencyContact:
    """The unit as this process last saw it, so that a woman still reaches it while the database is away."""
    known: EmergencyContact | None = current_app.extensions.get(_LAST_KNOWN)
    return known or _number_of_the_settings()


def _number_of_the_settings() -> EmergencyContact:
    return EmergencyContact(gettext("your maternity unit"), current.settings().emergency_phone, is_the_unit=False)


def languages() -> list[Link]:
    """This page in each language of the portal."""
    shown = str(get_locale())
    other_arguments = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return [
        Link(
            label=LANGUAGE_NAMES[language],
            href="?" + urlencode([*other_arguments, ("lang", language.value)]),
            is_current=language.value == shown,
            code=language.value,
        )
        for language in Language
    ]
