"""Named arrangements of the panels, and how the one in use is kept and comes back."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.shell.dock_area import Columns, DockArea
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.window_memory import SavedLayout
from quarterdeck.ui.shell.window_place import restore_geometry

_MOST_SAVED = 20


@dataclass(frozen=True, slots=True)
class LayoutSpec:
    """A built-in arrangement. A bare one hides the inspector and narrows the rail, for a screen on the wall."""

    id: str
    title: str
    columns: Columns
    is_bare: bool = False

    @property
    def shown_title(self) -> str:
        """The title in the language of the screen."""
        return QCoreApplication.translate("Layouts", self.title)


LAYOUTS: tuple[LayoutSpec, ...] = (
    LayoutSpec("overview", "Overview", (("overview",),)),
    LayoutSpec("triage", "Triage", (("integrations",), ("performance",))),
    LayoutSpec("wall", "Wall", (("overview",), ("performance",)), is_bare=True),
)


def fitting(layouts: Sequence[LayoutSpec], panel_ids: Sequence[str]) -> tuple[LayoutSpec, ...]:
    """The layouts all of whose panels exist."""
    known = set(panel_ids)
    return tuple(layout for layout in layouts if known >= {key for column in layout.columns for key in column})


class LayoutKeeper(QObject):
    """Restores the last layout and the window's place at the start, and remembers both while they change."""

    def __init__(self, window: QWidget, area: DockArea, keeper: Keeper) -> None:
        super().__init__(window)
        self._window = window
        self._area = area
        self._keeper = keeper

    def restore(self, first_panel: str) -> str:
        """Lay everything as it was, or show one panel where that does not fit; the panel that is current then."""
        known = self._keeper.memory
        if not self._window.isVisible():
            restore_geometry(self._window, known.geometry)
        return self.use(known.layout) or self._show_only(known.panel_id, first_panel)

    def use(self, layout: SavedLayout) -> str:
        """Lay the docks as saved; the panel that is current then, empty when the layout was dropped."""
        state = layout.bytes_of_state()
        if state is None or not self._area.restore(state, layout.open_panels):
            return ""
        open_panels = self._area.open_panels()
        current = layout.current if layout.current in open_panels else open_panels[0]
        self._area.open_panel(current)
        return current

    def remember(self) -> None:
        """Take note of how everything lies now; costs little, so that it is done every few seconds."""
        now = self._saved("")
        geometry = base64.b64encode(bytes(self._window.saveGeometry().data())).decode("ascii")
        self._keeper.remember(replace(self._keeper.memory, layout=now, geometry=geometry))

    def save_as(self, name: str) -> None:
        """Keep the present layout under a name of the person's own; an earlier one of that name is replaced."""
        kept = tuple(layout for layout in self._keeper.memory.layouts if layout.name != name)
        self._keeper.remember(replace(self._keeper.memory, layouts=(*kept, self._saved(name))[-_MOST_SAVED:]))

    def remove(self, name: str) -> None:
        """Forget a layout of the person's own."""
        kept = tuple(layout for layout in self._keeper.memory.layouts if layout.name != name)
        self._keeper.remember(replace(self._keeper.memory, layouts=kept))

    def _saved(self, name: str) -> SavedLayout:
        return SavedLayout.of(name, self._area.current, self._area.open_panels(), self._area.save())

    def _show_only(self, wanted: str, otherwise: str) -> str:
        self._area.arrange(((wanted,),), wanted)
        if self._area.open_panels():
            return wanted
        self._area.arrange(((otherwise,),), otherwise)
        return otherwise
