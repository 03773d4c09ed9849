"""The table of the Drift view: what stands how, since when, when it was last seen, and which sources tell of it."""

from __future__ import annotations

import numpy as np

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.drift_state import DriftColumns
from quarterdeck.ui.panels.relationships.tables import words
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, StateCells, TableData, TextCells


def drift_specs() -> tuple[ColumnSpec, ...]:
    """The columns; names have what room the others leave; how it stands, what it is and since when stay to the last."""
    return (
        ColumnSpec("standing", words("Stands"), width=164, tool_tip=words("Drift first, then what is not known")),
        ColumnSpec("name", words("Name"), width=360, stretch=1, is_strong=True, cut_in_middle=True),
        ColumnSpec("kind", words("Kind"), tone=Tone.SECONDARY, yields=2),
        ColumnSpec("since", words("Since"), width=76, is_right=True),
        ColumnSpec("last", words("Last seen"), width=92, is_right=True, tone=Tone.TERTIARY, yields=1),
        ColumnSpec("sources", words("Sources"), tone=Tone.SECONDARY, yields=3),
    )


def drift_data(columns: DriftColumns) -> TableData:
    """All rows, in the order of the report."""
    nothing: tuple[str, ...] = ()
    tones = [Tone.DEGRADED if mark is HealthState.DEGRADED else Tone.SECONDARY for mark in columns.marks]
    return TableData(
        ids=columns.ids,
        cells=(
            StateCells(columns.marks, columns.standings, tones),
            TextCells(columns.names),
            TextCells(columns.kinds),
            TextCells(columns.sinces, ranks=np.array(columns.since_ranks, dtype=np.float64)),
            TextCells(columns.lasts, ranks=np.array(columns.last_ranks, dtype=np.float64)),
            TextCells(columns.sources),
        ),
        tips=(columns.tips, columns.tips, nothing, nothing, nothing, nothing),
    )
