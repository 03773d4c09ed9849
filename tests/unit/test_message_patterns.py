"""Message patterns: one for all that differ in values alone, several where other things happened."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.message_patterns import (
    MOST_BESIDE,
    MOST_CHARACTERS,
    MOST_PATTERNS,
    MOST_WORDS,
    Miner,
    Pattern,
    mined,
    template_of,
    words_of,
)
from tests.bench.accuracy.patterns import grouping_accuracy


def patterns_of(*messages: str) -> tuple[Pattern, ...]:
    return mined([(message, 0) for message in messages], split_ms=0)


def template(*messages: str) -> str:
    (pattern,) = patterns_of(*messages)
    return pattern.template


def test_messages_that_differ_in_a_number_are_of_one_pattern() -> None:
    assert template("queue depth 900", "queue depth 17") == "queue depth <number>"


def test_a_word_that_differs_becomes_a_place_for_anything() -> None:
    found = template("token for client anna refreshed", "token for client bob refreshed")
    assert found == "token for client <*> refreshed"


def test_other_things_that_happened_are_other_patterns() -> None:
    assert len(patterns_of("circuit breaker for core opened", "circuit breaker for core closed")) == 2


def test_messages_that_share_little_are_apart() -> None:
    assert len(patterns_of("disk is nearly full today", "disk sda has bad sectors")) == 2


def test_a_name_of_two_words_joins_those_of_one() -> None:
    names = ("northwind", "clearpay", "acme bank", "first mutual")
    found = patterns_of(*(f"rate limit of 30 requests per minute reached for partner {name}" for name in names))
    assert [pattern.count for pattern in found] == [4]


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        ("2026-11-05T20:20:00.123Z", "<time>"),
        ("Tue Nov 24 02:28:21 UTC 2026", "<time>"),
        ("02:28:21", "<time>"),
        ("97d077d8-1532-fbca-18c6-2dbac5f4a92a", "<id>"),
        ("PAY-80193", "<id>"),
        ("0x7f1e4b8bcff0", "<id>"),
        ("anna@example.com", "<address>"),
        ("https://api.example.com/v2?id=9", "<address>"),
        ("10.0.0.7:8080", "<address>"),
        ("/var/lib/bank/ach-3.csv", "<path>"),
        ("core-bank.example.com", "<name>"),
        ("-12.5", "<number>"),
        ("30 ms", "<number>"),
        ("45%", "<number>"),
        ("x1y2", "<*>"),
    ],
)
def test_what_is_plainly_a_value_is_masked(value: str, mask: str) -> None:
    assert words_of(f"got {value} back") == ["got", mask, "back"]


def test_counts_before_and_now_are_told_with_first_and_last_and_an_example() -> None:
    messages = [
        ("payment 1 failed", 50),
        ("payment 2 failed", 10),
        ("payment 3 failed", 150),
        ("payment 4 failed", 120),
    ]
    (found,) = mined(messages, split_ms=100)
    assert (found.before, found.now, found.count) == (2, 2, 4)
    assert (found.first_ms, found.last_ms, found.example) == (10, 150, "payment 3 failed")


def test_the_most_frequent_now_stands_first() -> None:
    found = mined([("a old thing", 0)] * 5 + [("something new", 9)], split_ms=5)
    assert [pattern.template for pattern in found] == ["something new", "a old thing"]


def test_signs_stand_close_to_what_they_belong_to() -> None:
    assert template_of(words_of("failed: key=abc (code), [x]")) == "failed: key=abc (code), [x]"


def test_an_empty_message_is_a_pattern_of_its_own() -> None:
    assert patterns_of("", "   ")[0].count == 2


def test_signs_alone_are_alike() -> None:
    assert patterns_of(": ,", ": ;")[0].count == 2


def test_what_a_message_says_after_its_beginning_does_not_count() -> None:
    assert len(words_of("word " * 10_000)) == MOST_WORDS
    assert words_of("x" * MOST_CHARACTERS + "y") == ["x" * MOST_CHARACTERS]


def test_the_pattern_not_seen_for_longest_is_let_go() -> None:
    miner = Miner(0)
    first = miner.take("alpha", 0)
    for place in range(MOST_PATTERNS):
        miner.take("".join(chr(97 + int(digit)) for digit in str(place)) + " zz" * (place % 7), 0)
    assert len(miner.joined()) <= MOST_PATTERNS
    assert first not in miner.joined()


def test_a_pattern_let_go_leaves_its_neighbours() -> None:
    miner = Miner(0)
    miner.take("same words here", 0)
    kept = miner.take("same wholly other", 0)
    for place in range(MOST_PATTERNS - 1):
        miner.take("b" + "".join(chr(97 + int(digit)) for digit in str(place)), 0)
    assert kept in miner.joined()


@given(st.lists(st.text(max_size=200), max_size=30))
def test_every_message_is_counted_once(messages: list[str]) -> None:
    assert sum(pattern.count for pattern in patterns_of(*messages)) == len(messages)


@given(st.lists(st.tuples(st.text(max_size=60), st.integers(0, 100)), max_size=20))
def test_first_and_last_are_in_order(messages: list[tuple[str, int]]) -> None:
    assert all(pattern.first_ms <= pattern.last_ms for pattern in mined(messages, split_ms=50))


def test_a_group_that_misses_one_of_its_kind_is_not_accurate() -> None:
    assert grouping_accuracy([1, 1, 2, 3, 3], ["a", "a", "a", "b", "b"]) == 0.4


def test_what_is_like_no_other_joins_the_last_of_those_that_begin_alike() -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    distinct = [f"x {a}{b} {b}{a} {a}{a}{b} {b}{b}{a}" for a in alphabet for b in alphabet if a != b]
    patterns = patterns_of(*distinct)
    assert len(patterns) <= MOST_BESIDE
    assert sum(pattern.count for pattern in patterns) == len(distinct)


def test_an_example_of_a_very_long_message_is_its_beginning() -> None:
    (pattern,) = patterns_of("a" * 3_000_000)
    assert pattern.example == "a" * MOST_CHARACTERS


@pytest.mark.parametrize("piece", ["a-", "a.", "a-1", "a.b-", "/", "@", "1,", "ab ", "0a", "\0", "=", "<"])
def test_a_message_made_to_be_slow_costs_no_more_than_milliseconds(piece: str) -> None:
    hostile = piece * 500_000
    started = time.process_time()
    for _ in range(20):
        words_of(hostile)
    assert time.process_time() - started < 1.0
