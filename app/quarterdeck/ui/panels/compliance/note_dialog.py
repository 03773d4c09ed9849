"""Asks for a note on a finding: how it stands, whose it is, until when, what it is linked to, and a comment."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from typing_extensions import override

from quarterdeck.domain.finding_records import FindingStanding
from quarterdeck.ui.panels.compliance.models import words
from quarterdeck.ui.panels.compliance.note_words import standing_words
from quarterdeck.ui.panels.compliance.state import FindingState, NoteAnswer
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.deed_dialog import DeedDialog
from quarterdeck.ui.widgets.dialogs import Decision
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec, FieldValue

_OF_POLICIES = (FindingStanding.OPEN, FindingStanding.IN_PROGRESS)


class NoteDialog(DeedDialog):
    """Begins with how the finding stands; a policy's finding is not set aside here, but waived."""

    def __init__(self, theme: Theme, finding: FindingState, parent: QWidget) -> None:
        text = words("Whether it is there is told by evidence; a note never closes it. Every note stays on record.")
        decision = Decision(words("Note on a finding"), f"{finding.title}. {text}", words("Note"), words("Cancel"))
        super().__init__(theme, decision, note_form_fields(finding), parent)

    @override
    def answer(self, values: dict[str, FieldValue]) -> NoteAnswer:
        told = {name: str(value) for name, value in values.items()}
        return NoteAnswer(
            standing=FindingStanding(told["standing"]),
            owner=told.get("owner", ""),
            due=told.get("due", ""),
            link=told.get("link", ""),
            comment=told.get("comment", ""),
            by=told["by"],
        )


def note_form_fields(finding: FindingState) -> tuple[FieldSpec, ...]:
    """The fields, filled with how the finding stands."""
    fields = finding.note
    standings = tuple(FindingStanding) if finding.subject.is_scanned else _OF_POLICIES
    due_hint = (
        words("A day such as 2026-12-01. What is accepted is open again from then on.")
        if finding.subject.is_scanned
        else words("A day such as 2026-12-01.")
    )
    return (
        FieldSpec(
            "standing",
            words("Stands as"),
            kind=FieldKind.CHOICE,
            is_required=True,
            choices=tuple(Choice(each.value, standing_words(each, words)) for each in standings),
            default=fields.standing.value,
        ),
        FieldSpec("owner", words("Assigned to"), default=fields.owner or None),
        FieldSpec("due", words("Due"), due_hint, default=fields.due or None),
        FieldSpec(
            "link", words("Linked to"), words("The reference of a risk or incident."), default=fields.link or None
        ),
        FieldSpec("comment", words("Comment")),
        FieldSpec("by", words("Noted by"), is_required=True),
    )
