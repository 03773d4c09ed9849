"""Quantiles of what happened between two scrapes, from the growth of a histogram's buckets.

The method is that of PromQL's `histogram_quantile`: values are taken to be spread evenly inside a bucket; a quantile
in the last, open bucket is reported as that bucket's lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

STATISTICS: tuple[tuple[str, float], ...] = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))


def quantile(growth: Mapping[float, float], share: float) -> float | None:
    """The value below which `share` of the observations lie.

    `growth` maps upper bounds, `inf` among them, to how many observations fell at or below each. None when there was
    none, or when the buckets do not tell.
    """
    bounds = sorted(growth)
    if not bounds or bounds[-1] != math.inf or len(bounds) < 2:  # noqa: PLR2004 - the open bucket alone says nothing
        return None
    total = max(growth.values())
    if total <= 0:
        return None
    rank, below, lower = share * total, 0.0, 0.0
    for position, bound in enumerate(bounds):
        count = max(below, growth[bound])
        if count >= rank and count > below:
            if bound == math.inf:
                return bounds[position - 1]
            if position == 0 and bound <= 0:
                return bound
            return lower + (bound - lower) * (rank - below) / (count - below)
        below, lower = count, bound
    return bounds[-2]


def added(parts: list[Mapping[float, float]]) -> dict[float, float]:
    """Several histograms as one, over the bounds they share."""
    if not parts:
        return {}
    shared = set(parts[0]).intersection(*parts[1:])
    return {bound: sum(part[bound] for part in parts) for bound in shared}
