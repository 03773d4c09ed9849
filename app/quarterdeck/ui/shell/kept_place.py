"""The console's place as the window remembers it: what is noted of it, and where a start comes back to.

The play-head is not kept: a start is live, or at the end of the fixed range it comes back to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from quarterdeck.domain.instants import TimeRange
from quarterdeck.ui.shell.places import Fixed, Place, Rolling, first_place, with_range
from quarterdeck.ui.shell.window_memory import WindowMemory

_SHORTEST_SECONDS: Final = 1.0


def noted(memory: WindowMemory, place: Place) -> WindowMemory:
    """The memory with this place in it."""
    at_place = replace(memory, panel_id=place.panel_id, entity_key=place.entity_key)
    if isinstance(place.extent, Rolling):
        return replace(at_place, range_seconds=place.extent.seconds, range_from="", range_to="")
    span = place.extent.time_range
    return replace(at_place, range_from=span.start_at.isoformat(), range_to=span.end_at.isoformat())


def kept_place(memory: WindowMemory, known: Sequence[str], now: datetime, *, wanted_panel: str = "") -> Place:
    """Where a start comes back to; `wanted_panel` goes before the one remembered, `known` are those there are.

    What cannot be a range is the usual one.
    """
    first = first_place((wanted_panel, memory.panel_id), known, memory.range_seconds)
    place = replace(first, entity_key=memory.entity_key)
    span = _span(memory.range_from, memory.range_to)
    is_fit = span is not None and span.end_at <= now and span.seconds >= _SHORTEST_SECONDS
    return with_range(place, Fixed(span), now) if span is not None and is_fit else place


def _span(from_text: str, to_text: str) -> TimeRange | None:
    try:
        return TimeRange(datetime.fromisoformat(from_text), datetime.fromisoformat(to_text))
    except (ValueError, TypeError):
        return None
