"""Verdicts as OSCAL assessment results and as a plan of action and milestones (NIST, JSON).

OSCAL knows a control as satisfied or not. What is waived or has no evidence is not satisfied there, with our own word
beside it: nothing is rounded up.
"""

from __future__ import annotations

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import Verdict
from quarterdeck.exporters.oscal_parts import (
    Json,
    Part,
    component_id,
    components,
    control_id,
    control_name,
    instant,
    mapped,
    metadata,
    observation_id,
    observations,
    prop,
    token,
    uuid_of,
    verdict_props,
    without_empty,
    words,
    written,
)
from quarterdeck.services.compliance_export import ExportedVerdict, VerdictExport

_REASONS = {Verdict.SATISFIED: "pass", Verdict.NOT_SATISFIED: "fail"}
_STATUS = {Verdict.WAIVED: "deviation-approved"}


def assessment_results(export: VerdictExport) -> bytes:
    """Every verdict as a finding, with the observation it rests on. Raises OperatorError where there is none."""
    if not export.rows:
        raise _nothing(export, "No verdict stood")
    findings: list[Json] = [_finding(row) for row in export.rows]
    numbers = mapped([row.version.policy for row in export.rows])
    named: list[Json] = [{"control-id": control_id(each)} for each in numbers]
    selection: Part = {"include-controls": named} if named else {"include-all": {}}
    result: Part = {
        "title": "Verdicts of policies",
        "description": export.query,
        "start": instant(min(row.interval.from_at for row in export.rows)),
        "end": instant(export.at),
        "local-definitions": {"components": components(export.rows)},
        "reviewed-controls": {"control-selections": [selection]},
        "observations": observations(export.rows),
        "findings": findings,
    }
    plan = uuid_of("assessment plan")
    body: Part = {
        "metadata": metadata(export, "Assessment results"),
        "import-ap": {"href": f"#{plan}"},
        "results": [{"uuid": uuid_of("result", str(written(result), "utf-8")), **result}],
        "back-matter": {"resources": [_plan(plan, export)]},
    }
    return _document("assessment-results", body)


def plan_of_action(export: VerdictExport) -> bytes:
    """An item and a risk for each control that is not satisfied. Raises OperatorError where every one is."""
    open_rows = [row for row in export.rows if row.interval.verdict is not Verdict.SATISFIED]
    if not open_rows:
        raise _nothing(export, "Nothing was open")
    body: Part = {
        "metadata": metadata(export, "Plan of action and milestones"),
        "system-id": {"identifier-type": "https://ietf.org/rfc/rfc4122", "id": uuid_of("system")},
        "local-definitions": {"components": components(open_rows)},
        "observations": observations(open_rows),
        "risks": [_risk(row) for row in open_rows],
        "findings": [_finding(row) for row in open_rows],
        "poam-items": [_item(row) for row in open_rows],
    }
    return _document("plan-of-action-and-milestones", body)


def _document(kind: str, body: Part) -> bytes:
    return written({kind: {"uuid": uuid_of(kind, str(written(body), "utf-8")), **body}})


def _nothing(export: VerdictExport, what: str) -> OperatorError:
    return OperatorError(
        f"{what} at {instant(export.at)}.", "OSCAL has no document for that; export it as CSV or XLSX."
    )


def _plan(uuid: str, export: VerdictExport) -> Part:
    policies = ", ".join(f"{each.policy.id}@{each.version}" for each in export.policies)
    return {
        "uuid": uuid,
        "title": "Policies in force",
        "description": words(policies, "No policy was in force."),
    }


def _finding(row: ExportedVerdict) -> Part:
    policy, verdict = row.version.policy, row.interval.verdict
    numbers = ", ".join(map(control_id, policy.controls))
    state = "satisfied" if verdict is Verdict.SATISFIED else "not-satisfied"
    return {
        "uuid": _finding_id(row),
        "title": words(f"{policy.id} {policy.title} on {row.entity.name}", policy.id),
        "description": words(row.interval.reason, words(policy.statement, policy.id)),
        "props": verdict_props(row),
        "target": without_empty(
            {
                "type": "objective-id",
                "target-id": token(policy.id),
                "title": words(policy.title, policy.id),
                "description": words(policy.statement, policy.id),
                "status": {"state": state, "reason": _REASONS.get(verdict, "other")},
                "remarks": f"Mapped by number to {numbers}." if numbers else "",
            }
        ),
        "related-observations": [{"observation-uuid": observation_id(row)}],
    }


def _risk(row: ExportedVerdict) -> Part:
    policy, verdict = row.version.policy, row.interval.verdict
    until = instant(row.waiver.until_at) if row.waiver is not None and verdict is Verdict.WAIVED else ""
    return without_empty(
        {
            "uuid": _risk_id(row),
            "title": words(f"{policy.id} on {row.entity.name}", policy.id),
            "description": words(policy.statement, policy.id),
            "statement": words(row.interval.reason, "No reason was told."),
            "props": verdict_props(row),
            "status": _STATUS.get(verdict, "open"),
            "deadline": until,
            "related-observations": [{"observation-uuid": observation_id(row)}],
        }
    )


def _item(row: ExportedVerdict) -> Part:
    policy = row.version.policy
    owner = row.entity.owner or policy.owner
    return {
        "uuid": uuid_of("item", control_name(row), instant(row.interval.from_at)),
        "title": words(f"{policy.id} {policy.title} on {row.entity.name}", policy.id),
        "description": words(f"{row.interval.reason} Owner: {owner or 'not told'}.", policy.id),
        "related-findings": [{"finding-uuid": _finding_id(row)}],
        "related-observations": [{"observation-uuid": observation_id(row)}],
        "related-risks": [{"risk-uuid": _risk_id(row)}],
        "props": [*verdict_props(row), _subject(row)],
    }


def _subject(row: ExportedVerdict) -> Part:
    return prop("component", component_id(row.entity))


def _finding_id(row: ExportedVerdict) -> str:
    return uuid_of("finding", control_name(row), row.interval.verdict.value, instant(row.interval.from_at))


def _risk_id(row: ExportedVerdict) -> str:
    return uuid_of("risk", control_name(row), instant(row.interval.from_at))
