"""How objectives stand at a moment: attained, budget, burn, forecast, and the ledger behind each of these figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.analysis.budget_forecast import BudgetCourse, BudgetForecast, budget_forecast
from quarterdeck.analysis.coverage import occurrences
from quarterdeck.analysis.error_budget import Burn, ErrorBudget, burns, error_budget
from quarterdeck.analysis.objective_ledger import Decision, ObjectiveLedger, ledger_of
from quarterdeck.analysis.objective_windows import InvalidWindow, window_at
from quarterdeck.analysis.recurrence import InvalidRule
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.ledger_corrections import LedgerCorrection
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.domain.objective_ledger import (
    USUAL_RULE,
    CountingRule,
    DecidedBy,
    Standing,
    Tally,
    instant_of_us,
    span_us,
    to_us,
)
from quarterdeck.services.ledger_corrections import (
    CorrectionStore,
    LedgerCorrections,
    corrections_of,
    decisions_from,
)
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.maintenance_watch import followed_windows
from quarterdeck.services.objective_catalogue import (
    HeldObjective,
    ObjectiveKey,
    objective_at,
    objectives_of,
    up_time_of,
)
from quarterdeck.services.objective_measures import IndicatorReader, MeasureStore, Measuring, NotMeasurable
from quarterdeck.services.ports import EstateStore

_MUCH_SHORTER = 0.01
"""From this share of the window on that lies before the first data it is said that they are shorter."""


class ObjectiveStore(EstateStore, MeasureStore, MaintenanceStore, CorrectionStore, Protocol):
    """What objectives are read from."""


@dataclass(frozen=True, slots=True)
class ObjectiveFigures:
    """One objective at a moment, by one rule; `at` is the moment and `window` the stretch it holds over.

    A definition that cannot be followed has a `fault` with the next step and no figures. `data_from_at` is when the
    data begin where that is later than the window does.
    """

    held: HeldObjective
    at: datetime
    rule: CountingRule
    window: TimeRange | None = None
    tally: Tally | None = None
    budget: ErrorBudget | None = None
    burns: tuple[Burn, ...] = ()
    forecast: BudgetForecast | None = None
    data_from_at: datetime | None = None
    fault: str = ""
    next_step: str = ""

    @property
    def attained(self) -> float | None:
        """The share of good in what counted; None where nothing did."""
        return None if self.tally is None else self.tally.attained

    @property
    def is_met(self) -> bool | None:
        """Whether the share is at least the target; None where nothing counted, or nothing was promised."""
        if self.attained is None or not self.held.is_promised:
            return None
        return self.attained >= self.held.objective.target


@dataclass(frozen=True, slots=True)
class ObjectiveDetail:
    """One objective with its ledger by a rule, beside the figures by the usual one, and every correction of it."""

    figures: ObjectiveFigures
    usual: ObjectiveFigures
    ledger: ObjectiveLedger | None
    corrections: tuple[LedgerCorrection, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is decided about ledgers as it was known: planned work, and corrections."""

    windows: tuple[MaintenanceWindow, ...]
    corrections: tuple[LedgerCorrection, ...]


