"""The panel's three views as columns of one table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.capacity import SAFE_SHARE
from quarterdeck.domain.health import HealthState
from quarterdeck.services.wording import percent
from quarterdeck.ui.panels.resources.state import Arrangement, Cell, ProposedLine, ResourceLine
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import Cells, ColumnSpec, ShareCells, SparkCells, StateCells, TableData, TextCells

_TONES = {
    HealthState.DOWN: Tone.DOWN,
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.HEALTHY: Tone.ACCENT,
}


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("ResourcesView", text)


def resource_columns(arrangement: Arrangement) -> tuple[ColumnSpec, ...]:
    """The columns of a view; what it is about stays to the last."""
    head = (
        ColumnSpec("mark", "", width=26, is_sortable=True, tool_tip=words("How full it is")),
        ColumnSpec("name", words("Resource"), is_strong=True, stretch=2, width=170, cut_in_middle=True),
        ColumnSpec("kind", words("Kind"), width=140, tone=Tone.SECONDARY, yields=4),
    )
    return (*head, *_OWN_COLUMNS[arrangement]())


def resource_data(arrangement: Arrangement, lines: Sequence[ResourceLine]) -> TableData:
    """Resources as a table of a view, in their order."""
    own = _OWN_CELLS[arrangement](lines)
    tips = [line.tip for line in lines]
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells([line.mark for line in lines]),
            TextCells([line.name for line in lines]),
            TextCells([line.kind_words for line in lines]),
            *own,
        ),
        tips=([line.mark_words for line in lines], tips, *((),) * len(own), tips),
    )


def proposal_columns() -> tuple[ColumnSpec, ...]:
    """The columns of proposed sizes."""
    return (
        ColumnSpec("name", words("Resource"), stretch=1, width=150, wraps=True),
        ColumnSpec("sizes", words("Now and proposed"), is_right=True),
        ColumnSpec("difference", words("Change"), is_right=True, yields=1),
    )


def proposal_data(lines: Sequence[ProposedLine]) -> TableData:
    """Proposed sizes as a table, in their order."""
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            TextCells([line.name for line in lines]),
            TextCells([line.sizes for line in lines]),
            TextCells([line.difference for line in lines], tones=[line.tone for line in lines]),
        ),
        tips=([line.name for line in lines], [line.difference for line in lines], ()),
    )


def _allocation_columns() -> tuple[ColumnSpec, ...]:
    limit = words("The mark stands at {share}").format(share=percent(SAFE_SHARE))
    return (
        ColumnSpec("used", words("Used"), width=84, is_right=True, yields=2),
        ColumnSpec("allocated", words("Allocated"), width=84, is_right=True, yields=1),
        ColumnSpec("share", words("Share"), width=190, tool_tip=limit),
        ColumnSpec("trend", words("Trend"), width=92, is_right=True, yields=3),
        ColumnSpec("full", words("Full in"), width=72, is_right=True),
    )


def _allocation_cells(lines: Sequence[ResourceLine]) -> tuple[Cells, ...]:
    return (
        _cells([line.used for line in lines]),
        _cells([line.allocated for line in lines]),
        _share(lines),
        _cells([line.trend for line in lines]),
        _cells([line.full for line in lines]),
    )


def _usage_columns() -> tuple[ColumnSpec, ...]:
    demand = words("What 99 of 100 hourly peaks of the last 30 days stayed under")
    return (
        ColumnSpec("share", words("Now"), width=150, yields=1),
        ColumnSpec("demand", words("p99 of 30 d"), width=86, is_right=True, tool_tip=demand),
        ColumnSpec("days", words("Daily peaks, 90 d"), width=130, is_sortable=False, yields=3),
        ColumnSpec("busiest", words("Busiest"), width=100, yields=5, tool_tip=words("The hour of the week")),
        ColumnSpec("work", words("Work"), width=120, is_right=True, yields=2, tool_tip=words("For each unit in use")),
        ColumnSpec("verdict", words("Its size"), width=152),
    )


def _usage_cells(lines: Sequence[ResourceLine]) -> tuple[Cells, ...]:
    peaks = [np.empty(0) if line.source.outlook is None else line.source.outlook.peaks for line in lines]
    return (
        _share(lines),
        _cells([line.demand for line in lines]),
        SparkCells(peaks),
        TextCells([line.busiest for line in lines]),
        _cells([line.work for line in lines]),
        _cells([line.verdict for line in lines]),
    )


def _plan_columns() -> tuple[ColumnSpec, ...]:
    error = words("How far the last 28 days were off, told from what was before")
    return (
        ColumnSpec("trend", words("Trend"), width=92, is_right=True, yields=2),
        ColumnSpec("changed", words("Pace changed"), width=170, tone=Tone.SECONDARY, yields=5),
        ColumnSpec("full", words("Full in"), width=72, is_right=True),
        ColumnSpec("interval", words("80% interval"), width=92, is_right=True, yields=1),
        ColumnSpec("error", words("Error"), width=72, is_right=True, yields=3, tool_tip=error),
        ColumnSpec("proposal", words("Proposed"), width=150, is_right=True),
    )


def _plan_cells(lines: Sequence[ResourceLine]) -> tuple[Cells, ...]:
    return (
        _cells([line.trend for line in lines]),
        _cells([line.changed for line in lines]),
        _cells([line.full for line in lines]),
        _cells([line.interval for line in lines]),
        _cells([line.error for line in lines]),
        _cells([line.proposal for line in lines]),
    )


_OWN_COLUMNS = {
    Arrangement.ALLOCATION: _allocation_columns,
    Arrangement.USAGE: _usage_columns,
    Arrangement.PLAN: _plan_columns,
}
_OWN_CELLS = {
    Arrangement.ALLOCATION: _allocation_cells,
    Arrangement.USAGE: _usage_cells,
    Arrangement.PLAN: _plan_cells,
}


def _share(lines: Sequence[ResourceLine]) -> ShareCells:
    tones = [_TONES.get(line.mark, Tone.TERTIARY) for line in lines]
    return ShareCells(np.array([line.share for line in lines], np.float64), percent, SAFE_SHARE, tones)


def _cells(cells: Sequence[Cell]) -> TextCells:
    ranks = np.array([cell.rank for cell in cells], dtype=np.float64)
    return TextCells([cell.words for cell in cells], tones=[cell.tone for cell in cells], ranks=ranks)
