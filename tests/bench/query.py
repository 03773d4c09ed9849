"""What one picture of very many samples costs: `python -m tests.bench.query [--quick]`.

A store holds one series of a hundred million samples, and twelve that have as many together. Again and again a fresh
process opens it, all its pages out of memory, and asks for 2,000 columns over a range that meets no edge of a summary;
first sharp to a twelfth of a column, then to a hundredth, then both once more. The medians count. DuckDB answers the
same picture from a file of the same samples, cold and warm. Prometheus and VictoriaMetrics, where installed, answer it
over fewer samples, and the store over just as many. `--quick` has as many samples a column, but fewer columns. The last
line is one JSON object, in milliseconds.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.bench.idle import core_had
from tests.bench.ingest import into_duckdb, into_store
from tests.bench.query_peers import in_prometheus, in_victoria_metrics
from tests.bench.samples import BEGIN_MS, Series, made
from tests.bench.written import forget

SAMPLES, QUICK_SAMPLES = 100_000_000, 12_000_000
PEER_SAMPLES, QUICK_PEER_SAMPLES = 8_640_000, 1_000_000
LINES = 12
PIXELS, QUICK_PIXELS = 2000, 240
PROCESSES, QUICK_PROCESSES = 9, 5
DUCKDB_ROUNDS = 3
PEER_PROCESSES = 5
SHARE = 0.987
"""The range is this share of all there is, so that its edges meet no edge of a block."""


@dataclass(frozen=True, slots=True)
class Picture:
    """So many samples in so many columns."""

    samples: int
    pixels: int


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="One envelope of very many samples beside other stores.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SAMPLES:,} samples instead of {SAMPLES:,}")
    quick = parser.parse_args().quick
    whole = Picture(QUICK_SAMPLES, QUICK_PIXELS) if quick else Picture(SAMPLES, PIXELS)
    fewer = Picture(QUICK_PEER_SAMPLES, QUICK_PIXELS) if quick else Picture(PEER_SAMPLES, PIXELS)
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        figures = measure(Path(folder), whole, QUICK_PROCESSES if quick else PROCESSES)
        figures |= beside_peers(Path(folder), fewer)
    figures["core_had_percent"] = round(core_had() * 100, 1)
    for name, value in figures.items():
        print(f"{name:36} {value:12.3f}")
    print(json.dumps(figures))


def measure(folder: Path, picture: Picture, processes: int) -> dict[str, float]:
    """One series and twelve, and DuckDB beside the one."""
    figures: dict[str, float] = {}
    for count in (1, LINES):
        series = made(count, picture.samples // count)
        path = folder / f"{count}.db"
        into_store(path, series)
        figures |= asked(path, count, Picture(picture.samples // count, picture.pixels), processes)
        if count == 1:
            figures |= in_duckdb(folder / "duck.db", series, picture.pixels)
        path.unlink()
    for kind in ("cold", "warm"):
        figures[f"envelope_vs_duckdb_{kind}"] = round(
            figures[f"duckdb_{kind}_ms"] / figures[f"envelope_{kind}_ms_1"], 1
        )
    figures["envelope_ms_1"] = figures["envelope_cold_ms_1"]
    figures[f"envelope_ms_{LINES}"] = figures[f"envelope_cold_ms_{LINES}"]
    figures["envelope_vs_duckdb"] = figures["envelope_vs_duckdb_cold"]
    return figures


def asked(path: Path, count: int, picture: Picture, processes: int) -> dict[str, float]:
    """Medians over fresh processes that know nothing of the file; so many samples in each series."""
    found: list[dict[str, float]] = []
    start_ms, end_ms = bounds(picture.samples)
    numbers = map(str, (count, start_ms, end_ms, picture.pixels))
    command = [sys.executable, "-m", "tests.bench.query_reader", str(path), *numbers]
    for _ in range(processes):
        forget(path)
        told = subprocess.run(command, check=True, capture_output=True, text=True)
        found.append(json.loads(told.stdout.splitlines()[-1]))
    return {f"{name}_{count}": round(statistics.median(one[name] for one in found), 2) for name in found[0]}


def bounds(length: int, step_ms: int = 1000) -> tuple[int, int]:
    """The range asked for, in milliseconds."""
    left_out = int(length * step_ms * (1 - SHARE) / 2)
    return BEGIN_MS + left_out + 137, BEGIN_MS + length * step_ms - left_out - 331


def in_duckdb(path: Path, series: Sequence[Series], pixels: int) -> dict[str, float]:
    """The same picture from a file of DuckDB's, cold and warm, in milliseconds."""
    into_duckdb(path, series)
    start_ms, end_ms = bounds(len(series[0].values))
    query = (
        "SELECT (at_ms - $start) * $pixels // ($end - $start) AS pixel, min(value), max(value), sum(value), "
        "count(value) FROM sample WHERE series = 0 AND at_ms >= $start AND at_ms < $end GROUP BY pixel ORDER BY pixel"
    )
    asked_with = {"start": start_ms, "end": end_ms, "pixels": pixels}
    times: dict[str, list[float]] = {"duckdb_cold_ms": [], "duckdb_warm_ms": []}
    for _ in range(DUCKDB_ROUNDS):
        forget(path)
        with duckdb.connect(str(path), read_only=True, config={"threads": 2}) as connection:
            for name, waits in times.items():
                started = time.perf_counter()
                rows = connection.execute(query, asked_with).fetchall()
                waits.append((time.perf_counter() - started) * 1000)
                assert len(rows) == pixels, name
    path.unlink()
    return {name: round(statistics.median(waits), 1) for name, waits in times.items()}


def beside_peers(folder: Path, picture: Picture) -> dict[str, float]:
    """A picture of fewer samples from Prometheus and VictoriaMetrics, warm, and how many times ours is as fast."""
    series = made(1, picture.samples)
    path = folder / "peers.db"
    into_store(path, series)
    ours = asked(path, 1, picture, PEER_PROCESSES)["envelope_warm_ms_1"]
    figures = {"peer_samples": float(picture.samples), "ours_beside_peers_ms": ours}
    begin, end = int(series[0].times_ms[0]) // 1000, int(series[0].times_ms[-1]) // 1000
    for name, program, peer in PEERS:
        if shutil.which(program):
            took_ms = peer(folder, series[0], (begin, end), picture.pixels)
            figures |= {f"{name}_ms": round(took_ms, 1), f"envelope_vs_{name}": round(took_ms / ours, 1)}
    return figures


PEERS = (("prometheus", "promtool", in_prometheus), ("victoriametrics", "victoria-metrics", in_victoria_metrics))


if __name__ == "__main__":
    main()
