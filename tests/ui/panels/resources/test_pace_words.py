"""Paces, dates and intervals in words, at the edges: shrinking, unsure, never, far off, told by another method."""

import math
from dataclasses import replace

import pytest

from quarterdeck.analysis.exhaustion import Exhaustion, Growth, Outlook
from quarterdeck.analysis.peaks import DemandOutlook, PeakMethod
from quarterdeck.domain.capacity import SizeOrigin
from quarterdeck.services.capacity import Resource
from quarterdeck.services.capacity_proposals import Constraint, proposal_for
from quarterdeck.ui.panels.resources.detail_words import fact_pairs
from quarterdeck.ui.panels.resources.pace_words import (
    change_sentence,
    changed_cell,
    full_cell,
    full_sentence,
    interval_cell,
    method_words,
    trend_cell,
)
from quarterdeck.ui.panels.resources.words import resources_state, standing_words
from tests.ui.panels.resources.reports import CORES, DISK, FULL, LIVE, NOON, PENDING, YOUNG, report


def known(resource: Resource = DISK) -> DemandOutlook:
    assert resource.outlook is not None
    return resource.outlook


def with_growth(growth: Growth, exhaustion: Exhaustion | None = None, resource: Resource = DISK) -> Resource:
    return replace(resource, outlook=replace(known(resource), outlook=Outlook(growth, exhaustion)))


def growth(slope: float, low: float, high: float, *, earlier: float | None = None, is_growing: bool = False) -> Growth:
    return Growth(0.5, slope, low, high, None if earlier is None else 70.0, earlier, is_growing)


def test_what_shrinks_says_how_fast_and_what_is_unsure_says_so() -> None:
    assert trend_cell(with_growth(growth(-0.01, -0.012, -0.008)), str).words == "−4.8 GB/d"
    assert trend_cell(with_growth(growth(0.004, -0.01, 0.02)), str).words == "no trend"
    assert trend_cell(with_growth(growth(0.0, -0.0001, 0.0001)), str).words == "flat"
    assert trend_cell(with_growth(growth(0.01, 0.009, 0.011, is_growing=True), resource=CORES), str).words == "+7.0%/wk"


def test_a_date_that_may_never_come_has_an_open_interval() -> None:
    told = with_growth(growth(0.01, 0.0, 0.02, is_growing=True), Exhaustion(20.0, 9.6, math.inf))
    assert interval_cell(told, NOON, str).words == "9 d or later"
    assert full_cell(told, NOON, str).words == "19 d"
    assert told.latest_at is None
    assert interval_cell(FULL, NOON, str).words == "—"
    assert interval_cell(YOUNG, NOON, str).words == "—"


def test_a_date_beyond_a_year_is_only_told_as_such() -> None:
    far = with_growth(growth(0.0005, 0.0004, 0.0006, is_growing=True), Exhaustion(400.0, 380.0, 420.0))
    assert full_cell(far, NOON, str).words == "> 1 y"
    assert full_sentence(far, NOON, str) == "It grows, and is full later than can be told: > 1 y."


def test_growth_that_another_method_tells_better_has_no_date_and_says_why() -> None:
    outlook = known()
    assert outlook.forecast is not None
    other = replace(outlook.forecast, method=PeakMethod.LAST_WEEK)
    grown = growth(0.01, 0.009, 0.011, is_growing=True)
    told = replace(DISK, outlook=replace(outlook, outlook=Outlook(grown, None), forecast=other))
    assert full_cell(told, NOON, str).words == "no date"
    assert full_sentence(told, NOON, str) == "No date: a trend would have foretold the last weeks worse than none."


@pytest.mark.parametrize(
    ("earlier", "words"),
    [(0.005, "Growth doubled on"), (0.002, "It has grown faster since"), (0.03, "It has grown slower since")],
    ids=["doubled", "faster", "slower"],
)
def test_a_change_of_pace_says_which_way_it_went(earlier: float, words: str) -> None:
    told = with_growth(growth(0.01, 0.0095, 0.0105, earlier=earlier, is_growing=True))
    assert change_sentence(told, str).startswith(words)
    assert "→" in changed_cell(told, str).words


def test_a_pace_that_was_no_other_before_is_no_change() -> None:
    told = with_growth(growth(0.01, 0.0095, 0.0105, earlier=0.0101, is_growing=True))
    assert (change_sentence(told, str), changed_cell(told, str).words) == ("", "—")
    assert change_sentence(YOUNG, str) == ""


def test_full_and_pending_come_before_everything_else() -> None:
    assert full_sentence(FULL, NOON, str) == "Full: nothing is left of its size."
    assert full_sentence(PENDING, NOON, str) == "The forecast is being worked out."
    assert trend_cell(PENDING, str).words == "…"
    assert standing_words(proposal_for(PENDING, Constraint()), str) == "…"


def test_every_method_has_words_of_its_own() -> None:
    assert len({method_words(method, str) for method in PeakMethod}) == len(PeakMethod)


def test_facts_tell_a_size_that_was_seen_what_was_cleared_and_what_was_not_tested() -> None:
    outlook = known()
    assert outlook.forecast is not None
    untested = replace(outlook.forecast, errors={})
    seen = replace(DISK.subject.size, origin=SizeOrigin.OBSERVED, observed_at=NOON) if DISK.subject.size else None
    told = replace(
        DISK,
        subject=replace(DISK.subject, size=seen),
        outlook=replace(outlook, forecast=untested, counted_from=50),
    )
    facts = dict(fact_pairs(resources_state(report(told), LIVE, str).lines[0], NOON, str))
    assert facts["Size"] == "480 GB, seen 12:32"
    assert facts["Counted"].endswith("when it was cleared")
    assert facts["Error"] == "not tested: too little history"
    fits = replace(CORES, subject=replace(CORES.subject, size=replace(seen, amount=1.0, unit="1") if seen else None))
    fitting = dict(fact_pairs(resources_state(report(fits), LIVE, str).lines[0], NOON, str))
    assert fitting["Proposed"] == "nothing: the size fits"
