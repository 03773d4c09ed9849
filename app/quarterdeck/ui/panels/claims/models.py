"""The panel's two lists as columns of tables: partners with their shares, and the log of disagreements."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.ui.panels.claims.state import Cell, EntryLine, PartnerLine
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, StateCells, TableData, TextCells


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("ClaimsView", text)


def partner_columns() -> tuple[ColumnSpec, ...]:
    """The columns of partners; who, both lamps, and how much of the claim was too good stay to the last."""
    compared = words("Share of the time that could be compared")
    return (
        ColumnSpec("name", words("Partner"), width=120, is_strong=True),
        ColumnSpec("claimed", words("Claimed"), width=118, tool_tip=words("What its page says at the play-head")),
        ColumnSpec("measured", words("Measured"), width=118, tool_tip=words("What we see of it at the play-head")),
        ColumnSpec("known", words("Known"), width=72, is_right=True, yields=2, tool_tip=words("Share of the range")),
        ColumnSpec("agreed", words("Agreed"), width=76, is_right=True, yields=1, tool_tip=compared),
        ColumnSpec("good", words("Claim too good"), width=108, is_right=True, tool_tip=compared),
        ColumnSpec("alarm", words("Needless alarm"), width=108, is_right=True, yields=4, tool_tip=compared),
        ColumnSpec(
            "planned",
            words("Maintenance"),
            width=94,
            is_right=True,
            yields=5,
            tool_tip=words("Share of the range in planned maintenance"),
        ),
        ColumnSpec(
            "delay",
            words("Tells of outages"),
            width=150,
            stretch=1,
            tone=Tone.SECONDARY,
            yields=3,
            tool_tip=words("How long after the beginning, the middle of those told, and how many were told"),
        ),
    )


def partner_data(lines: Sequence[PartnerLine]) -> TableData:
    """Partners as a table, in their order."""
    tips = [line.tip for line in lines]
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.key for line in lines),
        cells=(
            TextCells([line.name for line in lines]),
            StateCells([line.claimed for line in lines], [line.claimed_words for line in lines]),
            StateCells([line.measured for line in lines], [line.measured_words for line in lines]),
            _cells([line.known for line in lines]),
            _cells([line.agreed for line in lines]),
            _cells([line.too_good for line in lines]),
            _cells([line.alarm for line in lines]),
            _cells([line.planned for line in lines]),
            _cells([line.delay for line in lines]),
        ),
        tips=(tips, *([nothing] * 7), tips),
    )


def entry_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the log; who, when, and both sides stay to the last."""
    return (
        ColumnSpec("partner", words("Partner"), width=92, is_strong=True),
        ColumnSpec("about", words("About"), width=176, stretch=2, tone=Tone.SECONDARY, yields=3),
        ColumnSpec("began", words("From"), width=96, is_right=True),
        ColumnSpec("ended", words("To"), width=84, is_right=True, yields=2),
        ColumnSpec("lasted", words("Lasted"), width=76, is_right=True),
        ColumnSpec("claimed", words("They said"), width=160),
        ColumnSpec("measured", words("We measured"), width=118),
        ColumnSpec("kind", words("Kind"), width=112, yields=4),
        ColumnSpec("fault", words("Whose fault"), width=128, tone=Tone.SECONDARY, yields=1),
    )


def entry_data(lines: Sequence[EntryLine]) -> TableData:
    """The log as a table, in its order."""
    tips = [line.detail for line in lines]
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            TextCells([line.partner for line in lines]),
            TextCells([line.about for line in lines]),
            _cells([line.began for line in lines]),
            _cells([line.ended for line in lines]),
            _cells([line.lasted for line in lines]),
            StateCells([line.claimed for line in lines], [line.claimed_words for line in lines]),
            StateCells([line.measured for line in lines], [line.measured_words for line in lines]),
            TextCells([line.kind for line in lines], tones=[line.kind_tone for line in lines]),
            TextCells([line.fault for line in lines]),
        ),
        tips=(nothing, [line.about for line in lines], *([nothing] * 3), tips, tips, nothing, tips),
    )


def _cells(cells: Sequence[Cell]) -> TextCells:
    return TextCells([cell.words for cell in cells], ranks=np.array([cell.rank for cell in cells], dtype=np.float64))
