"""Objectives in words, in the terminal and as JSON."""

import json
from dataclasses import replace

import pytest

from quarterdeck.analysis.budget_forecast import BudgetForecast
from quarterdeck.analysis.error_budget import BURN_PAIRS, Burn, ErrorBudget
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.objective_ledger import Basis, CountingRule, DecidedBy, LedgerEntry, Standing, Tally, to_us
from quarterdeck.domain.objectives import Budgeting, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.exporters.objectives_text import ledger_json, ledger_text, objectives_json, objectives_text
from quarterdeck.services import objective_words as words
from quarterdeck.services.counting_rules import RULE_CHOICES, read_rule, rule_words
from quarterdeck.services.objective_catalogue import HeldObjective, ObjectiveKey
from quarterdeck.services.objectives import ObjectiveFigures, ObjectiveReader
from quarterdeck.storage.store import SqlStore
from tests.support.stores import after
from tests.unit.objectives.promises import END, FAST, FAST_SLICES, KEY, OK, OK_BY_BAD, SHARE, UP, fill, promise, service

HELD = HeldObjective(service(UP), UP)
PLAIN = ObjectiveFigures(HELD, after(0), CountingRule())


@pytest.mark.parametrize(
    ("share", "told"),
    [(None, "—"), (0.0, "0.000%"), (0.9999999, "99.999%"), (1.0, "100%"), (0.5, "50.000%")],
    ids=["unknown", "none", "nearly", "all", "half"],
)
def test_a_share_is_never_rounded_up(share: float | None, told: str) -> None:
    assert words.share_words(share) == told


@pytest.mark.parametrize(
    ("objective", "told"),
    [
        (UP, "state"),
        (FAST, "response_time:p95 ≤ 0.5"),
        (FAST_SLICES, "response_time:p95 ≤ 0.5 by slices of 5 min"),
        (
            replace(FAST_SLICES, budgeting=Budgeting.RATIO_TIMESLICES),
            "response_time:p95 ≤ 0.5 as the mean of slices of 5 min",
        ),
        (OK, 'requests{code="ok"} of sum(rate(requests[5m]))'),
        (OK_BY_BAD, 'not requests{code!="ok"} of requests'),
        (SHARE, "1 − error_rate"),
        (replace(FAST, comparison=None, bound=None), "response_time:p95"),
    ],
    ids=["state", "bound", "slices", "mean", "good", "bad", "failures", "unfit"],
)
def test_what_is_counted_is_told_in_the_words_of_the_definition(objective: Objective, told: str) -> None:
    assert words.measure_words(objective) == told


def test_targets_and_windows_are_told_as_they_were_declared() -> None:
    calendar = Window(1, WindowUnit.MONTH, "2026-01-01 00:00:00", "UTC")
    objective = Objective("a", 0.9995, calendar, Indicator(IndicatorKind.RATIO, raw="state"))
    assert (words.target_words(objective), words.window_words(objective)) == ("99.95%", "1 month from 2026-01-01")
    assert (words.target_words(replace(objective, target=1.0)), words.window_words(UP)) == ("100%", "1 h")


@pytest.mark.parametrize(
    ("budget", "left", "spent"),
    [
        (None, "—", "—"),
        (ErrorBudget(Basis.TIME, 2592, 980), "62% left", "16 min 20 s of 43 min 12 s"),
        (ErrorBudget(Basis.TIME, 100, 267.9), "267% spent", "4 min 27 s of 1 min 40 s"),
        (ErrorBudget(Basis.EVENTS, 120, 3), "97% left", "3 of 120 failures"),
        (ErrorBudget(Basis.EVENTS, 1.5, 0.25), "83% left", "0.25 of 1.50 failures"),
        (ErrorBudget(Basis.TIME, 0, 0), "none to spend", "0 s of 0 s"),
        (ErrorBudget(Basis.TIME, 0, 4.5), "broken", "4.5 s of 0 s"),
    ],
    ids=["none", "left", "over", "events", "shares", "nothing-allowed", "broken"],
)
def test_a_budget_is_told_with_what_is_left_and_what_is_spent(
    budget: ErrorBudget | None, left: str, spent: str
) -> None:
    assert (words.left_words(budget), words.spent_words(budget)) == (left, spent)


def burning(long: float | None, short: float | None) -> ObjectiveFigures:
    """Figures with the pair of an hour at rates."""
    return replace(PLAIN, burns=(Burn(BURN_PAIRS[0], 14.4, long, short, 1.0),))


@pytest.mark.parametrize(
    ("figures", "pace"),
    [
        (PLAIN, "—"),
        (burning(None, None), "—"),
        (burning(0.5, 9), "calm"),
        (burning(3.25, 0), "3.2× at most"),
        (burning(99.97, 0), "100× at most"),
        (burning(9.96, 0), "10× at most"),
        (burning(57, 428.3), "57× over 1 h"),
    ],
    ids=["none", "unknown", "calm", "some", "hundred", "ten", "fast"],
)
def test_burn_is_told_in_a_few_words(figures: ObjectiveFigures, pace: str) -> None:
    assert words.pace_words(figures) == pace


