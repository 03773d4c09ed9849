"""What people do to policies: each act is a record in the chain of evidence that stays, with who, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.policies import EvidenceKind


class PolicyDeed(StrEnum):
    """What was done."""

    ENABLED = "enabled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PolicyAct:
    """A file of policies was enabled, or withdrawn: which policies it holds or held, and a SHA-256 over its bytes.

    `number` is that of the record in the chain.
    """

    deed: PolicyDeed
    file: str
    policy_ids: tuple[str, ...]
    digest: str
    by: str
    approved_by: str
    comment: str
    at: datetime
    number: int = 0


def act_evidence(act: PolicyAct) -> EvidenceRecord:
    """The act as a piece of evidence of kind `decision`; its number is given when it is stored."""
    content: dict[str, FactValue] = {
        "policy.act": act.deed.value,
        "policy.approved_by": act.approved_by,
        "policy.comment": act.comment,
        "policy.digest": act.digest,
        "policy.file": act.file,
        "policy.ids": act.policy_ids,
        "policy.recorded_by": act.by,
    }
    return EvidenceRecord(
        kind=EvidenceKind.DECISION,
        entity_key=f"policies/{act.file}",
        what=f"Policies {', '.join(act.policy_ids)} {act.deed.value}.",
        source=act.by,
        query=act.file,
        effective_from_at=act.at,
        effective_to_at=None,
        received_at=act.at,
        population=len(act.policy_ids),
        counts=(),
        content=tuple(sorted(content.items())),
    )


def policy_acts(records: Iterable[EvidenceRecord]) -> tuple[PolicyAct, ...]:
    """Those of some pieces of evidence that are acts on policies, in their order."""
    told = ((record, dict(record.content)) for record in records if record.kind is EvidenceKind.DECISION)
    return tuple(_act_of(record, content) for record, content in told if "policy.act" in content)


def _act_of(record: EvidenceRecord, told: dict[str, FactValue]) -> PolicyAct:
    ids = told["policy.ids"]
    return PolicyAct(
        deed=PolicyDeed(str(told["policy.act"])),
        file=str(told["policy.file"]),
        policy_ids=ids if isinstance(ids, tuple) else (),
        digest=str(told["policy.digest"]),
        by=str(told["policy.recorded_by"]),
        approved_by=str(told["policy.approved_by"]),
        comment=str(told["policy.comment"]),
        at=record.received_at,
        number=record.id,
    )
