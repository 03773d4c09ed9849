"""Whether what a widget shows is old: told once by what covers it, asked by everything below that paints a state."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from quarterdeck.domain.health import HealthState

_PROPERTY = "showsOldContent"
_LASTING = frozenset({HealthState.UNKNOWN, HealthState.MAINTENANCE})


def mark_stale(widget: QWidget, *, is_stale: bool) -> None:
    """Say that everything inside a widget is old, or is not."""
    widget.setProperty(_PROPERTY, is_stale)


def is_stale(widget: QWidget) -> bool:
    """Whether a widget, or anything that it lies in, was said to show old content."""
    place: QWidget | None = widget
    while place is not None:
        if place.property(_PROPERTY):
            return True
        place = place.parentWidget()
    return False


def aged(state: HealthState) -> HealthState:
    """What an old state may be shown as: stale; what is unknown or planned does not age."""
    return state if state in _LASTING else HealthState.STALE


def state_as_shown(widget: QWidget, state: HealthState) -> HealthState:
    """The state that a widget may show, by whether its content is old."""
    return aged(state) if is_stale(widget) else state
