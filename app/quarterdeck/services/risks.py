"""The risk register: what is refused, how every risk stands at a moment, and since when a decision no longer fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import ControlKey, EvidenceKind, Verdict
from quarterdeck.domain.risk_records import risk_evidence, risk_records
from quarterdeck.domain.risks import (
    Bearing,
    ControlLink,
    Residual,
    Risk,
    RiskAct,
    RiskBand,
    RiskHistory,
    RiskRecord,
    RiskScale,
    Treatment,
    bearing_of,
    changed_links,
    residual,
    risk_histories,
)
from quarterdeck.services.compliance_ports import ComplianceRecords
from quarterdeck.services.ports import EstateStore
from quarterdeck.services.risk_trends import SPAN, RiskDay, risk_trends

_LONGEST_WORDS = 500
_LONGEST_NAME = 100
_STRONGEST = 99
_SECONDS = 60.0
_LIST = "`quarterdeck risks list --all` tells the risks with their ids."

Bearings = Mapping[tuple[str, str], Bearing]


class RiskStore(EstateStore, Protocol):
    """What risks are kept in, and what tells of their controls."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Verdicts and decisions."""
        ...


@dataclass(frozen=True, slots=True)
class RiskDraft:
    """What somebody registers; `links` name the controls that lower the risk while they hold."""

    title: str
    entity_key: str
    likelihood: int
    impact: int
    by: str
    owner: str = ""
    review_at: datetime | None = None
    links: tuple[ControlLink, ...] = ()
    finding: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RiskDecision:
    """What somebody decides about a risk; what is not said, stays. It says why, and when it is looked at again."""

    risk_id: str
    treatment: Treatment
    by: str
    comment: str
    review_at: datetime
    likelihood: int | None = None
    impact: int | None = None
    owner: str | None = None
    links: tuple[ControlLink, ...] | None = None


@dataclass(frozen=True, slots=True)
class LinkStanding:
    """A linked control, what is known of it, and the verdict, None where there is none."""

    link: ControlLink
    bearing: Bearing
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class StandingRisk:
    """A risk at a moment: `undecided_since_at` is since when it needs a decision, or a new one; None while one fits."""

    history: RiskHistory
    links: tuple[LinkStanding, ...]
    residual: Residual
    band: RiskBand
    inherent_band: RiskBand
    undecided_since_at: datetime | None = None
    changed: tuple[ControlLink, ...] = ()
    is_review_due: bool = False

    @property
    def risk(self) -> Risk:
        """What it is said to be."""
        return self.history.last.risk

    @property
    def needs_decision(self) -> bool:
        """Whether it was never decided about, or on facts that are others now."""
        return self.undecided_since_at is not None


@dataclass(frozen=True, slots=True)
class RisksReport:
    """Every risk at a moment, the names of entities by key, the scale they are on, and the days of each by its id."""

    risks: tuple[StandingRisk, ...]
    names: Mapping[str, str]
    scale: RiskScale
    trends: Mapping[str, tuple[RiskDay, ...]] = field(default_factory=dict[str, tuple[RiskDay, ...]])


