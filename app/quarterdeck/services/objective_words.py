"""Objectives in words and figures, the same ones on every screen and in the terminal."""

from __future__ import annotations

import math
from datetime import datetime

from quarterdeck.analysis.budget_forecast import BudgetForecast
from quarterdeck.analysis.error_budget import Burn, ErrorBudget
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.objective_ledger import Basis, DecidedBy, LedgerEntry, Standing, instant_of_us
from quarterdeck.domain.objectives import Budgeting, Comparison, IndicatorKind, Objective
from quarterdeck.services.objectives import ObjectiveFigures
from quarterdeck.services.wording import NO_VALUE, dated_words, moment_words

_SPENT = "spent already"
_WHOLE = 100
_TEN = 9.95
"""From here on two figures are a whole number."""
_SHARE_PLACES = 1000
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SIGNS = {Comparison.BELOW: "<", Comparison.UP_TO: "≤", Comparison.ABOVE: ">", Comparison.FROM: "≥"}
_COUNTED = {
    Budgeting.OCCURRENCES: "",
    Budgeting.TIMESLICES: "by slices of {slice}",
    Budgeting.RATIO_TIMESLICES: "as the mean of slices of {slice}",
}
STANDING_WORDS = {
    Standing.GOOD: "good",
    Standing.BAD: "bad",
    Standing.EXCLUDED: "excluded",
    Standing.UNKNOWN: "unknown",
}
_DECIDED_WORDS = {
    DecidedBy.MEASUREMENT: "measured",
    DecidedBy.MAINTENANCE: "maintenance",
    DecidedBy.RULE: "rule",
    DecidedBy.CORRECTION: "correction",
}


def share_words(ratio: float | None) -> str:
    """A share with three decimals, never rounded up; `100%` only when it is whole."""
    if ratio is None:
        return NO_VALUE
    return "100%" if ratio >= 1 else f"{math.floor(ratio * _WHOLE * _SHARE_PLACES) / _SHARE_PLACES:.3f}%"


def target_words(objective: Objective) -> str:
    """A target as it was declared, without trailing noughts: `99.95%`."""
    return f"{objective.target * _WHOLE:.6f}".rstrip("0").rstrip(".") + "%"


def window_words(objective: Objective) -> str:
    """The window: `30 d`, `month from 2026-01-01`."""
    window = objective.window
    count = f"{window.count} {window.unit.value}"
    return count if window.is_rolling else f"{count} from {window.starts[:10]}"


def measure_words(objective: Objective) -> str:
    """What is counted, in the words of the definition."""
    indicator = objective.indicator
    if indicator.kind is IndicatorKind.THRESHOLD:
        sign = "" if objective.comparison is None else _SIGNS[objective.comparison]
        bound = "" if objective.bound is None else f"{objective.bound:g}"
        told = f"{indicator.raw} {sign} {bound}".strip()
    elif indicator.raw:
        told = f"1 − {indicator.raw}" if indicator.raw_is_bad else indicator.raw
    else:
        told = (
            f"{indicator.good} of {indicator.total}" if indicator.good else f"not {indicator.bad} of {indicator.total}"
        )
    length = duration_words(objective.slice_seconds or 0)
    return " ".join(part for part in (told, _COUNTED[objective.budgeting].format(slice=length)) if part)


def met_words(figures: ObjectiveFigures) -> str:
    """How it stands in a word or two."""
    if figures.fault:
        return "not to be counted"
    if figures.is_met is None:
        return "nothing measured"
    return "met" if figures.is_met else "not met"


def left_words(budget: ErrorBudget | None) -> str:
    """The share of the budget that is left: `62% left`, `267% spent`, `none to spend`."""
    if budget is None:
        return NO_VALUE
    share = budget.spent_share
    if share is None:
        return "none to spend" if budget.spent == 0 else "broken"
    if share > 1:
        return f"{math.floor(share * _WHOLE):,}% spent"
    return f"{math.floor((1 - share) * _WHOLE)}% left"


def spent_words(budget: ErrorBudget | None) -> str:
    """What was spent of what there is: `16 min 20 s of 43 min 12 s`, `3 of 120 failures`."""
    if budget is None:
        return NO_VALUE
    if budget.basis is Basis.EVENTS:
        return f"{amount_words(budget.spent)} of {amount_words(budget.allowed)} failures"
    return f"{length_words(round(budget.spent * 1e6))} of {length_words(round(budget.allowed * 1e6))}"


