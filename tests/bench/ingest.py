"""What taking in long stretches costs beside other stores: `python -m tests.bench.ingest [--quick]`.

The same arrays go, series after series and each series durable before the next, into a store of the console, into a
DuckDB file with two threads (its own insert from arrays, its checkpoint counted), and into a table of rows. Each is
done three times in turns, into new files; the median counts. Then the recorded machine is taken in from text, by the
console, by Prometheus' own tool and by VictoriaMetrics' import, where those are installed, in turns as well. Last it
goes into a store once as long stretches and once poll by poll as it was scraped, all housekeeping done, and into the
others: bytes of all files for each sample; of the console's, those beyond an empty store, with the whole file beside.
The last line is one JSON object.
"""

import argparse
import contextlib
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import duckdb
import httpx
import numpy as np

from quarterdeck.composition import SystemClock
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.history_import import HistoryImport
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.transaction import WriteTransaction
from tests.bench.rows import RowTable
from tests.bench.samples import Series, as_text, labelled, made, recorded, recorded_identity
from tests.support.prometheus_peer import HOST, free_port, serving
from tests.support.stores import take_in
from tests.support.waiting import wait_until

SERIES = 20
LENGTH, QUICK_LENGTH = 1_000_000, 200_000
QUICK_EVERY = 4
TEXT_ENTITY = "component/host"
ROUNDS = 3
PATIENCE_SECONDS = 600.0
DUCKDB_THREADS = 2


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Bulk ingest beside DuckDB and rows, and bytes a sample.")
    parser.add_argument("--quick", action="store_true", help=f"series of {QUICK_LENGTH:,} instead of {LENGTH:,}")
    length = QUICK_LENGTH if parser.parse_args().quick else LENGTH
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as name:
        folder, series = Path(name), recorded()
        figures = speeds(folder, made(SERIES, length))
        figures |= texts(folder, series[:: QUICK_EVERY if length == QUICK_LENGTH else 1])
        figures |= sizes(folder, series)
    for name, value in figures.items():
        print(f"{name:36} {value:12.3f}")
    print(json.dumps(figures))


def speeds(folder: Path, series: Sequence[Series]) -> dict[str, float]:
    """Million samples a second of each way, and the ratios; bytes a sample after."""
    subjects: dict[str, Callable[[Path], int]] = {
        "ours": lambda path: into_store(path, series),
        "duckdb": lambda path: into_duckdb(path, series),
        "rows": lambda path: into_rows(path, series),
    }
    rates: dict[str, list[float]] = {name: [] for name in subjects}
    bytes_of: dict[str, float] = {}
    for number in range(ROUNDS):
        for name, take in subjects.items():
            place = folder / f"{name}{number}"
            place.mkdir()
            started = time.perf_counter()
            samples = take(place / "file.db")
            rates[name].append(samples / (time.perf_counter() - started) / 1e6)
            bytes_of[f"{name}_bytes_per_sample"] = round(size_of(place) / samples, 3)
            shutil.rmtree(place)
    million = {f"{name}_million_per_second": round(statistics.median(found), 3) for name, found in rates.items()}
    turns = [
        {name: rates["ours"][number] / rates[name][number] for name in ("duckdb", "rows")} for number in range(ROUNDS)
    ]
    ratios = {
        f"ingest_vs_{name}": round(statistics.median(turn[name] for turn in turns), 2) for name in ("duckdb", "rows")
    }
    return million | bytes_of | ratios


def into_store(path: Path, series: Sequence[Series]) -> int:
    """Through the ordinary writer; how many samples."""
    store = open_store(str(path))
    for one in series:
        take_in(store, Batch(samples=Samples.of_series(one.identity, one.times_ms, one.values)))
    store.close()
    return sum(len(one.values) for one in series)


def into_duckdb(path: Path, series: Sequence[Series]) -> int:
    """DuckDB's own insert from arrays; how many samples."""
    with duckdb.connect(str(path), config={"threads": DUCKDB_THREADS}) as connection:
        connection.execute("CREATE TABLE sample (series INTEGER, at_ms BIGINT, value DOUBLE)")
        for number, one in enumerate(series):
            arrays = {
                "series": np.full(len(one.values), number, np.int32),
                "at_ms": one.times_ms,
                "value": one.values,
            }
            connection.execute("INSERT INTO sample SELECT * FROM arrays")
            del arrays
        connection.execute("CHECKPOINT")
    return sum(len(one.values) for one in series)


