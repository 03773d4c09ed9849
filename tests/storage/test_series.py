"""Series in a store: what is found, what is read, and that packing shows to nobody."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, Table, func, select, update
from typing_extensions import override

from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesKind
from quarterdeck.sdk.connector import RemoteSeries
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, Ingest, SeriesQuery, Topic
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.group_commit import Chore
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import NoReserve
from quarterdeck.storage.series import SqlSeries
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import series_chunk, series_head
from quarterdeck.storage.transaction import WriteTransaction
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in, take_in_values
from tests.support.waiting import wait_until

LATENCY = SeriesIdentity(
    "service/payments", "latency", Meaning.RESPONSE_TIME, "s", "p95", (("region", "eu"),), SeriesKind.GAUGE
)
REQUESTS = SeriesIdentity("service/payments", "requests", Meaning.THROUGHPUT, "1/s")
DISK = SeriesIdentity("component/host", "disk", Meaning.STORAGE, "ratio")
ALL_TIME = TimeRange(NOON - timedelta(days=400), NOON + timedelta(days=400))


@pytest.fixture
def packing(store: SqlStore) -> Iterator[SqlStore]:
    """A second store over the same file that packs at every opportunity, one series and one row at a time."""
    database = open_store(store.summary().url)._database
    eager = SqlStore(
        database, NoReserve(), Compaction(head_rows=1, bundles_a_chunk=1, slice_seconds=0, deleted_at_once=1)
    )
    yield eager
    eager.close()


class NoChore(Chore):
    @override
    def is_due(self, connection: Connection) -> bool:
        return False

    @override
    def work(self, transaction: WriteTransaction) -> None: ...


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[SqlStore]:
    """A store that packs nothing by itself."""
    opened = SqlStore(open_store(str(tmp_path / "quiet.db"))._database, NoReserve(), NoChore())
    yield opened
    opened.close()


def stretch(start: float, count: int, *, step: float = 300.0, identity: SeriesIdentity = LATENCY) -> Samples:
    times = to_ms(after(start)) + (np.arange(count) * step * 1000).astype(np.int64)
    return Samples.of_series(identity, times, np.arange(count, dtype=np.float64))


def number_of(store: SqlStore, identity: SeriesIdentity) -> int:
    return next(info.id for info in store.find(SeriesQuery()) if info.identity == identity)


def values(store: SqlSeries, series_id: int, time_range: TimeRange = ALL_TIME) -> list[float]:
    return list(store.samples(series_id, time_range).values)


def rows(store: SqlStore, table: Table) -> int:
    with store._database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def slice_by_slice(store: SqlStore, compaction: Compaction) -> Iterator[None]:
    """One slice of packing at a time until nothing is due."""
    database = store._database
    while True:
        with database.reading() as connection:
            if not compaction.is_due(connection):
                return
        with database.writing() as connection:
            compaction.work(WriteTransaction(connection))
            database.commit(connection)
        yield


def test_series_are_found_with_their_first_and_newest_sample(store: SqlStore) -> None:
    receipt = take_in_values(store, after(0), {LATENCY: 0.5, DISK: 0.7})
    take_in_values(store, after(10), {LATENCY: 0.75})
    assert (receipt.samples, receipt.new_series) == (2, 2)
    disk, latency = store.find(SeriesQuery())
    assert (disk.identity, latency.identity) == (DISK, LATENCY)
    assert (latency.first_at, latency.last_at, latency.last_value) == (after(0), after(10), 0.75)
    assert latency.connection_id == "probe"


def test_series_are_found_by_entity_meaning_connection_and_statistic(store: SqlStore) -> None:
    take_in_values(store, after(0), {LATENCY: 0.5, REQUESTS: 3.0})
    take_in(store, Batch(samples=Samples.at(after(0), {DISK: 0.7})), connection_id="machine")

    def names(query: SeriesQuery) -> list[str]:
        return [info.identity.name for info in store.find(query)]

    assert names(SeriesQuery(entity_keys=("component/host", "nobody"))) == ["disk"]
    assert names(SeriesQuery(meanings=(Meaning.THROUGHPUT, Meaning.STORAGE))) == ["disk", "requests"]
    assert names(SeriesQuery(connection_ids=("probe",))) == ["latency", "requests"]
    assert names(SeriesQuery(statistics=("p95",))) == ["latency"]
    assert names(SeriesQuery(entity_keys=("service/payments",), statistics=("p99",))) == []


def test_a_late_sample_neither_becomes_the_newest_nor_is_lost(store: SqlStore) -> None:
    take_in_values(store, after(60), {LATENCY: 2.0})
    take_in_values(store, after(0), {LATENCY: 1.0})
    (info,) = store.find(SeriesQuery())
    assert (info.first_at, info.last_value) == (after(0), 2.0)
    assert values(store, info.id) == [1.0, 2.0]


def test_a_nan_as_the_newest_value_is_told_as_nan(store: SqlStore) -> None:
    take_in_values(store, after(0), {LATENCY: float("nan")})
    (info,) = store.find(SeriesQuery())
    assert info.last_value is not None
    assert np.isnan(info.last_value)


def test_a_series_goes_on_under_another_connection(store: SqlStore) -> None:
    take_in_values(store, after(0), {LATENCY: 1.0})
    take_in(store, Batch(samples=Samples.at(after(10), {LATENCY: 2.0})), connection_id="probe-2")
    (info,) = store.find(SeriesQuery())
    assert info.connection_id == "probe-2"
    assert values(store, info.id) == [1.0, 2.0]


def test_a_long_stretch_is_packed_at_once_and_read_like_any_other(store: SqlStore) -> None:
    take_in(store, Batch(samples=stretch(-86_400 * 90, 25_920)))
    assert rows(store, series_head) == 0
    assert rows(store, series_chunk) == 7
    found = store.samples(number_of(store, LATENCY), ALL_TIME)
    assert np.array_equal(found.values, np.arange(25_920))


def test_pages_of_the_past_newest_first_leave_no_tiny_chunks(store: SqlStore) -> None:
    for page in range(10):
        take_in(store, Batch(samples=stretch(-300.0 * 300 * (page + 1), 300)))
    assert rows(store, series_chunk) <= 3
    assert len(values(store, number_of(store, LATENCY))) == 3000


def test_samples_beyond_the_calendar_are_left_out(store: SqlStore) -> None:
    far = Samples.of_series(LATENCY, np.array([to_ms(NOON), 2**62, -(2**62)]), np.array([1.0, 2.0, 3.0]))
    assert take_in(store, Batch(samples=far)).samples == 1
    assert store.find(SeriesQuery())[0].last_at == NOON


def test_a_batch_without_samples_calls_no_reader(store: SqlStore) -> None:
    take_in(store, Batch())
    assert store.versions()[Topic.SERIES] == 0


def test_a_read_through_series_is_known_with_its_query_and_holds_nothing_here(store: SqlStore) -> None:
    remote = RemoteSeries(LATENCY, 'histogram_quantile(0.95, rate(x{a="b"}[5m]))')
    ingest = Ingest("prometheus", Batch(), NOON, Cursors(), remote_series=(remote,))
    assert store.writer.ingest(ingest).result(PATIENCE_SECONDS).new_series == 1
    assert store.writer.ingest(ingest).result(PATIENCE_SECONDS).new_series == 0
    take_in_values(store, after(0), {REQUESTS: 1.0})
    (latency, requests) = store.find(SeriesQuery())
    assert (latency.read_through, requests.read_through) == (True, False)
    assert store.remote_queries([latency.id, requests.id, 99]) == {latency.id: remote.query}
    (envelope,) = store.envelope([latency.id], ALL_TIME, 10)
    assert envelope.counts.sum() == 0


def test_a_series_is_copied_once_its_samples_come_though_it_was_read_through(store: SqlStore) -> None:
    take_in_values(store, after(0), {LATENCY: 1.0})
    ingest = Ingest("prometheus", Batch(), NOON, Cursors(), remote_series=(RemoteSeries(LATENCY, "up"),))
    store.writer.ingest(ingest).result(PATIENCE_SECONDS)
    assert store.find(SeriesQuery())[0].last_value is None
    take_in_values(store, after(10), {LATENCY: 2.0})
    (info,) = store.find(SeriesQuery())
    assert (info.read_through, info.last_value) == (False, 2.0)
    assert values(store, info.id) == [1.0, 2.0]


def test_an_envelope_comes_for_every_known_series_in_the_order_asked(store: SqlStore) -> None:
    take_in_values(store, after(0), {LATENCY: 1.0, REQUESTS: 2.0})
    latency, requests = number_of(store, LATENCY), number_of(store, REQUESTS)
    found = store.envelope([requests, 99, latency], TimeRange(after(0), after(10)), 5)
    assert [envelope.series.identity for envelope in found] == [REQUESTS, LATENCY]
    assert list(found[0].counts) == [1, 0, 0, 0, 0]
    assert len(found[0].edges_ms) == 6


def test_what_is_read_cannot_be_changed(store: SqlStore) -> None:
    take_in_values(store, after(0), {LATENCY: 1.0})
    found = store.samples(number_of(store, LATENCY), ALL_TIME)
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 2.0


def test_a_fresh_reader_sees_the_same_after_every_slice_of_packing(quiet: SqlStore) -> None:
    for number in range(4):
        take_in_values(quiet, after(0), {LATENCY: float(number), REQUESTS: float(-number)})
    latency, requests = number_of(quiet, LATENCY), number_of(quiet, REQUESTS)
    for _ in slice_by_slice(quiet, Compaction(head_rows=1, bundles_a_chunk=1, slice_seconds=0, deleted_at_once=1)):
        fresh = SqlSeries(quiet._database)
        assert values(fresh, latency) == values(quiet, latency) == [3.0]
        assert values(fresh, requests) == values(quiet, requests) == [-3.0]
    assert rows(quiet, series_head) == 0


def test_a_round_of_packing_broken_off_is_finished_by_another_process(quiet: SqlStore) -> None:
    for number in range(3):
        take_in_values(quiet, after(number), {LATENCY: float(number), REQUESTS: 1.0, DISK: 2.0})
    first = slice_by_slice(quiet, Compaction(head_rows=1, bundles_a_chunk=1, slice_seconds=0, deleted_at_once=1))
    for _ in range(3):
        next(first)
    take_in_values(quiet, after(0), {LATENCY: 7.0})
    for _ in slice_by_slice(quiet, Compaction(head_rows=2, bundles_a_chunk=1, deleted_at_once=1)):
        assert values(SqlSeries(quiet._database), number_of(quiet, LATENCY)) == [7.0, 1.0, 2.0]
    assert rows(quiet, series_head) == 1
    assert quiet.check() == ()


def test_the_head_is_packed_in_quiet_moments(packing: SqlStore) -> None:
    for number in range(20):
        take_in_values(packing, after(number), {LATENCY: float(number), REQUESTS: 1.0})
    wait_until(lambda: rows(packing, series_head) == 0, "the head is packed")
    assert values(packing, number_of(packing, LATENCY)) == list(range(20))
    assert packing.find(SeriesQuery())[0].last_value == 19.0


def test_samples_go_on_being_taken_in_while_another_process_packs(store: SqlStore, packing: SqlStore) -> None:
    take_in_values(packing, after(-1), {LATENCY: -1.0})
    for number in range(50):
        take_in_values(store, after(number), {LATENCY: float(number)})
        take_in_values(packing, after(number), {REQUESTS: float(number)})
    latency, requests = number_of(store, LATENCY), number_of(store, REQUESTS)
    assert values(store, latency) == values(packing, latency) == list(range(-1, 50))
    assert values(store, requests) == values(packing, requests) == list(range(50))


def test_a_damaged_chunk_is_a_gap_with_words_and_the_rest_is_read(store: SqlStore) -> None:
    take_in(store, Batch(samples=stretch(0, 5000)))
    with store._database.writing() as connection:
        first = select(func.min(series_chunk.c.id)).scalar_subquery()
        connection.execute(update(series_chunk).where(series_chunk.c.id == first).values(payload=b"\0" * 100))
        store._database.commit(connection)
    (envelope,) = store.envelope([number_of(store, LATENCY)], TimeRange(after(0), after(5000 * 300)), 100)
    assert "damaged" in envelope.failure
    assert envelope.counts.sum() == 5000 - 4096
    (sentence,) = store.check()
    assert "are damaged" in sentence


def test_samples_beside_a_damaged_chunk_are_still_packed(store: SqlStore) -> None:
    take_in(store, Batch(samples=stretch(0, 300)))
    with store._database.writing() as connection:
        connection.execute(update(series_chunk).values(digest=b"wrong"))
        store._database.commit(connection)
    take_in(store, Batch(samples=stretch(300 * 300, 300)))
    assert values(store, number_of(store, LATENCY)) == list(range(300))


def test_sixty_thousand_live_samples_of_many_series_survive_reopening(tmp_path: Path) -> None:
    names = [SeriesIdentity("component/host", f"disk {number}") for number in range(300)]
    store = open_store(str(tmp_path / "console.db"))
    last = [
        store.writer.ingest(
            Ingest("m", Batch(samples=Samples.at(after(second), dict.fromkeys(names, float(second)))), NOON, Cursors())
        )
        for second in range(200)
    ][-1]
    last.result(PATIENCE_SECONDS)
    store.close()
    again = open_store(str(tmp_path / "console.db"))
    assert again.summary().counts["samples"] == 60_000
    assert {info.last_value for info in again.find(SeriesQuery())} == {199.0}
    again.close()


def test_series_are_counted_by_the_connection_that_feeds_them(store: SqlStore) -> None:
    take_in(store, Batch(samples=Samples.at(NOON, {SeriesIdentity("service/a", name): 1.0 for name in "abc"})))
    take_in(store, Batch(samples=Samples.at(NOON, {SeriesIdentity("service/a", "d"): 1.0})), connection_id="another")
    assert store.series_counts() == {"probe": 3, "another": 1}
