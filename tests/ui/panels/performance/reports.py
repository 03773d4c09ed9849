"""Made-up answers of the Performance reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from quarterdeck.analysis.courses import Course
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.services.earlier import Earlier, EarlierCourse, EarlierPeriod
from quarterdeck.services.expectation import Expectation
from quarterdeck.services.figures import Figure
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import Candidate, ChartLine, PerformanceReport, Sharpness, SignalChart
from quarterdeck.services.ports import Precision

NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
LIVE = Moment(TimeRange.ending(NOON, 3600), NOON)
NAMES = ("payments-api", "accounts-api", "dispatcher", "ledger", "cards", "loans", "mail")
SERVICES = tuple(f"service/{name}" for name in NAMES)
UNITS = {
    Meaning.RESPONSE_TIME: ("p95", "s"),
    Meaning.THROUGHPUT: ("", "1/s"),
    Meaning.ERROR_RATE: ("", "ratio"),
    Meaning.SATURATION: ("", "ratio"),
    Meaning.PROCESSING: ("", "ratio"),
    Meaning.NETWORK: ("", "By/s"),
}


def entity(key: str) -> Entity:
    kind, _, name = key.partition("/")
    return Entity(key, EntityKind(kind), name)


def line(
    key: str,
    meaning: Meaning = Meaning.RESPONSE_TIME,
    *,
    level: float = 0.2,
    silent_since_at: datetime | None = None,
    failure: str = "",
    unit: str = "",
    last_at: datetime | None = NOON,
    points: int = 60,
) -> ChartLine:
    """A line over the last hour that stays at one level; a silent one ends with a gap."""
    statistic, usual_unit = UNITS[meaning]
    times = np.linspace(to_ms(NOON) - 3_600_000.0, to_ms(NOON) - 1000.0, points)
    values = np.full(points, level)
    if silent_since_at is not None and points:
        values[-1] = np.nan
    info = SeriesInfo(
        1, SeriesIdentity(key, meaning.value, meaning, unit or usual_unit, statistic), "metrics", last_at=last_at
    )
    course = Course(times, values, values, values)
    return ChartLine(key, key.partition("/")[2], info, course, silent_since_at, failure)


def chart(meaning: Meaning, *lines: ChartLine) -> SignalChart:
    statistic, unit = UNITS[meaning] if lines else ("", "")
    return SignalChart(Figure(meaning.value), statistic, unit, lines)


def report(
    *shown: str,
    charts: Sequence[SignalChart] = (),
    marked: Sequence[StateInterval] = (),
    changes: Sequence[Change] = (),
    kind: EntityKind = EntityKind.SERVICE,
    untold: Sequence[Figure] = (),
) -> PerformanceReport:
    """A report of entities of a kind; each has a line in the first three charts unless others are given."""
    usual = (Meaning.RESPONSE_TIME, Meaning.ERROR_RATE, Meaning.THROUGHPUT)
    made = [chart(meaning, *(line(key, meaning) for key in shown)) for meaning in usual]
    everything = (*SERVICES, "integration/payhub", "partner/payhub")
    return PerformanceReport(
        kind=kind,
        candidates=tuple(Candidate(entity(key), HealthState.HEALTHY) for key in shown),
        shown=shown,
        names={key: key.partition("/")[2] for key in everything},
        charts=tuple(charts) or (*made, chart(Meaning.SATURATION)),
        marked=tuple(marked),
        changes=tuple(changes),
        untold=tuple(untold),
    )


def interval(key: str, state: HealthState, minutes_ago: float, lasted: float | None = None) -> StateInterval:
    from_at = NOON - timedelta(minutes=minutes_ago)
    to_at = None if lasted is None else from_at + timedelta(minutes=lasted)
    return StateInterval(key, state, "Error rate 26%, above 25%", from_at, to_at, "series:error_rate")


def flat_course(value: float) -> Course:
    """A course over the usual range that never changes."""
    times = np.linspace(LIVE.time_range.start_ms, LIVE.time_range.end_ms, 20)
    values = np.full(20, value)
    return Course(times, values, values, values)


def unknown(info: SeriesInfo) -> Expectation:
    """Too little was seen of a series to expect anything."""
    return Expectation(info, 300, None, np.empty(0, np.int64), None)


@dataclass
class ScriptedSource:
    """Answers with what it was given, or with the wanted ones of those that exist; fails when told to."""

    existing: dict[EntityKind, tuple[str, ...]] = field(default_factory=lambda: {EntityKind.SERVICE: SERVICES})
    answer: PerformanceReport | None = None
    fault: OperatorError | None = None
    unmeasured: frozenset[str] = frozenset()
    expectation: Callable[[SeriesInfo], Expectation] = field(default=unknown)
    expected: list[tuple[tuple[SeriesInfo, ...], TimeRange]] = field(default_factory=list)
    earlier_course: Course = field(default_factory=lambda: flat_course(2.0))
    earlier_asked: list[tuple[tuple[int, ...], Moment, int]] = field(default_factory=list)
    sharpnesses: list[Sharpness] = field(default_factory=list)
    asked: list[tuple[EntityKind, tuple[str, ...], Moment, int]] = field(default_factory=list)

    def expectations(self, series: Sequence[SeriesInfo], time_range: TimeRange) -> tuple[Expectation, ...]:
        self.expected.append((tuple(series), time_range))
        if self.fault is not None:
            raise self.fault
        return tuple(self.expectation(info) for info in series)

    def earlier(self, series: Sequence[SeriesInfo], moment: Moment, *, pixels: int) -> Earlier:
        self.earlier_asked.append((tuple(info.id for info in series), moment, pixels))
        if self.fault is not None:
            raise self.fault
        period = EarlierPeriod.before(moment.time_range, UTC)
        return Earlier(period, tuple(EarlierCourse(info, self.earlier_course) for info in series))

    def performance(
        self, kind: EntityKind, wanted: Sequence[str], moment: Moment, *, pixels: int, sharpness: Sharpness
    ) -> PerformanceReport:
        self.sharpnesses.append(sharpness)
        if sharpness.precision is Precision.FIRST:
            self.asked.append((kind, tuple(wanted), moment, pixels))
        if self.fault is not None:
            raise self.fault
        if self.answer is not None:
            return self.answer
        found = report(*(tuple(wanted) or self.existing.get(kind, ())[:3]), kind=kind)
        measured = tuple(one for one in found.candidates if one.entity.key not in self.unmeasured)
        return replace(found, candidates=measured)
