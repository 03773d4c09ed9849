"""What questions over many series cost beside plain loops: `python -m tests.bench.series_queries [--quick]`.

A thousand series of a thousand samples are brought to a thousand instants and made one, by arrays and by loops over
lists in the same run, and both must say the same. A store holds the same series for what reading them costs. Each
figure is the median of several rounds; loops and the store run once. The last line is one JSON object, in milliseconds.
"""

import argparse
import bisect
import itertools
import json
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quarterdeck.analysis.aggregation import Aggregation, aggregated, grouped, quantile_over
from quarterdeck.analysis.alignment import LOOK_BACK_MS, SampleBlock, aligned, instants_within
from quarterdeck.analysis.histograms import histogram_quantile
from quarterdeck.analysis.rates import Window, exact_increase, rate
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import TimeRange, from_ms, to_ms
from quarterdeck.domain.series import SeriesIdentity, SeriesInfo, SeriesKind
from quarterdeck.sdk.connector import ConnectionSettings
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.sdk.testing import context_for
from quarterdeck.services.ports import SeriesQuery
from quarterdeck.services.readthrough import CombinedSamples
from quarterdeck.services.series_queries import GridQuery, Reading, SeriesQueries, Split
from quarterdeck.storage.opening import open_store
from tests.support.stores import NOON, take_in

POINTS = 1000
SERIES = 1000
QUICK_SERIES = 100
GROUPS = 10
BOUNDS = np.array([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, np.inf])
STEP_MS = 15_000
WINDOW = Window(300_000)
ROUNDS = 7
MILLISECONDS = 1000.0
Answer = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The series as a block and as lists, the instants, and the group of each series."""

    block: SampleBlock
    lists: list[tuple[list[int], list[float]]]
    instants: np.ndarray
    members: list[int]


def scene(count: int) -> Scene:
    """Counters that come about every fifteen seconds and begin again now and then."""
    rng = np.random.default_rng(3)
    start_ms, end_ms = to_ms(NOON), to_ms(NOON) + POINTS * STEP_MS
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    for _ in range(count):
        times = np.unique(np.arange(start_ms, end_ms, STEP_MS) + rng.integers(0, 9_000, POINTS)).astype(np.int64)
        values = np.cumsum(rng.integers(0, 50, len(times))).astype(np.float64)
        reset = int(rng.integers(1, len(times)))
        values[reset:] -= values[reset]
        parts.append((times, values))
    lists = [(times.tolist(), values.tolist()) for times, values in parts]
    members = [number % GROUPS for number in range(count)]
    return Scene(SampleBlock.of(parts), lists, instants_within(start_ms, end_ms, STEP_MS), members)


def looped_aligned(made: Scene) -> list[list[float]]:
    """Each series' newest sample at each instant, one after the other."""
    rows: list[list[float]] = []
    for times, values in made.lists:
        row: list[float] = []
        for at in made.instants.tolist():
            place = bisect.bisect_right(times, at) - 1
            row.append(values[place] if place >= 0 and at - times[place] < LOOK_BACK_MS else math.nan)
        rows.append(row)
    return rows


def looped_exact(made: Scene) -> list[list[float]]:
    """Each window's samples walked through."""
    rows: list[list[float]] = []
    for times, values in made.lists:
        row: list[float] = []
        for at in made.instants.tolist():
            first = bisect.bisect_right(times, at - WINDOW.length_ms)
            last = bisect.bisect_right(times, at)
            has_base = first > 0 and at - WINDOW.length_ms - times[first - 1] < LOOK_BACK_MS
            inside = values[first - has_base : last]
            pairs = itertools.pairwise(inside)
            grown = sum(after if after < before else after - before for before, after in pairs)
            row.append(grown if last > first and len(inside) > 1 else math.nan)
        rows.append(row)
    return rows


def looped_sums(rows: list[list[float]], members: list[int]) -> list[list[float]]:
    """Each group's values added, instant by instant."""
    sums: list[list[float]] = []
    for group in range(GROUPS):
        chosen = [row for row, member in zip(rows, members, strict=True) if member == group]
        spoken = [[value for value in column if not math.isnan(value)] for column in zip(*chosen, strict=True)]
        sums.append([sum(values) if values else math.nan for values in spoken])
    return sums


def looped_quantiles(rows: list[list[float]], members: list[int], share: float) -> list[list[float]]:
    """Each group's values sorted, instant by instant."""
    found: list[list[float]] = []
    for group in range(GROUPS):
        chosen = [row for row, member in zip(rows, members, strict=True) if member == group]
        line: list[float] = []
        for column in zip(*chosen, strict=True):
            values = sorted(value for value in column if not math.isnan(value))
            rank = share * (len(values) - 1)
            lower = math.floor(rank) if values else 0
            upper = min(lower + 1, len(values) - 1)
            weight = rank - lower
            line.append(values[lower] * (1 - weight) + values[upper] * weight if values else math.nan)
        found.append(line)
    return found


