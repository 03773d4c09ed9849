"""What stands below the charts: the most frequent error patterns of the range, and what changed of what is charted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.compared_ranges import Against, RangePair, earlier_range
from quarterdeck.services.moments import Moment
from quarterdeck.services.what_changed import WhatChanged, what_changed
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.performance.changed_card import ChangedCard
from quarterdeck.ui.panels.performance.compare_desk import CompareSource, FailureSource
from quarterdeck.ui.panels.performance.compare_words import range_words
from quarterdeck.ui.panels.performance.error_words import error_columns, error_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.measures import PAGE_GAP
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import TableData, TextCells

if TYPE_CHECKING:
    from quarterdeck.services.ports import Topic

_LEAST_HEIGHT = 172
_MOST_LINES = 4
_SHOWN_COLUMNS = ("code", "pattern", "now", "before", "trend")
_STEPS = 60
_LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class BelowState:
    """The patterns as a table with an empty row in place of none, and what changed beside what."""

    table: TableData
    changed: WhatChanged
    beside: str


class BelowCharts(QWidget):
    """Reads for itself while the charts are looked at; nothing is made before there is something to show.

    `errors_asked` asks for all patterns, `causes_asked` for the causes of an entity, `yesterday_asked` to compare.
    """

    errors_asked = Signal()
    causes_asked = Signal(str)
    yesterday_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sources: tuple[CompareSource, FailureSource] | None = None
        self._reads: LatestRead[BelowState] | None = None
        self._table: ColumnTable | None = None
        self._card: ChangedCard | None = None
        self._keys: tuple[str, ...] = ()
        self._asked: tuple[Moment, tuple[str, ...]] | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(PAGE_GAP)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.hide()

    def present(self, comparison: CompareSource, failures: FailureSource, background: Background) -> None:
        """Take where both come from."""
        self._sources = (comparison, failures)
        self._reads = LatestRead(background, "performance, below")

    def show_charted(self, keys: tuple[str, ...], moment: Moment) -> None:
        """These entities are charted over a moment's range: read what is told of them, unless that is known."""
        asked = self._asked
        is_same = asked is not None and asked[1] == keys and asked[0].time_range.seconds == moment.time_range.seconds
        if is_same and asked is not None and asked[0].live and moment.live and not self._is_due(asked[0], moment):
            return
        self._keys = keys
        self._read(moment)

    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        """Time went on, or data came."""
        if topics and self._asked is not None and self._is_due(self._asked[0], moment):
            self._read(moment)

    def _is_due(self, before: Moment, moment: Moment) -> bool:
        waits = min(_LONGEST_WAIT_SECONDS, moment.time_range.seconds / _STEPS)
        return abs((moment.at - before.at).total_seconds()) >= waits

    def _read(self, moment: Moment) -> None:
        if self._sources is None or self._reads is None or not self._keys:
            return
        comparison, failures = self._sources
        keys = self._keys
        self._asked = (moment, keys)
        self._reads.take_over(
            Read(
                work=lambda: self._state(comparison, failures, keys, moment),
                on_result=self._take,
                on_error=self._fail,
            )
        )

    def _state(
        self, comparison: CompareSource, failures: FailureSource, keys: tuple[str, ...], moment: Moment
    ) -> BelowState:
        """In a worker: beside the day before, or beside the time just before where nothing is known of that day."""
        errors = failures.errors(moment)
        shown = errors.time_range
        for against in (Against.DAY, Against.BEFORE):
            found = comparison.compare(RangePair(earlier_range(shown, against), shown), moment.at, keys)
            if found.tested:
                break
        beside = self.tr("Beside {range}.").format(range=range_words(found.ranges.earlier, moment))
        state = error_state(errors, moment, self.tr)
        nothing = self.tr("No event tells a failure since {time}").format(
            time=moment_words(errors.before.start_at, moment.at)
        )
        return BelowState(_rows(state.table, nothing), what_changed(found, errors, moment.at), beside)

    def _take(self, state: BelowState) -> None:
        table, card = self._made()
        table.set_data(state.table)
        card.show_changed(state.changed, state.beside)
        self.show()

    def _fail(self, _error: OperatorError) -> None:
        """The charts say why the store cannot be read; what stands here would be old."""
        self._asked = None
        self.hide()

    def _made(self) -> tuple[ColumnTable, ChangedCard]:
        if self._table is None or self._card is None:
            columns = tuple(
                replace(spec, is_sortable=False) for spec in error_columns(self.tr) if spec.key in _SHOWN_COLUMNS
            )
            self._table = ColumnTable(self._theme, columns, accessible_name=self.tr("Most frequent error patterns"))
            self._card = ChangedCard(self._theme, most_lines=_MOST_LINES)
            self._row.addWidget(self._table, 6)
            self._row.addWidget(self._card, 5)
            self._table.row_activated.connect(self.errors_asked)
            self._card.causes_asked.connect(self.causes_asked)
            self._card.yesterday_asked.connect(self.yesterday_asked)
        return self._table, self._card


def _rows(table: TableData, nothing: str) -> TableData:
    """The patterns with the columns that are shown here; one row of words where there is none."""
    if not len(table.ids):
        empty = TextCells([""])
        return TableData(("",), (empty, TextCells([nothing]), empty, empty, empty))
    return TableData(table.ids, table.cells[: len(_SHOWN_COLUMNS)], tips=table.tips[: len(_SHOWN_COLUMNS)])
