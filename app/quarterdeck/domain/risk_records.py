"""Records of risks as pieces of evidence of kind `decision`, and back; nothing of one is ever changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from quarterdeck.domain.evidence_records import EvidenceRecord, FactValue
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.domain.risks import Bearing, ControlLink, Risk, RiskAct, RiskRecord, Treatment


def risk_evidence(record: RiskRecord) -> EvidenceRecord:
    """The record as a piece of evidence; its number is given when it is stored, and is the id of a new risk."""
    risk = record.risk
    content: dict[str, FactValue] = {
        "risk.act": record.act.value,
        "risk.basis": tuple(bearing.value for bearing in record.basis),
        "risk.comment": record.comment,
        "risk.finding": risk.finding,
        "risk.id": risk.id,
        "risk.impact": risk.impact,
        "risk.likelihood": risk.likelihood,
        "risk.links": tuple(_link_text(link) for link in risk.links),
        "risk.owner": risk.owner,
        "risk.recorded_by": record.recorded_by,
        "risk.review_ms": 0 if risk.review_at is None else to_ms(risk.review_at),
        "risk.title": risk.title,
        "risk.treatment": "" if record.treatment is None else record.treatment.value,
    }
    return EvidenceRecord(
        kind=EvidenceKind.DECISION,
        entity_key=risk.entity_key,
        what=f"Risk {record.act.value}.",
        source=record.recorded_by,
        query=risk.id or risk.title,
        effective_from_at=record.recorded_at,
        effective_to_at=None,
        received_at=record.recorded_at,
        population=1,
        counts=(),
        content=tuple(sorted(content.items())),
    )


def risk_records(records: Iterable[EvidenceRecord]) -> tuple[RiskRecord, ...]:
    """Those of some pieces of evidence that are records of risks, in their order."""
    told = ((record, dict(record.content)) for record in records if record.kind is EvidenceKind.DECISION)
    return tuple(_record_of(record, content) for record, content in told if "risk.act" in content)


def _record_of(record: EvidenceRecord, told: dict[str, FactValue]) -> RiskRecord:
    review_ms = int(str(told["risk.review_ms"]))
    treatment = str(told["risk.treatment"])
    risk = Risk(
        id=str(told["risk.id"]),
        title=str(told["risk.title"]),
        entity_key=record.entity_key,
        likelihood=int(str(told["risk.likelihood"])),
        impact=int(str(told["risk.impact"])),
        owner=str(told["risk.owner"]),
        review_at=from_ms(review_ms) if review_ms else None,
        links=tuple(_link_of(text) for text in _texts(told["risk.links"])),
        finding=str(told["risk.finding"]),
    )
    return RiskRecord(
        risk=risk if risk.id else replace(risk, id=f"risk-{record.id}"),
        act=RiskAct(str(told["risk.act"])),
        treatment=Treatment(treatment) if treatment else None,
        basis=tuple(Bearing(text) for text in _texts(told["risk.basis"])),
        recorded_by=str(told["risk.recorded_by"]),
        recorded_at=record.received_at,
        comment=str(told["risk.comment"]),
        number=record.id,
    )


def _texts(value: FactValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _link_text(link: ControlLink) -> str:
    return f"{link.strength_percent} {link.policy_id} {link.entity_key}"


def _link_of(text: str) -> ControlLink:
    strength, policy_id, entity_key = text.split(" ", 2)
    return ControlLink(policy_id, entity_key, int(strength))
