"""A made-up export of verdicts, with words that a spreadsheet would run."""

from dataclasses import replace
from datetime import timedelta

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import (
    ControlKey,
    ControlNumber,
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
from quarterdeck.services.compliance_export import ExportedVerdict, VerdictExport
from tests.support.stores import NOON, after

TLS = Policy(
    id="SEC-01",
    pack="security",
    title="TLS to partners",
    statement="Partner endpoints use TLS 1.2 or newer.",
    scope=Scope(),
    rule="tls.version >= 1.2",
    severity=Severity.HIGH,
    evidence=(EvidenceNeed(EvidenceKind.CERTIFICATE, 86_400),),
    owner="Security",
    controls=(ControlNumber(Framework.PCI_DSS_4, "4.2.1"), ControlNumber(Framework.NIST_SP_800_53, "SC-8")),
)
OWNER = replace(TLS, id="CHG-01", pack="change", title="Owner declared", rule="owner.declared", controls=())
PAYHUB = Entity("integration/payhub", EntityKind.INTEGRATION, "=1+1", "bill_pay", "@payments", 1)
CORE = Entity("integration/core", EntityKind.INTEGRATION, "Core\x00\x0baccounts", "account", "", 2)
SEEN = EvidenceRecord(
    kind=EvidenceKind.CERTIFICATE,
    entity_key=PAYHUB.key,
    what="Certificate as the peer showed it.",
    source="PayHub probe",
    query="newest result",
    effective_from_at=NOON,
    effective_to_at=None,
    received_at=NOON,
    population=1,
    counts=(),
    content=(("tls.version", 1.1),),
    id=7,
    digest="9f2c" * 16,
)
WAIVER = Waiver("waiver-1", "SEC-01", CORE.key, "Replaced in May", "anna", "bert", NOON, NOON + timedelta(days=9))


def verdict(
    policy: Policy, entity: Entity, found: Verdict, reason: str = "", waiver: Waiver | None = None
) -> ExportedVerdict:
    key = ControlKey(policy.id, 1, entity.key)
    interval = VerdictInterval(key, found, reason, after(-60), None, (7,) if entity is PAYHUB else ())
    evidence = (SEEN,) if entity is PAYHUB else ()
    return ExportedVerdict(PolicyVersion(policy, 1, after(-3_600)), entity, interval, evidence, waiver)


ROWS = (
    verdict(OWNER, CORE, Verdict.SATISFIED),
    verdict(OWNER, PAYHUB, Verdict.NOT_EVALUABLE, "No evidence of declaration"),
    verdict(TLS, CORE, Verdict.WAIVED, "Waived until 2026-12-03: Replaced in May", WAIVER),
    verdict(TLS, PAYHUB, Verdict.NOT_SATISFIED, '-2+3 TLS "1.1", too old\n'),
)
EXPORT = VerdictExport(
    at=NOON,
    query="Every verdict that stood then.",
    population=5,
    left_out=("OLD-1@1 integration/gone",),
    rows=ROWS,
    policies=(PolicyVersion(OWNER, 1, after(-3_600)), PolicyVersion(TLS, 1, after(-3_600))),
)
