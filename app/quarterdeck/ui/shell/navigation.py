"""The one place the whole console is at, with its history: walked back and forth like a browser's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TypeAlias

from quarterdeck.ui.shell.places import Place

_ONE_GESTURE = timedelta(seconds=1.5)
_LONGEST_HISTORY = 100

PlaceListener: TypeAlias = Callable[[Place, Place], None]
"""Is told the place before and the place now."""


class Navigation:
    """Holds the current place and the places before and after it; tells listeners of every move.

    Moves of the same kind in quick succession (a drag, a held key, the steps of a wheel) are one place in the history.
    """

    def __init__(self, start: Place, now: Callable[[], datetime]) -> None:
        self._now = now
        self._place = start
        self._back: list[Place] = []
        self._forward: list[Place] = []
        self._listeners: list[PlaceListener] = []
        self._last_kind: frozenset[str] = frozenset()
        self._last_move_at = now() - _ONE_GESTURE

    @property
    def place(self) -> Place:
        """Where the console is."""
        return self._place

    @property
    def can_go_back(self) -> bool:
        """Whether there is an earlier place."""
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        """Whether a step back can be undone."""
        return bool(self._forward)

    def subscribe(self, listener: PlaceListener) -> None:
        """Be told of every move from now on."""
        self._listeners.append(listener)

    def go(self, place: Place) -> None:
        """Move to a place; nothing happens when it is the current one."""
        if place == self._place:
            return
        kind = _difference(self._place, place)
        now = self._now()
        is_one_gesture = kind == self._last_kind and now - self._last_move_at < _ONE_GESTURE and bool(self._back)
        if not is_one_gesture or "panel_id" in kind:
            self._back = [*self._back, self._place][-_LONGEST_HISTORY:]
        self._forward.clear()
        self._last_kind, self._last_move_at = kind, now
        self._move(place)

    def back(self) -> None:
        """One place back."""
        if self._back:
            self._forward.append(self._place)
            self._step(self._back.pop())

    def forward(self) -> None:
        """One place forward again."""
        if self._forward:
            self._back.append(self._place)
            self._step(self._forward.pop())

    def _step(self, place: Place) -> None:
        self._last_kind = frozenset()
        self._move(place)

    def _move(self, place: Place) -> None:
        before, self._place = self._place, place
        for listener in list(self._listeners):
            listener(before, place)


def _difference(before: Place, after: Place) -> frozenset[str]:
    return frozenset(field.name for field in fields(Place) if getattr(before, field.name) != getattr(after, field.name))
