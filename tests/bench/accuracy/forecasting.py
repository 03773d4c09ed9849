"""Forecasts: how far off they are against repeating the last week, and what they cost."""

import time
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.forecasts import DAY, WEEK, filled, forecast
from tests.bench.accuracy.figures import Figure
from tests.bench.accuracy.hourly import generated_hourly, recorded_hourly

Values = npt.NDArray[np.float64]

SEED = 20_261
SERIES, QUICK_SERIES = 60, 12
ORIGINS = 6
RESOURCES = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """Mean absolute scaled errors over all origins of the forecast and of repeating, and the share its band held.

    Repeating the last day is the convention of the M4 competition for hourly series, and their errors are scaled by
    that of repeating it within the history; repeating the last week is the harder match where there is a weekly season.
    """

    ours: float
    day: float
    week: float
    held: float


def compared(history: Values, horizon: int) -> Compared | None:
    """A series foretold from several instants, each from what was before; None when it is too short for one."""
    values = filled(history)
    origins = [len(values) - horizon * number for number in range(1, ORIGINS + 1)]
    rounds = [_round(values, origin, horizon) for origin in origins if origin >= 2 * WEEK]
    return Compared(*np.mean(rounds, axis=0).tolist()) if rounds else None


def _round(values: Values, origin: int, horizon: int) -> tuple[float, float, float, float]:
    history, truth = values[:origin], values[origin : origin + horizon]
    scale = float(np.mean(np.abs(history[DAY:] - history[:-DAY])))
    told = forecast(history, horizon)
    if told is None:
        raise ValueError("two weeks are enough for a forecast")
    repeated = [np.resize(history[-season:], horizon) for season in (DAY, WEEK)]
    ours, day, week = (float(np.mean(np.abs(truth - one))) / scale for one in (told.centre, *repeated))
    return ours, day, week, float(np.mean((truth >= told.low) & (truth <= told.high)))


def forecast_figures(folder: Path | None, pool: Executor, *, quick: bool) -> Iterator[Figure]:
    """Over generated series, and those of a folder."""
    groups = [("generated", [values for _, values in generated_hourly(SEED, QUICK_SERIES if quick else SERIES)])]
    if folder is not None:
        groups.append(("recorded", [values for _, values in recorded_hourly(folder)]))
    results = [(title, _compared_all(series, pool)) for title, series in groups if series]
    every = [one for _, found in results for one in found]
    yield Figure(
        "forecast, scaled error against repeating the last day",
        _share(every, "day"),
        high=0.6,
        key="forecast_ratio",
        note=f"{len(every)} series; mean scaled error {_mean(every, 'ours'):.2f} against {_mean(every, 'day'):.2f}",
    )
    for title, found in results:
        yield Figure(f"  {title}, {len(found)} series", _share(found, "day"), high=0.6)
        yield Figure(f"  {title}, against repeating the last week", _share(found, "week"), high=0.6)
        yield Figure(f"  {title}, worst single series", max(one.ours / one.day for one in found), high=1.02)
        yield Figure(f"  {title}, share of hours in the 80% band", _mean(found, "held"), 0.72, 0.88)


def _mean(found: list[Compared], name: str) -> float:
    return float(np.mean([getattr(one, name) for one in found]))


def _share(found: list[Compared], name: str) -> float:
    return _mean(found, "ours") / _mean(found, name)


def _compared_all(series: list[Values], pool: Executor) -> list[Compared]:
    found = pool.map(partial(compared, horizon=WEEK), [one for one in series if len(one) >= 4 * WEEK], chunksize=4)
    short = pool.map(partial(compared, horizon=DAY), [one for one in series if len(one) < 4 * WEEK])
    return [one for one in (*found, *short) if one is not None]


def cost_figures(pool: Executor, *, quick: bool) -> Iterator[Figure]:
    """How long forecasts of 500 resources over a week take, back-tests included, on two cores."""
    count = RESOURCES // 10 if quick else RESOURCES
    series = [values for _, values in generated_hourly(SEED + 1, count)]
    started = time.perf_counter()
    spent = sum(pool.map(_seconds_spent, series, chunksize=10)) * RESOURCES / count
    note = f"{(time.perf_counter() - started) * RESOURCES / count:.0f} s by the clock, with what else ran meanwhile"
    yield Figure("forecasts of 500 resources on two cores, s of their own", spent / 2, high=60, note=note)


def _seconds_spent(history: Values) -> float:
    started = time.process_time()
    forecast(history, WEEK)
    return time.process_time() - started
