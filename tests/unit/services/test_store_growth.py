"""How fast a store grows and when it will be full, from notes of its size."""

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.services.store_growth import RetentionPolicy, SizeNote, growth

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def notes(*sizes: tuple[float, int]) -> list[SizeNote]:
    """Sizes at so many days before now."""
    return [SizeNote(NOW - timedelta(days=days), size_bytes) for days, size_bytes in sizes]


def test_a_store_that_grows_evenly_is_full_when_the_line_says() -> None:
    found = growth(notes((2, 100), (1, 200), (0, 300)), RetentionPolicy(limit_bytes=800))
    assert found.bytes_per_day == pytest.approx(100)
    assert found.days_left == pytest.approx(5)
    assert found.is_warning


def test_a_week_or_less_is_a_warning_and_more_is_none() -> None:
    grown = notes((2, 100), (0, 300))
    assert growth(grown, RetentionPolicy(limit_bytes=1000)).is_warning
    assert not growth(grown, RetentionPolicy(limit_bytes=1001)).is_warning


def test_growth_is_unknown_until_the_notes_span_some_hours() -> None:
    found = growth(notes((0.1, 100), (0, 300)), RetentionPolicy(limit_bytes=800))
    assert (found.bytes_per_day, found.days_left, found.is_warning) == (None, None, False)


def test_a_store_at_its_limit_has_no_day_left_however_it_grew() -> None:
    assert growth(notes((0, 800)), RetentionPolicy(limit_bytes=800)).days_left == 0


def test_without_a_limit_or_without_growth_there_is_no_date() -> None:
    assert growth(notes((2, 100), (0, 300)), RetentionPolicy()).days_left is None
    assert growth(notes((2, 300), (0, 300)), RetentionPolicy(limit_bytes=800)).days_left is None


def test_what_was_weeks_ago_does_not_bend_the_line() -> None:
    found = growth(notes((40, 10_000), (2, 100), (0, 300)), RetentionPolicy())
    assert found.bytes_per_day == pytest.approx(100)
