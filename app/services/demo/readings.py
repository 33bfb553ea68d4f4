"""What the doctors of the demo world did about recordings: opened, read, called, released."""

from dataclasses import dataclass

from app.models import (
    Accelerations,
    ContactOutcome,
    Decelerations,
    Impression,
    ReleaseKind,
    Uninterpretable,
    Variability,
)
from app.services.reading import Reading
from app.services.releases import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the recording `key`; minutes are counted from when it was received.

    Without `readings` it was opened and no more. There is one reading for each fetus.
    """

    key: str
    reader: str
    opened_min: int
    signed_min: int = 0
    readings: tuple[Reading, ...] = ()
    contacts: tuple[tuple[int, ContactOutcome, str], ...] = ()
    released_min: int | None = None
    words: Words | None = None


def interpretable(
    baseline_bpm: int,
    variability: Variability,
    accelerations: Accelerations,
    decelerations: Decelerations,
    impression: Impression,
    *,
    contractions: int | None = None,
    comment: str = "",
    plan: str = "",
) -> Reading:
    """A reading of a recording that can be read."""
    return Reading(
        is_interpretable=True,
        uninterpretable_reason=None,
        baseline_bpm=baseline_bpm,
        variability=variability,
        accelerations=accelerations,
        decelerations=decelerations,
        contractions_per_10_min=contractions,
        impression=impression,
        comment=comment,
        plan=plan,
    )


def not_interpretable(reason: Uninterpretable, *, comment: str, plan: str) -> Reading:
    """A reading of a recording that cannot be read."""
    return Reading(
        is_interpretable=False,
        uninterpretable_reason=reason,
        baseline_bpm=None,
        variability=None,
        accelerations=None,
        decelerations=None,
        contractions_per_10_min=None,
        impression=None,
        comment=comment,
        plan=plan,
    )


OUTCOMES = (
    Outcome(
        key="reactive",
        reader="ratna",
        opened_min=12,
        signed_min=17,
        readings=(
            interpretable(
                135,
                Variability.USUAL,
                Accelerations.TWO_OR_MORE,
                Decelerations.NONE,
                Impression.NO_CONCERN,
                contractions=0,
                plan="Visit in a week as agreed.",
            ),
        ),
        released_min=19,
        words=Words(
            kind=ReleaseKind.MESSAGE,
            message="Rekaman tadi pagi sudah saya baca. Rencana kita tetap: kontrol minggu depan. Kalau gerakan bayi "
            "berkurang, jangan menunggu, segera telepon klinik.",
        ),
    ),
    Outcome(
        key="evening",
        reader="ratna",
        opened_min=640,
        signed_min=646,
        readings=(
            interpretable(
                138,
                Variability.USUAL,
                Accelerations.TWO_OR_MORE,
                Decelerations.NONE,
                Impression.NO_CONCERN,
                comment="Handheld Doppler, one value a second: variability by eye only.",
                plan="Next visit as agreed.",
            ),
        ),
        released_min=650,
        words=Words(
            kind=ReleaseKind.MESSAGE,
            message="Thank you for the recording from last night. I could read most of it, and it does not change our "
            "plan: please keep your next visit. If your baby moves less than usual, call us at once, whatever a "
            "recording shows.",
        ),
    ),
    Outcome(
        key="quiet",
        reader="ratna",
        opened_min=180,
        signed_min=186,
        readings=(
            interpretable(
                131,
                Variability.REDUCED,
                Accelerations.NONE,
                Decelerations.NONE,
                Impression.SUSPICIOUS,
                comment="20 minutes only; may be a quiet phase.",
                plan="Phoned today. CTG in the clinic within the week, at once if movements change.",
            ),
        ),
        contacts=((190, ContactOutcome.REACHED, "Moves as usual. Comes for a CTG."),),
        released_min=195,
        words=Words(
            kind=ReleaseKind.MESSAGE,
            message="Seperti kita bicarakan di telepon: rekaman ini terlalu pendek untuk menilai semuanya. Silakan "
            "datang untuk CTG di klinik. Kalau gerakan bayi berkurang, datang sekarang juga.",
        ),
    ),
    Outcome(
        key="slow",
        reader="ratna",
        opened_min=6,
        signed_min=14,
        readings=(
            interpretable(
                100,
                Variability.USUAL,
                Accelerations.TWO_OR_MORE,
                Decelerations.NONE,
                Impression.SUSPICIOUS,
                contractions=0,
                comment="Baseline near 100; the mother's pulse is 68, so this is not hers. Past 40 weeks.",
                plan="Come in today for ultrasound and to talk about induction.",
            ),
        ),
        contacts=(
            (20, ContactOutcome.NO_ANSWER, "Rang twice."),
            (41, ContactOutcome.REACHED, "Is on her way back to the clinic."),
        ),
        released_min=46,
        words=Words(kind=ReleaseKind.PLEASE_CALL, message="Seperti di telepon: mohon kembali ke klinik hari ini juga."),
    ),
    Outcome(
        key="mothers_pulse",
        reader="ratna",
        opened_min=150,
        signed_min=154,
        readings=(
            not_interpretable(
                Uninterpretable.MATERNAL_RATE,
                comment="Near 86 bpm for almost all of it, which is the pulse she wrote down.",
                plan="Show her where to place the probe at the next visit.",
            ),
        ),
        released_min=158,
        words=Words(
            kind=ReleaseKind.NOT_READABLE,
            message="The Doppler followed your own pulse for most of the time. Please bring it to your next visit and "
            "we will look for the right place together.",
        ),
    ),
    Outcome(
        key="of_budi",
        reader="budi",
        opened_min=35,
        signed_min=40,
        readings=(
            interpretable(141, Variability.USUAL, Accelerations.TWO_OR_MORE, Decelerations.NONE, Impression.NO_CONCERN),
        ),
        released_min=44,
        words=Words(
            kind=ReleaseKind.MESSAGE,
            message="Sudah saya baca, rencana tidak berubah. Kalau gerakan bayi berkurang, segera telepon.",
        ),
    ),
    Outcome(
        key="twins",
        reader="ratna",
        opened_min=3,
        signed_min=13,
        readings=(
            interpretable(
                132,
                Variability.USUAL,
                Accelerations.TWO_OR_MORE,
                Decelerations.NONE,
                Impression.NO_CONCERN,
                contractions=0,
            ),
            interpretable(
                147,
                Variability.USUAL,
                Accelerations.TWO_OR_MORE,
                Decelerations.NONE,
                Impression.NO_CONCERN,
                contractions=0,
                comment="Both channels are distinct throughout.",
                plan="Again in three days.",
            ),
        ),
        released_min=16,
        words=Words(
            kind=ReleaseKind.MESSAGE,
            message="Rekaman kedua bayi sudah saya baca. Kita ulangi tiga hari lagi. Kalau gerakan salah satu bayi "
            "berkurang, jangan menunggu.",
        ),
    ),
    Outcome(
        key="preterm",
        reader="ratna",
        opened_min=4,
        signed_min=11,
        readings=(
            interpretable(
                148,
                Variability.USUAL,
                Accelerations.TWO_OR_MORE,
                Decelerations.NONE,
                Impression.NO_CONCERN,
                contractions=0,
                comment="Accelerations of 10 bpm, as expected at 29 weeks.",
                plan="Stays for observation.",
            ),
        ),
    ),
    Outcome(key="morning", reader="ratna", opened_min=55),
    Outcome(
        key="sinusoidal",
        reader="ratna",
        opened_min=9,
        signed_min=15,
        readings=(
            interpretable(
                142,
                Variability.SINUSOIDAL,
                Accelerations.NONE,
                Decelerations.NONE,
                Impression.PATHOLOGICAL,
                contractions=1,
                comment="Sinusoidal for more than 20 minutes, no accelerations. She went home after the CTG.",
                plan="Back at once: ultrasound with middle cerebral artery, blood for Kleihauer. Keep ringing.",
            ),
        ),
        contacts=(
            (18, ContactOutcome.NO_ANSWER, "No answer, rings out."),
            (32, ContactOutcome.NO_ANSWER, "Second try, no answer. Husband's number asked for at reception."),
        ),
    ),
)
