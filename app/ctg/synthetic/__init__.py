"""Plausible synthetic recordings with known truth, for the demo world and for tests; never a patient's data.

Every sample follows from a `Scenario` and a seed. The model is descriptive: it draws what monitors show, so
that a clinician recognises the pattern named, and it explains no physiology. Nothing may be tuned on it in
place of real recordings.
"""

from app.ctg.synthetic.library import SCENARIOS
from app.ctg.synthetic.scenario import Behaviour, DecelerationKind, Scenario, Twin
from app.ctg.synthetic.simulation import Simulation, simulate, simulate_with_truth
from app.ctg.synthetic.waves import Wave

__all__ = [
    "SCENARIOS",
    "Behaviour",
    "DecelerationKind",
    "Scenario",
    "Simulation",
    "Twin",
    "Wave",
    "simulate",
    "simulate_with_truth",
]
