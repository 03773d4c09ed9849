"""Planning maintenance: windows are added, ended and corrected, each time as a new record; what is wrong is refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from operator import attrgetter
from typing import Protocol

from quarterdeck.analysis.coverage import differing, occurrences
from quarterdeck.analysis.recurrence import Course, InvalidRule, checked_rule, refuse_strange_start, zone_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import (
    Cut,
    MaintenanceAct,
    MaintenanceRecord,
    MaintenanceWindow,
    standing_windows,
)
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.ports import Clock, EstateStore

_LONGEST = timedelta(days=366)
_LOOK_AHEAD = timedelta(days=3 * 366)
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_LONGEST_WORDS = 500
_SECONDS = 60.0
_LIST = "`quarterdeck maintenance list --all` tells the windows with their ids."


class BookStore(EstateStore, MaintenanceStore, Protocol):
    """What windows are planned over."""


@dataclass(frozen=True, slots=True)
class ListedWindow:
    """How a window stands: its last record, the occurrence under way, and the one that follows.

    `last` is the occurrence a window that is over ended with; None of others, and where it never covered anything.
    """

    record: MaintenanceRecord
    current: TimeRange | None
    following: TimeRange | None
    last: TimeRange | None = None

    @property
    def is_over(self) -> bool:
        """Whether it covers nothing any more."""
        return self.current is None and self.following is None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who tells it, and why."""

    by: str
    note: str = ""


