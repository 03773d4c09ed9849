"""Connections in words: what is wrong, since when, and the next step; nothing old passes for good."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.domain.connections import BackfillProgress, ConnectionState, ReceptionKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.sources import SourceRow
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.connectors.state import ConnectorsState, Coverage, SourceLine
from quarterdeck.ui.panels.connectors.words import connectors_state, every_words
from tests.ui.panels.connectors.lists import ALL_DAY, LIVE, NOON, ago, connection, health, received, row, source_list

R, L, M = ReceptionKind.RECEIVED, ReceptionKind.LATE, ReceptionKind.MISSING
FAILING, SILENT, LATE, STARTING = (
    ConnectionState.FAILING,
    ConnectionState.SILENT,
    ConnectionState.LATE,
    ConnectionState.STARTING,
)


def state(*rows: SourceRow, **changes: Any) -> ConnectorsState:
    found = source_list(*rows)
    return connectors_state(replace(found, **changes), LIVE, NOON, str)


def line(*parts: Any, **changes: Any) -> SourceLine:
    return state(row(*parts, **changes)).rows[0]


def time(at_minutes_ago: float) -> str:
    return moment_words(ago(minutes=at_minutes_ago), NOON)


def test_a_good_connection_tells_how_often_and_how_long_ago_and_nothing_else() -> None:
    shown = line()
    assert (shown.state, shown.polls, shown.last_good) == (HealthState.HEALTHY, "every 15 s", "4 s")
    assert (shown.series_count, shown.gaps, shown.words) == (12, "0", "—")


@pytest.mark.parametrize(
    ("state_of_it", "mark", "begin"),
    [(FAILING, HealthState.DOWN, "Refused"), (SILENT, HealthState.STALE, "No answer")],
)
def test_a_connection_that_fails_says_what_since_when_and_the_next_step(
    state_of_it: ConnectionState, mark: HealthState, begin: str
) -> None:
    told = health(state_of_it, words=f"{begin} by 10.0.0.7.", next_step="Look at it.", last_good_at=ago(minutes=22))
    shown = line(None, told)
    assert (shown.state, shown.last_good) == (mark, "22 min")
    assert shown.words == shown.tip == f"{begin} by 10.0.0.7, since {time(22)}. Look at it."


def test_a_connection_that_never_worked_says_so() -> None:
    shown = line(None, health(SILENT, words="No answer.", last_good_at=None), reception=())
    assert (shown.state, shown.words) == (HealthState.UNKNOWN, "No answer. It has never worked yet.")
    assert (shown.last_good, shown.gaps) == ("—", "—")
    assert math.isnan(shown.age_seconds)


def test_a_late_connection_says_how_old_its_newest_data_is() -> None:
    shown = line(None, health(LATE, words="38,112 events to catch up.", newest_data_at=ago(minutes=12)))
    assert (shown.state, shown.words) == (
        HealthState.DEGRADED,
        "38,112 events to catch up. Its newest data is 12 min old.",
    )


@pytest.mark.parametrize("kept", [STARTING, ConnectionState.DISABLED])
def test_a_connection_that_was_not_polled_yet_waits(kept: ConnectionState) -> None:
    shown = line(None, health(kept, last_good_at=None))
    assert (shown.state, shown.words) == (HealthState.UNKNOWN, "Waiting for its first poll.")


def test_a_disabled_connection_has_no_mark_and_says_that_what_it_delivered_stays() -> None:
    shown = line(connection(enabled=False), health(FAILING, words="Refused."))
    assert (shown.state, shown.words) == (None, "Disabled: it is not asked. What it delivered stays.")


@pytest.mark.parametrize(
    ("reached_days_ago", "words"), [(34.4, "back-filling: 34 of 90 d"), (0, "back-filling: 0 of 90 d")]
)
def test_the_fetching_of_history_is_told_in_days(reached_days_ago: float, words: str) -> None:
    progress = BackfillProgress(ago(days=90), ago(days=reached_days_ago), 1000)
    assert line(None, health(backfill=progress)).words == words


def test_history_that_is_there_is_told_as_done() -> None:
    progress = BackfillProgress(ago(days=90), ago(days=90), 1000, finished=True)
    assert line(None, health(backfill=progress)).words == "back-filled 90 d"


def test_what_a_good_connection_has_to_say_goes_before_its_history() -> None:
    progress = BackfillProgress(ago(days=90), ago(days=3))
    assert (
        line(None, health(words="HTTP 503 from the partner.", backfill=progress)).words == "HTTP 503 from the partner."
    )


def test_once_nobody_collects_no_connection_is_good_and_the_list_says_since_when() -> None:
    shown = state(row(), row(connection("new"), health(STARTING, last_good_at=None)), silent_since_at=ago(minutes=20))
    assert [one.state for one in shown.rows] == [HealthState.STALE, HealthState.UNKNOWN]
    assert shown.remark == f"Nothing is collecting since {time(20)}: what stands here is as it was then."
    assert shown.details[0].headline == f"Not collected since {time(20)}"


def test_a_play_head_in_the_past_is_said_to_move_only_what_was_received() -> None:
    past = replace(LIVE, at=ago(hours=2), live=False)
    shown = connectors_state(source_list(row()), past, NOON, str)
    assert shown.remark == f"Health is told as of now; what was received is shown up to {time(120)}."


def test_the_rail_counts_late_failing_and_silent_connections_and_the_worst_of_them() -> None:
    kinds = (FAILING, LATE, SILENT, ConnectionState.GOOD, STARTING)
    shown = state(*(row(connection(str(kind)), health(kind)) for kind in kinds))
    assert (shown.attention_count, shown.worst) == (3, "down")
    assert (state(row()).attention_count, state(row()).worst) == (0, "")


def test_the_rail_counts_connections_neither_for_the_past_nor_once_nobody_collects() -> None:
    failing = source_list(row(connection("a"), health(FAILING)))
    past = replace(LIVE, at=ago(hours=2), live=False)
    assert connectors_state(failing, LIVE, NOON, str).attention_count == 1
    assert connectors_state(failing, past, NOON, str).attention_count == 0
    assert connectors_state(replace(failing, silent_since_at=ago(minutes=22)), LIVE, NOON, str).attention_count == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s"), (60, "60 s"), (90, "90 s"), (300, "5 min"), (7200, "2 h"), (0.5, "0.5 s"), (172800, "2 d")],
)
def test_intervals_are_said_in_the_largest_whole_unit(seconds: float, words: str) -> None:
    assert every_words(seconds) == words


def test_a_gap_that_is_over_is_dark_and_one_that_lasts_is_outlined() -> None:
    shown = state(row(reception=received((R, 24, 17), (M, 17, 16), (R, 16, 2), (L, 2, 1), (M, 1, 0)))).coverage[0]
    assert [one.kind for one in shown.stretches] == [
        Coverage.RECEIVED,
        Coverage.GAP,
        Coverage.RECEIVED,
        Coverage.LATE,
        Coverage.MISSING,
    ]
    assert shown.stretches[1].words == f"a gap of 60 min from {time(17 * 60)} to {time(16 * 60)}"
    assert shown.words == "2 gaps, 2 h without data, 60 min came late"


def test_silence_up_to_the_end_of_the_bar_goes_on_with_the_gap_before_it() -> None:
    shown = state(row(reception=received((R, 24, 3), (M, 3, 2)))).coverage[0]
    assert [(one.kind, one.end_s) for one in shown.stretches][1:] == [(Coverage.MISSING, NOON.timestamp())]
    assert shown.stretches[1].words == f"nothing for 3 h, since {time(180)}"


def test_a_poll_that_is_not_due_yet_is_no_gap() -> None:
    just_now = replace(ALL_DAY[0], to_at=ago(seconds=40))
    assert [one.kind for one in state(row(reception=(just_now,))).coverage[0].stretches] == [Coverage.RECEIVED]


def test_a_disabled_connection_misses_nothing() -> None:
    shown = state(row(connection(enabled=False), reception=received((R, 24, 3)))).coverage[0]
    assert [one.kind for one in shown.stretches] == [Coverage.RECEIVED]


def test_a_connection_that_is_new_says_from_when_on_it_delivers() -> None:
    assert state(row(reception=received((R, 2, 0)))).coverage[0].words == f"all received, nothing before {time(120)}"
    assert state(row(reception=())).coverage[0].words == "nothing was received"


def test_bars_are_cut_to_the_day() -> None:
    shown = state(row(reception=received((R, 30, 0)))).coverage[0]
    assert shown.stretches[0].start_s == (NOON - timedelta(days=1)).timestamp()


def test_one_connection_tells_its_facts() -> None:
    progress = BackfillProgress(ago(days=90), ago(days=34), 1_230_400)
    told = health(
        FAILING,
        words="Refused.",
        next_step="Look.",
        failures_in_a_row=44,
        poll_duration_seconds=0.084,
        backfill=progress,
        last_good_at=ago(minutes=22),
    )
    shown = state(row(None, told)).details[0]
    assert (shown.headline, shown.next_step) == ("Failing for 22 min", "Look.")
    assert {one.label: one.value for one in shown.facts} == {
        "Asked": "every 15 s",
        "Last good": f"22 min ago, {time(22)}",
        "Newest data": "never",
        "Failed": "44 times in a row",
        "Last poll": "took 84 ms",
        "History": "back-filling: 34 of 90 d, 1,230,400 samples",
        "Series": "12",
        "Gaps, 24 h": "0",
    }


def test_a_declared_connection_says_where_it_is_changed_and_what_can_be_set_here() -> None:
    declared = state(row(connection(managed_by="demo-bank"))).details[0]
    assert declared.managed.startswith("The estate document demo-bank declares this connection")
    assert (declared.can_edit, declared.can_remove) == (True, False)
    bare = state(row(connection(managed_by="demo-bank", secret_names=()))).details[0]
    assert bare.can_edit is False
    assert bare.managed.endswith("Here you can disable it.")
    assert state(row()).details[0].can_remove
