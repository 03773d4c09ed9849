"""One run tells all faults of a document, in its order, and none that merely follows from another."""

import pytest

from quarterdeck.domain.errors import MOST_FAULTS, InvalidEstate
from quarterdeck.sdk.estate_document import parse_estate

HEAD = "quarterdeck: 1\nname: payments\n"
ENTITY = "  - {key: partner/payhub, kind: partner, name: PayHub}\n"


def lines(body: str, file_name: str = "estate.yaml") -> tuple[str, ...]:
    """What the operator reads of a document with several faults."""
    with pytest.raises(InvalidEstate) as caught:
        parse_estate((HEAD + body).encode(), file_name)
    return caught.value.lines


def only(body: str) -> str:
    """What the operator reads of a document with one fault."""
    with pytest.raises(InvalidEstate) as caught:
        parse_estate((HEAD + body).encode(), "estate.yaml")
    assert caught.value.lines == ()
    return caught.value.message


def test_faults_of_all_parts_are_told_in_the_order_of_the_document() -> None:
    found = lines(
        "colour: red\n"
        "entities:\n"
        "  - {key: partner/payhub, kind: partner, name: PayHub, tier: 9, freshness: soon}\n"
        "  - {key: service/rail, kind: servce, name: Rail}\n"
        "relations:\n"
        "  - {kind: external_internal, from: partner/payhub, to: channel/lost}\n"
        "connections:\n"
        "  - {id: PROBE, connector: http_probe, name: Probe, poll: 1ms}\n"
    )
    assert found == (
        "The document has 7 faults.",
        "Line 3: “colour” is not a key of an estate document.",
        "Line 5: tier is 9; it lies between 1 and 4.",
        "Line 5: freshness cannot be “soon”: a duration is a number with a unit, such as 45s, 10min, 2h or 9d.",
        "Line 6: “servce” is no kind of an entity. Did you mean “service”?",
        "Line 8: the relation ends at channel/lost, which no entity declares.",
        "Line 10: “PROBE” cannot be an id; one looks like payhub-probe.",
        "Line 10: poll is “1ms”; it lies between 1s and 7d.",
    )


def test_the_message_tells_the_first_fault_and_how_many_more_there_are() -> None:
    with pytest.raises(InvalidEstate) as caught:
        parse_estate((HEAD + "colour: red\nshape: round\n").encode(), "estate.yaml")
    assert caught.value.message == "Line 3: “colour” is not a key of an estate document. There is 1 more fault."
    with pytest.raises(InvalidEstate) as caught:
        parse_estate((HEAD + "colour: red\nshape: round\nsize: 3\n").encode(), "estate.yaml")
    assert caught.value.message.endswith("There are 2 more faults.")


def test_very_many_faults_are_told_in_part_with_how_many_are_left() -> None:
    keys = "".join(f"strange_{number}: 1\n" for number in range(MOST_FAULTS + 1_005))
    found = lines(keys)
    assert found[0] == "The document has 1,025 faults."
    assert len(found) == MOST_FAULTS + 2
    assert found[-1] == "and 1,005 more."


def test_a_relation_to_an_entity_with_a_fault_is_no_fault() -> None:
    body = (
        "entities:\n" + ENTITY + "  - {key: integration/rail, kind: integration, name: Rail, tier: x}\n"
        "relations:\n  - {kind: external_internal, from: partner/payhub, to: integration/rail}\n"
    )
    assert only(body) == "Line 5: tier is not a number: “x”."


def test_a_relation_to_an_entity_of_no_known_kind_is_not_judged_by_kind() -> None:
    body = (
        "entities:\n" + ENTITY + "  - {key: integration/rail, kind: x, name: Rail}\n"
        "relations:\n  - {kind: external_internal, from: partner/payhub, to: integration/rail}\n"
    )
    assert only(body).startswith("Line 5: “x” is no kind of an entity.")


@pytest.mark.parametrize("wrong", ["key: Rail", "name: Rail", "key: [1]"], ids=["not a key", "no key", "a list"])
def test_as_many_loose_ends_as_entities_without_a_proper_key_are_no_faults(wrong: str) -> None:
    body = (
        "entities:\n" + ENTITY + f"  - {{{wrong}, kind: integration, description: x}}\n"
        "relations:\n  - {kind: external_internal, from: partner/payhub, to: integration/rail}\n"
    )
    with pytest.raises(InvalidEstate) as caught:
        parse_estate((HEAD + body).encode(), "estate.yaml")
    assert "which no entity declares" not in "".join((caught.value.message, *caught.value.lines))


