"""What a panel is to the shell: a widget that is shown a moment and a selection, and asks for the rest by signals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.services.moments import Moment
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.widgets.actions import ActionSpec

if TYPE_CHECKING:
    # The ports bring numpy and pydantic; the first window is painted without them.
    from quarterdeck.services.ports import Topic

__all__ = ["Moment", "PanelAction", "PanelView"]


@dataclass(frozen=True, slots=True)
class PanelAction:
    """An action of a panel and what runs when it is chosen, by key or in the palette."""

    spec: ActionSpec
    run: Callable[[], object]


class PanelView(QWidget):
    """The base of every panel's view. The shell calls the methods only while the panel is visible.

    Requests: `entity_selected` and `entity_open_requested` carry an entity's key; `panel_requested` a panel's id and
    what it should show (an entity's key or a connection's id, or nothing); `range_requested` a TimeRange;
    `play_head_requested` an aware datetime. Facts: `attention_changed` carries how many things want attention and the
    worst HealthState's value, for the rail; `notice_raised` a sentence for the foot of the window; `side_page_changed`
    a widget that takes the inspector's place while this panel is the current one (a form, say), or None. The page's
    padding is set as contents margins; a panel that goes to the edge sets its own.
    """

    entity_selected = Signal(str)
    entity_open_requested = Signal(str)
    panel_requested = Signal(str, str)
    range_requested = Signal(object)
    play_head_requested = Signal(object)
    attention_changed = Signal(int, str)
    notice_raised = Signal(str)
    side_page_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING, PAGE_PADDING)

    def show_moment(self, moment: Moment) -> None:
        """Show this range and play-head: the panel was opened, or a person moved one of the two."""
        raise NotImplementedError

    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        """Time went on or new data came, about every five seconds at most; `topics` says what changed.

        `topics` is empty when only the clock moved on. A panel that shows none of them has nothing to load.
        """
        raise NotImplementedError

    def show_selection(self, entity_key: str) -> None:
        """Highlight the entity that is selected anywhere in the console; empty for none."""

    def show_target(self, target: str) -> None:
        """Bring into view what `panel_requested` named: an entity's key or a connection's id."""

    def bar_widgets(self) -> list[QWidget]:
        """The views as a segmented control and the filters, for the top bar; asked once, made with the panel."""
        return []

    def panel_actions(self) -> list[PanelAction]:
        """The actions and keys that hold in this panel; asked once. `ActionSpec.place` is the panel's id."""
        return []
