"""Declared objectives as text in a row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.storage.encoding import json_text

_NOTHING = "[]"


def objectives_text(objectives: tuple[Objective, ...]) -> str:
    """Objectives as JSON text."""
    return json_text([asdict(objective) for objective in objectives]) if objectives else _NOTHING


def objectives_from(text: str) -> tuple[Objective, ...]:
    """Objectives from their JSON text. Raises ValueError, TypeError or KeyError for a text that tells none."""
    return () if text == _NOTHING else tuple(_objective(fields) for fields in json.loads(text))


def _objective(fields: Mapping[str, Any]) -> Objective:
    window, indicator, comparison = fields["window"], fields["indicator"], fields["comparison"]
    return Objective(
        name=str(fields["name"]),
        target=float(fields["target"]),
        window=Window(window["count"], WindowUnit(window["unit"]), window["starts"], window["zone"]),
        indicator=_indicator(indicator),
        title=str(fields["title"]),
        budgeting=Budgeting(fields["budgeting"]),
        comparison=None if comparison is None else Comparison(comparison),
        bound=fields["bound"],
        slice_target=fields["slice_target"],
        slice_seconds=fields["slice_seconds"],
        alert_policies=tuple(fields["alert_policies"]),
    )


def _indicator(fields: Mapping[str, Any]) -> Indicator:
    return Indicator(
        kind=IndicatorKind(fields["kind"]),
        good=fields["good"],
        bad=fields["bad"],
        total=fields["total"],
        raw=fields["raw"],
        raw_is_bad=fields["raw_is_bad"],
        source=fields["source"],
        source_kind=fields["source_kind"],
    )
