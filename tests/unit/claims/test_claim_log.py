"""Where a partner's words and our measurement differ, over time: what is logged, and what it adds up to."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.claim_courses import NO_CLAIM, Course, Stretch, claim_course, measured_course
from quarterdeck.analysis.claim_log import LEAST_SECONDS, Pair, clipped, cut, holding, tellings, totals
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.claims import ClaimTotals, Standing, Told, median_delay_seconds
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from tests.unit.claims.courses import NOON, H, claim, course, hours, minute, pair, told

PATIENCE = timedelta(minutes=15)


def test_a_page_that_lags_its_outage_is_logged_until_it_admits_it() -> None:
    spans = cut([pair("0 up, 37 down, 70 up", "0 up, 30 down, 60 up")], hours(2))
    assert told(spans) == ["agreed 0-30", "understated 30-37", "agreed 37-60", "overstated 60-70", "agreed 70-120"]
    assert spans[1].claimed.state is H.HEALTHY
    assert (spans[1].measured.state, spans[1].measured.words) == (H.DOWN, "down")


def test_a_disagreement_that_goes_on_is_open_and_one_from_before_is_cut() -> None:
    spans = cut([pair("-60 up", "-60 down")], hours(2))
    assert [(span.is_cut, span.is_open) for span in spans] == [(True, True)]
    inside = clipped(cut([pair("-60 up", "-60 up, 0 down")], TimeRange(minute(-60), minute(60))), hours(1))
    assert [(span.standing, span.is_cut, span.is_open) for span in inside] == [(Standing.UNDERSTATED, False, True)]


def test_a_claim_that_is_stale_or_unknown_is_neither_agreement_nor_disagreement() -> None:
    spans = cut([pair("0 up, 20 ?, 40 old, 60 up", "0 down")], hours(2))
    assert told(spans) == ["understated 0-20", "not_known 20-60", "understated 60-120"]


def test_what_holds_for_less_than_two_minutes_counts_as_what_was_before_it() -> None:
    assert told(cut([pair("0 up", "0 up, 30 down, 31.9 up")], hours(1))) == ["agreed 0-60"]
    assert told(cut([pair("0 up", "0 up, 30 down, 32 up")], hours(1))) == [
        "agreed 0-30",
        "understated 30-32",
        "agreed 32-60",
    ]


@pytest.mark.parametrize(
    ("measured", "state"),
    [
        ("0 up, 30 ?, 40 up, 59 ?", H.UNKNOWN),
        ("0 up, 59 down", H.DOWN),
        ("0 slow, 20 up, 40 slow", H.DEGRADED),
        ("60 up", H.UNKNOWN),
    ],
    ids=["unknown again", "just down", "degraded again", "later"],
)
def test_what_holds_at_the_end_is_what_was_seen_last_and_nothing_from_before(measured: str, state: H) -> None:
    claimed, seen = holding([pair("0 ?", measured)], hours(1).end_ms)
    assert (claimed.state, seen.state) == (H.UNKNOWN, state)


def test_a_short_calm_does_not_cut_a_disagreement_in_two() -> None:
    spans = cut([pair("0 up", "0 up, 10 down, 20 up, 21 slow, 30 up")], hours(1))
    assert told(spans) == ["agreed 0-10", "understated 10-30", "agreed 30-60"]
    assert spans[1].measured.course == (H.DOWN, H.DEGRADED)
    assert spans[1].measured.state is H.DOWN


def test_time_that_is_not_known_is_never_lent_to_what_was_before_it() -> None:
    assert told(cut([pair("0 up, 10 ?, 10.5 up", "0 up")], hours(1))) == [
        "agreed 0-10",
        "not_known 10-10.5",
        "agreed 10.5-60",
    ]


def test_maintenance_on_either_side_explains_itself() -> None:
    assert told(cut([pair("0 work, 30 up", "0 down, 30 work")], hours(1))) == ["planned 0-60"]


def test_trouble_that_is_seen_somewhere_makes_an_alarm_needed_everywhere() -> None:
    calm = pair("0 down", "0 up", "integration/calm")
    hurt = pair("0 down", "0 down", "integration/hurt")
    assert told(cut([calm, hurt], hours(1))) == ["agreed 0-60"]
    assert told(cut([calm], hours(1))) == ["overstated 0-60"]


def test_one_claim_that_is_too_good_outweighs_all_that_are_true() -> None:
    spans = cut([pair("0 up", "0 up", "integration/a"), pair("0 up", "0 down", "integration/b")], hours(1))
    assert told(spans) == ["understated 0-60"]
    assert spans[0].subject_keys == ("integration/b",)


def test_a_partner_of_which_nothing_is_known_is_not_known_for_the_whole_range() -> None:
    assert told(cut([], hours(1))) == ["not_known 0-60"]
    assert cut([], TimeRange(NOON, NOON)) == ()


def test_the_delays_of_a_page_are_told_one_by_one_with_their_middle() -> None:
    claims = "-90 up, 12 slow, 40 up, 95 slow, 130 up"
    measured = "-90 up, 5 down, 35 up, 90 slow, 120 up, 200 down, 210 up"
    found = tellings([pair(claims, measured)], TimeRange(minute(-60), minute(600)))
    assert [(each.told, each.delay_seconds) for each in found] == [
        (Told.LATE, 420.0),
        (Told.LATE, 300.0),
        (Told.NEVER, None),
    ]
    assert median_delay_seconds(found) == 360.0
    assert median_delay_seconds(()) is None


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ("-30 up, 5 slow", Told.BEFORE),
        ("-30 up, 3 work", Told.BEFORE),
        ("-30 up, 100 down", Told.LATE),
        ("-30 up, 15 ?, 20 down", Told.NOT_KNOWN),
        ("-30 ?", Told.NOT_KNOWN),
        ("-30 up", Told.NEVER),
        ("-30 up, 200 down", Told.NEVER),
    ],
)
def test_an_outage_is_told_before_late_never_or_it_is_not_known(claims: str, expected: Told) -> None:
    found = tellings([pair(claims, "-30 up, 10 down, 50 up")], TimeRange(minute(-30), minute(300)))
    assert [each.told for each in found] == [expected]


def test_an_outage_whose_hour_is_not_over_may_still_be_told() -> None:
    found = tellings([pair("-30 up", "-30 up, 10 down, 50 up")], TimeRange(minute(-30), minute(80)))
    assert [(each.told, each.is_open) for each in found] == [(Told.NOT_YET, False)]
    found = tellings([pair("-30 up", "-30 up, 10 down")], TimeRange(minute(-30), minute(80)))
    assert [(each.told, each.is_open) for each in found] == [(Told.NOT_YET, True)]


def test_what_is_told_of_the_next_outage_is_not_counted_for_the_one_before() -> None:
    measured = "-30 up, 10 down, 20 up, 40 down, 60 up"
    found = tellings([pair("-30 up, 45 down", measured)], TimeRange(minute(-30), minute(300)))
    assert [(each.told, each.delay_seconds) for each in found] == [(Told.NEVER, None), (Told.LATE, 300.0)]


def test_an_outage_from_before_the_range_has_no_known_delay() -> None:
    found = tellings([pair("-30 up, 20 down", "-30 down")], hours(1))
    assert [(each.told, each.delay_seconds) for each in found] == [(Told.NOT_KNOWN, None)]


def test_two_equal_claims_in_a_row_hold_all_the_time_between_them() -> None:
    claims = claim_course([claim(0, "up"), claim(300, "up"), claim(301, "down")], (), PATIENCE)
    assert claims.at(to_ms(minute(200))).state is H.HEALTHY
    assert claims.at(to_ms(minute(301))).state is H.DOWN
    assert claims.at(to_ms(minute(315))).state is H.DOWN
    assert claims.at(to_ms(minute(316))) == Stretch(0, 0, H.UNKNOWN, NO_CLAIM)


def test_a_claim_with_nothing_like_it_after_it_holds_no_longer_than_patience() -> None:
    claims = claim_course([claim(0, "up"), claim(120, "down")], (), PATIENCE)
    assert claims.at(to_ms(minute(14))).state is H.HEALTHY
    assert claims.at(to_ms(minute(15))).state is H.UNKNOWN


def test_in_a_gap_of_the_page_nothing_is_known() -> None:
    gaps = [TimeRange(minute(30), minute(40)), TimeRange(minute(35), minute(60)), TimeRange(minute(90), minute(95))]
    claims = claim_course([claim(0, "up"), claim(120, "up")], gaps, PATIENCE)
    states = {at: claims.at(to_ms(minute(at))).state for at in (29, 30, 59, 60, 89, 92, 96)}
    unknown = [at for at, state in states.items() if state is H.UNKNOWN]
    assert unknown == [30, 59, 92]


def test_what_could_not_be_reached_speaks_against_nobody() -> None:
    interval = StateInterval("integration/a", HealthState.UNREACHABLE, "the gateway is down", NOON)
    measured = measured_course([interval], to_ms(minute(60)))
    assert measured.at(to_ms(minute(1))).state is H.UNKNOWN


def test_overlapping_stretches_leave_the_later_one_standing() -> None:
    both = Course([Stretch(0, 100, H.HEALTHY, "a"), Stretch(50, 80, H.DOWN, "b"), Stretch(60, 60, H.UNKNOWN)], "")
    assert [both.at(at).state for at in (0, 49, 55, 79)] == [H.HEALTHY, H.HEALTHY, H.DOWN, H.UNKNOWN]


def test_shares_are_of_the_time_that_could_be_compared() -> None:
    found = ClaimTotals(agreed_seconds=60, understated_seconds=30, overstated_seconds=10, not_known_seconds=100)
    assert found.share(Standing.UNDERSTATED) == 0.3
    assert found.share(Standing.NOT_KNOWN) == 0.5
    assert found.known_share == 0.5
    assert ClaimTotals().known_share is None
    assert ClaimTotals(not_known_seconds=9).share(Standing.AGREED) is None


STATES = st.sampled_from([*HealthState])
INSTANTS = st.integers(-3 * 3600_000, 9 * 3600_000).map(lambda ms: from_ms(to_ms(NOON) + ms))
CLAIMS = st.lists(st.builds(ClaimedStatus, st.just("partner/x"), INSTANTS, STATES, st.sampled_from(["", "a"])))
GAPS = st.lists(st.tuples(INSTANTS, INSTANTS).map(lambda both: TimeRange(min(both), max(both))), max_size=6)
INTERVALS = st.lists(
    st.builds(StateInterval, st.just("partner/x"), STATES, st.just("why"), from_at=INSTANTS, to_at=st.none() | INSTANTS)
)


@given(CLAIMS, GAPS, st.tuples(INTERVALS, INTERVALS), INSTANTS, st.integers(0, 5 * 3600_000))
def test_the_log_covers_the_range_to_the_millisecond_whatever_is_told(
    claims: list[ClaimedStatus],
    gaps: list[TimeRange],
    states: tuple[list[StateInterval], list[StateInterval]],
    start_at: datetime,
    length_ms: int,
) -> None:
    whole = hours(6)
    shown_start = max(whole.start_at, min(whole.end_at, start_at))
    shown = TimeRange(shown_start, min(whole.end_at, shown_start + timedelta(milliseconds=length_ms)))
    page = claim_course(claims, gaps, PATIENCE)
    pairs = [Pair("a", page, measured_course(each, whole.end_ms)) for each in states]
    spans = clipped(cut(pairs, whole), shown)
    if shown.seconds > 0:
        assert (spans[0].from_at, spans[-1].to_at) == (shown.start_at, shown.end_at)
    assert all(before.to_at == after.from_at for before, after in pairwise(spans))
    assert all(before.standing is not after.standing for before, after in pairwise(spans))
    assert round(totals(spans).seconds * 1000) == shown.end_ms - shown.start_ms
    for span in cut(pairs, whole)[1:]:
        assert span.standing is Standing.NOT_KNOWN or span.seconds >= LEAST_SECONDS or span.to_at == whole.end_at
    for each in tellings(pairs, whole):
        assert each.to_at - each.from_at >= timedelta(seconds=LEAST_SECONDS)
        assert each.delay_seconds is None or each.delay_seconds >= 0


@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from(["up", "slow", "down", "?"])), min_size=1))
def test_a_partner_that_claims_just_what_is_measured_never_disagrees(steps: list[tuple[int, str]]) -> None:
    text = ", ".join(f"{at} {state}" for at, state in sorted(dict(steps).items()))
    assert {span.standing for span in cut([Pair("a", course(text), course(text))], hours(4))} <= {
        Standing.AGREED,
        Standing.NOT_KNOWN,
    }
