"""Fewer points for a long line, as two well-known ways choose them. Loss is dropped first: neither knows of it."""

import numpy as np

from app.ctg.trace import FloatArray

Points = tuple[FloatArray, FloatArray]


def averaged(times_s: FloatArray, values: FloatArray, count: int) -> Points:
    """The mean of each of `count` equally long stretches of time, in its middle."""
    known = ~np.isnan(values)
    edges = np.linspace(times_s[0], times_s[-1], count + 1)
    bucket = np.clip(np.searchsorted(edges, times_s[known], side="right") - 1, 0, count - 1)
    sums, sizes = np.bincount(bucket, values[known], count), np.bincount(bucket, minlength=count)
    has_any = sizes > 0
    return ((edges[:-1] + edges[1:]) / 2)[has_any], sums[has_any] / sizes[has_any]


def largest_triangles(times_s: FloatArray, values: FloatArray, count: int) -> Points:
    """LTTB: of each bucket the point that makes the largest triangle with the one before and the mean of the next.

    S. Steinarsson, Downsampling Time Series for Visual Representation, University of Iceland 2013.
    """
    known = ~np.isnan(values)
    x, y = times_s[known], values[known]
    if len(x) <= count:
        return x, y
    edges = np.linspace(1, len(x) - 1, count - 1).astype(int)
    chosen = [0]
    for bucket in range(count - 2):
        first, last = edges[bucket], edges[bucket + 1]
        after = edges[bucket + 2] if bucket + 2 < len(edges) else len(x)
        mean_x, mean_y = x[last:after].mean(), y[last:after].mean()
        at_x, at_y = x[chosen[-1]], y[chosen[-1]]
        area = np.abs((at_x - mean_x) * (y[first:last] - at_y) - (at_x - x[first:last]) * (mean_y - at_y))
        chosen.append(int(first + np.argmax(area)))
    chosen.append(len(x) - 1)
    return x[chosen], y[chosen]
