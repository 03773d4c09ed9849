"""The same made-up series in a real Prometheus, in a real VictoriaMetrics and in a store of the console.

Gauges, counters and buckets, some with gaps, some begun late or ended early, counters with resets; the `dense` ones
come every fifteen seconds from beginning to end.
"""

import contextlib
import json
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np

from quarterdeck.domain.facts import Facts, facts_of
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import SeriesIdentity, SeriesKind
from quarterdeck.sdk.records import Samples
from tests.support.peers import require_program
from tests.support.prometheus_peer import HOST, MetricsServer, free_port, serving

BEGIN = datetime(2025, 6, 1, 12, tzinfo=UTC)
END = BEGIN + timedelta(hours=2)
BOUNDS = ("0.05", "0.1", "0.5", "1", "+Inf")
IMPORT_SECONDS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """One series: its name and labels there, whether it counts, and its samples (int64 ms, float64)."""

    name: str
    labels: Facts
    is_counter: bool
    times_ms: np.ndarray
    values: np.ndarray

    @property
    def identity(self) -> SeriesIdentity:
        """What it is called here."""
        kind = SeriesKind.COUNTER if self.is_counter else SeriesKind.GAUGE
        return SeriesIdentity("service/shop", self.name, labels=self.labels, kind=kind)


def imported(seed: int = 7) -> tuple[Imported, ...]:
    """All series, the same for a seed."""
    rng = np.random.default_rng(seed)
    made: list[Imported] = []
    for number in range(8):
        labels = facts_of({"pod": str(number), "route": "ab"[number % 2]})
        sparse, dense = _sparse(rng, number), _dense(rng)
        for times, prefix in ((sparse, ""), (dense, "dense_")):
            made.append(Imported(f"{prefix}load", labels, False, times, rng.normal(50, 20, len(times)).round(3)))
            made.append(Imported(f"{prefix}requests", labels, True, times, _counted(rng, len(times))))
            made += _buckets(rng, f"{prefix}took_bucket", labels, times)
    return tuple(made)


def samples_of(series: Sequence[Imported]) -> Samples:
    """The series as the console takes them in."""
    return Samples.joined([Samples.of_series(one.identity, one.times_ms, one.values) for one in series])


def _sparse(rng: np.random.Generator, number: int) -> np.ndarray:
    """Irregular steps, some samples exactly on a grid of ten seconds, gaps of up to a quarter of an hour."""
    steps = rng.integers(3_000, 25_000, 700)
    steps[rng.integers(0, 700, 4)] = rng.integers(240_000, 900_000, 4)
    times = to_ms(BEGIN) + np.cumsum(steps) + (3_600_000 if number == 3 else 0)
    is_rounded = rng.random(len(times)) < 0.4
    times = np.unique(np.where(is_rounded, times // 10_000 * 10_000, times))
    until = to_ms(END) - (2_400_000 if number == 4 else 0)
    return times[times < until].astype(np.int64)


def _dense(rng: np.random.Generator) -> np.ndarray:
    times = np.arange(to_ms(BEGIN), to_ms(END), 15_000) + int(rng.integers(1, 14_000))
    return times.astype(np.int64)


def _counted(rng: np.random.Generator, count: int, most: int = 9) -> np.ndarray:
    """A counter that begins at a small number, and again at nought after some samples."""
    values = np.cumsum(rng.integers(0, most, count)).astype(np.float64)
    for reset in sorted(rng.integers(1, max(2, count), 3)):
        values[reset:] -= values[reset]
    return values


def _buckets(rng: np.random.Generator, name: str, labels: Facts, times: np.ndarray) -> list[Imported]:
    each = np.cumsum(rng.integers(0, 4, (len(BOUNDS), len(times))), axis=1).astype(np.float64)
    for reset in sorted(rng.integers(1, max(2, len(times)), 2)):
        each[:, reset:] -= each[:, [reset]]
    return [
        Imported(name, facts_of({**dict(labels), "le": bound}), True, times, counts)
        for bound, counts in zip(BOUNDS, np.cumsum(each, axis=0), strict=True)
    ]


@contextlib.contextmanager
def prometheus_with(series: Sequence[Imported], folder: Path) -> Iterator[MetricsServer]:
    """A Prometheus that scrapes nothing and holds these series in blocks made by its own tool."""
    program, tool = require_program("prometheus"), require_program("promtool")
    page, data = folder / "series.om", folder / "prometheus"
    page.write_text(_page(series), encoding="utf-8")
    making = [tool, "tsdb", "create-blocks-from", "openmetrics", str(page), str(data)]
    subprocess.run(making, check=True, capture_output=True, cwd=folder, timeout=IMPORT_SECONDS)
    config = folder / "nothing.yml"
    config.write_text("scrape_configs: []\n", encoding="utf-8")
    port = free_port()
    command = [
        program,
        f"--config.file={config}",
        f"--storage.tsdb.path={data}",
        f"--web.listen-address={HOST}:{port}",
        "--storage.tsdb.retention.time=100y",
    ]
    with serving(command, folder / "prometheus.log", port, "/-/ready") as server:
        yield server


@contextlib.contextmanager
def victoria_metrics_with(series: Sequence[Imported], folder: Path) -> Iterator[MetricsServer]:
    """A VictoriaMetrics with these series taken in by its import."""
    port = free_port()
    command = [
        require_program("victoria-metrics"),
        f"-storageDataPath={folder / 'victoria'}",
        f"-httpListenAddr={HOST}:{port}",
        "-memory.allowedPercent=10",
        "-retentionPeriod=100y",
    ]
    with serving(command, folder / "victoria.log", port, "/health") as server:
        lines = "".join(json.dumps(_line(one)) + "\n" for one in series)
        with httpx.Client(trust_env=False, timeout=IMPORT_SECONDS) as client:
            client.post(f"{server.address}/api/v1/import", content=lines).raise_for_status()
            client.get(f"{server.address}/internal/force_flush").raise_for_status()
        yield server


def _page(series: Sequence[Imported]) -> str:
    lines: list[str] = []
    for one in sorted(series, key=lambda each: each.name):
        inner = ",".join(f'{name}="{value}"' for name, value in one.labels)
        lines += [
            f"{one.name}{{{inner}}} {float(value)!r} {at / 1000:.3f}"
            for at, value in zip(one.times_ms.tolist(), one.values.tolist(), strict=True)
        ]
    return "\n".join((*lines, "# EOF\n"))


def _line(one: Imported) -> dict[str, object]:
    metric = {"__name__": one.name, **dict(one.labels)}
    return {"metric": metric, "values": one.values.tolist(), "timestamps": one.times_ms.tolist()}
