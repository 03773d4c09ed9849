"""Hourly series with a daily and a weekly season, as operations have them: generated, and read from any folder."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

WEEK = 168
HOUR_SECONDS = 3600.0
SHORT_STEP_SECONDS = 150.0
"""A record of a day or two is read at this step, at which an hour is one turn of 24."""
LEAST_SPAN_SECONDS = 21 * 24 * HOUR_SECONDS
LEAST_VALUES = 20


def generated_hourly(seed: int, count: int, *, weeks: int = 18) -> Iterator[tuple[str, Values]]:
    """Load with growth, slow drift, correlated noise, days off, and every week an outage or a burst of some hours."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        yield f"generated {number}", _series(rng, weeks)


def _series(rng: np.random.Generator, weeks: int) -> Values:
    length = weeks * WEEK
    hour = np.arange(length)
    turn = 2 * np.pi * hour / 24 + rng.uniform(0, 2 * np.pi)
    daily = np.sin(turn) + rng.uniform(0, 0.6) * np.sin(2 * turn + rng.uniform(0, 2 * np.pi))
    weekend = np.where(hour // 24 % 7 >= 5, rng.uniform(0.3, 0.9), 1.0)
    growth = 1 + rng.uniform(-0.01, 0.04) * hour / WEEK
    is_day_off = np.isin(hour // 24, rng.integers(0, weeks * 7, weeks // 5))
    weekend = np.where(is_day_off, weekend.min(), weekend)
    noise = np.zeros(length)
    steps, memory = rng.normal(0, rng.uniform(0.02, 0.06), length), rng.uniform(0.3, 0.9)
    for place in range(1, length):
        noise[place] = memory * noise[place - 1] + steps[place]
    drift = 1 + rng.uniform(0, 0.1) * np.sin(2 * np.pi * hour / (WEEK * rng.uniform(8, 20)))
    values = 100 * growth * drift * weekend * (1.6 + 0.8 * daily) * (1 + noise)
    for _ in range(weeks):
        begin = int(rng.integers(0, length - 12))
        values[begin : begin + int(rng.integers(1, 12))] *= rng.choice([0.05, 0.3, 2.5])
    return np.maximum(values, 0.0)


def recorded_hourly(folder: Path) -> Iterator[tuple[str, Values]]:
    """Every column of measurements in the folder's files of comma separated values, the first column being the time."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        seconds = np.array([_seconds(row[0]) for row in rows[1:]])
        long = seconds[-1] - seconds[0] >= LEAST_SPAN_SECONDS
        for number, name in enumerate(rows[0][1:], 1):
            values = np.array([_number(row[number]) for row in rows[1:]])
            if _is_measurement(values):
                step = HOUR_SECONDS if long else SHORT_STEP_SECONDS
                yield f"{path.stem}: {name[:40]}", _at_steps(seconds, values, step)


def _seconds(text: str) -> float:
    return float(text) if text.replace(".", "", 1).isdigit() else datetime.fromisoformat(text).timestamp()


def _number(text: str) -> float:
    return float(text) if text else np.nan


def _is_measurement(values: Values) -> bool:
    """Not a count of rare events: mostly above nothing, and of many values."""
    known = values[np.isfinite(values)]
    return len(np.unique(known)) >= LEAST_VALUES and float(np.mean(known == 0)) < 0.5


def _at_steps(seconds: Values, values: Values, step: float) -> Values:
    """The mean of each step, NaN where it has none."""
    place = ((seconds - seconds[0]) // step).astype(np.int64)
    known = np.isfinite(values)
    counts = np.bincount(place[known], minlength=place[-1] + 1)
    sums = np.bincount(place[known], weights=values[known], minlength=place[-1] + 1)
    return np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)[:-1]
