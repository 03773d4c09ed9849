"""The controls below the map: how much of it is shown, how it is drawn, how large it is, and saving it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from quarterdeck.ui.panels.relationships.state import EdgeChoice
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.segments import Segment
from quarterdeck.ui.widgets.text import PlainLabel

WHOLE, OPEN, COLLAPSED, FITTING = "0", "open", "collapsed", "fitting"
ALL_STEPS = 99
_SIZE_WIDTH = 42


class MapBar(QWidget):
    """`steps_chosen` carries how many steps around the selected are shown, 0 for everything.

    `domains_chosen` carries `fitting`, `open` or `collapsed`; `edges_chosen` an EdgeChoice; `zoom_requested` a step up
    or down, 0 for the whole map; `save_requested` asks for a file.
    """

    steps_chosen = Signal(int)
    domains_chosen = Signal(str)
    edges_chosen = Signal(str)
    zoom_requested = Signal(int)
    save_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._steps = ChoiceButton(theme, self._step_choices(), accessible_name=self.tr("Shown around the selected"))
        self._domains = ChoiceButton(theme, self._domain_choices(), accessible_name=self.tr("Domains"))
        self._edges = ChoiceButton(theme, self._edge_choices(), accessible_name=self.tr("Relations drawn"))
        self._size = PlainLabel(theme, tone=Tone.TERTIARY)
        self._size.setMinimumWidth(_SIZE_WIDTH)
        self._steps.chosen.connect(self._choose_steps)
        self._domains.chosen.connect(self.domains_chosen)
        self._edges.chosen.connect(self.edges_chosen)
        self._build()

    @property
    def steps(self) -> int:
        """How many steps around the selected are shown; 0 for everything."""
        return int(self._steps.current)

    @property
    def edges(self) -> EdgeChoice:
        """Which relations are drawn, and how."""
        return EdgeChoice(self._edges.current)

    def show_steps(self, steps: int) -> None:
        """Show how many steps around the selected are shown, without a signal."""
        self._steps.set_current(str(steps))

    def show_domains(self, key: str) -> None:
        """Show how domains are drawn, without a signal."""
        self._domains.set_current(key)

    def show_edges(self, choice: EdgeChoice) -> None:
        """Show which relations are drawn, without a signal."""
        self._edges.set_current(choice)

    def show_scale(self, scale: float) -> None:
        """Show how large the map is."""
        self._size.setText(f"{scale * 100:.0f}%")

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._steps, self._domains, self._edges):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._button("minus", self.tr("Smaller"), partial(self._ask_zoom, -1)))
        row.addWidget(self._size)
        row.addWidget(self._button("plus", self.tr("Larger"), partial(self._ask_zoom, 1)))
        row.addWidget(self._button("corners-out", self.tr("The whole map"), partial(self._ask_zoom, 0)))
        row.addWidget(self._button("floppy-disk", self.tr("Save the map as a file…"), self._ask_save))

    def _ask_zoom(self, steps: int) -> None:
        self.zoom_requested.emit(steps)

    def _ask_save(self) -> None:
        self.save_requested.emit()

    def _choose_steps(self, key: str) -> None:
        self.steps_chosen.emit(int(key))

    def _button(self, icon: str, name: str, on_clicked: Callable[[], object]) -> Button:
        button = Button(self._theme, "", kind=ButtonKind.QUIET, icon=icon)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(on_clicked)
        return button

    def _step_choices(self) -> tuple[Segment, ...]:
        return (
            Segment(WHOLE, self.tr("Everything")),
            Segment("1", self.tr("1 step around")),
            Segment("2", self.tr("2 steps around")),
            Segment("3", self.tr("3 steps around")),
            Segment(str(ALL_STEPS), self.tr("All that is connected")),
        )

    def _domain_choices(self) -> tuple[Segment, ...]:
        return (
            Segment(FITTING, self.tr("Domains")),
            Segment(OPEN, self.tr("Domains open")),
            Segment(COLLAPSED, self.tr("Domains collapsed")),
        )

    def _edge_choices(self) -> tuple[Segment, ...]:
        return (
            Segment(EdgeChoice.FITTING, self.tr("Relations")),
            Segment(EdgeChoice.ALL, self.tr("Each relation")),
            Segment(EdgeChoice.BUNDLED, self.tr("Bundled relations")),
            Segment(EdgeChoice.TROUBLED, self.tr("Relations in trouble")),
            Segment(EdgeChoice.CHOSEN, self.tr("Of the selected")),
        )
