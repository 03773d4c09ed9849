"""Words for domains and instants."""

from datetime import datetime, timedelta

from quarterdeck.services.wording import domain_words, moment_words

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
