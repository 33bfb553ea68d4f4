"""The demo world: made-up people and simulated recordings, brought about by the same use cases as real ones.

People, recordings and readings are written down in `people`, `plan` and `readings`; `world` lets them happen in the
order of time, and `database` puts the result in the place of an older demo database. Every sample follows from a
fixed seed; every instant is counted back from the moment of the build.
"""

from app.services.demo.database import NotADemoDatabase, rebuild
from app.services.demo.people import PASSWORD, SIGN_INS

__all__ = ["PASSWORD", "SIGN_INS", "NotADemoDatabase", "rebuild"]
