"""Which number a series has: given on first sight, never changed, remembered by the writer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text, update

from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.connector import RemoteSeries
from quarterdeck.storage.encoding import facts_text, json_text
from quarterdeck.storage.series_codec import Numbers
from quarterdeck.storage.series_sql import rows
from quarterdeck.storage.table_columns import storable_text
from quarterdeck.storage.tables import series
from quarterdeck.storage.transaction import Row, WriteTransaction, in_parts


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    connection_id: str
    read_through: bool
    query: str = ""


_OF_DIGESTS = "SELECT id, digest, connection_id, read_through, query FROM series WHERE digest IN ('{listed}')"
_LAST_NUMBER = "SELECT max(id) FROM series"
_AFTER_NUMBER = "SELECT id, digest FROM series WHERE id > {after}"
_INSERT = text(
    "INSERT INTO series (digest, connection_id, entity_key, name, meaning, unit, statistic, labels, kind, "
    "read_through, query) VALUES (:digest, :connection_id, :entity_key, :name, :meaning, :unit, :statistic, :labels, "
    ":kind, :read_through, :query)"
)
_NO_NUMBERS: Numbers = np.empty(0, np.int32)


class SeriesRegistry:
    """Used by the writer's thread only. What a transaction adds is remembered once it is durable.

    A connection mostly tells of the same series as the time before: then nothing is looked up one by one.
    """

    def __init__(self) -> None:
        self._generation = 0
        self._entries: dict[SeriesIdentity, _Entry] = {}
        self._before: dict[str, tuple[tuple[SeriesIdentity, ...], Numbers]] = {}

    def numbers(
        self, transaction: WriteTransaction, connection_id: str, identities: tuple[SeriesIdentity, ...]
    ) -> tuple[Numbers, int]:
        """The numbers of series that a connection delivers, in the order asked, and how many are new."""
        if transaction.generation == self._generation:
            known, numbers = self._before.get(connection_id, ((), _NO_NUMBERS))
            if known is identities or known == identities:
                return numbers, 0
        wanted = dict.fromkeys(identities, _Entry(0, connection_id, read_through=False))
        entries, new = self._registered(transaction, wanted)
        numbers = np.array([entries[identity].id for identity in identities], np.int32)
        transaction.after_commit.append(
            self._remembering_batch(transaction.generation, connection_id, identities, numbers)
        )
        return numbers, new

    def register_remote(self, transaction: WriteTransaction, connection_id: str, remote: Sequence[RemoteSeries]) -> int:
        """Register series that stay in their source; how many are new."""
        wanted = {known.identity: _Entry(0, connection_id, read_through=True, query=known.query) for known in remote}
        return self._registered(transaction, wanted)[1]

    def _registered(
        self, transaction: WriteTransaction, wanted: Mapping[SeriesIdentity, _Entry]
    ) -> tuple[dict[SeriesIdentity, _Entry], int]:
        if transaction.generation != self._generation:
            self._generation, self._entries, self._before = transaction.generation, {}, {}
        found = {identity: known for identity in wanted if (known := self._entries.get(identity)) is not None}
        unknown = {_digest(identity): identity for identity in wanted if identity not in found}
        stored = _stored(transaction.connection, unknown) if unknown else {}
        found |= {unknown[digest]: entry for digest, entry in stored.items()}
        missing = {digest: identity for digest, identity in unknown.items() if digest not in stored}
        changed = {i: _replaced(entry, wanted[i]) for i, entry in found.items() if _differs(entry, wanted[i])}
        found |= _inserted(transaction.connection, missing, wanted)
        if changed:
            self._before = {}
            _update(transaction, changed)
            found |= changed
        if unknown or changed:
            transaction.after_commit.append(self._remembering(transaction.generation, found))
        return found, len(missing)

    def _remembering_batch(
        self, generation: int, connection_id: str, identities: tuple[SeriesIdentity, ...], numbers: Numbers
    ) -> Callable[[], None]:
        def remember() -> None:
            if generation == self._generation and all(
                (entry := self._entries.get(identity)) is not None and entry.connection_id == connection_id
                for identity in identities
            ):
                self._before[connection_id] = (identities, numbers)

        return remember

    def _remembering(self, generation: int, entries: dict[SeriesIdentity, _Entry]) -> Callable[[], None]:
        def remember() -> None:
            if generation == self._generation:
                self._entries |= entries

        return remember


def _digest(identity: SeriesIdentity) -> str:
    parts = [identity.entity_key, identity.name, identity.meaning.value, identity.unit, identity.statistic]
    canonical = json_text([*parts, identity.labels, identity.kind.value])
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _row(digest: str, identity: SeriesIdentity, entry: _Entry) -> Row:
    return {
        "digest": digest,
        "connection_id": storable_text(entry.connection_id),
        "entity_key": storable_text(identity.entity_key),
        "name": storable_text(identity.name),
        "meaning": identity.meaning.value,
        "unit": storable_text(identity.unit),
        "statistic": storable_text(identity.statistic),
        "labels": facts_text(identity.labels),
        "kind": identity.kind.value,
        "read_through": entry.read_through,
        "query": storable_text(entry.query),
    }


def _stored(connection: Connection, digests: Collection[str]) -> dict[str, _Entry]:
    """What stands in the store already, by digest."""
    found: dict[str, _Entry] = {}
    for part in in_parts(list(digests)):
        listed = "', '".join(part)  # letters and digits of a hash
        for row in connection.exec_driver_sql(_OF_DIGESTS.format(listed=listed)):
            found[row.digest] = _Entry(row.id, row.connection_id, read_through=bool(row.read_through), query=row.query)
    return found


def _inserted(
    connection: Connection, missing: Mapping[str, SeriesIdentity], wanted: Mapping[SeriesIdentity, _Entry]
) -> dict[SeriesIdentity, _Entry]:
    """Give numbers to series that are in the store nowhere; nobody else writes meanwhile."""
    if not missing:
        return {}
    last_id: int = rows(connection, _LAST_NUMBER)[0][0] or 0
    connection.execute(_INSERT, [_row(digest, identity, wanted[identity]) for digest, identity in missing.items()])
    given = rows(connection, _AFTER_NUMBER, after=last_id)
    return {(identity := missing[row.digest]): _numbered(row.id, wanted[identity]) for row in given}


def _numbered(number: int, entry: _Entry) -> _Entry:
    return _Entry(number, entry.connection_id, read_through=entry.read_through, query=entry.query)


def _differs(known: _Entry, wanted: _Entry) -> bool:
    return (known.connection_id, known.read_through, known.query) != (
        wanted.connection_id,
        wanted.read_through,
        wanted.query,
    )


def _replaced(known: _Entry, wanted: _Entry) -> _Entry:
    return _Entry(known.id, wanted.connection_id, read_through=wanted.read_through, query=wanted.query)


def _update(transaction: WriteTransaction, changed: Mapping[SeriesIdentity, _Entry]) -> None:
    for entry in changed.values():
        described = {"connection_id": entry.connection_id, "read_through": entry.read_through, "query": entry.query}
        transaction.connection.execute(update(series).where(series.c.id == entry.id).values(described))
