"""Policies as data: what is asked of whom, how it is judged, and the dated verdicts that follow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.estate import EntityKind


class Verdict(StrEnum):
    """What a control is found to be; partly satisfied is not satisfied."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    NOT_EVALUABLE = "not_evaluable"
    WAIVED = "waived"


VERDICT_SEVERITY: dict[Verdict, int] = {
    Verdict.SATISFIED: 0,
    Verdict.WAIVED: 1,
    Verdict.NOT_EVALUABLE: 2,
    Verdict.NOT_SATISFIED: 3,
}
"""Rank for lists and for the worst of several, from calm to urgent."""


class Severity(StrEnum):
    """How much it matters when a policy does not hold."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Enforcement(StrEnum):
    """What is to follow when a policy does not hold."""

    OPEN_INCIDENT = "open_incident"
    NOTIFY_OWNER = "notify_owner"
    BLOCK = "block"
    SECOND_PERSON = "second_person"


class Framework(StrEnum):
    """The catalogues of controls that a policy may be mapped to, by number only."""

    NIST_SP_800_53 = "nist_sp_800_53"
    PCI_DSS_4 = "pci_dss_4"
    ISO_27001 = "iso_27001"
    SOC_2 = "soc_2"
    DORA = "dora"
    FFIEC = "ffiec"


class EvidenceKind(StrEnum):
    """The kinds of evidence; a rule may rest on every one but what people decided."""

    DECLARATION = "declaration"
    CERTIFICATE = "certificate"
    FRESHNESS = "freshness"
    AVAILABILITY = "availability"
    OBJECTIVE = "objective"
    DRIFT = "drift"
    SCAN = "scan"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Subject:
    """What of an entity decides whether a policy covers it; classes are those of the data it carries.

    `has_partner` says whether it runs to an outside party.
    """

    kind: EntityKind
    domain: str = ""
    tier: int = 3
    data_classes: frozenset[str] = frozenset()
    has_partner: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a policy covers; an empty part covers all, and so does `with_partner` that is None."""

    kinds: tuple[EntityKind, ...] = ()
    domains: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    data_classes: tuple[str, ...] = ()
    with_partner: bool | None = None

    def covers(self, subject: Subject) -> bool:
        """Whether every part fits; of data classes one is enough."""
        return (
            (not self.kinds or subject.kind in self.kinds)
            and (not self.domains or subject.domain in self.domains)
            and (not self.tiers or subject.tier in self.tiers)
            and (not self.data_classes or not subject.data_classes.isdisjoint(self.data_classes))
            and self.with_partner in {None, subject.has_partner}
        )


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """A kind of evidence a policy rests on, and for how long it speaks after it was received."""

    kind: EvidenceKind
    lifetime_seconds: float


@dataclass(frozen=True, slots=True)
class ControlNumber:
    """A control of a framework by its number; the framework's words are its publisher's."""

    framework: Framework
    number: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a pack. `rule` is an expression over typed facts that is true where the policy holds."""

    id: str
    pack: str
    title: str
    statement: str
    scope: Scope
    rule: str
    severity: Severity
    evidence: tuple[EvidenceNeed, ...]
    owner: str
    actions: tuple[Enforcement, ...] = ()
    controls: tuple[ControlNumber, ...] = ()

    @property
    def digest(self) -> str:
        """A SHA-256 over everything the policy says, in hexadecimal: two policies are one version when it is equal."""
        told = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """A policy as it was in force over `[valid_from_at, valid_to_at)`; an open end means it still is."""

    policy: Policy
    version: int
    valid_from_at: datetime
    valid_to_at: datetime | None = None


@dataclass(frozen=True, slots=True, order=True)
class ControlKey:
    """One policy, in one version, held against one entity."""

    policy_id: str
    version: int
    entity_key: str


@dataclass(frozen=True, slots=True)
class VerdictInterval:
    """What a control was found to be over `[from_at, to_at)`, and why in words; an open end means it still holds.

    `evidence_ids` are the records that the verdict rested on when it began.
    """

    control: ControlKey
    verdict: Verdict
    reason: str
    from_at: datetime
    to_at: datetime | None = None
    evidence_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiver:
    """A policy set aside for one entity over `[from_at, until_at)`; it always ends, and ends by itself.

    One that was withdrawn before it began is empty.
    """

    id: str
    policy_id: str
    entity_key: str
    reason: str
    requested_by: str
    approved_by: str
    from_at: datetime
    until_at: datetime

    def __post_init__(self) -> None:
        if self.until_at < self.from_at:
            message = "a waiver does not end before it begins"
            raise ValueError(message)


def worst_verdict(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The most urgent of several; None where there is none."""
    return max(verdicts, key=VERDICT_SEVERITY.__getitem__, default=None)
