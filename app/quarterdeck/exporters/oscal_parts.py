"""The parts that OSCAL documents (NIST, JSON, version 1.1.3) share: names that stay, words as it takes them.

Every UUID is of version 5 over what it stands for, so that the same verdicts give the same document, and the same
control the same name in each. OSCAL allows no empty lists: what is empty is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import NAMESPACE_URL, uuid5

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policies import ControlNumber, Framework, Policy, Verdict
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.compliance_export import ExportedVerdict, VerdictExport

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Part: TypeAlias = dict[str, Json]

OSCAL_VERSION = "1.1.3"
NAMESPACE = "urn:quarterdeck:oscal"
_ROOT = uuid5(NAMESPACE_URL, NAMESPACE)
_MAX_TEXT = 2_000
_TOKEN = re.compile(r"[^\w.-]")
_COMPONENTS = {EntityKind.INTEGRATION: "interconnection", EntityKind.PARTNER: "interconnection"}
_ENHANCEMENT = re.compile(r"\((\d+)\)")


def uuid_of(*parts: str) -> str:
    """The UUID of a thing that these words stand for."""
    return str(uuid5(_ROOT, json.dumps(parts)))


def instant(at: datetime) -> str:
    """An instant in UTC as OSCAL writes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def words(text: str, otherwise: str) -> str:
    """A text on one line that is never empty, as OSCAL asks for."""
    return one_line(text, _MAX_TEXT) or otherwise


def prop(name: str, value: str) -> Part:
    """A property of ours; OSCAL's own have other meanings."""
    return {"name": name, "ns": NAMESPACE, "value": words(value, "not told")}


def without_empty(part: Part) -> Part:
    """The part without what holds nothing."""
    return {name: value for name, value in part.items() if value not in ([], {}, "", None)}


def metadata(export: VerdictExport, title: str) -> Part:
    """What the document is; it is of the moment it tells of, whenever it was written."""
    counts = [prop(f"count-{verdict.value.replace('_', '-')}", str(count)) for verdict, count in export.counts.items()]
    return {
        "title": title,
        "last-modified": instant(export.at),
        "version": instant(export.at),
        "oscal-version": OSCAL_VERSION,
        "props": [
            prop("population", str(export.population)),
            prop("left-out", str(len(export.left_out))),
            *counts,
        ],
        "remarks": export.query,
    }


def components(rows: Sequence[ExportedVerdict]) -> list[Json]:
    """The entities that verdicts are about, as components."""
    entities = {row.entity.key: row.entity for row in rows}
    return [
        {
            "uuid": component_id(entity),
            "type": _COMPONENTS.get(entity.kind, "service"),
            "title": words(entity.name, entity.key),
            "description": words(entity.description, f"{entity.kind.value.replace('_', ' ')} {entity.key}"),
            "props": [prop("entity", entity.key)],
            "status": {"state": "operational"},
        }
        for _, entity in sorted(entities.items())
    ]


def component_id(entity: Entity) -> str:
    """The UUID of an entity."""
    return uuid_of("component", entity.key)


def control_name(row: ExportedVerdict) -> str:
    """A control in one word: `SEC-01@2 integration/payhub`."""
    key = row.interval.control
    return f"{key.policy_id}@{key.version} {key.entity_key}"


def observation_id(row: ExportedVerdict) -> str:
    """The UUID of what was observed, by the control, since when, and the evidence it rested on."""
    digests = [record.digest for record in row.evidence]
    return uuid_of("observation", control_name(row), instant(row.interval.from_at), *digests)


def observations(rows: Sequence[ExportedVerdict]) -> list[Json]:
    """What each verdict rests on."""
    return [_observation(row) for row in rows]


def verdict_props(row: ExportedVerdict) -> list[Json]:
    """Our own words for a verdict: OSCAL knows only satisfied and not satisfied."""
    policy, waiver = row.version.policy, row.waiver
    told = [
        prop("verdict", row.interval.verdict.value),
        prop("policy-version", str(row.version.version)),
        prop("policy-sha256", policy.digest),
        prop("severity", policy.severity.value),
        prop("since", instant(row.interval.from_at)),
    ]
    if waiver is not None and row.interval.verdict is Verdict.WAIVED:
        told += [
            prop("waiver", waiver.id),
            prop("waiver-reason", waiver.reason),
            prop("waiver-requested-by", waiver.requested_by),
            prop("waiver-approved-by", waiver.approved_by),
            prop("waiver-until", instant(waiver.until_at)),
        ]
    return list(told)


def token(text: str) -> str:
    """A text as a token of OSCAL: letters, figures, points, dashes and underscores, a letter or underscore first."""
    made = _TOKEN.sub("_", text)
    return made if made[:1].isalpha() or made[:1] == "_" else f"_{made}"


def control_id(number: ControlNumber) -> str:
    """A framework's control as a token; those of NIST SP 800-53 as its own catalogue names them: `ac-6.1`."""
    if number.framework is Framework.NIST_SP_800_53:
        return token(_ENHANCEMENT.sub(r".\1", number.number).lower())
    return token(f"{number.framework.value}_{number.number}")


def mapped(policies: Sequence[Policy]) -> list[ControlNumber]:
    """The controls of frameworks that policies are mapped to, each once."""
    found = {number for policy in policies for number in policy.controls}
    return sorted(found, key=lambda number: (number.framework.value, number.number))


def written(document: Part) -> bytes:
    """The document as JSON in UTF-8, its names in order."""
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")


def _observation(row: ExportedVerdict) -> Part:
    policy, records = row.version.policy, row.evidence
    collected = max((record.received_at for record in records), default=row.interval.from_at)
    return without_empty(
        {
            "uuid": observation_id(row),
            "title": words(f"{policy.id} on {row.entity.name}", policy.id),
            "description": words(row.interval.reason, words(policy.statement, policy.id)),
            "methods": ["TEST"],
            "types": ["control-objective"],
            "subjects": [{"subject-uuid": component_id(row.entity), "type": "component"}],
            "relevant-evidence": [_evidence(record) for record in records],
            "collected": instant(collected),
        }
    )


def _evidence(record: EvidenceRecord) -> Part:
    return {
        "description": words(record.what, record.kind.value),
        "props": [
            prop("evidence", str(record.id)),
            prop("evidence-sha256", record.digest),
            prop("kind", record.kind.value),
            prop("source", record.source),
            prop("query", record.query),
            prop("population", str(record.population)),
        ],
    }
