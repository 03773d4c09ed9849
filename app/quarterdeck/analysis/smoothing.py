"""Exponential smoothing of series at equal steps: every setting of a grid at once, the one that foretold best is kept.

Additive errors throughout: Hyndman, Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing", 2008, chapter 2;
trend damped (A, Ad, N) and season (A, N, A).
"""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

_TREND_GRID = np.array(list(product((0.02, 0.05, 0.1, 0.2, 0.4, 0.7), (0.0, 0.01, 0.05, 0.2), (0.9, 0.98)))).T
_SEASON_GRID = np.array(list(product((0.02, 0.05, 0.1, 0.2, 0.4), (0.02, 0.1, 0.3)))).T
_WARM_SHARE = 4
"""The first quarter of a series teaches the states and is not scored."""


def damped_trend(history: Values, horizon: int) -> Values:
    """The next values (horizon) of a level with a trend that fades; history (n) has at least two values."""
    level_weight, trend_weight, damping = _TREND_GRID
    level = np.full(len(level_weight), float(np.mean(history[: max(1, len(history) // 10)])))
    trend, errors = np.zeros_like(level), np.zeros_like(level)
    warm = len(history) // _WARM_SHARE
    for place, value in enumerate(history.tolist()):
        error = value - level - damping * trend
        if place >= warm:
            errors += error * error
        level = level + damping * trend + level_weight * error
        trend = damping * trend + level_weight * trend_weight * error
    best = int(np.argmin(errors))
    fades = np.cumsum(damping[best] ** np.arange(1, horizon + 1))
    return level[best] + trend[best] * fades


def seasonal_level(history: Values, horizon: int, period: int) -> Values:
    """The next values (horizon) of a level with a season of so many steps; history has at least two periods."""
    level_weight, season_weight = _SEASON_GRID
    first = history[: 2 * period].reshape(2, period).mean(axis=0)
    level = np.full(len(level_weight), float(first.mean()))
    seasons = np.repeat((first - first.mean())[:, np.newaxis], len(level_weight), axis=1)
    errors = np.zeros_like(level)
    warm = len(history) // _WARM_SHARE
    for place, value in enumerate(history.tolist()):
        season = seasons[place % period]
        error = value - level - season
        if place >= warm:
            errors += error * error
        level = level + level_weight * error
        seasons[place % period] = season + season_weight * error
    best = int(np.argmin(errors))
    places = (len(history) + np.arange(horizon)) % period
    return level[best] + seasons[places, best]
