"""Any sampling rate brought to the engine's 4 Hz by holding values, never by inventing them."""

import numpy as np

from app.ctg.trace import FloatArray

# The rate of the published methods and recordings (CTG.md 1.1 and 2.2).
ENGINE_RATE_HZ = 4.0

# Below this a value would be held for more than the 5 s under which a run is no signal (CTG.md 2.1, step 3).
MIN_ANALYSED_RATE_HZ = 0.2


def hold_at_engine_rate(values: FloatArray, rate_hz: float) -> FloatArray:
    """The value in force at each quarter of a second, shape (round(n * 4 / rate_hz),).

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        Samples in any unit; NaN is held like a value.
    rate_hz : float
        Their rate. Faster signals are thinned out, slower ones repeat their last value.
    """
    if rate_hz == ENGINE_RATE_HZ or len(values) == 0:
        return values
    count = max(1, round(len(values) * ENGINE_RATE_HZ / rate_hz))
    # The small term keeps a sample that falls exactly on a boundary out of reach of rounding.
    source = np.floor(np.arange(count) * (rate_hz / ENGINE_RATE_HZ) + 1e-9).astype(np.intp)
    held: FloatArray = values[np.minimum(source, len(values) - 1)]
    return held
