"""Anomalies as they are stored: by series and day, those of one day replaced together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from quarterdeck.domain.anomalies import Anomaly
from quarterdeck.domain.instants import TimeRange


@dataclass(frozen=True, slots=True)
class JudgedDay:
    """All that was found in one series in the day (UTC) that began at `day_ms`, as far as it is judged."""

    series_id: int
    day_ms: int
    anomalies: tuple[Anomaly, ...]


class AnomalyRecords(Protocol):
    """Reads from any thread; each write is one durable transaction and returns a future, as `StoreWriter` does."""

    def days(self, time_range: TimeRange, series_ids: Sequence[int] | None = None) -> tuple[JudgedDay, ...]:
        """What was found in the days that a range touches, by series and day; days without a finding are absent."""
        ...

    def replace(self, days: Sequence[JudgedDay]) -> Future[None]:
        """Put these days' findings in the place of those that are there."""
        ...


class AnomalyStore(Protocol):
    """A store that holds anomalies."""

    @property
    def anomalies(self) -> AnomalyRecords:
        """What was found unusual."""
        ...
