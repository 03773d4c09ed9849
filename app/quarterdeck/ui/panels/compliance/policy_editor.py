"""One text of policies with what is wrong in it, and below it the bench on which it is tried."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from quarterdeck.services.policy_shelf import LARGEST_EDITED_BYTES, LONGEST_LINE
from quarterdeck.ui.panels.compliance.policy_state import BenchState, CheckWords, OpenedPolicy
from quarterdeck.ui.panels.compliance.policy_tables import bench_columns, bench_data
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.plain_editor import PlainEditor, TextBounds, TextMark
from quarterdeck.ui.widgets.text import ElidedLabel, PlainLabel

_REST_MS = 350
"""How long nothing is typed before the text is checked."""

_GAP = 8
_SHARES = (3, 4)
_LEAST_EDITOR = 120


class PolicyEditor(QWidget):
    """`edited` carries the text once a person pauses; `left` comes when it is to be closed."""

    edited = Signal(str)
    left = Signal()
    start_over_requested = Signal()
    enable_requested = Signal()
    withdraw_requested = Signal()
    overfull = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown = ""
        self._back = Button(theme, self.tr("Policies"), icon="caret-left")
        self._title = PlainLabel(theme, role=FontRole.STRONG)
        self._note = ElidedLabel(theme, tone=Tone.SECONDARY)
        self._again = Button(theme, self.tr("Start over"), kind=ButtonKind.QUIET)
        self._withdraw = Button(theme, self.tr("Withdraw…"))
        self._enable = Button(theme, self.tr("Enable…"), kind=ButtonKind.PRIMARY)
        self._verdict = PlainLabel(theme, wraps=True)
        self._next = Button(theme, self.tr("Next fault"))
        bounds = TextBounds(LARGEST_EDITED_BYTES // 4, LONGEST_LINE)
        self.text = PlainEditor(theme, bounds, accessible_name=self.tr("Text of the policies"))
        self._summary = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self.bench = ColumnTable(theme, bench_columns(), accessible_name=self.tr("Test bench"))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._build()
        self._connect()

    def show_opened(self, opened: OpenedPolicy) -> None:
        """Show another text."""
        self._rest.stop()
        self._shown = opened.text
        self._title.setText(opened.title)
        self._note.setText(opened.note)
        self._withdraw.setVisible(opened.can_withdraw)
        self._again.setVisible(opened.is_draft)
        self.text.show_text(opened.text)
        self._verdict.setText("")
        self._next.hide()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_checked(self, checked: CheckWords) -> None:
        """Say whether the text holds together, and mark what does not."""
        mark = "◆" if checked.faults else "●"
        self._verdict.setText(f"{mark} {checked.sentence}")
        self._verdict.set_tone(checked.tone)
        self._next.setVisible(bool(checked.faults))
        self.text.show_marks([TextMark(each.line, each.column, each.words) for each in checked.faults])

    def show_bench(self, bench: BenchState) -> None:
        """Show the trial; a text that was not tried has none."""
        self._summary.setText(bench.summary)
        self.bench.set_data(bench_data(bench.lines))
        self._enable.setEnabled(bench.can_enable)

    def take_now(self) -> None:
        """Take what was typed without waiting for a pause."""
        self._rest.stop()
        text = self.text.toPlainText()
        if text != self._shown:
            self._shown = text
            self._again.show()
            self.edited.emit(text)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(_GAP)
        for widget in (self._back, self._title):
            head.addWidget(widget)
        head.addWidget(self._note, 1)
        for widget in (self._again, self._withdraw, self._enable):
            head.addWidget(widget)
        said = QHBoxLayout()
        said.addWidget(self._verdict, 1)
        said.addWidget(self._next)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self.text)
        split.addWidget(self._below(said))
        for place, share in enumerate(_SHARES):
            split.setStretchFactor(place, share)
        self.text.setMinimumHeight(_LEAST_EDITOR)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addLayout(head)
        column.addWidget(split, 1)
        self._next.hide()
        self._enable.setEnabled(False)
        self._enable.setToolTip(self.tr("Once the text holds together and was tried, in the present"))

    def _below(self, said: QHBoxLayout) -> QWidget:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, _GAP, 0, 0)
        column.setSpacing(_GAP)
        column.addLayout(said)
        column.addWidget(self._summary)
        column.addWidget(self.bench, 1)
        return below

    def _connect(self) -> None:
        self.text.textChanged.connect(self._rest.start)
        self.text.overfull.connect(self.overfull)
        self._rest.timeout.connect(self.take_now)
        self._back.clicked.connect(self.left)
        self._again.clicked.connect(self.start_over_requested)
        self._withdraw.clicked.connect(self.withdraw_requested)
        self._enable.clicked.connect(self.enable_requested)
        self._next.clicked.connect(self.text.go_to_next)
        for key, act in (("Escape", self.left.emit), ("F8", self.text.go_to_next)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
