"""How long a coordinator waits between its attempts."""

from __future__ import annotations

import pytest

from quarterdeck.services.pacing import poll_pause


@pytest.mark.parametrize(
    ("every", "failures", "expected"),
    [
        (10, 0, 10),
        (10, 1, 10),
        (10, 2, 20),
        (10, 3, 40),
        (10, 4, 60),
        (10, 400, 60),
        (0, 0, 0.2),
        (0, 1, 1),
        (0, 3, 4),
        (0.1, 9, 60),
        (86_400, 0, 86_400),
        (86_400, 1, 60),
        (86_400, 2, 120),
        (600, 1, 60),
        (600, 9, 600),
    ],
)
def test_what_is_polled_often_is_retried_less_often_and_what_is_polled_seldom_sooner(
    every: float, failures: int, expected: float
) -> None:
    assert poll_pause(every, failures, 0.0) == expected


def test_the_time_that_a_poll_took_belongs_to_its_interval() -> None:
    assert poll_pause(10, 0, 3) == 7


def test_a_poll_that_took_longer_than_its_interval_leaves_a_breath() -> None:
    assert poll_pause(10, 0, 30) == 0.2


def test_a_clock_set_back_during_a_poll_does_not_put_off_the_next() -> None:
    assert poll_pause(10, 0, -3600) == 10