class MaintenanceBook:
    """The windows of one store. Every refusal is an OperatorError; then nothing was written."""

    def __init__(self, store: BookStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def listed(self, known_at: datetime | None = None, at: datetime | None = None) -> tuple[ListedWindow, ...]:
        """How every window stands now, or stood at an instant; as it was known at a moment where one is given."""
        seen_at = self._clock.now() if at is None else at
        records = standing_windows(self._store.maintenance.records(), known_at)
        return tuple(_listed(record, seen_at) for record in records)

    def history(self, window_id: str) -> tuple[MaintenanceRecord, ...]:
        """Every record of a window, oldest first. Raises OperatorError where there is none."""
        found = self._store.maintenance.records(window_id)
        if not found:
            raise OperatorError(f"There is no maintenance window {window_id!r}.", _LIST)
        return found

    def add(self, window: MaintenanceWindow, signed: Signature) -> MaintenanceRecord:
        """Plan a window; its id is given here where it has none."""
        known = {record.window.id for record in self._store.maintenance.records()}
        if not window.id:
            window = replace(window, id=f"window-{len(known) + 1}")
        if window.id in known:
            raise OperatorError(f"There is a maintenance window {window.id!r} already.", "Correct that one.")
        return self._write([self._record(window, 1, MaintenanceAct.PLANNED, signed)])[0]

    def end(self, window_id: str, at: datetime, signed: Signature, *, whole: bool = False) -> MaintenanceRecord:
        """End the occurrence under way at an instant; with `whole` nothing is covered from then on at all."""
        last = self.history(window_id)[-1]
        window, listed = last.window, _listed(last, at)
        if listed.is_over:
            raise OperatorError(f"The maintenance window {window_id!r} is over already.", _LIST)
        if whole or not window.rule:
            changed = replace(window, closed_at=at)
        elif listed.current is None:
            raise OperatorError(
                f"No occurrence of {window_id!r} is under way then.", "With `--all` the window ends for good."
            )
        else:
            start_at = listed.current.start_at
            kept = tuple(cut for cut in window.cuts if cut.start_at != start_at)
            changed = replace(window, cuts=(*kept, Cut(start_at, at)))
        return self._write([self._record(changed, last.revision + 1, MaintenanceAct.ENDED, signed)])[0]

    def correct(self, window: MaintenanceWindow, signed: Signature) -> MaintenanceRecord:
        """Say anew what a window is, also for the past; the note says why, and what was told before stays readable."""
        last = self.history(window.id)[-1]
        if not signed.note.strip():
            raise OperatorError("A correction says why it is made.", "Say it with `--note`.")
        if window == last.window:
            raise OperatorError(f"The maintenance window {window.id!r} is like that already.", _LIST)
        return self._write([self._record(window, last.revision + 1, MaintenanceAct.CORRECTED, signed)])[0]

    def take(self, windows: Sequence[MaintenanceWindow], signed: Signature) -> tuple[MaintenanceRecord, ...]:
        """Add windows that are new and correct those that cover otherwise, all or none; the others stay untouched."""
        standing = {record.window.id: record for record in standing_windows(self._store.maintenance.records())}
        records: list[MaintenanceRecord] = []
        for window in windows:
            last = standing.get(window.id)
            act = MaintenanceAct.PLANNED if last is None else MaintenanceAct.CORRECTED
            record = self._record(window, 1 if last is None else last.revision + 1, act, signed)
            if last is None or differing(last.window, record.window, self._clock.now() + _LOOK_AHEAD):
                records.append(record)
        return self._write(records)

    def _record(
        self, window: MaintenanceWindow, revision: int, act: MaintenanceAct, signed: Signature
    ) -> MaintenanceRecord:
        now = self._clock.now()
        self._refuse_unknown(window, now)
        return MaintenanceRecord(checked_window(window), revision, act, now, _words(signed.by, "who"), signed.note)

    def _write(self, records: Sequence[MaintenanceRecord]) -> tuple[MaintenanceRecord, ...]:
        return self._store.maintenance.add(records).result(_SECONDS) if records else ()

    def _refuse_unknown(self, window: MaintenanceWindow, now: datetime) -> None:
        """What was named before may have been withdrawn since: that must not keep a window from being ended."""
        entities = self._store.estate(now).entities
        named = {record.window for record in self._store.maintenance.records(window.id)}
        keys = {key for before in named for key in before.entity_keys}
        domains = {name for before in named for name in before.domains}
        _refuse_missing("entity", window.entity_keys, keys | {entity.key for entity in entities})
        _refuse_missing("domain", window.domains, domains | {entity.domain for entity in entities if entity.domain})


def checked_window(window: MaintenanceWindow) -> MaintenanceWindow:
    """The window with its words and rule tidied. Raises OperatorError with what is wrong with it."""
    if not _EARLIEST <= window.start_at < _LATEST:
        raise OperatorError(f"The window begins in {window.start_at.year}.", "Say a year from 2000 to 2199.")
    if window.length > _LONGEST:
        raise OperatorError(
            f"The window lasts {window.length.days:,} days.", "Plan at most 366 days, or a rule for several windows."
        )
    try:
        zone_of(window.zone)
        rule = checked_rule(window.rule) if window.rule else ""
        if rule:
            refuse_strange_start(Course(window.start_at, rule, window.zone))
    except InvalidRule as fault:
        raise OperatorError(
            str(fault), "A rule is such as FREQ=WEEKLY;BYDAY=SU, a zone such as Europe/Berlin; see the manual."
        ) from fault
    return replace(window, rule=rule, reason=_words(window.reason, "the reason"))


def _listed(record: MaintenanceRecord, now: datetime) -> ListedWindow:
    ahead = max(now, record.window.start_at) + _LOOK_AHEAD
    try:
        found = [each for each in occurrences(record.window, TimeRange(now, ahead)) if each.end_at > now]
    except InvalidRule:
        found = []
    current = [each for each in found if each.start_at <= now]
    following = [each for each in found if each.start_at > now]
    return ListedWindow(
        record,
        max(current, key=lambda each: each.end_at, default=None),
        next(iter(following), None),
        None if found else last_occurrence(record.window, now),
    )


def last_occurrence(window: MaintenanceWindow, now: datetime) -> TimeRange | None:
    """The last occurrence that has ended by an instant; None where none has, none was left, or none can be followed."""
    if window.start_at >= now:
        return None
    try:
        begun = occurrences(window, TimeRange(window.start_at, now))
        return max((each for each in begun if each.end_at <= now), default=None, key=attrgetter("start_at"))
    except InvalidRule:
        return None


def _words(text: str, what: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST_WORDS:
        raise OperatorError(f"A maintenance window says {what}.", f"Say it in 1 to {_LONGEST_WORDS} characters.")
    return words


def _refuse_missing(what: str, named: Sequence[str], known: Collection[str]) -> None:
    for name in named:
        if name not in known:
            near = get_close_matches(name, known, 1)
            step = f"Did you mean {near[0]}?" if near else "`quarterdeck status` tells what there is."
            raise OperatorError(f"There is no {what} {name!r}.", step)
