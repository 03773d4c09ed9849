"""What the signals told around the onset of an outage: gathered from the store for whoever judges whose fault it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.facts import fact
from quarterdeck.domain.fault_class import ErrorSide, Others, OutageFacts, ProbeEnd
from quarterdeck.domain.health import ROLLUP_CAUSE, HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesInfo
from quarterdeck.services.claim_ports import ClaimStore
from quarterdeck.services.current_states import JudgedStates
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import ConnectionStore, EstateStore, OccurrenceStore, SeriesQuery, SeriesStore
from quarterdeck.services.signals import SignalReader

BEFORE = timedelta(minutes=30)
"""A part of ours or a change of ours that failed or came longer before the onset is not its cause."""

AROUND = timedelta(minutes=5)
"""What fails within so long of the onset fails at once."""

CLAIM_STANDS = timedelta(minutes=15)
"""A claim after which nothing was read stands for so long."""

_AT_ONCE = timedelta(minutes=1)
_PROBED_FOR = timedelta(minutes=10)
_PARTNER_NOTICES = frozenset({"partner_notice", "partner_maintenance"})
_UNWELL = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})
_CLAIM_RANK = (
    HealthState.UNKNOWN,
    HealthState.HEALTHY,
    HealthState.MAINTENANCE,
    HealthState.DEGRADED,
    HealthState.DOWN,
)
_REFUSALS = frozenset({401, 403, 407, 429})
_SERVER_ERRORS, _CLIENT_ERRORS = range(500, 600), range(400, 500)
_COMPONENT = "component "
_FINE = "operational"
ERROR_LABELS = frozenset({"error_class", "error_side"})
"""Labels of series that say on which side requests failed."""

_SIDES = {
    **dict.fromkeys(("ours", "internal", "platform"), ErrorSide.OURS),
    **dict.fromkeys(("partner", "provider", "aggregator"), ErrorSide.PARTNER),
    **dict.fromkeys(("institution", "bank", "issuer"), ErrorSide.INSTITUTION),
    **dict.fromkeys(("client", "customer", "user"), ErrorSide.CLIENT),
}


class OutageSources(EstateStore, JudgedStates, OccurrenceStore, ClaimStore, ConnectionStore, SeriesStore, Protocol):
    """What is read."""


@dataclass(frozen=True, slots=True)
class Way:
    """What an entity hangs on: the partner behind it, its other integrations, our own parts, and who shares those."""

    partner: Entity | None
    siblings: tuple[Entity, ...] = ()
    own_parts: tuple[Entity, ...] = ()
    fellows: tuple[Entity, ...] = ()


class OutageFactReader:
    """Gathers facts in the estate of one moment. Everything that came later is unknown to it."""

    def __init__(self, store: OutageSources, estate: Estate, at: datetime) -> None:
        self._store = store
        self._estate = estate
        self._at = at
        self._entities = {entity.key: entity for entity in estate.entities}
        self._signals = SignalReader(store)

    def facts(self, outage: StateInterval) -> OutageFacts | None:
        """What was told around the onset of an outage; None for what is no part of ours and no partner's either."""
        entity = self._entities.get(outage.entity_key)
        if entity is None or entity.kind in {EntityKind.EVENT_TYPE, EntityKind.CHANNEL}:
            return None
        way, onset_at = self._way(entity), outage.since_at
        states = self._states_around(onset_at)
        claims = self._claims(entity, way.partner, outage)
        own = tuple(claim for claim in claims if claim.entity_key == entity.key) or claims
        institutions = _institutions(entity, way.partner)
        probe, probe_words = self._probe(entity, way.partner, onset_at)
        return OutageFacts(
            partner=way.partner.name if way.partner else "",
            is_internal=way.partner is None,
            probe=probe,
            probe_words=probe_words,
            claim=max((claim.state for claim in own), key=_rank, default=HealthState.UNKNOWN),
            institutions=_hurt(institutions, claims),
            has_institutions=bool(institutions),
            siblings=states.of(way.siblings),
            fellows=states.of(way.fellows),
            probed=self._probed(way.partner, onset_at),
            own_parts=states.failed_first(way.own_parts),
            machine=self._machine(states),
            own_change=self._own_change(way, onset_at),
            error_shares=self._error_shares(entity, onset_at),
        )

    def _way(self, entity: Entity) -> Way:
        if entity.kind in {EntityKind.SERVICE, EntityKind.COMPONENT}:
            return Way(None, own_parts=self._named(self._estate.targets_of(entity.key, RelationKind.SERVICE_COMPONENT)))
        outside = RelationKind.EXTERNAL_INTERNAL
        if entity.kind is EntityKind.PARTNER:
            mine = self._integrations_of(entity)
            return Way(entity, mine, *self._ours(mine))
        sources = self._named(self._estate.sources_of(entity.key, outside))
        partner = next((one for one in sources if one.kind is EntityKind.PARTNER), None)
        siblings = tuple(one for one in self._integrations_of(partner) if one.key != entity.key) if partner else ()
        own, fellows = self._ours((entity, *siblings), of=entity)
        return Way(partner, siblings, own, fellows)

    def _integrations_of(self, partner: Entity) -> tuple[Entity, ...]:
        found = self._named(self._estate.targets_of(partner.key, RelationKind.EXTERNAL_INTERNAL))
        return tuple(one for one in found if one.kind is EntityKind.INTEGRATION)

    def _ours(
        self, integrations: Sequence[Entity], of: Entity | None = None
    ) -> tuple[tuple[Entity, ...], tuple[Entity, ...]]:
        """Components on the way of integrations (or of one of them), and integrations with others over the same."""
        keys = {one.key for one in integrations}
        own = set[str]().union(*(self._parts[one.key] for one in ([of] if of else integrations)))
        fellows = [
            key for key, parts in self._parts.items() if key not in keys and parts & own and self._is_foreign(key)
        ]
        return self._named(sorted(own)), self._named(sorted(fellows))

    @cached_property
    def _parts(self) -> Mapping[str, set[str]]:
        """The components that each integration's traffic passes: its own, and those of the services it leads to."""
        below: dict[str, set[str]] = defaultdict(set)
        for relation in self._estate.relations:
            if relation.kind is RelationKind.SERVICE_COMPONENT:
                below[relation.source_key].add(relation.target_key)
        found: dict[str, set[str]] = defaultdict(set)
        for integration in self._estate.of_kind(EntityKind.INTEGRATION):
            services = self._estate.targets_of(integration.key, RelationKind.EXTERNAL_INTERNAL)
            found[integration.key] = below[integration.key].union(*(below[service] for service in services))
        return found

    def _is_foreign(self, key: str) -> bool:
        sources = self._named(self._estate.sources_of(key, RelationKind.EXTERNAL_INTERNAL))
        return any(one.kind is EntityKind.PARTNER for one in sources)

    def _named(self, keys: Iterable[str]) -> tuple[Entity, ...]:
        return tuple(self._entities[key] for key in keys if key in self._entities)

    def _states_around(self, onset_at: datetime) -> _StatesAround:
        until_at = max(onset_at, min(self._at, onset_at + AROUND))
        found: dict[str, list[StateInterval]] = defaultdict(list)
        for interval in self._store.states_in(TimeRange(onset_at - BEFORE, until_at + timedelta(milliseconds=1))):
            found[interval.entity_key].append(interval)
        return _StatesAround(found, onset_at)

    def _claims(self, entity: Entity, partner: Entity | None, outage: StateInterval) -> tuple[ClaimedStatus, ...]:
        """What the page said of the entity and of the partner while the outage lasted."""
        keys = [entity.key, *([partner.key] if partner and partner.key != entity.key else [])]
        until_at = min(outage.to_at or self._at, self._at)
        lasted = TimeRange(outage.since_at, max(outage.since_at, until_at))
        told = self._store.claims_in(lasted, keys)
        standing = (claim for claim, following in pairwise((*told, None)) if claim and _bears(claim, following, lasted))
        return tuple(standing)

    def _probe(self, entity: Entity, partner: Entity | None, onset_at: datetime) -> tuple[ProbeEnd, str]:
        checks = self._checks((partner or entity).key, onset_at) if partner else ()
        failing = [check for check in checks if check.outcome in {CheckOutcome.FAILED, CheckOutcome.UNKNOWN}]
        shown = (failing or list(checks))[:1]
        return (probe_end(shown[0]), shown[0].summary) if shown else (ProbeEnd.NOT_RUN, "")

    def _probed(self, partner: Entity | None, onset_at: datetime) -> Others:
        """How our probes of other partners ended at the same time."""
        well: list[str] = []
        unwell: list[str] = []
        for other in self._estate.of_kind(EntityKind.PARTNER):
            if partner is None or other.key == partner.key:
                continue
            ends = {check.outcome for check in self._checks(other.key, onset_at)}
            if ends & {CheckOutcome.PASSED, CheckOutcome.WARNING}:
                well.append(other.name)
            elif ends:
                unwell.append(other.name)
        return Others(tuple(well), tuple(unwell))

    def _checks(self, key: str, onset_at: datetime) -> tuple[CheckResult, ...]:
        until_at = max(onset_at, min(self._at, onset_at + _PROBED_FOR))
        return self._store.checks_in(key, TimeRange(onset_at - _AT_ONCE, until_at + timedelta(milliseconds=1)))

    def _machine(self, states: _StatesAround) -> HealthState:
        keys = (
            dict(one.settings).get("entity") for one in self._store.connections() if one.connector_id == "this_machine"
        )
        found = states.of(self._named(str(key) for key in keys if key))
        return HealthState.DEGRADED if found.unwell else HealthState.HEALTHY if found.well else HealthState.UNKNOWN

    def _own_change(self, way: Way, onset_at: datetime) -> str:
        parts = {entity.key for entity in way.own_parts}
        services = {relation.source_key for relation in self._estate.relations if relation.target_key in parts}
        before = TimeRange(onset_at - BEFORE, min(self._at, onset_at + _AT_ONCE))
        found = [one for one in self._store.changes(before) if _is_ours(one, parts | services)]
        return found[-1].summary if found else ""

    def _error_shares(self, entity: Entity, onset_at: datetime) -> tuple[tuple[ErrorSide, float], ...]:
        found = self._store.find(SeriesQuery(entity_keys=(entity.key,)))
        sides = {info.id: _side_of(info) for info in found if info.identity.meaning is Meaning.ERROR_RATE}
        wanted = [info for info in found if sides.get(info.id) is not None]
        at = max(onset_at, min(self._at, onset_at + AROUND))
        readings = self._signals.readings(wanted, Moment(TimeRange(onset_at, at), at, live=False)) if wanted else {}
        sums: dict[ErrorSide, float] = defaultdict(float)
        for number, reading in readings.items():
            side = sides[number]
            if side is not None and reading.fresh:
                sums[side] += max(0.0, reading.value)
        total = sum(sums.values())
        return tuple((side, value / total) for side, value in sorted(sums.items())) if total > 0 else ()


