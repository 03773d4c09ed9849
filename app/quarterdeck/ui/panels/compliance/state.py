"""Everything the Compliance panel draws, in words: immutable, comparable, without Qt.

Verdicts are drawn in the marks of health states (`mark`), always with their own words beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from quarterdeck.domain.finding_records import FindingStanding, FindingSubject
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import ControlKey
from quarterdeck.domain.risks import Treatment
from quarterdeck.services.scanned_findings import FindingKey
from quarterdeck.ui.theme.tokens import Tone


class Arrangement(StrEnum):
    """The views of the panel."""

    STATUS = "status"
    FINDINGS = "findings"
    FRAMEWORKS = "frameworks"
    RISKS = "risks"
    POLICIES = "policies"
    POSTURE = "posture"


class Subjects(StrEnum):
    """Whose controls are shown."""

    INTEGRATIONS = "integrations"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class FigureWords:
    """One figure over the matrix."""

    key: str
    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.TEXT
    tip: str = ""


@dataclass(frozen=True, slots=True)
class VerdictCell:
    """The worst verdict of some controls; `mark` is None where no policy applies."""

    mark: HealthState | None
    words: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class ControlLine:
    """One control or scanner's finding: of whom, by which rule, found to be what, why, for how long (`age_seconds`)."""

    id: str
    key: ControlKey | FindingKey
    entity_name: str
    pack: str
    title: str
    mark: HealthState
    verdict: str
    why: str
    severity: str
    severity_rank: int
    owner: str
    since: str
    age_seconds: float
    is_open: bool
    numbers: str
    due: str = ""
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """One row of the matrix: an entity, its controls together, then a cell for each pack."""

    entity_key: str
    name: str
    domain: str
    whole: VerdictCell
    cells: tuple[VerdictCell, ...]
    since: str
    age_seconds: float
    controls: tuple[ControlLine, ...]


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One control of a framework by its number, with the policies that are mapped to it and how they stand."""

    id: str
    framework: str
    number: str
    policies: str
    cell: VerdictCell
    counts: str
    satisfied_share: float


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One risk: as a row, and by itself with its facts and every act, the newest first."""

    id: str
    entity_key: str
    title: str
    entity_name: str
    mark: HealthState
    residual: str
    score: int
    inherent: int
    treatment: str
    decision: str
    needs_decision: bool
    owner: str
    review: str
    is_review_due: bool
    facts: tuple[FactWords, ...]
    history: tuple[HistoryLine, ...]
    can_decide: bool = False
    trend: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskCell:
    """One cell of the matrix: how many risks lie in it, and all of it in words; `first_id` is empty where none does."""

    likelihood: int
    impact: int
    count: int
    tone: Tone
    is_strong: bool
    score: int
    first_id: str
    words: str


@dataclass(frozen=True, slots=True)
class RisksState:
    """The register at a moment; `cells` row by row, the greatest impact first, each from the least likelihood on."""

    lines: tuple[RiskLine, ...] = ()
    cells: tuple[RiskCell, ...] = ()
    likelihoods: tuple[str, ...] = ()
    impacts: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class ComplianceState:
    """The whole panel at a moment. `packs` are the titles of the matrix' columns; `as_of` says which moment it is."""

    subjects: Subjects
    figures: tuple[FigureWords, ...]
    packs: tuple[str, ...]
    lines: tuple[SubjectLine, ...]
    findings: tuple[ControlLine, ...]
    numbers: tuple[NumberLine, ...]
    summary: str
    as_of: str = ""
    risks: RisksState = RisksState()


@dataclass(frozen=True, slots=True)
class FactWords:
    """A label and its value."""

    label: str
    value: str
    tone: Tone = Tone.TEXT


@dataclass(frozen=True, slots=True)
class ChartOffer:
    """A way to what a piece of evidence was measured from: the verb, what is said beside it, and once it is open.

    `panel_id` shows `entity_key`, over `time_range` where there is one, with the play-head at `play_head_at`. Where it
    is not `can_open`, `note` says why.
    """

    verb: str
    note: str
    notice: str
    panel_id: str
    entity_key: str
    time_range: TimeRange | None = None
    play_head_at: datetime | None = None
    can_open: bool = True


@dataclass(frozen=True, slots=True)
class EvidenceWords:
    """One piece of evidence as it is shown: a title, what is known of it, and the way to what it was measured from."""

    title: str
    facts: tuple[FactWords, ...]
    chart: ChartOffer | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One stretch of a control's history."""

    id: str
    mark: HealthState
    words: str
    since: str
    why: str


class Deed(StrEnum):
    """What a person can decide about a control."""

    NONE = "none"
    WAIVE = "waive"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class NoteFields:
    """How a finding stands by its last note, as the fields of a form; `due` is local time, empty for none."""

    standing: FindingStanding = FindingStanding.OPEN
    owner: str = ""
    due: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """What a person filled in about a finding; `due` as it was typed."""

    standing: FindingStanding
    owner: str
    due: str
    link: str
    comment: str
    by: str


@dataclass(frozen=True, slots=True)
class FindingState:
    """One control, or one finding of a scanner, by itself, for the page beside the table.

    `deed` is what can be decided about it now; `waiver_id` is the waiver that holds, where one does. `note` is what a
    note begins with.
    """

    key: ControlKey | FindingKey
    mark: HealthState
    title: str
    statement: str
    facts: tuple[FactWords, ...]
    evidence: tuple[EvidenceWords, ...]
    rule: str
    rule_facts: tuple[FactWords, ...]
    history: tuple[HistoryLine, ...]
    deed: Deed = Deed.NONE
    waiver_id: str = ""
    note: NoteFields = NoteFields()
    can_note: bool = False

    @property
    def subject(self) -> FindingSubject:
        """The finding as notes name it."""
        key = self.key
        if isinstance(key, FindingKey):
            return FindingSubject.of_scan(key.entity_key, key.scan, key.finding_id)
        return FindingSubject.of_policy(key.policy_id, key.entity_key)

    @property
    def policy_id(self) -> str:
        """The policy of a control; empty for a finding of a scanner."""
        return self.key.policy_id if isinstance(self.key, ControlKey) else ""


@dataclass(frozen=True, slots=True)
class WaiverAnswer:
    """What a person filled in to waive a control."""

    reason: str
    seconds: float
    requested_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class WithdrawalAnswer:
    """What a person filled in to withdraw a waiver."""

    note: str
    by: str


@dataclass(frozen=True, slots=True)
class RiskAnswer:
    """What a person filled in to register a risk."""

    title: str
    likelihood: int
    impact: int
    owner: str
    by: str


@dataclass(frozen=True, slots=True)
class HandRiskAnswer:
    """What a person filled in to register a risk by hand: what it is, and where."""

    risk: RiskAnswer
    entity_key: str


@dataclass(frozen=True, slots=True)
class RiskDecisionAnswer:
    """What a person filled in to decide about a risk; it is looked at again after so many seconds."""

    treatment: Treatment
    comment: str
    seconds: float
    owner: str
    by: str


@dataclass(frozen=True, slots=True)
class RiskClosingAnswer:
    """What a person filled in to close a risk."""

    comment: str
    by: str


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button, where one helps."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = ComplianceState | PageMessage
