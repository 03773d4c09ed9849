"""How the bars of the time lens are asked for: anew when they would be others, and kept as old when there are none."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import numpy as np
import pytest

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.lens import LENS_STATES, LensReport
from quarterdeck.ui.shell.lens_strip import LensPresenter, LensStrip
from tests.support.backgrounds import HeldBackground
from tests.support.pictured_bank import NOON

BARS = 60


@dataclass(slots=True)
class SpokenLens:
    """A reader that keeps until when it was asked, and may fail."""

    known_to: list[datetime | None] = field(default_factory=list[datetime | None])
    fault: StoreUnavailable | None = None

    def lens(self, time_range: TimeRange, buckets: int, *, known_to: datetime | None = None) -> LensReport:
        self.known_to.append(known_to)
        if self.fault is not None:
            raise self.fault
        edges = np.linspace(time_range.start_ms, time_range.end_ms, buckets + 1).astype(np.int64)
        return LensReport(time_range, edges, np.ones((len(LENS_STATES), buckets)), counts_everything=True)


@dataclass(slots=True)
class Asked:
    """A presenter with what it asks and what it shows."""

    reader: SpokenLens = field(default_factory=SpokenLens)
    background: HeldBackground = field(default_factory=HeldBackground)
    shown: list[LensStrip] = field(default_factory=list[LensStrip])
    presenter: LensPresenter = field(init=False)

    def __post_init__(self) -> None:
        self.presenter = LensPresenter(
            lambda: cast("Any", self.reader), cast("Any", self.background), self.shown.append
        )

    def show(self, at: datetime) -> None:
        self.presenter.show(TimeRange.ending(at, 6 * 3600), BARS)
        for piece in self.background.active:
            piece.finish()


@pytest.fixture
def asked() -> Asked:
    return Asked()


def test_it_is_told_as_seen_from_the_end_of_the_extent_and_what_it_counts(asked: Asked) -> None:
    asked.show(NOON)
    assert asked.reader.known_to == [NOON]
    assert asked.shown[-1].counts_everything


def test_bars_that_stand_still_are_read_again_after_a_while_for_silence_comes_without_news(asked: Asked) -> None:
    for seconds in (0, 1, 14, 15, 20):
        asked.show(NOON + timedelta(seconds=seconds))
    assert asked.reader.known_to == [NOON, NOON + timedelta(seconds=15)]


def test_bars_that_cannot_be_read_anew_stay_as_old_and_are_asked_for_until_they_can(asked: Asked) -> None:
    asked.show(NOON)
    asked.reader.fault = StoreUnavailable("The disk does not answer.", "Look at the disk.")
    lost_at = NOON + timedelta(seconds=20)
    asked.show(lost_at)
    asked.show(lost_at + timedelta(seconds=1))
    assert [strip.old_at for strip in asked.shown] == [None, lost_at]
    asked.reader.fault = None
    asked.show(lost_at + timedelta(seconds=2))
    assert asked.shown[-1].old_at is None


def test_while_the_store_is_lost_whatever_is_still_read_is_old(asked: Asked) -> None:
    asked.show(NOON)
    asked.presenter.lose(NOON + timedelta(seconds=5))
    asked.presenter.lose(NOON + timedelta(seconds=9))
    asked.show(NOON + timedelta(seconds=30))
    assert [strip.old_at for strip in asked.shown] == [None, *[NOON + timedelta(seconds=5)] * 2]
    asked.presenter.find()
    asked.show(NOON + timedelta(seconds=31))
    assert asked.shown[-1].old_at is None


def test_nothing_is_old_where_nothing_was_shown(asked: Asked) -> None:
    asked.presenter.lose(NOON)
    assert asked.shown == []
