"""A day judged: alike as it goes on and in one piece, with from when to when, and by which signs."""

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.analysis.detection import DAY_MS, DAY_STEPS, STEP_MS, DayWatch
from quarterdeck.domain.anomalies import Anomaly, Detector

Values = npt.NDArray[np.float64]
DAY = 20_000 * DAY_MS
PAST = 14 * DAY_STEPS


def wave(seed: int = 4, days: int = 15) -> Values:
    rng = np.random.default_rng(seed)
    place = np.arange(days * DAY_STEPS)
    return 100 + 30 * np.sin(2 * np.pi * place / DAY_STEPS) + rng.normal(0, 2, len(place))


def several() -> Values:
    """A quiet one, one that shifts, one with a spike, one with gaps, one that comes hourly, one without a sample."""
    rows = np.stack([wave(seed) for seed in range(6)])
    rows[1, PAST + 100 :] += 120
    rows[2, PAST + 150] += 400
    rows[3, np.random.default_rng(1).random(rows.shape[1]) < 0.3] = np.nan
    rows[3, PAST + 200 : PAST + 230] += 150
    rows[4, np.arange(rows.shape[1]) % 12 != 0] = np.nan
    rows[5] = np.nan
    return rows


def judged(rows: Values, steps: int) -> list[tuple[Anomaly, ...]]:
    watch = DayWatch.after(rows[:, :PAST], DAY, range(len(rows)))
    for begin in range(PAST, rows.shape[1], steps):
        watch.take(rows[:, begin : begin + steps])
    return [watch.anomalies(series) for series in range(len(rows))]


@pytest.mark.parametrize("steps", [1, 13, 100])
def test_a_day_followed_as_it_goes_on_is_told_as_in_one_piece(steps: int) -> None:
    rows = several()
    whole = judged(rows, DAY_STEPS)
    assert judged(rows, steps) == whole
    assert sum(map(len, whole)) >= 3


def test_what_is_told_of_a_series_does_not_hang_on_those_beside_it() -> None:
    rows = several()
    beside = judged(rows, DAY_STEPS)
    for row in range(4):
        (alone,) = judged(rows[row : row + 1], DAY_STEPS)
        assert [(one.from_ms, one.to_ms, one.fired) for one in alone] == [
            (one.from_ms, one.to_ms, one.fired) for one in beside[row]
        ]


def test_quiet_series_and_those_without_a_sample_have_no_anomaly() -> None:
    found = judged(several(), DAY_STEPS)
    assert found[0] == ()
    assert found[5] == ()


def test_a_shift_is_told_from_its_first_step_and_still_goes_on() -> None:
    (first, *_) = judged(several(), DAY_STEPS)[1]
    assert first.from_ms == DAY + 100 * STEP_MS
    assert not first.ended
    assert first.to_ms == DAY + DAY_MS
    assert {Detector.LEVEL, Detector.SHIFT, Detector.SEASON} <= {one.detector for one in first.fired}
    assert first.high is not None
    assert first.value > first.high


def test_a_spike_is_told_as_one_and_is_over() -> None:
    (spike,) = judged(several(), DAY_STEPS)[2]
    assert spike.from_ms == DAY + 150 * STEP_MS
    assert spike.ended
    assert Detector.SPIKE in {one.detector for one in spike.fired}
    assert spike.known_ms == spike.from_ms + STEP_MS


def test_a_course_of_the_wrong_hour_is_told_as_outside_its_season() -> None:
    values = wave()
    values[PAST + 60 : PAST + 84] = values[PAST + 60 : PAST + 84] - 55
    found = judged(values[np.newaxis], DAY_STEPS)[0]
    assert Detector.SEASON in {one.detector for span in found for one in span.fired}


def test_what_began_before_midnight_is_told_of_the_next_day_too() -> None:
    values = wave()
    values[PAST - 4 :] += 150
    (found, *_) = judged(values[np.newaxis], DAY_STEPS)[0]
    assert found.from_ms == DAY - 4 * STEP_MS
    assert found.to_ms > DAY


def test_too_short_a_past_tells_nothing() -> None:
    values = wave()[np.newaxis, PAST - 100 :]
    watch = DayWatch.after(values[:, :100], DAY, [7])
    values[0, 200:] += 500
    watch.take(values[:, 100:300])
    assert watch.anomalies(7) == ()
