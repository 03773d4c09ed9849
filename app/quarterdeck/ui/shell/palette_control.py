"""Fills the command palette when it opens, and does what was chosen in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject

from quarterdeck.ui.shell.commands import ACTION_PREFIX, action_items
from quarterdeck.ui.shell.conductor import Conductor
from quarterdeck.ui.shell.deeds import Deeds
from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.palette_ranking import PaletteItem
from quarterdeck.ui.shell.panels import PanelSpec
from quarterdeck.ui.shell.pulse import CONNECTION_PREFIX, CONNECTORS_PANEL, ENTITY_PREFIX
from quarterdeck.ui.shell.window import ConsoleWindow
from quarterdeck.ui.widgets.actions import ActionRegistry

_OWN_LAYOUT_PREFIX: Final = "own layout:"


class PaletteControl(QObject):
    """Joins actions, what was found in the store, and the person's own layouts."""

    def __init__(
        self,
        window: ConsoleWindow,
        registry: ActionRegistry,
        *,
        panels: Sequence[PanelSpec],
        conductor: Conductor,
        deeds: Deeds,
        keeper: Keeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._registry = registry
        self._panels = panels
        self._conductor = conductor
        self._deeds = deeds
        self._keeper = keeper
        self._findables: tuple[PaletteItem, ...] = ()
        window.top_bar.command_requested.connect(self.open)
        window.palette_sheet.chosen.connect(self._run)

    def set_findables(self, findables: tuple[PaletteItem, ...]) -> None:
        """What the store holds, with its states now."""
        if findables != self._findables:
            self._findables = findables
            if self._window.palette_sheet.isVisible():
                self._fill()

    def open(self, text: str = "") -> None:
        """Open the palette with something typed already."""
        self._fill()
        self._window.palette_sheet.open_with(text)

    def _fill(self) -> None:
        own = tuple(self._layout_item(layout.name) for layout in self._keeper.memory.layouts if layout.name)
        self._window.palette_sheet.set_items((*self._findables, *action_items(self._registry, self._panels), *own))

    def _layout_item(self, name: str) -> PaletteItem:
        text = self.tr("Layout: {name}").format(name=name)
        return PaletteItem(_OWN_LAYOUT_PREFIX + name, text, self.tr("layout"), bias=1)

    def _run(self, key: str) -> None:
        if key.startswith(ENTITY_PREFIX):
            self._conductor.select(key.removeprefix(ENTITY_PREFIX))
        elif key.startswith(CONNECTION_PREFIX):
            self._conductor.open_panel(CONNECTORS_PANEL, key.removeprefix(CONNECTION_PREFIX))
        elif key.startswith(ACTION_PREFIX):
            self._registry.trigger(key.removeprefix(ACTION_PREFIX))
        else:
            self._use_layout(key.removeprefix(_OWN_LAYOUT_PREFIX))

    def _use_layout(self, name: str) -> None:
        layout = next((layout for layout in self._keeper.memory.layouts if layout.name == name), None)
        if layout is not None:
            self._deeds.use_own_layout(layout)
