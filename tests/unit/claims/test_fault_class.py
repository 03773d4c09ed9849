"""Whose fault an outage is: the reference cases, and what must hold whatever the signals say."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.fault_class import classify
from quarterdeck.domain.fault_class import (
    Certainty,
    ErrorSide,
    FaultClass,
    Missing,
    Others,
    OutageFacts,
    ProbeEnd,
    Reason,
)
from quarterdeck.domain.health import HealthState

CASES = tomllib.loads((Path(__file__).parent / "fault_cases.toml").read_text(encoding="utf-8"))["case"]
RANK = {each: rank for rank, each in enumerate(Certainty)}


def facts_of(told: dict[str, Any]) -> OutageFacts:
    """A case's facts in the program's own types."""
    readers: dict[str, Any] = {
        "probe": ProbeEnd,
        "claim": HealthState,
        "machine": HealthState,
        "institutions": tuple,
        "error_shares": lambda shares: tuple((ErrorSide(side), share) for side, share in shares.items()),
        **dict.fromkeys(("siblings", "fellows", "probed", "own_parts"), lambda both: Others(*map(tuple, both))),
    }
    return OutageFacts(partner="PayHub", **{key: readers.get(key, lambda value: value)(told[key]) for key in told})


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_a_reference_case_is_judged_as_it_says(case: dict[str, Any]) -> None:
    verdict = classify(facts_of(case["facts"]))
    assert (verdict.fault.value, verdict.certainty.value) == (case["fault"], case["certainty"])
    if "lead" in case:
        assert verdict.reasons[0].clue.value == case["lead"]


def test_there_are_at_least_forty_cases_and_no_two_alike() -> None:
    assert len(CASES) >= 40
    assert len({case["says"] for case in CASES}) == len({str(case["facts"]) for case in CASES}) == len(CASES)


def test_without_any_evidence_all_that_would_help_is_missing() -> None:
    assert classify(OutageFacts()).missing == tuple(Missing)
    assert classify(OutageFacts(is_internal=True)).missing == ()


NAMES = st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple)
OTHERS = st.builds(Others, NAMES, NAMES)
SHARES = st.dictionaries(st.sampled_from([*ErrorSide]), st.floats(0, 1)).map(lambda each: tuple(each.items()))
FACTS = st.builds(
    OutageFacts,
    st.sampled_from(["", "PayHub"]),
    is_internal=st.booleans(),
    probe=st.sampled_from([*ProbeEnd]),
    claim=st.sampled_from([*HealthState]),
    institutions=NAMES,
    has_institutions=st.booleans(),
    siblings=OTHERS,
    fellows=OTHERS,
    probed=OTHERS,
    own_parts=OTHERS,
    machine=st.sampled_from([*HealthState]),
    own_change=st.sampled_from(["", "Gateway 26.4"]),
    error_shares=SHARES,
)


@given(FACTS)
def test_a_verdict_always_rests_on_reasons_and_strong_ones_on_several_unopposed(facts: OutageFacts) -> None:
    verdict = classify(facts)
    assert (verdict.fault is FaultClass.NOT_KNOWN) is (verdict.certainty is Certainty.NONE)
    if verdict.fault is not FaultClass.NOT_KNOWN:
        assert verdict.supporting == verdict.reasons[: len(verdict.supporting)] != ()
    if verdict.certainty is Certainty.STRONG:
        assert len({each.clue for each in verdict.supporting}) > 1
        assert verdict.opposing == ()


@given(FACTS)
def test_every_reason_speaks_for_a_verdict_against_it_or_against_another(facts: OutageFacts) -> None:
    verdict = classify(facts)
    parts = (verdict.supporting, verdict.opposing, verdict.excluding)
    assert {each for part in parts for each in part} == set(verdict.reasons)
    assert sum(map(len, parts)) == len(verdict.reasons)


@given(FACTS)
def test_names_and_their_order_decide_nothing(facts: OutageFacts) -> None:
    def turned(others: Others) -> Others:
        return Others(others.well[::-1], tuple(f"x{name}" for name in others.unwell))

    other = replace(
        facts,
        partner="Somebody",
        siblings=turned(facts.siblings),
        fellows=turned(facts.fellows),
        own_parts=turned(facts.own_parts),
        error_shares=facts.error_shares[::-1],
    )
    first, second = classify(facts), classify(other)
    assert (first.fault, first.certainty, first.missing) == (second.fault, second.certainty, second.missing)
    assert [each.clue for each in first.reasons] == [each.clue for each in second.reasons]


MORE: dict[FaultClass, dict[str, Any]] = {
    FaultClass.OURS: {"own_parts": Others((), ("gateway",)), "machine": HealthState.DOWN, "own_change": "Gateway 26.4"},
    FaultClass.PARTNER: {"siblings": Others((), ("SMS",)), "probe": ProbeEnd.FAULTY, "probed": Others(("a",), ())},
    FaultClass.INSTITUTION: {"institutions": ("Marlow Bank",)},
    FaultClass.CLIENT: {"error_shares": ((ErrorSide.CLIENT, 0.9),)},
}


@given(FACTS, st.sampled_from([*MORE]))
def test_more_evidence_for_a_class_never_takes_the_verdict_away_from_it(facts: OutageFacts, about: FaultClass) -> None:
    before = classify(facts)
    if before.fault is about:
        assert classify(replace(facts, **MORE[about])).fault is about


LESS: dict[str, Any] = {
    "probe": ProbeEnd.NOT_RUN,
    "claim": HealthState.UNKNOWN,
    "siblings": Others(),
    "fellows": Others(),
    "own_parts": Others(),
    "machine": HealthState.UNKNOWN,
    "own_change": "",
    "error_shares": (),
    "institutions": (),
}


@given(FACTS, st.sampled_from([*LESS]))
def test_losing_evidence_for_a_class_never_makes_it_surer(facts: OutageFacts, lost: str) -> None:
    before, after = classify(facts), classify(replace(facts, **{lost: LESS[lost]}))
    gone = {each for each in before.reasons if each not in after.reasons}
    if gone and gone <= set(before.supporting) and after.fault is before.fault and not _new(before.reasons, after):
        assert RANK[after.certainty] <= RANK[before.certainty]


def _new(before: tuple[Reason, ...], after: Any) -> bool:
    return any(each not in before for each in after.reasons)


@given(FACTS)
def test_a_stale_signal_weighs_as_much_as_none(facts: OutageFacts) -> None:
    stale = classify(replace(facts, claim=HealthState.STALE, machine=HealthState.STALE))
    assert stale == classify(replace(facts, claim=HealthState.UNKNOWN, machine=HealthState.UNKNOWN))
