"""One store, many threads: reads from anywhere at any time while the writer writes."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, Ingest, SeriesQuery, Topic
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after

READERS = 8
BATCHES = 60
NAMES = tuple(SeriesIdentity("component/host", str(number)) for number in range(20))


def test_every_reader_sees_whole_batches_that_only_grow_while_they_are_written(store: SqlStore) -> None:
    done = Event()

    def read() -> list[int]:
        seen: list[int] = []
        while not done.is_set():
            ids = [info.id for info in store.find(SeriesQuery())]
            envelopes = store.envelope(ids, TimeRange(after(-1), after(BATCHES)), 10)
            counts = {int(envelope.counts.sum()) for envelope in envelopes}
            assert len(counts) <= 1
            seen.append(max(counts, default=0))
        return seen

    with ThreadPoolExecutor(READERS) as threads:
        readers = [threads.submit(read) for _ in range(READERS)]
        for number in range(BATCHES):
            batch = Batch(samples=Samples.at(after(number), dict.fromkeys(NAMES, float(number))))
            store.writer.ingest(Ingest("m", batch, after(number), Cursors())).result(PATIENCE_SECONDS)
        done.set()
        histories = [reader.result(PATIENCE_SECONDS) for reader in readers]
    assert all(before <= later for history in histories for before, later in pairwise(history))


def test_writes_from_many_threads_all_arrive_and_versions_only_grow(store: SqlStore) -> None:
    def write(name: int) -> int:
        store.writer.put_connection(Connection(str(name), "http_probe", str(name))).result(PATIENCE_SECONDS)
        return store.versions()[Topic.CONNECTIONS]

    with ThreadPoolExecutor(READERS) as threads:
        versions = list(threads.map(write, range(100)))
    assert len(store.connections()) == 100
    assert min(versions) >= 1
    assert store.versions()[Topic.CONNECTIONS] == max(versions)
