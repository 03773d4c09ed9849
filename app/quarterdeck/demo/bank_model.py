"""The bank's signals as one pure function: seed, series and instant give the value, now and for any past.

Live figures and history come from here alike, which is why there is no seam between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.bank_clock import BankCalendar
from quarterdeck.demo.cast import INTEGRATIONS, SERVICES
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.machinery import ChannelLayer, ComponentLayer, EventLayer, ServiceBusiness
from quarterdeck.demo.noise import Floats, Millis
from quarterdeck.demo.traffic import Instants, IntegrationLayer, ServiceLayer, Traffic, column
from quarterdeck.domain.series import Meaning

_SECOND_MS = 1000
_MIB = float(2**20)
# Steps a unit is measured in: a response time of 0.1 ms is one of 10,000 in a second.
_GRAINS = {
    Meaning.RESPONSE_TIME: 1e4,
    Meaning.THROUGHPUT: 1e3,
    Meaning.ERROR_RATE: 1e5,
    Meaning.SATURATION: 1e4,
    Meaning.STORAGE: 1e5,
    Meaning.PROCESSING: 1e4,
    Meaning.MEMORY: 1.0 / _MIB,
    Meaning.QUEUE_DEPTH: 1.0,
}
_RATIOS = frozenset({Meaning.ERROR_RATE, Meaning.SATURATION, Meaning.STORAGE, Meaning.PROCESSING})
_TRAFFIC_ROWS = (
    (Meaning.RESPONSE_TIME, "p50"),
    (Meaning.RESPONSE_TIME, "p95"),
    (Meaning.RESPONSE_TIME, "p99"),
    (Meaning.THROUGHPUT, ""),
    (Meaning.ERROR_RATE, ""),
)


@dataclass(frozen=True, slots=True)
class BankSeries:
    """One signal of one entity of the bank, in the unit its meaning has (seconds, a second, 0 to 1, bytes, count)."""

    entity_key: str
    meaning: Meaning
    statistic: str = ""


class BankModel:
    """Every signal of the bank at any instant.

    The bank measures once a second: an instant inside a second has the value of that second's start.
    """

    def __init__(self, seed: int, calendar: BankCalendar, faults: FaultBook) -> None:
        self._calendar = calendar
        self._faults = faults
        self._integrations = IntegrationLayer(seed)
        self._services = ServiceLayer(seed)
        self._business = ServiceBusiness(seed)
        self._components = ComponentLayer(seed)
        self._channels = ChannelLayer()
        self._events = EventLayer(seed)
        self.series: tuple[BankSeries, ...] = self._all_series()
        self._rows = {series: row for row, series in enumerate(self.series)}
        self._grain = column([_GRAINS[series.meaning] for series in self.series])
        self._ceiling = column([1.0 if series.meaning in _RATIOS else np.inf for series in self.series])

    @property
    def version(self) -> int:
        """Grows when a fault started or ended, which changes values from then on."""
        return self._faults.version

    def row(self, series: BankSeries) -> int:
        """The row of a series in `everything`; raises KeyError for one the bank does not have."""
        return self._rows[series]

    def sample(self, series: Sequence[BankSeries], times_ms: Millis) -> Floats:
        """Values of some series (rows) at instants (columns, milliseconds since the epoch); NaN where one is silent."""
        return self.everything(times_ms)[[self._rows[one] for one in series]]

    def everything(self, times_ms: Millis) -> Floats:
        """Values of all series (rows, in the order of `series`) at instants (columns)."""
        wall_ms = times_ms // _SECOND_MS * _SECOND_MS
        instants = Instants(wall_ms, self._calendar.calendar_of(wall_ms), self._faults.felt(wall_ms))
        integrations = self._integrations.at(instants)
        services = self._services.at(instants, integrations)
        values = np.concatenate(
            [
                _stacked(integrations),
                _stacked(services),
                self._business.at(instants, services),
                self._components.at(instants, services),
                self._channels.at(instants, integrations),
                self._events.at(instants),
            ]
        )
        return self._rounded(values)

    def _all_series(self) -> tuple[BankSeries, ...]:
        keys = [[spec.key for spec in INTEGRATIONS], [spec.key for spec in SERVICES]]
        traffic = [
            BankSeries(key, meaning, statistic)
            for layer in keys
            for meaning, statistic in _TRAFFIC_ROWS
            for key in layer
        ]
        saturation = [BankSeries(spec.key, Meaning.SATURATION) for spec in SERVICES]
        names = (*self._components.names, *self._channels.names, *self._events.names)
        return (*traffic, *saturation, *(BankSeries(key, meaning) for key, meaning in names))

    def _rounded(self, values: Floats) -> Floats:
        bounded = np.minimum(values, self._ceiling)
        return np.round(bounded * self._grain) / self._grain


def _stacked(traffic: Traffic) -> Floats:
    return np.concatenate([traffic.p50, traffic.p95, traffic.p99, traffic.throughput, traffic.errors])
