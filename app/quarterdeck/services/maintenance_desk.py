"""Planned work as the window handles it: the board of all windows, previews, and every change with its record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Entity, Estate
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceRecord, MaintenanceWindow, standing_windows
from quarterdeck.services.current_states import CurrentStates, JudgedStates, silent_since
from quarterdeck.services.maintenance import BookStore, ListedWindow, MaintenanceBook, Signature, last_occurrence
from quarterdeck.services.maintenance_forms import Field, TypedWindow, changed_window, read_typed
from quarterdeck.services.maintenance_import import ImportScope, read_calendar_file
from quarterdeck.services.maintenance_preview import (
    WindowPreview,
    clock_notes,
    covered_entities,
    next_occurrences,
    overlapping,
    uncovered_behind,
    uncovered_dependents,
)
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Clock

_AGAIN = "Look at the list, which shows how it stands now."


class DeskStore(BookStore, JudgedStates, Protocol):
    """What the window reads and writes."""


class CalendarWriter(Protocol):
    """Writes windows as an iCalendar file."""

    def __call__(self, records: Iterable[MaintenanceRecord], /) -> bytes: ...


class Period(StrEnum):
    """How a window stands to a moment."""

    RUNNING = "running"
    PLANNED = "planned"
    PAST = "past"
    CALLED_OFF = "called off"


@dataclass(frozen=True, slots=True)
class BoardWindow:
    """One window at a moment: its last record and who planned it, and the occurrence that is told of.

    `occurrence` is the one under way, else the next, else the last; None for one that never covered anything.
    `following` is the one after it, if any. `covered_count` is how many entities of the estate it covers.
    """

    record: MaintenanceRecord
    planned_by: str
    period: Period
    occurrence: TimeRange | None
    following: TimeRange | None
    names: tuple[str, ...]
    covered_count: int

    @property
    def window(self) -> MaintenanceWindow:
        """The window as it stands."""
        return self.record.window


@dataclass(frozen=True, slots=True)
class WindowBoard:
    """Every window at a moment; `silent_since_at` is since when nobody collects, None while somebody does."""

    windows: tuple[BoardWindow, ...]
    silent_since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """Something that a window can cover: an entity with its kind and state now."""

    entity: Entity
    state: HealthState


@dataclass(frozen=True, slots=True)
class FormGround:
    """What a form is opened with: what can be covered, the zone of this machine, and who is logged in."""

    choices: tuple[ScopeChoice, ...]
    domains: tuple[str, ...]
    zone: str
    by: str
    now: datetime


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """The record that was made, or what is wrong, a sentence by field."""

    record: MaintenanceRecord | None
    faults: tuple[tuple[Field, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TakenCalendar:
    """How many windows of a file are new, corrected, and as they were already."""

    new: int
    corrected: int
    unchanged: int


class MaintenanceDesk:
    """Answers for the Maintenance panel. Every refusal is an OperatorError; then nothing was written.

    `who` tells who is logged in, `zone` the zone of this machine; both may be asked in any thread.
    """

    def __init__(
        self,
        store: DeskStore,
        clock: Clock,
        write_calendar: CalendarWriter,
        *,
        who: Callable[[], str],
        zone: Callable[[], str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._write_calendar = write_calendar
        self._who = who
        self._zone = zone
        self._book = MaintenanceBook(store, clock)
        self._states = CurrentStates(store)

    def board(self, moment: Moment) -> WindowBoard:
        """Every window at the play-head: as it stands now, or as it was recorded by a past moment."""
        records = self._store.maintenance.records()
        estate = self._store.estate(moment.at)
        first = {record.window.id: record.recorded_by for record in reversed(records)}
        known_at = None if moment.live else moment.at
        found = [
            _on_board(listed, first[listed.record.window.id], moment.at, estate)
            for listed in self._book.listed(known_at, moment.at)
        ]
        silent_at = silent_since(self._store, moment.at)
        return WindowBoard(tuple(sorted(found, key=_board_order)), silent_at)

    def ground(self) -> FormGround:
        """What a form is opened with."""
        now = self._clock.now()
        estate, states = self._store.estate(now), self._state_map(now)
        choices = [ScopeChoice(one, states.get(one.key, HealthState.UNKNOWN)) for one in estate.entities]
        choices.sort(key=lambda one: (one.entity.kind, one.entity.name))
        domains = sorted({one.domain for one in estate.entities if one.domain})
        return FormGround(tuple(choices), tuple(domains), self._zone(), self._who(), now)

    def window(self, window_id: str) -> MaintenanceWindow:
        """A window as it stands."""
        return self._book.history(window_id)[-1].window

    def history(self, window_id: str) -> tuple[MaintenanceRecord, ...]:
        """Every record of a window, oldest first."""
        return self._book.history(window_id)

    def preview(self, typed: TypedWindow, window_id: str = "") -> WindowPreview | tuple[tuple[Field, str], ...]:
        """What a form would come to, or what is wrong with it; `window_id` names the window that it corrects."""
        reading = read_typed(typed)
        if reading.window is None:
            return reading.faults
        held = self.window(window_id) if window_id else None
        window = changed_window(held, reading.window) if held else reading.window
        now = self._clock.now()
        estate, states = self._store.estate(now), self._state_map(now)
        covered = covered_entities(window, estate)
        keys = {one.key for one in covered}
        coming, has_more = next_occurrences(window, now)
        return WindowPreview(
            window=window,
            occurrences=coming,
            has_more=has_more,
            is_over=not coming or coming[0].end_at <= now,
            is_under_way=bool(coming) and coming[0].contains(now),
            covered=covered,
            behind=uncovered_behind(keys, estate, states),
            dependents=uncovered_dependents(keys, estate),
            overlaps=overlapping(window, standing_windows(self._store.maintenance.records()), estate, now),
            clock_notes=clock_notes(window, now),
            now=now,
            silent_since_at=silent_since(self._store, now),
        )

    def plan(self, typed: TypedWindow, signed: Signature) -> FormOutcome:
        """Keep a new window; what is wrong is told by field, and nothing is written then."""
        reading = read_typed(typed)
        faults = (*reading.faults, *_signature_faults(signed, is_correction=False))
        if reading.window is None or faults:
            return FormOutcome(None, faults)
        return FormOutcome(self._book.add(reading.window, signed))

    def correct(self, window_id: str, typed: TypedWindow, signed: Signature) -> FormOutcome:
        """Say anew what a window is, also for the past; what was told before stays readable."""
        reading = read_typed(typed)
        faults = (*reading.faults, *_signature_faults(signed, is_correction=True))
        if reading.window is None or faults:
            return FormOutcome(None, faults)
        held = self.window(window_id)
        changed = changed_window(held, reading.window)
        if changed == held:
            raise OperatorError(
                "Nothing was changed, so there is nothing to record.", "Change a field, or close the form."
            )
        return FormOutcome(self._book.correct(changed, signed))

    def end(self, window_id: str, signed: Signature, *, whole: bool) -> MaintenanceRecord:
        """End the occurrence under way now; with `whole` nothing is covered from now on, begun or not."""
        now = self._clock.now().replace(microsecond=0)
        self._refuse_ended(window_id, needs_current=not whole)
        return self._book.end(window_id, now, signed, whole=whole)

    def skip(self, window_id: str, signed: Signature) -> MaintenanceRecord:
        """Leave out the next occurrence of a window that comes again."""
        listed = self._refuse_ended(window_id, needs_current=False)
        if listed.following is None:
            raise OperatorError("No further occurrence is planned, so none can be left out.", _AGAIN)
        return self._book.end(window_id, listed.following.start_at, signed)

    def calendar(self, window_ids: Sequence[str]) -> bytes:
        """The windows of these ids as an iCalendar file."""
        wanted = frozenset(window_ids)
        standing = standing_windows(self._store.maintenance.records())
        return self._write_calendar([record for record in standing if record.window.id in wanted])

    def take_calendar(self, path: Path, scope: ImportScope, signed: Signature) -> TakenCalendar:
        """Take the events of an iCalendar file in as windows, all or none; a file taken twice changes nothing."""
        windows = read_calendar_file(path, scope)
        records = self._book.take(windows, signed)
        new = sum(record.revision == 1 for record in records)
        return TakenCalendar(new, len(records) - new, len(windows) - len(records))

    def _refuse_ended(self, window_id: str, *, needs_current: bool) -> ListedWindow:
        found = next((one for one in self._book.listed() if one.record.window.id == window_id), None)
        if found is None or found.is_over:
            raise OperatorError("This maintenance is over already; somebody may have ended it meanwhile.", _AGAIN)
        if needs_current and found.current is None:
            raise OperatorError("This maintenance is not under way now; it may have ended meanwhile.", _AGAIN)
        return found

    def _state_map(self, at: datetime) -> Mapping[str, HealthState]:
        return {key: interval.state for key, interval in self._states.states_at(at).items()}


def _signature_faults(signed: Signature, *, is_correction: bool) -> tuple[tuple[Field, str], ...]:
    faults: list[tuple[Field, str]] = []
    if not signed.by.strip():
        faults.append((Field.BY, "The record does not say who. Write your name or that of your team."))
    if is_correction and not signed.note.strip():
        faults.append((Field.NOTE, "A correction says why it is made. A few words will do, such as It took longer."))
    return tuple(faults)


def _on_board(listed: ListedWindow, planned_by: str, at: datetime, estate: Estate) -> BoardWindow:
    window = listed.record.window
    covered = covered_entities(window, estate)
    by_key = {one.key: one.name for one in estate.entities}
    occurrence = listed.current or listed.following or last_occurrence(window, at)
    return BoardWindow(
        record=listed.record,
        planned_by=planned_by,
        period=_period(listed, occurrence),
        occurrence=occurrence,
        following=listed.following if listed.current is not None else None,
        names=tuple(by_key.get(key, key) for key in window.entity_keys),
        covered_count=len(covered),
    )


def _period(listed: ListedWindow, occurrence: TimeRange | None) -> Period:
    if listed.current is not None:
        return Period.RUNNING
    if listed.following is not None:
        return Period.PLANNED
    return Period.PAST if occurrence is not None else Period.CALLED_OFF


_ORDER = {Period.RUNNING: 0, Period.PLANNED: 1, Period.PAST: 2, Period.CALLED_OFF: 3}


def _board_order(one: BoardWindow) -> tuple[int, float, str]:
    """What is under way by its end, what is planned by its start, what is over with the newest first."""
    at = one.occurrence or TimeRange(one.window.start_at, one.window.end_at)
    is_over = one.period in {Period.PAST, Period.CALLED_OFF}
    place = at.end_at.timestamp() if one.period is Period.RUNNING else at.start_at.timestamp()
    return _ORDER[one.period], -place if is_over else place, one.window.id
