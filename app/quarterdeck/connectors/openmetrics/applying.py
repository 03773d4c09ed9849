"""Rules applied to a scene: which series come of it, and which metrics are thereby told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TypeVar

from quarterdeck.connectors.openmetrics.known import FAILED_STATUSES, MACHINERY, STATUS_LABELS
from quarterdeck.connectors.openmetrics.rules import Rule, Selector
from quarterdeck.connectors.openmetrics.scene import Distribution, Point, Scene
from quarterdeck.connectors.openmetrics.summaries import Telling, Valued, rate_of, statistics_of
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.series import Meaning, SeriesIdentity

_DAY_SECONDS = 86400.0

Labelled = TypeVar("Labelled", Point, Distribution)


@dataclass(slots=True)
class Told:
    """What rules made of a scene: samples by series, distributions told, and meanings (by statistic) that are taken."""

    samples: dict[SeriesIdentity, Valued] = field(default_factory=dict[SeriesIdentity, Valued])
    distributions: set[str] = field(default_factory=set[str])
    taken: set[tuple[str, Meaning, str]] = field(default_factory=set[tuple[str, Meaning, str]])

    def add(self, found: Iterable[Valued]) -> None:
        """Keep samples; of two of one series the first stands."""
        for valued in found:
            if math.isfinite(valued.value):
                self.samples.setdefault(valued.identity, valued)
                self.take(valued.identity.entity_key, valued.identity.meaning, valued.identity.statistic)

    def take(self, entity_key: str, meaning: Meaning, statistic: str = "") -> None:
        """Note that this is told of the entity."""
        self.taken.add((entity_key, meaning, statistic))

    def is_taken(self, entity_key: str, meaning: Meaning, statistic: str = "") -> bool:
        """Whether this was told of the entity before."""
        return (entity_key, meaning, statistic) in self.taken


def apply_rules(scene: Scene, own: Sequence[Rule], known: Sequence[Rule], now_ms: int) -> Told:
    """All of a person's own rules, and of the known ones the first that has something to tell of each meaning.

    A known rule that gives its series a name of its own is one of several that may tell the same meaning.
    """
    told = Told()
    for rule in own:
        _Application(scene, rule, told, now_ms, is_known=False).run()
    for rule in known:
        if rule.name or not told.is_taken(scene.entity_key, rule.meaning, rule.statistic):
            _Application(scene, rule, told, now_ms, is_known=True).run()
    return told


def rest_of(scene: Scene, told: Told) -> Iterator[Valued]:
    """Everything that no rule has told, under its own name and without a meaning."""
    named = {(identity.name, identity.labels) for identity in told.samples}
    for points in scene.points.values():
        for point in points:
            if (point.name, point.labels) not in named:
                identity = SeriesIdentity(scene.entity_key, point.name, Meaning.OTHER, point.unit, labels=point.labels)
                yield Valued(identity, point.value, point.at_ms)
    for name, distributions in scene.distributions.items():
        for one in distributions if name not in told.distributions else ():
            yield from statistics_of([one], Telling(scene.entity_key, name, Meaning.OTHER, one.labels))
            yield from rate_of([one], Telling(scene.entity_key, f"{name}_count", Meaning.OTHER, one.labels))


class _Application:
    """One rule at work on one scene."""

    def __init__(self, scene: Scene, rule: Rule, told: Told, now_ms: int, *, is_known: bool) -> None:
        self._scene = scene
        self._rule = rule
        self._told = told
        self._now_ms = now_ms
        self._is_known = is_known
        self._entity_key = rule.entity_key or scene.entity_key

    def run(self) -> None:
        """Add what the rule tells to what is told."""
        rule = self._rule
        if rule.right is not None:
            self._told.add(self._combined(rule.right))
            return
        distributions = self._selected(self._scene.distributions, rule.left)
        if distributions:
            self._tell_distributions(distributions)
            return
        points = self._selected(self._scene.points, rule.left)
        if points and (points[0].is_rate or rule.by):
            self._tell_sums(points)
        else:
            self._told.add([self._gauge(point) for point in points])

    def _selected(self, found: Mapping[str, list[Labelled]], selector: Selector) -> list[Labelled]:
        """What a selector means; the pattern of a known rule never means the exporter's own machinery."""
        if selector.is_pattern:
            names = [
                name for name in selector.names_among(found) if not (self._is_known and name.startswith(MACHINERY))
            ]
        else:
            names = [selector.name] if selector.name in found else []
        return [one for name in names for one in found[name] if selector.selects(one.labels)]

    def _identity(self, name: str, unit: str, labels: Facts) -> SeriesIdentity:
        rule = self._rule
        return SeriesIdentity(
            self._entity_key, rule.name or name, rule.meaning, rule.unit or unit, rule.statistic, labels
        )

    def _gauge(self, point: Point) -> Valued:
        value, now_seconds = point.value, self._now_ms / 1000
        if self._rule.function == "days_until":
            value = (value - now_seconds) / _DAY_SECONDS
        elif self._rule.function == "age":
            value = now_seconds - value
        return Valued(self._identity(point.name, point.unit, point.labels), value * self._rule.factor, point.at_ms)

    def _tell_sums(self, points: Sequence[Point]) -> None:
        for labels, group in _grouped(points, self._rule.by).items():
            value = sum(point.value for point in group) * self._rule.factor
            self._told.add([Valued(self._identity(group[0].name, group[0].unit, labels), value, _newest(group))])
        if self._rule.meaning is Meaning.THROUGHPUT:
            self._tell_failed_share(points)

    def _tell_failed_share(self, points: Sequence[Point]) -> None:
        """The share of failed work, where a label of the counter tells the outcome."""
        label = next((label for label in STATUS_LABELS if any(dict(point.labels).get(label) for point in points)), "")
        if not label or self._told.is_taken(self._entity_key, Meaning.ERROR_RATE):
            return
        for labels, group in _grouped(points, self._rule.by).items():
            whole = sum(point.value for point in group)
            failed = sum(point.value for point in group if _is_failed(dict(point.labels).get(label, "")))
            name = f"{group[0].name.removesuffix('_total')}_failed_ratio"
            identity = SeriesIdentity(self._entity_key, name, Meaning.ERROR_RATE, "ratio", labels=labels)
            self._told.add([Valued(identity, failed / whole, _newest(group))] if whole > 0 else [])
        self._told.take(self._entity_key, Meaning.ERROR_RATE)

    def _tell_distributions(self, distributions: Sequence[Distribution]) -> None:
        rule = self._rule
        self._told.distributions |= {one.name for one in distributions}
        self._told.take(self._entity_key, rule.meaning, rule.statistic)
        for labels, group in _grouped(distributions, rule.by).items():
            name = rule.name or group[0].name
            if rule.meaning is Meaning.THROUGHPUT:
                self._told.add(rate_of(group, Telling(self._entity_key, f"{name}_count", rule.meaning, labels)))
                continue
            found = statistics_of(group, Telling(self._entity_key, name, rule.meaning, labels))
            self._told.add([one for one in found if rule.statistic in {"", one.identity.statistic}])
        if rule.meaning is Meaning.RESPONSE_TIME and not self._told.is_taken(self._entity_key, Meaning.THROUGHPUT):
            name = f"{distributions[0].name}_count"
            self._told.add(rate_of(distributions, Telling(self._entity_key, name, Meaning.THROUGHPUT)))

    def _combined(self, right: Selector) -> Iterator[Valued]:
        """One sum divided by, or less, another, for each group of labels that both have."""
        rule = self._rule
        above = _grouped(self._selected(self._scene.points, rule.left), rule.by)
        known = _grouped(self._selected(self._scene.points, Selector(rule.left.name)), rule.by)
        for labels, group in _grouped(self._selected(self._scene.points, right), rule.by).items():
            value = _combine(rule, above.get(labels, []), group) if labels in known else None
            if value is not None:
                name = known[labels][0].name + ("_ratio" if rule.operator == "/" else "")
                unit = "ratio" if rule.operator == "/" else group[0].unit
                yield Valued(self._identity(name, unit, labels), value, _newest(group))


def _combine(rule: Rule, left: Sequence[Point], right: Sequence[Point]) -> float | None:
    upper = sum(point.value for point in left)
    lower = sum(point.value for point in right)
    if rule.operator == "-":
        return (upper - lower) * rule.factor
    if lower == 0:
        return None
    share = upper / lower
    return (1 - share if rule.is_rest else share) * rule.factor


def _is_failed(status: str) -> bool:
    return any(fnmatchcase(status, pattern) for pattern in FAILED_STATUSES)


def _grouped(found: Iterable[Labelled], by: tuple[str, ...]) -> dict[Facts, list[Labelled]]:
    groups: dict[Facts, list[Labelled]] = {}
    for one in found:
        labels = tuple(pair for pair in one.labels if pair[0] in by)
        groups.setdefault(labels, []).append(one)
    return groups


def _newest(points: Sequence[Point]) -> int:
    return max(point.at_ms for point in points)
