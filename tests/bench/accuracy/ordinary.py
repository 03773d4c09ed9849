"""Generated series without anomalies, of the kinds that operations know: what thresholds are set on."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

DAY = 288
LENGTH = 28 * DAY


def ordinary_series(seed: int, rounds: int) -> Iterator[tuple[str, Values]]:
    """Four weeks at five minutes of every kind, so many times over."""
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        yield from _every_kind(rng)


def flat_series() -> Iterator[tuple[str, Values]]:
    """Series in which nothing happens: constants, and one that wavers in its last bits."""
    for level in (0.0, 1.0, 100.0, -3.5, 1e12):
        yield f"flat at {level:g}", np.full(LENGTH, level)
    yield "flat but for its last bits", 0.1 + np.random.default_rng(4).integers(0, 2, LENGTH) * 2**-52


def _every_kind(rng: np.random.Generator) -> Iterator[tuple[str, Values]]:
    place = np.arange(LENGTH)
    phase = rng.uniform(0, 2 * np.pi)
    turn = 2 * np.pi * place / DAY + phase
    daily = np.sin(turn) + 0.4 * np.sin(2 * turn + phase)
    weekend = np.where((place // DAY) % 7 >= 5, 0.4, 1.0)
    yield "white noise", rng.normal(10, 1, LENGTH)
    yield "correlated 0.7", 50 + _correlated(rng, 0.7, 1.0)
    yield "correlated 0.95", 50 + _correlated(rng, 0.95, 1.0)
    yield "daily", 100 + 30 * daily + rng.normal(0, 3, LENGTH)
    yield "daily, correlated", 100 + 30 * daily + _correlated(rng, 0.8, 3.0)
    yield "weekly", 100 + 60 * weekend * (1.5 + daily) + rng.normal(0, 4, LENGTH)
    yield "skewed", np.exp(rng.normal(0, 0.5, LENGTH)) * 80
    yield "daily, skewed", (2 + daily) * np.exp(rng.normal(0, 0.3, LENGTH)) * 80
    yield "small counts", rng.poisson(4, LENGTH).astype(np.float64)
    yield "daily counts", rng.poisson(20 * (1.6 + daily)).astype(np.float64)
    yield "percentage", np.clip(rng.normal(40, 8, LENGTH), 0, 100)
    yield "few values", np.round(5 + 0.6 * daily + rng.normal(0, 0.3, LENGTH))


def _correlated(rng: np.random.Generator, memory: float, spread: float) -> Values:
    steps = rng.normal(0, spread, LENGTH)
    values = np.zeros(LENGTH)
    for place in range(1, LENGTH):
        values[place] = memory * values[place - 1] + steps[place]
    return values
