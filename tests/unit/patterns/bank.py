"""A small bank in a real store: integrations that name patterns, what they are related to, and what tells of them."""

from collections.abc import Sequence
from datetime import timedelta

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in_values

HOUR = 3600.0
PARTNER = Entity("partner/hub", EntityKind.PARTNER, "Hub")
SERVICE = Entity("service/orders", EntityKind.SERVICE, "Orders")
LINKED = Relation(
    RelationKind.EXTERNAL_INTERNAL, PARTNER.key, "integration/bills", facts_of({"contract": "C-1", "protocol": "HTTPS"})
)
ONWARD = Relation(RelationKind.EXTERNAL_INTERNAL, "integration/bills", SERVICE.key, facts_of({"protocol": "gRPC"}))
OWN = """\
quarterdeck_pattern: 1
id: own_shape
title: Own shape
kind: integration
relations:
  - {kind: external_internal, from: partner, facts: [contract]}
  - {kind: external_internal, to: service}
signals:
  - {meaning: error_rate}
facts: [data_class]
"""


def integration(name: str, pattern: str = "", **facts: str) -> Entity:
    """An integration that names a pattern."""
    told = facts_of({"pattern": pattern or None, "data_class": "payment", "objective": "99.9%", **facts})
    bounds = (Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.0),)
    key = f"integration/{name}"
    return Entity(
        key, EntityKind.INTEGRATION, name.title(), "bill_pay", freshness_seconds=90, expectations=bounds, facts=told
    )


def declare(
    store: SqlStore, at: float, entities: Sequence[Entity], relations: Sequence[Relation] = (), *, remove: str = ""
) -> None:
    """Declare some, so many seconds after noon; `remove` is the key of a relation that ends then."""
    gone = (remove,) if remove else ()
    change = EstateChange(
        after(at), "bank", put_entities=tuple(entities), put_relations=tuple(relations), remove_relation_keys=gone
    )
    store.writer.change_estate(change).result(PATIENCE_SECONDS)


def tell(store: SqlStore, at: float, entity_key: str, *meanings: Meaning) -> None:
    """One sample of each meaning."""
    if not any(connection.id == "probe" for connection in store.connections()):
        connection = Connection("probe", "http_probe", "Probe", poll_seconds=10.0)
        store.writer.put_connection(connection).result(PATIENCE_SECONDS)
    values = {SeriesIdentity(entity_key, meaning.value, meaning): 0.5 for meaning in meanings}
    take_in_values(store, after(at), values)


def moment(at: float, *, live: bool = False) -> Moment:
    """The moment so many seconds after noon."""
    return Moment(TimeRange(NOON - timedelta(hours=6), after(at)), after(at), live=live)
