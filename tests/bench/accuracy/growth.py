"""Dates of exhaustion: how far off they are, how often their intervals hold, and how many are told of what is flat."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.exhaustion import outlook
from tests.bench.accuracy.figures import Figure

Values = npt.NDArray[np.float64]

SEED = 5_161
COUNT, QUICK_COUNT = 400, 60
DAYS = 120
HALF_DAY = 0.5
"""A day's value is that of its noon, and from the last noon the days are counted."""
KINDS = ("linear", "kink", "flat")


@dataclass(frozen=True, slots=True, eq=False)
class Filling:
    """A store that fills: one value a day (NaN in gaps), its limit, and in how many days the limit is truly met."""

    values: Values
    limit: float
    truth: float


@dataclass(frozen=True, slots=True)
class Dated:
    """What was told of one: the error in percent of the truth (inf for no date), and whether the interval held."""

    error: float
    held: bool
    told: bool


def filling(kind: str, seed: int) -> Filling:
    """Hourly use with a day's and a week's wave, correlated noise, outliers and gaps, brought to daily medians."""
    rng = np.random.default_rng(seed)
    hours = np.arange(DAYS * 24)
    pace = rng.uniform(0.5, 3.0)
    earlier = pace * rng.uniform(0.1, 0.6) if kind == "kink" else pace
    knot = DAYS * rng.uniform(0.35, 0.75) if kind == "kink" else 0.0
    day = hours / 24
    trend = 200 + earlier * np.minimum(day, knot) + pace * np.maximum(0, day - knot)
    if kind == "flat":
        trend = np.full(len(hours), 200.0)
    noise = np.zeros(len(hours))
    steps = rng.normal(0, rng.uniform(0.5, 2.0), len(hours))
    for place in range(1, len(hours)):
        noise[place] = 0.9 * noise[place - 1] + steps[place]
    wave = rng.uniform(0, 6) * np.sin(2 * np.pi * day) + rng.uniform(0, 8) * (day % 7 >= 5)
    values = trend + noise + wave
    outliers = rng.random(len(hours)) < 0.01
    values[outliers] *= rng.choice([0.2, 1.8], outliers.sum())
    for _ in range(3):
        begin = int(rng.integers(0, len(hours) - 100))
        values[begin : begin + int(rng.integers(12, 96))] = np.nan
    days = values.reshape(DAYS, 24)
    gaps = np.isnan(days).all(axis=1)
    daily = np.full(DAYS, np.nan)
    daily[~gaps] = np.nanmedian(days[~gaps], axis=1)
    left = rng.uniform(10, 100)
    centre = float(np.mean(wave[:168]))
    return Filling(daily, float(trend[-1]) + centre + pace * (left - HALF_DAY), left)


def dated(seed: int, kind: str) -> Dated:
    """One store of a kind, and what is told of it."""
    made = filling(kind, seed)
    found = outlook(np.arange(DAYS, dtype=np.float64) + 0.5, made.values, made.limit)
    told = found.exhaustion if found is not None else None
    if told is None:
        return Dated(np.inf, held=False, told=False)
    held = told.earliest <= made.truth <= told.latest
    return Dated(100 * abs(told.days - made.truth) / made.truth, held, told=True)


def exhaustion_figures(pool: Executor, *, quick: bool) -> Iterator[Figure]:
    """Of every kind alike many."""
    count = QUICK_COUNT if quick else COUNT
    found = {kind: list(pool.map(partial(dated, kind=kind), range(SEED, SEED + count), chunksize=20)) for kind in KINDS}
    growing = [one for kind in ("linear", "kink") for one in found[kind]]
    errors = np.array([one.error for one in growing])
    title = "date of exhaustion, median error in %"
    yield Figure(title, float(np.median(errors)), high=4, key="exhaustion_median_error_percent")
    for kind in ("linear", "kink"):
        yield Figure(f"  {kind}, median error in %", float(np.median([one.error for one in found[kind]])), high=4)
    yield Figure("  share within 20%", float(np.mean(errors <= 20)), low=0.9)
    yield Figure("  share of growing ones with a date", float(np.mean([one.told for one in growing])))
    yield Figure("  dates told of what is flat, %", 100 * float(np.mean([one.told for one in found["flat"]])), high=1)
    held = {kind: [one.held for one in found[kind] if one.told] for kind in ("linear", "kink")}
    coverage = float(np.mean([*held["linear"], *held["kink"]]))
    yield Figure("nominal 80% intervals of dates cover", coverage, 0.72, 0.88, key="interval_coverage")
    for kind, values in held.items():
        yield Figure(f"  {kind}", float(np.mean(values)), 0.72, 0.88)
