"""Notes on findings: what is refused, and how each finding stands by them at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.finding_records import (
    FindingRecord,
    FindingStanding,
    FindingSubject,
    finding_evidence,
    finding_records,
)
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.domain.waivers import LONGEST
from quarterdeck.services.compliance_ports import ComplianceRecords

_LONGEST_WORDS = 500
_LONGEST_NAME = 100
_SECONDS = 60.0
_SET_ASIDE = frozenset({FindingStanding.ACCEPTED, FindingStanding.FALSE_POSITIVE})


class NotedStore(Protocol):
    """What notes are kept in."""

    @property
    def compliance(self) -> ComplianceRecords:
        """Where decisions are kept."""
        ...


@dataclass(frozen=True, slots=True)
class FindingNote:
    """What somebody says of a finding; it stands whole in the place of what was said before."""

    subject: FindingSubject
    standing: FindingStanding
    by: str
    owner: str = ""
    due_at: datetime | None = None
    link: str = ""
    comment: str = ""


class FindingNotes:
    """The notes of one store; `at` is always when it is done. Every refusal is an OperatorError; nothing is written."""

    def __init__(self, store: NotedStore) -> None:
        self._store = store

    def records(self, at: datetime) -> tuple[FindingRecord, ...]:
        """Every note that was made up to a moment, in order. Raises StoreUnavailable."""
        found = finding_records(self._store.compliance.evidence(kind=EvidenceKind.DECISION))
        return tuple(record for record in found if record.recorded_at <= at)

    def standing(self, at: datetime) -> Mapping[FindingSubject, FindingRecord]:
        """The last note on each finding at a moment."""
        return {record.subject: record for record in self.records(at)}

    def note(self, note: FindingNote, at: datetime) -> FindingRecord:
        """Add a note. Setting aside is for what scanners found, and says why; a policy is waived instead."""
        record = _checked(note, at)
        before = self.standing(at).get(note.subject)
        if before is not None and not record.comment and _said(before) == _said(record):
            raise OperatorError("That is how the finding stands already.", "Change something, or add a comment.")
        stored = self._store.compliance.decide(finding_evidence(record)).result(_SECONDS)
        return finding_records([stored])[0]


def _checked(note: FindingNote, at: datetime) -> FindingRecord:
    record = FindingRecord(
        subject=note.subject,
        standing=note.standing,
        owner=_words(note.owner, "owner", _LONGEST_NAME),
        due_at=note.due_at,
        link=_words(note.link, "link", _LONGEST_NAME),
        comment=_words(note.comment, "comment", _LONGEST_WORDS),
        recorded_by=_words(note.by, "name of who says it", _LONGEST_NAME),
        recorded_at=at,
    )
    if not record.recorded_by:
        raise OperatorError("A note says who makes it.", "Say your name.")
    if record.standing in _SET_ASIDE:
        _refuse_set_aside(record, at)
    return record


def _refuse_set_aside(record: FindingRecord, at: datetime) -> None:
    """What keeps a finding from being set aside."""
    if not record.subject.is_scanned:
        raise OperatorError("What a policy finds is not set aside by a note.", "Waive it, with an end.")
    if not record.comment:
        raise OperatorError(f"A finding that is {record.standing.value} says why.", "Say it as the comment.")
    if record.standing is FindingStanding.ACCEPTED and (
        record.due_at is None or not at < record.due_at <= at + LONGEST
    ):
        raise OperatorError(
            "A finding is accepted until a day.", f"Say a due date within {LONGEST.days} days; then it is open again."
        )


def _said(record: FindingRecord) -> tuple[object, ...]:
    return record.standing, record.owner, record.due_at, record.link


def _words(text: str, what: str, longest: int) -> str:
    words = " ".join(text.split())
    if len(words) > longest:
        raise OperatorError(f"The {what} is too long.", f"Say it in at most {longest} characters.")
    return words
