"""Waives a control and withdraws a waiver as somebody filled it in. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.waivers import WaiverRecord
from quarterdeck.services.waivers import WaiverDraft
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.state import FindingState, WaiverAnswer, WithdrawalAnswer
from quarterdeck.ui.panels.compliance.words import Translate
from quarterdeck.ui.tasks.verbs import Background


class WaiverDecisions(Protocol):
    """Where waivers are decided; refusals are OperatorErrors."""

    def add(self, draft: WaiverDraft, at: datetime) -> WaiverRecord:
        """Set a policy aside."""
        ...

    def withdraw(self, waiver_id: str, by: str, note: str, at: datetime) -> WaiverRecord:
        """End a waiver now."""
        ...


class WaiverSurface(Protocol):
    """What asked for the decision."""

    def show_decided(self, sentence: str) -> None: ...

    def show_refused(self, error: OperatorError) -> None: ...


class WaiverPresenter:
    """One decision at a time; `now` is None while the past is shown, and then nothing is decided."""

    def __init__(
        self,
        decisions: WaiverDecisions,
        background: Background,
        surface: WaiverSurface,
        tr: Translate,
        *,
        now: Callable[[], datetime | None],
    ) -> None:
        self._decisions = decisions
        self._background = background
        self._surface = surface
        self._tr = tr
        self._now = now
        self._is_deciding = False

    def decide(self, finding: FindingState, answer: WaiverAnswer | WithdrawalAnswer) -> None:
        """Do what was filled in about a control; the outcome is told to the surface."""
        at = self._now()
        if at is None:
            self._surface.show_refused(
                OperatorError(self._tr("The past cannot be decided about."), self._tr("Go back to the present."))
            )
        elif not self._is_deciding:
            self._is_deciding = True
            self._background.run_change(
                lambda: self._decided(finding, answer, at),
                on_result=lambda record: self._take(record, at, answer),
                on_error=self._refuse,
            )

    def _decided(self, finding: FindingState, answer: WaiverAnswer | WithdrawalAnswer, at: datetime) -> WaiverRecord:
        if isinstance(answer, WithdrawalAnswer):
            return self._decisions.withdraw(finding.waiver_id, answer.by, answer.note, at)
        draft = WaiverDraft(
            policy_id=finding.policy_id,
            entity_key=finding.key.entity_key,
            reason=answer.reason,
            requested_by=answer.requested_by,
            approved_by=answer.approved_by,
            until_at=at + timedelta(seconds=answer.seconds),
        )
        return self._decisions.add(draft, at)

    def _take(self, record: WaiverRecord, at: datetime, answer: WaiverAnswer | WithdrawalAnswer) -> None:
        self._is_deciding = False
        waiver = record.waiver
        if isinstance(answer, WithdrawalAnswer):
            told = self._tr("The waiver of {policy} is withdrawn. The collector judges it anew with its next round.")
        else:
            told = self._tr("{policy} is waived until {time}. The collector takes it in with its next round.")
        self._surface.show_decided(told.format(policy=waiver.policy_id, time=moment_words(waiver.until_at, at)))

    def _refuse(self, error: OperatorError) -> None:
        self._is_deciding = False
        self._surface.show_refused(error)
