"""When a budget will be spent, if what was measured lately goes on: a moving block bootstrap.

Source of the method: Künsch, "The jackknife and the bootstrap for general stationary observations", Annals of
Statistics 17 (1989). Outages come in runs, so what comes next is drawn in blocks of what was; each draw is one future,
and the interval is what eight of ten futures agree on. In a rolling window what is old falls out while new comes in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.objective_ledger import ObjectiveLedger
from quarterdeck.domain.objective_ledger import Basis

STEPS = 336
"""Into so many steps a window is cut: two hours of four weeks."""

_BLOCK = 12
_FEWEST = 3 * _BLOCK
_FUTURES = 500
_AGREED = 0.9
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.9
_SEED = 1989
Steps = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BudgetForecast:
    """When the budget is spent: in the middle of futures, with the interval that holds eight of ten; in microseconds.

    All None where fewer than nine of ten futures spend it within a window's length: then there is no date. `share` is
    how many of them do, None where too little was measured to say anything.
    """

    share: float | None
    at_us: int | None = None
    early_us: int | None = None
    late_us: int | None = None


@dataclass(frozen=True, slots=True)
class BudgetCourse:
    """What a forecast is asked of: the target, the whole window's length, and up to when a calendar window lasts."""

    target: float
    window_us: int
    ends_us: int | None = None


def budget_forecast(ledger: ObjectiveLedger, course: BudgetCourse) -> BudgetForecast:
    """When the budget of a ledger will be spent that is not spent yet at its end."""
    step_us = max(course.window_us // STEPS, 1)
    end_us = int(ledger.edges_us[-1])
    past = min(STEPS, (end_us - int(ledger.edges_us[0])) // step_us)
    bad, counted = ledger.amounts(end_us - step_us * np.arange(past, -1, -1, dtype=np.int64))
    recent = max(_FEWEST, STEPS // 4)
    kept = np.flatnonzero(counted > 0)[-recent:]
    if len(kept) < _FEWEST or course.target >= 1:
        return BudgetForecast(None)
    ahead = STEPS if course.ends_us is None else int((course.ends_us - end_us) // step_us)
    if ahead < 1:
        return BudgetForecast(0.0)
    drawn = kept[_drawn(len(kept), ahead)]
    sums = _rolling if course.ends_us is None else _growing
    bad_sums, counted_sums = sums(bad, bad[drawn]), sums(counted, counted[drawn])
    if course.ends_us is not None and ledger.basis is Basis.TIME:
        counted_sums = np.broadcast_to(counted_sums[:, -1:], counted_sums.shape)
    return _told(bad_sums > (1 - course.target) * counted_sums, end_us, step_us)


def _drawn(known: int, ahead: int) -> npt.NDArray[np.intp]:
    """Places (futures, ahead) among the steps that are known, in blocks."""
    blocks = -(-ahead // _BLOCK)
    starts = np.random.default_rng(_SEED).integers(0, known - _BLOCK + 1, (_FUTURES, blocks))
    places = starts[:, :, None] + np.arange(_BLOCK)
    return places.reshape(_FUTURES, -1)[:, :ahead]


def _rolling(past: Steps, future: Steps) -> Steps:
    """What the window holds after each step ahead, when it moves on with it."""
    whole = np.concatenate([np.broadcast_to(past, (len(future), len(past))), future], axis=1)
    whole = np.pad(whole, ((0, 0), (max(0, STEPS - len(past)) + 1, 0)))
    sums = np.cumsum(whole, axis=1)
    return (sums[:, STEPS:] - sums[:, :-STEPS])[:, -future.shape[1] :]


def _growing(past: Steps, future: Steps) -> Steps:
    """What the window holds after each step ahead, when it keeps its beginning."""
    return past.sum() + np.cumsum(future, axis=1)


def _told(is_spent: npt.NDArray[np.bool_], end_us: int, step_us: int) -> BudgetForecast:
    reached = is_spent.any(axis=1)
    share = float(reached.mean())
    if share < _AGREED:
        return BudgetForecast(share)
    first = np.sort(np.where(reached, is_spent.argmax(axis=1) + 1, np.iinfo(np.int32).max))
    at = [end_us + step_us * int(first[int(q * (len(first) - 1))]) for q in (_MIDDLE, _LOW, _HIGH)]
    return BudgetForecast(share, *at)