@dataclass(frozen=True, slots=True)
class _StatesAround:
    """Intervals that touch the time around an onset, by entity."""

    intervals: Mapping[str, Sequence[StateInterval]]
    onset_at: datetime

    def of(self, entities: Iterable[Entity]) -> Others:
        """Who was unwell at once with it by its own signals, and who was well all the while."""
        well: list[str] = []
        unwell: list[str] = []
        for entity in entities:
            found = [each for each in self.intervals.get(entity.key, ()) if self._is_near(each)]
            if any(each.state in _UNWELL and each.cause != ROLLUP_CAUSE for each in found):
                unwell.append(entity.name)
            elif found and all(each.state is HealthState.HEALTHY for each in found):
                well.append(entity.name)
        return Others(tuple(well), tuple(unwell))

    def failed_first(self, entities: Iterable[Entity]) -> Others:
        """Who began to be unwell by its own signals shortly before it or at once, and who was well until then."""
        well: list[str] = []
        unwell: list[str] = []
        latest_at = self.onset_at + _AT_ONCE
        for entity in entities:
            before = [each for each in self.intervals.get(entity.key, ()) if each.from_at <= latest_at]
            bad = [each for each in before if each.state in _UNWELL and each.cause != ROLLUP_CAUSE]
            if any(self._is_recent(each) for each in bad):
                unwell.append(entity.name)
            elif before and not bad and before[-1].state is HealthState.HEALTHY:
                well.append(entity.name)
        return Others(tuple(well), tuple(unwell))

    def _is_near(self, interval: StateInterval) -> bool:
        near_at = self.onset_at - AROUND
        return interval.to_at is None or interval.to_at > near_at

    def _is_recent(self, interval: StateInterval) -> bool:
        still = interval.to_at is None or interval.to_at >= self.onset_at
        return still and interval.since_at >= self.onset_at - BEFORE


