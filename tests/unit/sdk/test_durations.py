"""Durations as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.sdk.durations import duration_text, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45.0),
        ("10min", 600.0),
        ("2h", 7200.0),
        ("9d", 777_600.0),
        (" 1.5 H ", 5400.0),
        ("90", 90.0),
        ("500ms", 0.5),
    ],
)
def test_a_duration_is_a_number_with_a_unit_or_seconds(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "10m", "-5s", "1h30", "1 fortnight", "1e9", "nan", "٣s"])
def test_what_is_no_duration_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]{3}"):
        parse_duration(text)


@settings(deadline=None)
@given(st.integers(1, 10**9))
def test_whole_seconds_are_written_so_that_they_are_read_back(seconds: int) -> None:
    assert parse_duration(str(duration_text(float(seconds)))) == seconds


def test_a_broken_second_is_written_as_a_number() -> None:
    assert duration_text(1.25) == 1.25
    assert duration_text(0.0) == 0.0
