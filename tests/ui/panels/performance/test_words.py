"""Charts and marks in words: what has no data, no fresh data, or fails says so; marks stay few and readable."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.series import Meaning
from quarterdeck.services.figures import Figure
from quarterdeck.services.performance import PerformanceReport
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.performance.state import ChartState, PerformanceState, Remark
from quarterdeck.ui.panels.performance.time_marks import MOST_CHANGES, MOST_STRETCHES
from quarterdeck.ui.panels.performance.words import USUAL_KINDS, bar_state, counted_kind, performance_state
from quarterdeck.ui.theme.tokens import Tone
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, chart, interval, line, report

ONE, TWO, THREE = SERVICES[:3]
SINCE = NOON - timedelta(minutes=22)
TEN_PAST = moment_words(SINCE, NOON)


def state_of(found: PerformanceReport) -> PerformanceState:
    slots = {key: number for number, key in enumerate(found.shown)}
    return performance_state(found, bar_state(found, USUAL_KINDS, str), slots, (LIVE, 1000), str)


def charts_of(*lines: object, meaning: Meaning = Meaning.RESPONSE_TIME) -> ChartState:
    found = report(ONE, TWO, charts=(chart(meaning, *lines),))  # type: ignore[arg-type] -- lines are ChartLines
    return state_of(found).charts[0]


def labels(found: PerformanceReport) -> Sequence[str]:
    return [span.label for span in state_of(found).spans]


def test_charts_stand_in_their_order_with_what_they_measure() -> None:
    shown = state_of(report(ONE)).charts
    assert [(one.title, one.subtitle) for one in shown] == [
        ("Response time", "p95"),
        ("Throughput", "requests per second"),
        ("Error rate", "share of requests"),
        ("Saturation", "share of what there is"),
    ]


def test_a_signal_that_no_source_tells_is_said_in_a_sentence() -> None:
    assert state_of(report(ONE)).charts[3].absence == "No source tells the saturation of payments-api."
    assert state_of(report(ONE, TWO)).charts[3].absence == "No source tells the saturation of these services."


def test_all_that_no_source_tells_is_said_in_one_sentence() -> None:
    found = report(ONE, charts=[chart(Meaning.PROCESSING, line(ONE, Meaning.PROCESSING))], untold=[Figure.DISK])
    assert state_of(found).untold == "No source tells the fullest disk of payments-api."
    several = replace(found, untold=(Figure.MEMORY, Figure.DISK, Figure.NETWORK))
    words = "No source tells the memory in use, fullest disk or network traffic of payments-api."
    assert state_of(several).untold == words
    assert state_of(report(ONE)).untold == ""


def test_the_charts_of_a_machine_say_what_they_measure() -> None:
    charts = [chart(meaning, line(ONE, meaning)) for meaning in (Meaning.NETWORK, Meaning.PROCESSING)]
    assert [(one.title, one.subtitle) for one in state_of(report(ONE, charts=charts)).charts] == [
        ("Processor use", "share of all processors"),
        ("Network traffic", "busiest interface"),
    ]


def test_a_line_without_fresh_data_is_named_and_the_chart_is_not_stale() -> None:
    shown = charts_of(line(ONE), line(TWO, silent_since_at=SINCE))
    assert shown.stale is None
    assert shown.remarks == (Remark(HealthState.STALE, f"accounts-api: no fresh data since {TEN_PAST}"),)


def test_a_chart_whose_lines_all_are_silent_is_stale_since_the_last_of_them() -> None:
    shown = charts_of(line(ONE, silent_since_at=SINCE - timedelta(minutes=5)), line(TWO, silent_since_at=SINCE))
    assert shown.stale is not None
    assert (shown.stale.since_s, shown.stale.words) == (SINCE.timestamp(), f"no fresh data since {TEN_PAST}")
    assert shown.remarks == ()


def test_what_several_charts_would_say_is_said_once_above_them() -> None:
    meanings = (Meaning.RESPONSE_TIME, Meaning.THROUGHPUT)
    found = report(ONE, TWO, charts=[chart(m, line(ONE, m), line(TWO, m, silent_since_at=SINCE)) for m in meanings])
    shown = state_of(found)
    assert [remark.words for remark in shown.remarks] == [f"accounts-api: no fresh data since {TEN_PAST}"]
    assert [one.remarks for one in shown.charts] == [(), ()]


def test_a_machine_without_fresh_data_is_named_once_whichever_of_its_disks_a_chart_shows() -> None:
    lines = [line(ONE, meaning, silent_since_at=SINCE) for meaning in (Meaning.PROCESSING, Meaning.SATURATION)]
    disk = replace(lines[1], label="payments-api · /data")
    charts = [
        chart(Meaning.PROCESSING, lines[0], line(TWO, Meaning.PROCESSING)),
        chart(Meaning.SATURATION, disk, line(TWO, Meaning.SATURATION)),
    ]
    shown = state_of(report(ONE, TWO, charts=charts))
    assert [remark.words for remark in shown.remarks] == [f"payments-api: no fresh data since {TEN_PAST}"]
    assert [one.remarks for one in shown.charts] == [(), ()]


def test_a_source_that_fails_is_told_in_its_words_and_the_other_line_is_shown() -> None:
    shown = charts_of(line(ONE), line(TWO, failure="The source did not answer in time.", points=0))
    assert shown.remarks == (Remark(HealthState.DOWN, "accounts-api: The source did not answer in time."),)
    assert (shown.absence, len(shown.lines)) == ("", 2)


def test_a_chart_whose_only_source_fails_shows_its_words_in_place_of_the_plot() -> None:
    shown = charts_of(line(ONE, failure="The source did not answer in time.", points=0))
    assert (shown.absence, shown.is_failed) == ("The source did not answer in time.", True)


def test_a_range_in_which_nothing_came_tells_when_the_last_data_came() -> None:
    before = LIVE.time_range.start_at - timedelta(minutes=10)
    shown = charts_of(line(ONE, points=0, last_at=before, silent_since_at=before))
    assert shown.absence == f"Nothing came in this range; the last data is of {moment_words(before, NOON)}."
    assert charts_of(line(ONE, points=0, last_at=None)).absence == "Nothing came in this range."


def test_a_line_without_data_in_the_range_has_a_place_in_the_legend_but_no_value() -> None:
    shown = charts_of(line(ONE), line(TWO, points=0, last_at=None))
    assert np.isnan(shown.lines[1].value).all()
    assert [remark.words for remark in shown.remarks] == ["accounts-api: nothing came in this range"]


def test_a_fresh_line_is_held_for_a_step_and_a_silent_one_not_at_all() -> None:
    coarse = line(SERVICES[0], points=13)
    ended = replace(coarse, course=replace(coarse.course, silent_from_ms=float(coarse.course.times_ms[-1])))
    drawn = charts_of(coarse, ended).lines
    assert [one.held_until_s for one in drawn] == [NOON.timestamp(), None]


def test_a_line_in_another_unit_is_not_drawn_on_the_same_axis() -> None:
    shown = charts_of(line(ONE), line(TWO, unit="By"))
    assert [one.label for one in shown.lines] == ["payments-api"]
    assert shown.remarks[0].words == "accounts-api is measured in By and not drawn beside the others"


@pytest.mark.parametrize(
    ("kind", "count", "words"),
    [(EntityKind.SERVICE, 1, "1 service"), (EntityKind.INTEGRATION, 4, "4 integrations")],
)
def test_what_is_picked_is_counted(kind: EntityKind, count: int, words: str) -> None:
    assert counted_kind(kind, count, str) == words


def test_trouble_is_marked_with_name_state_and_reason_and_lasts_on_while_it_is_open() -> None:
    found = report(ONE, TWO, marked=[interval(ONE, HealthState.DOWN, 14)])
    span = state_of(found).spans[0]
    assert span.label == "payments-api down: Error rate 26%, above 25%"
    assert (span.end_s, span.tone) == (None, Tone.DOWN)


def test_the_name_goes_without_saying_when_only_one_is_shown() -> None:
    assert labels(report(ONE, marked=[interval(ONE, HealthState.DOWN, 14)])) == ["down: Error rate 26%, above 25%"]


def test_reasons_are_left_out_when_there_are_many_marks() -> None:
    marked = [interval(ONE, HealthState.DEGRADED, minutes, 1) for minutes in (50, 40, 30, 20, 10)]
    assert set(labels(report(ONE, TWO, marked=marked))) == {"payments-api degraded"}


def test_troubles_too_close_to_be_told_apart_are_one_mark() -> None:
    marked = [interval(ONE, HealthState.DOWN, minutes, 0.1) for minutes in (20, 19.8, 19.6)]
    marked.append(interval(TWO, HealthState.DOWN, 19.7, 0.1))
    found = state_of(report(ONE, TWO, marked=marked)).spans
    assert [span.label for span in found] == [
        "payments-api down, 3 times",
        "accounts-api down: Error rate 26%, above 25%",
    ]
    assert found[0].end_s == (NOON - timedelta(minutes=19.5)).timestamp()


def test_of_very_many_troubles_the_longest_are_marked_and_the_others_counted() -> None:
    marked = [interval(ONE, HealthState.DOWN, 59 - number, 0.1 + number / 1000) for number in range(55)]
    shown = state_of(report(ONE, marked=marked))
    assert len(shown.spans) == MOST_STRETCHES
    assert shown.omission == f"The {MOST_STRETCHES} longest of 55 troubles are marked."
    assert min(span.start_s for span in shown.spans) == marked[15].from_at.timestamp()


def test_maintenance_is_marked_with_its_own_words() -> None:
    planned = interval(ONE, HealthState.MAINTENANCE, 32)
    assert labels(report(ONE, TWO, marked=[planned]))[0].startswith("payments-api: Error rate")


def test_changes_are_instants_with_whom_they_concern() -> None:
    changes = (
        Change("c1", "deploy", NOON - timedelta(minutes=30), "4.18.2 deployed", ONE),
        Change("c2", "notice", NOON - timedelta(minutes=20), ""),
    )
    spans = state_of(report(ONE, TWO, changes=changes)).spans
    assert [(span.label, span.tone) for span in spans] == [
        ("payments-api: 4.18.2 deployed", Tone.ACCENT),
        ("notice", Tone.ACCENT),
    ]
    assert all(span.start_s == span.end_s for span in spans)


def test_of_very_many_changes_the_newest_are_marked() -> None:
    changes = [Change(f"c{n}", "deploy", NOON - timedelta(minutes=n), f"change {n}") for n in range(30)]
    shown = state_of(report(ONE, changes=changes))
    assert [span.label for span in shown.spans][-1] == "change 0"
    assert len(shown.spans) == MOST_CHANGES
    assert shown.omission == f"The {MOST_CHANGES} newest of 30 changes are marked."
