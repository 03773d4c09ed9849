"""What was observed where a rule did not hold, and what was missing where it could not tell, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from quarterdeck.domain.evidence_records import FactValue
from quarterdeck.domain.fact_catalogue import FACTS

_FLAGS = {True: "yes", False: "no"}
_LABELS = {name: spec.label for name, spec in FACTS.items()}
_UNITS = {name: spec.unit if spec.unit in {"", "%"} else f" {spec.unit}" for name, spec in FACTS.items()}


def observed_words(names: Iterable[str], facts: Mapping[str, FactValue]) -> str:
    """The facts a rule reads with their values: `TLS version: 1.2; Certificate ends in: 6 d`."""
    return "; ".join(f"{_LABELS[name]}: {value_words(name, facts[name])}" for name in names if name in facts)


def unanswered_words(names: Iterable[str], facts: Mapping[str, FactValue]) -> str:
    """Which of the facts a rule needs are not known."""
    missing = [_LABELS[name] for name in names if name not in facts]
    return f"Not known: {', '.join(missing)}" if missing else "The rule gives no answer for these facts"


def value_words(name: str, value: FactValue) -> str:
    """A value with the unit of its fact."""
    if isinstance(value, bool):
        return _FLAGS[value]
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text + _UNITS[name]
