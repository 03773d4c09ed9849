"""The panel's tables as columns: the matrix, the findings, the numbers of frameworks, and lists beside them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.compliance.state import (
    ControlLine,
    HistoryLine,
    NumberLine,
    RiskLine,
    SubjectLine,
    VerdictCell,
)
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, RowGroup, SparkCells, StateCells, TableData, TextCells

_TONES = {HealthState.DOWN: Tone.DOWN, HealthState.MAINTENANCE: Tone.MAINTENANCE, None: Tone.TERTIARY}
_NOTHING: tuple[str, ...] = ()
_VERDICT_WIDTH = 234
"""Of a stretched column half is what it is content with: room for the mark and the longest verdict."""


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("ComplianceView", text)


def matrix_columns(packs: Sequence[str], subject: str) -> tuple[ColumnSpec, ...]:
    """The columns of the matrix.

    So that no verdict has to be cut where there is no room for all, since when goes first, and then the whole: it is
    the worst of the packs beside it.
    """
    return (
        ColumnSpec("name", subject, width=150, is_strong=True, cut_in_middle=True),
        ColumnSpec("whole", words("Policy adherence"), width=_VERDICT_WIDTH, stretch=1, yields=1),
        *(ColumnSpec(f"pack{number}", pack, width=_VERDICT_WIDTH, stretch=1) for number, pack in enumerate(packs)),
        ColumnSpec("since", words("Since"), width=60, is_right=True, tone=Tone.TERTIARY, yields=2),
    )


def matrix_data(lines: Sequence[SubjectLine]) -> TableData:
    """Entities as rows, grouped by domain; packs as columns."""
    titles = list(dict.fromkeys(line.domain for line in lines))
    columns = list(zip(*(line.cells for line in lines), strict=True))
    return TableData(
        ids=tuple(line.entity_key for line in lines),
        cells=(
            TextCells([line.name for line in lines]),
            _verdicts([line.whole for line in lines]),
            *(_verdicts(cells) for cells in columns),
            TextCells([line.since for line in lines], ranks=np.array([line.age_seconds for line in lines])),
        ),
        groups=tuple(RowGroup(title) for title in titles),
        group_of=np.array([titles.index(line.domain) for line in lines], dtype=np.int64),
        tips=(
            _NOTHING,
            [line.whole.tip for line in lines],
            *([cell.tip for cell in cells] for cells in columns),
            _NOTHING,
        ),
    )


def finding_columns() -> tuple[ColumnSpec, ...]:
    """The columns of what is not satisfied, not evaluable or waived."""
    return (
        ColumnSpec("state", words("Result"), width=130),
        ColumnSpec("policy", words("Policy"), width=230, is_strong=True),
        ColumnSpec("entity", words("Subject"), width=140),
        ColumnSpec("why", words("Because"), width=300, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("severity", words("Severity"), width=78, yields=2),
        ColumnSpec("owner", words("Owner"), width=120, tone=Tone.SECONDARY, yields=3),
        ColumnSpec("due", words("Due"), width=120, tone=Tone.SECONDARY, yields=4),
        ColumnSpec("since", words("Since"), width=66, is_right=True, tone=Tone.TERTIARY, yields=1),
    )


def finding_data(lines: Sequence[ControlLine]) -> TableData:
    """Controls as rows, in their order."""
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            _marked(lines),
            TextCells([line.title for line in lines]),
            TextCells([line.entity_name for line in lines]),
            TextCells([line.why for line in lines]),
            TextCells(
                [line.severity for line in lines],
                ranks=np.array([line.severity_rank for line in lines], dtype=np.float64),
            ),
            TextCells([line.owner for line in lines]),
            TextCells(
                [line.due for line in lines], [Tone.DOWN if line.is_overdue else Tone.SECONDARY for line in lines]
            ),
            TextCells([line.since for line in lines], ranks=np.array([line.age_seconds for line in lines])),
        ),
        tips=(_NOTHING, [line.numbers for line in lines], _NOTHING, [line.why for line in lines], *(_NOTHING,) * 4),
    )


def number_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the frameworks."""
    return (
        ColumnSpec("number", words("Control"), width=110, is_strong=True),
        ColumnSpec("state", words("Result"), width=170),
        ColumnSpec("counts", words("Controls here"), width=280, tone=Tone.SECONDARY),
        ColumnSpec("policies", words("Policies mapped to it"), width=320, stretch=1, tone=Tone.SECONDARY),
    )


