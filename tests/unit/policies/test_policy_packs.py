"""Packs of policies: what ships holds together, and what a file says is what is judged."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.analysis.rules import compile_rule
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.policies import ControlNumber, Enforcement, EvidenceKind, Framework, Severity
from quarterdeck.services.policy_packs import InvalidPolicies, packs_of, parse_pack, shipped_packs
from tests.unit.policies.malformed import SOUND_PACK

BLOCK = SOUND_PACK.replace("rule: tls.version >= 1.2", "rule: |\n      tls.version >= 1.2\n        && tls.versio > 1")


def refusal(data: bytes) -> str | None:
    """Why a pack is refused; None when it is taken."""
    try:
        parse_pack(data, "security.yaml")
    except InvalidPolicies as fault:
        return fault.message
    return None


def test_the_packs_that_ship_hold_together_and_their_rules_compile() -> None:
    packs = shipped_packs()
    assert [pack.id for pack in packs] == ["change", "data_governance", "resilience", "security", "third_parties"]
    assert all(compile_rule(policy.rule) for pack in packs for policy in pack.policies)


def test_every_policy_that_ships_is_mapped_to_some_framework() -> None:
    policies = [policy for pack in shipped_packs() for policy in pack.policies]
    assert [policy.id for policy in policies if not policy.controls] == []
    assert {control.framework for policy in policies for control in policy.controls} == set(Framework)


def test_a_policy_is_read_as_it_is_written() -> None:
    policy = parse_pack(SOUND_PACK.encode(), "security.yaml").policies[0]
    assert (policy.id, policy.pack, policy.severity) == ("SEC-01", "security", Severity.HIGH)
    assert (policy.scope.kinds, policy.scope.tiers) == ((EntityKind.INTEGRATION,), (1, 2))
    assert [(need.kind, need.lifetime_seconds) for need in policy.evidence] == [(EvidenceKind.CERTIFICATE, 86_400.0)]
    assert policy.actions == (Enforcement.NOTIFY_OWNER,)
    assert policy.controls == (ControlNumber(Framework.PCI_DSS_4, "4.2.1"),)


def test_a_fault_in_a_rule_is_placed_in_the_file() -> None:
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(SOUND_PACK.replace("tls.version >=", "tls.versio >=").encode(), "security.yaml")
    assert (refused.value.line, refused.value.column) == (9, 11)


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("[integration]", "[integratio]", (8, 20)),
        ("tiers: [1, 2]", "tiers: [1, 9]", (8, 46)),
        ("tiers: [1, 2]", "tier: [1, 2]", (8, 35)),
    ],
    ids=["kind", "tier", "key"],
)
def test_a_fault_in_a_scope_is_placed_in_the_file(right: str, wrong: str, place: tuple[int, int]) -> None:
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(SOUND_PACK.replace(right, wrong).encode(), "security.yaml")
    assert (refused.value.line, refused.value.column) == place
    assert f"line {place[0]}, column {place[1]}: " in refused.value.message


def test_a_fault_in_a_rule_of_several_lines_is_placed_in_the_file() -> None:
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(BLOCK.encode(), "security.yaml")
    line = BLOCK.splitlines()[(refused.value.line or 0) - 1]
    assert line[(refused.value.column or 0) - 1 :].startswith("tls.versio")


def test_all_faults_of_a_file_are_told_at_once() -> None:
    wrong = SOUND_PACK.replace("high", "hgh").replace("24h", "soon").replace("tls.version", "tls.versio")
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(wrong.encode(), "security.yaml")
    assert len(refused.value.faults) >= 3
    assert "more faults" in refused.value.message


def test_two_files_cannot_hold_the_same_policy(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(SOUND_PACK, encoding="utf-8")
    with pytest.raises(InvalidPolicies, match=r"SEC-01 stands in one\.yaml already"):
        packs_of(sorted(tmp_path.glob("*.yaml")))


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidPolicies, match="larger than 256 KiB"):
        parse_pack(b" " * (256 * 1024 + 1), "security.yaml")


def test_two_policies_that_say_the_same_have_the_same_digest_and_no_others() -> None:
    policy = parse_pack(SOUND_PACK.encode(), "security.yaml").policies[0]
    again = parse_pack(b"# a remark\n" + SOUND_PACK.encode(), "other.yaml").policies[0]
    assert policy.digest == again.digest
    assert replace(policy, rule="tls.version >= 1.3").digest != policy.digest


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes_are_taken_or_refused_with_a_line(data: bytes) -> None:
    with pytest.raises(InvalidPolicies) as refused:
        parse_pack(data, "security.yaml")
    assert refused.value.line >= 1


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_a_pack_with_any_stretch_replaced_is_taken_or_refused_with_a_line(data: st.DataObject) -> None:
    begins, ends = sorted(data.draw(st.tuples(*[st.integers(0, len(SOUND_PACK))] * 2)))
    text = SOUND_PACK[:begins] + data.draw(st.text(max_size=12)) + SOUND_PACK[ends:]
    message = refusal(text.encode("utf-8", "surrogatepass"))
    assert message is None or re.match(r"security\.yaml, line [0-9]+", message)
