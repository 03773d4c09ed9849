"""A start comes back to where the console was left, and garbage is a first start."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.kept_place import kept_place, noted
from quarterdeck.ui.shell.places import DEFAULT_RANGE, Fixed, Place, Rolling, with_play_head, with_range
from quarterdeck.ui.shell.window_memory import WindowMemory

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
KNOWN = ("overview", "integrations")
YESTERDAY = TimeRange(NOW - timedelta(hours=26), NOW - timedelta(hours=24))
PAYMENTS = "integration/payments"


def back(place: Place) -> Place:
    """The place after an end and a start."""
    return kept_place(noted(WindowMemory(), place), KNOWN, LATER)


def test_panel_selection_and_rolling_range_come_back() -> None:
    place = Place("integrations", PAYMENTS, extent=Rolling(900.0))
    assert back(place) == place


def test_a_range_between_two_instants_comes_back_at_its_end() -> None:
    returned = back(with_range(Place("overview", PAYMENTS), Fixed(YESTERDAY), NOW))
    assert returned.extent == Fixed(YESTERDAY)
    assert (returned.at, returned.entity_key) == (YESTERDAY.end_at, PAYMENTS)


def test_a_rolling_range_forgets_the_fixed_one_before_it() -> None:
    fixed = noted(WindowMemory(), with_range(Place("overview"), Fixed(YESTERDAY), NOW))
    rolling = noted(fixed, Place("overview", extent=Rolling(900.0)))
    assert kept_place(rolling, KNOWN, LATER).extent == Rolling(900.0)


def test_the_play_head_is_live_after_a_start() -> None:
    assert back(with_play_head(Place("overview"), NOW - timedelta(hours=1), NOW)).is_live


def test_a_wanted_panel_goes_before_the_remembered_one() -> None:
    memory = noted(WindowMemory(), Place("integrations"))
    assert kept_place(memory, KNOWN, NOW, wanted_panel="overview").panel_id == "overview"


@pytest.mark.parametrize(
    ("range_from", "range_to"),
    [
        ("yesterday", "today"),
        ("2026-11-23T08:00:00", "2026-11-23T09:00:00"),
        ("2026-11-23T09:00:00+00:00", "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T09:00:00+00:00", "2026-11-23T09:00:00+00:00"),
        ("2026-11-23T09:00:00+00:00", "2027-01-01T09:00:00+00:00"),
        ("2026-11-23T09:00:00+00:00", ""),
    ],
)
def test_what_cannot_be_a_range_is_the_usual_one(range_from: str, range_to: str) -> None:
    memory = replace(WindowMemory(), range_from=range_from, range_to=range_to)
    place = kept_place(memory, KNOWN, NOW)
    assert place.extent == DEFAULT_RANGE
    assert place.is_live
