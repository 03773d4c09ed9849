"""Notices that go out because a policy does not hold: what they say, to whom, and what sends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told to the owner of policies; by its `reference` a receiver knows again what it was told before."""

    owner: str
    title: str
    body: str
    reference: str


class Notifier(Protocol):
    """Sends notices to targets that the workspace names."""

    def target_of(self, owner: str) -> str | None:
        """Where an owner is told, in words without any secret; None where no target is set. Raises OperatorError."""
        ...

    async def send(self, notice: Notice) -> None:
        """Send a notice to its owner's target; returns once it was taken, and never later than within a minute.

        Raises OperatorError where it was not, or where nobody knows.
        """
        ...
