"""The expected range: holds what follows as often as it says, whatever outliers and gaps the past had."""

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.analysis.expected_range import (
    HISTORY_MS,
    Band,
    ExpectedRange,
    Side,
    departures,
    expected_range,
)
from quarterdeck.analysis.seasons import HOUR_MS, SeasonKind

Values = npt.NDArray[np.float64]
Instants = npt.NDArray[np.int64]
DAY_MS = 24 * HOUR_MS
START_MS = 1_704_067_200_000
"""Monday, 2024-01-01 00:00 UTC."""
STEP_MS = 300_000


def instants(days: int) -> Instants:
    return START_MS + np.arange(days * DAY_MS // STEP_MS, dtype=np.int64) * STEP_MS


def wave(times_ms: Instants, seed: int = 1) -> Values:
    noise = np.random.default_rng(seed).normal(0, 4, len(times_ms))
    return 100 + 40 * np.sin((times_ms - START_MS) * 2 * np.pi / DAY_MS) + noise


def learnt(times_ms: Instants, values: Values, days: int) -> ExpectedRange:
    found = expected_range(times_ms, values, until_ms=START_MS + days * DAY_MS)
    assert found is not None
    return found


def share_inside(found: ExpectedRange, times_ms: Instants, values: Values) -> float:
    band = found.at(times_ms)
    return float(np.mean((values >= band.low) & (values <= band.high)))


def test_what_follows_lies_inside_as_often_as_the_past_days_did() -> None:
    times_ms = instants(21)
    values = wave(times_ms)
    found = learnt(times_ms, values, 14)
    later = times_ms >= START_MS + 14 * DAY_MS
    assert found.season.kind is SeasonKind.HOUR_OF_DAY
    assert found.coverage == pytest.approx(0.98, abs=0.02)
    assert share_inside(found, times_ms[later], values[later]) == pytest.approx(0.98, abs=0.02)


def test_only_the_past_is_learnt_from() -> None:
    times_ms = instants(14)
    values = wave(times_ms)
    changed = np.where(times_ms >= START_MS + 10 * DAY_MS, 1e6, values)
    one, other = learnt(times_ms, values, 10), learnt(times_ms, changed, 10)
    assert np.array_equal(one.at(times_ms).high, other.at(times_ms).high)


def test_older_samples_than_six_weeks_change_nothing() -> None:
    times_ms = instants(60)
    values = wave(times_ms)
    changed = np.where(times_ms < START_MS + 50 * DAY_MS - HISTORY_MS, 0.0, values)
    assert np.array_equal(learnt(times_ms, values, 50).at(times_ms).low, learnt(times_ms, changed, 50).at(times_ms).low)


def test_outliers_do_not_widen_the_range() -> None:
    times_ms = instants(14)
    values = wave(times_ms)
    disturbed = values.copy()
    disturbed[::211] += 1e5
    plain, robust = (learnt(times_ms, one, 14).at(times_ms) for one in (values, disturbed))
    assert np.mean(robust.high - robust.low) < 1.3 * np.mean(plain.high - plain.low)


def test_gaps_leave_the_range_as_it_is() -> None:
    times_ms = instants(14)
    values = wave(times_ms)
    gapped = values.copy()
    gapped[1000:1300] = np.nan
    found, plain = learnt(times_ms, gapped, 14), learnt(times_ms, values, 14)
    assert found.at(times_ms).centre == pytest.approx(plain.at(times_ms).centre, abs=5)
    assert found.samples == len(values) - 300


def test_a_new_level_is_expected_a_day_later() -> None:
    times_ms = instants(16)
    values = wave(times_ms) + np.where(times_ms >= START_MS + 13 * DAY_MS, 500, 0)
    centre = learnt(times_ms, values, 14).at(times_ms[-288:]).centre
    assert np.median(centre) == pytest.approx(600, abs=15)


def test_a_flat_series_has_a_range_without_width() -> None:
    times_ms = instants(7)
    band = learnt(times_ms, np.full(len(times_ms), 5.0), 7).at(times_ms)
    assert band.low == pytest.approx(band.high)


def test_what_was_never_negative_is_not_expected_to_be() -> None:
    times_ms = instants(14)
    values = np.random.default_rng(2).exponential(3, len(times_ms))
    assert learnt(times_ms, values, 14).at(times_ms).low.min() == 0


def test_a_single_day_gives_a_range_that_was_not_tried() -> None:
    times_ms = instants(1)
    found = learnt(times_ms, wave(times_ms), 1)
    assert found.coverage is None
    assert found.season.kind is SeasonKind.NONE


def test_two_days_give_a_range_tried_on_one() -> None:
    times_ms = instants(2)
    assert learnt(times_ms, wave(times_ms), 2).coverage is None


@pytest.mark.parametrize("count", [0, 10, 200])
def test_too_little_history_has_no_range(count: int) -> None:
    times_ms = instants(7)[:count]
    assert expected_range(times_ms, wave(times_ms), until_ms=START_MS + 7 * DAY_MS) is None


def band_of(length: int) -> Band:
    return Band(np.full(length, -1.0), np.zeros(length), np.full(length, 2.0))


def test_stretches_outside_are_told_with_their_side_and_worst_sample() -> None:
    values = np.array([0, 3, 8, 4, 0, -2, -3, 0, 5], np.float64)
    first, second = departures(np.arange(9), values, band_of(9), least=2)
    assert (first.side, first.from_ms, first.to_ms, first.samples) == (Side.ABOVE, 1, 3, 3)
    assert (first.worst_value, first.worst_bound, first.reach) == (8, 2, 4)
    assert (second.side, second.from_ms, second.to_ms, second.worst_value) == (Side.BELOW, 5, 6, -3)


def test_crossing_from_one_side_to_the_other_makes_two_stretches() -> None:
    found = departures(np.arange(4), np.array([9.0, 9, -9, -9]), band_of(4), least=1)
    assert [one.side for one in found] == [Side.ABOVE, Side.BELOW]


def test_a_missing_sample_does_not_end_a_stretch() -> None:
    (found,) = departures(np.arange(5), np.array([0, 9, np.nan, 9, 0]), band_of(5), least=2)
    assert (found.from_ms, found.to_ms, found.samples) == (1, 3, 2)


def test_nothing_measured_departs_from_nothing() -> None:
    assert departures(np.arange(3), np.full(3, np.nan), band_of(3), least=1) == []


def test_leaving_a_range_without_width_has_a_bounded_reach() -> None:
    flat = Band(np.zeros(1), np.zeros(1), np.zeros(1))
    (found,) = departures(np.arange(1), np.array([1.0]), flat, least=1)
    assert np.isfinite(found.reach)


def test_a_day_without_samples_is_not_tried() -> None:
    times_ms = instants(10)
    kept = (times_ms < START_MS + 7 * DAY_MS) | (times_ms >= START_MS + 8 * DAY_MS)
    found = learnt(times_ms[kept], wave(times_ms)[kept], 10)
    assert found.coverage == pytest.approx(0.98, abs=0.02)


def test_what_was_negative_may_be_again() -> None:
    times_ms = instants(14)
    assert learnt(times_ms, wave(times_ms) - 100, 14).at(times_ms).low.min() < 0


def test_the_range_has_no_steps_between_the_hours() -> None:
    times_ms = instants(14)
    busy_noise = np.where(times_ms // HOUR_MS % 24 == 12, 20.0, 1.0)
    values = 100 + np.random.default_rng(3).normal(0, 1, len(times_ms)) * busy_noise
    found = learnt(times_ms, values, 14)
    band = found.at(np.arange(START_MS, START_MS + DAY_MS, 60_000, dtype=np.int64))
    width = band.high - band.low
    assert np.abs(np.diff(width)).max() < 0.05 * width.max()
    assert width.max() > 5 * width.min()
