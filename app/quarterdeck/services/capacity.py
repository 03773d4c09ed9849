"""What was given out against what is used: how full each resource is, at which pace it fills, and when it is full.

Peaks are foretold and never means: a capacity that holds the mean holds nothing at noon.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.peaks import DAY_HOURS, Demand, DemandOutlook, foreseen_all
from quarterdeck.domain.capacity import ResourceKey, ResourceKind, Size
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.calculation import Calculation, in_place
from quarterdeck.services.capacity_subjects import CAPACITY_MEANINGS, Subject, subjects_of
from quarterdeck.services.current_states import CollectionSources, silent_since
from quarterdeck.services.integrations import patience_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, OccurrenceStore, SeriesQuery, SeriesStore
from quarterdeck.services.signals import Reading, SignalReader
from quarterdeck.services.wording import moment_words

HISTORY_DAYS = 90
_HISTORY_HOURS = HISTORY_DAYS * DAY_HOURS
_READ_AT_ONCE = 64
_MOMENTS_KEPT = 4
_SIZE_SPEAKS = timedelta(days=1)
"""How long the use that came with a size speaks, when no series tells it."""

Values = npt.NDArray[np.float64]


class CapacitySources(EstateStore, SeriesStore, OccurrenceStore, ConnectionStore, CollectionSources, Protocol):
    """What the panel reads from."""


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource at a moment.

    `share` is what is used of its size, `used` the amount in the size's unit; both None where nothing was told.
    `is_old` says that the newest value is too old to speak for the moment. `outlook` is None where no series tells a
    history, or, with `is_pending`, until it is worked out; its days count from the midnight `history_from_at`.
    `rate` is how much its entity does a second, None where nothing fresh tells that.
    `full_at` is when its size is reached with `earliest_at` and `latest_at` (None: never) of an 80% interval.
    """

    subject: Subject
    share: float | None
    told_at: datetime | None
    is_old: bool
    outlook: DemandOutlook | None
    is_pending: bool
    history_from_at: datetime
    rate: float | None = None

    @property
    def key(self) -> ResourceKey:
        """Which resource it is."""
        return self.subject.key

    @property
    def entity(self) -> Entity:
        """Whose it is."""
        return self.subject.entity

    @property
    def size(self) -> Size | None:
        """How much there is, if anybody says."""
        return self.subject.size

    @property
    def used(self) -> float | None:
        """How much is used, in the size's unit."""
        return None if self.share is None or self.size is None else self.share * self.size.amount

    @property
    def work(self) -> float | None:
        """What its entity does a second for each unit in use of a sized resource; None where either is unknown."""
        used = self.used
        return None if self.rate is None or used is None or used <= 0 or self.is_old else self.rate / used

    @property
    def known_days(self) -> int:
        """How many whole days of history there are."""
        return 0 if self.outlook is None else self.outlook.known_days

    @property
    def is_full(self) -> bool:
        """Whether nothing is left of it."""
        return self.share is not None and self.share >= 1

    @property
    def full_at(self) -> datetime | None:
        """When the size is reached; None without a trend that holds."""
        return self._date(lambda exhaustion: exhaustion[0])

    @property
    def earliest_at(self) -> datetime | None:
        """The early end of the interval of that date."""
        return self._date(lambda exhaustion: exhaustion[1])

    @property
    def latest_at(self) -> datetime | None:
        """The late end of the interval of that date; None also where it may never come."""
        return self._date(lambda exhaustion: exhaustion[2])

    @property
    def changed_at(self) -> datetime | None:
        """Since when the present pace holds, where it was another before."""
        knot = None if self.outlook is None else self.outlook.changed_day
        return None if knot is None else self.day(knot)

    def day(self, place: float) -> datetime:
        """The instant of a day of the history, by its place."""
        return self.history_from_at + timedelta(days=place)

    def _date(self, take: _Take) -> datetime | None:
        """A date out of the outlook: the peak of a day stands for its end."""
        found = None if self.outlook is None or self.outlook.outlook is None else self.outlook.outlook.exhaustion
        if self.outlook is None or found is None:
            return None
        days = take((found.days, found.earliest, found.latest))
        return self.day(len(self.outlook.peaks) + days) if math.isfinite(days) else None


