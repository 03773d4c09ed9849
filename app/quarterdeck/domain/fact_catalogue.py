"""The facts that rules are written over: their names, types and meanings, and the evidence each one comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.policies import EvidenceKind


class FactType(StrEnum):
    """What a fact is in a rule. Days are whole numbers that change by themselves, counted from an instant."""

    TEXT = "text"
    TEXTS = "texts"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    DAYS_UNTIL = "days_until"
    DAYS_SINCE = "days_since"


DAY_TYPES = frozenset({FactType.DAYS_UNTIL, FactType.DAYS_SINCE})


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its name in rules, its type, what it is called on the screen, and the evidence that tells it."""

    name: str
    type: FactType
    label: str
    evidence: EvidenceKind
    unit: str = ""

    @property
    def group(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]

    @property
    def member(self) -> str:
        """The part of the name after the dot."""
        return self.name.partition(".")[2]


_DECLARED = (
    ("entity.kind", FactType.TEXT, "Kind", ""),
    ("entity.domain", FactType.TEXT, "Domain", ""),
    ("entity.tier", FactType.WHOLE, "Tier", ""),
    ("owner.declared", FactType.FLAG, "Owner declared", ""),
    ("contract.declared", FactType.FLAG, "Contract declared", ""),
    ("protocol.declared", FactType.FLAG, "Protocol declared", ""),
    ("data.declared", FactType.FLAG, "Data class declared", ""),
    ("data.classes", FactType.TEXTS, "Data classes", ""),
    ("data.retention_days", FactType.WHOLE, "Retention", "d"),
    ("encryption.links", FactType.WHOLE, "Links that carry data", ""),
    ("encryption.undeclared_links", FactType.WHOLE, "Links without declared encryption", ""),
    ("objective.declared", FactType.FLAG, "Objective declared", ""),
    ("objective.percent", FactType.NUMBER, "Objective", "%"),
    ("monitoring.declared", FactType.FLAG, "Bounds declared", ""),
    ("partner.declared", FactType.FLAG, "Runs to a partner", ""),
    ("exit.declared", FactType.FLAG, "Exit plan declared", ""),
    ("access.days_since_review", FactType.DAYS_SINCE, "Since the last access review", "d"),
    ("secret.days_since_rotation", FactType.DAYS_SINCE, "Since a key was changed", "d"),
    ("restore.days_since_test", FactType.DAYS_SINCE, "Since the last restore test", "d"),
    ("drift.undeclared_links", FactType.WHOLE, "Links seen but not declared", ""),
)
_MEASURED = (
    ("tls.version", FactType.NUMBER, "TLS version", "", EvidenceKind.CERTIFICATE),
    ("tls.days_left", FactType.DAYS_UNTIL, "Certificate ends in", "d", EvidenceKind.CERTIFICATE),
    ("tls.verified", FactType.FLAG, "Certificate trusted", "", EvidenceKind.CERTIFICATE),
    ("freshness.fresh", FactType.FLAG, "Data fresh", "", EvidenceKind.FRESHNESS),
    ("availability.percent", FactType.NUMBER, "Availability over 30 d", "%", EvidenceKind.AVAILABILITY),
    ("availability.known_percent", FactType.NUMBER, "Time measured", "%", EvidenceKind.AVAILABILITY),
    ("objective.met", FactType.FLAG, "Objectives met", "", EvidenceKind.OBJECTIVE),
    ("objective.budget_left_percent", FactType.NUMBER, "Error budget left", "%", EvidenceKind.OBJECTIVE),
    ("objective.known_percent", FactType.NUMBER, "Objectives measured", "%", EvidenceKind.OBJECTIVE),
    ("drift.unseen_links", FactType.WHOLE, "Links declared but not seen", "", EvidenceKind.DRIFT),
    ("drift.days_unseen", FactType.DAYS_SINCE, "Since the first of them was not seen", "d", EvidenceKind.DRIFT),
    ("drift.watched_links", FactType.WHOLE, "Declared links that sources look at", "", EvidenceKind.DRIFT),
    ("drift.silent_links", FactType.WHOLE, "Declared links whose source is silent", "", EvidenceKind.DRIFT),
)

FACTS: dict[str, FactSpec] = {
    spec.name: spec
    for spec in (
        *(FactSpec(name, kind, label, EvidenceKind.DECLARATION, unit) for name, kind, label, unit in _DECLARED),
        *(FactSpec(name, kind, label, evidence, unit) for name, kind, label, unit, evidence in _MEASURED),
    )
}
"""Every fact by its name."""

GROUPS: frozenset[str] = frozenset(spec.group for spec in FACTS.values())
