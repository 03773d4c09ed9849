"""Quantiles from the buckets of classic histograms.

Source of the method: `histogram_quantile` of PromQL (`bucketQuantile` and `ensureMonotonicAndIgnoreSmallDeltas` in
promql/quantile.go of Prometheus 3). Observations are taken to be spread evenly inside a bucket, the lowest bucket to
begin at nought where its bound is above it, and a quantile in the open bucket is told as that bucket's lower bound.

A connector that summarises a scrape has the same method for a single instant, without arrays: connectors see only the
sdk and the domain. A test holds both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.analysis.alignment import Values
from quarterdeck.domain.facts import Facts, fact

BOUND_LABEL = "le"
_ALMOST = 1e-12
"""Counts that differ by less than this share of their sum are equal but for rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class BucketRows:
    """The buckets of one histogram: its labels without the bound, bounds ascending (B), the row of each (B)."""

    labels: Facts
    bounds: Values
    rows: tuple[int, ...]


def bucket_rows(labels: Sequence[Facts]) -> tuple[BucketRows, ...]:
    """Rows put together by all labels but `le`, in order of appearance; rows without a bound that is a number are left.

    Two rows of one bound (`1` and `1.0`) both stand.
    """
    found: dict[Facts, list[tuple[float, int]]] = {}
    for row, facts in enumerate(labels):
        bound = _bound(fact(facts, BOUND_LABEL))
        if not np.isnan(bound):
            rest = tuple(pair for pair in facts if pair[0] != BOUND_LABEL)
            found.setdefault(rest, []).append((bound, row))
    return tuple(_ascending(rest, sorted(pairs)) for rest, pairs in found.items())


def histogram_quantile(share: float, bounds: Values, counts: Values) -> Values:
    """The value below which a share (0 to 1) of the observations lie at each of m instants.

    `bounds` ascend (B), equal ones are added; `counts` (B, m) tell how many observations, or how many a second, lie at
    or below each; NaN for a bucket that does not speak. NaN without observations, without the open bucket or without
    any other. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        message = "a quantile lies between 0 and 1"
        raise ValueError(message)
    width: int = counts.shape[1]
    if not len(bounds) or bounds[-1] != np.inf:
        return np.full(width, np.nan)
    buckets = list(_repaired(*_joined(bounds, counts)))
    observations = buckets[-1][1]
    rank = share * observations
    result, lower, below = np.full(width, np.nan), np.full(width, np.nan), np.zeros(width)
    is_found = np.zeros(width, np.bool_)
    for bound, count in buckets[:-1]:
        here = ~is_found & (count >= rank)
        result[here] = _inside(bound, lower, (rank - below, count - below))[here]
        is_found |= here
        speaks = ~np.isnan(count)
        lower, below = np.where(speaks, bound, lower), np.where(speaks, count, below)
    result = np.where(is_found, result, lower)
    return np.where(observations > 0, result, np.nan)


def _ascending(labels: Facts, pairs: Sequence[tuple[float, int]]) -> BucketRows:
    return BucketRows(labels, np.array([bound for bound, _ in pairs]), tuple(row for _, row in pairs))


def _bound(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _joined(bounds: Values, counts: Values) -> tuple[Values, Values]:
    """Buckets of one bound as one, of which those that speak are added."""
    starts = np.flatnonzero(np.append(True, bounds[1:] != bounds[:-1]))
    if len(starts) == len(bounds):
        return bounds, counts
    is_silent = np.isnan(counts)
    summed = np.add.reduceat(np.where(is_silent, 0.0, counts), starts, axis=0)
    return bounds[starts], np.where(np.logical_and.reduceat(is_silent, starts, axis=0), np.nan, summed)


def _repaired(bounds: Values, counts: Values) -> Iterator[tuple[float, Values]]:
    """Each bucket with its counts (m), never below those of the bucket before it, rounding ignored."""
    before = np.full(counts.shape[1], np.nan)
    for bound, count in zip(bounds, counts, strict=True):
        with np.errstate(invalid="ignore", over="ignore"):
            is_same = np.abs(count - before) < _ALMOST * (np.abs(count) + np.abs(before))
        repaired = np.where(is_same | (count < before), before, count)
        yield float(bound), repaired
        before = np.where(np.isnan(repaired), before, repaired)


def _inside(bound: float, lower: Values, ranks: tuple[Values, Values]) -> Values:
    """The value at a rank of so many inside a bucket; the lowest bucket has no lower bound and begins at nought."""
    rank, count = ranks
    is_lowest = np.isnan(lower)
    start = np.where(is_lowest, 0.0, lower)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        between = start + (bound - start) * (rank / count)
    return np.where(is_lowest & (bound <= 0), bound, between)
