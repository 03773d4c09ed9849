"""The connections with their own health, as the Connectors panel lists them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.connections import (
    Connection,
    ConnectionHealth,
    ConnectionState,
    Reception,
    ReceptionKind,
)
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.current_states import CollectionSources, silent_since
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, SeriesStore

RECEPTION_HOURS = 24


class SourceSources(ConnectionStore, SeriesStore, CollectionSources, Protocol):
    """What the list reads from."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One connection: its health, how many series it feeds, its gaps, and its reception over the last 24 hours.

    `gap_count` counts the stretches without data after its first good poll.
    """

    connection: Connection
    health: ConnectionHealth
    series_count: int
    gap_count: int
    reception: tuple[Reception, ...]


@dataclass(frozen=True, slots=True)
class SourceList:
    """All connections, by name, and the range their reception is told for.

    `silent_since_at` says since when nobody collects, so that every health is as old as that; None while somebody does.
    """

    rows: tuple[SourceRow, ...]
    reception_range: TimeRange
    silent_since_at: datetime | None = None


class SourceReader:
    """Answers for the Connectors panel."""

    def __init__(self, store: SourceSources) -> None:
        self._store = store

    def sources(self, moment: Moment, *, now: datetime | None = None) -> SourceList:
        """All connections; reception ends at the play-head, health is always the newest there is.

        `now` is the present where the play-head is not, for telling whether anybody collects.
        """
        reception_range = TimeRange(moment.at - timedelta(hours=RECEPTION_HOURS), moment.at)
        health = self._store.health()
        counts = self._store.series_counts()
        reception: Mapping[str, list[Reception]] = defaultdict(list)
        for stretch in self._store.reception(reception_range):
            reception[stretch.connection_id].append(stretch)
        rows = [
            SourceRow(
                connection=connection,
                health=health.get(connection.id) or _unseen(connection),
                series_count=counts.get(connection.id, 0),
                gap_count=sum(stretch.kind is ReceptionKind.MISSING for stretch in reception[connection.id]),
                reception=tuple(reception[connection.id]),
            )
            for connection in self._store.connections()
        ]
        return SourceList(tuple(rows), reception_range, silent_since(self._store, now or moment.at))


def _unseen(connection: Connection) -> ConnectionHealth:
    state = ConnectionState.STARTING if connection.enabled else ConnectionState.DISABLED
    return ConnectionHealth(connection.id, state)
