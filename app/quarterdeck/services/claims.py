"""What partners claim on their status pages against what we measure, over a range and as of a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.analysis.claim_courses import Course, claim_course, measured_course
from quarterdeck.analysis.claim_log import Pair, clipped, cut, holding, tellings, totals
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.claims import PartnerRecord
from quarterdeck.domain.connections import Connection, ReceptionKind
from quarterdeck.domain.estate import Entity, EntityKind, Estate, RelationKind
from quarterdeck.domain.health import StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.claim_ports import ClaimStore
from quarterdeck.services.current_states import CurrentStates, JudgedStates
from quarterdeck.services.ports import ConnectionStore, EstateStore

CLAIMING_CONNECTORS = frozenset({"status_page"})
"""Connectors of whose connections a gap in reception is a gap in what is known of claims."""

_LEAD = timedelta(days=1)
_LEAST_PATIENCE = timedelta(minutes=15)
_POLLS = 2.5


class ClaimSources(EstateStore, JudgedStates, ClaimStore, ConnectionStore, Protocol):
    """What the record of claims reads from."""


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """The records of all partners that have claimed anything, by name, and how many of the others there are."""

    time_range: TimeRange
    records: tuple[PartnerRecord, ...]
    without_page_count: int

    def of_partner(self, partner_key: str) -> PartnerRecord | None:
        """One partner's record."""
        return next((each for each in self.records if each.partner_key == partner_key), None)


class ClaimReader:
    """Answers for the log of disagreements."""

    def __init__(self, store: ClaimSources) -> None:
        self._store = store
        self._states = CurrentStates(store)

    def report(self, time_range: TimeRange, at: datetime, partner_key: str = "") -> ClaimReport:
        """Claims against measurement over the range up to a moment, of every partner or of one, as known then."""
        shown = TimeRange(min(time_range.start_at, at), min(time_range.end_at, at))
        read = TimeRange(shown.start_at - _LEAD, shown.end_at)
        estate = self._store.estate(at)
        subjects = subjects_of(estate)
        partners = [entity for entity in estate.of_kind(EntityKind.PARTNER) if partner_key in {"", entity.key}]
        keys = sorted({entity.key for partner in partners for entity in subjects[partner.key]})
        told = _Told(
            claims=_grouped(self._store.claims_in(read, keys), at),
            states=_by_key(self._states.states_in(read, keys)),
            gaps=self._gaps(read, keys),
        )
        claiming = [one for one in partners if any(told.claims.get(each.key) for each in subjects[one.key])]
        records = [_record(partner, subjects[partner.key], told, (shown, read)) for partner in claiming]
        return ClaimReport(
            shown, tuple(sorted(records, key=lambda each: each.partner_name)), len(partners) - len(claiming)
        )

    def _gaps(self, time_range: TimeRange, keys: Sequence[str]) -> Mapping[str, _Speakers]:
        """By entity the connections that bring its claims: when they brought nothing, and how often they are asked."""
        connections = [one for one in self._store.connections() if one.connector_id in CLAIMING_CONNECTORS]
        missing: dict[str, list[TimeRange]] = defaultdict(list)
        for stretch in self._store.reception(time_range):
            if stretch.kind is ReceptionKind.MISSING:
                missing[stretch.connection_id].append(TimeRange(stretch.from_at, stretch.to_at))
        found: dict[str, _Speakers] = {}
        for key in keys:
            speaking = [one for one in connections if _mentions(one, key)]
            if len(speaking) == 1:  # of several, one may have told while another was silent
                found[key] = _Speakers(tuple(missing[speaking[0].id]), speaking[0].poll_seconds)
        return found


@dataclass(frozen=True, slots=True)
class _Speakers:
    gaps: tuple[TimeRange, ...] = ()
    poll_seconds: float = 0.0

    @property
    def patience(self) -> timedelta:
        return max(_LEAST_PATIENCE, timedelta(seconds=_POLLS * self.poll_seconds))


@dataclass(frozen=True, slots=True)
class _Told:
    claims: Mapping[str, Sequence[ClaimedStatus]]
    states: Mapping[str, Sequence[StateInterval]]
    gaps: Mapping[str, _Speakers]


def subjects_of(estate: Estate) -> dict[str, tuple[Entity, ...]]:
    """By partner key what can be measured of it: the partner itself and its integrations."""
    by_key = {entity.key: entity for entity in estate.entities}
    found: dict[str, tuple[Entity, ...]] = {}
    for partner in estate.of_kind(EntityKind.PARTNER):
        targets = (by_key.get(key) for key in estate.targets_of(partner.key, RelationKind.EXTERNAL_INTERNAL))
        integrations = tuple(one for one in targets if one is not None and one.kind is EntityKind.INTEGRATION)
        found[partner.key] = (partner, *integrations)
    return found


def _record(
    partner: Entity, subjects: Sequence[Entity], told: _Told, ranges: tuple[TimeRange, TimeRange]
) -> PartnerRecord:
    shown, whole = ranges
    page = _claim_course_of(partner.key, told)
    pairs = [
        Pair(
            one.key,
            _claim_course_of(one.key, told) if told.claims.get(one.key) else page,
            measured_course(told.states.get(one.key, ()), whole.end_ms),
        )
        for one in subjects
    ]
    spans = clipped(cut(pairs, whole), shown)
    claimed, measured = holding(pairs, whole.end_ms)
    read = [claim.claimed_at for one in subjects for claim in told.claims.get(one.key, ())]
    return PartnerRecord(
        partner.key,
        partner.name,
        shown,
        spans,
        totals(spans),
        tuple(each for each in tellings(pairs, whole) if each.to_at > shown.start_at),
        max((each for each in read if each <= shown.end_at), default=None),
        claimed,
        measured,
    )


def _claim_course_of(key: str, told: _Told) -> Course:
    speakers = told.gaps.get(key, _Speakers())
    return claim_course(told.claims.get(key, ()), speakers.gaps, speakers.patience)


def _grouped(claims: Sequence[ClaimedStatus], at: datetime) -> dict[str, list[ClaimedStatus]]:
    """Claims by entity; of entities that had claimed nothing by then none."""
    found: dict[str, list[ClaimedStatus]] = defaultdict(list)
    for claim in claims:
        found[claim.entity_key].append(claim)
    return {key: each for key, each in found.items() if any(claim.claimed_at <= at for claim in each)}


def _by_key(intervals: Sequence[StateInterval]) -> dict[str, list[StateInterval]]:
    found: dict[str, list[StateInterval]] = defaultdict(list)
    for interval in intervals:
        found[interval.entity_key].append(interval)
    return found


def _mentions(connection: Connection, key: str) -> bool:
    """Whether an entity's key stands in a connection's settings, alone or at the end of a line of rules."""
    words = (word for _, value in connection.settings for word in str(value).split())
    return key in words
