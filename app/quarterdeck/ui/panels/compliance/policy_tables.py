"""The tables of policies as columns: the list by pack, and the bench on which a text is tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.compliance.models import words
from quarterdeck.ui.panels.compliance.policy_state import BenchLine, PolicyLine
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, RowGroup, StateCells, StripCells, TableData, TextCells

_TONES = {HealthState.DOWN: Tone.DOWN, HealthState.MAINTENANCE: Tone.MAINTENANCE, None: Tone.TERTIARY}
_NOTHING: tuple[str, ...] = ()
_DAYS_WIDTH = 206
"""Room for 90 days of two pixels each."""


def policy_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the list."""
    return (
        ColumnSpec("name", words("Policy"), width=260, is_strong=True),
        ColumnSpec("standing", words("State"), width=180),
        ColumnSpec("why", words("What it asks, or why it is refused"), width=300, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("severity", words("Severity"), width=80, yields=3),
        ColumnSpec("version", words("Version"), width=66, is_right=True, yields=2),
        ColumnSpec("file", words("File"), width=230, tone=Tone.TERTIARY, yields=1),
    )


def policy_data(lines: Sequence[PolicyLine]) -> TableData:
    """Policies as rows, grouped by pack."""
    titles = list(dict.fromkeys(line.pack for line in lines))
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            TextCells([line.name for line in lines]),
            _marked([line.mark for line in lines], [line.standing for line in lines]),
            TextCells([line.why for line in lines]),
            TextCells([line.severity for line in lines]),
            TextCells([line.version for line in lines]),
            TextCells([line.file for line in lines]),
        ),
        groups=tuple(RowGroup(title) for title in titles),
        group_of=np.array([titles.index(line.pack) for line in lines], dtype=np.int64),
        tips=(_NOTHING, _NOTHING, [line.why for line in lines], _NOTHING, _NOTHING, [line.file for line in lines]),
    )


def bench_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the bench."""
    return (
        ColumnSpec("entity", words("Entity"), width=170, is_strong=True),
        ColumnSpec("now", words("Would be now"), width=130),
        ColumnSpec("recorded", words("Recorded"), width=130),
        ColumnSpec("days", words("Last 90 days, as it would be"), width=_DAYS_WIDTH),
        ColumnSpec("other", words("Other days"), width=84, is_right=True),
        ColumnSpec("why", words("Because"), width=180, stretch=1, tone=Tone.SECONDARY, yields=1),
    )


def bench_data(lines: Sequence[BenchLine]) -> TableData:
    """Entities as rows; a dash below a day says that it was recorded as something else."""
    other = np.array([line.other_days for line in lines], dtype=np.float64)
    bad = np.array([sum(day is HealthState.DOWN for day in line.days) for line in lines], dtype=np.float64)
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            TextCells([line.entity for line in lines], notes=[line.policy for line in lines]),
            _marked([line.mark for line in lines], [line.now for line in lines]),
            _marked([line.recorded_mark for line in lines], [line.recorded for line in lines]),
            StripCells(
                [line.days for line in lines], [line.strip for line in lines], bad, [line.other for line in lines]
            ),
            TextCells(
                [str(line.other_days) for line in lines],
                [Tone.ACCENT if line.other_days else Tone.TERTIARY for line in lines],
                ranks=other,
            ),
            TextCells([line.why for line in lines]),
        ),
        tips=(_NOTHING, _NOTHING, _NOTHING, [line.strip for line in lines], _NOTHING, [line.why for line in lines]),
    )


def _marked(marks: Sequence[HealthState | None], told: Sequence[str]) -> StateCells:
    return StateCells(marks, told, [_TONES.get(mark, Tone.SECONDARY) for mark in marks])
