"""Third parties: how critical each partner is, whether it can be replaced, and everything open that touches it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.analysis.reach import reached
from quarterdeck.domain.claims import PartnerRecord, Standing
from quarterdeck.domain.estate import Entity, EntityKind, RelationKind
from quarterdeck.domain.facts import fact
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, duration_words
from quarterdeck.domain.policies import EvidenceKind, Verdict
from quarterdeck.domain.risks import RiskBand
from quarterdeck.services.expiry_calendar import ExpiryEntry
from quarterdeck.services.posture import (
    EvidenceSubject,
    Figure,
    Judgement,
    PostureRow,
    PostureTable,
    PostureView,
    judgements_on,
    mark_of,
    mark_of_unknown,
)
from quarterdeck.services.posture_facts import PostureFacts
from quarterdeck.services.risks import StandingRisk
from quarterdeck.services.wording import domain_words, percent

COLUMNS = ("Criticality", "Substitutable", "Findings", "Risks", "Ends next", "Falls with it", "Claims right")
_DAY = timedelta(days=1)
_BANDS = tuple(RiskBand)
_BAND_MARKS = {
    RiskBand.LOW: HealthState.HEALTHY,
    RiskBand.MEDIUM: HealthState.DEGRADED,
    RiskBand.HIGH: HealthState.DOWN,
    RiskBand.CRITICAL: HealthState.DOWN,
}
_NAMED = 6
_PLURALS = {
    EntityKind.INTEGRATION: ("integration", "integrations"),
    EntityKind.SERVICE: ("service", "services"),
    EntityKind.EVENT_TYPE: ("event", "events"),
    EntityKind.CHANNEL: ("channel", "channels"),
}


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """What else is known of partners at the moment: risks, everything with an end, and claims over a range."""

    risks: Sequence[StandingRisk]
    expiries: Sequence[ExpiryEntry]
    claims: Mapping[str, PartnerRecord]
    time_range: TimeRange


def partner_table(facts: PostureFacts, more: PartnerFacts) -> PostureTable:
    """A row for each partner, the most critical first."""
    dependents = _dependents(facts)
    partners = [_Partner.of(entity, facts, more, dependents) for entity in facts.entities(EntityKind.PARTNER)]
    ordered = sorted(partners, key=lambda partner: (partner.tier, partner.entity.name))
    spoken = f"{more.time_range.start_at.isoformat(timespec='seconds')} to {facts.at.isoformat(timespec='seconds')}"
    return PostureTable(
        view=PostureView.PARTNERS,
        subject="Partner",
        columns=COLUMNS,
        rows=tuple(_row(partner) for partner in ordered),
        at=facts.at,
        query=f"every partner at {facts.at.isoformat(timespec='seconds')}, claims from {spoken}",
    )


@dataclass(frozen=True, slots=True)
class _Partner:
    """A partner with its integrations, and everything that depends on it, the nearest first."""

    entity: Entity
    integrations: tuple[Entity, ...]
    followers: tuple[Entity, ...]
    facts: PostureFacts
    more: PartnerFacts

    @classmethod
    def of(
        cls, entity: Entity, facts: PostureFacts, more: PartnerFacts, dependents: Mapping[str, Sequence[str]]
    ) -> _Partner:
        ahead = facts.view.behind(entity.key, RelationKind.EXTERNAL_INTERNAL, towards=True)
        integrations = tuple(one for one in ahead if one.kind is EntityKind.INTEGRATION)
        known = facts.view.entities
        steps = reached(entity.key, dependents).steps
        followers = tuple(known[key].entity for key in steps if key != entity.key and key in known)
        return cls(entity, integrations, followers, facts, more)

    @property
    def keys(self) -> tuple[str, ...]:
        """The partner and its integrations."""
        return (self.entity.key, *(one.key for one in self.integrations))

    @property
    def tier(self) -> int:
        """The most critical of it and its integrations: 1 to 4."""
        return min((self.entity.tier, *(one.tier for one in self.integrations)))

    def evidence(self, kind: EvidenceKind) -> tuple[EvidenceSubject, ...]:
        return tuple(EvidenceSubject(key, kind) for key in self.keys)

    def told(self, name: str) -> dict[str, str]:
        """What a fact says of the partner and of its integrations, by name."""
        named = {one.name: fact(one.facts, name).strip() for one in (self.entity, *self.integrations)}
        return {name: text for name, text in named.items() if text}


def _row(partner: _Partner) -> PostureRow:
    figures = (
        _criticality(partner),
        _substitutes(partner),
        _findings(partner),
        _risks(partner),
        _ends(partner),
        _falls(partner),
        _claims(partner),
    )
    entity = partner.entity
    return PostureRow(entity.key, entity.key, entity.name, domain_words(entity.domain), figures)


def _criticality(partner: _Partner) -> Figure:
    own = partner.told("criticality").get(partner.entity.name, "")
    words = f"{own}, tier {partner.tier}" if own else f"tier {partner.tier}"
    tiers = "; ".join(f"{one.name} tier {one.tier}" for one in partner.integrations) or "it has no integration"
    told = f"The lowest tier of the partner ({partner.entity.tier}) and of its integrations: {tiers}."
    evidence = partner.evidence(EvidenceKind.DECLARATION)
    return Figure(COLUMNS[0], words, None, told, float(partner.tier), (), evidence)


def _substitutes(partner: _Partner) -> Figure:
    """By what it could be replaced, else whether leaving it is planned for; neither declared is not known."""
    evidence = partner.evidence(EvidenceKind.DECLARATION)
    judged = judgements_on(("exit.declared",), partner.keys, partner.facts.judged)
    substitutes, plans = partner.told("substitutable_by"), partner.told("exit_plan")
    whole = len(partner.integrations)
    planned = sum(one.name in plans for one in partner.integrations)
    planned = whole if partner.entity.name in plans else planned
    exits = "; ".join(f"{name} {plan}" for name, plan in plans.items()) or "none"
    told = f"Exit plans declared: {exits}. By what it can be replaced is declared as `substitutable_by`."
    if substitutes:
        words = "by " + ", ".join(dict.fromkeys(substitutes.values()))
    else:
        words = f"exit planned, {planned} of {whole}" if planned else ""
    mark = mark_of(judged) if words else mark_of_unknown(judged)
    return Figure(COLUMNS[1], words, mark, told, math.nan, judged, evidence)


def _findings(partner: _Partner) -> Figure:
    keys, facts = set(partner.keys), partner.facts
    broken = tuple(
        Judgement(each.control.policy_id, each.control.entity_key, each.verdict)
        for each in facts.verdicts
        if each.control.entity_key in keys
    )
    open_now = tuple(each for each in broken if each.verdict is Verdict.NOT_SATISFIED)
    silent = sum(each.verdict is Verdict.NOT_EVALUABLE for each in broken)
    scanned = sum(len(facts.scanned.get(key, ())) for key in keys)
    evidence = partner.evidence(EvidenceKind.SCAN) if scanned else ()
    if not broken and not scanned:
        return Figure(COLUMNS[2], told_by="No policy judged it or its integrations, and no scanner reported on them.")
    count = len(open_now) + scanned
    words = f"{count} open" if count else "none open"
    words += f", {silent} without evidence" if silent else ""
    state = HealthState.DOWN if count else HealthState.UNKNOWN if silent else HealthState.HEALTHY
    told = f"Of {len(broken)} controls {len(open_now)} are not satisfied; scanners found {scanned}."
    return Figure(COLUMNS[2], words, state, told, float(count), open_now, evidence)


def _risks(partner: _Partner) -> Figure:
    keys = set(partner.keys)
    found = [one for one in partner.more.risks if one.risk.entity_key in keys and not one.history.is_closed]
    if not found:
        return Figure(COLUMNS[3], "none registered", None, "`quarterdeck risks add` registers one.", 0.0)
    worst = max(found, key=lambda one: one.residual.score)
    told = "; ".join(f"{one.risk.id} {one.risk.title}: {one.residual.score} {one.band.value}" for one in found)
    undecided = sum(one.needs_decision for one in found)
    words = f"{len(found)}, {worst.residual.score} {worst.band.value}"
    words += f", {undecided} to decide" if undecided else ""
    state = _BAND_MARKS[max((one.band for one in found), key=_BANDS.index)]
    return Figure(COLUMNS[3], words, state, f"{told}.", float(worst.residual.score))


def _ends(partner: _Partner) -> Figure:
    own = [one for one in partner.more.expiries if {one.entity_key, *one.used_keys} & set(partner.keys)]
    evidence = partner.evidence(EvidenceKind.CERTIFICATE)
    if not own:
        told = "No end of a certificate, key or consent is known of it."
        return Figure(COLUMNS[4], told_by=told, evidence=evidence)
    first = min(own, key=lambda one: one.ends_at)
    days = first.days_left
    words = f"in {math.floor(days)} d, {first.kind.value}" if days >= 0 else f"ended, {first.kind.value}"
    told = "; ".join(
        f"{one.kind.value} of {one.name} ends {one.ends_at:%Y-%m-%d %H:%M} UTC"
        for one in sorted(own, key=lambda one: one.ends_at)
    )
    return Figure(COLUMNS[4], words, first.state, f"{told}.", days, (), evidence)


def _falls(partner: _Partner) -> Figure:
    counts = Counter(one.kind for one in partner.followers)
    told = [f"{counts[kind]} {_PLURALS[kind][counts[kind] != 1]}" for kind in _PLURALS if counts[kind]]
    names = [one.name for one in partner.followers if one.kind in _PLURALS]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    evidence = partner.evidence(EvidenceKind.DECLARATION)
    if not told:
        return Figure(COLUMNS[5], "nothing", None, "Nothing in the estate depends on it.", 0.0, (), evidence)
    served = [one for one in told if not one.endswith(("integration", "integrations", "event", "events"))]
    words = ", ".join(served or told)
    which = f"{', '.join(told)}: {', '.join(names[:_NAMED])}{more}"
    reach = f"{which}. It is the most that its loss can take, where there is no second way."
    return Figure(COLUMNS[5], words, None, reach, float(len(names)), (), evidence)


def _claims(partner: _Partner) -> Figure:
    record = partner.more.claims.get(partner.entity.key)
    if record is None:
        return Figure(COLUMNS[6], told_by="It has claimed nothing: no status page of it is read.")
    totals = record.totals
    agreed = totals.share(Standing.AGREED)
    length = duration_words(record.time_range.seconds)
    if agreed is None:
        return Figure(
            COLUMNS[6], told_by=f"Over {length} what it claims and what we measure were never known together."
        )
    told = (
        f"Over {length}: right {percent(agreed)} of the time compared, too good for "
        f"{duration_words(totals.understated_seconds)}, too bad for {duration_words(totals.overstated_seconds)}, "
        f"not known for {duration_words(totals.not_known_seconds)}."
    )
    disputed = len(record.disagreements)
    words = percent(agreed) + (f", {disputed} disputed" if disputed else "")
    state = HealthState.DEGRADED if disputed else HealthState.HEALTHY
    return Figure(COLUMNS[6], words, state, told, agreed)


def _dependents(facts: PostureFacts) -> dict[str, list[str]]:
    """What depends on each entity directly, by key."""
    found: dict[str, list[str]] = defaultdict(list)
    seen: set[str] = set()
    for versions in facts.view.links.values():
        for version in versions:
            relation = version.relation
            if relation.key not in seen:
                seen.add(relation.key)
                found[relation.provider_key].append(relation.dependent_key)
    return found
