"""The panel's lists as columns of tables: grouped by domain or by partner, narrowed to a selection, or by expiry."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.health import HealthState, worst
from quarterdeck.ui.panels.integrations.state import (
    Arrangement,
    CalendarLine,
    Cell,
    ExpiryLine,
    IntegrationLine,
    Stretch,
)
from quarterdeck.ui.panels.integrations.words import group_note
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import Cells, ColumnSpec, RowGroup, SparkCells, StateCells, TableData, TextCells
from quarterdeck.ui.widgets.day_grid import DayGrid

SPARK_KEY = "spark"

_SPARK_TONES = {HealthState.DEGRADED: Tone.DEGRADED, HealthState.DOWN: Tone.DOWN}


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("IntegrationsView", text)


def integration_columns(arrangement: Arrangement) -> tuple[ColumnSpec, ...]:
    """The columns; what the rows are grouped by has none of its own. Who, in what state and why stays to the last."""
    by_partner = arrangement is Arrangement.PARTNER
    return (
        ColumnSpec("state", tool_tip=words("State, the worst first")),
        ColumnSpec("name", words("Integration"), is_strong=True, cut_in_middle=True),
        ColumnSpec(
            "other", words("Domain") if by_partner else words("Partner"), width=108, tone=Tone.SECONDARY, yields=7
        ),
        ColumnSpec("why", words("State"), width=380, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("available", words("Available, 30 d"), width=108, is_right=True, yields=3),
        ColumnSpec(
            "response",
            words("p95"),
            width=74,
            is_right=True,
            yields=2,
            tool_tip=words("95th percentile of response time"),
        ),
        ColumnSpec(
            "errors", words("Errors"), width=66, is_right=True, yields=1, tool_tip=words("Share of requests that fail")
        ),
        ColumnSpec("rate", words("Per second"), width=82, is_right=True, yields=5),
        ColumnSpec(SPARK_KEY, "", width=104, is_sortable=False, yields=8),
        ColumnSpec("claimed", words("Claimed"), width=168, yields=6, tool_tip=words("What the partner itself says")),
        ColumnSpec("age", words("Data age"), width=74, is_right=True, tone=Tone.TERTIARY, yields=4),
    )


def integration_data(
    lines: Sequence[IntegrationLine], arrangement: Arrangement, folded: Collection[str] = ()
) -> TableData:
    """Lines as a table, grouped by domain or by partner; `folded` are titles of groups that show their heading only."""
    by_partner = arrangement is Arrangement.PARTNER
    internal = words("Internal")
    partners = [internal if line.is_internal else line.partner for line in lines]
    titles = partners if by_partner else [line.domain for line in lines]
    ordered = list(dict.fromkeys(titles))
    if by_partner:
        ordered.sort(key=lambda title: (title == internal, title.casefold()))
    return TableData(
        ids=tuple(line.entity_key for line in lines),
        cells=_integration_cells(lines, [line.domain if by_partner else line.partner for line in lines]),
        groups=tuple(_group(title, titles, lines, is_folded=title in folded) for title in ordered),
        group_of=np.array([ordered.index(title) for title in titles], dtype=np.int64),
        tips=_integration_tips(lines),
    )


def _integration_cells(lines: Sequence[IntegrationLine], others: Sequence[str]) -> tuple[Cells, ...]:
    """The cells in the columns' order; `others` are the domains or partners by which the rows are not grouped."""
    why = TextCells(
        [line.why.words for line in lines],
        tones=[line.why_tone for line in lines],
        notes=[line.since for line in lines],
        ranks=_ranks([line.why for line in lines]),
    )
    spark = SparkCells(
        [np.array(line.spark) for line in lines], [_SPARK_TONES.get(line.state, Tone.TERTIARY) for line in lines]
    )
    claimed = StateCells(
        [line.claim.state for line in lines],
        [line.claim.words for line in lines],
        [_claim_tone(line) for line in lines],
    )
    thin = [Tone.TERTIARY if line.is_thin else Tone.TEXT for line in lines]
    return (
        StateCells([line.state for line in lines]),
        TextCells([line.name for line in lines]),
        TextCells(others),
        why,
        _figures([line.available for line in lines], thin),
        _figures([line.response for line in lines]),
        _figures([line.errors for line in lines]),
        _figures([line.rate for line in lines]),
        spark,
        claimed,
        _figures([line.age for line in lines], [Tone.TERTIARY] * len(lines)),
    )


def _integration_tips(lines: Sequence[IntegrationLine]) -> tuple[Sequence[str], ...]:
    nothing: tuple[str, ...] = ()
    return (
        nothing,
        [line.about for line in lines],
        nothing,
        [line.why.tip for line in lines],
        [line.available.tip for line in lines],
        [line.response.tip for line in lines],
        nothing,
        nothing,
        [line.spark_tip for line in lines],
        [line.claim.tip for line in lines],
        [line.age.tip for line in lines],
    )


