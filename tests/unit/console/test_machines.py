"""Machines on the Overview, over a real store: told by what is measured of them, whoever measures it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import numpy as np

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.figures import MACHINE_FIGURES, REQUEST_FIGURES, Figure
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.lens import LENS_STATES, LensReader
from quarterdeck.services.machines import MachineReader, MachineRow, Part, PartUse
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import MAX_MACHINES, OverviewReader
from quarterdeck.services.performance import PerformanceReader, PerformanceReport
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON

LIVE = Moment(TimeRange.ending(NOON, 3600), NOON)
HOST = "component/host"


def processor(key: str = HOST, number: str = "") -> SeriesIdentity:
    labels = (("processor", number),) if number else ()
    return SeriesIdentity(key, "processors_busy", Meaning.PROCESSING, "ratio", labels=labels)


def memory(key: str = HOST) -> SeriesIdentity:
    return SeriesIdentity(key, "memory_used_share", Meaning.SATURATION, "ratio", labels=(("resource", "memory"),))


def disk(mount: str, key: str = HOST, *, resource: str = "") -> SeriesIdentity:
    labels = (("mount", mount), ("resource", resource)) if resource else (("mount", mount),)
    return SeriesIdentity(key, "storage_used_share", Meaning.STORAGE, "ratio", labels=labels)


def declare(store: SqlStore, keys: Iterable[str], at: datetime = NOON - timedelta(hours=1)) -> None:
    entities = tuple(Entity(key, EntityKind(key.partition("/")[0]), key.partition("/")[2], "platform") for key in keys)
    machine = Connection("local", "this_machine", "This machine", poll_seconds=10.0)
    store.writer.change_estate(EstateChange(at, "test", put_entities=entities, put_connections=(machine,)))
    for key in keys:
        interval = StateInterval(key, HealthState.HEALTHY, "", NOON - timedelta(minutes=3), None)
        change = StateChange(key, TimeRange(interval.from_at, NOON), (interval,), open_ended=True)
        store.writer.change_states([change]).result(20)
    store.leases.acquire("test", NOON, 11.0)


def tell(store: SqlStore, values: dict[SeriesIdentity, float], at: datetime = NOON) -> None:
    store.writer.ingest(Ingest("local", Batch(Samples.at(at, values)), at, Cursors(last_good_at=at))).result(20)


def machines(store: SqlStore, moment: Moment = LIVE) -> tuple[MachineRow, ...]:
    return MachineReader(store).machines_of(store.estate(moment.at), moment)


def test_a_machine_tells_its_processors_its_memory_and_its_fullest_disk(store: SqlStore) -> None:
    declare(store, [HOST])
    used = {processor(): 0.09, processor(number="0"): 0.4, memory(): 0.42, disk("/"): 0.3, disk("/var"): 0.61}
    tell(store, used | {disk("/", resource="inodes"): 0.8})
    (row,) = machines(store)
    assert row.uses == (
        PartUse(Part.PROCESSOR, 0.09),
        PartUse(Part.MEMORY, 0.42),
        PartUse(Part.FULLEST_DISK, 0.61, "/var"),
    )
    assert (row.state, row.since_at, row.newest_at) == (HealthState.HEALTHY, NOON - timedelta(minutes=3), NOON)


def test_the_line_of_a_machine_is_how_busy_all_its_processors_were(store: SqlStore) -> None:
    declare(store, [HOST])
    for minutes in (4, 3, 2, 1):
        at = NOON - timedelta(minutes=minutes)
        tell(store, {processor(): minutes / 10, processor(number="0"): 0.9, memory(): 0.42}, at)
    (row,) = machines(store)
    assert np.nanmax(row.spark) == 0.4
    assert np.isnan(row.spark[0])


def test_a_machine_is_there_at_its_first_reading_which_tells_no_rate(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {memory(): 0.42, disk("/"): 0.3})
    (row,) = machines(store)
    assert [(use.part, use.share) for use in row.uses] == [(Part.MEMORY, 0.42), (Part.FULLEST_DISK, 0.3)]
    assert len(row.spark) == 0


def test_a_host_that_an_exporter_tells_of_is_a_machine_as_well(store: SqlStore) -> None:
    declare(store, ["component/node"])
    share = SeriesIdentity("component/node", "memory_used", Meaning.SATURATION, "ratio")
    tell(store, {processor("component/node"): 0.2, share: 0.5})
    assert [row.entity.key for row in machines(store)] == ["component/node"]


def test_what_tells_no_share_of_its_memory_is_no_machine(store: SqlStore) -> None:
    declare(store, ["component/db", "component/cache", "service/api"])
    resident = SeriesIdentity("component/db", "memory", Meaning.MEMORY, "By")
    pool = SeriesIdentity("component/db", "saturation", Meaning.SATURATION, "ratio")
    alone = memory("component/cache")
    tell(store, {processor("component/db"): 0.2, disk("/", "component/db"): 0.5, resident: 4e9, pool: 0.3, alone: 0.4})
    tell(store, {processor("service/api"): 0.2, memory("service/api"): 0.4})
    assert machines(store) == ()


def test_figures_that_are_old_are_not_told_as_those_of_now(store: SqlStore) -> None:
    declare(store, [HOST])
    told_at = NOON - timedelta(minutes=22)
    tell(store, {processor(): 0.09, memory(): 0.42, disk("/"): 0.3}, told_at)
    (row,) = machines(store)
    assert [use.share for use in row.uses] == [None, None, None]
    assert (row.newest_at, row.uses[2].label) == (told_at, "")


def test_once_nobody_collects_no_figure_is_told_as_one_of_now(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {processor(): 0.09, memory(): 0.42})
    (row,) = machines(store, Moment(LIVE.time_range, NOON + timedelta(seconds=45)))
    assert (row.state, [use.share for use in row.uses]) == (HealthState.STALE, [None, None])


def test_a_disk_that_went_away_is_not_the_fullest(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {disk("/mnt"): 0.99}, NOON - timedelta(minutes=30))
    tell(store, {memory(): 0.42, disk("/"): 0.3})
    assert machines(store)[0].uses[-1] == PartUse(Part.FULLEST_DISK, 0.3, "/")


def test_a_past_moment_tells_the_figures_of_then(store: SqlStore) -> None:
    declare(store, [HOST])
    then = NOON - timedelta(minutes=20)
    tell(store, {processor(): 0.7, memory(): 0.6}, then)
    tell(store, {processor(): 0.1, memory(): 0.4})
    (row,) = machines(store, Moment(LIVE.time_range, then + timedelta(seconds=5), live=False))
    assert [use.share for use in row.uses] == [0.7, 0.6]


def test_before_a_machine_was_known_it_is_not_shown(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {processor(): 0.7, memory(): 0.6})
    assert machines(store, Moment(LIVE.time_range, NOON - timedelta(hours=2), live=False)) == ()


def test_the_overview_shows_the_most_urgent_machines_and_counts_the_others(store: SqlStore) -> None:
    keys = [f"component/host-{number:02}" for number in range(MAX_MACHINES + 3)]
    declare(store, keys)
    tell(store, {identity: 0.3 for key in keys for identity in (processor(key), memory(key))})
    down = StateInterval(keys[-1], HealthState.DOWN, "Memory", NOON - timedelta(minutes=1), None)
    change = StateChange(keys[-1], TimeRange(down.from_at, NOON), (down,), open_ended=True)
    store.writer.change_states([change]).result(20)
    report = OverviewReader(store).overview(LIVE)
    assert [row.entity.key for row in report.machines] == [keys[-1], *keys[: MAX_MACHINES - 1]]
    assert report.machine_count == len(keys)


def test_without_integrations_the_figures_and_the_lens_count_everything(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {processor(): 0.09, memory(): 0.42})
    report = OverviewReader(store).overview(LIVE)
    figures = report.figures
    assert (report.is_empty, figures.is_of_everything) == (False, True)
    assert (figures.healthy, figures.total, figures.availability) == (1, 1, 1.0)
    lens = LensReader(store).lens(TimeRange.ending(NOON, 60), 4)
    assert lens.shares[LENS_STATES.index(HealthState.HEALTHY)].tolist() == [1.0] * 4
    assert lens.counts_everything


def test_a_bar_of_the_lens_that_reaches_past_the_present_is_not_stale_while_somebody_collects(store: SqlStore) -> None:
    declare(store, [HOST])
    reaching = TimeRange(NOON - timedelta(minutes=4), NOON + timedelta(minutes=2))
    shares = LensReader(store).lens(reaching, 2, known_to=NOON).shares
    assert shares[LENS_STATES.index(HealthState.HEALTHY)].tolist() == [1.0, 1.0]


def test_a_silence_is_in_the_last_bar_of_the_lens_while_that_bar_still_grows(store: SqlStore) -> None:
    declare(store, [HOST])
    reaching = TimeRange(NOON - timedelta(minutes=4), NOON + timedelta(minutes=20))
    shares = LensReader(store).lens(reaching, 2, known_to=NOON + timedelta(minutes=3)).shares
    assert shares[LENS_STATES.index(HealthState.STALE)].tolist() == [1.0, 1.0]


def test_bars_of_the_lens_are_stale_from_where_nobody_collected_any_more(store: SqlStore) -> None:
    declare(store, [HOST])
    shares = LensReader(store).lens(TimeRange(NOON - timedelta(minutes=2), NOON + timedelta(minutes=4)), 3).shares
    assert shares[LENS_STATES.index(HealthState.HEALTHY)].tolist() == [1.0, 0.0, 0.0]
    assert shares[LENS_STATES.index(HealthState.STALE)].tolist() == [0.0, 1.0, 1.0]


def test_with_an_integration_the_figures_and_the_lens_are_of_integrations(store: SqlStore) -> None:
    declare(store, [HOST, "integration/a", "integration/b"])
    store.writer.change_states(
        [StateChange("integration/b", TimeRange(NOON - timedelta(hours=1), NOON), (), open_ended=True)]
    ).result(20)
    figures = OverviewReader(store).overview(LIVE).figures
    assert (figures.healthy, figures.total, figures.is_of_everything) == (1, 2, False)
    lens = LensReader(store).lens(TimeRange.ending(NOON, 60), 1)
    assert lens.shares[LENS_STATES.index(HealthState.HEALTHY)].tolist() == [0.5]
    assert not lens.counts_everything


def charted(store: SqlStore, kind: EntityKind, *keys: str) -> PerformanceReport:
    return PerformanceReader(store, store).performance(kind, keys, LIVE, pixels=200)


def test_the_charts_of_a_machine_are_what_is_told_of_it(store: SqlStore) -> None:
    declare(store, [HOST])
    load = SeriesIdentity(HOST, "load_1min", unit="1")
    tell(store, {processor(): 0.7, memory(): 0.6, disk("/"): 0.2, disk("/data"): 0.5, load: 1.5})
    found = charted(store, EntityKind.COMPONENT)
    assert [chart.figure for chart in found.charts] == [Figure.PROCESSOR, Figure.MEMORY, Figure.DISK, Figure.LOAD]
    assert [line.label for line in found.charts[2].lines] == ["host · /data"]
    assert found.untold == (Figure.NETWORK,)


def test_the_card_of_a_machine_begins_with_its_figures_and_ends_with_what_has_no_meaning_of_ours(
    store: SqlStore,
) -> None:
    declare(store, [HOST])
    load, handles = (SeriesIdentity(HOST, name, unit="1") for name in ("load_1min", "file_handles"))
    answers = SeriesIdentity(HOST, "up", Meaning.AVAILABILITY, "ratio")
    values = {handles: 900.0, load: 1.5, disk("/"): 0.2, disk("/data"): 0.5, memory(): 0.6, answers: 1.0}
    tell(store, {**values, processor(): 0.7, processor(number="0"): 0.9})
    card = InspectorReader(store).card(HOST, LIVE)
    assert card is not None
    assert [(one.figure, one.reading.value, one.label) for one in card.figures] == [
        (Figure.PROCESSOR, 0.7, ""),
        (Figure.MEMORY, 0.6, ""),
        (Figure.DISK, 0.5, "/data"),
        (Figure.LOAD, 1.5, ""),
    ]
    assert [reading.meaning for reading in card.readings] == [Meaning.AVAILABILITY, Meaning.OTHER]


def test_a_figure_that_told_nothing_yet_at_the_play_head_is_not_on_the_card(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {processor(): 0.7})
    card = InspectorReader(store).card(HOST, Moment(LIVE.time_range, NOON - timedelta(minutes=30), live=False))
    assert card is not None
    assert card.figures == ()


def test_a_service_misses_what_is_expected_of_requests_only(store: SqlStore) -> None:
    declare(store, ["service/a"])
    tell(store, {SeriesIdentity("service/a", "latency", Meaning.RESPONSE_TIME, "s"): 0.2})
    found = charted(store, EntityKind.SERVICE)
    assert [chart.figure for chart in found.charts] == [Figure.RESPONSE_TIME]
    assert found.untold == (Figure.THROUGHPUT, Figure.ERROR_RATE, Figure.SATURATION)


def test_of_integrations_there_are_always_the_same_four_charts(store: SqlStore) -> None:
    declare(store, ["integration/a"])
    tell(store, {SeriesIdentity("integration/a", "latency", Meaning.RESPONSE_TIME, "s"): 0.2})
    found = charted(store, EntityKind.INTEGRATION)
    assert ([len(chart.lines) for chart in found.charts], found.untold) == ([1, 0, 0, 0], ())


def test_a_component_of_which_nothing_is_told_misses_what_is_expected_of_a_machine(store: SqlStore) -> None:
    declare(store, [HOST])
    found = charted(store, EntityKind.COMPONENT, HOST)
    assert (found.shown, found.charts, found.untold) == ((HOST,), (), MACHINE_FIGURES)


def test_a_component_that_tells_its_queue_only_misses_what_is_expected_of_requests(store: SqlStore) -> None:
    declare(store, [HOST])
    tell(store, {SeriesIdentity(HOST, "depth", Meaning.QUEUE_DEPTH): 3.0})
    found = charted(store, EntityKind.COMPONENT)
    assert [chart.figure for chart in found.charts] == [Figure.QUEUE_DEPTH]
    assert found.untold == REQUEST_FIGURES


def test_the_simulated_components_of_the_demo_bank_are_no_machines(bank: SqlStore) -> None:
    report = OverviewReader(bank).overview(LIVE)
    assert (report.machines, report.figures.is_of_everything) == ((), False)
