"""The outside as the services see it: stores, clock, secrets. Storage and the tests' fakes stand behind these.

Reads return immutable values and may be called from any thread. Writes go through `StoreWriter`: each call is one
durable transaction, in the order of the calls, and returns a future that resolves once it is on disk. A failed future
carries StoreUnavailable; its outcome is then unknown and is read back by key, never blindly repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.checks import CheckResult, ClaimedStatus
from quarterdeck.domain.connections import Connection, ConnectionHealth, Reception
from quarterdeck.domain.estate import Entity, Origin, Relation
from quarterdeck.domain.events import Change, StoredEvent
from quarterdeck.domain.health import StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services import estate_ports, series_ports
from quarterdeck.services.anomaly_ports import AnomalyStore
from quarterdeck.services.claim_ports import ClaimStore
from quarterdeck.services.failure_ports import FailureStore
from quarterdeck.services.maintenance_ports import MaintenanceStore
from quarterdeck.services.store_growth import Housekeeping, StoreSizes

if TYPE_CHECKING:
    from quarterdeck.sdk.connector import RemoteSeries
    from quarterdeck.sdk.records import Batch
    from quarterdeck.services.compliance_ports import ComplianceRecords

EstateStore = estate_ports.EstateStore
EstateHistories = estate_ports.EstateHistories
SightingStore = estate_ports.SightingStore
Envelope = series_ports.Envelope
Precision = series_ports.Precision
SampleColumns = series_ports.SampleColumns
SeriesQuery = series_ports.SeriesQuery
SeriesStore = series_ports.SeriesStore


class Clock(Protocol):
    """The time, replaceable in tests."""

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        ...


class Topic(StrEnum):
    """What a change of the store is about; readers refresh only what they show."""

    ESTATE = "estate"
    SERIES = "series"
    STATES = "states"
    CHECKS = "checks"
    EVENTS = "events"
    CONNECTIONS = "connections"
    CONNECTION_HEALTH = "connection_health"
    COMPLIANCE = "compliance"
    MAINTENANCE = "maintenance"
    ANOMALIES = "anomalies"


class VersionCounters(Protocol):
    """How readers learn of new data without being told."""

    def versions(self) -> Mapping[Topic, int]:
        """A number per topic that grows with every committed change of it. Cheap enough to ask every second."""
        ...


class StateStore(Protocol):
    """Health states as intervals."""

    def states_at(self, as_of_at: datetime) -> Mapping[str, StateInterval]:
        """The interval that holds at a moment, by entity key."""
        ...

    def states_in(self, time_range: TimeRange, entity_keys: Sequence[str] | None = None) -> tuple[StateInterval, ...]:
        """Intervals that overlap a range, ordered by entity and time; all entities when no keys are given."""
        ...


class OwnStateStore(Protocol):
    """Health states by each entity's own signals alone, before anything around it is taken into account."""

    def own_states_in(
        self, time_range: TimeRange, entity_keys: Sequence[str] | None = None
    ) -> tuple[StateInterval, ...]:
        """Intervals that overlap a range, ordered by entity and time; all entities when no keys are given."""
        ...


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events are wanted, newest first, before a known number for paging."""

    time_range: TimeRange
    types: tuple[str, ...] = ()
    entity_keys: tuple[str, ...] = ()
    correlation_key: str = ""
    before_id: int | None = None
    limit: int = 500


class OccurrenceStore(Protocol):
    """Events, checks, changes, claimed statuses and allocations."""

    def events(self, query: EventQuery) -> tuple[StoredEvent, ...]:
        """Events newest first by their number."""
        ...

    def count_events(self, time_range: TimeRange, type_name: str) -> int:
        """How many events of a type occurred in a range."""
        ...

    def changes(self, time_range: TimeRange) -> tuple[Change, ...]:
        """Changes in a range, oldest first."""
        ...

    def latest_checks(self, as_of_at: datetime) -> tuple[CheckResult, ...]:
        """The newest result per entity and check name not after a moment (and at most a day old)."""
        ...

    def checks_in(self, entity_key: str, time_range: TimeRange) -> tuple[CheckResult, ...]:
        """Results of one entity in a range, oldest first."""
        ...

    def claimed_at(self, as_of_at: datetime) -> Mapping[str, ClaimedStatus]:
        """What each partner claimed at a moment, by entity key."""
        ...

    def allocations_at(self, as_of_at: datetime) -> tuple[Allocation, ...]:
        """The newest allocation per entity and resource not after a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Cursors:
    """Where a connection stands: its live cursor, the last good poll, and how far back history was fetched.

    `backfill_reached_at` begins where the first good poll began, so that history ends there and leaves no hole.
    """

    live: str | None = None
    last_good_at: datetime | None = None
    backfill_reached_at: datetime | None = None
    backfill_until_at: datetime | None = None
    backfill_samples: int = 0


class ConnectionStore(Protocol):
    """Connections, their health and what they delivered when."""

    def connections(self) -> tuple[Connection, ...]:
        """All connections, by name."""
        ...

    def health(self) -> Mapping[str, ConnectionHealth]:
        """The last recorded health by connection id."""
        ...

    def reception(self, time_range: TimeRange) -> tuple[Reception, ...]:
        """Stretches of reception that overlap a range, by connection and time, without overlap or gap inside."""
        ...

    def cursors(self, connection_id: str) -> Cursors:
        """Where a connection stands; empty for one that never polled."""
        ...


