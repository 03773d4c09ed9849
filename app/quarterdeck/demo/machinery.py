"""The bank's components, channels and event types: what follows from the traffic that runs over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quarterdeck.demo.cast import CHANNELS, COMPONENTS, EVENT_TYPES, INTEGRATIONS, SERVICES, ComponentSpec, LoadSignal
from quarterdeck.demo.effects import EffectTable
from quarterdeck.demo.noise import Floats, keys_of, tails, uniform, wander
from quarterdeck.demo.rhythms import DAY_MS
from quarterdeck.demo.traffic import Instants, Traffic, busyness, column
from quarterdeck.domain.series import Meaning

Names = tuple[tuple[str, Meaning], ...]
"""Entity and meaning of each row of an array."""

_SMALLEST = 0.01
_EVENT_NOISE = 0.06
_BUSY_NOISE = 0.02
_STORAGE_NOISE = 0.0015
_LOST_ON_THE_WAY = 0.012


class ComponentLayer:
    """What components report, given the services' load."""

    def __init__(self, seed: int) -> None:
        pairs = [(spec, signal) for spec in COMPONENTS for signal in spec.signals]
        loaded: Names = tuple((spec.key, signal.meaning) for spec, signal in pairs)
        self._shares = np.stack([_shares(spec) for spec, _ in pairs])
        self._signals = _SignalColumns([signal for _, signal in pairs])
        self._wander = keys_of(seed, [f"{key}:{meaning}" for key, meaning in loaded])
        self._bursts = keys_of(seed, [f"{key}:{meaning}:burst" for key, meaning in loaded])
        self._storage = _StorageRows(seed)
        self.names: Names = loaded + self._storage.names
        self._effects = EffectTable(self.names)

    def at(self, instants: Instants, services: Traffic) -> Floats:
        """Every component's signals, rows as in `names`; NaN where one is silent."""
        signals, times_ms = self._signals, instants.wall_ms
        level = signals.floor + signals.gain * (self._shares @ services.busy)
        level += signals.noise * wander(self._wander, times_ms)
        bursts = 1.0 + signals.burst * tails(self._bursts, times_ms)
        loaded = signals.scale * np.minimum(level.clip(_SMALLEST) * bursts, signals.ceiling)
        values = np.concatenate([loaded, self._storage.at(instants)])
        self._effects.lay_over(values, instants.felt)
        return values


class _SignalColumns:
    """The parameters of load signals as columns."""

    def __init__(self, signals: Sequence[LoadSignal]) -> None:
        self.floor = column([signal.floor for signal in signals])
        self.gain = column([signal.gain for signal in signals])
        self.noise = column([signal.noise for signal in signals])
        self.scale = column([signal.scale for signal in signals])
        self.burst = column([signal.burst for signal in signals])
        self.ceiling = column([signal.ceiling for signal in signals])


class _StorageRows:
    """Shares of storage in use, growing and cleared by the calendar."""

    def __init__(self, seed: int) -> None:
        pairs = [(spec.key, spec.storage) for spec in COMPONENTS if spec.storage is not None]
        self.names: Names = tuple((key, Meaning.STORAGE) for key, _ in pairs)
        self._low = column([storage.low for _, storage in pairs])
        self._rise = column([storage.high - storage.low for _, storage in pairs])
        self._days = column([storage.days for _, storage in pairs])
        self._begun = column([uniform(seed, f"{key}:cleared") * storage.days for key, storage in pairs])
        self._wander = keys_of(seed, [f"{key}:storage" for key, _ in pairs])

    def at(self, instants: Instants) -> Floats:
        grown = ((instants.calendar_ms / DAY_MS + self._begun) / self._days) % 1.0
        return self._low + self._rise * grown + _STORAGE_NOISE * wander(self._wander, instants.wall_ms)


class ServiceBusiness:
    """How much of its capacity each service uses: its load, and more of it while it is slow."""

    def __init__(self, seed: int) -> None:
        keys = [spec.key for spec in SERVICES]
        self._busy = column([spec.busy for spec in SERVICES])
        self._wander = keys_of(seed, [f"{key}:saturation" for key in keys])
        self._effects = EffectTable([(key, Meaning.SATURATION) for key in keys])

    def at(self, instants: Instants, services: Traffic) -> Floats:
        """Saturation of every service, 0 to 1, in the order of the cast."""
        used = 0.06 + self._busy * services.busy**0.9 + _BUSY_NOISE * wander(self._wander, instants.wall_ms)
        used = used.clip(_SMALLEST, 0.86)
        self._effects.lay_over(used, instants.felt)
        return used.clip(0.0, 1.0)


class ChannelLayer:
    """What goes out over each channel of notification, given the integrations' traffic."""

    def __init__(self) -> None:
        rows = {spec.key: row for row, spec in enumerate(INTEGRATIONS)}
        self._rows = [rows[integration] for _, integration in CHANNELS]
        sent: Names = tuple((key, Meaning.THROUGHPUT) for key, _ in CHANNELS)
        failed: Names = tuple((key, Meaning.ERROR_RATE) for key, _ in CHANNELS)
        self.names: Names = sent + failed
        self._effects = EffectTable(self.names)

    def at(self, instants: Instants, integrations: Traffic) -> Floats:
        """Delivered messages a second and the share that failed, rows as in `names`."""
        errors = integrations.errors[self._rows]
        delivered = integrations.throughput[self._rows] * (1.0 - _LOST_ON_THE_WAY) * (1.0 - errors)
        values = np.concatenate([delivered, errors])
        self._effects.lay_over(values, instants.felt)
        return values


class EventLayer:
    """How many business events of each type occur a second."""

    def __init__(self, seed: int) -> None:
        self.names: Names = tuple((spec.key, Meaning.THROUGHPUT) for spec in EVENT_TYPES)
        self._domains = tuple(spec.domain for spec in EVENT_TYPES)
        self._rates = column([spec.rate for spec in EVENT_TYPES])
        self._wander = keys_of(seed, [f"{spec.key}:throughput" for spec in EVENT_TYPES])
        self._effects = EffectTable(self.names)

    def at(self, instants: Instants) -> Floats:
        """Events a second, rows as in `names`."""
        busy = busyness(self._domains, instants.calendar_ms)
        values = self._rates * busy * np.exp(_EVENT_NOISE * wander(self._wander, instants.wall_ms))
        self._effects.lay_over(values, instants.felt)
        return values


def _shares(spec: ComponentSpec) -> Floats:
    rows = {service.key: row for row, service in enumerate(SERVICES)}
    shares = np.zeros(len(SERVICES))
    for key, share in spec.serves:
        shares[rows[key]] = share
    return shares
