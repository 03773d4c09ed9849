"""Sources whose series stay with them: one that answers by a rule, and stores that know its series."""

import asyncio
from collections.abc import Callable

import numpy as np
from typing_extensions import override

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import SeriesIdentity, SeriesInfo
from quarterdeck.sdk.connector import ConnectionSettings, ConnectorContext, RemoteSeries
from quarterdeck.sdk.manifest import Manifest, RecordKind
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.sdk.testing import context_for
from quarterdeck.services.ports import Cursors, Ingest, SeriesQuery
from quarterdeck.services.readthrough import CombinedEnvelopes, CombinedSamples
from quarterdeck.storage.store import SqlStore
from tests.support.fakes import MemoryRegistry, ScriptedConnector
from tests.support.stores import NOON, PATIENCE_SECONDS, take_in

MANIFEST = Manifest(
    id="engine", version="1.0.0", sdk=1, title="Engine", summary="An engine.", records=(RecordKind.SAMPLES,)
)
COPYING = MANIFEST.model_copy(update={"id": "copying"})
Answering = Callable[[RemoteSeries, np.ndarray], tuple[np.ndarray, np.ndarray]]


def evaluated(series: RemoteSeries, instants_ms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The number in a query at every instant."""
    return instants_ms, np.full(len(instants_ms), float(series.query))


class Engine(ScriptedConnector):
    """Answers at whole multiples of the step; keeps what it was asked."""

    def __init__(self, answer: Answering = evaluated) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[tuple[tuple[str, ...], TimeRange, float]] = []

    async def remote_series(self, context: ConnectorContext) -> tuple[RemoteSeries, ...]:
        return ()

    async def read(
        self, context: ConnectorContext, series: tuple[RemoteSeries, ...], time_range: TimeRange, step_seconds: float
    ) -> Samples:
        self.asked.append((tuple(one.query for one in series), time_range, step_seconds))
        if self.is_silent:
            await asyncio.Event().wait()
        if self.fault is not None:
            raise self.fault
        step_ms = int(step_seconds * 1000)
        first = -(-time_range.start_ms // step_ms) * step_ms
        instants = np.arange(first, time_range.end_ms, step_ms, dtype=np.int64)
        return Samples.joined([Samples.of_series(one.identity, *self.answer(one, instants)) for one in series])


class Telling(Engine):
    """Answers with what it was given, as it is."""

    def __init__(self, samples: Samples) -> None:
        super().__init__()
        self._samples = samples

    @override
    async def read(
        self, context: ConnectorContext, series: tuple[RemoteSeries, ...], time_range: TimeRange, step_seconds: float
    ) -> Samples:
        return self._samples


class Estate:
    """A store with series of its own and of engines, and readers over both."""

    def __init__(self, store: SqlStore, engine: Engine | None = None) -> None:
        self.store = store
        self.engine = engine or Engine()
        loaded = (LoadedConnector(MANIFEST, self.engine), LoadedConnector(COPYING, ScriptedConnector()))
        self._parts = (store, MemoryRegistry(*loaded), _context)
        self.samples = CombinedSamples(*self._parts, deadline_seconds=0.05)
        self.envelopes = CombinedEnvelopes(*self._parts, deadline_seconds=0.05)

    def connect(self, connection_id: str, connector_id: str = "engine") -> None:
        connection = Connection(connection_id, connector_id, f"The {connection_id}")
        self.store.writer.put_connection(connection).result(PATIENCE_SECONDS)

    def remote(self, identity: SeriesIdentity, query: str = "1", connection_id: str = "engine") -> SeriesInfo:
        """A series that stays in its source."""
        named = (RemoteSeries(identity, query),)
        ingest = Ingest(connection_id, Batch(), NOON, Cursors(), remote_series=named)
        self.store.writer.ingest(ingest).result(PATIENCE_SECONDS)
        return self.info(identity)

    def local(self, identity: SeriesIdentity, times_ms: np.ndarray, values: np.ndarray) -> SeriesInfo:
        """A series whose samples lie here."""
        taken = Samples.of_series(identity, times_ms.astype(np.int64), values.astype(np.float64))
        take_in(self.store, Batch(samples=taken))
        return self.info(identity)

    def info(self, identity: SeriesIdentity) -> SeriesInfo:
        return next(one for one in self.store.find(SeriesQuery()) if one.identity == identity)


def _context(connection: Connection) -> ConnectorContext:
    return context_for(ConnectionSettings.of(connection.settings))


def fault() -> OperatorError:
    return OperatorError("The server is not there.", "Start it.")
