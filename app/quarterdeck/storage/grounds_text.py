"""Declared health rules, and the grounds of a state, as text in a row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from quarterdeck.domain.health import Grounds
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.storage.encoding import json_text

_NOTHING = "[]"


def rules_text(rules: tuple[HealthRule, ...]) -> str:
    """Health rules as JSON text."""
    return json_text([asdict(rule) for rule in rules]) if rules else _NOTHING


def rules_from(text: str) -> tuple[HealthRule, ...]:
    """Health rules from their JSON text."""
    return () if text == _NOTHING else tuple(_rule(fields) for fields in json.loads(text))


def _rule(fields: Mapping[str, Any]) -> HealthRule:
    return HealthRule(
        kind=RuleKind(fields["kind"]),
        members=tuple(fields["members"]),
        count=fields["count"],
        down_below=fields["down_below"],
        degraded_below=fields["degraded_below"],
        weights=tuple((key, weight) for key, weight in fields["weights"]),
    )


def grounds_text(grounds: Grounds) -> str:
    """Grounds as JSON text, empty for none."""
    told: dict[str, object] = {}
    if grounds.because:
        told["because"] = grounds.because
    if grounds.masked:
        told["masked"] = True
    if grounds.flapping:
        told["flapping"] = True
    if grounds.held_since_at is not None:
        told["held_since_ms"] = to_ms(grounds.held_since_at)
    return json_text(told) if told else ""


def grounds_from(text: str) -> Grounds:
    """Grounds from their JSON text."""
    if not text:
        return Grounds()
    fields = json.loads(text)
    since_ms = fields.get("held_since_ms")
    return Grounds(
        because=tuple(fields.get("because", ())),
        masked=fields.get("masked", False),
        flapping=fields.get("flapping", False),
        held_since_at=None if since_ms is None else from_ms(since_ms),
    )
