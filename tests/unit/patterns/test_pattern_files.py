"""Patterns as files: what is read of them, and that whatever is wrong is refused with file, line and reason."""

from pathlib import Path

import pytest

from quarterdeck.domain.estate import EntityKind, RelationKind
from quarterdeck.domain.pattern_rules import possible_meanings
from quarterdeck.domain.patterns import Objectives, RequiredRelation, RequiredSignal, Way
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.services.pattern_files import (
    LARGEST_BYTES,
    AtHand,
    InvalidPattern,
    parse_pattern,
    pattern_paths,
    patterns_of,
    read_pattern,
)
from quarterdeck.services.policy_packs import shipped_packs

SOUND = """\
quarterdeck_pattern: 1
id: own_shape
title: Own shape
kind: integration
statement: One partner.
relations:
  - {kind: external_internal, from: partner, at_least: 1, at_most: 2, facts: [contract]}
signals:
  - {meaning: response_time, statistic: p95}
objectives:
  availability_percent: 99.5
  bounded: [response_time]
freshness: 2min
facts: [data_class]
policies: [SEC-01]
"""
TITLES = {
    "Account Integration",
    "Bill Pay Integration",
    "Notification Integration",
    "External → Internal",
    "Service → Component",
    "Event → Notification",
}


def refusal(text: str) -> InvalidPattern:
    with pytest.raises(InvalidPattern) as refused:
        parse_pattern(text.encode(), "own.yaml")
    return refused.value


def test_a_file_is_read_with_everything_it_demands() -> None:
    pattern = parse_pattern(SOUND.encode(), "own.yaml")
    assert (pattern.id, pattern.title, pattern.kind) == ("own_shape", "Own shape", EntityKind.INTEGRATION)
    assert pattern.relations == (
        RequiredRelation(RelationKind.EXTERNAL_INTERNAL, Way.FROM, EntityKind.PARTNER, 1, 2, ("contract",)),
    )
    assert pattern.signals == (RequiredSignal(Meaning.RESPONSE_TIME, "p95"),)
    assert pattern.objectives == Objectives(99.5, (Meaning.RESPONSE_TIME,))
    assert (pattern.freshness_seconds, pattern.facts, pattern.policies) == (120.0, ("data_class",), ("SEC-01",))
    assert pattern.demand_count == 7


def test_the_program_carries_the_six_patterns() -> None:
    assert {pattern.title for pattern in patterns_of(pattern_paths(Path("nowhere")))} == TITLES


def test_the_policies_that_shipped_patterns_demand_are_shipped() -> None:
    known = {policy.id for pack in shipped_packs() for policy in pack.policies}
    demanded = {policy for pattern in patterns_of(pattern_paths(Path("nowhere"))) for policy in pattern.policies}
    assert demanded <= known


def test_a_persons_own_patterns_stand_beside_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(SOUND, encoding="utf-8")
    assert [pattern.id for pattern in patterns_of(pattern_paths(tmp_path))][-1] == "own_shape"


