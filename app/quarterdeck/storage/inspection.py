"""What can be told of a store as a whole, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Table, func, select

from quarterdeck.domain.instants import from_ms
from quarterdeck.services.ports import StoreSummary
from quarterdeck.storage import tables
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.revisions import stored_revision
from quarterdeck.storage.row_check import row_faults
from quarterdeck.storage.row_columns import UNREADABLE
from quarterdeck.storage.series_check import sample_faults

_VERSIONED = {"entities": tables.entity_version, "relations": tables.relation_version}
_COUNTED = {
    "states": tables.state_interval,
    "series": tables.series,
    "checks": tables.check_result,
    "events": tables.event,
    "changes": tables.change_record,
    "connections": tables.connection,
}
_DATED = (
    (tables.state_interval, "entity_key", "state"),
    (tables.own_interval, "entity_key", "own state"),
    (tables.reception, "connection_id", "reception"),
)
_MOST_SENTENCES = 50


class SqlInspection(DatabaseReader):
    """Describes and checks a store."""

    def summary(self) -> StoreSummary:
        with self._database.reading() as connection:
            counts = {name: _standing(connection, table) for name, table in _VERSIONED.items()}
            counts |= {name: _count(connection, table) for name, table in _COUNTED.items()}
            counts["samples"] = _samples(connection)
            oldest_ms, newest_ms = _sample_range(connection)
            return StoreSummary(
                url=self._database.shown,
                revision=stored_revision(connection) or "",
                size_bytes=self._database.size_bytes(connection),
                counts=counts,
                versions={name: _count(connection, table) for name, table in _VERSIONED.items()},
                oldest_sample_at=_instant(oldest_ms),
                newest_sample_at=_instant(newest_ms),
            )

    def check(self) -> tuple[str, ...]:
        found: list[str] = []
        with self._database.reading() as connection:
            for sentence in self._faults(connection):
                found.append(sentence)
                if len(found) == _MOST_SENTENCES:
                    found.append("There is more; mend this first.")
                    break
        return tuple(found)

    def unreadable_rows(self) -> tuple[str, ...]:
        return self._database.unreadable.sentences()

    def _faults(self, connection: Connection) -> Iterator[str]:
        yield from self._database.faults(connection)
        with self._database.any_text(connection):
            has_unreadable = False
            for sentence in row_faults(connection):
                has_unreadable = True
                yield sentence
        try:
            yield from _interval_faults(connection)
            yield from sample_faults(connection)
        except UNREADABLE:
            if not has_unreadable:
                raise
            yield "Because of these rows the samples could not be looked at to their end."


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _standing(connection: Connection, table: Table) -> int:
    """How many keys hold still, however many sources tell of each and however often each was changed."""
    held = select(func.count(table.c.key.distinct())).where(table.c.valid_to_ms == tables.FOREVER)
    return int(connection.execute(held).scalar_one())


def _samples(connection: Connection) -> int:
    held = (tables.series_chunk, tables.series_bundle, tables.series_head)
    return sum(connection.execute(select(func.coalesce(func.sum(t.c.samples), 0))).scalar_one() for t in held)


def _sample_range(connection: Connection) -> tuple[int | None, int | None]:
    latest, head = tables.series_latest.c, tables.series_head.c
    first, last = connection.execute(select(func.min(latest.first_ms), func.max(latest.last_ms))).one()
    head_first, head_last = connection.execute(select(func.min(head.start_ms), func.max(head.end_ms))).one()
    oldest = [ms for ms in (first, head_first) if isinstance(ms, int)]
    newest = [ms for ms in (last, head_last) if isinstance(ms, int)]
    return min(oldest, default=None), max(newest, default=None)


def _instant(milliseconds: int | None) -> datetime | None:
    """The instant; None for one that no calendar has, which the check tells of."""
    try:
        return None if milliseconds is None else from_ms(milliseconds)
    except OverflowError:
        return None


def _interval_faults(connection: Connection) -> Iterator[str]:
    for table, key, what in _DATED:
        columns = table.c
        following = func.lead(columns.from_ms).over(partition_by=columns[key], order_by=columns.from_ms)
        ordered = select(
            columns[key].label("key"), columns.from_ms, columns.to_ms, following.label("next_ms")
        ).subquery()
        wrong = (ordered.c.to_ms > ordered.c.next_ms) | (ordered.c.to_ms <= ordered.c.from_ms)
        for row in connection.execute(select(ordered).where(wrong).limit(_MOST_SENTENCES)):
            at = _instant(row.from_ms)
            yield f"The {what} of {row.key} at {at.isoformat() if at else row.from_ms} overlaps another or is empty."