class _Take(Protocol):
    def __call__(self, exhaustion: tuple[float, float, float], /) -> float: ...


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """Every resource at a moment, those that fill first in front; what cannot be read; since when nobody collects."""

    resources: tuple[Resource, ...]
    unreadable: tuple[str, ...] = ()
    stale: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether outlooks are still to be worked out."""
        return any(resource.is_pending for resource in self.resources)


class CapacityReader:
    """Answers for the Resources panel; what was worked out for a day is kept."""

    def __init__(self, store: CapacitySources, calculate: Calculation = in_place) -> None:
        self._store = store
        self._signals = SignalReader(store)
        self._foresight = _Foresight(store, calculate)

    def resources_at(self, moment: Moment, *, foresee: bool = True) -> CapacityReport:
        """Every resource at the moment's play-head, its past the whole days before it.

        Without `foresee` only outlooks that are known already are told and the others are pending; with it they are
        worked out first, a tenth of a second each: call it off the GUI.
        """
        estate = self._store.estate(moment.at)
        series = self._store.find(SeriesQuery(meanings=CAPACITY_MEANINGS))
        found = subjects_of(estate, series, self._store.allocations_at(moment.at))
        wanted = [*(info for subject in found.resources for info in subject.series), *found.rates.values()]
        patience = patience_of(estate.entities, self._store)
        readings = self._signals.readings(wanted, moment, patience)
        midnight_at = last_midnight(moment.at)
        outlooks = self._foresight.outlooks(found.resources, midnight_at, foresee=foresee)
        began_at = midnight_at - timedelta(days=HISTORY_DAYS)
        told = _Told(readings, found.rates, outlooks)
        resources = [_resource(subject, told, moment.at, began_at) for subject in found.resources]
        since_at = silent_since(self._store, moment.at)
        stale = "" if since_at is None else f"no fresh data since {moment_words(since_at, moment.at)}"
        return CapacityReport(tuple(sorted(resources, key=_urgency)), found.unreadable, stale)


def last_midnight(at: datetime) -> datetime:
    """The midnight in local time at or before an instant: history is told in whole days that end there."""
    return at.astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Told:
    readings: Mapping[int, Reading]
    rates: Mapping[str, SeriesInfo]
    outlooks: Mapping[ResourceKey, DemandOutlook]

    def rate_of(self, entity_key: str) -> float | None:
        info = self.rates.get(entity_key)
        reading = None if info is None else self.readings.get(info.id)
        is_told = reading is not None and reading.fresh and math.isfinite(reading.value) and reading.value >= 0
        return reading.value if reading is not None and is_told else None


def _resource(subject: Subject, told: _Told, at: datetime, began_at: datetime) -> Resource:
    share, told_at, is_old = _use(subject, told.readings, at)
    outlook = told.outlooks.get(subject.key)
    return Resource(
        subject=subject,
        share=share,
        told_at=told_at,
        is_old=is_old,
        outlook=outlook,
        is_pending=_has_history(subject) and outlook is None,
        history_from_at=began_at,
        rate=told.rate_of(subject.entity.key),
    )


def _use(subject: Subject, readings: Mapping[int, Reading], at: datetime) -> tuple[float | None, datetime | None, bool]:
    """The share in use, when that was told, and whether it is old. Of several series all have to tell."""
    size = subject.size
    if not subject.series:
        if size is None or subject.told_used is None:
            return None, None, False
        told_at = size.observed_at
        return subject.told_used / size.amount, told_at, told_at is not None and at - told_at > _SIZE_SPEAKS
    told = [readings[info.id] for info in subject.series if info.id in readings]
    values = [reading.value for reading in told]
    if len(told) < len(subject.series) or not all(math.isfinite(value) and value >= 0 for value in values):
        return None, None, False
    divisor = size.amount if subject.is_absolute and size is not None else 1.0
    return sum(values) / divisor, min(one.at for one in told), not all(reading.fresh for reading in told)


def _urgency(resource: Resource) -> tuple[float, float, ResourceKey]:
    full_at = resource.full_at
    share = resource.share
    return (math.inf if full_at is None else full_at.timestamp(), -(share if share is not None else -1), resource.key)


def _has_history(subject: Subject) -> bool:
    """Whether the store holds the samples that a history is made from."""
    return bool(subject.series) and not any(info.read_through for info in subject.series)


class _Foresight:
    """Works outlooks out, each once for a day, a size and what the store holds of its series."""

    def __init__(self, store: SeriesStore, calculate: Calculation) -> None:
        self._store = store
        self._calculate = calculate
        self._known: OrderedDict[datetime, dict[_Question, DemandOutlook]] = OrderedDict()
        self._lock = Lock()

    def outlooks(
        self, subjects: Sequence[Subject], midnight_at: datetime, *, foresee: bool
    ) -> dict[ResourceKey, DemandOutlook]:
        """The outlook of each subject that has a history, by its key; only those that are known, or all."""
        questions = {_question(one): one for one in subjects if _has_history(one)}
        with self._lock:
            known = self._known.setdefault(midnight_at, {})
            self._known.move_to_end(midnight_at)
            while len(self._known) > _MOMENTS_KEPT:
                self._known.popitem(last=False)
            found = {question: known[question] for question in questions if question in known}
        missing = [question for question in questions if question not in found]
        if foresee and missing:
            found |= self._worked_out([questions[question] for question in missing], missing, midnight_at)
            with self._lock:
                known.clear()
                known.update(found)
        return {questions[question].key: outlook for question, outlook in found.items()}

    def _worked_out(
        self, subjects: Sequence[Subject], questions: Sequence[_Question], midnight_at: datetime
    ) -> dict[_Question, DemandOutlook]:
        weekday = (midnight_at.astimezone().weekday() - HISTORY_DAYS) % 7
        hours = hourly_peaks(self._store, subjects, midnight_at)
        demands = tuple(
            Demand(hours[subject.key], weekday, is_cleared=subject.key.kind is ResourceKind.STORAGE)
            for subject in subjects
        )
        return dict(zip(questions, self._calculate(foreseen_all, demands), strict=True))


def hourly_peaks(store: SeriesStore, subjects: Iterable[Subject], midnight_at: datetime) -> dict[ResourceKey, Values]:
    """The highest share of each hour of the days before a midnight (n); NaN where one of its series told nothing.

    Several series add up hour by hour: their peaks may lie at different minutes, so that the sum is never too low.
    """
    wanted = list(subjects)
    ids = sorted({info.id for subject in wanted for info in subject.series})
    days = TimeRange(midnight_at - timedelta(days=HISTORY_DAYS), midnight_at)
    highs: dict[int, Values] = {}
    for start in range(0, len(ids), _READ_AT_ONCE):
        for envelope in store.envelope(ids[start : start + _READ_AT_ONCE], days, _HISTORY_HOURS):
            highs[envelope.series.id] = envelope.high
    return {subject.key: _summed(subject, highs) for subject in wanted}


def _summed(subject: Subject, highs: Mapping[int, Values]) -> Values:
    divisor = subject.size.amount if subject.is_absolute and subject.size is not None else 1.0
    nothing = np.full(_HISTORY_HOURS, np.nan)
    parts = [highs.get(info.id, nothing) for info in subject.series]
    return np.sum(parts, axis=0) / divisor if len(parts) > 1 else parts[0] / divisor


@dataclass(frozen=True, slots=True)
class _Question:
    """What an outlook depends on beside the day: history that was filled in later moves where a series begins."""

    key: ResourceKey
    series: tuple[tuple[int, datetime | None], ...]
    amount: float | None


def _question(subject: Subject) -> _Question:
    amount = subject.size.amount if subject.is_absolute and subject.size is not None else None
    return _Question(subject.key, tuple((info.id, info.first_at) for info in subject.series), amount)