class RiskRegister:
    """The risks of one store; `at` is always when it is done or looked at.

    Every refusal is an OperatorError; then nothing is written.
    """

    def __init__(self, store: RiskStore, scale: RiskScale | None = None) -> None:
        self._store = store
        self.scale = scale or RiskScale()

    def listed(self, at: datetime) -> tuple[StandingRisk, ...]:
        """Every risk at a moment, the closed ones too: the largest residual first. Raises StoreUnavailable."""
        verdicts = self._verdicts(at)
        found = [self._standing(history, verdicts, at) for history in self._histories(at)]
        return tuple(sorted(found, key=lambda risk: (risk.history.is_closed, -risk.residual.score)))

    def risk(self, risk_id: str, at: datetime) -> StandingRisk:
        """One risk at a moment. Raises OperatorError where there is none."""
        return self._standing(self._history(risk_id, at), self._verdicts(at), at)

    def trends(self, at: datetime, span: timedelta = SPAN) -> Mapping[str, tuple[RiskDay, ...]]:
        """How every risk went on day by day up to a moment, by its id. Raises StoreUnavailable."""
        return risk_trends(self._store.compliance, self._histories(at), at, span)

    def add(self, draft: RiskDraft, at: datetime) -> StandingRisk:
        """Register a risk. Without a level on the scale, of what nobody declares or without a control is refused."""
        risk = Risk(
            id="",
            title=_words(draft.title, "its title", _LONGEST_NAME),
            entity_key=draft.entity_key,
            likelihood=draft.likelihood,
            impact=draft.impact,
            owner=_optional(draft.owner, "owner", _LONGEST_NAME),
            review_at=draft.review_at,
            links=draft.links,
            finding=draft.finding,
        )
        entities = {entity.key for entity in self._store.estate(at).entities}
        if risk.entity_key not in entities:
            step = "See under Relationships what is declared."
            raise _missing("entity", risk.entity_key, entities, step)
        _refuse_levels(risk, self.scale)
        _refuse_links(risk.links, self._verdicts(at))
        return self._write(risk, RiskAct.ADDED, at, by=draft.by, comment=draft.comment)

    def decide(self, decision: RiskDecision, at: datetime) -> StandingRisk:
        """Decide what is done about a risk, on the facts of now; it holds as long as these do."""
        history = self._open(decision.risk_id, at)
        before = history.last.risk
        if decision.review_at <= at:
            raise OperatorError("The review of a risk lies ahead.", "Say a later day.")
        risk = replace(
            before,
            likelihood=before.likelihood if decision.likelihood is None else decision.likelihood,
            impact=before.impact if decision.impact is None else decision.impact,
            owner=before.owner if decision.owner is None else _optional(decision.owner, "owner", _LONGEST_NAME),
            review_at=decision.review_at,
            links=before.links if decision.links is None else decision.links,
        )
        if decision.treatment is Treatment.ACCEPT and not risk.owner:
            raise OperatorError("A risk that is accepted is somebody's.", "Say whose it is.")
        _refuse_levels(risk, self.scale)
        if decision.links is not None:
            _refuse_links(risk.links, self._verdicts(at))
        return self._write(
            risk,
            RiskAct.DECIDED,
            at,
            by=decision.by,
            comment=_words(decision.comment, "why", _LONGEST_WORDS),
            treatment=decision.treatment,
        )

    def close(self, risk_id: str, by: str, comment: str, at: datetime) -> StandingRisk:
        """Close a risk that is none any more; it stays readable."""
        last = self._open(risk_id, at).last
        why = _words(comment, "why it is closed", _LONGEST_WORDS)
        return self._write(last.risk, RiskAct.CLOSED, at, by=by, comment=why, treatment=last.treatment)

    def _write(
        self, risk: Risk, act: RiskAct, at: datetime, *, by: str, comment: str, treatment: Treatment | None = None
    ) -> StandingRisk:
        verdicts = self._verdicts(at)
        bearings = _bearings(risk.links, verdicts)
        record = RiskRecord(
            risk=risk,
            act=act,
            treatment=treatment,
            basis=tuple(bearings[link.control] for link in risk.links),
            recorded_by=_words(by, "who says it", _LONGEST_NAME),
            recorded_at=at,
            comment=_optional(comment, "comment", _LONGEST_WORDS),
        )
        stored = self._store.compliance.decide(risk_evidence(record)).result(_SECONDS)
        (written,) = risk_records([stored])
        return self._standing(self._history(written.risk.id, at), verdicts, at)

    def _histories(self, at: datetime) -> tuple[RiskHistory, ...]:
        found = risk_records(self._store.compliance.evidence(kind=EvidenceKind.DECISION))
        return risk_histories(record for record in found if record.recorded_at <= at)

    def _history(self, risk_id: str, at: datetime) -> RiskHistory:
        found = {history.last.risk.id: history for history in self._histories(at)}
        if risk_id not in found:
            raise _missing("risk", risk_id, found, _LIST)
        return found[risk_id]

    def _open(self, risk_id: str, at: datetime) -> RiskHistory:
        history = self._history(risk_id, at)
        if history.is_closed:
            raise OperatorError(f"The risk {risk_id!r} is closed.", "Register it anew where it is one again.")
        return history

    def _verdicts(self, at: datetime) -> Mapping[tuple[str, str], Verdict]:
        found = self._store.compliance.verdicts_at(at)
        return {(each.control.policy_id, each.control.entity_key): each.verdict for each in found}

    def _standing(
        self, history: RiskHistory, verdicts: Mapping[tuple[str, str], Verdict], at: datetime
    ) -> StandingRisk:
        risk = history.last.risk
        bearings = _bearings(risk.links, verdicts)
        left = residual(risk, bearings)
        decision = history.decision
        changed = changed_links(decision, bearings) if decision is not None and not history.is_closed else ()
        return StandingRisk(
            history=history,
            links=tuple(LinkStanding(link, bearings[link.control], verdicts.get(link.control)) for link in risk.links),
            residual=left,
            band=self.scale.band(left.score),
            inherent_band=self.scale.band(left.inherent),
            undecided_since_at=self._undecided_since(history, changed, at),
            changed=changed,
            is_review_due=not history.is_closed and risk.review_at is not None and risk.review_at <= at,
        )

    def _undecided_since(self, history: RiskHistory, changed: Sequence[ControlLink], at: datetime) -> datetime | None:
        """When the first of the facts that are others now became so; a risk never decided about, since it is known."""
        decision = history.decision
        if history.is_closed:
            return None
        if decision is None:
            return history.records[0].recorded_at
        known = dict(zip((link.control for link in decision.risk.links), decision.basis, strict=True))
        return min((self._changed_at(link, known[link.control], decision, at) for link in changed), default=None)

    def _changed_at(self, link: ControlLink, known: Bearing, decision: RiskRecord, at: datetime) -> datetime:
        """Since when something else is known of a control than when it was decided."""
        since_at, records = decision.recorded_at, self._store.compliance
        versions = [each.version for each in records.policy_versions() if each.policy.id == link.policy_id]
        keys = [ControlKey(link.policy_id, version, link.entity_key) for version in versions]
        span = TimeRange(since_at, max(at, since_at))
        intervals = sorted((each for key in keys for each in records.verdicts_of(key, span)), key=lambda it: it.from_at)
        found = at
        for interval in reversed([each for each in intervals if each.from_at <= at]):
            if bearing_of(interval.verdict) is known:
                break
            found = max(interval.from_at, since_at)
        return found


