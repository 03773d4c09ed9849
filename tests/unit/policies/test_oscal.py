"""Verdicts as OSCAL: the structure that the standard asks for, nothing rounded up, and the same bytes each time."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import ControlNumber, Framework, Verdict
from quarterdeck.exporters.oscal import assessment_results, plan_of_action
from quarterdeck.exporters.oscal_parts import OSCAL_VERSION, control_id, token
from quarterdeck.services.compliance_export import VerdictExport
from tests.unit.policies.exports import CORE, EXPORT, OWNER, PAYHUB, ROWS, TLS, verdict

Object = dict[str, Any]
TOKEN = re.compile(r"(\w|_)[\w.\-]*")
TOKENS = frozenset({"name", "target-id", "control-id", "status"})
MARKUP = frozenset({"title", "description", "statement", "remarks"})
REFERENCES = {
    "observation-uuid": "observations",
    "finding-uuid": "findings",
    "risk-uuid": "risks",
    "subject-uuid": "components",
}


def results(export: VerdictExport = EXPORT) -> Object:
    return cast("Object", json.loads(assessment_results(export)))["assessment-results"]


def plan(export: VerdictExport = EXPORT) -> Object:
    return cast("Object", json.loads(plan_of_action(export)))["plan-of-action-and-milestones"]


def nodes(node: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every value below a node with the name it stands under."""
    yield name, node
    if isinstance(node, dict):
        for key, value in cast("Object", node).items():
            yield from nodes(value, key)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from nodes(value, name)


def lists_named(document: Object, name: str) -> list[Object]:
    return [each for key, value in nodes(document) if key == name and isinstance(value, list) for each in value]


def faults(document: Object) -> list[str]:
    """What the standard does not allow in a document: empty things, loose references, words of the wrong shape."""
    found: list[str] = []
    for name, value in nodes(document):
        if value in ([], {}, "", None) and name != "include-all":
            found.append(f"{name} is empty")
        if name == "uuid" and UUID(str(value)).version != 5:
            found.append(f"{value} is no UUID of version 5")
        if name in REFERENCES:
            known = {each["uuid"] for each in lists_named(document, REFERENCES[name])}
            found += [f"{name} {value} leads nowhere"] if value not in known else []
        if name in TOKENS and isinstance(value, str) and not TOKEN.fullmatch(value):
            found.append(f"{name} {value!r} is no token")
        if name in MARKUP | {"value"} and isinstance(value, str) and (value != value.strip() or "\n" in value):
            found.append(f"{name} {value!r} is not one trimmed line")
    uuids = [value for name, value in nodes(document) if name == "uuid"]
    found += ["a UUID stands twice"] if len(uuids) != len(set(map(str, uuids))) else []
    return found


@pytest.mark.parametrize("document", [results, plan], ids=["results", "plan"])
def test_a_document_has_what_the_standard_asks_for_and_nothing_empty(document: Any) -> None:
    made = document()
    assert faults(made) == []
    metadata = made["metadata"]
    assert metadata["oscal-version"] == OSCAL_VERSION
    assert datetime.fromisoformat(metadata["last-modified"]) == EXPORT.at
    assert {"title", "version"} <= metadata.keys()


def test_results_have_their_required_parts() -> None:
    (result,) = results()["results"]
    assert {"uuid", "title", "description", "start", "reviewed-controls"} <= result.keys()
    assert len(result["findings"]) == len(result["observations"]) == len(ROWS)
    target = {"type", "target-id", "status"}
    assert all(target <= finding["target"].keys() for finding in result["findings"])
    resources = [each["uuid"] for each in results()["back-matter"]["resources"]]
    assert results()["import-ap"]["href"].removeprefix("#") in resources