def number_data(lines: Sequence[NumberLine]) -> TableData:
    """Numbers as rows, grouped by framework."""
    titles = list(dict.fromkeys(line.framework for line in lines))
    counts = [sum(line.framework == title for line in lines) for title in titles]
    note = words("{count} numbers")
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            TextCells([line.number for line in lines]),
            _verdicts([line.cell for line in lines]),
            TextCells([line.counts for line in lines], ranks=np.array([line.satisfied_share for line in lines])),
            TextCells([line.policies for line in lines]),
        ),
        groups=tuple(RowGroup(title, note.format(count=count)) for title, count in zip(titles, counts, strict=True)),
        group_of=np.array([titles.index(line.framework) for line in lines], dtype=np.int64),
        tips=(_NOTHING, [line.cell.tip for line in lines], _NOTHING, [line.policies for line in lines]),
    )


def risk_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the risk register."""
    return (
        ColumnSpec("left", words("Left"), width=170),
        ColumnSpec("title", words("Risk"), width=220, stretch=1, is_strong=True),
        ColumnSpec("entity", words("Subject"), width=150),
        ColumnSpec("inherent", words("Inherent"), width=76, is_right=True, yields=2),
        ColumnSpec("trend", words("Left, 90 d"), width=90, yields=5, tool_tip=words("By the verdicts of each day")),
        ColumnSpec("treatment", words("Treatment"), width=96, yields=1),
        ColumnSpec("decision", words("Decision"), width=210, tone=Tone.SECONDARY),
        ColumnSpec("owner", words("Owner"), width=120, tone=Tone.SECONDARY, yields=4),
        ColumnSpec("review", words("Review"), width=130, tone=Tone.TERTIARY, yields=3),
    )


def risk_data(lines: Sequence[RiskLine]) -> TableData:
    """Risks as rows, in their order."""
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells(
                [line.mark for line in lines],
                [line.residual for line in lines],
                [_TONES.get(line.mark, Tone.SECONDARY) for line in lines],
            ),
            TextCells([line.title for line in lines]),
            TextCells([line.entity_name for line in lines]),
            TextCells(
                [str(line.inherent) for line in lines],
                ranks=np.array([line.inherent for line in lines], dtype=np.float64),
            ),
            SparkCells([np.array(line.trend, dtype=np.float64) for line in lines]),
            TextCells([line.treatment for line in lines]),
            TextCells(
                [line.decision for line in lines],
                [Tone.DEGRADED if line.needs_decision else Tone.SECONDARY for line in lines],
            ),
            TextCells([line.owner for line in lines]),
            TextCells(
                [line.review for line in lines],
                [Tone.DOWN if line.is_review_due else Tone.TERTIARY for line in lines],
            ),
        ),
    )


LIST_COLUMNS = (
    ColumnSpec("state"),
    ColumnSpec("what", stretch=1),
    ColumnSpec("since", is_right=True, tone=Tone.TERTIARY),
)
"""The columns of the lists beside a table; they have no titles."""


ACT_COLUMNS = LIST_COLUMNS[1:]


def control_list(lines: Sequence[ControlLine]) -> TableData:
    """The controls of one entity."""
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells([line.mark for line in lines]),
            TextCells([line.title for line in lines]),
            TextCells([line.since for line in lines]),
        ),
        tips=([line.verdict for line in lines], [line.why or line.verdict for line in lines], _NOTHING),
    )


def history_list(lines: Sequence[HistoryLine]) -> TableData:
    """The history of one control, the newest first."""
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells([line.mark for line in lines]),
            TextCells([line.words for line in lines]),
            TextCells([line.since for line in lines]),
        ),
        tips=(_NOTHING, [line.why for line in lines], _NOTHING),
    )


def act_list(lines: Sequence[HistoryLine]) -> TableData:
    """What was done to a risk, the newest first; what was done has no verdict."""
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(TextCells([line.words for line in lines]), TextCells([line.since for line in lines])),
        tips=([line.words for line in lines], _NOTHING),
    )


def _verdicts(cells: Sequence[VerdictCell]) -> StateCells:
    marks = [cell.mark for cell in cells]
    return StateCells(marks, [cell.words for cell in cells], [_TONES.get(mark, Tone.SECONDARY) for mark in marks])


def _marked(lines: Sequence[ControlLine]) -> StateCells:
    tones = [_TONES.get(line.mark, Tone.SECONDARY) for line in lines]
    return StateCells([line.mark for line in lines], [line.verdict for line in lines], tones)
