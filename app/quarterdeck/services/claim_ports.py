"""What partners claimed, as the store keeps it over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.instants import TimeRange


class ClaimStore(Protocol):
    """What partners claimed, over time."""

    def claims_in(self, time_range: TimeRange, entity_keys: Sequence[str]) -> tuple[ClaimedStatus, ...]:
        """What some entities claimed in a range, by entity and time, with the last before it and the first after it."""
        ...