def test_only_what_is_satisfied_is_told_as_satisfied() -> None:
    (result,) = results()["results"]
    told = {
        (finding["target"]["status"]["state"], finding["target"]["status"]["reason"], finding["props"][0]["value"])
        for finding in result["findings"]
    }
    assert told == {
        ("satisfied", "pass", "satisfied"),
        ("not-satisfied", "other", "not_evaluable"),
        ("not-satisfied", "other", "waived"),
        ("not-satisfied", "fail", "not_satisfied"),
    }


def test_the_counts_of_the_metadata_add_up_to_the_population() -> None:
    told = {each["name"]: int(each["value"]) for each in results()["metadata"]["props"]}
    assert sum(value for name, value in told.items() if name.startswith("count-")) == len(ROWS)
    assert told["population"] == len(ROWS) + told["left-out"]


def test_the_plan_has_an_item_and_a_risk_for_all_that_is_open() -> None:
    made = plan()
    assert len(made["poam-items"]) == len(made["risks"]) == 3
    waived = next(risk for risk in made["risks"] if risk["status"] == "deviation-approved")
    assert datetime.fromisoformat(waived["deadline"]) == EXPORT.at + timedelta(days=9)
    assert {"waiver-approved-by", "waiver-until"} <= {each["name"] for each in waived["props"]}
    assert [risk["status"] for risk in made["risks"]].count("open") == 2


def test_evidence_is_named_by_its_digest() -> None:
    (result,) = results()["results"]
    evidence = lists_named(result, "relevant-evidence")
    assert {each["props"][1]["value"] for each in evidence} == {"9f2c" * 16}


def test_the_same_verdicts_give_the_same_bytes_in_whatever_order_they_are_asked() -> None:
    assert assessment_results(EXPORT) == assessment_results(replace(EXPORT))
    assert plan_of_action(EXPORT) == plan_of_action(replace(EXPORT))


def test_other_verdicts_give_another_document_in_which_the_same_keeps_its_name() -> None:
    other = replace(EXPORT, rows=ROWS[:3], population=4)
    before, then = results(), results(other)
    assert before["uuid"] != then["uuid"]
    names = [{each["uuid"] for each in made["results"][0]["findings"]} for made in (before, then)]
    assert names[1] < names[0]


def test_without_any_verdict_and_without_anything_open_there_is_no_document() -> None:
    with pytest.raises(OperatorError, match="No verdict stood"):
        assessment_results(replace(EXPORT, rows=(), population=0, left_out=()))
    with pytest.raises(OperatorError, match="Nothing was open"):
        plan_of_action(replace(EXPORT, rows=ROWS[:1]))


def test_policies_that_are_mapped_to_nothing_review_everything() -> None:
    export = replace(EXPORT, rows=(verdict(OWNER, CORE, Verdict.SATISFIED),))
    (result,) = results(export)["results"]
    assert result["reviewed-controls"]["control-selections"] == [{"include-all": {}}]


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (ControlNumber(Framework.NIST_SP_800_53, "AC-6(1)"), "ac-6.1"),
        (ControlNumber(Framework.PCI_DSS_4, "4.2.1"), "pci_dss_4_4.2.1"),
        (ControlNumber(Framework.DORA, "9(3)"), "dora_9_3_"),
    ],
)
def test_a_control_of_a_framework_is_a_token(number: ControlNumber, name: str) -> None:
    assert control_id(number) == name


def test_what_begins_with_a_figure_becomes_a_token_all_the_same() -> None:
    assert (token("4.2"), token("a b")) == ("_4.2", "a_b")


TEXT = st.text(max_size=40)


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, TEXT, st.sampled_from(Verdict))
def test_any_words_of_the_store_give_a_document_that_holds_together(
    name: str, reason: str, title: str, found: Verdict
) -> None:
    entity, policy = replace(PAYHUB, name=name, description=name), replace(TLS, title=title, statement=title)
    row = replace(verdict(policy, PAYHUB, found, reason), entity=entity)
    export = replace(EXPORT, rows=(row,), population=1, left_out=())
    assert faults(results(export)) == []
    if found is not Verdict.SATISFIED:
        assert faults(plan(export)) == []
