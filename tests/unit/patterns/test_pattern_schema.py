"""The schema of patterns says what the reading says: what is read holds by it, and what it marks is refused."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from quarterdeck.services.pattern_files import parse_pattern, pattern_paths
from quarterdeck.services.pattern_schema import pattern_schema
from tests.unit.patterns.test_pattern_files import PARTNER, SOUND, WRONG

BEYOND_A_SCHEMA = {
    "most below least",
    "a relation twice",
    "an endless freshness",
    "an alias",
    "a tag",
    "no yaml at all",
    "an invisible character",
}
"""What only the reading of the whole file, or of its text, can tell."""


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    Draft202012Validator.check_schema(pattern_schema())
    return Draft202012Validator(pattern_schema())


@pytest.mark.parametrize("path", pattern_paths(Path("none")), ids=lambda path: path.stem)
def test_the_patterns_that_come_with_the_console_hold_by_the_schema(schema: Draft202012Validator, path: Path) -> None:
    assert list(schema.iter_errors(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        SOUND.replace("at_least: 1, at_most: 2, facts: [contract]", "at_most: 0"),
        SOUND.replace("freshness: 2min", "freshness: 1.5 h"),
        SOUND.replace("statistic: p95", "statistic: max"),
        "quarterdeck_pattern: 1\nid: bare\ntitle: Bare\nkind: service\nfacts: [owner]\n",
    ],
    ids=["everything", "a forbidden relation", "a broken duration", "a greatest value", "facts alone"],
)
def test_what_is_read_holds_by_the_schema(schema: Draft202012Validator, text: str) -> None:
    parse_pattern(text.encode(), "own.yaml")
    assert list(schema.iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize("wrong", [each for each in WRONG if each not in BEYOND_A_SCHEMA])
def test_what_the_reading_refuses_is_marked_by_the_schema(schema: Draft202012Validator, wrong: str) -> None:
    old, new, *_ = WRONG[wrong]
    assert not schema.is_valid(yaml.safe_load(SOUND.replace(old, new, 1)))


def test_what_nothing_can_tell_of_a_kind_is_marked(schema: Draft202012Validator) -> None:
    places = {"/".join(map(str, fault.absolute_path)) for fault in schema.iter_errors(yaml.safe_load(PARTNER))}
    assert places == {"signals/0/meaning", "objectives/bounded/0"}


def test_a_pattern_that_demands_nothing_is_marked(schema: Draft202012Validator) -> None:
    assert not schema.is_valid({"quarterdeck_pattern": 1, "id": "bare", "title": "Bare", "kind": "service"})
