"""What evidence tells at an instant, as rules read it: days are counted, everything else is as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import Content, EvidenceRecord, FactValue
from quarterdeck.domain.fact_catalogue import DAY_TYPES, FACTS, FactType
from quarterdeck.domain.policies import Subject

DAY_MS = 86_400_000
_USUAL_TIER = 3
_DAY_FACTS = frozenset(name for name, spec in FACTS.items() if spec.type in DAY_TYPES)


def facts_at(records: Iterable[EvidenceRecord], at_ms: int) -> dict[str, FactValue]:
    """What records tell at an instant; days since something that has not happened yet are not known."""
    return content_at((pair for record in records for pair in record.content), at_ms)


def content_at(content: Iterable[tuple[str, FactValue]], at_ms: int) -> dict[str, FactValue]:
    """The same from what records hold."""
    found: dict[str, FactValue] = {}
    for name, value in content:
        told = _days(name, value, at_ms) if name in _DAY_FACTS else value
        if told is not None:
            found[name] = told
    return found


def day_edges(records: Iterable[EvidenceRecord], names: tuple[str, ...], from_ms: int, to_ms: int) -> list[int]:
    """The instants inside `(from_ms, to_ms)` at which one of the day facts named changes."""
    told = (pair for record in records for pair in record.content)
    turns: set[int] = set()
    for name, value in told:
        if name in names and isinstance(value, int):
            # A count of days left changes just after the instant, one of days since at it.
            turn = value + (FACTS[name].type is FactType.DAYS_UNTIL)
            turns.update(range(from_ms + 1 + (turn - from_ms - 1) % DAY_MS, to_ms, DAY_MS))
    return sorted(turns)


def subject_of(content: Content) -> Subject:
    """What of a declaration decides whether a policy covers its entity."""
    told = dict(content)
    classes = told.get("data.classes", ())
    tier = told.get("entity.tier", _USUAL_TIER)
    return Subject(
        kind=EntityKind(str(told["entity.kind"])),
        domain=str(told.get("entity.domain", "")),
        tier=tier if isinstance(tier, int) else _USUAL_TIER,
        data_classes=frozenset(classes if isinstance(classes, tuple) else ()),
        has_partner=told.get("partner.declared") is True,
    )


def _days(name: str, value: FactValue, at_ms: int) -> int | None:
    if not isinstance(value, int):
        return None
    if FACTS[name].type is FactType.DAYS_UNTIL:
        return (value - at_ms) // DAY_MS
    days = (at_ms - value) // DAY_MS
    return days if days >= 0 else None
