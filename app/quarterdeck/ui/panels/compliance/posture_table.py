"""The views of security, data and partners as columns: a subject a row, a figure a column."""

from __future__ import annotations

import numpy as np

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.compliance.posture_state import PostureCell, PostureState
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, RowGroup, StateCells, TableData, TextCells

_TONES = {
    HealthState.DOWN: Tone.DOWN,
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.MAINTENANCE: Tone.MAINTENANCE,
}
_LINK_WIDTH, _FIGURE_WIDTH, _SHORT_WIDTH = 250, 122, 104
_NOTHING: tuple[str, ...] = ()


def posture_columns(state: PostureState) -> tuple[ColumnSpec, ...]:
    """The columns of a view: none yields, each is cut rather than left out, with all of it in its tip."""
    width = _LINK_WIDTH if any(" → " in line.name for line in state.lines) else None
    return (
        ColumnSpec("name", state.subject, width=width, is_strong=True, cut_in_middle=True),
        *(
            ColumnSpec(f"figure{number}", title, width=_width(number, state), stretch=_stretch(number, state))
            for number, title in enumerate(state.columns)
        ),
    )


def _width(number: int, state: PostureState) -> int:
    return _SHORT_WIDTH if number in state.short else _FIGURE_WIDTH


def _stretch(number: int, state: PostureState) -> int:
    return 0 if number in state.short else 1


def posture_data(state: PostureState) -> TableData:
    """Subjects as rows, grouped as they come."""
    titles = list(dict.fromkeys(line.group for line in state.lines))
    columns = list(zip(*(line.cells for line in state.lines), strict=True))
    return TableData(
        ids=tuple(line.id for line in state.lines),
        cells=(TextCells([line.name for line in state.lines]), *(_cells(cells) for cells in columns)),
        groups=tuple(RowGroup(title) for title in titles),
        group_of=np.array([titles.index(line.group) for line in state.lines], dtype=np.int64),
        tips=(_NOTHING, *([cell.tip for cell in cells] for cells in columns)),
    )


def _cells(cells: tuple[PostureCell, ...]) -> StateCells | TextCells:
    """Marks where anybody judges the column, else words that sort by what they stand for."""
    tones = [_tone(cell) for cell in cells]
    if any(cell.mark is not None for cell in cells if cell.is_known):
        return StateCells([cell.mark for cell in cells], [cell.words for cell in cells], tones)
    return TextCells([cell.words for cell in cells], tones, ranks=_ranks(cells))


def _ranks(cells: tuple[PostureCell, ...]) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    ranks = np.array([cell.rank for cell in cells], dtype=np.float64)
    return ranks if np.isfinite(ranks).any() else None


def _tone(cell: PostureCell) -> Tone:
    if not cell.is_known and cell.mark is not HealthState.DOWN:
        return Tone.TERTIARY
    return Tone.SECONDARY if cell.mark is None else _TONES.get(cell.mark, Tone.SECONDARY)
