"""How much may go wrong, how much has, and how fast it goes.

Burn rate and its pairs of windows are those of The Site Reliability Workbook, chapter 5 "Alerting on SLOs", section 6
"Multiwindow, Multi-Burn-Rate Alerts", table 5-8: 2% of the budget within an hour, 5% within six, 10% within three days,
each held by a window of a twelfth. The rates 14.4, 6 and 1 there are those of 30 days; other windows have their
own, never below 1, at which the budget lasts exactly as long as the window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from quarterdeck.analysis.objective_ledger import Counts, ObjectiveLedger
from quarterdeck.domain.objective_ledger import Basis, Tally

_MINUTE_US = 60_000_000
_HOUR_US = 60 * _MINUTE_US


@dataclass(frozen=True, slots=True)
class BurnPair:
    """A long and a short window, and the share of the budget that may go within the long one before somebody looks."""

    long_us: int
    short_us: int
    budget_share: float


BURN_PAIRS = (
    BurnPair(_HOUR_US, 5 * _MINUTE_US, 0.02),
    BurnPair(6 * _HOUR_US, 30 * _MINUTE_US, 0.05),
    BurnPair(72 * _HOUR_US, 6 * _HOUR_US, 0.1),
)


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """What may be bad over the window, and what was: in seconds where time is counted, in events else."""

    basis: Basis
    allowed: float
    spent: float

    @property
    def spent_share(self) -> float | None:
        """The part of the budget that is spent, beyond 1 when it is overspent; None where nothing may go wrong."""
        return self.spent / self.allowed if self.allowed > 0 else None

    @property
    def left_share(self) -> float | None:
        """The part that is left, below 0 when it is overspent; None where nothing may go wrong."""
        share = self.spent_share
        return None if share is None else 1 - share


@dataclass(frozen=True, slots=True)
class Burn:
    """How many times faster than it may the budget goes in a pair of windows; None where nothing was counted.

    At `limit` in both somebody should look; `known_share` is how much of the long window was measured.
    """

    pair: BurnPair
    limit: float
    long_rate: float | None
    short_rate: float | None
    known_share: float

    @property
    def is_fast(self) -> bool:
        """Whether it burns too fast, and still does."""
        return min(self.long_rate or 0.0, self.short_rate or 0.0) >= self.limit


def error_budget(tally: Tally, target: float, to_come_us: int = 0) -> ErrorBudget | None:
    """The budget of a window by what counted in it so far, and the time of it that is still to come.

    Events to come are not known, so that their budget grows with them. None where nothing could be counted.
    """
    if tally.attained is None:
        return None
    if tally.basis is Basis.EVENTS:
        return ErrorBudget(tally.basis, (1 - target) * tally.total, tally.total - tally.good)
    counted_us = tally.good_us + tally.bad_us + to_come_us
    return ErrorBudget(tally.basis, (1 - target) * counted_us / 1e6, tally.bad_us / 1e6)


def left_over_time(ledger: ObjectiveLedger, budget: ErrorBudget, steps: int) -> Counts:
    """The share of a budget that was left after each of so many equal steps of a ledger; NaN where there is none."""
    edges = np.linspace(float(ledger.edges_us[0]), float(ledger.edges_us[-1]), steps + 1).astype(np.int64)
    bad, _ = ledger.amounts(edges)
    scale = 1.0 if budget.basis is Basis.EVENTS else 1e6
    return 1 - np.cumsum(bad) / scale / budget.allowed if budget.allowed > 0 else np.full(steps, np.nan)


def burns(ledger: ObjectiveLedger, target: float, window_us: int) -> tuple[Burn, ...]:
    """The burn at the end of a ledger, in every pair of windows that fits into the objective's own."""
    if target >= 1:
        return ()
    return tuple(_burn(ledger, target, window_us, pair) for pair in BURN_PAIRS if pair.long_us < window_us)


def _burn(ledger: ObjectiveLedger, target: float, window_us: int, pair: BurnPair) -> Burn:
    end_us = int(ledger.edges_us[-1])
    long, short = (ledger.tally(end_us - length, end_us) for length in (pair.long_us, pair.short_us))
    limit = min(max(1.0, pair.budget_share * window_us / pair.long_us), 1 / (1 - target))
    return Burn(pair, limit, _rate(long, target), _rate(short, target), long.known_share)


def _rate(tally: Tally, target: float) -> float | None:
    return None if tally.attained is None else (1 - tally.attained) / (1 - target)
