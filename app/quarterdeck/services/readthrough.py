"""One envelope for every series, whether its samples lie in the store or stay in their source."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from quarterdeck.analysis.columns import gathered
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesInfo
from quarterdeck.sdk.connector import ConnectorContext, ReadingThrough, RemoteSeries
from quarterdeck.sdk.records import Samples
from quarterdeck.sdk.registry import ConnectorRegistry
from quarterdeck.services.ports import ConnectionStore, Envelope, SeriesStore

READ_DEADLINE_SECONDS = 10.0


class EnvelopeReader(Protocol):
    """Where charts get their envelopes."""

    def envelope(self, series_ids: Sequence[int], time_range: TimeRange, pixels: int) -> tuple[Envelope, ...]:
        """One envelope per known series, in the order asked."""
        ...


class EnvelopeSources(SeriesStore, ConnectionStore, Protocol):
    """What the combined reader reads from."""


class CombinedEnvelopes:
    """Envelopes from the store, and for series that stay in their source from there, at query time.

    A source that does not answer leaves its series empty and says why in `Envelope.failure`; the others are shown.
    """

    def __init__(
        self,
        store: EnvelopeSources,
        registry: ConnectorRegistry,
        context_for: Callable[[Connection], ConnectorContext],
    ) -> None:
        self._store = store
        self._registry = registry
        self._context_for = context_for

    def envelope(self, series_ids: Sequence[int], time_range: TimeRange, pixels: int) -> tuple[Envelope, ...]:
        """One envelope per known series, in the order asked. Blocks while sources answer; call it off the GUI."""
        envelopes = self._store.envelope(series_ids, time_range, pixels)
        remote = [envelope.series for envelope in envelopes if envelope.series.read_through]
        if not remote:
            return envelopes
        read = asyncio.run(self._read_all(remote, time_range, pixels))
        return tuple(_filled(envelope, read.get(envelope.series.connection_id)) for envelope in envelopes)

    async def _read_all(
        self, series: Sequence[SeriesInfo], time_range: TimeRange, pixels: int
    ) -> dict[str, Samples | OperatorError]:
        queries = self._store.remote_queries([info.id for info in series])
        wanted: dict[str, list[RemoteSeries]] = defaultdict(list)
        for info in series:
            wanted[info.connection_id].append(RemoteSeries(info.identity, queries.get(info.id, "")))
        step_seconds = max(1.0, time_range.seconds / max(1, pixels))
        connections = {connection.id: connection for connection in self._store.connections()}
        results = await asyncio.gather(
            *(
                self._read(connections.get(connection_id), tuple(parts), time_range, step_seconds)
                for connection_id, parts in wanted.items()
            )
        )
        return dict(zip(wanted, results, strict=True))

    async def _read(
        self,
        connection: Connection | None,
        series: tuple[RemoteSeries, ...],
        time_range: TimeRange,
        step_seconds: float,
    ) -> Samples | OperatorError:
        try:
            if connection is None:
                message = "The connection of these series was removed."
                raise OperatorError(message, "Add it again under Connectors to read its history.")
            connector = self._registry.load(connection.connector_id).connector
            if not isinstance(connector, ReadingThrough):
                message = f"{connection.name} cannot be read at query time."
                raise OperatorError(message, "Change the connection to copy its series.")
            context = self._context_for(connection)
            reading = connector.read(context, series, time_range, step_seconds)
            return await asyncio.wait_for(reading, READ_DEADLINE_SECONDS)
        except TimeoutError:
            return OperatorError("The source did not answer in time.", "Narrow the range, or look at the source.")
        except OperatorError as fault:
            return fault


def _filled(envelope: Envelope, read: Samples | OperatorError | None) -> Envelope:
    if not envelope.series.read_through or read is None:
        return envelope
    if isinstance(read, OperatorError):
        return replace(envelope, failure=str(read))
    identities: Mapping[object, int] = {identity: number for number, identity in enumerate(read.identities)}
    number = identities.get(envelope.series.identity)
    if number is None:
        return envelope
    chosen = read.series_index == number
    return binned(envelope, Samples.of_series(envelope.series.identity, read.times_ms[chosen], read.values[chosen]))


def binned(envelope: Envelope, samples: Samples) -> Envelope:
    """The envelope filled from samples of its series; NaN samples leave no mark."""
    order = np.argsort(samples.times_ms, kind="stable")
    found = gathered(samples.times_ms[order], samples.values[order], envelope.edges_ms)
    return replace(envelope, low=found.low, high=found.high, mean=found.mean, last=found.last, counts=found.counts)
