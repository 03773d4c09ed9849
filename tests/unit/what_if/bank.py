"""A bank in memory for assumptions: it can only be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from quarterdeck.domain.estate import Entity, EntityKind, Estate, Relation, RelationKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceRecord
from quarterdeck.services.what_if import WhatIf, WhatIfReader
from tests.support.stores import NOON

BUSINESS, OWNED, EVENTS = (
    RelationKind.EXTERNAL_INTERNAL,
    RelationKind.SERVICE_COMPONENT,
    RelationKind.EVENT_NOTIFICATION,
)
PAIR = HealthRule(RuleKind.AT_LEAST, ("component/node-a", "component/node-b"), count=1)
ENTITIES = (
    Entity("partner/hub", EntityKind.PARTNER, "Hub"),
    Entity("partner/rail", EntityKind.PARTNER, "Rail"),
    Entity("integration/bills", EntityKind.INTEGRATION, "Bills", tier=1),
    Entity("integration/statements", EntityKind.INTEGRATION, "Statements"),
    Entity("service/orders", EntityKind.SERVICE, "Orders", rules=(PAIR,)),
    Entity("component/node-a", EntityKind.COMPONENT, "Node A"),
    Entity("component/node-b", EntityKind.COMPONENT, "Node B"),
    Entity("event_type/paid", EntityKind.EVENT_TYPE, "Bill paid"),
    Entity("channel/sms", EntityKind.CHANNEL, "Text message"),
)
RELATIONS = (
    Relation(BUSINESS, "partner/hub", "integration/bills"),
    Relation(BUSINESS, "partner/rail", "integration/statements"),
    Relation(BUSINESS, "integration/bills", "service/orders"),
    Relation(OWNED, "service/orders", "component/node-a"),
    Relation(OWNED, "service/orders", "component/node-b"),
    Relation(EVENTS, "service/orders", "event_type/paid"),
    Relation(EVENTS, "event_type/paid", "channel/sms"),
)
_TELL_NOTHING = {EntityKind.EVENT_TYPE, EntityKind.CHANNEL}


class _NoMaintenance:
    def records(self, window_id: str | None = None) -> tuple[MaintenanceRecord, ...]:
        return ()


@dataclass
class Bank:
    """All healthy for hours, except what `own` says; what tells nothing of itself is left out."""

    own: Mapping[str, HealthState] = field(default_factory=dict[str, HealthState])
    entities: tuple[Entity, ...] = ENTITIES
    relations: tuple[Relation, ...] = RELATIONS
    since: timedelta = timedelta(hours=3)
    asked: list[datetime] = field(default_factory=list[datetime])

    @property
    def maintenance(self) -> _NoMaintenance:
        """No planned work."""
        return _NoMaintenance()

    def estate(self, as_of_at: datetime) -> Estate:
        """The estate, at any moment."""
        self.asked.append(as_of_at)
        return Estate(self.entities, self.relations)

    def own_states_in(
        self, time_range: TimeRange, entity_keys: Sequence[str] | None = None
    ) -> tuple[StateInterval, ...]:
        """Own states that hold since hours before."""
        return tuple(
            StateInterval(one.key, self.own.get(one.key, HealthState.HEALTHY), "", NOON - self.since)
            for one in self.entities
            if one.kind not in _TELL_NOTHING or one.key in self.own
        )


def what_if(bank: Bank | None = None, at: datetime = NOON, **states: HealthState) -> WhatIf:
    """What would follow; entities by their names with underscores: `partner__hub=DOWN`."""
    keys = {name.replace("__", "/").replace("_0", "-"): state for name, state in states.items()}
    return WhatIfReader(bank or Bank()).what_if(at, keys)