def test_a_pair_that_burns_too_fast_says_both_windows_and_its_limit() -> None:
    (burn,) = burning(57, 428.3).burns
    assert words.burn_words(burn) == "1 h: 57× (limit 14.4×), 5 min: 428×, too fast"
    assert words.burn_words(replace(burn, short_rate=None)) == "1 h: 57× (limit 14.4×), 5 min: —"


SPENT = ErrorBudget(Basis.TIME, 100, 300)
SOME = ErrorBudget(Basis.TIME, 100, 30)


@pytest.mark.parametrize(
    ("budget", "forecast", "told"),
    [
        (None, None, "no date: nothing was counted"),
        (SPENT, None, "spent already"),
        (ErrorBudget(Basis.TIME, 0, 0), None, "no date: nothing may go wrong"),
        (SOME, BudgetForecast(None), "no date: too little was measured"),
        (SOME, BudgetForecast(0.25), "no date: 25% of futures like the recent past spend it"),
    ],
    ids=["nothing", "spent", "no-budget", "little", "few"],
)
def test_where_there_is_no_date_it_says_why(budget: ErrorBudget, forecast: BudgetForecast, told: str) -> None:
    figures = replace(PLAIN, budget=budget, forecast=forecast)
    assert words.forecast_words(figures) == told
    assert words.short_forecast_words(figures) == ("spent" if told.startswith("spent") else "no date")


def test_a_date_comes_with_its_interval() -> None:
    at, early, late = (to_us(after(seconds)) for seconds in (3600, 0, 7200))
    figures = replace(PLAIN, budget=SOME, forecast=BudgetForecast(1.0, at, early, late))
    told = words.forecast_words(figures)
    assert words.short_forecast_words(figures) in told
    assert told.startswith("spent around ")
    assert "(80%: " in told


def test_data_shorter_than_the_window_are_told_and_so_is_unmeasured_time(store: SqlStore) -> None:
    promise(store, service(objective="99.9%"))
    fill(store)
    (only,) = ObjectiveReader(store).listed(after(END))
    assert words.warning_words(only).endswith(": 60 min of the 30 d that it looks back on.")
    assert words.known_words(only) == "29 d 23 h not measured"
    assert words.known_words(replace(only, tally=Tally(Basis.TIME, good_us=1))) == ""
    assert words.warning_words(replace(only, data_from_at=None)) == ""


@pytest.mark.parametrize(
    ("us", "told"),
    [(4_500_000, "4.5 s"), (60_000_000, "1 min"), (90_061_000_000, "25 h 1 min"), (266_400_000_000, "3 d 2 h")],
    ids=["short", "minute", "day", "days"],
)
def test_a_length_is_told_in_two_units(us: int, told: str) -> None:
    assert words.length_words(us) == told


def test_an_entry_says_who_decided_it_and_what_was_counted() -> None:
    entry = LedgerEntry(0, 5, Standing.EXCLUDED, "Upgrade", DecidedBy.MAINTENANCE, "w-1", 3, 4)
    assert (words.decided_words(entry), words.counted_words(entry)) == ("maintenance w-1", "3 of 4")
    assert words.counted_words(replace(entry, good=0, total=0)) == ""


def test_rules_are_read_and_told_back() -> None:
    assert read_rule(()) == CountingRule()
    usual = ("unknown=apart", "maintenance=excluded", "degraded=good", "corrections=followed")
    assert read_rule(usual) == CountingRule()
    assert rule_words(CountingRule()).startswith("maintenance left out")
    strict = read_rule(("unknown=bad", "maintenance=counted", "degraded=bad", "corrections=ignored"))
    told = (
        "unmeasured time counted as bad, planned maintenance counted as measured, degraded counted as bad, "
        "without corrections"
    )
    assert rule_words(strict) == told
    assert rule_words(read_rule(["unknown=excluded"])) == "unmeasured time left out"
    with pytest.raises(OperatorError, match="There is no rule 'unknown=nice'"):
        read_rule(["unknown=nice"])
    assert all(read_rule([each]) for each in RULE_CHOICES)


def test_the_terminal_tells_each_objective_and_below_what_is_wrong(store: SqlStore) -> None:
    bad = replace(UP, name="bad", indicator=Indicator(IndicatorKind.RATIO, raw="a / b"))
    promise(store, service(UP, OK, bad, objective="99.9%"))
    fill(store)
    reader = ObjectiveReader(store)
    listed = reader.listed(after(END))
    text = objectives_text(listed)
    assert "service/api:bad: “a / b” is a query that only its own source can answer." in text
    assert "not to be counted" in text
    assert "The data begin on" in text
    told = json.loads(objectives_json(listed))["objectives"]
    assert [each["met"] for each in told] == [False, False, False, None]
    assert objectives_text(()).startswith("No objective is declared.")
    rule = CountingRule(unknown=Standing.BAD)
    detail = reader.shown(ObjectiveKey(KEY, "availability"), after(END), rule=rule)
    assert "By the usual rule:" in ledger_text(detail)
    assert "down: Error rate 50%" in ledger_text(detail)
    ledger = json.loads(ledger_json(detail))
    assert ledger["ledger"][0]["reason"] == "nothing was measured; counted as bad"
    assert ledger["usual"]["attained"] == 3000 / 3600
    broken = reader.shown(ObjectiveKey(KEY, "bad"), after(END))
    assert "Name a series" in ledger_text(broken)
    assert json.loads(ledger_json(broken))["ledger"] == []
