"""What an estate document may say, and with which words one that does not hold together is refused."""

from datetime import UTC, datetime

import pytest

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.sdk.estate_document import parse_estate
from tests.unit.sdk.estates import DECLARED, DOCUMENT, TOML_DOCUMENT

FAULTS = [
    ("title: ", "since: yesterday\ntitle: ", "since cannot be “yesterday”; a date looks like 2026-08-26."),
    ("tier: 1", "teir: 1", "“teir” is not a key of an entity. Did you mean “tier”?"),
    ("tier: 1", "owner: x", "the key “owner” stands a second time; first in line 12."),
    ("tier: 1", "tier: 5", "tier is 5; it lies between 1 and 4."),
    ("tier: 1", "tier: 1.5", "tier is a whole number from 1 (most critical) to 4."),
    ("tier: 1", "tier: first", "tier is not a number: “first”."),
    ("tier: 1", "tier: [1]", "“tier” must be a single value."),
    ("kind: integration", "kind: integraton", "“integraton” is no kind of an entity. Did you mean “integration”?"),
    (
        "key: integration/payhub-processor",
        "key: PayHub",
        "“PayHub” cannot be a key; one looks like integration/payhub-processor.",
    ),
    (
        "key: integration/payhub-processor",
        "key: service/payhub",
        "the key service/payhub must begin with its kind: integration/.",
    ),
    (
        "freshness: 90s",
        "freshness: 90m",
        "freshness cannot be “90m”: m could be minutes or months; write min for minutes.",
    ),
    (
        "freshness: 90s",
        "freshness: soon",
        "freshness cannot be “soon”: a duration is a number with a unit, such as 45s, 10min, 2h or 9d.",
    ),
    ("freshness: 90s", "freshness: 0", "freshness is “0”; it lies between 1s and 366d."),
    ("down_above: 5", "down_above: 1", "down_above lies before degraded_above: down is the worse of the two."),
    ("statistic: p95", "statistic: p96", "“p96” is no statistic; there are p50, p95, p99, mean, max."),
    (
        "degraded_above: 1.5, down_above: 5, ",
        "",
        "an expectation needs a bound: degraded_above, down_above, degraded_below or down_below.",
    ),
    (
        "from: partner/payhub\n",
        "from: partner/payhup\n",
        "the relation begins at partner/payhup, which no entity declares. Did you mean “partner/payhub”?",
    ),
    (
        "to: integration/payhub-processor",
        "to: partner/payhub",
        "the relation leads from partner/payhub to itself.",
    ),
    ("secrets: [token]", "secrets: token", "secrets must be a list."),
    ("secrets: [token]", "secrets: [a, a]", "secrets must be a list of different names; “a” is not one."),
    ("poll: 10s", "poll: 10ms", "poll is “10ms”; it lies between 1s and 7d."),
    ("name: PayHub\n", "name:\n", "an entity needs a name."),
    ("title: Demo bank", 'title: "a\\u202eb"', "title holds the invisible character U+202E."),
    ("title: Demo bank", 'title: "a\\x1b[2Jb"', "title holds the invisible character U+001B."),
    ("title: Demo bank", f"title: {'x' * 1_000_000}", "title is 1,000,000 characters long; at most 200 are taken."),
    ("quarterdeck: 1", "quarterdeck: 2", "the document is written in format “2”; this console reads format 1."),
    ("quarterdeck: 1\n", "", "an estate document says quarterdeck: 1 at its top."),
    ("name: demo-bank", "name: Demo bank", "“Demo bank” cannot be a name; one looks like demo-bank."),
]


def refusal(text: str, file_name: str = "estate.yaml") -> str:
    """What the operator reads when the document is refused."""
    with pytest.raises(InvalidEstate) as caught:
        parse_estate(text.encode(), file_name)
    assert caught.value.next_step
    return caught.value.message


def line_of(part: str, text: str = DOCUMENT) -> int:
    """The line, counted from 1, in which a part of a document begins."""
    return text.count("\n", 0, text.index(part)) + 1


def test_a_yaml_document_declares_its_entities_relations_and_connections() -> None:
    assert parse_estate(DOCUMENT.encode(), "estate.yaml") == DECLARED


def test_a_toml_document_declares_the_same_as_its_yaml_twin() -> None:
    assert parse_estate(TOML_DOCUMENT.encode(), "Estate.TOML") == DECLARED