@dataclass(frozen=True, slots=True)
class EstateChange:
    """A difference to write to the estate at one moment; removals close the validity, nothing is erased.

    With `new_since_at` what this source never told before is valid from then on, not only from `changed_at`.
    """

    changed_at: datetime
    source: str
    origin: Origin = Origin.DECLARED
    put_entities: tuple[Entity, ...] = ()
    put_relations: tuple[Relation, ...] = ()
    remove_entity_keys: tuple[str, ...] = ()
    remove_relation_keys: tuple[str, ...] = ()
    put_connections: tuple[Connection, ...] = ()
    remove_connection_ids: tuple[str, ...] = ()
    new_since_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ingest:
    """One batch of one connection with what goes into the same transaction.

    `stood` is where the connection stood before. Once the store has forgotten that, the connection began anew
    meanwhile, and `cursors` are those of another source: they are not kept.
    """

    connection_id: str
    batch: Batch
    received_at: datetime
    cursors: Cursors
    reception: tuple[Reception, ...] = ()
    remote_series: tuple[RemoteSeries, ...] = ()
    stood: Cursors = Cursors()


@dataclass(frozen=True, slots=True)
class IngestReceipt:
    """What was stored: samples accepted, events that were new, series that appeared."""

    samples: int = 0
    new_events: int = 0
    new_series: int = 0


@dataclass(frozen=True, slots=True)
class StateChange:
    """States to write for one entity: everything inside `time_range` is replaced by `intervals`.

    Intervals lie inside the range, ordered, without overlap. An interval of the same state that touches one already
    stored is merged with it, and the earlier reason stands. When `open_ended`, the last interval stays open. `is_own`
    are states by the entity's own signals alone, which nobody is shown.
    """

    entity_key: str
    time_range: TimeRange
    intervals: tuple[StateInterval, ...]
    open_ended: bool = False
    is_own: bool = False


class StoreWriter(Protocol):
    """All writing. Calls return at once; the futures resolve in the order of the calls."""

    def ingest(self, ingest: Ingest) -> Future[IngestReceipt]:
        """Store a batch with its cursors, whole or not at all. Observed entities and relations are dated in."""
        ...

    def change_estate(self, change: EstateChange) -> Future[None]:
        """Write an estate difference, whole or not at all."""
        ...

    def change_states(self, changes: Sequence[StateChange]) -> Future[None]:
        """Write state intervals."""
        ...

    def put_connection(self, connection: Connection, *, begins_anew: bool = False) -> Future[None]:
        """Add or replace a connection; `begins_anew` forgets where it stood, for it leads to another source now."""
        ...

    def remove_connection(self, connection_id: str) -> Future[None]:
        """Remove a connection; what it delivered stays."""
        ...

    def put_connection_health(self, health: Sequence[ConnectionHealth]) -> Future[None]:
        """Record connections' own health."""
        ...


@dataclass(frozen=True, slots=True)
class LeaseState:
    """Who holds a lease and until when."""

    holder: str
    renewed_at: datetime
    expires_at: datetime
    host: str = ""
    pid: int = 0


class LeaseStore(Protocol):
    """The lease that makes one collector of many: one conditional statement decides, inside the store."""

    def acquire(self, holder: str, now: datetime, lifetime_seconds: float) -> bool:
        """Take or renew the lease; False when somebody else's has not run out."""
        ...

    def release(self, holder: str) -> None:
        """Give the lease back if it is ours."""
        ...

    def lease(self) -> LeaseState | None:
        """The lease as it stands, run out or not."""
        ...


class SecretStore(Protocol):
    """Secrets of connections, kept outside the store."""

    def get(self, connection_id: str, key: str) -> str | None:
        """A secret, or None when there is none. Raises OperatorError when the keyring is locked or missing."""
        ...

    def put(self, connection_id: str, key: str, value: str) -> None:
        """Keep a secret. Raises OperatorError when there is no place that really keeps it."""
        ...

    def remove(self, connection_id: str, key: str) -> None:
        """Forget a secret; nothing happens when there is none."""
        ...


@dataclass(frozen=True, slots=True)
class StoreSummary:
    """What `store info` tells: where, which revision, how large, how much of what; `versions` of what is dated."""

    url: str
    revision: str
    size_bytes: int
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    versions: Mapping[str, int] = field(default_factory=dict[str, int])
    oldest_sample_at: datetime | None = None
    newest_sample_at: datetime | None = None


class StoreInspection(Protocol):
    """What can be asked of a store as a whole."""

    def summary(self) -> StoreSummary:
        """Size, revision and counts."""
        ...

    def check(self) -> tuple[str, ...]:
        """Faults found, each a sentence; empty for a sound store."""
        ...

    def unreadable_rows(self) -> tuple[str, ...]:
        """The rows that reading left out so far because they cannot be read: which, why, and what to do."""
        ...


class Store(
    FailureStore,
    EstateStore,
    EstateHistories,
    SightingStore,
    StateStore,
    OwnStateStore,
    SeriesStore,
    OccurrenceStore,
    ConnectionStore,
    VersionCounters,
    StoreInspection,
    StoreSizes,
    MaintenanceStore,
    AnomalyStore,
    ClaimStore,
    Protocol,
):
    """Everything that is read from one store, and its writer and lease."""

    @property
    def writer(self) -> StoreWriter:
        """The one writer of this process."""
        ...

    @property
    def housekeeping(self) -> Housekeeping:
        """Who changes what it keeps."""
        ...

    @property
    def compliance(self) -> ComplianceRecords:
        """Policies, evidence and verdicts."""
        ...

    @property
    def leases(self) -> LeaseStore:
        """The collector's lease."""
        ...

    def guard_writes(self, may_write: Callable[[], bool]) -> None:
        """Write nothing any more, housekeeping included, unless this says so; asked in the writer's thread."""
        ...

    def close(self) -> None:
        """Finish what was accepted, stop the writer's thread, let go of the file."""
        ...
