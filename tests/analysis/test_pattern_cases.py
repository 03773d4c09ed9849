"""The reference table of verifications, case by case, and what holds of any of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from quarterdeck.analysis.pattern_verification import SeenEntity, SeenSignal, verify
from quarterdeck.domain.estate import (
    Entity,
    EntityKind,
    EntityVersion,
    Origin,
    Relation,
    RelationKind,
    RelationVersion,
)
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.patterns import (
    Demand,
    Finding,
    Objectives,
    Pattern,
    RequiredRelation,
    RequiredSignal,
    Standing,
    Verification,
    Way,
    pattern_ids,
)
from quarterdeck.domain.policies import ControlKey, Verdict, VerdictInterval
from quarterdeck.domain.series import Meaning

CASES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("pattern_cases.yaml"))
LEAST_CASES = 40
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINK = "integration/link"
PARTNER = RequiredRelation(RelationKind.EXTERNAL_INTERNAL, Way.FROM, EntityKind.PARTNER, 1, 1, ("contract",))
SERVICE = RequiredRelation(RelationKind.EXTERNAL_INTERNAL, Way.TO, EntityKind.SERVICE)
PATTERN = Pattern(
    "shape",
    "Shape",
    EntityKind.INTEGRATION,
    relations=(PARTNER, SERVICE),
    signals=(RequiredSignal(Meaning.RESPONSE_TIME, "p95"), RequiredSignal(Meaning.ERROR_RATE)),
    objectives=Objectives(99.5, (Meaning.RESPONSE_TIME,)),
    freshness_seconds=120.0,
    facts=("data_class",),
    policies=("SEC-01",),
)
SOUND: dict[str, Any] = {
    "link": {},
    "was": [],
    "relations": [["partner/p", "link", 50], ["link", "service/s", 50]],
    "signals": [["response_time p95", 40, 0], ["error_rate", 40, 0]],
    "verdicts": [["SEC-01", "satisfied", 40]],
    "others": [],
}


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


def entity_of(told: Mapping[str, Any]) -> Entity:
    return Entity(
        LINK,
        EntityKind.INTEGRATION,
        "Link",
        freshness_seconds=told.get("freshness", 90.0),
        expectations=tuple(Expectation(Meaning(each)) for each in told.get("bounds", ["response_time"])),
        facts=facts_of({name: told.get(name, sound) for name, sound in (("objective", "99.9%"), ("data_class", "x"))}),
    )


def versions_of(case: Mapping[str, Any]) -> tuple[EntityVersion, ...]:
    before = [EntityVersion(entity_of(told), Origin.DECLARED, "d", ago(a), ago(b)) for a, b, told in case["was"]]
    begins = case["link"].get("begins", case["was"][-1][1] if case["was"] else 50)
    return (*before, EntityVersion(entity_of(case["link"]), Origin.DECLARED, "d", ago(begins)))


def key_of(word: str) -> str:
    return LINK if word == "link" else word


def relation_of(row: Sequence[Any]) -> RelationVersion:
    source, target, since, until, facts, origin = [*row, *[None, "R", "declared"][len(row) - 3 :]]
    told = facts_of({"contract": "C-1"}) if facts == "R" else ()
    relation = Relation(RelationKind.EXTERNAL_INTERNAL, key_of(source), key_of(target), told)
    return RelationVersion(relation, Origin(origin), "d", ago(since), None if until is None else ago(until))


def signal_of(row: Sequence[Any]) -> SeenSignal:
    meaning, _, statistic = row[0].partition(" ")
    if row[1] == "remote":
        return SeenSignal(Meaning(meaning), statistic, is_kept=False)
    return SeenSignal(Meaning(meaning), statistic, ago(row[1]), ago(row[2]), is_fresh=row[2] == 0)


def verdict_of(row: Sequence[Any]) -> VerdictInterval:
    return VerdictInterval(ControlKey(row[0], 1, LINK), Verdict(row[1]), "because.", ago(row[2]))


def seen_of(told: Mapping[str, Any]) -> SeenEntity:
    case = SOUND | dict(told)
    others = [Entity(key, EntityKind(key.partition("/")[0]), key) for key in (*OTHERS, *case["others"])]
    return SeenEntity(
        NOW,
        versions_of(case),
        tuple(map(relation_of, case["relations"])),
        {other.key: other for other in others},
        tuple(map(signal_of, case["signals"])),
        {row[0]: verdict_of(row) for row in case["verdicts"]},
        None if case.get("silent") is None else ago(case["silent"]),
    )


OTHERS = ("partner/p", "service/s", "service/t")


def told_of(found: Verification) -> list[str]:
    def hours(finding: Finding) -> str:
        assert finding.since_at is not None
        return f"{(NOW - finding.since_at) / timedelta(hours=1):g}"

    known = [f"{each.demand.value}: {each.seen} since {hours(each)}" for each in found.deviations]
    return [*known, *(f"?{each.demand.value}: {each.seen}" for each in found.unknowns)]


@pytest.mark.parametrize("case", CASES, ids=[case["says"].replace(" ", "-") for case in CASES])
def test_the_table_of_verifications_holds(case: Mapping[str, Any]) -> None:
    assert told_of(verify(PATTERN, seen_of(case))) == case["expect"]


def test_the_table_of_verifications_is_long_and_says_nothing_twice() -> None:
    assert len({case["says"] for case in CASES}) == len(CASES) >= LEAST_CASES


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (1, None, "at least 1 relation external → internal from a partner"),
        (2, None, "at least 2 relations external → internal from a partner"),
        (1, 1, "exactly 1 relation external → internal from a partner"),
        (0, 2, "at most 2 relations external → internal from a partner"),
        (1, 3, "1 to 3 relations external → internal from a partner"),
        (0, 0, "no relation external → internal from a partner"),
    ],
)
def test_how_many_relations_are_required_is_said_in_words(least: int, most: int | None, words: str) -> None:
    wanted = RequiredRelation(RelationKind.EXTERNAL_INTERNAL, Way.FROM, EntityKind.PARTNER, least, most)
    rows = [] if least else [["partner/a", "link", 9], ["partner/b", "link", 9], ["partner/c", "link", 9]]
    found = verify(Pattern("s", "S", EntityKind.INTEGRATION, relations=(wanted,)), seen_of({"relations": rows}))
    assert [each.required for each in found.deviations] == [words]


def test_of_many_relations_the_first_four_are_named() -> None:
    rows = [[f"partner/{letter}", "link", 9] for letter in "abcdef"] + [["link", "service/s", 50]]
    (deviation,) = verify(PATTERN, seen_of({"relations": rows})).deviations
    assert deviation.seen == "6 (partner/a, partner/b, partner/c, partner/d and 2 more)"
    assert deviation.entity_keys == tuple(f"partner/{letter}" for letter in "abcdef")


def test_a_silent_signal_whose_last_instant_is_not_known_is_not_dated() -> None:
    seen = seen_of({})
    bare = SeenEntity(
        NOW, seen.versions, signals=(SeenSignal(Meaning.ERROR_RATE, first_at=ago(90)),), others=seen.others
    )
    found = verify(Pattern("s", "S", EntityKind.INTEGRATION, signals=(RequiredSignal(Meaning.ERROR_RATE),)), bare)
    assert found.deviations == (Finding(Demand.SIGNAL, "error rate", "silent"),)
    assert found.since_at is None


def test_what_does_not_exist_at_the_moment_is_held_against_nothing() -> None:
    with pytest.raises(ValueError, match="exists at the moment"):
        verify(PATTERN, SeenEntity(NOW, ()))


def test_an_entity_names_its_patterns_in_its_order_and_none_twice() -> None:
    named = Entity(LINK, EntityKind.INTEGRATION, "Link", facts=facts_of({"pattern": "b, a,,b "}))
    assert pattern_ids(named) == ("b", "a")
    assert pattern_ids(Entity(LINK, EntityKind.INTEGRATION, "Link")) == ()


cases = st.fixed_dictionaries(
    {
        "relations": st.lists(
            st.tuples(
                st.sampled_from(("partner/p", "partner/q", "link")),
                st.sampled_from(("link", "service/s", "service/t")),
                st.integers(20, 60),
                st.one_of(st.none(), st.integers(-5, 19)),
                st.sampled_from(("R", "")),
                st.sampled_from(("declared", "observed")),
            ),
            max_size=6,
        ),
        "signals": st.lists(
            st.tuples(
                st.sampled_from(("response_time p95", "response_time", "error_rate", "throughput")),
                st.integers(10, 40),
                st.integers(0, 9),
            ),
            max_size=4,
        ),
        "verdicts": st.lists(
            st.tuples(st.just("SEC-01"), st.sampled_from(list(Verdict)), st.integers(0, 40)), max_size=1
        ),
        "link": st.fixed_dictionaries(
            {
                "objective": st.sampled_from(("", "99%", "99.9%", "soon")),
                "data_class": st.sampled_from(("", "x")),
                "freshness": st.sampled_from((None, 60.0, 600.0)),
            }
        ),
    }
)


@given(cases)
@settings(max_examples=200, deadline=None)
def test_whatever_is_seen_no_demand_is_told_twice_and_dates_lie_in_its_life(told: dict[str, Any]) -> None:
    found = verify(PATTERN, seen_of(told))
    findings = (*found.deviations, *found.unknowns)
    assert len({(each.demand, each.required) for each in findings}) == len(findings) <= found.demand_count + 1
    assert all(each.since_at is None or each.since_at <= NOW for each in findings)
    assert (found.standing is Standing.CONFORMS) == (not findings)


@given(cases)
@settings(max_examples=200, deadline=None)
def test_a_deviation_of_the_estate_is_seen_just_the_same_when_it_began(told: dict[str, Any]) -> None:
    seen = seen_of(told)
    for each in verify(PATTERN, seen).deviations:
        if each.demand in {Demand.SIGNAL, Demand.POLICY} or each.since_at is None:
            continue
        then = SeenEntity(each.since_at, seen.versions, seen.relations, seen.others)
        assert each.required in {one.required for one in verify(PATTERN, then).deviations}


@given(cases)
@settings(max_examples=100, deadline=None)
def test_the_order_in_which_relations_are_told_changes_nothing(told: dict[str, Any]) -> None:
    rows = {(row[0], row[1], row[5]): row for row in told["relations"]}
    forth, back = ({**told, "relations": order} for order in (list(rows.values()), list(rows.values())[::-1]))
    assert verify(PATTERN, seen_of(forth)) == verify(PATTERN, seen_of(back))
