"""The bank's moving parts layer by layer: integrations first, then the services that wait for them.

Each layer turns times into arrays of rows by times. Errors and slowness of an integration reach the services that use
it in the same instant, so that cause and consequence stand side by side in every picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.cast import INTEGRATIONS, SERVICES, IntegrationSpec, ServiceSpec
from quarterdeck.demo.effects import EffectTable
from quarterdeck.demo.noise import Floats, Millis, keys_of, tails, wander
from quarterdeck.demo.rhythms import RHYTHMS, activity
from quarterdeck.domain.series import Meaning

_LOAD_SLOWS = 0.22
_TRAFFIC_NOISE = 0.045
_ERROR_NOISE = 0.45
_ERROR_SHAKE = 0.08
_SERVICE_UNREST = 0.08
_SERVICE_P95, _SERVICE_P99 = 2.3, 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Instants:
    """When values are wanted: by the wall clock, by the bank's calendar, and what of each fault is felt then."""

    wall_ms: Millis
    calendar_ms: Millis
    felt: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Traffic:
    """Signals of one layer, rows by times: requests a second, percentiles in seconds, share of errors.

    `busy` is the load relative to a busy hour (about 1), which no fault changes.
    """

    throughput: Floats
    p50: Floats
    p95: Floats
    p99: Floats
    errors: Floats
    busy: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Usual:
    """What a layer would show without waiting for others: load, requests a second, medians, share of errors."""

    busy: Floats
    throughput: Floats
    medians: Floats
    errors: Floats


class _UsualTraffic:
    """Rhythm, noise and faults on the rows of one layer."""

    def __init__(self, seed: int, specs: Sequence[IntegrationSpec] | Sequence[ServiceSpec]) -> None:
        keys = [spec.key for spec in specs]
        self._domains = tuple(spec.domain for spec in specs)
        self._rates = column([spec.rate for spec in specs])
        self._medians = column([spec.median_seconds for spec in specs])
        self._errors = column([spec.errors for spec in specs])
        self._traffic_keys = keys_of(seed, [f"{key}:throughput" for key in keys])
        self._burst_keys = keys_of(seed, [f"{key}:bursts" for key in keys])
        self._error_keys = keys_of(seed, [f"{key}:errors" for key in keys])
        self._on_throughput = EffectTable([(key, Meaning.THROUGHPUT) for key in keys])
        self._on_response = EffectTable([(key, Meaning.RESPONSE_TIME) for key in keys])
        self._on_errors = EffectTable([(key, Meaning.ERROR_RATE) for key in keys])

    def at(self, instants: Instants) -> _Usual:
        times_ms, felt = instants.wall_ms, instants.felt
        busy = busyness(self._domains, instants.calendar_ms)
        throughput = self._rates * busy * np.exp(_TRAFFIC_NOISE * wander(self._traffic_keys, times_ms))
        medians = self._medians * (1.0 + _LOAD_SLOWS * busy**2)
        restless = wander(self._error_keys, times_ms)
        errors = self._errors * np.exp(_ERROR_NOISE * restless) * (1.0 + 0.25 * tails(self._burst_keys, times_ms))
        self._on_throughput.lay_over(throughput, felt)
        self._on_response.lay_over(medians, felt)
        self._on_errors.lay_over(errors, felt)
        return _Usual(busy, throughput, medians, errors * (1.0 + _ERROR_SHAKE * restless.clip(-2.5, 2.5)))


class _Percentiles:
    """Draws the three percentiles of a layer's response times around given medians."""

    def __init__(self, seed: int, keys: Sequence[str], unrest: Floats, factors: tuple[Floats, Floats]) -> None:
        self._body = keys_of(seed, [f"{key}:p50" for key in keys])
        self._upper = keys_of(seed, [f"{key}:p95" for key in keys])
        self._tail = keys_of(seed, [f"{key}:tail" for key in keys])
        self._unrest = unrest
        self._factors = factors

    def draw(self, medians: Floats, times_ms: Millis) -> tuple[Floats, Floats, Floats]:
        """p50, p95 and p99 in seconds, each above the one before."""
        p50 = medians * np.exp(self._unrest * wander(self._body, times_ms))
        far = tails(self._tail, times_ms)
        upper = np.exp(0.6 * self._unrest * wander(self._upper, times_ms)) * (1.0 + 0.035 * far)
        p95 = np.maximum(p50 * self._factors[0] * upper, 1.2 * p50)
        p99 = np.maximum(p50 * self._factors[1] * (1.0 + 0.14 * far), 1.12 * p95)
        return p50, p95, p99


class IntegrationLayer:
    """The integrations' traffic."""

    def __init__(self, seed: int) -> None:
        specs = INTEGRATIONS
        factors = (column([spec.p95_factor for spec in specs]), column([spec.p99_factor for spec in specs]))
        unrest = column([spec.unrest for spec in specs])
        self._usual = _UsualTraffic(seed, specs)
        self._percentiles = _Percentiles(seed, [spec.key for spec in specs], unrest, factors)

    def at(self, instants: Instants) -> Traffic:
        """Traffic of every integration, in the order of the cast; NaN where it is silent."""
        usual = self._usual.at(instants)
        p50, p95, p99 = self._percentiles.draw(usual.medians, instants.wall_ms)
        return Traffic(usual.throughput, p50, p95, p99, usual.errors.clip(0.0, 1.0), usual.busy)


class ServiceLayer:
    """The services' traffic, given that of the integrations."""

    def __init__(self, seed: int) -> None:
        factors = (np.array(_SERVICE_P95), np.array(_SERVICE_P99))
        keys = [spec.key for spec in SERVICES]
        self._usual = _UsualTraffic(seed, SERVICES)
        self._percentiles = _Percentiles(seed, keys, np.array(_SERVICE_UNREST), factors)
        self._uses = _uses()

    def at(self, instants: Instants, integrations: Traffic) -> Traffic:
        """Traffic of every service, in the order of the cast; an integration without values passes nothing on."""
        usual = self._usual.at(instants)
        own = self._percentiles.draw(usual.medians, instants.wall_ms)
        waited_for = (integrations.p50, integrations.p95, integrations.p99)
        p50, p95, p99 = (mine + self._passed_on(theirs) for mine, theirs in zip(own, waited_for, strict=True))
        errors = (usual.errors + self._passed_on(integrations.errors)).clip(0.0, 1.0)
        return Traffic(usual.throughput, p50, p95, p99, errors, usual.busy)

    def _passed_on(self, values: Floats) -> Floats:
        return self._uses @ np.nan_to_num(values)


def column(numbers: Sequence[float]) -> Floats:
    """Numbers as a column, to be laid against rows by times."""
    return np.array(numbers, np.float64)[:, None]


def busyness(domains: Sequence[str], calendar_ms: Millis) -> Floats:
    """The load relative to a busy hour of each row's domain, rows by times."""
    by_domain = {domain: activity(domain, calendar_ms) for domain in RHYTHMS}
    return np.stack([by_domain[domain] for domain in domains])


def _uses() -> Floats:
    rows = {spec.key: row for row, spec in enumerate(INTEGRATIONS)}
    weights = np.zeros((len(SERVICES), len(INTEGRATIONS)))
    for row, spec in enumerate(SERVICES):
        for key, weight in spec.uses:
            weights[row, rows[key]] = weight
    return weights
