"""Budget, burn and forecast: what is left, how fast it goes, and when it is gone, or that nobody can say."""

import numpy as np
import pytest

from quarterdeck.analysis.budget_forecast import STEPS, BudgetCourse, budget_forecast
from quarterdeck.analysis.error_budget import burns, error_budget
from quarterdeck.analysis.objective_ledger import CODES, Measured, ObjectiveLedger, ledger_of
from quarterdeck.domain.objective_ledger import USUAL_RULE, Basis, Standing, Tally
from tests.unit.objectives.histories import S, counted, measured

DAY = 86_400 * S
WEEKS = 28 * DAY
STEP = WEEKS // STEPS


def over(history: Measured, window_us: int = WEEKS) -> ObjectiveLedger:
    """The ledger of a history over a window from the epoch on."""
    return ledger_of(history, (0, window_us), rule=USUAL_RULE)


def minutes_down(bad: float, window_us: int = WEEKS) -> Measured:
    """Good but for so many minutes at the end."""
    end = window_us / S
    return measured((0, end - 60 * bad, "good"), (end - 60 * bad, end, "bad"))


def test_the_budget_of_four_weeks_is_what_may_be_bad_of_what_counted() -> None:
    budget = error_budget(over(minutes_down(10)).whole, 0.999)
    assert budget is not None
    assert budget.allowed == pytest.approx(28 * 86_400 * 0.001)
    assert budget.spent == 600
    assert budget.left_share == pytest.approx(1 - 600 / (28 * 86_400 * 0.001))


def test_a_calendar_window_has_the_budget_of_its_time_to_come() -> None:
    budget = error_budget(over(minutes_down(10), DAY).whole, 0.999, to_come_us=27 * DAY)
    assert budget is not None
    assert budget.allowed == pytest.approx(28 * 86_400 * 0.001)


def test_without_anything_counted_there_is_no_budget() -> None:
    assert error_budget(Tally(Basis.TIME, unknown_us=WEEKS), 0.99) is None
    assert error_budget(Tally(Basis.EVENTS, good_us=WEEKS), 0.99) is None


def test_a_target_of_everything_leaves_no_budget_to_share() -> None:
    budget = error_budget(over(minutes_down(1)).whole, 1.0)
    assert budget is not None
    assert (budget.allowed, budget.spent, budget.spent_share, budget.left_share) == (0, 60, None, None)
    assert burns(over(minutes_down(1)), 1.0, WEEKS) == ()


def test_burn_is_how_many_times_faster_than_it_may_the_budget_goes() -> None:
    found = burns(over(minutes_down(6)), 0.99, WEEKS)
    assert [burn.long_rate for burn in found] == pytest.approx([10, 10 / 6, 10 / 72])
    assert [burn.short_rate for burn in found] == pytest.approx([100, 20, 10 / 6])
    assert [burn.is_fast for burn in found] == [False, False, False]
    assert [burn.limit for burn in found] == pytest.approx([13.44, 5.6, 1])


def test_limits_of_thirty_days_are_those_of_the_workbook() -> None:
    assert [burn.limit for burn in burns(over(minutes_down(1), 30 * DAY), 0.999, 30 * DAY)] == pytest.approx(
        [14.4, 6, 1]
    )


def test_what_the_budget_bears_is_never_too_fast_in_a_short_window() -> None:
    week = burns(over(minutes_down(60, 7 * DAY), 7 * DAY), 0.9, 7 * DAY)
    assert [burn.limit for burn in week] == pytest.approx([3.36, 1.4, 1])
    assert [burn.is_fast for burn in week] == [True, True, False]


def test_a_burn_that_is_over_is_not_fast_any_more() -> None:
    end = WEEKS / S
    over_already = measured((0, end - 3000, "good"), (end - 3000, end - 600, "bad"), (end - 600, end, "good"))
    fast, *_ = burns(over(over_already), 0.99, WEEKS)
    assert fast.long_rate == pytest.approx(66.7, rel=0.01)
    assert (fast.short_rate, fast.is_fast) == (0, False)
    assert burns(over(minutes_down(30)), 0.99, WEEKS)[0].is_fast


def test_windows_that_do_not_fit_are_left_out_and_unknown_ones_have_no_rate() -> None:
    (only,) = burns(over(measured((0, 3600, "good")), 3 * 3600 * S), 0.99, 3 * 3600 * S)
    assert (only.long_rate, only.known_share, only.is_fast) == (None, 0.0, False)


def test_burn_of_events_counts_what_happened() -> None:
    found = burns(over(counted((0, 3600, 99, 100), (3600, WEEKS / S, 90, 100))), 0.99, WEEKS)
    assert found[0].long_rate == pytest.approx(10)


def test_a_budget_that_nothing_spends_has_no_date() -> None:
    forecast = budget_forecast(over(minutes_down(0.1)), BudgetCourse(0.99, WEEKS))
    assert (forecast.at_us, forecast.early_us, forecast.late_us) == (None, None, None)
    assert forecast.share == 0


def test_too_little_measured_has_no_forecast() -> None:
    forecast = budget_forecast(over(measured((0, 86_400, "bad"))), BudgetCourse(0.99, WEEKS))
    assert forecast.share is None
    assert budget_forecast(over(minutes_down(1)), BudgetCourse(1.0, WEEKS)).share is None


def test_a_calendar_window_that_is_over_has_nothing_ahead() -> None:
    assert budget_forecast(over(minutes_down(1)), BudgetCourse(0.99, WEEKS, WEEKS)).share == 0


def failing(rate: float, days: int, seed: int) -> Measured:
    """Each step is wholly bad with a chance, else good."""
    steps = days * DAY // STEP
    bad = np.random.default_rng(seed).random(steps) < rate
    edges = np.arange(steps + 1) * STEP
    codes = np.where(bad, CODES[Standing.BAD], CODES[Standing.GOOD]).astype(np.int8)
    return Measured.of_time(edges[:-1], edges[1:], codes, bad.astype(np.int64), ("it was good", "it was bad"))


def test_the_interval_of_a_calendar_budget_holds_what_comes_most_of_the_time() -> None:
    inside, dated = 0, 0
    for seed in range(60):
        history = failing(0.06, 28, seed)
        so_far = ledger_of(history, (0, 10 * DAY), rule=USUAL_RULE)
        forecast = budget_forecast(so_far, BudgetCourse(0.965, WEEKS, WEEKS))
        bad = np.cumsum(history.standings == CODES[Standing.BAD])
        really = np.flatnonzero(bad > 0.035 * STEPS)
        if forecast.early_us is None or forecast.late_us is None or so_far.whole.bad_us > 0.035 * WEEKS:
            continue
        dated += 1
        inside += len(really) > 0 and forecast.early_us <= (int(really[0]) + 1) * STEP <= forecast.late_us
    assert dated > 20
    assert 0.6 <= inside / dated <= 0.97


def test_events_that_go_on_failing_spend_a_rolling_budget_on_a_date_within_its_interval() -> None:
    hours = [(3600 * n, 3600 * (n + 1), 98.0 if n > 336 else 100.0, 100.0) for n in range(28 * 24)]
    forecast = budget_forecast(over(counted(*hours)), BudgetCourse(0.985, WEEKS))
    assert forecast.share == 1
    assert forecast.at_us is not None
    assert forecast.early_us is not None
    assert forecast.late_us is not None
    assert WEEKS < forecast.early_us <= forecast.at_us <= forecast.late_us < WEEKS + 14 * DAY
