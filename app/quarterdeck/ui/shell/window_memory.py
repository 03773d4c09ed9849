"""What the window remembers by itself from one start to the next: its place, its layout, where it was in the console.

What a person sets on purpose are the preferences, which are kept apart.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol, TypeVar, cast

from quarterdeck.ui.theme.measures import INSPECTOR_WIDTH

T = TypeVar("T")
_VERSION = 1
_DEFAULT_RANGE_SECONDS = 6 * 3600.0


class MemoryStore(Protocol):
    """A place for one small text, outside the store of the estate."""

    def read(self) -> str:
        """The text as it was last written; empty when there is none or it cannot be read."""
        ...

    def write(self, text: str) -> None:
        """Replace the text, whole or not at all. Raises OperatorError when there is no place for it."""
        ...


@dataclass(frozen=True, slots=True)
class SavedLayout:
    """How the docks lay: the open panels (ids joined by commas), the current one, and Qt's writing in base64.

    `digest` is over all of it: a layout that was changed or cut off is never handed to Qt.
    """

    name: str = ""
    current: str = ""
    panels: str = ""
    state: str = ""
    digest: str = ""

    @classmethod
    def of(cls, name: str, current: str, panels: Sequence[str], state: bytes) -> SavedLayout:
        """The layout of a state as Qt wrote it."""
        joined = ",".join(panels)
        return cls(name, current, joined, base64.b64encode(state).decode("ascii"), _digest(joined, state))

    @property
    def open_panels(self) -> tuple[str, ...]:
        """The panels that were open."""
        return tuple(filter(None, self.panels.split(",")))

    def bytes_of_state(self) -> bytes | None:
        """Qt's writing, or None when it is not what was saved."""
        try:
            state = base64.b64decode(self.state, validate=True)
        except (binascii.Error, ValueError):
            return None
        return state if state and _digest(self.panels, state) == self.digest else None


@dataclass(frozen=True, slots=True)
class WindowMemory:
    """Everything remembered. `geometry` is Qt's writing of the window's place, in base64.

    `range_from` and `range_to` are instants in ISO 8601, empty while the range is the last `range_seconds`.
    """

    inspector_width: int = INSPECTOR_WIDTH
    geometry: str = ""
    panel_id: str = ""
    entity_key: str = ""
    range_seconds: float = _DEFAULT_RANGE_SECONDS
    range_from: str = ""
    range_to: str = ""
    layout: SavedLayout = SavedLayout()
    layouts: tuple[SavedLayout, ...] = ()


def encode(memory: WindowMemory) -> str:
    """The memory as text, with the version of the form."""
    return json.dumps({"version": _VERSION, **asdict(memory)}, indent=1)


def decode(text: str) -> WindowMemory:
    """The memory in a text; what is missing or of the wrong kind is as it was at the very first start."""
    entries = _entries(text)
    if entries.get("version") != _VERSION:
        return WindowMemory()
    usual = WindowMemory()
    layouts = entries.get("layouts")
    return WindowMemory(
        inspector_width=_fitting(entries.get("inspector_width"), usual.inspector_width),
        geometry=_fitting(entries.get("geometry"), usual.geometry),
        panel_id=_fitting(entries.get("panel_id"), usual.panel_id),
        entity_key=_fitting(entries.get("entity_key"), usual.entity_key),
        range_seconds=_fitting(entries.get("range_seconds"), usual.range_seconds),
        range_from=_fitting(entries.get("range_from"), usual.range_from),
        range_to=_fitting(entries.get("range_to"), usual.range_to),
        layout=_layout(entries.get("layout")),
        layouts=tuple(map(_layout, cast("list[object]", layouts))) if isinstance(layouts, list) else (),
    )


def _entries(text: str) -> Mapping[str, object]:
    try:
        found: object = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, object]", found) if isinstance(found, dict) else {}


def _fitting(value: object, usual: T) -> T:
    """The value where it is of the usual one's own type; else the usual one."""
    return cast("T", value) if type(value) is type(usual) else usual


def _layout(value: object) -> SavedLayout:
    entries = cast("Mapping[str, object]", value if isinstance(value, dict) else {})
    return SavedLayout(*(_fitting(entries.get(name), "") for name in ("name", "current", "panels", "state", "digest")))


def _digest(panels: str, state: bytes) -> str:
    return hashlib.sha256(panels.encode() + b"\n" + state).hexdigest()
