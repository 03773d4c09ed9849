"""What watching every series costs: `python -m tests.bench.detection [--quick]`.

10,000 series, or 2,000 with `--quick`, get one sample a minute, and each sample is judged as it comes, which is more
than the collector does: it judges the means of five minutes. `detection_core_percent` is the processor time of that, of
one core, for 10,000 series. In the same run and on the same samples a plain exponentially weighted mean and spread is
kept beside it (`baseline_core_percent`), which knows no shape, shift or spike. Before the measured minutes each series
has learnt for a week of five-minute steps (2,016 samples), the longest past that the collector gives it; what the
learning takes is `warming_seconds_per_1000` series. `planted` spikes are in the measured minutes; `found` says how many
of them each way tells, `false` how many series it accuses that have none. The last line is one JSON object.
"""

import argparse
import json
import time

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.watches import Watches

Values = npt.NDArray[np.float64]

SERIES, QUICK_SERIES = 10_000, 2_000
TOGETHER = 64
"""So many series make up one set of columns, as in the collector."""
LEARNT = 2_016
MINUTES, QUICK_MINUTES = 10, 5
PLANTED_EVERY = 50
SPIKE = 200.0
HALF_LIFE = 400
BASELINE_THRESHOLD = 12.0


class Plain:
    """A plain exponentially weighted mean and spread of many series."""

    def __init__(self, rows: int) -> None:
        self._mean, self._variance = np.zeros(rows), np.ones(rows)

    def take(self, values: Values) -> npt.NDArray[np.bool_]:
        """Which of the next values (rows) are far from what is usual."""
        weight = 1 - 0.5 ** (1 / HALF_LIFE)
        step = values - self._mean
        is_far = np.abs(step) > BASELINE_THRESHOLD * np.sqrt(self._variance)
        self._mean += weight * step
        self._variance = (1 - weight) * (self._variance + weight * step * step)
        return is_far


def samples_of(series: int, minutes: int) -> tuple[Values, Values]:
    """What is learnt from (series, LEARNT) and what is measured (series, minutes), a spike in every fiftieth series."""
    rng = np.random.default_rng(20_261_125)
    levels = rng.uniform(50, 500, (series, 1))
    learnt, fresh = rng.normal(levels, 5, (series, LEARNT)), rng.normal(levels, 5, (series, minutes))
    fresh[::PLANTED_EVERY, minutes // 2] += SPIKE
    return learnt, fresh


def measured(series: int, minutes: int) -> dict[str, float]:
    """The figures."""
    learnt, fresh = samples_of(series, minutes)
    starts = range(0, series, TOGETHER)
    watched = [Watches(len(learnt[start : start + TOGETHER])) for start in starts]
    began = time.process_time()
    for watch, start in zip(watched, starts, strict=True):
        watch.take(learnt[start : start + TOGETHER])
    warming = time.process_time() - began
    accused = np.zeros(series, np.bool_)
    began = time.process_time()
    for minute in range(minutes):
        for watch, start in zip(watched, starts, strict=True):
            rows = slice(start, start + TOGETHER)
            accused[rows] |= watch.take(fresh[rows, minute : minute + 1]).is_alarm[:, 0]
    spent = time.process_time() - began
    plain, blamed = Plain(series), np.zeros(series, np.bool_)
    for values in learnt.T:
        plain.take(values)
    began = time.process_time()
    for minute in range(minutes):
        blamed |= plain.take(fresh[:, minute])
    baseline = time.process_time() - began
    whole = SERIES / series / (60.0 * minutes) * 100
    is_planted = np.arange(series) % PLANTED_EVERY == 0
    return {
        "detection_core_percent": round(spent * whole, 2),
        "baseline_core_percent": round(baseline * whole, 4),
        "warming_seconds_per_1000": round(1000 * warming / series, 1),
        "state_megabytes": round(sum(watch.nbytes for watch in watched) * SERIES / series / 1e6),
        "planted": int(is_planted.sum()),
        "found": int((accused & is_planted).sum()),
        "false": int((accused & ~is_planted).sum()),
        "baseline_found": int((blamed & is_planted).sum()),
        "baseline_false": int((blamed & ~is_planted).sum()),
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.detection", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    is_quick = parser.parse_args().quick
    figures = measured(QUICK_SERIES if is_quick else SERIES, QUICK_MINUTES if is_quick else MINUTES)
    for name, value in figures.items():
        print(f"{name:28} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