def probe_end(check: CheckResult) -> ProbeEnd:
    """How a probe ended, by its outcome and the status code that it got, if it got one."""
    if check.outcome in {CheckOutcome.PASSED, CheckOutcome.WARNING}:
        return ProbeEnd.WELL
    if check.outcome is CheckOutcome.UNKNOWN:
        return ProbeEnd.COULD_NOT_ASK
    status = fact(check.facts, "status")
    code = int(status) if status.isascii() and status.isdigit() and len(status) < 4 else 0  # noqa: PLR2004 - a status has three digits
    if code in _REFUSALS:
        return ProbeEnd.REFUSED_US
    if code in _CLIENT_ERRORS:
        return ProbeEnd.WRONG_REQUEST
    return ProbeEnd.FAULTY if code else ProbeEnd.NO_ANSWER


def _bears(claim: ClaimedStatus, following: ClaimedStatus | None, lasted: TimeRange) -> bool:
    """Whether a claim was made while an outage lasted, or shortly before, or is one of a run that reaches into it."""
    if claim.claimed_at > lasted.end_at:
        return False
    again = following is not None and _content(following) == _content(claim)
    return again or claim.claimed_at >= lasted.start_at - CLAIM_STANDS


def _content(claim: ClaimedStatus) -> tuple[object, ...]:
    return claim.entity_key, claim.state, claim.words, claim.facts


