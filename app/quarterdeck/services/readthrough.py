"""One answer for every series, whether its samples lie in the store or stay in their source."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from quarterdeck.analysis.columns import gathered
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity, SeriesInfo
from quarterdeck.sdk.connector import ConnectorContext, ReadingThrough, RemoteSeries
from quarterdeck.sdk.records import Samples
from quarterdeck.sdk.registry import ConnectorRegistry
from quarterdeck.services.ports import ConnectionStore, Envelope, Precision, SampleColumns, SeriesStore

READ_DEADLINE_SECONDS = 10.0
_NO_SAMPLES = SampleColumns(np.empty(0, np.int64), np.empty(0, np.float64))


class EnvelopeReader(Protocol):
    """Where charts get their envelopes."""

    def envelope(
        self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
    ) -> tuple[Envelope, ...]:
        """One envelope per known series, in the order asked."""
        ...


class CombinedSources(SeriesStore, ConnectionStore, Protocol):
    """What the combined readers read from."""


@dataclass(frozen=True, slots=True, eq=False)
class SeriesSamples:
    """The samples of one series in a range.

    `step_seconds` is 0 for samples as they were taken. Samples read through are what the source said at whole multiples
    of that step, each of them perhaps an older one repeated: it speaks for its step only. `failure` says in words why
    samples are missing.
    """

    series: SeriesInfo
    columns: SampleColumns
    step_seconds: int = 0
    failure: str = ""


class SampleReader(Protocol):
    """Where calculations over many series get their samples."""

    def samples(
        self, series: Sequence[SeriesInfo], time_range: TimeRange, step_seconds: float
    ) -> tuple[SeriesSamples, ...]:
        """The samples of each series in a range, in the order asked."""
        ...


class CombinedEnvelopes:
    """Envelopes from the store, and for series that stay in their source from there, at query time.

    A source that does not answer leaves its series empty and says why in `Envelope.failure`; the others are shown.
    """

    def __init__(
        self,
        store: CombinedSources,
        registry: ConnectorRegistry,
        context_for: Callable[[Connection], ConnectorContext],
        *,
        deadline_seconds: float = READ_DEADLINE_SECONDS,
    ) -> None:
        self._store = store
        self._remote = _RemoteReading(store, registry, context_for, deadline_seconds)

    def envelope(
        self, series_ids: Sequence[int], time_range: TimeRange, pixels: int, precision: Precision = Precision.EXACT
    ) -> tuple[Envelope, ...]:
        """One envelope per known series, in the order asked. Blocks while sources answer; call it off the GUI."""
        envelopes = self._store.envelope(series_ids, time_range, pixels, precision)
        remote = [envelope.series for envelope in envelopes if envelope.series.read_through]
        read = self._remote.read(remote, time_range, max(1.0, time_range.seconds / max(1, pixels)))
        return tuple(_filled(envelope, read.get(envelope.series.id)) for envelope in envelopes)


class CombinedSamples:
    """Samples from the store, and for series that stay in their source from there, in the same columns.

    A source that does not answer leaves its series empty and says why in `SeriesSamples.failure`; the others stand.
    """

    def __init__(
        self,
        store: CombinedSources,
        registry: ConnectorRegistry,
        context_for: Callable[[Connection], ConnectorContext],
        *,
        deadline_seconds: float = READ_DEADLINE_SECONDS,
    ) -> None:
        self._store = store
        self._remote = _RemoteReading(store, registry, context_for, deadline_seconds)

    def samples(
        self, series: Sequence[SeriesInfo], time_range: TimeRange, step_seconds: float
    ) -> tuple[SeriesSamples, ...]:
        """The samples of each series in a range, in the order asked. Blocks while sources answer.

        Sources are asked at whole multiples of the step, rounded to seconds; what lies here comes as it was taken.
        """
        read = self._remote.read([info for info in series if info.read_through], time_range, step_seconds)
        return tuple(
            _read_through(info, read.get(info.id), _whole(step_seconds))
            if info.read_through
            else SeriesSamples(info, self._store.samples(info.id, time_range))
            for info in series
        )


class _RemoteReading:
    """Reads series from the sources they stay in, every source at the same time and none longer than the deadline."""

    def __init__(
        self,
        store: CombinedSources,
        registry: ConnectorRegistry,
        context_for: Callable[[Connection], ConnectorContext],
        deadline_seconds: float,
    ) -> None:
        self._store = store
        self._registry = registry
        self._context_for = context_for
        self._deadline_seconds = deadline_seconds

    def read(
        self, series: Sequence[SeriesInfo], time_range: TimeRange, step_seconds: float
    ) -> Mapping[int, SampleColumns | OperatorError]:
        """The samples in time by the series' numbers, or why there are none; a series that is not told of is absent."""
        if not series:
            return {}
        replies = asyncio.run(self._read_all(series, time_range, _whole(step_seconds)))
        columns = {
            connection_id: reply if isinstance(reply, OperatorError) else _by_identity(reply)
            for connection_id, reply in replies.items()
        }
        found = {info.id: _of(info, columns[info.connection_id]) for info in series}
        return {number: each for number, each in found.items() if each is not None}

    async def _read_all(
        self, series: Sequence[SeriesInfo], time_range: TimeRange, step_seconds: float
    ) -> dict[str, Samples | OperatorError]:
        queries = self._store.remote_queries([info.id for info in series])
        wanted: dict[str, list[RemoteSeries]] = defaultdict(list)
        for info in series:
            wanted[info.connection_id].append(RemoteSeries(info.identity, queries.get(info.id, "")))
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
            async with asyncio.timeout(self._deadline_seconds):
                return await connector.read(context, series, time_range, step_seconds)
        except TimeoutError:
            return OperatorError("The source did not answer in time.", "Narrow the range, or look at the source.")
        except OperatorError as fault:
            return fault


