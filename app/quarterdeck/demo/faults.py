"""What can go wrong in the bank, when it does, and how much of it is felt at an instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from quarterdeck.demo.noise import Floats, Millis

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One way to fail.

    Felt rises in a line from nothing to whole over `rise_seconds` and falls away over `fall_seconds` after its end.
    `age_minutes` is how long it has been there when the bank opens with it.
    """

    name: str
    title: str
    rise_seconds: float
    fall_seconds: float
    age_minutes: int


FAULT_KINDS: tuple[FaultKind, ...] = (
    FaultKind("payhub_outage", "PayHub answers many submissions with HTTP 503", 20, 45, 14),
    FaultKind("slow_aggregation", "Tessera answers three times as slowly as usual", 150, 180, 31),
    FaultKind("queue_buildup", "Payments pile up before the rails", 600, 420, 25),
    FaultKind("disk_filling", "The ledger's disk fills up", 480, 120, 40),
    FaultKind("lost_notifications", "Some notifications are never delivered", 30, 60, 12),
    FaultKind("certificate_expiry", "Northgate's certificate is about to expire", 1, 1, 60),
    FaultKind("push_silent", "The push provider's source does not answer", 1, 1, 22),
    FaultKind("bad_deploy", "A release of PaymentOrderInitiation fails some requests", 30, 30, 9),
    FaultKind("node_loss", "One of the two payments nodes is gone", 10, 90, 11),
    FaultKind("institution_outage", "Marlow Bank, which Tessera reads accounts at, does not answer", 30, 60, 18),
    FaultKind("needless_alarm", "Carillon's page reports an outage that nobody feels here", 1, 1, 10),
    FaultKind("late_events", "The event feed runs five minutes behind", 300, 90, 16),
)

OPENING_FAULTS = ("payhub_outage", "slow_aggregation", "push_silent")
"""What is wrong on an ordinary opening, so that there is something to see."""

_BY_NAME = {kind.name: kind for kind in FAULT_KINDS}


def fault_names() -> tuple[str, ...]:
    """The names of all faults that can be started and ended."""
    return tuple(_BY_NAME)


def fault_kind(name: str) -> FaultKind:
    """A kind by its name; raises KeyError for a name that is none."""
    return _BY_NAME[name]


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """A stretch `[from_ms, to_ms)` in which a fault is there, in milliseconds since the epoch; None is not yet.

    `weight` is how hard it strikes, 1 for in full.
    """

    name: str
    from_ms: int
    to_ms: int | None = None
    weight: float = 1.0

    def felt(self, times_ms: Millis) -> Floats:
        """How much of it is felt at each instant, 0 to `weight`."""
        kind = _BY_NAME[self.name]
        until = times_ms if self.to_ms is None else np.minimum(times_ms, self.to_ms)
        risen = ((until - self.from_ms) / (kind.rise_seconds * 1000.0)).clip(0.0, 1.0)
        if self.to_ms is None:
            return risen * self.weight
        fallen = ((times_ms - self.to_ms) / (kind.fall_seconds * 1000.0)).clip(0.0, 1.0)
        return risen * (1.0 - fallen) * self.weight

    def touches(self, from_ms: int, to_ms: int) -> bool:
        """Whether any of it, its fall included, may be felt in `[from_ms, to_ms]`."""
        if self.from_ms > to_ms:
            return False
        return self.to_ms is None or self.to_ms + _BY_NAME[self.name].fall_seconds * 1000 >= from_ms


def felt_by_name(spans: Iterable[FaultSpan], times_ms: Millis) -> dict[str, Floats]:
    """The strongest felt of each fault at each instant; faults not felt at all are absent."""
    if not len(times_ms):
        return {}
    felt: dict[str, Floats] = {}
    first_ms, last_ms = int(times_ms.min()), int(times_ms.max())
    for span in spans:
        if span.touches(first_ms, last_ms):
            here = span.felt(times_ms)
            felt[span.name] = np.maximum(felt[span.name], here) if span.name in felt else here
    return {name: here for name, here in felt.items() if here.any()}