def test_two_files_with_one_id_are_refused_by_the_name_of_the_second(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    with pytest.raises(InvalidPattern, match=r"b\.yaml, line 2: the pattern own_shape stands in a\.yaml already"):
        patterns_of(pattern_paths(tmp_path))


WRONG = {
    "another format": ("quarterdeck_pattern: 1", "quarterdeck_pattern: 2", 1, "says quarterdeck_pattern: 1"),
    "an id in capitals": ("id: own_shape", "id: Own Shape", 2, "one looks like account_integration"),
    "no title": ("title: Own shape", "title:", 3, "a pattern needs a title"),
    "an unknown kind": ("kind: integration\n", "kind: integratio\n", 4, "Did you mean “integration”?"),
    "an unknown key": ("statement:", "statment:", 5, "“statment” is not a key of a pattern"),
    "an unknown relation": ("kind: external_internal", "kind: external", 7, "“external” is no kind"),
    "both ways": ("from: partner", "from: partner, to: service", 7, "either from or to"),
    "neither way": ("from: partner, ", "", 7, "either from or to"),
    "another kind of other": ("from: partner", "from: partners", 7, "Did you mean “partner”?"),
    "most below least": ("at_least: 1, at_most: 2", "at_least: 3, at_most: 2", 7, "less than at_least"),
    "a broken number": ("at_least: 1", "at_least: 1.5", 7, "it is a whole number"),
    "a number in words": ("at_least: 1", "at_least: one", 7, "at_least is not a number"),
    "a relation of nothing": ("at_least: 1, at_most: 2", "at_least: 0", 7, "demands nothing"),
    "an unknown meaning": ("meaning: response_time", "meaning: respons_time", 9, "Did you mean “response_time”?"),
    "an unknown statistic": ("statistic: p95", "statistic: best", 9, "is no statistic"),
    "a signal twice": ("statistic: p95}", "statistic: p95}\n  - {meaning: response_time, statistic: p95}", 10, "once"),
    "an objective beyond all": ("99.5", "199.5", 11, "lies between 0 and 100"),
    "bounds on nothing known": ("bounded: [response_time]", "bounded: [speed]", 12, "“speed” is none of"),
    "objectives as a list": ("objectives:\n", "objectives: []\nfreshnes:\n", 10, "must be a set"),
    "an endless freshness": ("freshness: 2min", "freshness: 9999d", 13, "lies between"),
    "a freshness in words": ("freshness: 2min", "freshness: soon", 13, "freshness cannot be “soon”"),
    "a fact twice": ("facts: [data_class]", "facts: [data_class, data_class]", 14, "different names"),
    "a policy that is none": ("[SEC-01]", "[sec]", 15, "“sec” is not one"),
    "an alias": ("facts: [data_class]", "facts: &a [data_class]", 14, "anchors and aliases"),
    "a tag": ("title: Own shape", "title: !!python/object:os.system x", 3, "tags (!) are not read"),
    "a bare freshness": ("freshness: 2min", "freshness: 2", 13, "it looks like 2s, 2min, 2h or 2d"),
    "a relation no partner has": ("from: partner", "from: channel", 7, "of kind partner or integration, never channel"),
    "a relation into nothing": (
        "external_internal, from: partner",
        "external_internal, to: component",
        7,
        "never comp",
    ),
    "a relation of others": (
        "external_internal, from: partner",
        "service_component, to: component",
        7,
        "comes from an entity of kind service or component, never integration",
    ),
    "facts of no relation": ("at_least: 1, at_most: 2", "at_most: 0", 7, "leaves no relation that could carry facts"),
    "a relation twice": ("signals:", "  - {kind: external_internal, from: partner}\nsignals:", 8, "required once"),
    "a meaning of nothing": ("meaning: response_time", "meaning: other", 9, "other names no value; what can be told"),
    "a percentile of an end": (
        "meaning: response_time",
        "meaning: expiry",
        9,
        "expiry has no p95; leave statistic out",
    ),
    "no percentile at all": ("statistic: p95", "statistic: p0", 9, "is no statistic"),
    "an objective of nought": ("99.5", "0", 11, "lies above 0 and goes up to 100, such as 99.5"),
    "bounds on no value": ("bounded: [response_time]", "bounded: [other]", 12, "other names no value"),
    "bounds that are no list": ("bounded: [response_time]", "bounded: response_time", 12, "bounded must be a list"),
    "empty objectives": (
        "objectives:\n  availability_percent: 99.5\n  bounded: [response_time]",
        "objectives: {}",
        10,
        "say",
    ),
    "no yaml at all": ("relations:", "relations: ]", 6, "this is not YAML"),
    "an invisible character": ("title: Own shape", 'title: "a\\u202eb"', 3, "invisible character U+202E"),
}


@pytest.mark.parametrize("wrong", list(WRONG))
def test_whatever_is_wrong_is_refused_with_file_line_and_reason(wrong: str) -> None:
    old, new, line, words = WRONG[wrong]
    refused = refusal(SOUND.replace(old, new, 1))
    told = [fault for fault in refused.faults if fault.startswith(f"own.yaml, line {line}: ") and words in fault]
    assert told, refused.faults


def test_all_faults_of_a_file_are_told_and_counted() -> None:
    refused = refusal(SOUND.replace("own_shape", "Own!").replace("p95", "best").replace("SEC-01", "sec"))
    assert len(refused.faults) == 3
    assert refused.message.endswith("There are 2 more faults.")


def test_a_pattern_that_demands_nothing_is_refused() -> None:
    bare = "quarterdeck_pattern: 1\nid: bare\ntitle: Bare\nkind: service\n"
    assert "demands 1 to 100 things, not 0" in refusal(bare).message


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- a", b"{" * 5_000, b"a: " * 50, b"x" * (LARGEST_BYTES + 1)])
def test_bytes_that_are_no_pattern_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidPattern, match=r"own\.yaml, line \d+: "):
        parse_pattern(data, "own.yaml")


def test_an_endless_device_is_not_read() -> None:
    with pytest.raises(ConnectorError):
        read_pattern(Path("/dev/zero"))


PARTNER = """\
quarterdeck_pattern: 1
id: outside
title: Outside
kind: partner
signals:
  - {meaning: memory}
objectives:
  bounded: [processing]
"""


def test_what_nothing_can_tell_of_such_an_entity_is_refused_with_what_can() -> None:
    memory, processing = refusal(PARTNER).faults
    assert memory.startswith("own.yaml, line 6: memory is never told of an entity of kind partner; what can be told")
    assert processing.startswith("own.yaml, line 8: processing is never told of an entity of kind partner;")
    assert "response_time" in memory


def test_relations_that_are_forbidden_are_demanded_without_a_least() -> None:
    pattern = parse_pattern(
        SOUND.replace("at_least: 1, at_most: 2, facts: [contract]", "at_most: 0").encode(), "own.yaml"
    )
    assert (pattern.relations[0].at_least, pattern.relations[0].at_most) == (0, 0)


@pytest.mark.parametrize("kind", list(EntityKind))
def test_of_every_kind_of_entity_something_can_be_told(kind: EntityKind) -> None:
    assert {Meaning.RESPONSE_TIME, Meaning.THROUGHPUT} <= set(possible_meanings(kind))


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        ({"SEC-01": ()}, ""),
        ({"SEC-01": (EntityKind.INTEGRATION,)}, ""),
        (None, ""),
        ({"SEC-02": ()}, "own.yaml, line 15: there is no policy SEC-01. Did you mean “SEC-02”?"),
        ({"DG-7": (), "CHG-9": ()}, "own.yaml, line 15: there is no policy SEC-01. There are CHG-9, DG-7."),
        (
            {"SEC-01": (EntityKind.SERVICE,)},
            "own.yaml, line 15: the policy SEC-01 judges entities of kind service, never integration.",
        ),
    ],
    ids=["known", "of-its-kind", "not-looked-at", "nearly", "unknown", "of-another-kind"],
)
def test_policies_that_can_never_hold_are_refused(
    policies: dict[str, tuple[EntityKind, ...]] | None, words: str
) -> None:
    beside = AtHand(policies)
    if not words:
        assert parse_pattern(SOUND.encode(), "own.yaml", beside).policies == ("SEC-01",)
        return
    with pytest.raises(InvalidPattern) as refused:
        parse_pattern(SOUND.encode(), "own.yaml", beside)
    assert refused.value.faults == (words,)


def test_policies_that_are_no_list_are_one_fault() -> None:
    with pytest.raises(InvalidPattern) as refused:
        parse_pattern(SOUND.replace("[SEC-01]", "SEC-01").encode(), "own.yaml", AtHand({"SEC-01": ()}))
    assert refused.value.faults == ("own.yaml, line 15: policies must be a list.",)


def test_what_shipped_patterns_demand_is_judged_of_their_kind() -> None:
    policies = [policy for pack in shipped_packs() for policy in pack.policies]
    beside = AtHand.of(policies, {})
    assert len({read_pattern(path, beside).id for path in pattern_paths(Path("nowhere"))}) == 6
