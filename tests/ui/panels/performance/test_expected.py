"""What is expected of the chosen line: a band behind it and words below, read beside the page and kept for a while."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.analysis.anomalies import Alarm, Sign
from quarterdeck.analysis.expected_range import Band, Departure, ExpectedRange, Side
from quarterdeck.analysis.seasons import Season, SeasonKind
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.services.expectation import Expectation, Unusual
from quarterdeck.services.moments import Moment
from quarterdeck.ui.panels.performance.expected import remarks_of
from tests.ui.panels.performance.desk import Bench
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, line, unknown

START_MS, END_MS = to_ms(LIVE.time_range.start_at), to_ms(NOON)
ALARM = Alarm(3, 0.9, 1.25, ((Sign.LEVEL, 9.0), (Sign.SHIFT, 8.0)))


def departure(side: Side = Side.ABOVE, *, minutes_ago: int = 0) -> Departure:
    end_ms = END_MS - minutes_ago * 60_000
    bound = 0.4 if side is Side.ABOVE else 0.1
    return Departure(side, end_ms - 900_000, end_ms - 300_000, 3, 0.9, bound, 2.5)


def known(
    info: SeriesInfo, *, kind: SeasonKind = SeasonKind.NONE, departures: tuple[Departure, ...] = ()
) -> Expectation:
    learnt = ExpectedRange(Season(kind, np.zeros(kind.value)), 0.2, np.ones(24), 0.1, 0.2, True, 4000, 14.0, 0.98)
    times_ms = np.array([START_MS, END_MS], np.int64)
    band = Band(np.full(2, 0.1), np.full(2, 0.2), np.full(2, 0.4))
    return Expectation(info, 300, learnt, times_ms, band, departures, (Unusual(END_MS - 600_000, ALARM),))


def words(expectation: Expectation) -> list[str]:
    return [remark.words for remark in remarks_of(expectation, "payments-api", LIVE, str)]


def expecting(bench: Bench, *departures: Departure) -> Bench:
    bench.source.expectation = lambda info: known(info, departures=departures)
    bench.show()
    return bench


def choose(bench: Bench, number: int = 1) -> None:
    bench.view.show_selection(SERVICES[number])
    bench.background.finish()
    bench.settle()


def test_the_chosen_line_has_its_expected_range_behind_it(bench: Bench) -> None:
    choose(expecting(bench))
    bands = [one._content.band for one in bench.charts]
    assert [band.high.tolist() for band in bands if band is not None] == [[0.4, 0.4]] * 3
    assert bands[0] is not None
    assert bands[0].times_s.tolist() == [START_MS / 1000, END_MS / 1000]


def test_without_a_chosen_line_there_is_no_band(bench: Bench) -> None:
    assert all(one._content.band is None for one in expecting(bench).charts)
    assert bench.source.expected == []


def test_how_it_differed_is_said_below_the_chart(bench: Bench) -> None:
    choose(expecting(bench, departure()))
    said = bench.slots[0].findChildren(type(bench.slots[0]._remarks._lines[0]))
    assert any("above its expected range since" in one._words.text() for one in said)


def test_choosing_another_line_takes_the_band_away_until_its_own_is_known(bench: Bench) -> None:
    choose(expecting(bench))
    bench.view.show_selection(SERVICES[2])
    bench.settle()
    assert all(one._content.band is None for one in bench.charts)


def test_choosing_nothing_takes_the_band_away(bench: Bench) -> None:
    choose(expecting(bench))
    bench.view.show_selection("")
    bench.settle()
    assert all(one._content.band is None for one in bench.charts)


def test_a_refresh_within_a_step_keeps_the_band_without_asking_again(bench: Bench) -> None:
    choose(expecting(bench))
    bench.show(Moment(LIVE.time_range, NOON))
    assert len(bench.source.expected) == 1
    assert all(one._content.band is not None for one in bench.charts)


def test_another_range_is_asked_anew(bench: Bench) -> None:
    choose(expecting(bench))
    bench.show(Moment(TimeRange.ending(NOON, 7200), NOON))
    assert [time_range.seconds for _, time_range in bench.source.expected] == [3600, 7200]


def test_a_band_of_another_range_is_not_drawn(bench: Bench) -> None:
    choose(expecting(bench))
    bench.source.expectation = unknown
    bench.show(Moment(TimeRange.ending(NOON, 7200), NOON))
    assert all(one._content.band is None for one in bench.charts)


def test_an_hour_later_it_is_asked_anew(bench: Bench) -> None:
    choose(expecting(bench))
    later = NOON + timedelta(hours=1)
    bench.show(Moment(TimeRange.ending(later, 3600), later))
    assert len(bench.source.expected) == 2


def test_what_cannot_be_read_leaves_the_charts_as_they_are(bench: Bench) -> None:
    expecting(bench)
    bench.source.fault = OperatorError("The store cannot be read.", "See whether the disk is there.")
    choose(bench)
    assert all(one._content.band is None for one in bench.charts)
    assert len(bench.charts[0].legend_entries) == 3


def test_too_little_history_draws_no_band(bench: Bench) -> None:
    bench.show()
    choose(bench)
    assert len(bench.source.expected) == 1
    assert all(one._content.band is None for one in bench.charts)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (departure(), "above its expected range since"),
        (departure(Side.BELOW), "below its expected range since"),
        (departure(minutes_ago=20), "above its expected range from"),
        (departure(Side.BELOW, minutes_ago=20), "below its expected range from"),
    ],
    ids=["above", "below", "was above", "was below"],
)
def test_a_departure_is_told_with_its_side_and_whether_it_lasts(made: Departure, expected: str) -> None:
    assert expected in words(known(line(SERVICES[0]).series, departures=(made,)))[0]


def test_a_departure_is_told_with_its_worst_value_and_the_bound() -> None:
    said = words(known(line(SERVICES[0]).series, departures=(departure(),)))[0]
    assert said.startswith("payments-api: ")
    assert said.endswith("900 ms, where at most 400 ms is expected")


@pytest.mark.parametrize(
    ("kind", "ending"),
    [(SeasonKind.HOUR_OF_DAY, "at that hour of the day"), (SeasonKind.HOUR_OF_WEEK, "at that hour of the week")],
)
def test_a_season_is_told_with_the_bound(kind: SeasonKind, ending: str) -> None:
    assert words(known(line(SERVICES[0]).series, kind=kind, departures=(departure(),)))[0].endswith(ending)


def test_what_was_unusual_is_told_with_its_signs_and_how_rare_it_is() -> None:
    said = words(known(line(SERVICES[0]).series))[0]
    assert "far from its level, a shift of its level" in said
    assert "once in 11,000 steps" in said


def test_what_is_rarer_than_could_be_counted_is_told_as_less() -> None:
    found = known(line(SERVICES[0]).series)
    loud = replace(found, unusual=(Unusual(END_MS, replace(ALARM, loudness=4.0)),))
    assert "less than once in 60,000 steps" in words(loud)[0]


def test_what_differed_in_nothing_says_nothing() -> None:
    info = line(SERVICES[0]).series
    quiet = Expectation(info, 300, None, np.empty(0, np.int64), None)
    assert words(quiet) == []


def test_a_selection_while_another_moment_is_read_is_answered_by_that(bench: Bench) -> None:
    expecting(bench)
    bench.view.show_moment(Moment(TimeRange.ending(NOON, 7200), NOON))
    bench.view.show_selection(SERVICES[1])
    assert bench.source.expected == []
    bench.background.finish()
    bench.settle()
    assert [time_range.seconds for _, time_range in bench.source.expected] == [7200]


def test_what_was_expected_of_charts_that_are_gone_is_not_shown(bench: Bench) -> None:
    expecting(bench)
    bench.view.show_selection(SERVICES[1])
    bench.presenter._fail(LIVE, OperatorError("The store cannot be read.", "See whether the disk is there."))
    bench.presenter._charts = None
    bench.background.finish()
    assert all(one._content.band is None for one in bench.charts)
