"""Who lives in the demo world. `Contoh` is Indonesian for "example": nobody is called so.

Telephone numbers are as plainly made up as the names; `.example` addresses belong to nobody (RFC 2606).
"""

from dataclasses import dataclass
from datetime import date

from app.models import Language

# One for everybody, printed by `flask demo build`. It opens nothing but made-up records.
PASSWORD = "only-for-the-demo"  # noqa: S105 - meant to be known

UNIT_NAME = "Klinik Bersalin Contoh"
# 555 01xx stands for no line, as in films.
UNIT_PHONE = "021 555 0100"
READING_WITHIN_DAYS = 2


def address(key: str) -> str:
    """The e-mail address of a person of the demo world; it can never exist."""
    return f"{key}@demo.dopply.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account; `key` is the name under which the rest of the demo world speaks of her."""

    key: str
    name: str
    language: Language = Language.ENGLISH

    @property
    def email(self) -> str:
        """What she signs in with."""
        return address(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorPlan(Person):
    """A doctor or midwife."""

    is_validated: bool = True
    on_unit_cover: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientPlan(Person):
    """A woman with one pregnancy, `weeks` and `days` along on the day of the build.

    `readers` are doctors with a live link, longest first; `asked_by` wait for her answer, `former` lost theirs.
    `carried_over` had a link in an older database that was adopted. With `consent` her first reader made the record
    in the clinic, and she has not activated her account.
    """

    birth_date: date
    phone: str
    weeks: int
    days: int
    language: Language = Language.INDONESIAN
    complications: tuple[str, ...] = ()
    readers: tuple[str, ...] = ("ratna",)
    asked_by: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    carried_over: tuple[str, ...] = ()
    consent: str = ""

    @property
    def gestation_days(self) -> int:
        """Days of gestation on the day of the build."""
        return 7 * self.weeks + self.days


ADMIN = Person(key="agus", name="Agus Wibowo Contoh")

DOCTORS = (
    DoctorPlan(key="ratna", name="Ratna Dewi Contoh", on_unit_cover=True),
    DoctorPlan(key="budi", name="Budi Santosa Contoh", language=Language.INDONESIAN),
    DoctorPlan(key="maya", name="Maya Lestari Contoh", language=Language.INDONESIAN, is_validated=False),
)

PATIENTS = (
    PatientPlan(
        key="siti",
        name="Siti Rahma Contoh",
        birth_date=date(1996, 4, 12),
        phone="0800 555 0101",
        weeks=31,
        days=4,
        language=Language.ENGLISH,
        asked_by=("budi",),
    ),
    # Names alike: the banner warns.
    PatientPlan(
        key="rahmah",
        name="Siti Rahmah Contoh",
        birth_date=date(1991, 11, 3),
        phone="0800 555 0102",
        weeks=36,
        days=2,
    ),
    PatientPlan(
        key="dewi",
        name="Dewi Anggraini Contoh",
        birth_date=date(1999, 1, 27),
        phone="0800 555 0103",
        weeks=29,
        days=3,
        complications=("Threatened preterm labour",),
    ),
    PatientPlan(
        key="wulan",
        name="Wulan Sari Contoh",
        birth_date=date(1993, 7, 9),
        phone="0800 555 0104",
        weeks=38,
        days=5,
        readers=("ratna", "budi"),
    ),
    PatientPlan(
        key="maria",
        name="Maria Goreti Contoh",
        birth_date=date(1989, 9, 30),
        phone="0800 555 0105",
        weeks=35,
        days=0,
        complications=("Twins, dichorionic",),
    ),
    PatientPlan(
        key="ayu",
        name="Ayu Puspita Contoh",
        birth_date=date(1997, 2, 18),
        phone="0800 555 0106",
        weeks=33,
        days=6,
        readers=(),
        carried_over=("ratna",),
    ),
    PatientPlan(
        key="fitri",
        name="Fitri Handayani Contoh",
        birth_date=date(1994, 12, 5),
        phone="0800 555 0107",
        weeks=39,
        days=1,
    ),
    PatientPlan(
        key="nur",
        name="Nur Aisyah Contoh",
        birth_date=date(1990, 6, 21),
        phone="0800 555 0108",
        weeks=41,
        days=2,
        complications=("Post-term",),
    ),
    PatientPlan(
        key="rina",
        name="Rina Kartika Contoh",
        birth_date=date(1998, 8, 14),
        phone="0800 555 0109",
        weeks=34,
        days=1,
        readers=("budi",),
        former=("ratna",),
    ),
    # Nobody reads for her yet: what she sends stands on the unit list.
    PatientPlan(
        key="lestari",
        name="Lestari Ningsih Contoh",
        birth_date=date(2000, 5, 2),
        phone="0800 555 0110",
        weeks=37,
        days=3,
        readers=(),
        asked_by=("ratna",),
    ),
    PatientPlan(
        key="indah",
        name="Indah Permata Contoh",
        birth_date=date(1995, 10, 11),
        phone="0800 555 0111",
        weeks=34,
        days=4,
    ),
    PatientPlan(
        key="yuni",
        name="Yuni Astuti Contoh",
        birth_date=date(1992, 3, 25),
        phone="0800 555 0112",
        weeks=40,
        days=0,
    ),
    PatientPlan(
        key="kartika",
        name="Kartika Wulandari Contoh",
        birth_date=date(2001, 8, 17),
        phone="0800 555 0113",
        weeks=13,
        days=5,
        consent="In person at the first visit, form signed.",
    ),
)

SIGN_INS = (("doctor", DOCTORS[0].email), ("patient", PATIENTS[0].email), ("admin", ADMIN.email))
