"""What is told of distributions: quantiles, the mean, and how many were observed a second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quarterdeck.connectors.openmetrics.quantiles import STATISTICS, added, quantile
from quarterdeck.connectors.openmetrics.scene import Distribution
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.series import Meaning, SeriesIdentity


@dataclass(frozen=True, slots=True)
class Valued:
    """One sample to be."""

    identity: SeriesIdentity
    value: float
    at_ms: int


@dataclass(frozen=True, slots=True)
class Telling:
    """As what a group of distributions is told: whose, under which name, with which meaning and labels."""

    entity_key: str
    name: str
    meaning: Meaning
    labels: Facts = ()

    def identity(self, unit: str, statistic: str = "", labels: Facts | None = None) -> SeriesIdentity:
        """The series of one statistic."""
        kept = self.labels if labels is None else labels
        return SeriesIdentity(self.entity_key, self.name, self.meaning, unit, statistic, kept)


def statistics_of(group: Sequence[Distribution], telling: Telling) -> Iterator[Valued]:
    """p50, p95, p99 and the mean of several distributions taken together, as far as they can be."""
    unit, at_ms = group[0].unit, max(one.at_ms for one in group)
    growth = added([one.growth for one in group if one.growth])
    for statistic, share in STATISTICS:
        value = quantile(growth, share) if growth else None
        if value is not None:
            yield Valued(telling.identity(unit, statistic), value, at_ms)
    yield from _own_quantiles(group, telling)
    counts = [one for one in group if one.count and one.total is not None]
    count = sum(one.count or 0.0 for one in counts)
    if count > 0:
        mean = sum(one.total or 0.0 for one in counts) / count
        yield Valued(telling.identity(unit, "mean"), mean, at_ms)


def rate_of(group: Sequence[Distribution], telling: Telling) -> Iterator[Valued]:
    """How many observations there were a second, of several distributions together."""
    counted = [one for one in group if one.count is not None and one.seconds > 0]
    if counted:
        rate = sum((one.count or 0.0) / one.seconds for one in counted)
        yield Valued(telling.identity("1/s"), rate, max(one.at_ms for one in counted))


def _own_quantiles(group: Sequence[Distribution], telling: Telling) -> Iterator[Valued]:
    """Quantiles a summary tells itself; those of several cannot be added up, so each keeps its labels."""
    statistics = {share: statistic for statistic, share in STATISTICS}
    for one in group:
        labels = telling.labels if len(group) == 1 else one.labels
        for share, value in one.quantiles.items():
            if share in statistics:
                yield Valued(telling.identity(one.unit, statistics[share], labels), value, one.at_ms)
