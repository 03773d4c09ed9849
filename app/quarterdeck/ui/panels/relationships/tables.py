"""The panel's tables: the entities and the relations of the moment, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.services.csv_text import csv_text
from quarterdeck.ui.panels.relationships.drawing import is_selected
from quarterdeck.ui.panels.relationships.state import (
    Answer,
    Arrangement,
    EntityColumns,
    RelationColumns,
    RelationshipsState,
    Selection,
    TableFile,
)
from quarterdeck.ui.panels.relationships.words import file_name
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, NumberCells, StateCells, TableData, TextCells
from quarterdeck.ui.widgets.row_order import TableWords
from quarterdeck.ui.widgets.table_model import ColumnModel

T = TypeVar("T")


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("RelationshipsView", text)


def entity_specs() -> tuple[ColumnSpec, ...]:
    """The columns of the entities; who, in what state and why stays to the last."""
    return (
        ColumnSpec("state", tool_tip=words("State, the worst first")),
        ColumnSpec("name", words("Name"), width=180, is_strong=True, cut_in_middle=True),
        ColumnSpec("kind", words("Kind"), width=90, tone=Tone.SECONDARY, yields=3),
        ColumnSpec("domain", words("Domain"), width=104, tone=Tone.SECONDARY, yields=4),
        ColumnSpec("why", words("State"), width=300, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("needs", words("Needs"), width=64, is_right=True, yields=2, tool_tip=words("What it depends on")),
        ColumnSpec(
            "needed", words("Needed by"), width=84, is_right=True, yields=1, tool_tip=words("What depends on it")
        ),
        ColumnSpec("figures", words("Now"), width=128, tone=Tone.SECONDARY, is_right=True, yields=5),
        ColumnSpec("tier", words("Tier"), width=52, is_right=True, yields=6),
        ColumnSpec("owner", words("Owner"), width=124, tone=Tone.SECONDARY, yields=7),
    )


def relation_specs() -> tuple[ColumnSpec, ...]:
    """The columns of the relations; from what to what stays to the last."""
    return (
        ColumnSpec("state", tool_tip=words("Marked where both ends are in trouble")),
        ColumnSpec("source", words("From"), width=170, is_strong=True, cut_in_middle=True),
        ColumnSpec("target", words("To"), width=170, is_strong=True, stretch=1, cut_in_middle=True),
        ColumnSpec("kind", words("Kind"), width=150, tone=Tone.SECONDARY, yields=6),
        ColumnSpec("protocol", words("Protocol"), width=112, yields=1),
        ColumnSpec("contract", words("Contract"), width=84, yields=2),
        ColumnSpec("objective", words("Objective"), width=86, is_right=True, yields=3),
        ColumnSpec("data", words("Data class"), width=92, tone=Tone.SECONDARY, yields=4),
        ColumnSpec("owner", words("Owner"), width=120, tone=Tone.SECONDARY, yields=5),
        ColumnSpec("origin", words("Known"), width=128, tone=Tone.SECONDARY, yields=7),
        ColumnSpec("seen", words("Last seen"), width=92, is_right=True, tone=Tone.TERTIARY, yields=8),
    )


def entity_data(columns: EntityColumns, selection: Selection, answer: Answer | None) -> TableData:
    """The entities of a selection, and of an answer where there is one."""
    wanted = _answered_keys(answer)
    rows = [
        at
        for at, (key, state) in enumerate(zip(columns.ids, columns.states, strict=True))
        if is_selected(state, selection) and (wanted is None or key in wanted)
    ]
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=_of(columns.ids, rows),
        cells=(
            StateCells(_of(columns.states, rows)),
            TextCells(_of(columns.names, rows)),
            TextCells(_of(columns.kinds, rows)),
            TextCells(_of(columns.domains, rows)),
            TextCells(_of(columns.whys, rows), tones=_of(columns.why_tones, rows), notes=_of(columns.sinces, rows)),
            NumberCells(np.array(_of(columns.needs, rows), dtype=np.float64), _whole),
            NumberCells(np.array(_of(columns.needed_by, rows), dtype=np.float64), _whole),
            TextCells(_of(columns.figures, rows)),
            NumberCells(np.array(_of(columns.tiers, rows), dtype=np.float64), _whole),
            TextCells(_of(columns.owners, rows)),
        ),
        tips=(nothing, _of(columns.tips, rows), *([nothing] * 8)),
    )


def relation_data(
    columns: RelationColumns, entities: EntityColumns, selection: Selection, answer: Answer | None
) -> TableData:
    """The relations of which at least one end is in a selection, and those of an answer where there is one."""
    selected = {key for key, state in zip(entities.ids, entities.states, strict=True) if is_selected(state, selection)}
    wanted = answer.relation_keys if answer is not None and answer.node_ids else None
    rows = [
        at
        for at, (key, ends) in enumerate(zip(columns.ids, columns.ends, strict=True))
        if (ends[0] in selected or ends[1] in selected) and (wanted is None or key in wanted)
    ]
    tips = _of(columns.tips, rows)
    return TableData(
        ids=_of(columns.ids, rows),
        cells=(
            StateCells(_of(columns.states, rows)),
            TextCells(_of(columns.sources, rows)),
            TextCells(_of(columns.targets, rows)),
            TextCells(_of(columns.kinds, rows)),
            TextCells(_of(columns.protocols, rows)),
            TextCells(_of(columns.contracts, rows)),
            TextCells(_of(columns.objectives, rows)),
            TextCells(_of(columns.data_classes, rows)),
            TextCells(_of(columns.owners, rows)),
            TextCells(_of(columns.origins, rows)),
            TextCells(_of(columns.seen, rows), ranks=np.array(_of(columns.seen_ranks, rows), dtype=np.float64)),
        ),
        tips=(tips,) * len(relation_specs()),
    )


def table_file(shown: ColumnModel, state: RelationshipsState, arrangement: Arrangement) -> TableFile:
    """The rows of a table that are shown, as CSV; each says of which moment it is, and whether it is assumed."""
    told = TableWords(tuple(spec.key for spec in shown.specs), shown.lines)
    return TableFile(file_name(f"{state.title} {arrangement}"), partial(_csv, told, state.title))


def _csv(shown: TableWords, title: str) -> bytes:
    rows = ([row_id, *cells, title] for row_id, cells in shown.rows())
    return csv_text(("key", *shown.keys, "told_as"), rows).encode("utf-8", "replace")


def _answered_keys(answer: Answer | None) -> frozenset[str] | None:
    if answer is None or not answer.node_ids:
        return None
    return frozenset(line.entity_key for line in answer.lines) | {answer.entity_key}


def _of(values: Sequence[T], rows: Sequence[int]) -> tuple[T, ...]:
    return tuple(values[row] for row in rows)


def _whole(value: float) -> str:
    return f"{value:.0f}"
