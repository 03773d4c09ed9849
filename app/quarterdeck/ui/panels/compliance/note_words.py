"""Notes on a finding in words: facts beside it, what a form begins with, and how a set-aside finding is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck.domain.finding_records import FindingRecord, FindingStanding
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.state import FactWords, NoteFields
from quarterdeck.ui.panels.compliance.words import Translate, due_words
from quarterdeck.ui.theme.tokens import Tone

_MOST_NOTES = 8
_DUE_FORMAT = "%Y-%m-%d %H:%M"


def standing_words(standing: FindingStanding, tr: Translate) -> str:
    """A standing as a person says it."""
    return {
        FindingStanding.OPEN: tr("Open"),
        FindingStanding.IN_PROGRESS: tr("In progress"),
        FindingStanding.ACCEPTED: tr("Accepted"),
        FindingStanding.FALSE_POSITIVE: tr("False positive"),
    }[standing]


def note_facts(notes: Sequence[FindingRecord], at: datetime, tr: Translate) -> list[FactWords]:
    """How a finding stands by the newest of its notes, and what was said; nothing where nobody said anything."""
    if not notes:
        return []
    last = notes[0]
    told = [_note_line(record, at, tr) for record in notes[:_MOST_NOTES]]
    facts = (
        FactWords(tr("Stands as"), standing_words(last.standing, tr)),
        FactWords(tr("Assigned to"), last.owner),
        FactWords(tr("Due"), due_words(last, at, tr), Tone.DOWN if last.is_overdue(at) else Tone.TEXT),
        FactWords(tr("Linked to"), last.link),
        FactWords(tr("Notes"), "\n".join(told)),
    )
    return [fact for fact in facts if fact.value]


def note_fields(notes: Sequence[FindingRecord]) -> NoteFields:
    """What a form about a finding begins with."""
    if not notes:
        return NoteFields()
    last = notes[0]
    due = "" if last.due_at is None else last.due_at.astimezone().strftime(_DUE_FORMAT)
    return NoteFields(last.standing, last.owner, due, last.link)


def _note_line(record: FindingRecord, at: datetime, tr: Translate) -> str:
    said = record.comment or standing_words(record.standing, tr).lower()
    return f"{moment_words(record.recorded_at, at)}, {record.recorded_by}: {said}"
