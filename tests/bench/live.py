"""What taking in 10,000 series a second costs: `python -m tests.bench.live [--quick]`.

Batches of one second each go to a store through its ordinary writer, twenty a second, with all the housekeeping they
cause until none is left; processor time and bytes are divided by the seconds the batches stand for. Making the batches
is not counted, nor is the first one, which brings 10,000 series that the store has never seen: it is told by itself. A
commit may wait for one slice of housekeeping; `longest_slice` tells how long those took. The bytes are those that the
process handed to the file system (`write_bytes` of /proc/self/io, the log and the file both). The same batches go to a
table of rows with a primary key, a part of them only. A reader in a process of its own asks for the last minutes of
twelve series all the while. The last line is one JSON object.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from typing_extensions import override

from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, Ingest
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import FileReserve
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.transaction import WriteTransaction
from tests.bench.idle import core_had
from tests.bench.rows import RowTable
from tests.bench.written import bytes_written

SERIES = 10_000
SECONDS, QUICK_SECONDS = 2200, 300
ROW_SECONDS, QUICK_ROW_SECONDS = 60, 10
PATIENCE_SECONDS = 120.0
PACE_SECONDS = 0.05
BEGIN_MS = 1_700_000_000_000
PERCENT = 100.0


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Cost of live samples of 10,000 series.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS} batches instead of {SECONDS}")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        figures = measure(Path(folder), QUICK_SECONDS if quick else SECONDS)
        figures |= rows(Path(folder), QUICK_ROW_SECONDS if quick else ROW_SECONDS)
    for name, value in figures.items():
        print(f"{name:36} {value:12.3f}")
    print(json.dumps(figures))


def batches(seconds: int) -> Iterator[tuple[float, Samples]]:
    """What two thirds constant, a quarter integers and the rest noise deliver; with the seconds making it took."""
    random = np.random.default_rng(5)
    identities = tuple(SeriesIdentity("component/host", f"series {number}") for number in range(SERIES))
    index = np.arange(SERIES, dtype=np.int32)
    values = random.integers(0, 1000, SERIES).astype(np.float64)
    counting, noisy = slice(SERIES * 2 // 3, SERIES * 11 // 12), slice(SERIES * 11 // 12, SERIES)
    for second in range(seconds):
        started = time.process_time()
        values = values.copy()
        values[counting] += random.integers(0, 9, counting.stop - counting.start)
        values[noisy] = random.normal(50, 5, noisy.stop - noisy.start).round(3)
        times = np.full(SERIES, BEGIN_MS + 1000 * second, np.int64)
        samples = Samples(identities, index, times, values)
        yield time.process_time() - started, samples


def measure(folder: Path, seconds: int) -> dict[str, float]:
    """Core percent, bytes a sample and the longest waits, over all batches and what they cause."""
    path = folder / "store.db"
    chore = TimedChore()
    store = SqlStore(open_store(str(path))._database, FileReserve(path), chore)
    reader = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.live_reader", str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        spent, written, wall, waits = feed(store, seconds)
    finally:
        out, _ = reader.communicate(timeout=PATIENCE_SECONDS)
        store.close()
    counted = seconds - 1
    return {
        "live_core_percent": round(spent / counted * PERCENT, 3),
        "live_bytes_written_per_sample": round(written / counted / SERIES, 2),
        "live_bytes_kept_per_sample": round(path.stat().st_size / seconds / SERIES, 3),
        "live_wall_seconds": round(wall, 1),
        "live_first_commit_ms": round(waits[0], 2),
        "live_commit_p50_ms": round(float(np.percentile(waits[1:], 50)), 2),
        "live_commit_p99_ms": round(float(np.percentile(waits[1:], 99)), 2),
        "live_commit_max_ms": round(max(waits[1:]), 2),
        "live_longest_slice_ms": round(max(chore.wall_ms), 2),
        "live_longest_slice_cpu_ms": round(max(chore.cpu_ms), 2),
        "core_had_percent": round(core_had() * PERCENT, 1),
        **json.loads(out.splitlines()[-1]),
    }


def feed(store: SqlStore, seconds: int) -> tuple[float, int, float, list[float]]:
    """Processor seconds and bytes it took, seconds that went by, and milliseconds from hand-over to durable."""
    making, waits = 0.0, []
    made_ahead = batches(seconds)
    hand_over(store, next(made_ahead)[1], waits).wait(PATIENCE_SECONDS)
    before_written, before_spent, started = bytes_written(), time.process_time(), time.monotonic()
    for number, (made, samples) in enumerate(made_ahead):
        making += made
        threading.Event().wait(max(0.0, started + number * PACE_SECONDS - time.monotonic()))
        hand_over(store, samples, waits).wait(PATIENCE_SECONDS)
    housekeeping = Compaction()
    while is_due(store, housekeeping):
        threading.Event().wait(PACE_SECONDS)
    spent = time.process_time() - before_spent - making
    return spent, bytes_written() - before_written, time.monotonic() - started, waits


class TimedChore(Compaction):
    """The store's housekeeping, with the milliseconds that each slice took."""

    def __init__(self) -> None:
        super().__init__()
        self.wall_ms: list[float] = [0.0]
        self.cpu_ms: list[float] = [0.0]

    @override
    def work(self, transaction: WriteTransaction) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        super().work(transaction)
        self.wall_ms.append((time.perf_counter() - wall) * 1000)
        self.cpu_ms.append((time.thread_time() - cpu) * 1000)


def is_due(store: SqlStore, housekeeping: Compaction) -> bool:
    """Whether anything is left to be moved on."""
    with store._database.reading() as connection:
        return housekeeping.is_due(connection)


def hand_over(store: SqlStore, samples: Samples, waits: list[float]) -> threading.Event:
    """Give a batch to the writer; the event tells when it is durable, and how long that took is noted."""
    done, at = threading.Event(), time.perf_counter()

    def note(_: object) -> None:
        waits.append((time.perf_counter() - at) * 1000)
        done.set()

    store.writer.ingest(Ingest("bench", Batch(samples=samples), from_ms(BEGIN_MS), Cursors())).add_done_callback(note)
    return done


def rows(folder: Path, seconds: int) -> dict[str, float]:
    """The same batches as rows with a primary key, each durable."""
    table = RowTable(folder / "rows.db")
    making = 0.0
    before_written, before_spent = bytes_written(), time.process_time()
    for made, samples in batches(seconds):
        making += made
        table.insert(samples.series_index, samples.times_ms, samples.values)
    spent = time.process_time() - before_spent - making
    table.close()
    return {
        "rows_core_percent": round(spent / seconds * PERCENT, 2),
        "rows_bytes_written_per_sample": round((bytes_written() - before_written) / seconds / SERIES, 1),
    }


def recent(second: int) -> TimeRange:
    """The five minutes up to a second of the batches."""
    return TimeRange(from_ms(BEGIN_MS + 1000 * (second - 300)), from_ms(BEGIN_MS + 1000 * second))


if __name__ == "__main__":
    main()