def _whole(step_seconds: float) -> int:
    return max(1, round(step_seconds))


def _by_identity(read: Samples) -> dict[SeriesIdentity, SampleColumns]:
    """Each series' samples in time; of two at one instant the later one stands."""
    order = np.lexsort((read.times_ms, read.series_index))
    numbers, times_ms, values = read.series_index[order], read.times_ms[order], read.values[order]
    last = np.append((numbers[1:] != numbers[:-1]) | (times_ms[1:] != times_ms[:-1]), True)[: len(order)]
    numbers, times_ms, values = numbers[last], times_ms[last], values[last]
    bounds = np.searchsorted(numbers, np.arange(len(read.identities) + 1))
    return {
        identity: SampleColumns(
            times_ms[bounds[number] : bounds[number + 1]], values[bounds[number] : bounds[number + 1]]
        )
        for number, identity in enumerate(read.identities)
    }


def _of(
    info: SeriesInfo, reply: Mapping[SeriesIdentity, SampleColumns] | OperatorError
) -> SampleColumns | OperatorError | None:
    return reply if isinstance(reply, OperatorError) else reply.get(info.identity)


def _read_through(info: SeriesInfo, read: SampleColumns | OperatorError | None, step_seconds: int) -> SeriesSamples:
    if isinstance(read, OperatorError):
        return SeriesSamples(info, _NO_SAMPLES, step_seconds, str(read))
    return SeriesSamples(info, read or _NO_SAMPLES, step_seconds)


def _filled(envelope: Envelope, read: SampleColumns | OperatorError | None) -> Envelope:
    """The envelope filled from samples of its series; NaN samples leave no mark."""
    if read is None:
        return envelope
    if isinstance(read, OperatorError):
        return replace(envelope, failure=str(read))
    found = gathered(read.times_ms, read.values, envelope.edges_ms)
    return replace(envelope, low=found.low, high=found.high, mean=found.mean, last=found.last, counts=found.counts)
