"""What the map remembers from one start to the next: where its nodes stand, and what a person arranged of it.

The file is the user's own and may hold anything: what is not ours, or too much, is left out without a word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias, cast

from quarterdeck.analysis.map_places import Place, Places
from quarterdeck.domain.errors import OperatorError
from quarterdeck.ui.panels.relationships.state import EdgeChoice, Focus, Wish
from quarterdeck.ui.tasks.verbs import Background

_VERSION = 1
_LAYERS = 5
_MOST_LAYOUTS = 12
_MOST_CHARACTERS = 900_000
_MOST_DOMAINS = 1_000
_LONGEST_KEY = 1_000
_MOST_STEPS = 99
_CELLS_PER_PLACE, _USUAL_CELLS = 40, 10_000
"""A layout of more cells than these would make the search for a free one long."""

_Entries: TypeAlias = Mapping[str, object]


class MapStore(Protocol):
    """A place for one small text, outside the store of the estate."""

    def read(self) -> str:
        """The text as it was last written; empty when there is none or it cannot be read."""
        ...

    def write(self, text: str) -> None:
        """Replace the text, whole or not at all. Raises OperatorError when there is no place for it."""
        ...


@dataclass(frozen=True, slots=True)
class KeptLayout:
    """What a map was laid out for, everything or what is around one entity, and where its nodes stood, by id."""

    collapsed: frozenset[str] | None
    focus: Focus | None
    places: Places

    @property
    def wish(self) -> Wish:
        """What has to be wished for it to be shown."""
        return Wish(self.collapsed, self.focus)


@dataclass(frozen=True, slots=True)
class MapMemory:
    """`layouts` are in the order in which they were last seen: the newest comes last and is shown first."""

    layouts: tuple[KeptLayout, ...] = ()
    edges: EdgeChoice = EdgeChoice.FITTING

    @property
    def wish(self) -> Wish:
        """What was shown last."""
        return self.layouts[-1].wish if self.layouts else Wish()


class MapKeeper:
    """Remembers, and writes away from the GUI thread what differs from what was written last."""

    def __init__(self, store: MapStore, memory: MapMemory, background: Background) -> None:
        self._store = store
        self._memory = memory
        self._background = background

    @property
    def memory(self) -> MapMemory:
        """What is remembered."""
        return self._memory

    def remember(self, memory: MapMemory) -> None:
        """Remember this from now on."""
        if memory == self._memory:
            return
        self._memory = memory
        store = self._store
        self._background.run_change(
            lambda: store.write(encode(memory)), on_result=lambda _: None, on_error=self._go_on_without
        )

    def _go_on_without(self, _error: OperatorError) -> None:
        """The window tells of a folder that cannot be written in; a map that is laid out anew harms nobody."""


def encode(memory: MapMemory) -> str:
    """The memory as text with the version of its form; the layouts not seen for longest are left out where it is long.

    The text is of at most 900,000 characters, all of them ASCII.
    """
    pieces: list[str] = []
    room = _MOST_CHARACTERS
    for layout in reversed(memory.layouts[-_MOST_LAYOUTS:]):
        piece = json.dumps(_layout_entries(layout), separators=(",", ":"))
        room -= len(piece) + 1
        if room < 0:
            break
        pieces.append(piece)
    head = json.dumps({"version": _VERSION, "edges": memory.edges})[:-1]
    return f'{head}, "layouts": [{",".join(reversed(pieces))}]}}'


def decode(text: str) -> MapMemory:
    """The memory in a text; a layout that is not whole is left out, and so is everything of another version."""
    try:
        found: object = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return MapMemory()
    entries = _entries(found)
    if entries.get("version") != _VERSION:
        return MapMemory()
    edges = entries.get("edges")
    layouts = entries.get("layouts")
    read = [_layout(one) for one in cast("list[object]", layouts)[-_MOST_LAYOUTS:]] if isinstance(layouts, list) else []
    return MapMemory(
        tuple(one for one in read if one is not None),
        EdgeChoice(edges) if isinstance(edges, str) and edges in set(EdgeChoice) else EdgeChoice.FITTING,
    )


def _layout_entries(layout: KeptLayout) -> dict[str, object]:
    focus = layout.focus
    return {
        "collapsed": None if layout.collapsed is None else sorted(layout.collapsed),
        "focus": [focus.entity_key, focus.steps] if focus else None,
        "places": {node: [at.layer, at.lane, at.row] for node, at in layout.places.items()},
    }


def _layout(value: object) -> KeptLayout | None:
    entries = _entries(value)
    try:
        return KeptLayout(
            _collapsed(entries.get("collapsed")), _focus(entries.get("focus")), _places(entries.get("places"))
        )
    except ValueError:
        return None


def _collapsed(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    domains = cast("list[object]", value) if isinstance(value, list) else []
    if not isinstance(value, list) or len(domains) > _MOST_DOMAINS:
        raise ValueError
    return frozenset(_key(domain) for domain in domains)


def _focus(value: object) -> Focus | None:
    if value is None:
        return None
    entity_key, steps = _list(value, 2)
    return Focus(_key(entity_key), _whole(steps, _MOST_STEPS))


def _places(value: object) -> dict[str, Place]:
    entries = _entries(value)
    places = {_key(node): _place(at) for node, at in entries.items()}
    most = _USUAL_CELLS + _CELLS_PER_PLACE * len(places)
    rows = max((at.row for at in places.values()), default=0) + 1
    lanes = max((at.lane for at in places.values()), default=0) + 1
    if not places or rows * lanes > most:
        raise ValueError
    return places


def _place(value: object) -> Place:
    layer, lane, row = _list(value, 3)
    return Place(_whole(layer, _LAYERS - 1), _whole(lane, _MOST_CHARACTERS), _whole(row, _MOST_CHARACTERS))


def _list(value: object, count: int) -> list[object]:
    found = cast("list[object]", value) if isinstance(value, list) else []
    if len(found) != count:
        raise ValueError
    return found


def _key(value: object) -> str:
    if isinstance(value, str) and len(value) <= _LONGEST_KEY:
        return value
    raise ValueError


def _whole(value: object, most: int) -> int:
    """A whole number from zero to `most`; a truth value is none, though Python counts with it."""
    if type(value) is int and 0 <= value <= most:
        return value
    raise ValueError


def _entries(value: object) -> _Entries:
    return cast("_Entries", value) if isinstance(value, dict) else {}
