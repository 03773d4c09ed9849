"""What each column of a row may hold, beyond what an engine sees to: SQLite takes any value into any column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any, cast

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table
from sqlalchemy import Row as SqlRow
from sqlalchemy.types import Double

from quarterdeck.domain.checks import CheckOutcome
from quarterdeck.domain.connections import ConnectionState, ReceptionKind
from quarterdeck.domain.estate import EntityKind, Origin, RelationKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import from_ms
from quarterdeck.domain.maintenance import MaintenanceAct
from quarterdeck.domain.series import Meaning, SeriesKind
from quarterdeck.sdk.texts import one_line
from quarterdeck.storage import tables
from quarterdeck.storage.encoding import (
    backfill_from,
    cuts_from,
    expectations_from,
    facts_from,
    names_from,
    settings_from,
    sighted_from,
)
from quarterdeck.storage.grounds_text import grounds_from, rules_from
from quarterdeck.storage.objectives_text import objectives_from

UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, AttributeError)
"""What reading a value raises that cannot be read."""

_NOT_TEXT = re.compile("[\ud800-\udfff]")
_LONGEST_SHOWN = 60
# The library's public name for it begins like a private one, lest it hide a column.
_MAPPING = attrgetter("_mapping")
_SPANS = frozenset({"raw_ms"})
_NAMES = ("key", "name")
_Reader = Callable[[Any], object]


def _word(kinds: type[StrEnum]) -> _Reader:
    return partial(_one_of, frozenset(kind.value for kind in kinds))


def _one_of(known: frozenset[str], value: str) -> None:
    if value not in known:
        raise ValueError(value)


_STRUCTURED: Mapping[Table, Mapping[str, _Reader]] = {
    tables.entity_version: {
        "kind": _word(EntityKind),
        "origin": _word(Origin),
        "expectations": expectations_from,
        "facts": facts_from,
        "rules": rules_from,
        "objectives": objectives_from,
    },
    tables.relation_version: {"kind": _word(RelationKind), "origin": _word(Origin), "facts": facts_from},
    tables.state_interval: {"state": _word(HealthState), "grounds": grounds_from},
    tables.own_interval: {"state": _word(HealthState)},
    tables.check_result: {"outcome": _word(CheckOutcome), "facts": facts_from},
    tables.event: {"facts": facts_from},
    tables.change_record: {"facts": facts_from},
    tables.claimed_status: {"state": _word(HealthState), "facts": facts_from},
    tables.connection: {"settings": settings_from, "secret_names": names_from},
    tables.connection_health: {"state": _word(ConnectionState), "backfill": backfill_from, "facts": facts_from},
    tables.reception: {"kind": _word(ReceptionKind)},
    tables.maintenance_record: {
        "act": _word(MaintenanceAct),
        "entity_keys": names_from,
        "domains": names_from,
        "cuts": cuts_from,
    },
    tables.anomaly: {"fired": sighted_from},
    tables.series: {"meaning": _word(Meaning), "kind": _word(SeriesKind), "labels": facts_from},
}
_DOCUMENT_STEP = "Apply its document again, or bring back a copy of the store."
_POLL_STEP = "The collector writes it anew with the next poll."
_STEPS = {
    tables.entity_version: _DOCUMENT_STEP,
    tables.relation_version: _DOCUMENT_STEP,
    tables.connection: "Apply its document again or save it anew under Connectors, or bring back a copy of the store.",
    tables.connection_health: _POLL_STEP,
    tables.poll_cursor: _POLL_STEP,
    tables.maintenance_record: "Bring back a copy of the store; until then its window is as it was recorded before.",
    tables.lease: "Delete it; the next collector writes it anew.",
}
_COPY_STEP = "Delete it, or bring back a copy of the store."


def fits(column: Column[Any], value: object) -> bool:
    """Whether a value has the type that a column is for."""
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, Boolean):
        return isinstance(value, int) and value in {0, 1}
    if isinstance(column.type, BigInteger | Integer):
        return isinstance(value, int)
    if isinstance(column.type, Double):
        return isinstance(value, int | float)
    return isinstance(value, bytes if isinstance(column.type, LargeBinary) else str)


def values_of(row: SqlRow[Any]) -> Mapping[str, object]:
    """What a row tells by the names of its columns."""
    return cast("Mapping[str, object]", _MAPPING(row))


def unfit_column(table: Table, row: SqlRow[Any], *, is_joined: bool = False) -> str:
    """The first column of a row that holds what it cannot hold, and what that is; empty when there is none.

    Where the table `is_joined`, nothing may stand in any column of it.
    """
    told = values_of(row)
    for column in table.columns:
        value = told.get(column.name)
        if column.name in told and not (is_joined and value is None) and not _is_readable(table, column, value):
            return f"{column.name} is {_shown(value)}"
    return ""


def unreadable_sentence(table: Table, row: SqlRow[Any]) -> str:
    """Which row of which table cannot be read, why, and what to do."""
    why = unfit_column(table, row) or "its values do not go together"
    return f"The row of {table.name} with {_place(table, row)} cannot be read: {why}. {_STEPS.get(table, _COPY_STEP)}"


def _is_readable(table: Table, column: Column[Any], value: object) -> bool:
    if not fits(column, value):
        return False
    if value is None:
        return True
    if isinstance(value, str) and _NOT_TEXT.search(value):
        return False
    try:
        if isinstance(value, int) and column.name.endswith("_ms") and column.name not in _SPANS:
            return value in {tables.FOREVER, -tables.FOREVER} or bool(from_ms(value))
        _STRUCTURED.get(table, {}).get(column.name, bool)(value)
    except UNREADABLE:
        return False
    return True


def _place(table: Table, row: SqlRow[Any]) -> str:
    told = values_of(row)
    names: Sequence[str] = [column.name for column in table.primary_key.columns]
    names = [*names, *(name for name in _NAMES if name in table.columns and name not in names)]
    return ", ".join(f"{name} {one_line(told[name], _LONGEST_SHOWN)}" for name in names if name in told)


def _shown(value: object) -> str:
    if value is None:
        return "missing"
    if isinstance(value, bytes):
        return "binary"
    if isinstance(value, str) and _NOT_TEXT.search(value):
        return "no text"
    return f"“{one_line(value, _LONGEST_SHOWN)}”" if isinstance(value, str) else one_line(value)
