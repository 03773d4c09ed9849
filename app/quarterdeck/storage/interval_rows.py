"""Interval tables: rows `(key, from_ms, to_ms, …)` that never overlap within a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Select, Table, and_, bindparam, delete, func, insert, select

from quarterdeck.storage.intervals import Span, SpanChange, spliced
from quarterdeck.storage.newest import newest, subjects
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts


@dataclass(frozen=True, slots=True)
class IntervalTable:
    """Which columns of a table are the key, the label and the details of its intervals."""

    table: Table
    key: str
    label: tuple[str, ...]
    details: tuple[str, ...] = ()

    def overlapping(self, start_ms: int, end_ms: int) -> Select[Any]:
        """The intervals of all keys that share an instant with `[start_ms, end_ms)`."""
        table = self.table
        known = subjects(table.c[self.key])
        begun = newest(known, known.c.subject, table.c.from_ms, not_after_ms=start_ms)
        overlaps = and_(
            table.c[self.key] == begun.c.subject,
            table.c.from_ms >= func.coalesce(begun.c.moment_ms, start_ms),
            table.c.from_ms < end_ms,
            table.c.to_ms > start_ms,
        )
        return select(table).join(begun, overlaps)

    def apply(self, transaction: WriteTransaction, changes: Mapping[str, Sequence[SpanChange]]) -> bool:
        """Put changes in, per key in their order, writing only rows that differ; whether any did."""
        gone: list[Row] = []
        new: list[Row] = []
        keys = list(changes)
        for part in in_parts(keys):
            before = self._near(transaction, {key: changes[key] for key in part})
            for key in part:
                after = before[key]
                for change in changes[key]:
                    after = spliced(after, change)
                gone += [{"gone_key": key, "gone_from_ms": s.from_ms} for s in set(before[key]) - set(after)]
                new += [self._row(key, span) for span in sorted(set(after) - set(before[key]))]
        self._write(transaction, gone, new)
        return bool(gone or new)

    def _near(
        self, transaction: WriteTransaction, changes: Mapping[str, Sequence[SpanChange]]
    ) -> dict[str, list[Span]]:
        """Per key the spans that overlap or touch any of its changes."""
        table = self.table
        start_ms = min(change.from_ms for parts in changes.values() for change in parts)
        end_ms = max(change.to_ms for parts in changes.values() for change in parts)
        near = and_(table.c[self.key].in_(list(changes)), table.c.to_ms >= start_ms, table.c.from_ms <= end_ms)
        found: dict[str, list[Span]] = {key: [] for key in changes}
        for row in transaction.connection.execute(select(table).where(near).order_by(table.c.from_ms)).mappings():
            found[row[self.key]].append(self._span(row))
        return found

    def _write(self, transaction: WriteTransaction, gone: list[Row], new: list[Row]) -> None:
        table = self.table
        if gone:
            which = and_(table.c[self.key] == bindparam("gone_key"), table.c.from_ms == bindparam("gone_from_ms"))
            transaction.connection.execute(delete(table).where(which), gone)
        if new:
            transaction.connection.execute(insert(table), new)

    def _span(self, row: RowMapping) -> Span:
        label = tuple(row[name] for name in self.label)
        return Span(row["from_ms"], row["to_ms"], label, tuple(row[name] for name in self.details))

    def _row(self, key: str, span: Span) -> Row:
        row: Row = {self.key: key, "from_ms": span.from_ms, "to_ms": span.to_ms}
        row |= dict(zip(self.label, span.label, strict=True))
        return row | dict(zip(self.details, span.details, strict=True))
