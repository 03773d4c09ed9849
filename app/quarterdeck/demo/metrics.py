"""The bank's series as its metrics server holds them: named and labelled, at grids of instants, ninety days back."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.bank_model import BankModel, BankSeries
from quarterdeck.demo.cast import EXPORTED_ONLY
from quarterdeck.demo.noise import Floats, Millis
from quarterdeck.demo.rhythms import DAY_MS
from quarterdeck.domain.series import Meaning

KEPT_DAYS = 90
NAME_LABEL = "__name__"
_COLUMNS_AT_ONCE = 360
_FRAMES_KEPT = 4
_QUANTILES = {"p50": "0.5", "p95": "0.95", "p99": "0.99"}


@dataclass(frozen=True, slots=True)
class MetricFamily:
    """A metric as the server describes it."""

    name: str
    help: str
    unit: str = ""


FAMILIES: dict[Meaning, MetricFamily] = {
    Meaning.RESPONSE_TIME: MetricFamily("bank_response_time_seconds", "Response time by quantile.", "seconds"),
    Meaning.THROUGHPUT: MetricFamily("bank_requests_per_second", "Requests, messages or events a second."),
    Meaning.ERROR_RATE: MetricFamily("bank_errors_ratio", "Share of requests that failed.", "ratio"),
    Meaning.SATURATION: MetricFamily("bank_saturation_ratio", "Share of the capacity in use.", "ratio"),
    Meaning.PROCESSING: MetricFamily("bank_processor_busy_ratio", "Share of the processors that is busy.", "ratio"),
    Meaning.STORAGE: MetricFamily("bank_storage_used_ratio", "Share of the storage in use.", "ratio"),
    Meaning.MEMORY: MetricFamily("bank_memory_resident_bytes", "Memory in use.", "bytes"),
    Meaning.QUEUE_DEPTH: MetricFamily("bank_queue_depth", "Messages that wait."),
}


@dataclass(frozen=True, slots=True)
class LabelledSeries:
    """One series of the server: its labels sorted by name, the metric's name among them, and its row of a frame."""

    labels: tuple[tuple[str, str], ...]
    row: int

    def label(self, name: str) -> str:
        """A label's value, empty where it has none."""
        return next((value for key, value in self.labels if key == name), "")


def labelled_series(model: BankModel) -> tuple[LabelledSeries, ...]:
    """All series of the server, sorted by their labels."""
    found = [
        LabelledSeries(_labels(series), row)
        for row, series in enumerate(model.series)
        if series.entity_key not in EXPORTED_ONLY
    ]
    return tuple(sorted(found, key=lambda series: series.labels))


def _labels(series: BankSeries) -> tuple[tuple[str, str], ...]:
    labels = {NAME_LABEL: FAMILIES[series.meaning].name, "entity": series.entity_key}
    if series.statistic:
        labels["quantile"] = _QUANTILES[series.statistic]
    return tuple(sorted(labels.items()))


class Frames:
    """The model's values over grids of instants, NaN outside what the server keeps; the last few stay at hand.

    Long grids are worked out piece by piece, so that nobody else who asks has to wait for them.
    """

    def __init__(self, model: BankModel, now_ms: Callable[[], int], opened_ms: int) -> None:
        self._model = model
        self._now_ms = now_ms
        self._oldest_ms = opened_ms - KEPT_DAYS * DAY_MS
        self._kept: OrderedDict[tuple[int, int, int, int], Floats] = OrderedDict()

    def now(self) -> Floats:
        """The values of this second as one column."""
        second_ms = self._now_ms() // 1000 * 1000
        return self._of_second(second_ms)

    async def at(self, times_ms: Millis) -> Floats:
        """Values of all series of the model (rows) at an ascending grid of instants (columns)."""
        if len(times_ms) == 1:
            values = self._of_second(int(times_ms[0]) // 1000 * 1000)
        else:
            values = await self._of_grid(times_ms)
        outside = (times_ms < self._oldest_ms) | (times_ms > self._now_ms())
        return np.where(outside, np.nan, values)

    def _of_second(self, second_ms: int) -> Floats:
        key = (second_ms, second_ms, 1, self._model.version)
        values = self._remembered(key)
        if values is None:
            values = self._keep(key, self._model.everything(np.array([second_ms], np.int64)))
        return values

    async def _of_grid(self, times_ms: Millis) -> Floats:
        key = (int(times_ms[0]), int(times_ms[-1]), len(times_ms), self._model.version)
        values = self._remembered(key)
        if values is None:
            pieces: list[Floats] = []
            for start in range(0, len(times_ms), _COLUMNS_AT_ONCE):
                pieces.append(self._model.everything(times_ms[start : start + _COLUMNS_AT_ONCE]))
                await asyncio.sleep(0)
            values = self._keep(key, np.concatenate(pieces, axis=1))
        return values

    def _remembered(self, key: tuple[int, int, int, int]) -> Floats | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _keep(self, key: tuple[int, int, int, int], values: Floats) -> Floats:
        if values.shape[1] <= _COLUMNS_AT_ONCE:
            self._kept[key] = values
            if len(self._kept) > _FRAMES_KEPT:
                self._kept.popitem(last=False)
        return values
