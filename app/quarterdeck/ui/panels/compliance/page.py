"""The panel's page: figures over the matrix, or the table of the chosen view, and below it how many there are."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from quarterdeck.ui.panels.compliance.models import (
    finding_columns,
    finding_data,
    matrix_columns,
    matrix_data,
    number_columns,
    number_data,
    risk_columns,
    risk_data,
)
from quarterdeck.ui.panels.compliance.risk_matrix import RiskMatrix
from quarterdeck.ui.panels.compliance.state import (
    Arrangement,
    ComplianceState,
    ControlLine,
    FigureWords,
    RiskLine,
    SubjectLine,
    Subjects,
)
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.figures import Figure, FigureStrip
from quarterdeck.ui.widgets.text import PlainLabel

_ALL_THERE_IS = 1000


class CompliancePage(QWidget):
    """`row_chosen` comes when a person moves to a row of the view shown, `row_opened` when one is to be opened."""

    row_chosen = Signal(str)
    row_opened = Signal(str)
    figure_activated = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: ComplianceState | None = None
        self._words = ""
        self._arrangement = Arrangement.STATUS
        self._tables: dict[tuple[str, ...], ColumnTable] = {}
        self._figures = FigureStrip(theme)
        self._matrix = RiskMatrix(theme)
        self._summary = PlainLabel(theme, tone=Tone.TERTIARY, wraps=True)
        self._column = QVBoxLayout(self)
        self._shown: ColumnTable | None = None
        self._build()

    def show_state(self, state: ComplianceState) -> None:
        """Show these controls; nothing is touched when they are what is shown."""
        before, self._state = self._state, state
        if before is None or before.figures != state.figures:
            self._figures.set_figures(tuple(map(_figure, state.figures)))
        if before != state:
            self._fill()

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._state = None

    def arrange(self, arrangement: Arrangement) -> None:
        """Show another view."""
        self._arrangement = arrangement
        self._fill()

    def narrow(self, words: str) -> None:
        """Show only rows that hold some words."""
        self._words = words
        if self._shown is not None:
            self._shown.set_filter(words)
        self._sum_up()

    def select(self, row_id: str) -> bool:
        """Mark a row, without a signal; whether it is in sight."""
        if self._shown is None:
            return False
        if self._shown.selected_id != row_id:
            self._shown.select(row_id)
        return bool(row_id) and self._shown.selected_id == row_id

    def walk(self, step: int) -> None:
        """Move along the rows, with the keyboard on them."""
        if self._shown is not None:
            self._shown.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._shown.walk(step)

    def open_selected(self) -> None:
        """Open the selected row."""
        if self._shown is not None and self._shown.selected_id:
            self.row_opened.emit(self._shown.selected_id)

    def subject(self, entity_key: str) -> SubjectLine | None:
        """The row of an entity in the matrix, whichever view is shown."""
        lines = self._state.lines if self._state is not None else ()
        return next((line for line in lines if line.entity_key == entity_key), None)

    def risk(self, row_id: str) -> RiskLine | None:
        """The risk of a row, whichever view is shown."""
        lines = self._state.risks.lines if self._state is not None else ()
        return next((line for line in lines if line.id == row_id), None)

    def control(self, row_id: str) -> ControlLine | None:
        """The control or scanner's finding of a row, whichever view is shown."""
        if self._state is None:
            return None
        controls = (control for line in self._state.lines for control in line.controls)
        return next((line for line in (*controls, *self._state.findings) if line.id == row_id), None)

    def _build(self) -> None:
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(PAGE_GAP)
        self._column.addWidget(self._figures)
        self._column.addWidget(self._matrix)
        self._column.addWidget(self._summary)
        self._matrix.hide()
        self._matrix.risk_chosen.connect(self.row_opened)
        self._column.addStretch(1)
        self._figures.figure_activated.connect(self.figure_activated)

    def _fill(self) -> None:
        state = self._state
        if state is None:
            return
        table = self._table(state)
        if self._arrangement is Arrangement.STATUS:
            table.set_data(matrix_data(state.lines))
        elif self._arrangement is Arrangement.FINDINGS:
            table.set_data(finding_data(state.findings))
        elif self._arrangement is Arrangement.RISKS:
            table.set_data(risk_data(state.risks.lines))
        else:
            table.set_data(number_data(state.numbers))
        self._matrix.show_risks(state.risks)
        self._matrix.setVisible(self._arrangement is Arrangement.RISKS)
        self._bring_forward(table)
        self._sum_up()

    def _bring_forward(self, table: ColumnTable) -> None:
        before, self._shown = self._shown, table
        self.setFocusProxy(table)
        table.set_filter(self._words)
        table.show()
        if before is not None and before is not table:
            focused = QApplication.focusWidget()
            if focused is not None and before.isAncestorOf(focused):
                table.setFocus(Qt.FocusReason.OtherFocusReason)
            before.hide()

    def _table(self, state: ComplianceState) -> ColumnTable:
        """The table of a view, made when it is first needed; the matrix has one for each set of packs and kind."""
        is_matrix = self._arrangement is Arrangement.STATUS
        key = (self._arrangement, *((state.subjects, *state.packs) if is_matrix else ()))
        if key not in self._tables:
            columns = {
                Arrangement.STATUS: matrix_columns(state.packs, self._subject_title(state.subjects)),
                Arrangement.FINDINGS: finding_columns(),
                Arrangement.FRAMEWORKS: number_columns(),
                Arrangement.RISKS: risk_columns(),
            }[self._arrangement]
            table = ColumnTable(self._theme, columns, accessible_name=self._name(), hugs_rows=True)
            table.hide()
            table.row_selected.connect(self.row_chosen)
            table.row_activated.connect(self.row_opened)
            table.rows_arranged.connect(self._sum_up)
            self._column.insertWidget(2 + len(self._tables), table, _ALL_THERE_IS)
            self._tables[key] = table
        return self._tables[key]

    def _subject_title(self, subjects: Subjects) -> str:
        return self.tr("Integration") if subjects is Subjects.INTEGRATIONS else self.tr("Service")

    def _name(self) -> str:
        return {
            Arrangement.STATUS: self.tr("Verdicts by pack"),
            Arrangement.FINDINGS: self.tr("Findings"),
            Arrangement.FRAMEWORKS: self.tr("Controls of frameworks"),
            Arrangement.RISKS: self.tr("Risks"),
        }[self._arrangement]

    def _sum_up(self) -> None:
        state, table = self._state, self._shown
        if state is None or table is None:
            return
        totals = {
            Arrangement.STATUS: len(state.lines),
            Arrangement.FINDINGS: len(state.findings),
            Arrangement.FRAMEWORKS: len(state.numbers),
            Arrangement.RISKS: len(state.risks.lines),
        }
        hidden = totals[self._arrangement] - table.shown_count
        parts = [state.as_of, state.risks.summary if self._arrangement is Arrangement.RISKS else state.summary]
        if self._arrangement is Arrangement.FRAMEWORKS:
            parts.append(self.tr("mapped by number only: no statement of conformity"))
        if hidden > 0 and not table.is_arranging:
            parts.append(self.tr("hidden from you: {count} by the filter").format(count=hidden))
        self._summary.setText(" · ".join(part for part in parts if part))


def _figure(words: FigureWords) -> Figure:
    return Figure(words.key, words.label, words.value, words.note, words.tone, words.tip)