def test_a_byte_order_mark_at_the_start_is_passed_over() -> None:
    assert parse_estate(b"\xef\xbb\xbf" + DOCUMENT.encode(), "estate.yaml") == DECLARED


@pytest.mark.parametrize(("old", "new", "words"), FAULTS, ids=[words[:40] for _, _, words in FAULTS])
def test_a_fault_is_refused_with_its_line_and_its_reason(old: str, new: str, words: str) -> None:
    assert refusal(DOCUMENT.replace(old, new, 1)) == f"Line {line_of(old)}: {words}"


def test_an_entity_without_a_name_is_refused_at_its_first_line() -> None:
    text = DOCUMENT.replace("    name: PayHub\n", "", 1)
    assert refusal(text) == f"Line {line_of('key: partner/payhub')}: an entity needs a name."


def test_entities_without_a_key_are_told_of_one_by_one_and_not_as_the_same() -> None:
    text = "quarterdeck: 1\nname: x\nentities:\n  - {kind: service, name: a}\n  - {kind: service, name: b}\n"
    with pytest.raises(InvalidEstate) as refused:
        parse_estate(text.encode(), "estate.yaml")
    told = "\n".join(refused.value.lines)
    assert told.count("an entity needs a key.") == 2
    assert "second time" not in told


def test_a_relation_between_kinds_it_cannot_join_is_refused() -> None:
    assert refusal(DOCUMENT.replace("kind: external_internal", "kind: service_component")) == (
        f"Line {line_of('from: partner/payhub')}: partner/payhub cannot stand there:"
        " service_component goes from an entity of kind component or service."
    )


def test_a_secret_whose_value_stands_in_the_document_is_refused() -> None:
    words = refusal(DOCUMENT.replace("secrets: [token]", "secrets: [tries]"))
    line = line_of("id: payhub-probe")
    assert words == f"Line {line}: the secret tries has its value written in the document."


def test_an_entity_declared_twice_is_refused() -> None:
    again = "  - {key: partner/payhub, kind: partner, name: Again}\nrelations:\n"
    assert (
        refusal(DOCUMENT.replace("relations:\n", again))
        == f"Line {line_of('relations:')}: the entity partner/payhub is declared a second time."
    )


def test_a_relation_declared_twice_is_refused() -> None:
    relation = "  - {kind: external_internal, from: partner/payhub, to: integration/payhub-processor}\nconnections:\n"
    assert (
        refusal(DOCUMENT.replace("connections:\n", relation))
        == f"Line {line_of('connections:')}: the same relation is declared a second time."
    )


def test_a_connection_declared_twice_is_refused() -> None:
    again = "  - {id: payhub-probe, connector: http_probe, name: Again}\n"
    assert (
        refusal(DOCUMENT + again)
        == f"Line {DOCUMENT.count(chr(10)) + 1}: the connection payhub-probe is declared a second time."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [('statistic = "p95"', 'statistic = "p96"'), ("tier = 1", "tier = 9"), ('from = "partner', 'from = "x')],
)
def test_a_fault_in_a_toml_document_is_refused_with_its_line(old: str, new: str) -> None:
    line = line_of(old, TOML_DOCUMENT)
    assert refusal(TOML_DOCUMENT.replace(old, new), "estate.toml").startswith(f"Line {line}: ")


def test_a_duplicate_key_in_a_toml_document_is_refused_with_its_line() -> None:
    text = TOML_DOCUMENT.replace("tier = 1", "tier = 1\ntier = 2")
    assert refusal(text, "estate.toml").startswith(f"Line {line_of('tier = 2', text)}: ")


def test_settings_keep_the_type_they_are_written_with() -> None:
    text = DOCUMENT.replace("tries: 3", 'tries: "3", wait: 1.5, note: yes, nothing: null')
    settings = dict(parse_estate(text.encode(), "e.yaml").connections[0].settings)
    assert settings["tries"] == "3"
    assert settings["wait"] == 1.5
    assert settings["note"] == "yes"
    assert "nothing" not in settings


def test_facts_are_taken_as_written() -> None:
    assert ("release", "1.10") in parse_estate(DOCUMENT.encode(), "e.yaml").entities[1].facts


def test_a_document_may_say_since_when_it_has_been_so() -> None:
    declared = parse_estate(DOCUMENT.replace("title: ", "since: 2026-08-26\ntitle: ", 1).encode(), "estate.yaml")
    assert declared.since_at == datetime(2026, 8, 26, tzinfo=UTC)
