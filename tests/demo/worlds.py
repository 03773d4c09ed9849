"""Banks of paper for the tests: clock, faults and values without a server."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from quarterdeck.demo.bank import BankAddresses
from quarterdeck.demo.bank_clock import BankCalendar
from quarterdeck.demo.bank_model import BankModel, BankSeries
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.metrics import Frames
from quarterdeck.demo.noise import Floats, Millis
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.series import Meaning

OPENED_AT = datetime(2026, 11, 24, 12, 32, 5, tzinfo=UTC)  # a Tuesday at noon
OPENED_MS = to_ms(OPENED_AT)
MINUTE_MS = 60_000
DAY_MS = 86_400_000
ADDRESSES = BankAddresses(
    metrics="http://127.0.0.1:9001",
    payments_exporter="http://127.0.0.1:9002/metrics",
    push_exporter="http://127.0.0.1:9003/metrics",
    events="http://127.0.0.1:9004/events",
    payhub_health="http://127.0.0.1:9005/health",
    tessera_health="http://127.0.0.1:9006/health",
    northgate_health="https://127.0.0.1:9007/health",
    carillon_health="http://127.0.0.1:9008/health",
    status_pages="http://127.0.0.1:9009",
    control="http://127.0.0.1:9010",
    authority_file=Path("/run/demo/demo-authority.pem"),
)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at_ms: int = OPENED_MS) -> None:
        self.ms = at_ms

    def now_ms(self) -> int:
        return self.ms

    def now(self) -> datetime:
        return from_ms(self.ms)


@dataclass(frozen=True, slots=True, eq=False)
class PaperBank:
    """What the servers of a bank answer from."""

    clock: MovableClock
    calendar: BankCalendar
    faults: FaultBook
    model: BankModel
    frames: Frames

    def value(self, entity_key: str, meaning: Meaning, statistic: str = "") -> float:
        """A signal at the clock's instant."""
        return float(self.values(entity_key, meaning, statistic, np.array([self.clock.ms], np.int64))[0])

    def values(self, entity_key: str, meaning: Meaning, statistic: str, times_ms: Millis) -> Floats:
        """A signal at instants."""
        return self.model.sample([BankSeries(entity_key, meaning, statistic)], times_ms)[0]


def paper_bank(
    *, seed: int = 1, speed: float = 1.0, opening: tuple[str, ...] | None = (), opened_ms: int = OPENED_MS
) -> PaperBank:
    """A bank that opened at noon of a Tuesday; calm, unless told otherwise."""
    clock = MovableClock(opened_ms)
    calendar = BankCalendar(opened_ms, speed)
    faults = FaultBook(seed, calendar, opening)
    model = BankModel(seed, calendar, faults)
    return PaperBank(clock, calendar, faults, model, Frames(model, clock.now_ms, opened_ms))


def grid(days: float, step_seconds: int = 300, *, until_ms: int = OPENED_MS) -> Millis:
    """Instants at a step, for so many days up to an instant."""
    return np.arange(until_ms - int(days * DAY_MS), until_ms, step_seconds * 1000, dtype=np.int64)
