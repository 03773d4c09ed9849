"""Many series made one, by their labels: what an operator asks when one line per instance is too many.

Source of the method: the aggregation operators of PromQL (prometheus.io/docs/prometheus/latest/querying/operators).
Unlike there, each value comes with how many series spoke at its instant: a sum over half of them is not the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.alignment import Values
from quarterdeck.domain.facts import Facts

Counts = npt.NDArray[np.int64]


class Aggregation(StrEnum):
    """How the values of several series at one instant become one."""

    SUM = "sum"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which series belong together: `labels` of each of G groups, and each series' group in `members` (int64, S)."""

    labels: tuple[Facts, ...]
    members: Counts

    @property
    def sizes(self) -> Counts:
        """How many series each group has (G)."""
        return np.bincount(self.members, minlength=len(self.labels)).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Aggregated:
    """Per group and instant the value and how many series of the group spoke, both (G, m); NaN where none did."""

    values: Values
    spoke: Counts


def grouped(labels: Sequence[Facts], *, by: Collection[str] = (), without: Collection[str] | None = None) -> Groups:
    """Series grouped by the labels named, or by all but those in `without` when that is given, in order of appearance.

    With neither all belong together. A label with an empty value counts as absent, as in PromQL.
    """
    numbers: dict[Facts, int] = {}
    members = np.empty(len(labels), np.int64)
    for position, facts in enumerate(labels):
        kept = tuple(
            (name, value) for name, value in facts if value and (name in by if without is None else name not in without)
        )
        members[position] = numbers.setdefault(kept, len(numbers))
    return Groups(tuple(numbers), members)


def aggregated(values: Values, groups: Groups, how: Aggregation) -> Aggregated:
    """The values of S series (S, m) as one row per group. Opposed infinities add up to NaN though series spoke."""
    together, starts = _together(values, groups)
    spoke = _spoke(together, starts)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        found = _REDUCTIONS[how](together, starts, spoke)
    return Aggregated(np.where(spoke > 0, found, np.nan), spoke)


def quantile_over(values: Values, groups: Groups, share: float) -> Aggregated:
    """The value below which a share (0 to 1) of each group's series lie at each instant.

    As `quantile` of PromQL: between two ranks the weighted mean of both. Raises ValueError for another share.
    """
    if not 0 <= share <= 1:
        message = "a quantile lies between 0 and 1"
        raise ValueError(message)
    together, starts = _together(values, groups)
    spoke = _spoke(together, starts)
    found = np.full(spoke.shape, np.nan)
    for group, rows in enumerate(np.split(together, starts[1:])):
        if len(rows):
            found[group] = _ranked(rows, spoke[group], share)
    return Aggregated(found, spoke)


def _together(values: Values, groups: Groups) -> tuple[Values, Counts]:
    """The rows ordered by group, and where each group begins."""
    ordered = np.all(groups.members[1:] >= groups.members[:-1])
    rows = values if ordered else values[np.argsort(groups.members, kind="stable")]
    return rows, np.cumsum(groups.sizes) - groups.sizes


def _spoke(together: Values, starts: Counts) -> Counts:
    return np.add.reduceat(~np.isnan(together), starts, axis=0, dtype=np.int64)


def _sum(together: Values, starts: Counts, _: Counts) -> Values:
    return np.add.reduceat(np.where(np.isnan(together), 0.0, together), starts, axis=0)


_REDUCTIONS: dict[Aggregation, Callable[[Values, Counts, Counts], Values]] = {
    Aggregation.SUM: _sum,
    Aggregation.MEAN: lambda together, starts, spoke: _sum(together, starts, spoke) / spoke,
    Aggregation.MIN: lambda together, starts, _: np.fmin.reduceat(together, starts, axis=0),
    Aggregation.MAX: lambda together, starts, _: np.fmax.reduceat(together, starts, axis=0),
    Aggregation.COUNT: lambda _together, _starts, spoke: spoke.astype(np.float64),
}


def _ranked(rows: Values, spoke: Counts, share: float) -> Values:
    """The quantile of each column (m) of which `spoke` (m) are numbers."""
    ascending = np.sort(np.ascontiguousarray(rows.T), axis=1)
    last = np.maximum(spoke - 1, 0)
    rank = share * last
    lower = np.floor(rank).astype(np.int64)
    weight = rank - lower
    columns = np.arange(len(ascending))
    with np.errstate(invalid="ignore"):
        return ascending[columns, lower] * (1 - weight) + ascending[columns, np.minimum(lower + 1, last)] * weight
