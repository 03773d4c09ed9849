"""The declared objectives of an entity in an estate document, read and written."""

from __future__ import annotations

import re

from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.sdk.documents.section import LONGEST_PROSE, Section, written
from quarterdeck.sdk.documents.tree import quoted
from quarterdeck.sdk.durations import duration_text

MOST_OBJECTIVES = 50
LONGEST_QUERY = LONGEST_PROSE
OBJECTIVE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}", re.ASCII)
_WINDOW = re.compile(rf"([1-9][0-9]{{0,4}})\s*({'|'.join(WindowUnit)})", re.ASCII)
_STARTS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)
_POLICY = re.compile(r"[^\s]{1,120}")
_LARGEST_BOUND = 1e15
_DAY_SECONDS = 86_400.0
_QUERIES = ("good", "bad", "total", "raw")
_KEYS = (
    *("name", "title", "target", "window", "starts", "zone", "budgeting", "slice", "slice_target", "comparison"),
    *("bound", "indicator", *_QUERIES, "raw_is_bad", "source", "source_kind", "alert_policies"),
)


def read_objectives(parent: Section) -> tuple[Objective, ...]:
    """The objectives under `objectives`; what is wrong is noted among the section's faults."""
    found: dict[str, Objective] = {}
    nodes = parent.listing("objectives")
    if len(nodes) > MOST_OBJECTIVES:
        parent.faults.add(parent.fault(f"objectives holds more than {MOST_OBJECTIVES}.", "objectives"))
    for node in nodes[:MOST_OBJECTIVES]:
        with parent.faults:
            section = Section(node, "an objective", _KEYS, parent.faults)
            objective = _objective(section)
            if objective is None:
                continue
            if objective.name in found:
                raise section.fault(f"the objective {quoted(objective.name)} is declared a second time.", "name")
            found[objective.name] = objective
    return tuple(found.values())


def objective_pairs(objective: Objective) -> dict[str, object]:
    """An objective as its keys and values in a document; what is not set is None or empty."""
    window, indicator = objective.window, objective.indicator
    return {
        "name": objective.name,
        "title": objective.title,
        "target": objective.target,
        "window": f"{window.count}{window.unit}",
        "starts": window.starts,
        "zone": window.zone,
        "budgeting": str(objective.budgeting),
        "slice": None if objective.slice_seconds is None else duration_text(objective.slice_seconds),
        "slice_target": objective.slice_target,
        "comparison": None if objective.comparison is None else str(objective.comparison),
        "bound": objective.bound,
        "indicator": str(indicator.kind),
        **{name: getattr(indicator, name) for name in _QUERIES},
        "raw_is_bad": indicator.raw_is_bad or None,
        "source": indicator.source,
        "source_kind": indicator.source_kind,
        "alert_policies": list(objective.alert_policies),
    }


def _objective(section: Section) -> Objective | None:
    name = section.name("name", OBJECTIVE_NAME.fullmatch, "availability")
    target = section.number("target", 0, 1)
    if target is None and not written(section.node, "target"):
        section.faults.add(section.fault("an objective needs a target: the share that is good, from 0 to 1.", "target"))
    window, kind = _window(section), section.choice("indicator", IndicatorKind)
    budgeting = section.choice("budgeting", Budgeting) if section.text("budgeting") else Budgeting.OCCURRENCES
    comparison = section.choice("comparison", Comparison) if section.text("comparison") else None
    title, bound = section.text("title"), section.number("bound", -_LARGEST_BOUND, _LARGEST_BOUND)
    slice_target, slice_seconds = section.number("slice_target", 0, 1), section.duration("slice", 1, 366 * _DAY_SECONDS)
    indicator = _indicator(section, kind) if kind is not None else None
    policies = section.words("alert_policies", _POLICY)
    if not name or target is None or window is None or indicator is None or budgeting is None:
        return None
    return Objective(
        name=name,
        target=target,
        window=window,
        indicator=indicator,
        title=title,
        budgeting=budgeting,
        comparison=comparison,
        bound=bound,
        slice_target=slice_target,
        slice_seconds=slice_seconds,
        alert_policies=policies,
    )


def _window(section: Section) -> Window | None:
    with section.faults:
        text, starts = section.text("window", required=True), section.text("starts")
        match = _WINDOW.fullmatch(text)
        if match is None:
            raise section.fault(f"window cannot be {quoted(text)}; one looks like 28d or 1month.", "window")
        if starts and not _STARTS.fullmatch(starts):
            words = f"starts cannot be {quoted(starts)}; it looks like 2026-01-01 00:00:00."
            raise section.fault(words, "starts")
        return Window(int(match[1]), WindowUnit(match[2]), starts, section.text("zone"))
    return None


def _indicator(section: Section, kind: IndicatorKind) -> Indicator:
    queries = {name: section.text(name, longest=LONGEST_QUERY, breaks=True) for name in _QUERIES}
    indicator = Indicator(
        kind=kind,
        **queries,
        raw_is_bad=_is_set(section, "raw_is_bad"),
        source=section.text("source"),
        source_kind=section.text("source_kind"),
    )
    words = _unfit(indicator)
    if words:
        section.faults.add(section.fault(words, "indicator"))
    return indicator


def _is_set(section: Section, key: str) -> bool:
    text = section.text(key).lower()
    if text not in {"", "true", "false"}:
        section.faults.add(section.fault(f"{key} is true or false, not {quoted(text)}.", key))
    return text == "true"


def _unfit(indicator: Indicator) -> str:
    """Why the queries do not make an indicator; empty when they do."""
    if indicator.kind is IndicatorKind.THRESHOLD:
        is_whole = indicator.raw and not (indicator.good or indicator.bad or indicator.total)
        return "" if is_whole else "a threshold has raw and no other query."
    has_parts = bool(indicator.good) != bool(indicator.bad) and bool(indicator.total)
    has_raw = bool(indicator.raw) and not (indicator.good or indicator.bad or indicator.total)
    if has_raw or (has_parts and not indicator.raw):
        return ""
    return "a ratio has good or bad with total, or raw alone."
