"""Adds a note to a finding as somebody filled it in. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.finding_records import FindingRecord
from quarterdeck.services.finding_notes import FindingNote
from quarterdeck.ui.panels.compliance.note_words import standing_words
from quarterdeck.ui.panels.compliance.state import FindingState, NoteAnswer
from quarterdeck.ui.panels.compliance.waiver_presenter import WaiverSurface
from quarterdeck.ui.panels.compliance.words import Translate
from quarterdeck.ui.tasks.verbs import Background

_DAY_CHARS = len("2026-11-24")


class NoteKeeper(Protocol):
    """Where notes are kept; refusals are OperatorErrors."""

    def note(self, note: FindingNote, at: datetime) -> FindingRecord:
        """Add a note."""
        ...


class NotePresenter:
    """One note at a time; `now` is None while the past is shown, and then nothing is noted."""

    def __init__(
        self,
        keeper: NoteKeeper,
        background: Background,
        surface: WaiverSurface,
        tr: Translate,
        *,
        now: Callable[[], datetime | None],
    ) -> None:
        self._keeper = keeper
        self._background = background
        self._surface = surface
        self._tr = tr
        self._now = now
        self._is_noting = False

    def note(self, finding: FindingState, answer: NoteAnswer) -> None:
        """Note what was filled in; the outcome is told to the surface."""
        at = self._now()
        if at is None:
            self._surface.show_refused(
                OperatorError(self._tr("The past cannot be decided about."), self._tr("Go back to the present."))
            )
        elif not self._is_noting:
            self._is_noting = True
            self._background.run_change(
                lambda: self._noted(finding, answer, at), on_result=self._take, on_error=self._refuse
            )

    def _noted(self, finding: FindingState, answer: NoteAnswer, at: datetime) -> FindingRecord:
        note = FindingNote(
            subject=finding.subject,
            standing=answer.standing,
            by=answer.by,
            owner=answer.owner,
            due_at=self._due(answer.due),
            link=answer.link,
            comment=answer.comment,
        )
        return self._keeper.note(note, at)

    def _due(self, text: str) -> datetime | None:
        """The instant of a typed day or time of this machine's zone; a day alone is meant to its end."""
        if not text.strip():
            return None
        try:
            told = datetime.fromisoformat(text.strip())
            if len(text.strip()) == _DAY_CHARS:
                told = told.replace(hour=23, minute=59)
            return told.astimezone(UTC)
        except (ValueError, OverflowError) as fault:
            message = self._tr("{text} is no day.").format(text=text.strip())
            raise OperatorError(message, self._tr("Say it like 2026-12-01.")) from fault

    def _take(self, record: FindingRecord) -> None:
        self._is_noting = False
        told = self._tr("The finding stands as: {standing}.").format(
            standing=standing_words(record.standing, self._tr).lower()
        )
        self._surface.show_decided(told)

    def _refuse(self, error: OperatorError) -> None:
        self._is_noting = False
        self._surface.show_refused(error)
