"""Which of the things on the screen are due for new data: none sooner than it asked for, none without a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quarterdeck.services.ports import Topic

_CLOCK_ONLY_SECONDS = 30.0


@dataclass(slots=True)
class _Watched:
    refresh_seconds: float
    shown_at: float
    pending: set[Topic] = field(default_factory=set["Topic"])


@dataclass(frozen=True, slots=True)
class Due:
    """A name that is due, and the topics that changed since it was last shown; none when only time went on."""

    name: str
    topics: frozenset[Topic]


class RefreshSchedule:
    """Remembers per name what changed since it was shown. `seconds` is a clock that never runs backwards."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._watched: dict[str, _Watched] = {}

    def watch(self, name: str, refresh_seconds: float) -> None:
        """Schedule a name; it counts as shown now."""
        self._watched[name] = _Watched(refresh_seconds, self._seconds())

    def note(self, topics: Iterable[Topic]) -> None:
        """New data of these topics is in the store."""
        changed = set(topics)
        for watched in self._watched.values():
            watched.pending |= changed

    def shown(self, name: str) -> None:
        """The newest data of a name was asked for just now."""
        if watched := self._watched.get(name):
            watched.shown_at = self._seconds()
            watched.pending.clear()

    def take_due(self, names: Iterable[str], *, is_live: bool) -> tuple[Due, ...]:
        """The names that are due, which then count as shown.

        With changes once their pause is over; without, only while live and every half minute, since ages grow.
        """
        due: list[Due] = []
        now = self._seconds()
        for name in names:
            watched = self._watched.get(name)
            if watched is None:
                continue
            wait = watched.refresh_seconds if watched.pending else _CLOCK_ONLY_SECONDS
            if now - watched.shown_at >= wait and (watched.pending or is_live):
                due.append(Due(name, frozenset(watched.pending)))
                self.shown(name)
        return tuple(due)
