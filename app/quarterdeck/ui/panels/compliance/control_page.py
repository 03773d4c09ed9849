"""One control by itself: what was found with its evidence, the rule, and how it was before."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from quarterdeck.ui.panels.compliance.evidence_block import EvidenceBlock
from quarterdeck.ui.panels.compliance.models import LIST_COLUMNS, history_list
from quarterdeck.ui.panels.compliance.side_head import SideHead
from quarterdeck.ui.panels.compliance.state import Deed, EvidenceWords, FactWords, FindingState
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.cards import Fact, FactList
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.scrolled import scrolled
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl, SegmentLook
from quarterdeck.ui.widgets.text import PlainBlock, PlainLabel, safe_line

_RULE_HEIGHT = 96


class _Tab(StrEnum):
    FINDING = "finding"
    RULE = "rule"
    HISTORY = "history"


class ControlPage(QWidget):
    """`left` goes back to the controls of the entity, `entity_opened` carries its key, `closed` ends the page.

    `decision_requested` and `note_requested` carry the FindingState that something is to be decided about or noted of,
    `risk_requested` the one to register a risk from, `chart_requested` the ChartOffer that was taken.
    """

    left = Signal()
    chart_requested = Signal(object)
    risk_requested = Signal(object)
    entity_opened = Signal(str)
    decision_requested = Signal(object)
    note_requested = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entity_key = ""
        self._finding: FindingState | None = None
        self._head = SideHead(theme)
        self._statement = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        self._tabs = SegmentedControl(
            theme,
            (
                Segment(_Tab.FINDING, self.tr("Finding")),
                Segment(_Tab.RULE, self.tr("Rule")),
                Segment(_Tab.HISTORY, self.tr("History")),
            ),
            accessible_name=self.tr("Parts of the control"),
            look=SegmentLook.TABS,
        )
        self._facts = FactList(theme)
        self._evidence: list[EvidenceBlock] = []
        self._evidence_column = QVBoxLayout()
        self._rule = PlainBlock(theme, accessible_name=self.tr("Rule"))
        self._rule_facts = FactList(theme)
        self._history = ColumnTable(theme, LIST_COLUMNS, accessible_name=self.tr("History"), has_header=False)
        self._back = Button(theme, self.tr("All controls"))
        self._chart = Button(theme, self.tr("Open in Performance"))
        self._deed = Button(theme, "")
        self._note = Button(theme, self.tr("Note…"))
        self._risk = Button(theme, self.tr("Risk…"))
        self._risk.setToolTip(self.tr("Register a risk from this finding"))
        self._pages = QStackedWidget()
        self._build()
        self._connect()

    @property
    def has_way_back(self) -> bool:
        """Whether there is a list of controls to go back to."""
        return not self._back.isHidden()

    def set_way_back(self, *, is_there: bool) -> None:
        """Offer the way back to the controls of the entity, or not."""
        self._back.setVisible(is_there)

    def show_finding(self, finding: FindingState) -> None:
        """Show a control; the part that is in front stays."""
        self._entity_key = finding.key.entity_key
        self._finding = finding
        self.setAccessibleName(safe_line(finding.title))
        result = next((fact.value for fact in finding.facts if fact.tone is not Tone.TEXT), "")
        self._head.show_title(finding.mark, finding.title, result)
        self._statement.setText(finding.statement)
        self._facts.set_facts(_facts(finding.facts))
        self._show_evidence(finding.evidence)
        self._rule.set_text(finding.rule)
        self._rule_facts.set_facts(_facts(finding.rule_facts))
        self._history.set_data(history_list(finding.history))
        self._note.setVisible(finding.can_note)
        self._risk.setVisible(finding.can_note)
        self._deed.setVisible(finding.deed is not Deed.NONE)
        self._deed.setText(self.tr("Withdraw…") if finding.deed is Deed.WITHDRAW else self.tr("Waive…"))

    def _show_evidence(self, evidence: tuple[EvidenceWords, ...]) -> None:
        """Blocks are reused; there are as many as kinds of evidence at most."""
        while len(self._evidence) < len(evidence):
            block = EvidenceBlock(self._theme)
            block.chart_requested.connect(self.chart_requested)
            self._evidence.append(block)
            self._evidence_column.addWidget(block)
        for number, block in enumerate(self._evidence):
            block.setVisible(number < len(evidence))
            if number < len(evidence):
                block.show_evidence(evidence[number])

    def _build(self) -> None:
        self._evidence_column.setSpacing(8)
        self._rule.setFixedHeight(_RULE_HEIGHT)
        finding = QVBoxLayout()
        finding.setSpacing(12)
        finding.addWidget(self._facts)
        finding.addLayout(self._evidence_column)
        rule = QVBoxLayout()
        rule.setSpacing(12)
        rule.addWidget(self._rule)
        rule.addWidget(self._rule_facts)
        for body in (scrolled(finding), scrolled(rule), self._history):
            self._pages.addWidget(body)
        deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.setAlignment(Qt.AlignmentFlag.AlignLeft)
        deeds.addWidget(self._note)
        deeds.addWidget(self._deed)
        deeds.addWidget(self._risk)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.setAlignment(Qt.AlignmentFlag.AlignLeft)
        buttons.addWidget(self._back)
        buttons.addWidget(self._chart)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 12, PAGE_PADDING, 14)
        column.setSpacing(10)
        for widget in (self._head, self._statement, self._tabs):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        column.addLayout(deeds)
        column.addLayout(buttons)
        self.setFocusProxy(self._tabs)

    def _connect(self) -> None:
        self._tabs.chosen.connect(self._turn_to)
        self._head.closed.connect(self.closed)
        self._back.clicked.connect(self.left)
        self._chart.clicked.connect(lambda: self.entity_opened.emit(self._entity_key))
        self._note.clicked.connect(lambda: self.note_requested.emit(self._finding))
        self._risk.clicked.connect(lambda: self.risk_requested.emit(self._finding))
        self._deed.clicked.connect(lambda: self.decision_requested.emit(self._finding))

    def _turn_to(self, tab: str) -> None:
        self._pages.setCurrentIndex(list(_Tab).index(_Tab(tab)))


def _facts(words: tuple[FactWords, ...]) -> tuple[Fact, ...]:
    return tuple(Fact(fact.label, fact.value, fact.tone) for fact in words)