def expiry_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the certificates."""
    return (
        ColumnSpec("state", tool_tip=words("State, the worst first")),
        ColumnSpec("name", words("Certificate of"), is_strong=True, cut_in_middle=True),
        ColumnSpec("left", words("Time left"), width=110, is_right=True),
        ColumnSpec("ends", words("Ends"), width=112, is_right=True, yields=1),
        ColumnSpec("used", words("Stands behind"), width=320, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("issuer", words("Issued by"), width=236, tone=Tone.SECONDARY, yields=3),
        ColumnSpec("subject", words("Issued to"), width=186, tone=Tone.SECONDARY, yields=4),
        ColumnSpec("age", words("Seen"), width=78, is_right=True, tone=Tone.TERTIARY, yields=2),
    )


def expiry_data(lines: Sequence[ExpiryLine]) -> TableData:
    """Certificates as a table, in their order."""
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells([line.state for line in lines]),
            TextCells([line.name for line in lines], notes=[line.kind for line in lines]),
            _figures([line.left for line in lines], [line.left_tone for line in lines]),
            _figures([line.ends for line in lines]),
            TextCells([line.used_by for line in lines]),
            TextCells([line.issuer for line in lines], tones=[line.issuer_tone for line in lines]),
            TextCells([line.subject for line in lines]),
            _figures([line.age for line in lines], [Tone.TERTIARY] * len(lines)),
        ),
        tips=(
            nothing,
            nothing,
            nothing,
            [line.ends.tip for line in lines],
            nothing,
            nothing,
            nothing,
            [line.age.tip for line in lines],
        ),
    )


def _figures(cells: Sequence[Cell], tones: Sequence[Tone] = ()) -> TextCells:
    return TextCells([cell.words for cell in cells], tones=tones, ranks=_ranks(cells))


def _ranks(cells: Sequence[Cell]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([cell.rank for cell in cells], dtype=np.float64)


def _claim_tone(line: IntegrationLine) -> Tone:
    if line.claim.state is None:
        return Tone.TERTIARY
    return line.why_tone if line.claim.is_disputed else Tone.SECONDARY


def _group(title: str, titles: Sequence[str], lines: Sequence[IntegrationLine], *, is_folded: bool) -> RowGroup:
    states = [line.state for line, own in zip(lines, titles, strict=True) if own == title]
    return RowGroup(title, group_note(states, words), worst(states), title, is_folded)


def calendar_columns() -> tuple[ColumnSpec, ...]:
    """The columns of the calendar."""
    return (
        ColumnSpec("state", tool_tip=words("State, the worst first")),
        ColumnSpec("name", words("What ends"), is_strong=True, cut_in_middle=True),
        ColumnSpec("kind", words("Kind"), tone=Tone.SECONDARY),
        ColumnSpec("left", words("Time left"), width=104, is_right=True),
        ColumnSpec("ends", words("Ends"), width=124, is_right=True),
        ColumnSpec("source", words("Where the date comes from"), width=340, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("used", words("Stands behind"), width=220, tone=Tone.SECONDARY, yields=1),
    )


def calendar_data(lines: Sequence[CalendarLine], stretch: Stretch, folded: Collection[str] = ()) -> TableData:
    """What ends as a table, grouped by weeks or by months, what is not known last."""
    titles = [line.month if stretch is Stretch.MONTH else line.week for line in lines]
    ordered = list(dict.fromkeys(titles))
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells([line.state for line in lines]),
            TextCells([line.name for line in lines]),
            TextCells([line.kind for line in lines]),
            _figures([line.left for line in lines], [line.left_tone for line in lines]),
            _figures([line.ends for line in lines]),
            TextCells([line.source.words for line in lines], ranks=_ranks([line.source for line in lines])),
            TextCells([line.used_by for line in lines]),
        ),
        groups=tuple(_stretch(title, titles, lines, is_folded=title in folded) for title in ordered),
        group_of=np.array([ordered.index(title) for title in titles], dtype=np.int64),
        tips=(
            *(nothing, nothing, nothing, nothing),
            [line.ends.tip for line in lines],
            [line.source.tip for line in lines],
            nothing,
        ),
    )


def _stretch(title: str, titles: Sequence[str], lines: Sequence[CalendarLine], *, is_folded: bool) -> RowGroup:
    states = [line.state for line, own in zip(lines, titles, strict=True) if own == title]
    note = words("1 entry") if len(states) == 1 else words("{count} entries").format(count=len(states))
    return RowGroup(title, note, worst(states), title, is_folded)


def day_grid(theme: Theme) -> DayGrid:
    """The days ahead as squares, for above the calendar's table."""
    months = (
        *(words("Jan"), words("Feb"), words("Mar"), words("Apr"), words("May"), words("Jun")),
        *(words("Jul"), words("Aug"), words("Sep"), words("Oct"), words("Nov"), words("Dec")),
    )
    days = (words("Mon"), words("Tue"), words("Wed"), words("Thu"), words("Fri"), words("Sat"), words("Sun"))
    return DayGrid(theme, accessible_name=words("What ends, by day"), month_names=months, day_names=days)
