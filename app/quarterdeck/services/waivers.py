"""Waiving policies: who may, for how long, and what is refused; every act is a record that stays."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import Enforcement, EvidenceKind, Policy, Waiver
from quarterdeck.domain.waivers import (
    LONGEST,
    OVER,
    WaiverAct,
    WaiverRecord,
    standing_waivers,
    waiver_evidence,
    waiver_records,
)
from quarterdeck.services.compliance_ports import ComplianceRecords, WaiverChange

_LONGEST_REASON = 500
_LONGEST_NAME = 100
_SECONDS = 60.0
_LIST = "`quarterdeck waivers list --all` tells the waivers with their ids."
_POLICIES = "`quarterdeck policies show` tells the policies in force."


class WaiverStore(Protocol):
    """What waivers are kept in."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Policies, verdicts and decisions."""
        ...


@dataclass(frozen=True, slots=True)
class WaiverDraft:
    """What is asked for: a policy set aside for an entity until an instant; from now on where no start is said."""

    policy_id: str
    entity_key: str
    reason: str
    requested_by: str
    approved_by: str
    until_at: datetime
    from_at: datetime | None = None


class WaiverBook:
    """The waivers of one store; `at` is always when it is done.

    Every refusal is an OperatorError, and then nothing was written.
    """

    def __init__(self, store: WaiverStore) -> None:
        self._store = store

    def listed(self) -> tuple[WaiverRecord, ...]:
        """The last record of every waiver, by when it begins. Raises StoreUnavailable."""
        return standing_waivers(self._records())

    def history(self, waiver_id: str) -> tuple[WaiverRecord, ...]:
        """Every record of one waiver, the oldest first."""
        found = tuple(record for record in self._records() if record.waiver.id == waiver_id)
        if not found:
            raise OperatorError(f"There is no waiver {waiver_id!r}.", _LIST)
        return found

    def add(self, draft: WaiverDraft, at: datetime) -> WaiverRecord:
        """Set a policy aside. What is over, without end, for the past or against what is waived already is refused."""
        policy = self._policy(draft.policy_id, at)
        self._refuse_uncovered(policy, draft.entity_key, at)
        listed = self.listed()
        waiver = _checked(draft, f"waiver-{len(listed) + 1}", at)
        _refuse_alone(waiver, policy)
        for other in listed:
            _refuse_overlap(waiver, other.waiver)
        return self._write(WaiverRecord(waiver, WaiverAct.GRANTED, at, waiver.requested_by), None)

    def withdraw(self, waiver_id: str, by: str, note: str, at: datetime) -> WaiverRecord:
        """End a waiver now: the control is open again from then on, and what was waived up to then stays so."""
        last = self.history(waiver_id)[-1]
        if last.standing(at) in OVER:
            raise OperatorError(f"The waiver {waiver_id!r} is over already.", _LIST)
        ended = replace(last.waiver, until_at=max(last.waiver.from_at, at))
        words = _words(note, "why it is withdrawn", _LONGEST_REASON)
        record = WaiverRecord(ended, WaiverAct.WITHDRAWN, at, _words(by, "who withdraws it", _LONGEST_NAME), words)
        return self._write(record, last.waiver)

    def _records(self) -> tuple[WaiverRecord, ...]:
        return waiver_records(self._store.compliance.evidence(kind=EvidenceKind.DECISION))

    def _policy(self, policy_id: str, at: datetime) -> Policy:
        versions = self._store.compliance.policy_versions()
        in_force = {
            version.policy.id: version.policy
            for version in versions
            if version.valid_from_at <= at and (version.valid_to_at is None or at < version.valid_to_at)
        }
        if policy_id not in in_force:
            raise _missing("policy", policy_id, in_force, _POLICIES)
        return in_force[policy_id]

    def _refuse_uncovered(self, policy: Policy, entity_key: str, at: datetime) -> None:
        judged = (interval.control for interval in self._store.compliance.verdicts_at(at))
        covered = {control.entity_key for control in judged if control.policy_id == policy.id}
        if entity_key not in covered:
            step = f"{policy.id} is held against nothing yet." if not covered else "See how it stands under Compliance."
            raise _missing("control of it on", entity_key, covered, step)

    def _write(self, record: WaiverRecord, before: Waiver | None) -> WaiverRecord:
        change = WaiverChange(before, record.waiver)
        stored = self._store.compliance.decide(waiver_evidence(record), change).result(_SECONDS)
        return waiver_records([stored])[0]


def _checked(draft: WaiverDraft, waiver_id: str, at: datetime) -> Waiver:
    from_at = draft.from_at or at
    if from_at < at:
        raise OperatorError("A waiver does not change the past.", "Let it begin now or later.")
    if draft.until_at <= from_at:
        raise OperatorError("The waiver ends before it begins, or as it begins.", "Say a later end.")
    if draft.until_at - from_at > LONGEST:
        raise OperatorError(
            f"The waiver lasts {(draft.until_at - from_at).days:,} days.",
            f"Waive at most {LONGEST.days} days, and decide again then.",
        )
    return Waiver(
        id=waiver_id,
        policy_id=draft.policy_id,
        entity_key=draft.entity_key,
        reason=_words(draft.reason, "its reason", _LONGEST_REASON),
        requested_by=_words(draft.requested_by, "who asks for it", _LONGEST_NAME),
        approved_by=_words(draft.approved_by, "who agrees to it", _LONGEST_NAME),
        from_at=from_at,
        until_at=draft.until_at,
    )


def _refuse_alone(waiver: Waiver, policy: Policy) -> None:
    """A policy that asks for a second person is not waived by one."""
    is_one = waiver.requested_by.casefold() == waiver.approved_by.casefold()
    if is_one and Enforcement.SECOND_PERSON in policy.actions:
        raise OperatorError(
            f"{policy.id} asks for a second person, and {waiver.requested_by} asks and agrees.",
            "Name somebody else who agrees.",
        )


def _refuse_overlap(waiver: Waiver, other: Waiver) -> None:
    is_same = (waiver.policy_id, waiver.entity_key) == (other.policy_id, other.entity_key)
    if is_same and waiver.from_at < other.until_at and other.from_at < waiver.until_at:
        raise OperatorError(
            f"{waiver.policy_id} is waived there until {other.until_at:%Y-%m-%d %H:%M} UTC already, by {other.id}.",
            "Let the new one begin then, or withdraw the other.",
        )


def _words(text: str, what: str, longest: int) -> str:
    words = " ".join(text.split())
    if not words or len(words) > longest:
        raise OperatorError(f"A waiver says {what}.", f"Say it in 1 to {longest} characters.")
    return words


def _missing(what: str, named: str, known: Collection[str], step: str) -> OperatorError:
    near = get_close_matches(named, known, 1)
    return OperatorError(f"There is no {what} {named!r}.", f"Did you mean {near[0]}?" if near else step)
