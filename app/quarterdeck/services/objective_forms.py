"""Objectives as a form makes or changes them: read into a definition, checked, and written to the estate.

What is written goes into the document that declares the entity, through the same path as the document itself, so that
it is dated, told in the difference and exported like everything else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from quarterdeck.analysis.objective_windows import InvalidWindow, window_at
from quarterdeck.analysis.recurrence import InvalidRule
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import DeclaredEstate, EntityVersion, Origin, precedence
from quarterdeck.domain.indicator_queries import OWN_SOURCE, QueryKind, UnreadQuery, read_query
from quarterdeck.domain.objectives import Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.sdk.documents.objectives import OBJECTIVE_NAME
from quarterdeck.services.estate_export import ExportSources, declared_by
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.ports import Clock

_WINDOW = re.compile(rf"([1-9][0-9]{{0,4}})\s*({'|'.join(WindowUnit)})", re.ASCII)
_STARTS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WHOLE = 100


class ObjectiveKind(StrEnum):
    """The kinds that the form offers."""

    AVAILABILITY = "availability"
    LATENCY = "latency"
    FRESHNESS = "freshness"
    CONFORMANCE = "conformance"
    SHARE = "share"


_USUAL_QUERY = {
    ObjectiveKind.AVAILABILITY: "state",
    ObjectiveKind.LATENCY: "response_time:p95",
    ObjectiveKind.FRESHNESS: "age",
}
_BOUNDED = frozenset({ObjectiveKind.LATENCY, ObjectiveKind.FRESHNESS})


@dataclass(frozen=True, slots=True)
class ObjectiveDraft:
    """What a form says. `bound` is in the unit of the series, seconds for an age; `total` is for a share only.

    An empty `query` is the usual one of the kind; `starts` is a day for a window of the calendar.
    """

    entity_key: str
    name: str
    kind: ObjectiveKind
    target_percent: float
    window: str
    starts: str = ""
    zone: str = ""
    query: str = ""
    total: str = ""
    bound: float | None = None


class FormStore(ExportSources, Protocol):
    """What the estate is read from."""


class ObjectiveForms:
    """Writes objectives to the estate. Every refusal is an OperatorError; then nothing was written."""

    def __init__(self, store: FormStore, clock: Clock, apply: Callable[[DeclaredEstate], str]) -> None:
        self._store = store
        self._clock = clock
        self._apply = apply

    def keep(self, draft: ObjectiveDraft) -> str:
        """Add the objective, or put it in the place of the one of its name; says in a line what it changed."""
        now = self._clock.now()
        objective = objective_from(draft, now)
        return self._write(draft.entity_key, now, lambda held: _with(held, objective))

    def withdraw(self, key: ObjectiveKey) -> str:
        """Take an objective out of what is declared; what it was stays in the history."""
        now = self._clock.now()

        def without(held: tuple[Objective, ...]) -> tuple[Objective, ...]:
            if all(each.name != key.name for each in held):
                raise OperatorError(
                    f"The objective {key.text} is not declared as one.", "It follows from the fact “objective”."
                )
            return tuple(each for each in held if each.name != key.name)

        return self._write(key.entity_key, now, without)

    def _write(
        self, entity_key: str, now: datetime, changed: Callable[[tuple[Objective, ...]], tuple[Objective, ...]]
    ) -> str:
        version = self._declaring(entity_key, now)
        declared = declared_by(self._store, version.source, now)
        entities = tuple(
            replace(each, objectives=changed(each.objectives)) if each.key == entity_key else each
            for each in declared.entities
        )
        return self._apply(replace(declared, entities=entities))

    def _declaring(self, entity_key: str, now: datetime) -> EntityVersion:
        """The declaration of an entity that stands. Raises OperatorError where no document declares it."""
        told = [each for each in self._store.entity_versions(now) if each.entity.key == entity_key]
        declared = [each for each in told if each.origin is Origin.DECLARED and each.source]
        if not declared:
            raise OperatorError(
                f"No document declares {entity_key}.", "Declare it in an estate document first; then it can promise."
            )
        return max(declared, key=precedence)


def objective_from(draft: ObjectiveDraft, now: datetime) -> Objective:
    """The definition that a form says. Raises OperatorError with what is wrong and what it takes instead."""
    if not OBJECTIVE_NAME.fullmatch(draft.name):
        raise OperatorError(f"{draft.name!r} is no name.", "Take letters, digits, dots, dashes, such as availability.")
    if not 0 < draft.target_percent <= _WHOLE:
        raise OperatorError("The target is a share of good.", "Say more than 0 and at most 100 percent.")
    window = _window(draft, now)
    indicator = _indicator(draft)
    if draft.kind in _BOUNDED and draft.bound is None:
        raise OperatorError("A latency and a freshness need a bound.", "Say it in seconds, such as 0.5.")
    return Objective(
        name=draft.name,
        target=round(draft.target_percent / _WHOLE, 9),
        window=window,
        indicator=indicator,
        comparison=Comparison.UP_TO if draft.kind in _BOUNDED else None,
        bound=draft.bound if draft.kind in _BOUNDED else None,
    )


def draft_of(key: ObjectiveKey, objective: Objective) -> ObjectiveDraft:
    """An objective as the form says it, as far as the form can."""
    indicator, window = objective.indicator, objective.window
    return ObjectiveDraft(
        entity_key=key.entity_key,
        name=objective.name,
        kind=_kind(objective),
        target_percent=round(objective.target * _WHOLE, 7),
        window=f"{window.count}{window.unit}",
        starts=window.starts[:10],
        zone=window.zone,
        query=indicator.raw or indicator.good,
        total=indicator.total,
        bound=objective.bound,
    )


def fits_the_form(objective: Objective, now: datetime) -> bool:
    """Whether the form can say everything that a definition does, so that changing it there loses nothing."""
    try:
        said = objective_from(draft_of(ObjectiveKey("any", objective.name), objective), now)
    except OperatorError:
        return False
    indicator = replace(said.indicator, source=objective.indicator.source, source_kind=objective.indicator.source_kind)
    kept = replace(said, title=objective.title, alert_policies=objective.alert_policies, indicator=indicator)
    return kept == objective


def _with(held: tuple[Objective, ...], objective: Objective) -> tuple[Objective, ...]:
    """The objectives with one more, or with another of the same name in its place."""
    if all(each.name != objective.name for each in held):
        return (*held, objective)
    return tuple(
        replace(objective, title=each.title, alert_policies=each.alert_policies)
        if each.name == objective.name
        else each
        for each in held
    )


def _window(draft: ObjectiveDraft, now: datetime) -> Window:
    match = _WINDOW.fullmatch(draft.window.strip())
    if match is None:
        raise OperatorError(f"{draft.window!r} is no window.", "One looks like 28d, or 1month for the calendar.")
    if draft.starts and not _STARTS.fullmatch(draft.starts):
        raise OperatorError(f"{draft.starts!r} is no day.", "One looks like 2026-01-01.")
    window = Window(int(match[1]), WindowUnit(match[2]), draft.starts, draft.zone)
    try:
        window_at(window, now)
    except (InvalidWindow, InvalidRule) as fault:
        raise OperatorError(str(fault), "Say another window, first day or zone.") from fault
    return window


def _indicator(draft: ObjectiveDraft) -> Indicator:
    query = draft.query.strip() or _USUAL_QUERY.get(draft.kind, "")
    for text in (query, *((draft.total.strip(),) if draft.kind is ObjectiveKind.SHARE else ())):
        try:
            read_query(text)
        except UnreadQuery as fault:
            step = "The manual says under “Objectives” what a query may be."
            raise OperatorError(str(fault) if text else "It does not say what is counted.", step) from fault
    if draft.kind is ObjectiveKind.SHARE:
        return Indicator(IndicatorKind.RATIO, good=query, total=draft.total.strip(), source_kind=OWN_SOURCE)
    kind = IndicatorKind.THRESHOLD if draft.kind in _BOUNDED else IndicatorKind.RATIO
    return Indicator(kind, raw=query, source_kind=OWN_SOURCE)


def _kind(objective: Objective) -> ObjectiveKind:
    indicator = objective.indicator
    if indicator.kind is IndicatorKind.THRESHOLD:
        return ObjectiveKind.FRESHNESS if indicator.raw.startswith(QueryKind.AGE) else ObjectiveKind.LATENCY
    if not indicator.raw:
        return ObjectiveKind.SHARE
    return ObjectiveKind.CONFORMANCE if indicator.raw.startswith("event:") else ObjectiveKind.AVAILABILITY
