"""A strip of days: each day is its worst, and what was not judged stays empty."""

from datetime import timedelta

from quarterdeck.analysis.evidence_timelines import ENDLESS
from quarterdeck.analysis.verdict_days import Stretch, last_days, stretch_at, verdict_days
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import Verdict
from tests.support.stores import NOON

DAY = 86_400_000
NOON_MS = to_ms(NOON)
HOLDS, BROKEN, SILENT = Verdict.SATISFIED, Verdict.NOT_SATISFIED, Verdict.NOT_EVALUABLE


def stretch(from_days: float, to_days: float | None, verdict: Verdict) -> Stretch:
    """A stretch of days relative to noon; None never ends."""
    ends = ENDLESS if to_days is None else NOON_MS + int(to_days * DAY)
    return Stretch(NOON_MS + int(from_days * DAY), ends, verdict, "")


def test_a_day_is_as_bad_as_its_worst_moment() -> None:
    told = [stretch(-9, -1.5, HOLDS), stretch(-1.5, -1.4, BROKEN), stretch(-1.4, None, HOLDS)]
    assert verdict_days(told, NOON, 3) == (HOLDS, BROKEN, HOLDS)


def test_days_before_the_first_verdict_are_empty() -> None:
    assert verdict_days([stretch(-0.5, None, BROKEN)], NOON, 3) == (None, None, BROKEN)


def test_missing_evidence_is_worse_than_a_verdict_that_holds() -> None:
    told = [stretch(-2, -0.2, HOLDS), stretch(-0.2, -0.1, SILENT), stretch(-0.1, None, HOLDS)]
    assert verdict_days(told, NOON, 2) == (HOLDS, SILENT)


def test_what_begins_at_the_very_instant_is_of_the_last_day() -> None:
    assert verdict_days([stretch(0, None, BROKEN)], NOON, 2) == (None, BROKEN)


def test_what_lies_in_the_future_is_left_out() -> None:
    assert verdict_days([stretch(1, 2, BROKEN)], NOON, 2) == (None, None)


def test_the_last_day_ends_with_the_instant() -> None:
    assert last_days(NOON, 1).end_at - NOON == timedelta(milliseconds=1)


def test_the_stretch_of_an_instant_holds_at_its_beginning_and_not_at_its_end() -> None:
    told = [stretch(-1, 0, HOLDS), stretch(0, 1, BROKEN)]
    assert stretch_at(told, NOON) == told[1]
    assert stretch_at(told[:1], NOON) is None