def test_more_loose_ends_than_entities_without_a_proper_key_are_all_told() -> None:
    body = (
        "entities:\n" + ENTITY + "  - {key: Rail, kind: integration, name: Rail}\n"
        "relations:\n"
        "  - {kind: external_internal, from: partner/payhub, to: integration/rail}\n"
        "  - {kind: external_internal, from: partner/payhub, to: integration/road}\n"
    )
    assert [line.partition(":")[0] for line in lines(body)[1:]] == ["Line 5", "Line 7", "Line 8"]


def test_both_loose_ends_of_a_relation_are_told() -> None:
    body = "relations:\n  - {kind: external_internal, from: partner/a, to: integration/b}\n"
    assert [" begins " in line or " ends " in line for line in lines(body)[1:]] == [True, True]


def test_every_fault_of_an_expectation_is_told() -> None:
    body = (
        "entities:\n"
        "  - key: partner/payhub\n    kind: partner\n    name: PayHub\n    expectations:\n"
        "      - {meaning: speed, statistic: p96, degraded_above: x, for: soon}\n"
        "      - {meaning: error_rate}\n"
        "      - word\n"
    )
    assert [line.partition(":")[0] for line in lines(body)[1:]] == ["Line 8"] * 4 + ["Line 9", "Line 10"]


def test_an_expectation_whose_bound_cannot_be_read_is_not_said_to_have_none() -> None:
    body = (
        "entities:\n"
        "  - key: partner/payhub\n    kind: partner\n    name: PayHub\n    expectations:\n"
        "      - {meaning: error_rate, degraded_above: x}\n"
    )
    assert only(body) == "Line 8: degraded_above is not a number: “x”."


def test_every_fact_setting_and_secret_that_cannot_be_is_told() -> None:
    long = "x" * 1_001
    body = (
        f"entities:\n  - {{key: partner/payhub, kind: partner, name: PayHub, facts: {{a: [1], b: {long}, c: d}}}}\n"
        "connections:\n  - {id: p, connector: http_probe, name: P, settings: {a: [1]}, secrets: [A, B], poll: [1]}\n"
    )
    assert [line.partition(":")[0] for line in lines(body)[1:]] == ["Line 4"] * 2 + ["Line 6"] * 4


@pytest.mark.parametrize("part", ["entities", "relations", "connections"])
def test_every_item_that_is_no_set_of_keys_is_told(part: str) -> None:
    assert [line.partition(":")[0] for line in lines(f"{part}:\n  - one\n  - two\n")[1:]] == ["Line 4", "Line 5"]


def test_keys_that_stand_twice_are_told_beside_the_other_faults() -> None:
    found = lines("title: One\ntitle: Two\ntitle: Three\nentities: none\n")
    assert found[1:] == (
        "Line 4: the key “title” stands a second time; first in line 3.",
        "Line 5: the key “title” stands a second time; first in line 3.",
        "Line 6: entities must be a list.",
    )


def test_what_only_one_fault_asks_for_stands_with_it() -> None:
    body = (
        "colour: red\nconnections:\n"
        "  - {id: p, connector: http_probe, name: P, settings: {token: x}, secrets: [token]}\n"
    )
    with pytest.raises(InvalidEstate) as caught:
        parse_estate((HEAD + body).encode(), "estate.yaml")
    assert caught.value.lines[2].endswith("Take it out of the settings, and give the secret a new value.")
    assert caught.value.next_step == "Correct the document and apply it again; nothing was changed."


def test_a_document_of_another_format_is_not_judged_by_this_one() -> None:
    with pytest.raises(InvalidEstate) as caught:
        parse_estate(b"quarterdeck: 2\nname: X Y\ncolour: red\n", "estate.yaml")
    assert caught.value.lines == ()
    assert "format" in caught.value.message


def test_faults_of_a_toml_document_are_told_together_too() -> None:
    with pytest.raises(InvalidEstate) as caught:
        parse_estate(b'quarterdeck = 1\nname = "X Y"\ncolour = "red"\n', "estate.toml")
    assert [line.partition(":")[0] for line in caught.value.lines[1:]] == ["Line 2", "Line 3"]
