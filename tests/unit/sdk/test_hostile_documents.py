"""No document, however made, does more than be refused in words."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.sdk.documents.tree import quoted
from quarterdeck.sdk.estate_document import MAX_DOCUMENT_BYTES, parse_estate
from tests.unit.sdk.estates import DOCUMENT, TOML_DOCUMENT

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "Line 1: anchors and aliases (& and *) are not read."),
        ("a: !!python/object:os.system x", "Line 1: tags (!) are not read."),
        ("a: 1\n---\nb: 1\n", "Line 2: a second document begins here."),
        ("a: " + "[" * 100_000, "Line 1: more than 16 levels lie inside one another."),
        ("? [a]\n: b\n", "Line 1: a key must be a simple word."),
        ("a: [", "Line 1: this is not YAML: expected the node content, but found '<stream end>'."),
        ("a: \x00", "Line 1: this is not YAML: a character that cannot stand there."),
        ('a: "\\UFFFFFFFF"', "Line 1: this is not YAML: a character that cannot stand there."),
        ("", "Line 1: the document is empty."),
    ],
    ids=["aliases", "tag", "two documents", "depth", "key", "cut off", "zero", "escape", "empty"],
)
def test_a_hostile_yaml_document_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidEstate) as caught:
        parse_estate(text.encode(), "estate.yaml")
    assert caught.value.message == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = " + "[" * 100_000, "Line 1: too many levels lie inside one another."),
        ("a = " + "[" * 40 + "]" * 40, "Line 1: more than 16 levels lie inside one another."),
        ("\n" + ".".join("a" * 40) + " = 1", "Line 2: more than 32 names are joined by dots."),
        ("a = " + "9" * 5_000, "Line 1: this is not TOML: a number or date in it is out of bounds."),
        ("a = [\n" + "0," * 200_000 + "]", "Line 1: the document holds more than 200,000 values."),
        ("quarterdeck = 1\ntitle = 1e400", "Line 2: a number is out of bounds."),
        ("a = 1\nb", "Line 2: this is not TOML: Expected '=' after a key in a key/value pair."),
    ],
    ids=["endless depth", "depth", "dots", "digits", "flood", "infinite", "cut off"],
)
def test_a_hostile_toml_document_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidEstate) as caught:
        parse_estate(text.encode(), "estate.toml")
    assert caught.value.message == words


@pytest.mark.slow
def test_a_flood_of_values_is_refused_in_words() -> None:
    with pytest.raises(InvalidEstate, match="more than 200,000 values"):
        parse_estate(b"- x\n" * 200_001, "estate.yaml")


def test_a_document_over_the_size_limit_is_refused_unread() -> None:
    with pytest.raises(InvalidEstate, match="larger than 8 MiB"):
        parse_estate(b"\x00" * (MAX_DOCUMENT_BYTES + 1), "estate.yaml")


def test_bytes_that_are_not_text_are_refused_with_their_line() -> None:
    with pytest.raises(InvalidEstate, match="Line 3: the document is not UTF-8 text"):
        parse_estate(b"a: 1\nb: 2\nc: \xff\n", "estate.yaml")


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["e.yaml", "e.toml"]))
def test_arbitrary_bytes_are_refused_in_words_or_read(data: bytes, file_name: str) -> None:
    with contextlib.suppress(InvalidEstate):
        parse_estate(data, file_name)


@settings(deadline=None)
@given(
    position=st.integers(0, len(DOCUMENT)),
    length=st.integers(0, 12),
    noise=st.text(max_size=8),
    form=st.sampled_from([(DOCUMENT, "e.yaml"), (TOML_DOCUMENT, "e.toml")]),
)
def test_a_damaged_document_is_refused_in_words_or_read(
    position: int, length: int, noise: str, form: tuple[str, str]
) -> None:
    text, file_name = form
    damaged = text[:position] + noise + text[position + length :]
    with contextlib.suppress(InvalidEstate):
        parse_estate(damaged.encode("utf-8", "replace"), file_name)


def test_what_a_message_quotes_is_short_and_visible() -> None:
    assert quoted("\x1b[2J" + "x" * 500) == "“[2J" + "x" * 56 + "…”"
    assert quoted("a\nb") == "“a b”"
