"""Made-up answers of compliance's service, small enough to read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.finding_records import FindingRecord
from quarterdeck.domain.policies import (
    ControlKey,
    ControlNumber,
    Enforcement,
    EvidenceKind,
    EvidenceNeed,
    Framework,
    Policy,
    PolicyVersion,
    Scope,
    Severity,
    Verdict,
    VerdictInterval,
    Waiver,
)
from quarterdeck.domain.risks import Risk, RiskAct, RiskBand, RiskHistory, RiskRecord, RiskScale, residual
from quarterdeck.domain.scan_reports import ScanFinding
from quarterdeck.domain.waivers import WaiverAct, WaiverRecord
from quarterdeck.services.compliance import ComplianceReport, Control, ControlReport, EntityFinding, Observed
from quarterdeck.services.compliance_export import VerdictExport
from quarterdeck.services.finding_notes import FindingNote
from quarterdeck.services.moments import Moment
from quarterdeck.services.risks import RiskDecision, RiskDraft, RisksReport, StandingRisk
from quarterdeck.services.scanned_findings import FindingKey, ScannedFinding
from quarterdeck.services.verdict_files import VerdictFormat
from quarterdeck.services.waivers import WaiverDraft
from tests.ui.panels.overview.reports import NOON, before

LOCKED = StoreUnavailable("The store is locked.", "End the other program.")
CORE = Entity("integration/core-accounts", EntityKind.INTEGRATION, "Core accounts", "account", "accounts-team", 1)
PAYHUB = Entity("integration/payhub", EntityKind.INTEGRATION, "PayHub", "bill_pay", "payments-team", 1)
TLS = Policy(
    id="SEC-01",
    pack="security",
    title="TLS to partners",
    statement="Partner endpoints use TLS 1.2 or newer.",
    scope=Scope(kinds=(EntityKind.INTEGRATION,), tiers=(1, 2), with_partner=True),
    rule="tls.version >= 1.2 && tls.days_left >= 21",
    severity=Severity.HIGH,
    evidence=(EvidenceNeed(EvidenceKind.CERTIFICATE, 86_400),),
    owner="Security",
    actions=(Enforcement.NOTIFY_OWNER,),
    controls=(ControlNumber(Framework.PCI_DSS_4, "4.2.1"), ControlNumber(Framework.NIST_SP_800_53, "SC-8")),
)
TRUST = replace(TLS, id="SEC-02", title="Trusted certificates", rule="tls.verified", severity=Severity.LOW)
OWNER = replace(TLS, id="CHG-01", pack="change", title="Owner declared", rule="owner.declared", controls=())


def control(
    policy: Policy, entity: Entity, verdict: Verdict, reason: str = "", *, minutes: float = 60, version: int = 1
) -> Control:
    key = ControlKey(policy.id, version, entity.key)
    return Control(key, policy, entity, VerdictInterval(key, verdict, reason, before(minutes), evidence_ids=(7,)))


BROKEN = control(TLS, PAYHUB, Verdict.NOT_SATISFIED, "Certificate ends in 6 d; TLS version 1.2", minutes=2)
CONTROLS = (
    BROKEN,
    control(TRUST, PAYHUB, Verdict.NOT_EVALUABLE, "No evidence of certificate", minutes=30),
    control(TRUST, CORE, Verdict.WAIVED, "Waived until 2026-12-01: replaced"),
    control(TLS, CORE, Verdict.SATISFIED, minutes=41 * 24 * 60),
    control(OWNER, CORE, Verdict.SATISFIED, minutes=41 * 24 * 60),
)
WAIVER = Waiver("w", "SEC-02", CORE.key, "replaced", "anna", "bert", before(60), NOON + timedelta(days=6))
REPORT = ComplianceReport(EntityKind.INTEGRATION, CONTROLS, ("change", "security"), (WAIVER,), 3, NOON)
NOTHING = ComplianceReport(EntityKind.INTEGRATION, (), (), (), 0, NOON)
SERVICES = replace(REPORT, kind=EntityKind.SERVICE, controls=CONTROLS[3:], waivers=())
EVIDENCE = EvidenceRecord(
    kind=EvidenceKind.CERTIFICATE,
    entity_key=PAYHUB.key,
    what="Certificate as the peer showed it.",
    source="PayHub probe",
    query="newest result of “PayHub probe” of partner/payhub",
    effective_from_at=before(10),
    effective_to_at=None,
    received_at=before(9),
    population=1,
    counts=(("passed", "1"),),
    content=(("tls.version", 1.2),),
    id=7,
    digest="9f2c" * 16,
)
FINDING = ControlReport(
    control=BROKEN,
    version=PolicyVersion(TLS, 1, before(90 * 24 * 60)),
    observed=(Observed("Certificate ends in", "6 d"), Observed("TLS version", None)),
    evidence=(EVIDENCE,),
    missing=(),
    history=(
        BROKEN.interval,
        VerdictInterval(BROKEN.key, Verdict.SATISFIED, "", before(90), before(2), (6,)),
    ),
)
SHELL = ScanFinding("a1", "B602", Severity.HIGH, "A shell is started.", "src/app.py:3", "https://scanner.test/b602")
PICKLE = ScanFinding("b2", "B403", Severity.LOW, "Pickle is imported.")
SCANNED = tuple(
    EntityFinding(
        PAYHUB,
        ScannedFinding(
            FindingKey(PAYHUB.key, ("code-scans", "Bandit", "bandit"), finding.id),
            finding,
            "Bandit",
            before(3 * 24 * 60),
            before(10),
            replace(EVIDENCE, kind=EvidenceKind.SCAN, query="bandit.sarif, SARIF 2.1.0, SHA-256 c0de", id=9),
        ),
    )
    for finding in (SHELL, PICKLE)
)
WITH_SCANS = replace(REPORT, scanned=SCANNED)


@dataclass
class Decisions:
    """Grants and withdraws as asked, or refuses; keeps what it was asked."""

    fault: OperatorError | None = None
    drafts: list[WaiverDraft] = field(default_factory=list[WaiverDraft])
    withdrawn: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def add(self, draft: WaiverDraft, at: datetime) -> WaiverRecord:
        self.drafts.append(draft)
        waiver = Waiver(
            "waiver-1",
            draft.policy_id,
            draft.entity_key,
            draft.reason,
            draft.requested_by,
            draft.approved_by,
            at,
            draft.until_at,
        )
        return self._done(WaiverRecord(waiver, WaiverAct.GRANTED, at, draft.requested_by))

    def withdraw(self, waiver_id: str, by: str, note: str, at: datetime) -> WaiverRecord:
        self.withdrawn.append((waiver_id, by, note))
        return self._done(WaiverRecord(replace(WAIVER, until_at=at), WaiverAct.WITHDRAWN, at, by, note))

    def _done(self, record: WaiverRecord) -> WaiverRecord:
        if self.fault is not None:
            raise self.fault
        return record


@dataclass
class Notes:
    """Keeps the notes it is given, or refuses them."""

    fault: OperatorError | None = None
    given: list[FindingNote] = field(default_factory=list[FindingNote])

    def note(self, note: FindingNote, at: datetime) -> FindingRecord:
        self.given.append(note)
        if self.fault is not None:
            raise self.fault
        return noted(note, at)


def noted(note: FindingNote, at: datetime = NOON) -> FindingRecord:
    """The record of a note."""
    return FindingRecord(
        note.subject, note.standing, note.owner, note.due_at, note.link, note.comment, note.by, at, number=12
    )


def written(export: VerdictExport, kind: VerdictFormat) -> bytes:
    """Stands for a file of verdicts."""
    return f"{kind.value} of {export.at.isoformat()}".encode()


@dataclass
class Register:
    """Keeps the risks and decisions it is given, or refuses them."""

    fault: OperatorError | None = None
    drafts: list[RiskDraft] = field(default_factory=list[RiskDraft])
    decisions: list[RiskDecision] = field(default_factory=list[RiskDecision])
    closings: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def add(self, draft: RiskDraft, at: datetime) -> StandingRisk:
        self.drafts.append(draft)
        return self._done(RiskAct.ADDED, at)

    def decide(self, decision: RiskDecision, at: datetime) -> StandingRisk:
        self.decisions.append(decision)
        return self._done(RiskAct.DECIDED, at)

    def close(self, risk_id: str, by: str, comment: str, at: datetime) -> StandingRisk:
        self.closings.append((risk_id, by, comment))
        return self._done(RiskAct.CLOSED, at)

    def _done(self, act: RiskAct, at: datetime) -> StandingRisk:
        if self.fault is not None:
            raise self.fault
        risk = Risk("risk-12", "Outage", PAYHUB.key, 3, 3, "")
        history = RiskHistory((RiskRecord(risk, act, None, (), "anna", at),))
        return StandingRisk(history, (), residual(risk, {}), RiskBand.MEDIUM, RiskBand.MEDIUM)


NO_RISKS = RisksReport((), {}, RiskScale())


@dataclass
class Source:
    """Answers, or fails; keeps what it was asked."""

    told: ComplianceReport = REPORT
    finding: ControlReport | None = FINDING
    fault: OperatorError | None = None
    waivers: Decisions = field(default_factory=Decisions)
    notes: Notes = field(default_factory=Notes)
    risk_report: RisksReport = NO_RISKS
    register: Register = field(default_factory=Register)
    asked: list[tuple[str, Moment]] = field(default_factory=list[tuple[str, Moment]])

    def report(self, moment: Moment, kind: EntityKind) -> ComplianceReport:
        self._ask(kind.value, moment)
        return SERVICES if kind is EntityKind.SERVICE else self.told

    def control(self, key: ControlKey, moment: Moment) -> ControlReport | None:
        self._ask(key.policy_id, moment)
        return self.finding

    def scanned(self, key: FindingKey, moment: Moment) -> EntityFinding | None:
        self._ask(key.finding_id, moment)
        return next((found for found in self.told.scanned if found.scanned.key == key), None)

    def risks(self, at: datetime) -> RisksReport:
        if self.fault is not None:
            raise self.fault
        return self.risk_report

    def export(self, at: datetime) -> VerdictExport:
        if self.fault is not None:
            raise self.fault
        return VerdictExport(at, "every verdict", 0, (), (), ())

    def _ask(self, what: str, moment: Moment) -> None:
        self.asked.append((what, moment))
        if self.fault is not None:
            raise self.fault

    @property
    def questions(self) -> Sequence[str]:
        """What was asked, in order."""
        return [what for what, _ in self.asked]
