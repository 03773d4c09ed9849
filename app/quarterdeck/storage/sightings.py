"""Sightings in the store: a look that names something begins or prolongs its stretch, one that does not ends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Table, and_, insert, select, update

from quarterdeck.domain.estate import Origin
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.sightings import LOOKING, DeclaredSpan, Sighting
from quarterdeck.storage.database import DatabaseReader
from quarterdeck.storage.encoding import end_instant
from quarterdeck.storage.tables import FOREVER, entity_version, relation_version, sighting
from quarterdeck.storage.transaction import WriteTransaction, in_parts


class SqlSightings(DatabaseReader):
    """Reads what was seen, and when what was declared."""

    def sightings(self, until_at: datetime) -> tuple[Sighting, ...]:
        columns = sighting.c
        statement = select(sighting).where(columns.from_ms <= to_ms(until_at))
        with self._database.reading() as connection:
            rows = connection.execute(statement.order_by(columns.source, columns.key, columns.from_ms)).all()
        return tuple(
            Sighting(row.source, row.key, from_ms(row.from_ms), end_instant(row.to_ms), from_ms(row.last_ms))
            for row in rows
        )

    def declared_spans(self, until_at: datetime) -> tuple[DeclaredSpan, ...]:
        return (*self._spans(entity_version, until_at), *self._spans(relation_version, until_at))

    def _spans(self, table: Table, until_at: datetime) -> Iterator[DeclaredSpan]:
        columns = table.c
        declared = and_(columns.origin == Origin.DECLARED.value, columns.valid_from_ms <= to_ms(until_at))
        statement = select(columns.key, columns.valid_from_ms, columns.valid_to_ms).where(declared)
        with self._database.reading() as connection:
            rows = connection.execute(statement.order_by(columns.key, columns.valid_from_ms)).all()
        for row in rows:
            yield DeclaredSpan(row.key, from_ms(row.valid_from_ms), end_instant(row.valid_to_ms))


def note_sightings(
    transaction: WriteTransaction, source: str, keys: Sequence[str], seen_at: datetime, *, is_whole: bool
) -> bool:
    """Note what a look named; whether anything began or ended.

    Only a whole look ends what it does not name. A look dated before what is noted already (a clock set back) prolongs
    nothing and ends nothing.
    """
    moment_ms, named = to_ms(seen_at), {*keys, *([LOOKING] if is_whole else [])}
    columns = sighting.c
    held = and_(columns.source == source, columns.to_ms == FOREVER)
    standing = {row.key: row for row in transaction.connection.execute(select(sighting).where(held))}
    for part in in_parts(sorted(named & standing.keys())):
        older = and_(held, columns.key.in_(part), columns.last_ms < moment_ms)
        transaction.connection.execute(update(sighting).where(older).values(last_ms=moment_ms))
    gone = [key for key in standing if is_whole and key not in named and standing[key].last_ms < moment_ms]
    for part in in_parts(sorted(gone)):
        ended = and_(held, columns.key.in_(part))
        transaction.connection.execute(update(sighting).where(ended).values(to_ms=moment_ms))
    new = sorted(named - standing.keys())
    rows = [{"source": source, "key": key, "from_ms": moment_ms, "to_ms": FOREVER, "last_ms": moment_ms} for key in new]
    if rows:
        transaction.connection.execute(insert(sighting), rows)
    return bool(rows or gone)
