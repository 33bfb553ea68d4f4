"""The recordings of the demo world: who, when, which scenario of `app.ctg.synthetic`, and how it was uploaded."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.ctg.synthetic import SCENARIOS, Scenario
from app.models import MonitoringType, Movement
from app.services.demo.moments import Moment, days_ago, minutes_ago

HOME_DEVICE = "Demo Doppler H1 (simulated)"
CLINIC_DEVICE = "Demo CTG C4 (simulated)"
# How long after its end a recording arrives.
SENDING_TIME = timedelta(minutes=4)


class FileKind(StrEnum):
    """What kind of file the device writes."""

    CSV = "csv"
    ISO_CSV = "iso_csv"
    WFDB = "wfdb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One recording; `key` names it for `readings`, and `sender` is a doctor's key or "" for the woman herself.

    `pulse_bpm` is what was answered to the question for the mother's pulse.
    """

    key: str
    patient: str
    begins: Moment
    scenario_name: str
    seed: int
    pulse_bpm: int | None
    sender: str = ""
    file_kind: FileKind = FileKind.CSV
    movement: Movement = Movement.AS_USUAL
    notes: str = ""

    @property
    def scenario(self) -> Scenario:
        """What is simulated; the gestation is the woman's own."""
        return SCENARIOS[self.scenario_name]

    @property
    def monitoring_type(self) -> MonitoringType:
        """At home the woman sends it, in the clinic a doctor or midwife."""
        return MonitoringType.CLINIC if self.sender else MonitoringType.HOME

    @property
    def device_name(self) -> str:
        """A device that cannot be bought."""
        return CLINIC_DEVICE if self.sender else HOME_DEVICE


RECORDINGS = (
    # Read and released: what a patient finds when she signs in.
    Recording(
        key="reactive",
        patient="wulan",
        begins=days_ago(6, "08:14"),
        scenario_name="clinic_ctg_reactive_42min",
        seed=101,
        pulse_bpm=76,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="evening",
        patient="siti",
        begins=days_ago(6, "19:32"),
        scenario_name="term_home_reactive",
        seed=102,
        pulse_bpm=81,
    ),
    Recording(
        key="quiet",
        patient="rahmah",
        begins=days_ago(5, "06:48"),
        scenario_name="home_quiet",
        seed=103,
        pulse_bpm=79,
    ),
    Recording(
        key="slow",
        patient="nur",
        begins=days_ago(5, "10:05"),
        scenario_name="bradycardia_baseline_100",
        seed=104,
        pulse_bpm=68,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="mothers_pulse",
        patient="siti",
        begins=days_ago(4, "06:20"),
        scenario_name="home_mostly_maternal_rate",
        seed=105,
        pulse_bpm=86,
    ),
    Recording(
        key="of_budi",
        patient="rina",
        begins=days_ago(4, "17:41"),
        scenario_name="term_home_reactive",
        seed=106,
        pulse_bpm=77,
    ),
    Recording(
        key="twins",
        patient="maria",
        begins=days_ago(3, "09:10"),
        scenario_name="twins_clinic",
        seed=107,
        pulse_bpm=93,
        sender="ratna",
        file_kind=FileKind.ISO_CSV,
        notes="Fetus 1 left, cephalic; fetus 2 right, breech.",
    ),
    # Unread for longer than the unit promises, whichever days between were a weekend.
    Recording(
        key="overdue",
        patient="ayu",
        begins=days_ago(5, "21:02"),
        scenario_name="home_heavy_loss",
        seed=108,
        pulse_bpm=83,
    ),
    # Signed, not yet released.
    Recording(
        key="preterm",
        patient="dewi",
        begins=days_ago(2, "09:26"),
        scenario_name="preterm_29w_10x10",
        seed=109,
        pulse_bpm=86,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    # In the queue.
    Recording(
        key="night",
        patient="dewi",
        begins=days_ago(2, "21:35"),
        scenario_name="long_8h_clinic",
        seed=110,
        pulse_bpm=84,
        sender="ratna",
        file_kind=FileKind.WFDB,
        notes="Observation after tocolysis.",
    ),
    Recording(
        key="short",
        patient="rahmah",
        begins=days_ago(1, "06:31"),
        scenario_name="short_4min",
        seed=111,
        pulse_bpm=None,
    ),
    Recording(
        key="cycling",
        patient="rahmah",
        begins=days_ago(1, "10:02"),
        scenario_name="clinic_ctg_quiet_and_active",
        seed=112,
        pulse_bpm=71,
        sender="ratna",
        file_kind=FileKind.WFDB,
        notes="Repeat of the quiet recording from home.",
    ),
    Recording(
        key="no_signal",
        patient="rina",
        begins=days_ago(1, "18:15"),
        scenario_name="home_no_signal",
        seed=113,
        pulse_bpm=78,
    ),
    Recording(
        key="halved",
        patient="lestari",
        begins=days_ago(1, "19:48"),
        scenario_name="halving_artefacts",
        seed=114,
        pulse_bpm=88,
    ),
    # Today: two labours, a call that nobody answered, and an answer that cannot wait.
    Recording(
        key="wulan_first",
        patient="wulan",
        begins=minutes_ago(560),
        scenario_name="clinic_ctg_variable_decelerations",
        seed=115,
        pulse_bpm=85,
        sender="ratna",
        file_kind=FileKind.WFDB,
        notes="Waters broke at home, clear.",
    ),
    Recording(
        key="yuni_first",
        patient="yuni",
        begins=minutes_ago(480),
        scenario_name="clinic_ctg_early_decelerations",
        seed=116,
        pulse_bpm=88,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="yuni_second",
        patient="yuni",
        begins=minutes_ago(330),
        scenario_name="clinic_tachysystole",
        seed=117,
        pulse_bpm=90,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="morning",
        patient="ayu",
        begins=minutes_ago(300),
        scenario_name="term_home_reactive",
        seed=118,
        pulse_bpm=80,
    ),
    Recording(
        key="fever",
        patient="nur",
        begins=minutes_ago(235),
        scenario_name="tachycardia_with_maternal_fever",
        seed=119,
        pulse_bpm=114,
        sender="ratna",
        file_kind=FileKind.WFDB,
        notes="Induction. Mother 38.6 °C.",
    ),
    Recording(
        key="sinusoidal",
        patient="indah",
        begins=minutes_ago(210),
        scenario_name="sinusoidal_20min",
        seed=120,
        pulse_bpm=82,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="wulan_second",
        patient="wulan",
        begins=minutes_ago(170),
        scenario_name="clinic_ctg_late_decelerations",
        seed=121,
        pulse_bpm=91,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="today",
        patient="siti",
        begins=minutes_ago(130),
        scenario_name="term_home_reactive",
        seed=122,
        pulse_bpm=82,
    ),
    Recording(
        key="yuni_third",
        patient="yuni",
        begins=minutes_ago(95),
        scenario_name="clinic_prolonged_deceleration",
        seed=123,
        pulse_bpm=79,
        sender="ratna",
        file_kind=FileKind.WFDB,
    ),
    Recording(
        key="less",
        patient="fitri",
        begins=minutes_ago(62),
        scenario_name="home_reduced_variability",
        seed=124,
        pulse_bpm=84,
        movement=Movement.LESS,
    ),
)
