"""The list of windows as columns of a table, and the fields of the form as the form widget takes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.health import HealthState
from quarterdeck.services.maintenance_forms import Field, Repeat
from quarterdeck.ui.panels.maintenance.forms import REPEAT
from quarterdeck.ui.panels.maintenance.state import Shelf, WindowLine
from quarterdeck.ui.panels.maintenance.words import day_names
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import ColumnSpec, StateCells, TableData, TextCells
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec


def words(text: str) -> str:
    """A text of this panel in the language of the screen."""
    return QCoreApplication.translate("MaintenanceView", text)


def window_columns() -> tuple[ColumnSpec, ...]:
    """The columns; what it is and when stays to the last."""
    return (
        ColumnSpec("status", words("State"), width=110),
        ColumnSpec("reason", words("Reason"), width=200, is_strong=True),
        ColumnSpec("when", words("When"), width=190),
        ColumnSpec("repeats", words("Repeats"), width=190, tone=Tone.SECONDARY, yields=1),
        ColumnSpec("covers", words("Covers"), width=320, stretch=1, tone=Tone.SECONDARY),
        ColumnSpec("by", words("Planned by"), width=110, tone=Tone.TERTIARY, yields=2),
    )


def window_data(lines: Sequence[WindowLine]) -> TableData:
    """Windows as a table, in their order."""
    nothing: tuple[str, ...] = ()
    return TableData(
        ids=tuple(line.id for line in lines),
        cells=(
            StateCells(
                [HealthState.MAINTENANCE if line.is_running else None for line in lines],
                [line.status for line in lines],
            ),
            TextCells([line.reason for line in lines]),
            TextCells([line.when for line in lines], ranks=np.array([line.rank for line in lines], dtype=np.float64)),
            TextCells([line.repeats for line in lines]),
            TextCells([line.covers for line in lines]),
            TextCells([line.by for line in lines]),
        ),
        tips=(
            nothing,
            nothing,
            [line.when_tip for line in lines],
            nothing,
            [line.covers_tip for line in lines],
            nothing,
        ),
    )


def shelved(lines: Sequence[WindowLine], shelf: Shelf) -> tuple[WindowLine, ...]:
    """The lines of a view."""
    if shelf is Shelf.ALL:
        return tuple(lines)
    return tuple(line for line in lines if line.is_over is (shelf is Shelf.PAST))


def window_fields(*, is_correction: bool) -> tuple[FieldSpec, ...]:
    """The fields below the scope."""
    days = day_names(words)
    repeats = (
        Choice(Repeat.ONCE, words("Once")),
        Choice(Repeat.DAILY, words("Daily")),
        Choice(Repeat.WEEKLY, words("Weekly on days")),
        Choice(Repeat.MONTHLY, words("Monthly, on the day of its start")),
        Choice(Repeat.RULE, words("By a rule (RFC 5545)")),
    )
    note = FieldSpec(Field.NOTE, words("Why it is corrected"), words("For whoever reads the record later."))
    return (
        FieldSpec(Field.REASON, words("What is done"), placeholder=words("Core upgrade")),
        FieldSpec(Field.START, words("Begins"), words("A time such as 2026-11-29 02:00.")),
        FieldSpec(Field.END, words("Ends"), words("A time, a time of day such as 04:00, or a length such as 2h.")),
        FieldSpec(
            Field.ZONE, words("Time zone"), words("A name such as Europe/Berlin. Changes of the clocks follow it.")
        ),
        FieldSpec(REPEAT, words("Comes"), kind=FieldKind.CHOICE, choices=repeats, default=Repeat.ONCE),
        FieldSpec(
            Field.WEEKDAYS,
            words("On"),
            kind=FieldKind.SEVERAL,
            choices=tuple(Choice(sign, name[:2]) for sign, name in days.items()),
        ),
        FieldSpec(Field.RULE, words("Rule"), words("Such as FREQ=MONTHLY;BYDAY=1SU.")),
        FieldSpec(Field.LAST_DAY, words("Last day it begins on"), words("Such as 2027-03-31; empty for no end.")),
        *((note,) if is_correction else ()),
        FieldSpec(Field.BY, words("Told by"), words("Stands in the record.")),
    )


def shown_fields(repeat: str) -> dict[str, bool]:
    """Which fields have a meaning under a choice of repeats."""
    is_plain = repeat in {Repeat.DAILY, Repeat.WEEKLY, Repeat.MONTHLY}
    return {
        Field.WEEKDAYS: repeat == Repeat.WEEKLY,
        Field.RULE: repeat == Repeat.RULE,
        Field.LAST_DAY: is_plain,
    }
