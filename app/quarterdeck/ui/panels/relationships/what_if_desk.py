"""What a person assumes: entering and leaving, choosing a state for an entity, and taking the outcome along."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.side import Side
from quarterdeck.ui.panels.relationships.state import Assumed, EntityColumns, WhatIfState
from quarterdeck.ui.panels.relationships.what_if_banner import WhatIfFrame
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.file_saver import FileFormat, FileSaver
from quarterdeck.ui.widgets.text import button_text, safe_line

_LONGEST_NAME = 60


class WhatIfDesk(QObject):
    """`changed` comes when something else is assumed, or nothing any more; `assumed` is None outside of what if.

    `map_requested` asks for the map, on which what is assumed is shown.
    """

    changed = Signal()
    map_requested = Signal()

    def __init__(self, theme: Theme, page: QWidget, side: Side) -> None:
        super().__init__(page)
        self.frame = WhatIfFrame(theme, page)
        self.assumed: Assumed | None = None
        self._side = side
        self._menu = QMenu(self.frame)
        self._state: WhatIfState | None = None
        self._is_real = False
        self._entities = EntityColumns()
        self._notify: Callable[[str], object] = safe_line
        self._saver: FileSaver | None = None
        self._connect()

    def present(self, background: Background, notify: Callable[[str], object]) -> None:
        """Take what writes files, and what tells of it; called once."""
        self._notify = notify
        words = self.tr("What would follow was saved as {path}")
        self._saver = FileSaver(self.frame, background, notify, saved_as=words)

    def show_state(self, state: WhatIfState | None) -> None:
        """Show what would follow; None for what is."""
        self._state = state
        self._show()

    def show_real(self, *, is_real: bool) -> None:
        """Whether the view in the frame shows what is, whatever is assumed; then nothing that is assumed is beside."""
        if is_real is not self._is_real:
            self._is_real = is_real
            self._show(again=not is_real)

    def leave_real(self) -> None:
        """Ask for the map where a question was asked that starts from what is assumed, which no real view tells."""
        if self.assumed is not None and self._is_real:
            self.map_requested.emit()

    def show_entities(self, entities: EntityColumns) -> None:
        """Take the entities of the moment, which states can be assumed of."""
        self._entities = entities

    def _remind(self) -> None:
        """Tell whoever comes back to the panel that what is shown is assumed, and what would follow."""
        state = self._state
        if state is not None and state.lines and not self._is_real:
            self._notify(self.tr("What if still stands: what is shown is assumed. Back to what is ends it."))
            self._show(again=True)

    def _show(self, *, again: bool = False) -> None:
        state = self._state
        self.frame.show_state(state, is_real=self._is_real)
        is_marked = self.frame.is_on and state is not None and bool(state.lines)
        self._side.tell_assumed(is_marked=is_marked, is_hidden=state is not None and self._is_real)
        self._side.show_what_if(state.answer if state is not None else None, again=again)

    def ask(self, entity_key: str, spot: QPoint) -> None:
        """Enter what if, and offer the states to assume of an entity, at a spot on the screen; empty for no entity."""
        if self.assumed is None:
            self._assume(())
        self._menu.clear()
        if entity_key:
            self._offer_states(entity_key)
        else:
            self._menu.addAction(self.tr("Choose an entity first, on the map or in a table")).setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Remove every assumption")).triggered.connect(self.clear)
        self._menu.addAction(self.tr("Leave what if: back to what is")).triggered.connect(self.leave)
        self._menu.popup(spot)

    def assume(self, entity_key: str, state: HealthState) -> None:
        """Assume a state of an entity, in place of what was assumed of it."""
        others = tuple(one for one in self.assumed or () if one[0] != entity_key)
        self._assume((*others, (entity_key, state)))

    def remove(self, entity_key: str) -> None:
        """Let an entity be as it is."""
        self._assume(tuple(one for one in self.assumed or () if one[0] != entity_key))

    def clear(self) -> None:
        """Assume nothing, and stay."""
        self._assume(())

    def leave(self) -> None:
        """Show what is; what is assumed stays marked until that is there."""
        self._assume(None)

    def _assume(self, assumed: Assumed | None) -> None:
        if assumed != self.assumed:
            self.assumed = assumed
            self.changed.emit()
            if assumed and self._is_real:
                self.map_requested.emit()

    def _offer_states(self, entity_key: str) -> None:
        name = self._entities.names[self._entities.ids.index(entity_key)]
        title = self.tr("Assume {name} is").format(name=safe_line(name, _LONGEST_NAME))
        self._menu.addAction(button_text(title)).setEnabled(False)
        taken = dict(self.assumed or ())
        for state, words in self._states():
            action = self._menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(taken.get(entity_key) is state)
            action.triggered.connect(partial(self._choose, entity_key, state))
        if entity_key in taken:
            action = self._menu.addAction(self.tr("As it really is"))
            action.triggered.connect(partial(self._forget, entity_key))

    def _choose(self, entity_key: str, state: HealthState) -> None:
        self.assume(entity_key, state)

    def _forget(self, entity_key: str) -> None:
        self.remove(entity_key)

    def _states(self) -> tuple[tuple[HealthState, str], ...]:
        return (
            (HealthState.DOWN, self.tr("Down")),
            (HealthState.UNREACHABLE, self.tr("Unreachable")),
            (HealthState.DEGRADED, self.tr("Degraded")),
            (HealthState.MAINTENANCE, self.tr("In maintenance, out of use")),
            (HealthState.STALE, self.tr("Without fresh data")),
            (HealthState.UNKNOWN, self.tr("Without any data")),
            (HealthState.HEALTHY, self.tr("Healthy")),
        )

    def _connect(self) -> None:
        banner = self.frame.banner
        banner.removed.connect(self.remove)
        banner.cleared.connect(self.clear)
        banner.left.connect(self.leave)
        banner.map_requested.connect(self.map_requested)
        banner.copy_requested.connect(self._copy)
        banner.save_requested.connect(self._save)
        self.frame.shown.connect(self._remind)

    def _copy(self) -> None:
        """Put what would follow on the clipboard, as text that says that it is assumed."""
        if self._state is not None:
            QGuiApplication.clipboard().setText(self._state.text)
            self._notify(self.tr("What would follow was copied, marked as assumed."))

    def _save(self) -> None:
        """Ask where what would follow is to be saved as text."""
        if self._state is not None and self._saver is not None:
            self._saver.ask(self.tr("Save what would follow"), "what-if-assumed", self._formats())

    def _formats(self) -> tuple[FileFormat, ...]:
        """The kinds of file that can be saved."""
        text = self._state.text if self._state is not None else ""
        return (FileFormat(".txt", self.tr("Text (*.txt)"), partial(_bytes, text)),)


def _bytes(text: str) -> bytes:
    return f"{text}\n".encode("utf-8", "replace")
