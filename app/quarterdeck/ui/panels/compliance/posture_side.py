"""One subject beside the table: every figure with what judges it, and the evidence that tells it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.ui.panels.compliance.evidence_block import EvidenceBlock
from quarterdeck.ui.panels.compliance.posture_state import PostureDetail
from quarterdeck.ui.panels.compliance.side_head import SideHead
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.scrolled import scrolled
from quarterdeck.ui.widgets.text import PlainLabel, safe_line


class PostureSide(QWidget):
    """`chart_requested` carries the ChartOffer that was taken, `entity_requested` an entity's key."""

    chart_requested = Signal(object)
    entity_requested = Signal(str)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entity_key = self._id = ""
        self._head = SideHead(theme)
        self._words = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._blocks: list[EvidenceBlock] = []
        self._column = QVBoxLayout()
        self._open = Button(theme, self.tr("Open in Relationships"))
        self._area = scrolled(self._column)
        self._build()

    def show_detail(self, detail: PostureDetail) -> None:
        """Show a subject; another one begins at its top."""
        if detail.id != self._id:
            self._area.verticalScrollBar().setValue(0)
        self._id, self._entity_key = detail.id, detail.entity_key
        self.setAccessibleName(safe_line(detail.title))
        self._head.show_title(detail.mark, detail.title, detail.words)
        self._words.setText(detail.words)
        while len(self._blocks) < len(detail.blocks):
            block = EvidenceBlock(self._theme)
            block.chart_requested.connect(self.chart_requested)
            self._blocks.append(block)
            self._column.addWidget(block)
        for number, block in enumerate(self._blocks):
            block.setVisible(number < len(detail.blocks))
            if number < len(detail.blocks):
                block.show_evidence(detail.blocks[number])

    def _build(self) -> None:
        self._column.setSpacing(12)
        buttons = QHBoxLayout()
        buttons.setAlignment(Qt.AlignmentFlag.AlignLeft)
        buttons.addWidget(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 12, PAGE_PADDING, 14)
        column.setSpacing(10)
        column.addWidget(self._head)
        column.addWidget(self._words)
        column.addWidget(self._area, 1)
        column.addLayout(buttons)
        self.setFocusProxy(self._open)
        self._head.closed.connect(self.closed)
        self._open.clicked.connect(lambda: self.entity_requested.emit(self._entity_key))
