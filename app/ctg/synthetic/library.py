"""The named scenarios of the demo world and of tests."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from app.ctg.synthetic.scenario import Scenario, Twin

MINUTE_S = 60.0
HOUR_S = 3600.0

# A handheld Doppler at home: whole bpm once a second, a search at the start, losses whenever anyone moves.
_HOME = Scenario(
    duration_s=20 * MINUTE_S,
    rate_hz=1,
    integer_values=True,
    search_s=22,
    loss_fraction=0.08,
    loss_burst_s=4,
)
# A clinic monitor: four values a second, toco belt, the mother's pulse from her finger.
_CLINIC = Scenario(
    duration_s=30 * MINUTE_S,
    with_toco=True,
    with_mhr=True,
    loss_fraction=0.02,
    contractions_per_10min=0.4,
)
_LABOUR = replace(_CLINIC, duration_s=40 * MINUTE_S, contractions_per_10min=3.5, loss_fraction=0.04)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "term_home_reactive": replace(_HOME, accelerations_per_30min=8),
        "home_reduced_variability": replace(
            _HOME,
            duration_s=30 * MINUTE_S,
            baseline_bpm=144,
            variability_bpm=3.2,
            accelerations_per_30min=0,
            loss_fraction=0.05,
        ),
        "home_heavy_loss": replace(_HOME, loss_fraction=0.62, loss_burst_s=9, search_s=75, baseline_bpm=141),
        "home_mostly_maternal_rate": replace(
            _HOME,
            loss_fraction=0.12,
            search_s=35,
            maternal_bpm=86,
            maternal_capture=((0, 520), (610, 1130)),
        ),
        "home_no_signal": replace(_HOME, duration_s=6 * MINUTE_S, loss_fraction=1),
        "home_quiet": replace(_HOME, behaviour="quiet", baseline_bpm=132, variability_bpm=13),
        "halving_artefacts": replace(_HOME, artefacts_per_hour=48, baseline_bpm=146, loss_fraction=0.1),
        "short_4min": replace(_HOME, duration_s=4 * MINUTE_S, search_s=15),
        "clinic_ctg_reactive_42min": replace(
            _CLINIC,
            duration_s=42 * MINUTE_S,
            baseline_bpm=134,
            variability_bpm=13,
            accelerations_per_30min=7,
            maternal_bpm=76,
        ),
        "clinic_ctg_quiet_and_active": replace(
            _CLINIC,
            duration_s=70 * MINUTE_S,
            behaviour="cycling",
            variability_bpm=14,
            baseline_bpm=136,
            maternal_bpm=71,
        ),
        "clinic_ctg_early_decelerations": replace(
            _LABOUR,
            decelerations="early",
            deceleration_depth_bpm=20,
            accelerations_per_30min=4,
            maternal_bpm=88,
            baseline_bpm=132,
        ),
        "clinic_ctg_variable_decelerations": replace(
            _LABOUR,
            decelerations="variable",
            deceleration_depth_bpm=48,
            deceleration_share=0.75,
            loss_fraction=0.09,
            baseline_bpm=142,
        ),
        "clinic_ctg_late_decelerations": replace(
            _LABOUR,
            baseline_bpm=150,
            variability_bpm=6,
            accelerations_per_30min=0,
            decelerations="late",
            deceleration_depth_bpm=22,
            deceleration_share=0.9,
            maternal_bpm=91,
        ),
        "clinic_prolonged_deceleration": replace(
            _LABOUR,
            decelerations="prolonged",
            deceleration_depth_bpm=58,
            contractions_per_10min=4,
            maternal_bpm=79,
            loss_fraction=0.06,
        ),
        "clinic_tachysystole": replace(
            _LABOUR, contractions_per_10min=6, variability_bpm=10, maternal_bpm=90, baseline_bpm=146
        ),
        "clinic_increased_variability": replace(
            _LABOUR,
            variability_bpm=31,
            accelerations_per_30min=0,
            contractions_per_10min=4,
            baseline_bpm=130,
        ),
        "clinic_maternal_capture": replace(
            _LABOUR,
            maternal_bpm=94,
            maternal_capture=((840, 1010), (1620, 1900)),
            loss_fraction=0.06,
        ),
        "twins_clinic": replace(
            _CLINIC,
            duration_s=40 * MINUTE_S,
            gestation_weeks=35,
            baseline_bpm=132,
            loss_fraction=0.07,
            twin=Twin(baseline_bpm=147, variability_bpm=11, accelerations_per_30min=7),
            maternal_bpm=93,
        ),
        "long_8h_clinic": replace(
            _CLINIC,
            duration_s=8 * HOUR_S,
            behaviour="cycling",
            contractions_per_10min=1.2,
            diurnal_amplitude_bpm=5,
            clock_hour_at_start=22,
            loss_fraction=0.06,
            loss_burst_s=2.5,
        ),
        "tachycardia_with_maternal_fever": replace(
            _LABOUR,
            baseline_bpm=174,
            variability_bpm=6.5,
            accelerations_per_30min=0,
            maternal_bpm=114,
            contractions_per_10min=2.5,
        ),
        "bradycardia_baseline_100": replace(
            _CLINIC,
            baseline_bpm=100,
            variability_bpm=9,
            accelerations_per_30min=2,
            gestation_weeks=41,
            maternal_bpm=68,
        ),
        "preterm_29w_10x10": replace(
            _CLINIC,
            gestation_weeks=29,
            baseline_bpm=148,
            variability_bpm=9,
            accelerations_per_30min=8,
            contractions_per_10min=0,
            loss_fraction=0.07,
            maternal_bpm=86,
        ),
        "sinusoidal_20min": replace(
            _CLINIC,
            duration_s=32 * MINUTE_S,
            baseline_bpm=142,
            accelerations_per_30min=0,
            sinusoidal=(4 * MINUTE_S, 28 * MINUTE_S),
            contractions_per_10min=1,
        ),
    }
)
