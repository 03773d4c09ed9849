"""Resources with a history in a real store, small enough to be derived again by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.allocations import Allocation
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, take_in

LEDGER, API, TESSERA = "component/ledger-db", "service/payments-api", "partner/tessera"
READS, LINKS = "integration/reads", "integration/links"
OUTSIDE = RelationKind.EXTERNAL_INTERNAL
GIB = 2.0**30
LIVE = Moment(TimeRange(NOON - timedelta(hours=6), NOON), NOON)
STORAGE = SeriesIdentity(LEDGER, "storage", Meaning.STORAGE, "ratio", labels=(("mount", "/data"),))
BUSY = SeriesIdentity(API, "busy", Meaning.SATURATION, "ratio")

Values = npt.NDArray[np.float64]


def declare(
    store: SqlStore, facts: Mapping[str, Mapping[str, object]] | None = None, relations: Sequence[Relation] = ()
) -> None:
    """The estate, with facts by entity key."""
    told = facts or {}
    kinds = (
        (LEDGER, EntityKind.COMPONENT, "Ledger"),
        (API, EntityKind.SERVICE, "Payments API"),
        (TESSERA, EntityKind.PARTNER, "Tessera"),
        (READS, EntityKind.INTEGRATION, "Reads"),
        (LINKS, EntityKind.INTEGRATION, "Links"),
    )
    entities = tuple(Entity(key, kind, name, facts=facts_of(told.get(key, {}))) for key, kind, name in kinds)
    change = EstateChange(NOON - timedelta(days=200), "test", put_entities=entities, put_relations=tuple(relations))
    store.writer.change_estate(change).result(20)


def tell(store: SqlStore, identity: SeriesIdentity, values: Values, *, end: datetime = NOON) -> None:
    """An hourly series that ends at an instant."""
    times_ms = to_ms(end) - 3_600_000 * np.arange(len(values), dtype=np.int64)[::-1]
    take_in(store, Batch(samples=Samples.of_series(identity, times_ms, np.asarray(values, np.float64))))


def growing(days: int, start: float, per_day: float, *, daily: float = 0.0) -> Values:
    """A line with a daily wave, an hour a value, up to noon."""
    hours = np.arange(days * 24 + 13, dtype=np.float64)
    return start + per_day * hours / 24 + daily * np.sin(2 * np.pi * hours / 24)


def allocate(store: SqlStore, *allocations: Allocation) -> None:
    """Sizes that a source tells."""
    take_in(store, Batch(allocations=allocations))