def into_rows(path: Path, series: Sequence[Series]) -> int:
    """As rows with a primary key, a transaction a series; how many samples."""
    table = RowTable(path)
    for number, one in enumerate(series):
        table.insert(np.full(len(one.values), number), one.times_ms, one.values)
    table.close()
    return sum(len(one.values) for one in series)


def texts(folder: Path, series: Sequence[Series]) -> dict[str, float]:
    """Million samples a second from text, and how many times as fast ours is as the others."""
    seconds_text, ms_text = folder / "recorded.om", folder / "recorded.prom"
    write_text(seconds_text, series, in_ms=False)
    write_text(ms_text, series, in_ms=True)
    subjects: dict[str, Callable[[Path], float]] = {"ours": lambda place: import_text(seconds_text, place)}
    if tool := shutil.which("promtool"):
        subjects["promtool"] = lambda place: seconds_of(lambda: blocks_of(tool, seconds_text, place))
    if program := shutil.which("victoria-metrics"):
        subjects["victoriametrics"] = lambda place: import_into_victoria_metrics(program, ms_text, place)
    samples = sum(len(one.values) for one in series)
    rates: dict[str, list[float]] = {name: [] for name in subjects}
    for number in range(ROUNDS):
        for name, take in subjects.items():
            place = folder / f"text_{name}{number}"
            place.mkdir()
            rates[name].append(samples / take(place) / 1e6)
            shutil.rmtree(place)
    seconds_text.unlink()
    ms_text.unlink()
    figures = {f"text_{name}_million_per_second": round(statistics.median(found), 3) for name, found in rates.items()}
    for name in subjects.keys() - {"ours"}:
        turns = [ours / theirs for ours, theirs in zip(rates["ours"], rates[name], strict=True)]
        figures[f"ingest_text_vs_{name}"] = round(statistics.median(turns), 2)
    return figures


def write_text(path: Path, series: Sequence[Series], *, in_ms: bool) -> None:
    """The series as a page of text; families lie together."""
    with path.open("w", encoding="utf-8") as file:
        for one in sorted(series, key=lambda each: labelled(each.name)[0]):
            file.writelines(as_text(one).lines(in_ms=in_ms))
        file.write("" if in_ms else "# EOF\n")


def seconds_of(deed: Callable[[], object]) -> float:
    """How long it took."""
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def import_text(text: Path, place: Path) -> float:
    """Seconds until the console holds all of a page durably."""
    store = open_store(str(place / "store.db"))
    host = Entity(TEXT_ENTITY, EntityKind.COMPONENT, "host")
    store.writer.change_estate(EstateChange(SystemClock().now(), "bench", put_entities=(host,))).result()
    took = seconds_of(lambda: HistoryImport(store, SystemClock()).take(text, TEXT_ENTITY))
    store.close()
    return took


def blocks_of(tool: str, text: Path, blocks: Path) -> None:
    """Blocks of Prometheus from a page."""
    command = [tool, "tsdb", "create-blocks-from", "openmetrics", str(text), str(blocks)]
    subprocess.run(command, check=True, capture_output=True, cwd=blocks.parent, timeout=PATIENCE_SECONDS)


def import_into_victoria_metrics(program: str, text: Path, place: Path) -> float:
    """Seconds until VictoriaMetrics has taken a page in and flushed it."""
    with victoria_metrics(program, place) as (client, address):

        def take() -> None:
            with text.open("rb") as file:
                client.post(f"{address}/api/v1/import/prometheus", content=file).raise_for_status()
            client.get(f"{address}/internal/force_flush").raise_for_status()

        return seconds_of(take)


@contextlib.contextmanager
def victoria_metrics(program: str, place: Path) -> Iterator[tuple[httpx.Client, str]]:
    """A running VictoriaMetrics with its data below a folder: a client and its address."""
    port = free_port()
    command = [
        program,
        f"-storageDataPath={place / 'victoria'}",
        f"-httpListenAddr={HOST}:{port}",
        "-retentionPeriod=100y",
        "-memory.allowedPercent=20",
    ]
    with (
        serving(command, place / "victoria.log", port, "/health") as server,
        httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client,
    ):
        yield client, server.address


