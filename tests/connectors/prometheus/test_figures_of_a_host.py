"""From a node exporter through a Prometheus, both real, to what is told of the host: Prometheus's own numbers."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import pytest

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.testing import StandingClock, collect_all
from quarterdeck.services.figures import Figure, FigureReading
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.machines import MachineReader, Part
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import PerformanceReader
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.services.signals import SignalReader
from quarterdeck.storage.store import SqlStore
from tests.connectors.prometheus.asking import context_of, present, since
from tests.support.prometheus_peer import MetricsServer
from tests.support.stores import take_in

pytestmark = pytest.mark.slow

BUSY = '1 - avg(rate(node_cpu_seconds_total{job="node",mode="idle"}[10s]))'
MEMORY = '1 - sum(node_memory_MemAvailable_bytes{job="node"}) / sum(node_memory_MemTotal_bytes{job="node"})'
RECEIVED = 'sum by (device) (rate(node_network_receive_bytes_total{job="node",device!="lo"}[10s]))'
SENT = 'sum by (device) (rate(node_network_transmit_bytes_total{job="node",device!="lo"}[10s]))'


@dataclass(frozen=True, slots=True)
class Told:
    """A store into which one connection has copied all that is told of a host, and the moment after."""

    store: SqlStore
    key: str
    moment: Moment

    def figures(self) -> dict[Figure, FigureReading]:
        card = InspectorReader(self.store).card(self.key, self.moment)
        assert card is not None
        return {one.figure: one for one in card.figures}


def copied(server: MetricsServer, store: SqlStore, kind: str) -> Told:
    now = present()
    given: dict[str, SettingValue] = {
        "address": server.address,
        "selector": '{job="node"}',
        "entity_kind": kind,
        "step_seconds": 2,
        "rate_window_seconds": 10,
    }
    made = context_of(given, StandingClock(now))
    collected = asyncio.run(collect_all(Source(), made, window=since(20, now)))
    found = asyncio.run(Source().discover(made))
    store.writer.change_estate(EstateChange(since(60, now).time_range.start_at, "m", put_entities=found.entities))
    (entity,) = found.entities
    span = TimeRange.ending(now, 30)
    healthy = StateInterval(entity.key, HealthState.HEALTHY, "", span.start_at, None)
    store.writer.change_states([StateChange(entity.key, span, (healthy,), open_ended=True)]).result(20)
    store.leases.acquire("test", now, 11.0)
    for batch in collected.batches:
        take_in(store, batch, connection_id="m", received_at=now)
    return Told(store, entity.key, Moment(TimeRange.ending(now, 60), now))


def answers(server: MetricsServer, query: str, at: datetime) -> dict[str, float]:
    """The server's own answer at an instant, by device; by nothing where the query has none."""
    data = server.json("query", query=query, time=f"{at.timestamp():.3f}")
    assert isinstance(data, dict)
    return {row["metric"].get("device", ""): float(row["value"][1]) for row in data["result"]}


@pytest.mark.parametrize("kind", ["component", "service"])
def test_the_card_tells_how_busy_and_how_full_the_host_is(
    prometheus: MetricsServer, store: SqlStore, kind: str
) -> None:
    figures = copied(prometheus, store, kind).figures()
    for figure, query in ((Figure.PROCESSOR, BUSY), (Figure.MEMORY, MEMORY)):
        reading = figures[figure].reading
        assert reading.value == pytest.approx(answers(prometheus, query, reading.at)[""], abs=1e-9)
        assert (reading.unit, reading.fresh) == ("ratio", True)


def test_the_card_tells_what_comes_in_at_the_busiest_device(prometheus: MetricsServer, store: SqlStore) -> None:
    told = copied(prometheus, store, "component").figures()[Figure.NETWORK]
    received, sent = (answers(prometheus, query, told.reading.at) for query in (RECEIVED, SENT))
    traffic = {device: received[device] + sent[device] for device in received}
    device = told.label.split()[0]
    assert traffic[device] == max(traffic.values())
    assert told.reading.value == pytest.approx(received[device])


def test_the_host_is_a_machine_with_the_figures_of_its_card(prometheus: MetricsServer, store: SqlStore) -> None:
    told = copied(prometheus, store, "component")
    (row,) = MachineReader(store).machines_of(store.estate(told.moment.at), told.moment)
    figures = told.figures()
    assert {use.part: use.share for use in row.uses} == {
        Part.PROCESSOR: figures[Figure.PROCESSOR].reading.value,
        Part.MEMORY: figures[Figure.MEMORY].reading.value,
        Part.FULLEST_DISK: figures[Figure.DISK].reading.value,
    }


def test_the_charts_and_the_lists_draw_the_series_of_the_card(prometheus: MetricsServer, store: SqlStore) -> None:
    told = copied(prometheus, store, "component")
    report = PerformanceReader(store, store).performance(EntityKind.COMPONENT, [told.key], told.moment, pixels=60)
    charted = {chart.figure: chart.lines[0].series.last_value for chart in report.charts}
    figures = {figure: one.reading.value for figure, one in told.figures().items()}
    assert charted == figures
    listed = SignalReader(store).read([told.key], told.moment)[told.key].readings
    assert listed[Meaning.SATURATION].value == figures[Figure.MEMORY]
    assert listed[Meaning.PROCESSING].value == figures[Figure.PROCESSOR]
    assert listed[Meaning.NETWORK].value == figures[Figure.NETWORK]