def burn_words(burn: Burn) -> str:
    """How fast the budget goes in a pair of windows: `6 h: 57× (limit 5.6×), 30 min: 428×, too fast`."""
    long, short = (length_words(us) for us in (burn.pair.long_us, burn.pair.short_us))
    told = f"{long}: {_times(burn.long_rate)} (limit {burn.limit:.3g}×), {short}: {_times(burn.short_rate)}"
    return f"{told}, too fast" if burn.is_fast else told


def pace_words(figures: ObjectiveFigures) -> str:
    """The burn in a few words: the fastest pair that is too fast, else that it is calm, or not known."""
    fast = [burn for burn in figures.burns if burn.is_fast]
    if fast:
        return f"{_times(fast[0].long_rate)} over {length_words(fast[0].pair.long_us)}"
    rates = [burn.long_rate for burn in figures.burns if burn.long_rate is not None]
    if not rates:
        return NO_VALUE
    return "calm" if max(rates) <= 1 else f"{_times(max(rates))} at most"


def forecast_words(figures: ObjectiveFigures) -> str:
    """When the budget will be spent, or why there is no date."""
    budget, forecast = figures.budget, figures.forecast
    if budget is None:
        return "no date: nothing was counted"
    if forecast is None:
        return _SPENT if budget.spent > 0 or budget.allowed > 0 else "no date: nothing may go wrong"
    if forecast.share is None:
        return "no date: too little was measured"
    if forecast.at_us is None:
        return f"no date: {forecast.share:.0%} of futures like the recent past spend it"
    return _date_words(forecast, figures.at)


def short_forecast_words(figures: ObjectiveFigures) -> str:
    """The same for a column: the middle of the interval, `spent`, or `no date`."""
    forecast = figures.forecast
    if forecast is not None and forecast.at_us is not None:
        return moment_words(instant_of_us(forecast.at_us), figures.at)
    return "spent" if forecast_words(figures) == _SPENT else "no date"


def _date_words(forecast: BudgetForecast, now: datetime) -> str:
    at, early, late = (
        moment_words(instant_of_us(us), now) for us in (forecast.at_us, forecast.early_us, forecast.late_us) if us
    )
    return f"spent around {at} (80%: {early} to {late})"


def known_words(figures: ObjectiveFigures) -> str:
    """How much of the window was not measured; empty where all of it was."""
    if figures.tally is None or figures.tally.unknown_us == 0:
        return ""
    return f"{length_words(figures.tally.unknown_us)} not measured"


def warning_words(figures: ObjectiveFigures) -> str:
    """That the data are shorter than the window; empty where they are not."""
    if figures.data_from_at is None or figures.window is None:
        return ""
    held = duration_words((figures.at - figures.data_from_at).total_seconds())
    whole = duration_words((figures.at - figures.window.start_at).total_seconds())
    return f"The data begin on {dated_words(figures.data_from_at)}: {held} of the {whole} that it looks back on."


def counted_words(entry: LedgerEntry) -> str:
    """How many were good of how many in an entry; empty where time is counted."""
    if entry.total == 0:
        return ""
    return f"{amount_words(entry.good)} of {amount_words(entry.total)}"


def decided_words(entry: LedgerEntry) -> str:
    """Who or what decided what an entry counts as: `maintenance window-1`, `correction 7`."""
    return f"{_DECIDED_WORDS[entry.decided_by]} {entry.decided_id}".strip()


def amount_words(value: float) -> str:
    """A count of what happened: whole where it is whole."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def length_words(microseconds: int) -> str:
    """A length as exactly as a ledger is read: `2 d 3 h`, `43 min 12 s`, `4.5 s`."""
    seconds = microseconds / 1e6
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    if whole < _HOUR:
        return _two(whole // _MINUTE, "min", whole % _MINUTE, "s")
    if whole < 2 * _DAY:
        return _two(whole // _HOUR, "h", whole % _HOUR // _MINUTE, "min")
    return _two(whole // _DAY, "d", whole % _DAY // _HOUR, "h")


def _two(first: int, unit: str, second: int, lesser: str) -> str:
    return f"{first} {unit} {second} {lesser}" if second else f"{first} {unit}"


def _times(rate: float | None) -> str:
    if rate is None:
        return NO_VALUE
    return f"{rate:,.0f}×" if rate >= _TEN or rate == round(rate) else f"{rate:.2g}×"
