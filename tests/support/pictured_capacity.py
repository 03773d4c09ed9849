"""Seventy days of what the pictured bank's resources use, up to its moment: growing, steady, used little, idle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, Ingest, Store
from tests.support.pictured_bank import METRICS, NOON, PATIENCE_SECONDS

DAYS = 70
STEP_MINUTES = 20
GIB = 2.0**30
Values = npt.NDArray[np.float64]
Course = Callable[[Values, np.random.Generator], Values]


def business(low: float, high: float, weekly: float = 0.0) -> Course:
    """Low at night and at weekends, high at noon; `weekly` is how much is added a week."""

    def course(days: Values, rng: np.random.Generator) -> Values:
        hour, weekday = days % 1 * 24, np.floor(days) % 7
        bell = np.exp(-((hour - 13) ** 2) / 18) * np.where(weekday < 5, 1.0, 0.45)
        return low + (high - low) * bell + weekly * (days - days[-1]) / 7 + rng.normal(0, 0.01 * high, len(days))

    return course


def filling(now: float, per_day: float, before: float, changed_days_ago: float) -> Course:
    """What fills up, at another pace until some days ago."""

    def course(days: Values, rng: np.random.Generator) -> Values:
        ago = days[-1] - days
        late = np.minimum(ago, changed_days_ago)
        return (
            now - per_day * late - before * np.maximum(0.0, ago - changed_days_ago) + rng.normal(0, 0.0008, len(days))
        )

    return course


def series(key: str, name: str, meaning: Meaning, unit: str) -> SeriesIdentity:
    """The series of an entity."""
    return SeriesIdentity(key, name, meaning, unit)


COURSES: tuple[tuple[SeriesIdentity, Course], ...] = (
    (series("component/ledger-db", "storage", Meaning.STORAGE, "ratio"), filling(0.893, 0.0127, 0.006, 20)),
    (series("component/payments-db", "storage", Meaning.STORAGE, "ratio"), filling(0.61, 0.0029, 0.0029, 40)),
    (series("component/core-node-a", "storage", Meaning.STORAGE, "ratio"), filling(0.41, 0.0, 0.0, 40)),
    (series("component/ledger-db", "processing", Meaning.PROCESSING, "ratio"), business(0.16, 0.63)),
    (series("component/core-node-a", "processing", Meaning.PROCESSING, "ratio"), business(0.08, 0.27)),
    (series("component/core-node-b", "processing", Meaning.PROCESSING, "ratio"), business(0.01, 0.03)),
    (series("component/payments-node-a", "processing", Meaning.PROCESSING, "ratio"), business(0.12, 0.74, 0.012)),
    (series("component/api-gateway", "throughput", Meaning.THROUGHPUT, "1/s"), business(90.0, 1290.0, 14.0)),
    (series("component/session-cache", "memory", Meaning.MEMORY, "By"), business(4.6 * GIB, 5.7 * GIB)),
    (series("integration/account-aggregation", "throughput", Meaning.THROUGHPUT, "1/s"), business(40.0, 318.0, 4.0)),
    (series("service/payment-order-initiation", "saturation", Meaning.SATURATION, "ratio"), business(0.08, 0.71)),
    (series("service/payment-rail", "saturation", Meaning.SATURATION, "ratio"), business(0.06, 0.52)),
)
YOUNG = series("service/standing-order", "saturation", Meaning.SATURATION, "ratio")


def add_capacity(store: Store, *, now: datetime = NOON) -> None:
    """Write the histories into a store of the pictured bank and wait until they are durable."""
    rng = np.random.default_rng(20_261_124)
    for identity, course in COURSES:
        _write(store, identity, course, rng, (DAYS, now))
    _write(store, YOUNG, business(0.1, 0.4), rng, (5, now))


def _write(
    store: Store, identity: SeriesIdentity, course: Course, rng: np.random.Generator, span: tuple[int, datetime]
) -> None:
    days, now = span
    count = days * 24 * 60 // STEP_MINUTES
    minutes = np.arange(count, dtype=np.int64)[::-1] * STEP_MINUTES
    times_ms = to_ms(now - timedelta(seconds=4)) - minutes * 60_000
    # Day 4 since the epoch was a Monday.
    values = course(times_ms / 86_400_000 - 4, rng)
    batch = Batch(samples=Samples.of_series(identity, times_ms, values))
    store.writer.ingest(Ingest(METRICS, batch, now, Cursors())).result(PATIENCE_SECONDS)