class Stopwatch:
    """Times arrays and loops and keeps the milliseconds of each."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    def arrays(self, name: str, work: Callable[[], Answer], rounds_count: int = ROUNDS) -> Answer:
        """The median of several rounds."""
        rounds = [self._once(work) for _ in range(rounds_count)]
        self.figures[name] = round(statistics.median(spent for spent, _ in rounds), 2)
        return rounds[-1][1]

    def loops(self, name: str, work: Callable[[], list[list[float]]], same_as: Answer) -> None:
        """One round, which must say the same."""
        spent, answer = self._once(lambda: np.array(work()))
        self.figures[f"{name}_loops"] = round(spent, 2)
        self.figures[f"{name}_times_faster"] = round(spent / self.figures[name], 1)
        np.testing.assert_allclose(answer, same_as, rtol=1e-9)

    @staticmethod
    def _once(work: Callable[[], Answer]) -> tuple[float, Answer]:
        started = time.perf_counter()
        answer = work()
        return (time.perf_counter() - started) * MILLISECONDS, answer


def measure(count: int) -> dict[str, float]:
    """Milliseconds of each question."""
    made, watch = scene(count), Stopwatch()
    groups = grouped([facts_of({"group": str(member)}) for member in made.members], by=("group",))
    at_instants = watch.arrays("align", lambda: aligned(made.block, made.instants))
    watch.loops("align", lambda: looped_aligned(made), at_instants)
    exact = watch.arrays("exact_increase", lambda: exact_increase(made.block, made.instants, WINDOW))
    watch.loops("exact_increase", lambda: looped_exact(made), exact)
    watch.arrays("rate", lambda: rate(made.block, made.instants, WINDOW))
    rows = at_instants.tolist()
    sums = watch.arrays("sum_by", lambda: aggregated(at_instants, groups, Aggregation.SUM).values)
    watch.loops("sum_by", lambda: looped_sums(rows, made.members), sums)
    quantiles = watch.arrays("quantile_by", lambda: quantile_over(at_instants, groups, 0.9).values)
    watch.loops("quantile_by", lambda: looped_quantiles(rows, made.members, 0.9), quantiles)
    buckets = np.cumsum(at_instants.reshape(-1, len(BOUNDS), at_instants.shape[1]), axis=1)
    watch.arrays("histogram_quantile", lambda: np.array([histogram_quantile(0.9, BOUNDS, one) for one in buckets]))
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        measure_store(made, watch, Path(folder))
    return watch.figures


def measure_store(made: Scene, watch: Stopwatch, folder: Path) -> None:
    """The same sum of rates with all samples read from a store."""
    store = open_store(str(folder / "console.db"))
    try:
        for number, (times, values) in enumerate(made.lists):
            labels = facts_of({"group": str(made.members[number]), "number": str(number)})
            identity = SeriesIdentity("service/bench", "requests", labels=labels, kind=SeriesKind.COUNTER)
            samples = Samples.of_series(identity, np.array(times, np.int64), np.array(values))
            take_in(store, Batch(samples=samples))
        reader = CombinedSamples(
            store, EntryPointRegistry(), lambda one: context_for(ConnectionSettings.of(one.settings))
        )
        series = store.find(SeriesQuery())
        end_ms = int(made.instants[-1]) + 1
        query = GridQuery(TimeRange(NOON, from_ms(end_ms)), STEP_MS / MILLISECONDS, Reading.RATE)
        split, asked = Split(by=("group",)), SeriesQueries(reader)
        rates = watch.arrays("store_to_rates", lambda: asked.aligned(series, query).values, 1)
        watch.arrays("store_read", lambda: counts_of(reader, series, query), 1)
        sums = watch.arrays("store_to_sum", lambda: asked.aggregated(series, query, Aggregation.SUM, split).values, 1)
        np.testing.assert_allclose(np.nansum(sums), np.nansum(rates))
    finally:
        store.close()


def counts_of(reader: CombinedSamples, series: Sequence[SeriesInfo], query: GridQuery) -> Answer:
    """How many samples of each series are read."""
    read = reader.samples(series, query.time_range, query.step_seconds)
    return np.array([len(one.columns.values) for one in read])


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Questions over many series beside plain loops.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SERIES} series instead of {SERIES:,}")
    count = QUICK_SERIES if parser.parse_args().quick else SERIES
    figures = {"series": float(count), "points": float(POINTS)} | measure(count)
    for name, value in figures.items():
        print(f"{name:32} {value:10.2f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
