"""Turns an entity's card into words. Plain Python: tested without a window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.claims import contradicts
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.series import Meaning
from quarterdeck.services.fault_words import class_words
from quarterdeck.services.figures import figure_words
from quarterdeck.services.moments import AVAILABILITY_DAYS, Moment
from quarterdeck.services.series_ports import Precision
from quarterdeck.services.wording import (
    availability_words,
    claim_words,
    counted_words,
    meaning_words,
    percent,
    quantity,
    since_words,
    state_words,
)
from quarterdeck.ui.charts.preload import preload_charts
from quarterdeck.ui.shell.inspector.claim_lines import fault_lines, record_lines
from quarterdeck.ui.shell.inspector.series_words import charted_series, series_list
from quarterdeck.ui.shell.inspector.state import (
    Availability,
    ChartedSeries,
    Claim,
    InspectorCard,
    Line,
    MarkedLine,
    SeriesList,
)
from quarterdeck.ui.shell.inspector.unusual_lines import unusual_lines
from quarterdeck.ui.tasks.verbs import Background

if TYPE_CHECKING:
    from quarterdeck.domain.allocations import Allocation
    from quarterdeck.domain.checks import ClaimedStatus
    from quarterdeck.domain.estate import Entity
    from quarterdeck.services.fault_class import JudgedOutage
    from quarterdeck.services.inspector import EntityCard, InspectorReader, Neighbour
    from quarterdeck.services.signals import Reading

_CHECK_STATES = {
    CheckOutcome.PASSED: HealthState.HEALTHY,
    CheckOutcome.WARNING: HealthState.DEGRADED,
    CheckOutcome.FAILED: HealthState.DOWN,
    CheckOutcome.UNKNOWN: HealthState.UNKNOWN,
}


class InspectorSurface(Protocol):
    """What shows the card."""

    def show_loading(self) -> None: ...

    def show_nothing(self) -> None: ...

    def show_card(self, card: InspectorCard) -> None: ...

    def show_absent(self, entity_key: str) -> None: ...

    def show_failure(self, error: OperatorError) -> None: ...

    def show_series(self, series: SeriesList) -> None: ...

    def show_course(self, course: ChartedSeries) -> None: ...


class InspectorPresenter:
    """Loads the selected entity's card at a moment and keeps it up to date; its series only while they are wanted."""

    def __init__(
        self, reader: Callable[[], InspectorReader], background: Background, surface: InspectorSurface
    ) -> None:
        self._reader = reader
        self._background = background
        self._surface = surface
        self._entity_key = ""
        self._is_shown = False
        self._moment: Moment | None = None
        self._wants_series = False
        self._charted: tuple[str, int] | None = None

    def want_series(self, *, wanted: bool) -> None:
        """The list of all series is looked at, or not any more."""
        self._wants_series = wanted
        self._load_series()

    def chart(self, series_id: str, pixels: int) -> None:
        """Show the course of one series in so many pixels, and keep it up to date; an empty id shows none."""
        self._charted = (series_id, pixels) if series_id else None
        self._load_course()

    def show(self, entity_key: str, moment: Moment) -> None:
        """Show an entity, or nothing for an empty key."""
        if entity_key != self._entity_key:
            self._is_shown = False
            self._charted = None
        self._entity_key, self._moment = entity_key, moment
        if not entity_key:
            self._surface.show_nothing()
            return
        if not self._is_shown:
            self._surface.show_loading()
        reader = self._reader
        self._background.run_query(
            lambda: _read(reader(), entity_key, moment), on_result=self._take, on_error=self._fail, key="card"
        )
        self._load_series()
        self._load_course()

    def _load_series(self) -> None:
        reader, key, moment = self._reader, self._entity_key, self._moment
        if self._wants_series and key and moment is not None:
            self._background.run_query(
                lambda: series_list(key, reader().series.all_series(key, moment), moment),
                on_result=self._surface.show_series,
                on_error=self._fail,
                key="series",
            )

    def _load_course(self) -> None:
        reader, key, moment = self._reader, self._entity_key, self._moment
        if self._charted is None or not self._wants_series or moment is None:
            return
        series_id, pixels = self._charted

        def read(precision: Precision) -> ChartedSeries | None:
            preload_charts()
            found = reader().series.course(key, int(series_id), moment, pixels, precision)
            return charted_series(found, moment) if found is not None else None

        def take_first(course: ChartedSeries | None) -> None:
            self._take_course(course)
            if course is not None and not course.is_sharp:
                self._background.run_query(
                    lambda: read(Precision.REFINED),
                    on_result=self._take_course,
                    on_error=lambda _: None,  # what is shown stays, and the next read says why
                    key="course",
                )

        self._background.run_query(
            lambda: read(Precision.FIRST), on_result=take_first, on_error=self._fail, key="course"
        )

    def _take_course(self, course: ChartedSeries | None) -> None:
        if course is not None:
            self._surface.show_course(course)

    def _take(self, card: InspectorCard | None) -> None:
        self._is_shown = card is not None
        if card is None:
            self._surface.show_absent(self._entity_key)
        else:
            self._surface.show_card(card)

    def _fail(self, error: OperatorError) -> None:
        self._is_shown = False
        self._surface.show_failure(error)


def _read(reader: InspectorReader, entity_key: str, moment: Moment) -> InspectorCard | None:
    card = reader.card(entity_key, moment)
    return card_in_words(card, moment) if card is not None else None


