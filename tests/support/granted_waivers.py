"""Waivers as they come into a store: granted, as a decision in the chain."""

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import Waiver
from quarterdeck.domain.waivers import WaiverAct, WaiverRecord, waiver_evidence
from quarterdeck.services.compliance_ports import WaiverChange
from quarterdeck.services.waivers import WaiverStore

PATIENCE_SECONDS = 30.0


def grant(store: WaiverStore, waiver: Waiver, before: Waiver | None = None) -> EvidenceRecord:
    """Write a waiver as granted when it begins, in the place of how it was before."""
    record = WaiverRecord(waiver, WaiverAct.GRANTED, waiver.from_at, waiver.requested_by)
    return store.compliance.decide(waiver_evidence(record), WaiverChange(before, waiver)).result(PATIENCE_SECONDS)
