"""How far counters have come since the scrape before, resets included."""

from __future__ import annotations

import math
from dataclasses import dataclass

from quarterdeck.connectors.openmetrics.memory import Counted, Memory, key_of
from quarterdeck.connectors.openmetrics.parse import Reading

MAX_GAP_SECONDS = 900.0
"""Over a longer gap a rate would be an average of what nobody watched; rates begin again instead."""


@dataclass(frozen=True, slots=True)
class Step:
    """A counter at two instants."""

    before: float
    after: float
    seconds: float

    @property
    def is_reset(self) -> bool:
        """Whether the counter began again in between."""
        return self.after < self.before

    @property
    def increase(self) -> float:
        """What was counted in between, as far as it can be known: after a reset, what was counted since."""
        return self.after if self.is_reset else self.after - self.before


class Growth:
    """Holds counters against the scrape before, and remembers them for the next."""

    def __init__(self, before: Memory, now_ms: int) -> None:
        self._before = before
        self._now_ms = now_ms
        self._seen: dict[int, Counted] = {}

    def step(self, reading: Reading, created_ms: int | None = None) -> Step | None:
        """The step of a counter; None at its first sight, when no time has passed, and over a long gap.

        A counter that was created after the scrape before began at nought then.
        """
        if not math.isfinite(reading.value) or reading.value < 0:
            return None
        at_ms = self._now_ms if reading.at_ms is None else reading.at_ms
        key = key_of(reading.name, reading.labels)
        known = self._before.counters.get(key)
        self._seen[key] = Counted(reading.value, at_ms)
        if known is None or (created_ms is not None and created_ms > known.at_ms):
            return self._since_creation(reading.value, at_ms, created_ms)
        seconds = (at_ms - known.at_ms) / 1000
        return Step(known.value, reading.value, seconds) if 0 < seconds <= MAX_GAP_SECONDS else None

    def remembered(self) -> Memory:
        """What the next scrape needs."""
        return Memory(self._seen)

    def _since_creation(self, value: float, at_ms: int, created_ms: int | None) -> Step | None:
        last_ms = self._before.newest_ms
        if created_ms is None or last_ms is None or not last_ms < created_ms <= at_ms:
            return None
        seconds = (at_ms - last_ms) / 1000
        return Step(0.0, value, seconds) if 0 < seconds <= MAX_GAP_SECONDS else None
