"""The table of the Patterns view: who stands how to which pattern, since when, and what comes first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeVar

import numpy as np

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.pattern_state import PatternColumns
from quarterdeck.ui.panels.relationships.tables import words
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, StateCells, TableData, TextCells

T = TypeVar("T")
_TONES = {HealthState.DEGRADED: Tone.DEGRADED, None: Tone.TERTIARY}


def pattern_specs() -> tuple[ColumnSpec, ...]:
    """The columns; who, how it stands and what deviates stays to the last."""
    return (
        ColumnSpec("standing", words("Pattern kept"), width=124, tool_tip=words("What deviates first")),
        ColumnSpec("name", words("Name"), width=170, is_strong=True, cut_in_middle=True),
        ColumnSpec("kind", words("Kind"), width=90, tone=Tone.SECONDARY, yields=3),
        ColumnSpec("domain", words("Domain"), width=104, tone=Tone.SECONDARY, yields=2),
        ColumnSpec("pattern", words("Pattern"), width=172, tone=Tone.SECONDARY, yields=1),
        ColumnSpec("since", words("Since"), width=70, is_right=True),
        ColumnSpec("first", words("Seen, and what is required"), width=280, stretch=1, tone=Tone.SECONDARY),
    )


def pattern_data(columns: PatternColumns, shown: Collection[str]) -> TableData:
    """The rows of those entities that are shown, by their keys."""
    rows = [at for at, key in enumerate(columns.ids) if key in shown]
    marks, tips = _of(columns.marks, rows), _of(columns.tips, rows)
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=_of(columns.ids, rows),
        cells=(
            StateCells(marks, _of(columns.standings, rows), [_TONES.get(mark, Tone.SECONDARY) for mark in marks]),
            TextCells(_of(columns.names, rows)),
            TextCells(_of(columns.kinds, rows)),
            TextCells(_of(columns.domains, rows)),
            TextCells(_of(columns.patterns, rows)),
            TextCells(_of(columns.sinces, rows), ranks=np.array(_of(columns.since_ranks, rows), dtype=np.float64)),
            TextCells(_of(columns.firsts, rows)),
        ),
        tips=(tips, nothing, nothing, nothing, nothing, nothing, tips),
    )


def _of(values: Sequence[T], rows: Sequence[int]) -> tuple[T, ...]:
    return tuple(values[row] for row in rows)
