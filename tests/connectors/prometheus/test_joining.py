"""Where history and the polls meet at the first connect: no instant without a sample, none asked twice."""

from datetime import timedelta
from itertools import pairwise

import pytest

from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.testing import MOMENT, StandingClock
from tests.connectors.prometheus.asking import Answers, all_samples, context, points_of, poll, server

DEPTH = [{"__name__": "queue_depth", "job": "shop"}]
HOUR = timedelta(hours=1)


async def joined(answers: Answers, clock: StandingClock, **settings: SettingValue) -> tuple[list[float], list[float]]:
    """The instants of an hour of history and of the first poll that it ends with, in seconds before the poll."""
    settings = {"history_days": 1} | settings
    start = clock.now() - timedelta(minutes=1)
    live = await poll(context(answers, clock, None, **settings), Window(TimeRange(start, clock.now())))
    window = Window(TimeRange(start - HOUR, start), Purpose.BACKFILL)
    past = await poll(context(answers, clock, None, **settings), window)
    first, second = (
        sorted(
            at / 1000 - clock.now().timestamp() for course in points_of(all_samples(polled)).values() for at in course
        )
        for polled in (past, live)
    )
    return first, second


@pytest.mark.parametrize("seconds", [0, 1, 59.999, 60, 60.5, 61, 74, 240, 299, 359.9995, 360, 360.001])
async def test_the_polls_go_on_where_history_ends_wherever_the_first_one_falls(seconds: float) -> None:
    clock = StandingClock(MOMENT + timedelta(seconds=seconds))
    past, live = await joined(server(DEPTH, clock=clock), clock)
    assert live[0] - past[-1] == pytest.approx(15)
    assert {round(later - earlier) for earlier, later in pairwise(past)} == {300}
    assert {round(later - earlier) for earlier, later in pairwise(live)} == {15}


@pytest.mark.parametrize("ahead", [-700.0, -40.0, 40.0])
async def test_the_polls_go_on_where_history_ends_by_the_clock_of_the_server(ahead: float) -> None:
    clock = StandingClock()
    past, live = await joined(server(DEPTH, clock=clock, ahead=ahead), clock)
    assert live[0] - past[-1] == pytest.approx(15)


async def test_the_first_poll_reaches_no_further_back_than_a_page_for_a_history_of_long_steps() -> None:
    clock = StandingClock()
    _, live = await joined(server(DEPTH, clock=clock), clock, history_step_seconds=86_400)
    assert live[0] == pytest.approx(-3600 - 60, abs=15)


async def test_without_a_history_the_first_poll_takes_its_window_only() -> None:
    clock = StandingClock()
    _, live = await joined(server(DEPTH, clock=clock), clock, history_days=0)
    assert live == [-45, -30, -15]
