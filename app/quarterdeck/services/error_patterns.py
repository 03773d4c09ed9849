"""Error patterns: what the events of a range say of failures, gathered by their messages, beside the time before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.error_patterns import STEPS, Counts, ErrorPattern, Question, Told, mined_errors
from quarterdeck.domain.events import StoredEvent
from quarterdeck.domain.failures import HINT_NAMES, failure_of, is_failure_type
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.calculation import Calculation, in_place
from quarterdeck.services.failure_ports import FailureQuery, FailureStore
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateStore

MOST_FAILURES = 20_000
"""So many events of the range, and as many of the time before it, are read at most: the newest."""
LONGEST_MESSAGE = 500
_IN_PLACE = 2_000
"""So few are gathered right here: starting a process for them takes longer."""


class ErrorSources(EstateStore, FailureStore, Protocol):
    """Where failures and the names of whom they concern come from."""


@dataclass(frozen=True, slots=True)
class ToldFailure:
    """One failure as its source told it, on one line and cut where it is very long."""

    at: datetime
    message: str
    code: str
    entity_key: str
    type: str
    correlation_key: str


@dataclass(frozen=True, slots=True)
class KnownPattern:
    """Failures of one pattern: how many in the range and in the equal time before, and of whom.

    `id` stays the same while the pattern reads the same. `course` counts those of the range in STEPS equal steps.
    `codes` and `entities` count all of the range, or those before where there is none in it. `newest` are the newest
    of both times, not all.
    """

    id: str
    template: str
    example: str
    now: int
    before: int
    first_at: datetime
    last_at: datetime
    codes: Counts
    entities: Counts
    course: tuple[int, ...]
    newest: tuple[ToldFailure, ...]


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """The patterns of a range up to the play-head, the most frequent first, and of the equal time `before` it.

    From `complete_from_at` and `before_from_at` on no failure is missing; they lie after the beginning of a time of
    which there was too much to read. `events_begin_at` is when the oldest event of any kind that is kept occurred; of a
    time before that nothing is known. `ungathered` failures were of patterns too rare among too many. `names` are those
    of the entities at the play-head, by their keys.
    """

    time_range: TimeRange
    before: TimeRange
    patterns: tuple[KnownPattern, ...]
    names: Mapping[str, str]
    complete_from_at: datetime
    before_from_at: datetime
    ungathered: int = 0
    events_begin_at: datetime | None = None

    @property
    def is_before_known(self) -> bool:
        """Whether all of the time before is known: events were kept then, and all failures among them were read."""
        begins = self.events_begin_at
        is_kept = begins is not None and begins <= self.before.start_at
        return is_kept and self.before_from_at <= self.before.start_at

    @property
    def now(self) -> int:
        """All failures of the range that are counted in a pattern."""
        return sum(one.now for one in self.patterns)

    @property
    def is_complete(self) -> bool:
        """Whether no failure of either time is missing in the counts."""
        return self.complete_from_at <= self.time_range.start_at and self.before_from_at <= self.before.start_at


class ErrorReader:
    """Answers which failures of which patterns there were. Blocks while it reads and calculates."""

    def __init__(self, store: ErrorSources, calculate: Calculation = in_place, *, most: int = MOST_FAILURES) -> None:
        self._store = store
        self._most = most
        self._calculate = calculate

    def errors(self, moment: Moment) -> ErrorReport:
        """The patterns of the moment's range up to its play-head, beside those of the equal time before."""
        shown = told_range(moment)
        before = TimeRange(shown.start_at - (shown.end_at - shown.start_at), shown.start_at)
        types = tuple(kind for kind in self._store.event_types() if is_failure_type(kind))
        now, earlier = (
            self._store.failures(FailureQuery(span, types, HINT_NAMES, self._most)) for span in (shown, before)
        )
        failures = [one for event in (*now.events, *earlier.events) if (one := _told(event)) is not None]
        question = Question(tuple(map(_asked, failures)), shown.start_ms, shown.end_ms)
        work = self._calculate if len(failures) > _IN_PLACE else in_place
        mined = work(mined_errors, question)
        return ErrorReport(
            shown,
            before,
            tuple(_known(one, number, failures) for one, number in _numbered(mined.patterns)),
            {entity.key: entity.name for entity in self._store.estate(moment.at).entities},
            now.complete_from_at,
            earlier.complete_from_at,
            mined.let_go,
            self._store.events_begin_at(),
        )


def told_range(moment: Moment) -> TimeRange:
    """The moment's range up to its play-head; the whole range where the play-head lies at its beginning or outside."""
    shown = moment.time_range
    return TimeRange(shown.start_at, moment.at) if shown.start_at < moment.at < shown.end_at else shown


def step_times(time_range: TimeRange) -> tuple[datetime, ...]:
    """The beginnings of the steps in which a course counts."""
    length = time_range.end_ms - time_range.start_ms
    return tuple(from_ms(time_range.start_ms + length * step // STEPS) for step in range(STEPS))


def _told(stored: StoredEvent) -> ToldFailure | None:
    event = stored.event
    failure = failure_of(event)
    if failure is None:
        return None
    message = one_line(failure.message, LONGEST_MESSAGE) or one_line(event.type)
    code, key = one_line(failure.code), event.correlation_key
    return ToldFailure(event.occurred_at, message, code, event.entity_key, event.type, key)


def _asked(one: ToldFailure) -> Told:
    return Told(to_ms(one.at), one.message, one.code, one.entity_key)


def _numbered(patterns: Sequence[ErrorPattern]) -> Iterator[tuple[ErrorPattern, int]]:
    """Each with how many before it read the same, for patterns of other happenings may."""
    seen: Counter[str] = Counter()
    for one in patterns:
        yield one, seen[one.pattern.template]
        seen[one.pattern.template] += 1


def _known(one: ErrorPattern, number: int, failures: Sequence[ToldFailure]) -> KnownPattern:
    pattern = one.pattern
    return KnownPattern(
        id=f"{number} {pattern.template}",
        template=pattern.template,
        example=pattern.example,
        now=pattern.now,
        before=pattern.before,
        first_at=from_ms(pattern.first_ms),
        last_at=from_ms(pattern.last_ms),
        codes=one.codes,
        entities=one.subjects,
        course=one.course,
        newest=tuple(failures[place] for place in one.examples),
    )