def sizes(folder: Path, series: Sequence[Series]) -> dict[str, float]:
    """Bytes a sample of the recorded machine; `polled` came as it was scraped."""
    samples = sum(len(one.values) for one in series)
    nothing = empty(folder / "empty")
    found = {"file_bytes_per_sample": stretches(folder / "whole", series)}
    found["bytes_per_sample"] = found["file_bytes_per_sample"] - nothing
    found["bytes_per_sample_polled"] = polls(folder, series) - nothing
    if program := shutil.which("victoria-metrics"):
        found["victoriametrics_bytes_per_sample"] = in_victoria_metrics(program, folder, series)
    if program := shutil.which("promtool"):
        found["prometheus_bytes_per_sample"] = in_prometheus(program, folder, series)
    return {name: round(size / samples, 4) for name, size in found.items()}


def empty(place: Path) -> int:
    """Bytes of a store with nothing in it."""
    place.mkdir()
    open_store(str(place / "store.db")).close()
    return size_of(place)


def stretches(place: Path, series: Sequence[Series]) -> int:
    """Bytes of a store that took each series in at once."""
    place.mkdir()
    store = open_store(str(place / "store.db"))
    for one in series:
        take_in(store, Batch(samples=Samples.of_series(recorded_identity(one.name), one.times_ms, one.values)))
    compact(store)
    store.close()
    return size_of(place)


def polls(folder: Path, series: Sequence[Series]) -> int:
    """Bytes of a store that took the series in second by second."""
    place = folder / "polled"
    place.mkdir()
    store = open_store(str(place / "store.db"))
    for samples in in_polls(series):
        take_in(store, Batch(samples=samples))
    compact(store)
    store.close()
    return size_of(place)


def in_polls(series: Sequence[Series]) -> list[Samples]:
    """The samples of each second together, as they were scraped."""
    identities = tuple(recorded_identity(one.name) for one in series)
    numbers = np.concatenate([np.full(len(one.values), at, np.int32) for at, one in enumerate(series)])
    times = np.concatenate([one.times_ms for one in series])
    values = np.concatenate([one.values for one in series])
    order = np.lexsort((numbers, times // 1000))
    numbers, times, values = numbers[order], times[order], values[order]
    starts = np.flatnonzero(np.diff(times // 1000, prepend=-1))
    bounds = [*starts.tolist(), len(times)]
    parts = [slice(start, end) for start, end in pairwise(bounds)]
    return [Samples(identities, numbers[part], times[part], values[part]) for part in parts]


def compact(store: SqlStore) -> None:
    """Do all housekeeping that time would do, and give free room back."""
    chore, database = Compaction(head_rows=1, bundles_a_chunk=1), store._database
    while True:
        with database.reading() as connection:
            if not chore.is_due(connection):
                break
        with database.writing() as connection:
            chore.work(WriteTransaction(connection, database.generation))
            database.commit(connection)
    store.housekeeping.vacuum()


def in_victoria_metrics(program: str, folder: Path, series: Sequence[Series]) -> int:
    """Bytes of VictoriaMetrics' data after its own import and a full merge, without what it keeps to be quick."""
    with victoria_metrics(program, folder) as (client, address):
        for one in series:
            for lines in as_text(one).lines(in_ms=True):
                client.post(f"{address}/api/v1/import/prometheus", content=lines).raise_for_status()
        client.get(f"{address}/internal/force_flush").raise_for_status()
        client.get(f"{address}/internal/force_merge").raise_for_status()
        wait_until(lambda: parts(client, address) <= 1, "VictoriaMetrics has merged", within_seconds=60.0)
    data = folder / "victoria"
    return size_of(data / "data") + size_of(data / "indexdb")


def parts(client: httpx.Client, address: str) -> float:
    """In how many parts VictoriaMetrics holds its samples."""
    lines = client.get(f"{address}/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith('vm_parts{type="storage/'))


def in_prometheus(program: str, folder: Path, series: Sequence[Series]) -> int:
    """Bytes of the blocks that Prometheus' own tool makes of a page of text."""
    text, blocks = folder / "recorded.om", folder / "blocks"
    write_text(text, series, in_ms=False)
    blocks_of(program, text, blocks)
    return size_of(blocks)


def size_of(place: Path) -> int:
    """All bytes of all files of a folder, but for a store's reserve."""
    return sum(one.stat().st_size for one in place.rglob("*") if one.is_file() and one.suffix != ".reserve")


if __name__ == "__main__":
    main()
