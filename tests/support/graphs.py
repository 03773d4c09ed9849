"""Made-up estates as graphs, small enough to read or large enough to be a burden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from quarterdeck.domain.estate import Entity, EntityKind, Origin, Relation, RelationKind
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.health import HealthState
from quarterdeck.services.relationships import EstateFacts, GraphEntity, GraphRelation, RelationshipReport
from tests.support.pictured_bank import NOON

BUSINESS, OWNED, EVENTS = (
    RelationKind.EXTERNAL_INTERNAL,
    RelationKind.SERVICE_COMPONENT,
    RelationKind.EVENT_NOTIFICATION,
)
NO_FACTS = EstateFacts((), (), ())
KINDS = tuple(EntityKind)
SHARES = (0.10, 0.22, 0.24, 0.30, 0.10, 0.04)
DOMAINS = ("account", "bill_pay", "notification", "cards", "lending", "custody", "insight", "onboarding")
STATES = (HealthState.HEALTHY,) * 14 + tuple(HealthState)


def thing(key: str, state: HealthState = HealthState.HEALTHY, **changes: object) -> GraphEntity:
    """An entity called after its key; `changes` are of the entity, `since_at` and `reason` of its state."""
    kind, _, name = key.partition("/")
    since_at, reason = changes.pop("since_at", NOON - timedelta(minutes=14)), str(changes.pop("reason", ""))
    readings = changes.pop("readings", {})
    entity = replace(Entity(key, EntityKind(kind), name.capitalize(), domain="bill_pay"), **changes)
    assert since_at is None or isinstance(since_at, datetime)
    assert isinstance(readings, Mapping)
    return GraphEntity(entity, state, reason, since_at, readings, source="bank")


def link(kind: RelationKind, source_key: str, target_key: str, **facts: str) -> GraphRelation:
    """A declared relation."""
    relation = Relation(kind, source_key, target_key, facts_of(facts))
    return GraphRelation(relation, frozenset({Origin.DECLARED}), "bank", NOON - timedelta(days=40))


def report(entities: Sequence[GraphEntity], relations: Sequence[GraphRelation] = ()) -> RelationshipReport:
    """A report of these."""
    return RelationshipReport(tuple(entities), tuple(relations), NO_FACTS)


PAYHUB = thing("partner/payhub", HealthState.DOWN, reason="Answered HTTP 503", since_at=NOON - timedelta(minutes=13))
PROCESSOR = thing(
    "integration/processor", HealthState.DOWN, reason="Error rate 38%, above 25%", tier=1, owner="payments"
)
ORDERS = thing("service/orders", HealthState.DEGRADED, reason="p95 response time 2.9 s, above 1.5 s", owner="payments")
RAIL = thing("service/rail", owner="payments")
DATABASE = thing("component/payments-db", owner="platform")
ACCEPTED = thing("event_type/accepted")
TEXT = thing("channel/sms", domain="notification")
STATEMENTS = thing("integration/statements", HealthState.STALE, domain="account")
BILL_PAY = report(
    (PAYHUB, PROCESSOR, STATEMENTS, ORDERS, RAIL, DATABASE, ACCEPTED, TEXT),
    (
        link(BUSINESS, PAYHUB.key, PROCESSOR.key, contract="C-1182", protocol="HTTPS/JSON", objective="99.9%"),
        link(BUSINESS, PROCESSOR.key, ORDERS.key, protocol="gRPC"),
        link(BUSINESS, PROCESSOR.key, RAIL.key, protocol="gRPC"),
        link(BUSINESS, STATEMENTS.key, RAIL.key),
        link(OWNED, ORDERS.key, DATABASE.key, protocol="SQL"),
        link(OWNED, RAIL.key, DATABASE.key, protocol="SQL"),
        link(EVENTS, ORDERS.key, ACCEPTED.key),
        link(EVENTS, ACCEPTED.key, TEXT.key),
    ),
)


def crowd(count: int, seed: int = 1) -> RelationshipReport:
    """An estate of so many entities in eight domains, most relations inside one, with some of every state."""
    random = np.random.default_rng(seed)
    layers: list[list[GraphEntity]] = []
    for kind, share in zip(KINDS, SHARES, strict=True):
        numbers = range(max(1, round(count * share)))
        layers.append([_member(kind, number, random) for number in numbers])
    relations = [
        link(kind, one.key, other.key, protocol="HTTPS/JSON", contract=f"C-{number}")
        for kind, upper, lower in (
            (BUSINESS, 0, 1),
            (BUSINESS, 1, 2),
            (OWNED, 2, 3),
            (EVENTS, 2, 4),
            (EVENTS, 4, 5),
        )
        for number, (one, other) in enumerate(_pairs(layers[upper], layers[lower], random))
    ]
    unique = {relation.key: relation for relation in relations}
    return report([one for layer in layers for one in layer], tuple(unique.values()))


def _member(kind: EntityKind, number: int, random: np.random.Generator) -> GraphEntity:
    state = STATES[int(random.integers(len(STATES)))]
    domain = DOMAINS[number % len(DOMAINS)]
    return thing(f"{kind}/{domain}-{number}", state, domain=domain, reason="Error rate 3.1%, above 2.0%")


def _pairs(
    upper: Sequence[GraphEntity], lower: Sequence[GraphEntity], random: np.random.Generator
) -> list[tuple[GraphEntity, GraphEntity]]:
    """Each of the longer side with one or two of the other, seven in eight of its own domain."""
    found: list[tuple[GraphEntity, GraphEntity]] = []
    longer, shorter = (upper, lower) if len(upper) >= len(lower) else (lower, upper)
    for one in longer:
        own = [other for other in shorter if other.entity.domain == one.entity.domain] or shorter
        for _ in range(2):
            choice = own if random.random() < 7 / 8 else shorter
            other = choice[int(random.integers(len(choice)))]
            found.append((one, other) if longer is upper else (other, one))
    return found
