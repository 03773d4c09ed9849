"""Words for domains and instants."""

from datetime import datetime, timedelta

import pytest

from quarterdeck.domain.series import Meaning
from quarterdeck.services.wording import counted_words, domain_words, meaning_words, moment_words, quantities, quantity

NOON = datetime(2026, 11, 24, 12, 32).astimezone()


def test_a_domain_reads_as_a_heading() -> None:
    assert [domain_words(domain) for domain in ("bill_pay", "account", "SWIFT gpi", "")] == [
        "Bill Pay",
        "Account",
        "SWIFT Gpi",
        "",
    ]


def test_an_instant_of_today_is_told_by_the_clock_alone() -> None:
    assert moment_words(NOON, NOON) == "12:32"


def test_an_instant_of_another_day_or_year_names_it() -> None:
    assert moment_words(NOON - timedelta(days=2), NOON) == "22 Nov 12:32"
    assert moment_words(NOON.replace(year=2025), NOON) == "24 Nov 2025 12:32"


def test_the_time_that_was_counted_is_named_until_it_is_nearly_all() -> None:
    day = 86400
    assert [counted_words(seconds) for seconds in (0, 22 * 60, 28 * day, 29 * day)] == ["0 s", "22 min", "28 d", ""]


def test_only_a_signal_without_a_meaning_of_ours_bears_its_own_name() -> None:
    assert meaning_words(Meaning.OTHER, "p95", name="node_load1") == "p95 node_load1"
    assert meaning_words(Meaning.MEMORY, name="node_load1") == "memory in use"
    assert meaning_words(Meaning.OTHER) == "value"


@pytest.mark.parametrize(
    ("one", "other", "unit", "words"),
    [
        (0.1, 0.4, "s", ("100 ms", "400 ms")),
        (0.000086, 0.000143, "ratio", ("0.0086%", "0.0143%")),
        (0.5, 0.5, "ratio", ("50%", "50%")),
    ],
    ids=["apart", "alike", "equal"],
)
def test_two_numbers_are_told_with_as_many_digits_as_tell_them_apart(
    one: float, other: float, unit: str, words: tuple[str, str]
) -> None:
    assert quantities(one, other, unit) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.0031, "1/s", "0.003 /s"),
        (-0.0031, "1", "-0.003"),
        (0.000021, "ratio", "0.002%"),
        (0.0000001, "1/s", "under 0.00001 /s"),
        (0.0, "1/s", "0 /s"),
        (0.012, "1/s", "0.01 /s"),
    ],
)
def test_a_small_number_is_never_told_as_nought(value: float, unit: str, words: str) -> None:
    assert quantity(value, unit) == words
