"""Compliance between the domain's records and the rows of its tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import Content, EvidenceRecord
from quarterdeck.domain.instants import from_ms, to_ms
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
from quarterdeck.storage.encoding import end_instant, end_ms, facts_from, facts_text, json_text
from quarterdeck.storage.transaction import Row

Columns = Mapping[Any, Any]
"""A row's values by the names of their columns."""


def control_text(control: ControlKey) -> str:
    """A control as one key: `SEC-01@2 integration/payhub`."""
    return f"{control.policy_id}@{control.version} {control.entity_key}"


def control_from(text: str) -> ControlKey:
    """The control of a key."""
    policy, _, entity_key = text.partition(" ")
    policy_id, _, version = policy.rpartition("@")
    return ControlKey(policy_id, int(version), entity_key)


def version_row(version: PolicyVersion) -> Row:
    """A version of a policy as a row."""
    return {
        "policy_id": version.policy.id,
        "version": version.version,
        "digest": version.policy.digest,
        "document": json_text(asdict(version.policy)),
        "valid_from_ms": to_ms(version.valid_from_at),
        "valid_to_ms": end_ms(version.valid_to_at),
    }


def version_from(row: Columns) -> PolicyVersion:
    """The version of a row."""
    policy = policy_from(json.loads(row["document"]))
    return PolicyVersion(policy, row["version"], from_ms(row["valid_from_ms"]), end_instant(row["valid_to_ms"]))


def policy_from(told: Mapping[str, Any]) -> Policy:
    """A policy from what `dataclasses.asdict` made of it and JSON kept."""
    scope: Mapping[str, Any] = told["scope"]
    plain = {name: told[name] for name in ("id", "pack", "title", "statement", "rule", "owner")}
    return Policy(
        **plain,
        scope=Scope(
            kinds=tuple(map(EntityKind, scope["kinds"])),
            domains=tuple(scope["domains"]),
            tiers=tuple(scope["tiers"]),
            data_classes=tuple(scope["data_classes"]),
            with_partner=scope["with_partner"],
        ),
        severity=Severity(told["severity"]),
        evidence=tuple(EvidenceNeed(EvidenceKind(n["kind"]), n["lifetime_seconds"]) for n in told["evidence"]),
        actions=tuple(map(Enforcement, told["actions"])),
        controls=tuple(ControlNumber(Framework(each["framework"]), each["number"]) for each in told["controls"]),
    )


def evidence_row(record: EvidenceRecord) -> Row:
    """A piece of evidence as a row."""
    return {
        "id": record.id,
        "kind": record.kind.value,
        "entity_key": record.entity_key,
        "what": record.what,
        "source": record.source,
        "query": record.query,
        "effective_from_ms": to_ms(record.effective_from_at),
        "effective_to_ms": end_ms(record.effective_to_at),
        "received_ms": to_ms(record.received_at),
        "population": record.population,
        "counts": facts_text(record.counts),
        "content": json_text(record.content),
        "digest": record.digest,
    }


def evidence_from(row: Columns) -> EvidenceRecord:
    """The piece of evidence of a row."""
    return EvidenceRecord(
        kind=EvidenceKind(row["kind"]),
        entity_key=row["entity_key"],
        what=row["what"],
        source=row["source"],
        query=row["query"],
        effective_from_at=from_ms(row["effective_from_ms"]),
        effective_to_at=end_instant(row["effective_to_ms"]),
        received_at=from_ms(row["received_ms"]),
        population=row["population"],
        counts=facts_from(row["counts"]),
        content=_content(row["content"]),
        id=row["id"],
        digest=row["digest"],
    )


def verdict_from(row: Columns) -> VerdictInterval:
    """The interval of a row."""
    return VerdictInterval(
        control=control_from(row["control_key"]),
        verdict=Verdict(row["verdict"]),
        reason=row["reason"],
        from_at=from_ms(row["from_ms"]),
        to_at=end_instant(row["to_ms"]),
        evidence_ids=tuple(int(number) for number in row["evidence"].split()),
    )


def waiver_row(waiver: Waiver) -> Row:
    """A waiver as a row."""
    told = asdict(waiver)
    times = {"from_ms": to_ms(waiver.from_at), "until_ms": to_ms(waiver.until_at)}
    return {name: value for name, value in told.items() if not name.endswith("_at")} | times


def waiver_from(row: Columns) -> Waiver:
    """The waiver of a row."""
    told = {name: row[name] for name in ("id", "policy_id", "entity_key", "reason", "requested_by", "approved_by")}
    return Waiver(**told, from_at=from_ms(row["from_ms"]), until_at=from_ms(row["until_ms"]))


def _content(text: str) -> Content:
    told: list[tuple[str, str | int | float | list[str]]] = json.loads(text)
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in told)
