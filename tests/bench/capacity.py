"""What foretelling capacity costs: `python -m tests.bench.capacity`.

500 resources with 90 days of a value every five minutes in a store: half of them grow, some with a change of pace, half
do not. `first_seconds` is the first answer of the Resources panel, with every outlook worked out in a process of its
own; `quick_ms` the answer before that, with every outlook pending; `again_ms` the one after it, which has nothing to
work out. `first_cpu_seconds` is the processor time of the first, which tells a busy machine from a slow program, and
`foretold_share` the share of the growing ones whose date lies within a tenth of the true one. The last line is one JSON
object.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.calculation import in_a_process
from quarterdeck.services.capacity import HISTORY_DAYS, CapacityReader, CapacityReport
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Cursors, EstateChange, Ingest
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore

RESOURCES = 500
STEP_MS = 300_000
PACE = 0.006
NOW = datetime(2026, 11, 24, 12, 32, tzinfo=UTC)
MOMENT = Moment(TimeRange(NOW - timedelta(hours=6), NOW), NOW)
PATIENCE_SECONDS = 120.0


def true_date(number: int) -> float:
    """In how many days from now a resource that grows is full."""
    return 10 + 40 * number / RESOURCES


def grows(number: int) -> bool:
    """Whether a resource does."""
    return number % 2 == 0


def fill(store: SqlStore) -> None:
    """Write the entities and their series."""
    rng = np.random.default_rng(20_261_124)
    count = int(HISTORY_DAYS * 86_400_000 / STEP_MS)
    times_ms = to_ms(NOW) - STEP_MS * np.arange(count, dtype=np.int64)[::-1]
    days = (times_ms - to_ms(NOW)) / 86_400_000
    entities = tuple(
        Entity(f"component/c{number:03}", EntityKind.COMPONENT, f"C {number}") for number in range(RESOURCES)
    )
    store.writer.change_estate(EstateChange(NOW - timedelta(days=100), "bench", put_entities=entities))
    for number, entity in enumerate(entities):
        level = 0.5 + 0.15 * np.sin(2 * np.pi * days)
        if grows(number):
            earlier = np.minimum(0.0, days + 30) * (0.5 * PACE if number % 3 == 0 else 0.0)
            level = 1 + PACE * (days - true_date(number)) - earlier
        values = np.clip(level + rng.normal(0, 0.004, count), 0.001, None)
        identity = SeriesIdentity(entity.key, "used", Meaning.STORAGE, "ratio")
        batch = Batch(samples=Samples.of_series(identity, times_ms, values))
        store.writer.ingest(Ingest("bench", batch, NOW, Cursors())).result(PATIENCE_SECONDS)


def processor_seconds() -> float:
    """The processor time of this process and of those that it has ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def timed(read: Callable[[], CapacityReport]) -> tuple[float, CapacityReport]:
    """Seconds, and the answer."""
    began = time.perf_counter()
    report = read()
    return time.perf_counter() - began, report


def foretold(report: CapacityReport) -> float:
    """The share of the growing ones whose date lies within a tenth of the true one."""
    found = {resource.entity.key: resource.full_at for resource in report.resources}
    good = 0
    for number in filter(grows, range(RESOURCES)):
        full_at = found[f"component/c{number:03}"]
        true = true_date(number)
        good += full_at is not None and abs((full_at - NOW) / timedelta(days=1) - true) <= 0.1 * true
    return good / sum(map(grows, range(RESOURCES)))


def main() -> None:
    """Measure, print the table, print the figures."""
    with TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        store = open_store(str(Path(folder) / "console.db"))
        try:
            fill(store)
            reader = CapacityReader(store, in_a_process)
            quick, _ = timed(lambda: reader.resources_at(MOMENT, foresee=False))
            began = processor_seconds()
            first, report = timed(lambda: reader.resources_at(MOMENT))
            first_cpu = processor_seconds() - began
            again, _ = timed(lambda: reader.resources_at(MOMENT))
        finally:
            store.close()
    told = [resource for resource in report.resources if resource.full_at is not None]
    figures = {
        "resources": float(len(report.resources)),
        "first_seconds": round(first, 2),
        "first_cpu_seconds": round(first_cpu, 2),
        "quick_ms": round(1000 * quick, 1),
        "again_ms": round(1000 * again, 1),
        "with_date": float(len(told)),
        "foretold_share": round(foretold(report), 3),
    }
    for name, value in figures.items():
        print(f"{name:20} {value:12.3f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.exit(main())
