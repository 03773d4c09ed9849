"""A partner with a page whose claims and measurements differ, in a real store."""

import pytest

from quarterdeck.domain.checks import CheckOutcome, CheckResult
from quarterdeck.domain.connections import Connection, Reception, ReceptionKind
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import store, take_in
from tests.unit.claims.courses import claim, minute

__all__ = ["store"]

PAYHUB, TESSERA = "partner/payhub", "partner/tessera"
PAYMENTS = "integration/payments"
OUTSIDE = RelationKind.EXTERNAL_INTERNAL
PAGE = Connection("page", "status_page", "Page", (("entity", PAYHUB), ("components", f"API => {PAYMENTS}")))
ENTITIES = (
    Entity(PAYHUB, EntityKind.PARTNER, "PayHub"),
    Entity(TESSERA, EntityKind.PARTNER, "Tessera"),
    Entity(PAYMENTS, EntityKind.INTEGRATION, "Payments"),
)


@pytest.fixture
def watched(store: SqlStore) -> SqlStore:
    """Two partners, of whom one has a page that the connection reads."""
    relations = (Relation(OUTSIDE, PAYHUB, PAYMENTS), Relation(OUTSIDE, PAYHUB, "integration/gone"))
    change = EstateChange(minute(-600), "test", put_entities=ENTITIES, put_relations=relations, put_connections=(PAGE,))
    store.writer.change_estate(change).result(20)
    return store


def measure(store: SqlStore, key: str, *parts: tuple[float, float, HealthState]) -> None:
    """States of an entity, from minute to minute."""
    intervals = tuple(StateInterval(key, state, "why", minute(start), minute(end)) for start, end, state in parts)
    whole = TimeRange(intervals[0].from_at, intervals[-1].to_at or intervals[-1].from_at)
    store.writer.change_states([StateChange(key, whole, intervals)]).result(20)


def tell(store: SqlStore, *claims: tuple[float, str], key: str = PAYHUB, missing: TimeRange | None = None) -> None:
    """Claims read at minutes, and a stretch in which the page was not read."""
    batch = Batch(claimed=tuple(claim(at, state, key) for at, state in claims))
    gaps = (Reception(PAGE.id, ReceptionKind.MISSING, missing.start_at, missing.end_at),) if missing else ()
    store.writer.ingest(Ingest(PAGE.id, batch, minute(600), Cursors(), reception=gaps)).result(20)


def probe(store: SqlStore, minutes: float, outcome: CheckOutcome, status: str, key: str = PAYHUB) -> None:
    """One probe of a partner."""
    check = CheckResult(key, "probe", minute(minutes), outcome, f"HTTP {status}", facts=facts_of({"status": status}))
    take_in(store, Batch(checks=(check,)))


def lagging(store: SqlStore) -> None:
    """An outage from 30 to 60 that the page admits at 37, and an alarm until 70 that nobody needs."""
    tell(store, (0, "up"), (36, "up"), (37, "down"), (69, "down"), (70, "up"), (130, "up"))
    states = ((0, 30, HealthState.HEALTHY), (30, 60, HealthState.DOWN), (60, 130, HealthState.HEALTHY))
    measure(store, PAYMENTS, *states)
    probe(store, 30, CheckOutcome.FAILED, "503")
