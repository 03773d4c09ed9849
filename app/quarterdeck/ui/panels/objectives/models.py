"""The panel's two lists as columns of tables: objectives, and the entries of a ledger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.ui.panels.objectives.state import Cell, EntryLine, ObjectiveLine
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, StateCells, TableData, TextCells


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("ObjectivesView", text)


def objective_columns() -> tuple[ColumnSpec, ...]:
    """The columns of objectives; who, what was attained, how it stands and what is left stay to the last."""
    return (
        ColumnSpec("entity", words("Entity"), width=150, is_strong=True, cut_in_middle=True),
        ColumnSpec("name", words("Objective"), tone=Tone.SECONDARY, cut_in_middle=True),
        ColumnSpec("target", words("Target"), width=72, is_right=True, yields=2),
        ColumnSpec("window", words("Over"), width=90, tone=Tone.SECONDARY, yields=3),
        ColumnSpec("attained", words("Attained"), width=84, is_right=True),
        ColumnSpec("stands", words("Stands"), width=150, stretch=1),
        ColumnSpec("left", words("Budget"), width=108, tool_tip=words("What is left of what may go wrong")),
        ColumnSpec("burn", words("Burn"), width=120, yields=1, tool_tip=words("1× spends the budget exactly")),
        ColumnSpec(
            "forecast",
            words("Spent by"),
            width=110,
            tone=Tone.SECONDARY,
            yields=5,
            tool_tip=words("When the budget will be spent, if what was measured lately goes on"),
        ),
        ColumnSpec("unmeasured", words("Not measured"), width=110, is_right=True, tone=Tone.SECONDARY, yields=4),
    )


def objective_data(lines: Sequence[ObjectiveLine]) -> TableData:
    """Objectives as a table, in their order."""
    tips, nothing = [line.tip for line in lines], tuple[str, ...]()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            TextCells([line.entity for line in lines]),
            TextCells([line.name for line in lines]),
            _cells([line.target for line in lines]),
            TextCells([line.window for line in lines]),
            _cells([line.attained for line in lines]),
            StateCells([line.mark for line in lines], [line.stands for line in lines]),
            _cells([line.left for line in lines]),
            _cells([line.burn for line in lines], [line.burn_tone for line in lines]),
            TextCells([line.forecast for line in lines]),
            _cells([line.unmeasured for line in lines]),
        ),
        tips=(tips, tips, *([nothing] * 3), tips, nothing, nothing, [line.forecast_tip for line in lines], nothing),
    )


def entry_columns() -> tuple[ColumnSpec, ...]:
    """The columns of a ledger; when, what it counts as, and why stay to the last."""
    return (
        ColumnSpec("began", words("From"), width=164),
        ColumnSpec("ended", words("To"), width=164, yields=2),
        ColumnSpec("lasted", words("Lasted"), width=100, is_right=True),
        ColumnSpec("counts_as", words("Counts as"), width=110),
        ColumnSpec("counted", words("Good of all"), width=130, is_right=True, yields=3),
        ColumnSpec("decided", words("Decided by"), width=150, tone=Tone.SECONDARY, yields=1),
        ColumnSpec("why", words("Why"), width=200, stretch=1, tone=Tone.SECONDARY),
    )


def entry_data(lines: Sequence[EntryLine]) -> TableData:
    """A ledger as a table, in order of time."""
    whys, nothing = [line.why for line in lines], tuple[str, ...]()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            _cells([line.began for line in lines]),
            _cells([line.ended for line in lines]),
            _cells([line.lasted for line in lines]),
            StateCells([line.mark for line in lines], [line.counts_as for line in lines]),
            _cells([line.counted for line in lines]),
            TextCells([line.decided for line in lines]),
            TextCells(whys),
        ),
        tips=(*([nothing] * 6), whys),
    )


def _cells(cells: Sequence[Cell], tones: Sequence[Tone] = ()) -> TextCells:
    ranks = np.array([cell.rank for cell in cells], dtype=np.float64)
    return TextCells([cell.words for cell in cells], tones=tones, ranks=ranks)
