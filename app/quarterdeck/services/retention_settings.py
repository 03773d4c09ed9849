"""Setting how long single samples are kept and what the store may take: first weighed in figures, then put in force."""

from __future__ import annotations

from concurrent.futures import TimeoutError as StillUnderWay
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.ports import Clock
from quarterdeck.services.store_growth import (
    Housekeeping,
    RetentionPolicy,
    SingleSamples,
    StoreGrowth,
    StoreSizes,
    growth_of,
)
from quarterdeck.services.store_keeping import RetentionChange

_WAIT_SECONDS = 30.0
_ENDLESS = float("inf")


class RetentionStore(StoreSizes, Protocol):
    """A store whose retention is set."""

    @property
    def housekeeping(self) -> Housekeeping:
        """Who changes what it keeps."""
        ...


@dataclass(frozen=True, slots=True)
class RetentionOutlook:
    """What a change would lead to, as things stand.

    Single samples older than `thinned_before` give way to their summaries, None where they are kept for ever; `singles`
    tells how far back they reach and which share of them that is. `size_bytes` is what the store takes now.
    """

    before: RetentionPolicy
    after: RetentionPolicy
    thinned_before: datetime | None
    singles: SingleSamples
    size_bytes: int

    @property
    def is_change(self) -> bool:
        """Whether anything would be different."""
        return self.before != self.after

    @property
    def is_shorter(self) -> bool:
        """Whether samples would go sooner than they do now, by their age or for the sake of room."""
        return _end(self.after.raw_days) < _end(self.before.raw_days) or _end(self.after.limit_bytes) < _end(
            self.before.limit_bytes
        )

    @property
    def excess_bytes(self) -> int:
        """By how much the store is larger than it might be; 0 without a limit."""
        return 0 if self.after.limit_bytes is None else max(0, self.size_bytes - self.after.limit_bytes)


class RetentionSettings:
    """Everything here may wait for the disk: call it off the GUI thread."""

    def __init__(self, store: RetentionStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def standing(self) -> StoreGrowth:
        """Size, growth, room and the policy in force."""
        return growth_of(self._store)

    def weigh(self, change: RetentionChange) -> RetentionOutlook:
        """What a change would lead to; nothing is changed. Raises OperatorError for one that makes no sense."""
        before = self._store.retention()
        after = change.applied(before)
        now = self._clock.now()
        cutoff = None if after.raw_days is None else now - timedelta(days=after.raw_days)
        singles = self._store.single_samples(now if cutoff is None else cutoff)
        return RetentionOutlook(before, after, cutoff, singles, self._store.sizes()[-1].size_bytes)

    def put(self, outlook: RetentionOutlook) -> StoreGrowth:
        """Put in force what was weighed, and tell how the store stands then.

        Raises OperatorError, and changes nothing, where another policy is in force than the one it was weighed against.
        """
        if self._store.retention() != outlook.before:
            message = "How long samples are kept was changed elsewhere meanwhile; nothing was saved."
            raise OperatorError(message, "Look at what is kept now, then set it again.")
        try:
            self._store.housekeeping.set_retention(outlook.after).result(_WAIT_SECONDS)
        except StillUnderWay as fault:
            message = "The store is busy; whether the change was taken is not known."
            raise OperatorError(message, "Open the settings again in a minute and look at what is kept.") from fault
        return growth_of(self._store)


def _end(kept: float | None) -> float:
    return _ENDLESS if kept is None else kept