def card_in_words(card: EntityCard, moment: Moment) -> InspectorCard:
    """Everything the inspector draws of a card at a moment."""
    at = moment.at
    state = card.state.state if card.state else HealthState.UNKNOWN
    return InspectorCard(
        key=card.entity.key,
        name=card.entity.name,
        kind=card.entity.kind.value.replace("_", " "),
        state=state,
        since=since_words(card.state, at),
        why=card.state.reason if card.state else "",
        now=_now(card, at),
        readings=(*_figures(card, at), *(_reading(reading, at) for reading in card.readings)),
        allocations=tuple(map(_allocation, card.allocations)),
        facts=tuple(_facts(card.entity, card.partner)),
        checks=tuple(_check(check, state, at) for check in card.checks),
        upstream=tuple(_neighbour(neighbour) for neighbour in card.neighbours if not neighbour.outgoing),
        downstream=tuple(_neighbour(neighbour) for neighbour in card.neighbours if neighbour.outgoing),
        changes=tuple(_change(interval, at, card.faults) for interval in card.history),
        availability=_availability(card.ledger),
        claim=_claim(card.claimed, state, at) if card.claimed else None,
        shown_at=None if moment.live else at,
        fault=_fault(card),
        unusual=unusual_lines(card.unusual, card.changed, at),
        claim_record=record_lines(card.record, at) if card.record else (),
    )


def _fault(card: EntityCard) -> tuple[Line, ...]:
    """Whose fault the outage under way is; nothing where none is."""
    judged = card.faults[0] if card.faults else None
    if judged is None or card.state is None or judged.outage.from_at != card.state.from_at:
        return ()
    return fault_lines(judged, {neighbour.key: neighbour.name for neighbour in card.neighbours})


def _now(card: EntityCard, at: datetime) -> tuple[Line, ...]:
    """What one looks for first; where nothing of that is told, whatever is."""
    others = tuple(reading for reading in card.readings if reading.meaning is not Meaning.OTHER)
    shown = others if others or card.figures else card.readings
    return (*_figures(card, at), *(_reading(reading, at) for reading in shown))


def _figures(card: EntityCard, at: datetime) -> Iterable[Line]:
    for one in card.figures:
        name = figure_words(one.figure, one.reading.statistic, one.label)
        yield _line(name, one.reading, at)


def _reading(reading: Reading, at: datetime) -> Line:
    return _line(meaning_words(reading.meaning, reading.statistic, name=reading.name), reading, at)


def _line(name: str, reading: Reading, at: datetime) -> Line:
    age = "" if reading.fresh else duration_words((at - reading.at).total_seconds())
    return Line(name, quantity(reading.value, reading.unit), age)


def _allocation(allocation: Allocation) -> Line:
    given = quantity(allocation.allocated, allocation.unit)
    if allocation.used is None:
        return Line(allocation.resource, given)
    share = percent(allocation.used / allocation.allocated) if allocation.allocated > 0 else ""
    used = f"{quantity(allocation.used, allocation.unit)} / {given}"
    return Line(allocation.resource, f"{used} · {share}" if share else used)


def _facts(entity: Entity, partner: Entity | None) -> Iterable[Line]:
    known = {
        "partner": partner.name if partner else "",
        "domain": entity.domain.replace("_", " "),
        "owner": entity.owner,
        "tier": str(entity.tier),
        "description": entity.description,
        **dict(entity.facts),
    }
    return (Line(label.replace("_", " "), value) for label, value in known.items() if value)


def _check(check: CheckResult, state: HealthState, at: datetime) -> MarkedLine:
    """A check speaks for its entity: where that is stale, its checks are too old as well."""
    age = duration_words((at - check.checked_at).total_seconds())
    shown = state if state is HealthState.STALE else _CHECK_STATES[check.outcome]
    return MarkedLine(shown, check.name, note=age, detail=check.summary)


def _neighbour(neighbour: Neighbour) -> MarkedLine:
    protocol = next((value for label, value in neighbour.facts if label == "protocol"), "")
    words = "" if neighbour.state is HealthState.HEALTHY else state_words(neighbour.state)
    note = " · ".join(part for part in (words, protocol) if part)
    return MarkedLine(neighbour.state, neighbour.name, note=note, key=neighbour.key)


def _change(interval: StateInterval, at: datetime, faults: tuple[JudgedOutage, ...]) -> MarkedLine:
    lasted = duration_words(((interval.to_at or at) - interval.from_at).total_seconds())
    began = interval.from_at.astimezone()
    stamp = f"{began:%H:%M}" if began.date() == at.astimezone().date() else f"{began.day} {began:%b %H:%M}"
    word = state_words(interval.state)
    word = word[:1].upper() + word[1:]
    reason = "" if interval.reason.rstrip(".") == word else interval.reason
    judged = next((each for each in faults if each.outage.from_at == interval.from_at), None)
    fault = f"Fault: {class_words(judged.verdict)}" if judged else ""
    detail = " · ".join(part for part in (reason, fault) if part)
    return MarkedLine(interval.state, word, note=f"{stamp} · {lasted}", detail=detail)


def _availability(ledger: Ledger) -> Availability:
    return Availability(
        percent="" if ledger.availability is None else availability_words(ledger.availability),
        counted=counted_words(ledger.up_seconds + ledger.down_seconds),
        up=duration_words(ledger.up_seconds),
        down=duration_words(ledger.down_seconds),
        excluded=_some(ledger.excluded_seconds),
        unknown=_some(ledger.unknown_seconds),
        days=AVAILABILITY_DAYS,
    )


def _some(seconds: float) -> str:
    """A duration, empty for none at all."""
    return duration_words(seconds) if seconds >= 1 else ""


def _claim(claimed: ClaimedStatus, measured: HealthState, at: datetime) -> Claim:
    return Claim(
        claimed_state=claimed.state,
        claimed=claimed.words or claim_words(claimed),
        age=duration_words((at - claimed.claimed_at).total_seconds()),
        disagrees=contradicts(claimed.state, measured),
    )
