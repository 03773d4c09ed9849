"""The panel's states as what the widgets take: columns of a table, bars, fields of a form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.ui.panels.connectors.state import CoverageLine, FieldWords, Line, PreviewLine, SourceLine
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Fact
from quarterdeck.ui.widgets.columns import ColumnSpec, NumberCells, StateCells, TableData, TextCells
from quarterdeck.ui.widgets.coverage_bars import CoverageKind, CoveragePart, CoverageRow
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec

_MOST_PREVIEW = 40


def source_columns() -> tuple[ColumnSpec, ...]:
    """Mark, name, kind, interval, age, series, gaps and words; where it is narrow the kind gives way first.

    Which connection it is, in what state and why stays to the last.
    """
    return (
        ColumnSpec("state"),
        ColumnSpec("name", _title("Connection"), is_strong=True, cut_in_middle=True),
        ColumnSpec("kind", _title("Kind"), tone=Tone.SECONDARY, yields=5),
        ColumnSpec("polls", _title("Polls"), tone=Tone.SECONDARY, yields=4),
        ColumnSpec("last", _title("Last good"), is_right=True, width=72, yields=1),
        ColumnSpec("series", _title("Series"), width=64, yields=3),
        ColumnSpec("gaps", _title("Gaps, 24 h"), is_right=True, width=66, yields=2),
        ColumnSpec("words", _title("In words"), stretch=1, tone=Tone.SECONDARY, wraps=True),
    )


def source_data(rows: Sequence[SourceLine]) -> TableData:
    """The connections in their order."""
    nothing: tuple[str, ...] = ()
    usual = [Tone.TEXT if row.state is not None else Tone.TERTIARY for row in rows]
    return TableData(
        ids=tuple(row.id for row in rows),
        cells=(
            StateCells([row.state for row in rows]),
            TextCells([row.name for row in rows], usual),
            TextCells([row.kind for row in rows]),
            TextCells([row.polls for row in rows], ranks=np.array([row.poll_seconds for row in rows])),
            TextCells([row.last_good for row in rows], ranks=np.array([row.age_seconds for row in rows])),
            NumberCells(np.array([row.series_count for row in rows]), lambda count: f"{count:,.0f}"),
            TextCells(
                [row.gaps for row in rows],
                [Tone.DEGRADED if row.has_gaps else Tone.TERTIARY for row in rows],
                ranks=np.array([row.gap_count for row in rows]),
            ),
            TextCells([row.words for row in rows], [row.tone for row in rows]),
        ),
        tips=(
            *(nothing,) * 4,
            [row.last_good_exact for row in rows],
            *(nothing,) * 2,
            [row.tip for row in rows],
        ),
    )


def coverage_rows(lines: Sequence[CoverageLine]) -> tuple[CoverageRow, ...]:
    """The bars in their order."""
    return tuple(
        CoverageRow(
            line.name,
            tuple(CoveragePart(one.start_s, one.end_s, CoverageKind(one.kind), one.words) for one in line.stretches),
            line.words,
        )
        for line in lines
    )


def field_specs(fields: Sequence[FieldWords]) -> tuple[FieldSpec, ...]:
    """The fields of a generated form."""
    return tuple(
        FieldSpec(
            key=field.key,
            label=field.label,
            hint=field.hint,
            kind=FieldKind(field.kind),
            is_required=field.is_required,
            is_secret=field.is_secret,
            choices=tuple(Choice(value, value.replace("_", " ")) for value in field.choices),
            default=field.default,
            minimum=field.minimum,
            maximum=field.maximum,
            placeholder=field.placeholder,
            is_advanced=field.is_advanced,
        )
        for field in fields
    )


def facts(lines: Sequence[Line]) -> tuple[Fact, ...]:
    """Labels and values as a list of facts shows them."""
    return tuple(Fact(line.label, line.value, line.tone) for line in lines)


def preview_columns() -> tuple[ColumnSpec, ...]:
    """A source's own name, and what it is here."""
    return (
        ColumnSpec("name", _title("Name"), stretch=1, cut_in_middle=True),
        ColumnSpec("note", _title("Means"), is_right=True, tone=Tone.TERTIARY),
    )


def preview_data(lines: Sequence[PreviewLine]) -> TableData:
    """What would come, as far as it is worth reading."""
    shown = list(lines[:_MOST_PREVIEW])
    if len(lines) > len(shown):
        shown.append(PreviewLine(_title("… and more"), f"{len(lines) - len(shown):,}"))
    return TableData(
        ids=tuple(str(number) for number in range(len(shown))),
        cells=(TextCells([line.name for line in shown]), TextCells([line.note for line in shown])),
    )


def _title(text: str) -> str:
    return QCoreApplication.translate("ConnectorsView", text)
