"""What one scrape shows of one entity: values, rates and distributions, ready to be given meanings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from quarterdeck.connectors.openmetrics.growth import Growth, Step
from quarterdeck.connectors.openmetrics.parse import Family, FamilyKind, Reading
from quarterdeck.connectors.openmetrics.units import unit_of
from quarterdeck.domain.facts import Facts

Placing = Callable[[Facts], "Placed | None"]
"""From a reading's labels to its entity and the labels that remain; None leaves the reading out."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entity's key and the labels that still tell its readings apart."""

    entity_key: str
    labels: Facts


@dataclass(frozen=True, slots=True)
class Point:
    """A gauge's value, or a counter's rate a second, in `unit`, at an instant."""

    name: str
    labels: Facts
    value: float
    unit: str
    at_ms: int
    is_rate: bool = False


@dataclass(frozen=True, slots=True)
class Distribution:
    """What was observed between two scrapes: how many, their sum in `unit`, and by bucket where there are buckets.

    `growth` maps upper bounds in `unit` to how many fell at or below them; a summary has none, but may say `quantiles`
    (by share) of its own.
    """

    name: str
    labels: Facts
    unit: str
    at_ms: int
    seconds: float = 0.0
    count: float | None = None
    total: float | None = None
    growth: Mapping[float, float] = field(default_factory=dict[float, float])
    quantiles: Mapping[float, float] = field(default_factory=dict[float, float])


@dataclass(slots=True)
class Scene:
    """Everything of one entity, by the metric's name."""

    entity_key: str
    points: dict[str, list[Point]] = field(default_factory=dict[str, list[Point]])
    distributions: dict[str, list[Distribution]] = field(default_factory=dict[str, list[Distribution]])

    def add(self, point: Point) -> None:
        """Take in a point, by its name."""
        self.points.setdefault(point.name, []).append(point)

    def add_distribution(self, distribution: Distribution) -> None:
        """Take in a distribution, by its name."""
        self.distributions.setdefault(distribution.name, []).append(distribution)


@dataclass(slots=True)
class Stage:
    """All entities' scenes, and how many readings belong to none."""

    scenes: dict[str, Scene] = field(default_factory=dict[str, Scene])
    unplaced: int = 0


def set_stage(families: Iterable[Family], placing: Placing, growth: Growth, now_ms: int) -> Stage:
    """Sort families into scenes, with counters turned into rates and histograms into growth."""
    builder = _Builder(placing, growth, now_ms)
    for family in families:
        builder.add(family)
    return builder.stage


class _Builder:
    def __init__(self, placing: Placing, growth: Growth, now_ms: int) -> None:
        self._placing = placing
        self._growth = growth
        self._now_ms = now_ms
        self.stage = Stage()

    def add(self, family: Family) -> None:
        """Take in one family."""
        if family.kind is FamilyKind.GAUGE:
            self._add_gauges(family)
        elif family.kind is FamilyKind.COUNTER:
            self._add_counters(family)
        elif family.kind is FamilyKind.HISTOGRAM:
            self._add_histogram(family)
        elif family.kind is FamilyKind.SUMMARY:
            self._add_summary(family)

    def _scene(self, labels: Facts) -> tuple[Scene, Facts] | None:
        placed = self._placing(labels)
        if placed is None:
            self.stage.unplaced += 1
            return None
        scene = self.stage.scenes.setdefault(placed.entity_key, Scene(placed.entity_key))
        return scene, placed.labels

    def _at_ms(self, reading: Reading) -> int:
        return self._now_ms if reading.at_ms is None else reading.at_ms

    def _add_gauges(self, family: Family) -> None:
        unit = unit_of(family.name, family.unit)
        for reading in family.readings:
            if math.isinf(reading.value) or not (home := self._scene(reading.labels)):
                continue
            scene, labels = home
            at_ms = self._at_ms(reading)
            scene.add(Point(reading.name, labels, reading.value * unit.factor, unit.name, at_ms))

    def _add_counters(self, family: Family) -> None:
        unit = unit_of(family.name, family.unit)
        created = _created(family)
        for reading in family.readings:
            if reading.name.endswith("_created") or not (home := self._scene(reading.labels)):
                continue
            step = self._growth.step(reading, created.get(reading.labels))
            if step:
                scene, labels = home
                rate = step.increase * unit.factor / step.seconds
                at_ms = self._at_ms(reading)
                scene.add(Point(reading.name, labels, rate, unit.of_rate, at_ms, is_rate=True))

    def _add_histogram(self, family: Family) -> None:
        unit = unit_of(family.name, family.unit)
        created = _created(family)
        for labels, readings in _by_labels(family, "le").items():
            home = self._scene(labels)
            steps = {id(one): self._growth.step(one, created.get(labels)) for one in readings if _is_counted(one)}
            if not home or any(step is None for step in steps.values()):
                continue
            known = [(one, step) for one in readings if (step := steps.get(id(one)))]
            reset = any(step.is_reset for _, step in known)
            grown = [(one, step.after if reset else step.increase) for one, step in known]
            buckets = {_bound(one) * unit.factor: more for one, more in grown if one.name.endswith("_bucket")}
            scene, kept = home
            scene.add_distribution(
                Distribution(
                    family.name,
                    kept,
                    unit.name,
                    self._at_ms(readings[0]),
                    seconds=known[0][1].seconds if known else 0.0,
                    count=_ending(grown, "_count"),
                    total=_scaled(_ending(grown, "_sum"), unit.factor),
                    growth=buckets,
                )
            )

    def _add_summary(self, family: Family) -> None:
        unit = unit_of(family.name, family.unit)
        for labels, readings in _by_labels(family, "quantile").items():
            home = self._scene(labels)
            steps: list[tuple[Reading, Step]] = [
                (one, step) for one in readings if _is_counted(one) and (step := self._growth.step(one))
            ]
            if not home:
                continue
            grown = [(one, step.increase) for one, step in steps]
            told = {_share(one): one.value * unit.factor for one in readings if one.name == family.name}
            scene, kept = home
            scene.add_distribution(
                Distribution(
                    family.name,
                    kept,
                    unit.name,
                    self._at_ms(readings[0]),
                    seconds=steps[0][1].seconds if steps else 0.0,
                    count=_ending(grown, "_count"),
                    total=_scaled(_ending(grown, "_sum"), unit.factor),
                    quantiles={share: value for share, value in told.items() if math.isfinite(value)},
                )
            )


def _created(family: Family) -> dict[Facts, int]:
    return {
        reading.labels: round(reading.value * 1000)
        for reading in family.readings
        if reading.name.endswith("_created") and math.isfinite(reading.value)
    }


def _by_labels(family: Family, without: str) -> dict[Facts, list[Reading]]:
    groups: dict[Facts, list[Reading]] = {}
    for reading in family.readings:
        labels = tuple(pair for pair in reading.labels if pair[0] != without)
        groups.setdefault(labels, []).append(reading)
    return groups


def _is_counted(reading: Reading) -> bool:
    return reading.name.endswith(("_bucket", "_count", "_sum"))


def _bound(reading: Reading) -> float:
    return _number(dict(reading.labels).get("le", ""))


def _share(reading: Reading) -> float:
    return _number(dict(reading.labels).get("quantile", ""))


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _ending(grown: Sequence[tuple[Reading, float]], suffix: str) -> float | None:
    return next((more for reading, more in grown if reading.name.endswith(suffix)), None)


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