def _bearings(links: Sequence[ControlLink], verdicts: Mapping[tuple[str, str], Verdict]) -> Bearings:
    return {link.control: bearing_of(verdicts.get(link.control)) for link in links}


def _refuse_levels(risk: Risk, scale: RiskScale) -> None:
    if not scale.has(risk.likelihood, risk.impact):
        raise OperatorError(
            f"Likelihood {risk.likelihood} and impact {risk.impact} are not both on the scale.",
            f"Say a likelihood from 1 to {len(scale.likelihoods)} and an impact from 1 to {len(scale.impacts)}.",
        )


def _refuse_links(links: Sequence[ControlLink], verdicts: Mapping[tuple[str, str], Verdict]) -> None:
    """A control is named once, lowers by a share, and is one that is judged."""
    controls = [link.control for link in links]
    if len(set(controls)) < len(controls):
        raise OperatorError("A control lowers a risk once.", "Name each control only once.")
    for link in links:
        if not 1 <= link.strength_percent <= _STRONGEST:
            raise OperatorError(
                f"{link.policy_id} is said to lower the risk by {link.strength_percent} %.",
                f"Say 1 to {_STRONGEST} %: no control takes a risk away whole.",
            )
        if link.control not in verdicts:
            known = {policy for policy, entity in verdicts if entity == link.entity_key}
            step = "`quarterdeck policies show` tells the policies in force."
            raise _missing(f"control on {link.entity_key}", link.policy_id, known, step)


def _words(text: str, what: str, longest: int) -> str:
    words = " ".join(text.split())
    if not words or len(words) > longest:
        raise OperatorError(f"A risk says {what}.", f"Say it in 1 to {longest} characters.")
    return words


def _optional(text: str, what: str, longest: int) -> str:
    words = " ".join(text.split())
    if len(words) > longest:
        raise OperatorError(f"The {what} is too long.", f"Say it in at most {longest} characters.")
    return words


def _missing(what: str, named: str, known: Collection[str], step: str) -> OperatorError:
    near = get_close_matches(named, known, 1)
    return OperatorError(f"There is no {what} {named!r}.", f"Did you mean {near[0]}?" if near else step)
