"""Registers a risk from a finding, and decides about one, as somebody filled it in. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.risks import ControlLink
from quarterdeck.services.risks import RiskDecision, RiskDraft, StandingRisk
from quarterdeck.ui.panels.compliance.state import (
    FindingState,
    HandRiskAnswer,
    RiskAnswer,
    RiskClosingAnswer,
    RiskDecisionAnswer,
    RiskLine,
)
from quarterdeck.ui.panels.compliance.waiver_presenter import WaiverSurface
from quarterdeck.ui.panels.compliance.words import Translate
from quarterdeck.ui.tasks.verbs import Background


class RiskKeeper(Protocol):
    """Where risks are kept; refusals are OperatorErrors."""

    def add(self, draft: RiskDraft, at: datetime) -> StandingRisk:
        """Register a risk."""
        ...

    def decide(self, decision: RiskDecision, at: datetime) -> StandingRisk:
        """Decide what is done about a risk."""
        ...

    def close(self, risk_id: str, by: str, comment: str, at: datetime) -> StandingRisk:
        """Close a risk that is none any more."""
        ...


class RiskPresenter:
    """One act at a time; `now` is None while the past is shown, and then nothing is done."""

    def __init__(
        self,
        keeper: RiskKeeper,
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
        self._is_acting = False

    def register(self, finding: FindingState, answer: RiskAnswer) -> None:
        """Register a risk where the finding is, lowered by the control that the finding is about."""
        subject, policy_id = finding.subject, finding.policy_id
        draft = RiskDraft(
            title=answer.title,
            entity_key=subject.entity_key,
            likelihood=answer.likelihood,
            impact=answer.impact,
            by=answer.by,
            owner=answer.owner,
            links=(ControlLink(policy_id, subject.entity_key),) if policy_id else (),
            finding=subject.what,
        )
        self._act(lambda at: self._keeper.add(draft, at), self._tr("{risk} is registered. See it under Risks."))

    def register_by_hand(self, answer: HandRiskAnswer) -> None:
        """Register a risk that no finding tells of, without a control that lowers it."""
        told = answer.risk
        draft = RiskDraft(told.title, answer.entity_key, told.likelihood, told.impact, told.by, owner=told.owner)
        self._act(lambda at: self._keeper.add(draft, at), self._tr("{risk} is registered. See it under Risks."))

    def decide(self, line: RiskLine, answer: RiskDecisionAnswer) -> None:
        """Decide about a risk."""

        def decided(at: datetime) -> StandingRisk:
            review_at = at + timedelta(seconds=answer.seconds)
            return self._keeper.decide(
                RiskDecision(line.id, answer.treatment, answer.by, answer.comment, review_at, owner=answer.owner), at
            )

        self._act(decided, self._tr("{risk} is decided about, on the facts of now."))

    def close(self, line: RiskLine, answer: RiskClosingAnswer) -> None:
        """Close a risk; it stays readable."""
        told = self._tr("{risk} is closed, and stays on record.")
        self._act(lambda at: self._keeper.close(line.id, answer.by, answer.comment, at), told)

    def _act(self, act: Callable[[datetime], StandingRisk], told: str) -> None:
        at = self._now()
        if at is None:
            self._refuse(
                OperatorError(self._tr("The past cannot be decided about."), self._tr("Go back to the present."))
            )
        elif not self._is_acting:
            self._is_acting = True
            self._background.run_change(
                lambda: act(at), on_result=lambda risk: self._take(risk, told), on_error=self._refuse
            )

    def _take(self, risk: StandingRisk, told: str) -> None:
        self._is_acting = False
        self._surface.show_decided(told.format(risk=risk.risk.id))

    def _refuse(self, error: OperatorError) -> None:
        self._is_acting = False
        self._surface.show_refused(error)
