"""A source is gone for an hour and returns with nothing of it: what every panel is told, while it lasts and after."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from quarterdeck.domain.connections import Connection, ConnectionState, ReceptionKind
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import ConnectorContext, Window
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.coordinator import Coordinator
from quarterdeck.services.integrations import IntegrationReader, IntegrationRow
from quarterdeck.services.lens import LENS_STATES, LensReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import OverviewReader
from quarterdeck.services.performance import ChartLine, PerformanceReader
from quarterdeck.services.sources import SourceReader, SourceRow
from quarterdeck.services.status import StatusReader, Verdict
from quarterdeck.storage.store import SqlStore
from tests.support.stores import store
from tests.unit.collection.fakes import NOON, FakeRegistry, ScriptedConnector, SteppedClock, tools
from tests.unit.collection.watching import P95, PATIENCE_SECONDS, PAYHUB, THROUGHPUT, Watch

__all__ = ["store"]

POLL_SECONDS = 60.0
CONNECTION = Connection("metrics", "scripted", "PayHub metrics", poll_seconds=POLL_SECONDS)
GONE, BACK, END = 1200.0, 4800.0, 5400.0
HELD = 150.0
"""For how many seconds the last sample speaks."""
COLUMN = 12.0
"""The width of a column of the chart, in seconds."""


class World:
    """A source, the collector's coordinator and assessor, and the readers of the console, on one stepped clock."""

    def __init__(self, store: SqlStore) -> None:
        self.clock = SteppedClock()
        self.store = store
        self.is_gone = False
        self._watch = Watch(store, self.clock)
        registry = FakeRegistry({"scripted": ScriptedConnector(self._tell)})
        collecting = tools(store, registry, self.clock, on_stored=self._watch.assessor.take)
        self._coordinator = Coordinator(CONNECTION, collecting)

    async def _tell(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        if self.is_gone:
            raise Unreachable("Connection refused by 127.0.0.1:9.", "See whether the service runs.")
        yield Batch(samples=Samples.at(self.clock.now(), {P95: 0.2, THROUGHPUT: 40.0}))

    async def start(self) -> None:
        """Declare what is overseen, and begin to judge it."""
        self._watch.declare(PAYHUB, since=-60)
        self.store.writer.put_connection(CONNECTION).result(PATIENCE_SECONDS)
        await self._watch.start()

    async def run_to(self, seconds: float) -> None:
        """Let the collector poll, judge and tell how it does until so many seconds after noon."""
        while self.seconds < seconds:
            self.clock.advance(POLL_SECONDS)
            await self._coordinator.poll()
            await self._watch.judge()
        self.store.leases.acquire("collector", self.clock.now(), 30.0)
        self.store.writer.put_connection_health([self._coordinator.health]).result(PATIENCE_SECONDS)

    @property
    def seconds(self) -> float:
        return (self.clock.now() - NOON).total_seconds()

    def moment(self, hours: float = 2.0) -> Moment:
        return Moment(TimeRange.ending(self.clock.now(), 3600 * hours), self.clock.now())

    def row(self) -> IntegrationRow:
        (row,) = IntegrationReader(self.store).integrations(self.moment()).rows
        return row

    def source(self) -> SourceRow:
        (row,) = SourceReader(self.store).sources(self.moment()).rows
        return row

    def line(self) -> ChartLine:
        reader = PerformanceReader(self.store, self.store)
        report = reader.performance(EntityKind.INTEGRATION, [PAYHUB.key], self.moment(), pixels=int(2 * 3600 / COLUMN))
        return next(chart.lines[0] for chart in report.charts if chart.lines)

    def lens_states(self, since: float, until: float) -> set[HealthState]:
        """What the lens shows in the minutes that lie wholly between two instants."""
        span = TimeRange(after(since), after(until))
        shares = LensReader(self.store).lens(span, int((until - since) // 60), known_to=self.clock.now()).shares
        return {state for state, row in zip(LENS_STATES, shares, strict=True) if row.any()}


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def spoken(line: ChartLine) -> npt.NDArray[np.float64]:
    """The seconds after noon at which a line has a value."""
    return line.course.times_ms[~np.isnan(line.course.mean)] / 1000 - NOON.timestamp()


@pytest.fixture
async def silent(store: SqlStore) -> World:
    """An hour after the source went away."""
    world = World(store)
    await world.start()
    await world.run_to(GONE)
    world.is_gone = True
    await world.run_to(BACK)
    return world


@pytest.fixture
async def returned(silent: World) -> World:
    """A quarter of an hour after it returned."""
    silent.is_gone = False
    await silent.run_to(END)
    return silent


async def test_it_is_never_green_from_when_its_last_sample_no_longer_speaks(store: SqlStore) -> None:
    world = World(store)
    await world.start()
    await world.run_to(GONE)
    world.is_gone = True
    await world.run_to(GONE + HELD + POLL_SECONDS)
    told: set[tuple[HealthState, Verdict]] = set()
    while world.seconds < BACK:
        await world.run_to(world.seconds + 300)
        told.add((world.row().state, StatusReader(store).status(world.moment()).verdict))
    assert told == {(HealthState.STALE, Verdict.UNKNOWN)}


async def test_the_table_shows_no_figure_of_a_source_that_is_gone(silent: World) -> None:
    row = silent.row()
    assert (row.response_time_seconds, row.requests_per_second, row.error_ratio) == (None, None, None)
    assert row.newest_at == after(GONE)
    assert np.isnan(row.spark[-40:]).all()
    assert not np.isnan(row.spark[40])


async def test_the_overview_counts_it_as_not_healthy_and_asks_for_attention(silent: World) -> None:
    report = OverviewReader(silent.store).overview(silent.moment())
    assert (report.figures.healthy, report.figures.total, report.figures.sources_good) == (0, 1, 0)
    assert HealthState.STALE in {item.state for item in report.attention}


async def test_the_chart_ends_with_the_last_sample_and_says_since_when(silent: World) -> None:
    line = silent.line()
    assert line.silent_since_at == after(GONE)
    assert spoken(line)[-1] == pytest.approx(GONE, abs=COLUMN)


async def test_the_lens_shows_stale_and_nothing_else_for_the_hour(silent: World) -> None:
    assert silent.lens_states(GONE + 120, BACK) == {HealthState.STALE}


async def test_the_connection_is_silent_and_its_gap_still_lasts(silent: World) -> None:
    source = silent.source()
    assert (source.health.state, source.gap_count) == (ConnectionState.SILENT, 1)
    assert (source.reception[-1].kind, source.reception[-1].from_at) == (ReceptionKind.MISSING, after(GONE))
    assert silent.clock.now() - source.reception[-1].to_at <= timedelta(seconds=POLL_SECONDS)


async def test_it_is_healthy_again_with_its_next_sample_and_the_hour_stays_stale(returned: World) -> None:
    back = BACK + POLL_SECONDS
    told = returned.store.states_in(TimeRange(after(0), after(END)), [PAYHUB.key])
    assert [(each.state, (each.from_at - NOON).total_seconds()) for each in told if each.from_at > NOON] == [
        (HealthState.HEALTHY, POLL_SECONDS),
        (HealthState.STALE, GONE + HELD),
        (HealthState.HEALTHY, back),
    ]
    assert returned.row().state is HealthState.HEALTHY


async def test_the_chart_keeps_the_gap_after_the_source_returned(returned: World) -> None:
    line = returned.line()
    seconds = spoken(line)
    (hole,) = np.flatnonzero(np.diff(seconds) > POLL_SECONDS + 2 * COLUMN)
    assert seconds[hole : hole + 2] == pytest.approx([GONE, BACK + POLL_SECONDS], abs=COLUMN)
    broken = line.course.times_ms[np.isnan(line.course.mean)] / 1000 - NOON.timestamp()
    assert ((broken > GONE) & (broken < BACK + POLL_SECONDS)).all()
    assert len(broken) > 0
    assert line.silent_since_at is None


async def test_the_lens_keeps_the_hour_stale_after_the_source_returned(returned: World) -> None:
    assert returned.lens_states(GONE + 120, BACK) == {HealthState.STALE}
    assert returned.lens_states(BACK + 60, END) == {HealthState.HEALTHY}


async def test_the_hour_is_a_gap_in_what_was_received(returned: World) -> None:
    source = returned.source()
    assert source.health.state is ConnectionState.GOOD
    assert [(each.kind, (each.from_at - NOON).total_seconds()) for each in source.reception] == [
        (ReceptionKind.RECEIVED, 0),
        (ReceptionKind.MISSING, GONE),
        (ReceptionKind.RECEIVED, BACK),
    ]


async def test_the_play_head_in_the_hour_shows_it_as_stale_after_the_source_returned(returned: World) -> None:
    at = after((GONE + BACK) / 2)
    (row,) = IntegrationReader(returned.store).integrations(Moment(TimeRange.ending(at, 7200), at, live=False)).rows
    assert (row.state, row.response_time_seconds) == (HealthState.STALE, None)