class ObjectiveReader:
    """Answers for objectives from the store alone; every call may take a while and belongs in a worker."""

    def __init__(self, store: ObjectiveStore) -> None:
        self._store = store
        self._indicators = IndicatorReader(store)
        self._corrections = LedgerCorrections(store)

    def listed(
        self, at: datetime, *, live: bool = True, rule: CountingRule = USUAL_RULE, entity_key: str = ""
    ) -> tuple[ObjectiveFigures, ...]:
        """Every objective at a moment, or those of one entity, by entity and name; a bad one is told in its place.

        Unless it is `live`, planned work and corrections count as they were recorded by then.
        """
        entities = self._store.estate(at).entities
        wanted = [each for each in entities if entity_key in {"", each.key}]
        known = self._known(at, live=live)
        return tuple(self._figures(held, at, rule, known)[0] for held in objectives_of(wanted))

    def shown(
        self,
        key: ObjectiveKey,
        at: datetime,
        *,
        live: bool = True,
        rule: CountingRule = USUAL_RULE,
        or_up_time: bool = False,
    ) -> ObjectiveDetail:
        """One objective with its ledger. Raises OperatorError where there is none of that key.

        With `or_up_time` an entity that promises nothing is told by how long it was up.
        """
        estate, known = self._store.estate(at), self._known(at, live=live)
        entity = estate.entity(key.entity_key) if or_up_time else None
        is_bare = entity is not None and not any(objectives_of([entity]))
        held = up_time_of(entity) if entity is not None and is_bare else objective_at(estate, key)
        figures, ledger = self._figures(held, at, rule, known)
        usual = figures if rule == USUAL_RULE else self._figures(held, at, USUAL_RULE, known)[0]
        return ObjectiveDetail(figures, usual, ledger, corrections_of(known.corrections, held.key))

    def _known(self, at: datetime, *, live: bool) -> _Known:
        records = self._store.maintenance.records()
        windows = followed_windows(each for each in records if live or each.recorded_at <= at)
        return _Known(windows, self._corrections.records(None if live else at))

    def _figures(
        self, held: HeldObjective, at: datetime, rule: CountingRule, known: _Known
    ) -> tuple[ObjectiveFigures, ObjectiveLedger | None]:
        try:
            window = window_at(held.objective.window, at)
        except (InvalidWindow, InvalidRule) as fault:
            step = "Change its window; the other objectives are not touched by it."
            return ObjectiveFigures(held, at, rule, fault=str(fault), next_step=step), None
        try:
            ledger = self._ledger(held, TimeRange(window.start_at, at), rule, known)
        except NotMeasurable as fault:
            return ObjectiveFigures(held, at, rule, window, fault=fault.message, next_step=fault.next_step), None
        return _counted(held, at, rule, window, ledger), ledger

    def _ledger(self, held: HeldObjective, span: TimeRange, rule: CountingRule, known: _Known) -> ObjectiveLedger:
        return ledger_of(
            self._indicators.measured(Measuring(held.entity, held.objective, span, rule)),
            span_us(span),
            planned=tuple(_planned(held.entity, known.windows, span)),
            corrections=decisions_from(corrections_of(known.corrections, held.key)),
            rule=rule,
        )


def _planned(entity: Entity, windows: Iterable[MaintenanceWindow], span: TimeRange) -> Iterator[Decision]:
    """What planned work covers of an entity over a span."""
    for window in windows:
        if entity.key in window.entity_keys or (entity.domain and entity.domain in window.domains):
            for each in occurrences(window, span):
                reason = f"planned maintenance: {window.reason}"
                yield Decision(
                    to_us(each.start_at),
                    to_us(each.end_at),
                    Standing.EXCLUDED,
                    reason,
                    DecidedBy.MAINTENANCE,
                    window.id,
                )


def _counted(
    held: HeldObjective, at: datetime, rule: CountingRule, window: TimeRange, ledger: ObjectiveLedger
) -> ObjectiveFigures:
    target, tally = held.objective.target, ledger.whole
    from_us, until_us = span_us(window)
    data_from_at = _data_from(ledger, until_us - from_us)
    if not held.is_promised:
        return ObjectiveFigures(held, at, rule, window, tally, data_from_at=data_from_at)
    budget = error_budget(tally, target, until_us - to_us(at))
    share = None if budget is None else budget.spent_share
    ends_us = None if held.objective.window.is_rolling else until_us
    is_left = budget is not None and share is not None and share <= 1
    course = BudgetCourse(target, until_us - from_us, ends_us)
    return ObjectiveFigures(
        held,
        at,
        rule,
        window,
        tally,
        budget,
        burns(ledger, target, until_us - from_us),
        budget_forecast(ledger, course) if is_left else None,
        data_from_at,
    )


def _data_from(ledger: ObjectiveLedger, window_us: int) -> datetime | None:
    """When the data begin, where that is much later than the window does; None also where there are none at all."""
    entries = ledger.entries
    first = next((each for each in entries if each.standing is not Standing.UNKNOWN), None)
    if first is None or first.from_us - entries[0].from_us <= _MUCH_SHORTER * window_us:
        return None
    return instant_of_us(first.from_us)


def met_by_all(figures: Sequence[ObjectiveFigures]) -> bool | None:
    """Whether every objective of an entity is met; False for one that is not, else None where any cannot be told."""
    told = [each.is_met for each in figures]
    if False in told:
        return False
    return True if told and None not in told else None
