"""A stretch in which numbers lay elsewhere than at the same time earlier, and seldom one where there is none."""

import numpy as np
import pytest

from quarterdeck.analysis.stretches import odd_stretch

STEPS = 96
DAY = 10 + 5 * np.sin(np.linspace(0, 6, STEPS))


def noisy(seed: int, spread: float = 0.1) -> np.ndarray:
    return DAY + spread * np.random.default_rng(seed).normal(size=STEPS)


def test_a_few_minutes_of_trouble_are_found_with_their_times_and_levels() -> None:
    earlier, later = noisy(1), noisy(2)
    later[40:44] += 6
    found = odd_stretch(earlier, later)
    assert found is not None
    assert (found.first, found.last) == (40, 43)
    assert found.after - found.before == pytest.approx(6, abs=0.4)
    assert found.before == float(np.median(earlier[40:44]))
    assert found.size > 10
    assert found.chance < 1e-3


def test_one_step_alone_is_no_stretch() -> None:
    later = noisy(2)
    later[40] += 6
    assert odd_stretch(noisy(1), later) is None


def test_steps_on_opposite_sides_are_no_stretch() -> None:
    later = noisy(2)
    later[40:42] += [6, -6]
    assert odd_stretch(noisy(1), later) is None


def test_gaps_end_a_stretch_and_too_few_numbers_tell_none() -> None:
    earlier, later = noisy(1), noisy(2)
    later[40:46] += 6
    later[42] = np.nan
    found = odd_stretch(earlier, later)
    assert found is not None
    assert found.first in {40, 43}
    assert odd_stretch(np.full(STEPS, np.nan), later) is None


def test_a_flat_line_that_jumps_for_a_while_is_a_stretch() -> None:
    later = np.ones(STEPS)
    later[10:14] = 3.0
    found = odd_stretch(np.ones(STEPS), later)
    assert found is not None
    assert (found.before, found.after) == (1.0, 3.0)


def test_numbers_beyond_measure_raise_nothing() -> None:
    huge = np.full(STEPS, 1e308)
    odd_stretch(-huge, huge)
    odd_stretch(np.zeros(STEPS), np.zeros(STEPS))


def test_ranges_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        odd_stretch(DAY, DAY[:-1])


@pytest.mark.parametrize("kind", ["normal", "heavy tails", "neighbours alike"])
def test_where_there_is_no_stretch_seldom_one_is_called_likely(kind: str) -> None:
    dice = np.random.default_rng(7)

    def noise() -> np.ndarray:
        if kind == "heavy tails":
            return dice.standard_t(3, STEPS)
        plain = dice.normal(size=STEPS)
        if kind == "normal":
            return plain
        for place in range(1, STEPS):
            plain[place] += 0.8 * plain[place - 1]
        return plain

    found = [odd_stretch(DAY + noise(), DAY + noise()) for _ in range(2_000)]
    called = sum(one is not None and one.chance <= 0.05 for one in found)
    assert called <= 0.05 * len(found)