def _rank(state: HealthState) -> int:
    return _CLAIM_RANK.index(state) if state in _CLAIM_RANK else 0


def _institutions(entity: Entity, partner: Entity | None) -> tuple[str, ...]:
    """Names of institutions that are declared to stand behind an integration or its partner, between semicolons."""
    facts = [*entity.facts, *(partner.facts if partner else ())]
    told = (value for label, value in facts if label == "institutions")
    return tuple(dict.fromkeys(name.strip() for value in told for name in value.split(";") if name.strip()))


def _hurt(institutions: Sequence[str], claims: Iterable[ClaimedStatus]) -> tuple[str, ...]:
    """Those institutions that the page lists as a component and does not call operational."""
    told: set[str] = set()
    for claim in claims:
        told |= {
            label.removeprefix(_COMPONENT).casefold()
            for label, status in claim.facts
            if label.startswith(_COMPONENT) and status.casefold() != _FINE
        }
    return tuple(name for name in institutions if name.casefold() in told)


def _is_ours(change: Change, keys: set[str]) -> bool:
    return change.kind not in _PARTNER_NOTICES and change.entity_key in keys


def _side_of(info: SeriesInfo) -> ErrorSide | None:
    sides = (_SIDES.get(value.casefold()) for label, value in info.identity.labels if label in ERROR_LABELS)
    return next((side for side in sides if side is not None), None)
