"""The attention list as columns of a table."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from quarterdeck.ui.panels.overview.state import AttentionLine
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ActionCells, ColumnSpec, StateCells, TableData, TextCells

_SINCE_WIDTH = 72
_ACTION_WIDTH = 138


def attention_columns() -> tuple[ColumnSpec, ...]:
    """Mark, name, sentence, since when, and the button; who and how bad stays to the last."""

    def title(text: str) -> str:
        return QCoreApplication.translate("OverviewView", text)

    return (
        ColumnSpec("state"),
        ColumnSpec("name", title("What"), is_strong=True, cut_in_middle=True),
        ColumnSpec("sentence", title("How bad"), stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("since", title("Since"), is_right=True, tone=Tone.TERTIARY, width=_SINCE_WIDTH, yields=1),
        ColumnSpec("action", title("Next"), width=_ACTION_WIDTH, yields=2),
    )


def attention_data(lines: Sequence[AttentionLine]) -> TableData:
    """The lines in their order."""
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells([line.state for line in lines]),
            TextCells([line.name for line in lines]),
            TextCells([line.sentence for line in lines]),
            TextCells([line.since for line in lines]),
            ActionCells([line.button for line in lines]),
        ),
        tips=(nothing, nothing, nothing, [line.since_exact for line in lines], nothing),
    )
