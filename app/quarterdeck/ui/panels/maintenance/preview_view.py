"""The live preview below a form: when it comes, what it covers, and what stays red all the same."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.maintenance.state import PreviewState, Remark
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.cards import section_heading
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.text import PlainLabel


class PreviewView(QWidget):
    """Shows a PreviewState; lines are reused, so that typing does not make widgets with every letter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._remarks: list[_RemarkLine] = []
        self._when = PlainLabel(theme, wraps=True)
        self._occurrences = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._covers = PlainLabel(theme, wraps=True)
        self._missing = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(section_heading(theme, self.tr("What it comes to")))
        for label in (self._when, self._occurrences, self._covers, self._missing):
            self._column.addWidget(label)
        self.setAccessibleName(self.tr("What it comes to"))
        self.show_preview(PreviewState())

    def show_preview(self, preview: PreviewState) -> None:
        """Show what a form would come to."""
        for label, text in (
            (self._when, preview.when),
            (self._occurrences, "\n".join(preview.occurrences)),
            (self._covers, preview.covers),
            (self._missing, "\n".join(preview.missing)),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        while len(self._remarks) < len(preview.remarks):
            line = _RemarkLine(self._theme)
            self._remarks.append(line)
            self._column.addWidget(line)
        for at, line in enumerate(self._remarks):
            line.setVisible(at < len(preview.remarks))
            if at < len(preview.remarks):
                line.show_remark(preview.remarks[at])


class _RemarkLine(QWidget):
    """A mark, where there is one, and a sentence beside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mark = StateMark(theme, HealthState.DEGRADED)
        self._words = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_remark(self, remark: Remark) -> None:
        self._mark.setVisible(remark.state is not None)
        if remark.state is not None:
            self._mark.set_state(remark.state)
        self._words.setText(remark.words)
