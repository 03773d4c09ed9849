"""Loads objectives and the ledger of the one that is open, counts by another rule, and writes what people decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.ledger_corrections import LedgerCorrection, Reclassified
from quarterdeck.domain.objective_ledger import USUAL_RULE, CountingRule
from quarterdeck.services.counting_rules import read_rule
from quarterdeck.services.moments import Moment
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.objective_desk import CorrectionDraft
from quarterdeck.services.objective_forms import ObjectiveDraft, ObjectiveKind
from quarterdeck.services.objectives import ObjectiveDetail, ObjectiveFigures
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.objectives.state import (
    Answer,
    CorrectionAnswer,
    LedgerState,
    ObjectiveAnswer,
    Page,
    PageMessage,
)
from quarterdeck.ui.panels.objectives.words import Translate, ledger_state, objectives_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

TOPICS: Topics = frozenset(
    {Topic.ESTATE, Topic.STATES, Topic.SERIES, Topic.EVENTS, Topic.MAINTENANCE, Topic.COMPLIANCE}
)


class ObjectiveSource(Protocol):
    """Where the answers come from, and where decisions are written; refusals are OperatorErrors."""

    def listed(self, moment: Moment) -> tuple[ObjectiveFigures, ...]:
        """Every objective at the play-head."""
        ...

    def shown(self, key: ObjectiveKey, moment: Moment, rule: CountingRule = USUAL_RULE) -> ObjectiveDetail:
        """One objective with its ledger."""
        ...

    def correct(self, draft: CorrectionDraft) -> LedgerCorrection:
        """Record that a stretch counts as something else."""
        ...

    def keep(self, draft: ObjectiveDraft) -> str:
        """Write an objective to the estate; says in a line what it changed."""
        ...


class ObjectivesSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


class LedgerSurface(Protocol):
    """What shows the ledger that is open, and says what became of what it was asked for."""

    def show_ledger(self, ledger: LedgerState | None, fault: str = "") -> None: ...


class DecisionSurface(Protocol):
    """What asked for a decision."""

    def show_decided(self, sentence: str) -> None: ...

    def show_refused(self, error: OperatorError) -> None: ...


class ObjectivesPresenter:
    """Shows the moment it is told; a refresh that fails leaves what was shown, as old."""

    def __init__(
        self,
        source: ObjectiveSource,
        background: Background,
        surface: ObjectivesSurface,
        tr: Translate,
        *,
        ledgers: LedgerSurface,
        asking: DecisionSurface,
    ) -> None:
        self._source = source
        self._background = background
        self._surface = surface
        self._ledger = ledgers
        self._asking = asking
        self._tr = tr
        self._lists: LatestRead[Page] = LatestRead(background, "objectives")
        self._ledgers: LatestRead[LedgerState] = LatestRead(background, "objective ledger")
        self._moment: Moment | None = None
        self._shown: Moment | None = None
        self._key: ObjectiveKey | None = None
        self._opened: ObjectiveKey | None = None
        self._rule = USUAL_RULE

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; what is on the screen stays for the short while until it is there."""
        self._moment, self._shown = moment, None
        self._surface.show_loading()
        self._lists.take_over(self._list_read(moment))
        self._read_ledger(self._ledgers.take_over)

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if not topics or topics & TOPICS:
            self._moment = moment
            self._lists.follow(self._list_read(moment))
            self._read_ledger(self._ledgers.follow)

    def retry(self) -> None:
        """Read the moment again."""
        if self._moment is not None:
            self.show_moment(self._moment)

    def open(self, key: str) -> None:
        """Show the ledger of an objective, or of an entity's only one; an empty key shows none."""
        self._key = ObjectiveKey.of(key) if key else None
        self._read_ledger(self._ledgers.take_over)
        if self._key is None:
            self._ledgers.drop()
            self._ledger.show_ledger(None)

    def count_by(self, part: str) -> None:
        """Count the ledger by another rule, such as `unknown=bad`; empty for the usual one."""
        self._rule = read_rule([part] if part else ())
        self._read_ledger(self._ledgers.take_over)

    def decide(self, key: str, answer: Answer) -> None:
        """Write what was filled in about an objective; the outcome is told to the surface."""
        source, tr = self._source, self._tr

        def written() -> str:
            if isinstance(answer, CorrectionAnswer):
                record = source.correct(_correction(ObjectiveKey.of(key), answer))
                return tr("Correction {number} is recorded.").format(number=record.number)
            return source.keep(_draft(answer))

        self._background.run_change(written, on_result=self._take_decision, on_error=self._asking.show_refused)

    def _take_decision(self, sentence: str) -> None:
        self._asking.show_decided(sentence)
        if self._moment is not None:
            self._lists.follow(self._list_read(self._moment))
            self._read_ledger(self._ledgers.follow)

    def _list_read(self, moment: Moment) -> Read[Page]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: read_page(source, moment, tr),
            on_result=lambda page: self._take(moment, page),
            on_error=lambda error: self._fail(moment, error),
        )

    def _read_ledger(self, start: Callable[[Read[LedgerState]], None]) -> None:
        source, moment, key, rule, tr = self._source, self._moment, self._key, self._rule, self._tr
        if moment is not None and key is not None:
            start(
                Read(
                    work=lambda: ledger_state(source.shown(key, moment, rule), moment, tr),
                    on_result=lambda ledger: self._take_ledger(key, ledger),
                    on_error=lambda error: self._fail_ledger(key, error),
                )
            )

    def _take_ledger(self, key: ObjectiveKey, ledger: LedgerState) -> None:
        self._opened = key
        self._ledger.show_ledger(ledger)

    def _fail_ledger(self, key: ObjectiveKey, error: OperatorError) -> None:
        """A store that cannot be read now leaves the ledger that is shown; the panel says that all of it is old."""
        if isinstance(error, StoreUnavailable) and self._opened == key:
            return
        self._opened = None
        self._ledger.show_ledger(None, f"{error.message} {error.next_step}")

    def _take(self, moment: Moment, page: Page) -> None:
        self._shown = moment
        self._surface.show_page(page)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def read_page(source: ObjectiveSource, moment: Moment, tr: Translate) -> Page:
    """The objectives at a moment, read and put into words; runs in a worker."""
    found = source.listed(moment)
    if found:
        return objectives_state(found, moment, tr)
    explanation = tr(
        "Here stands what was promised of each entity, what was attained, how much of the error budget is left and how "
        "fast it goes, and behind each figure the ledger it was counted from. Estate documents and OpenSLO files "
        "declare objectives, and so does the form."
    )
    if not moment.live:
        return PageMessage(tr("Nothing was promised by then"), explanation)
    return PageMessage(tr("Nothing is promised yet"), explanation, tr("New objective…"))


def _correction(key: ObjectiveKey, answer: CorrectionAnswer) -> CorrectionDraft:
    counts_as = Reclassified(answer.counts_as)
    return CorrectionDraft(key, answer.from_text, answer.to_text, counts_as, answer.reason, answer.by)


def _draft(answer: ObjectiveAnswer) -> ObjectiveDraft:
    return ObjectiveDraft(
        entity_key=answer.entity_key,
        name=answer.name,
        kind=ObjectiveKind(answer.kind),
        target_percent=answer.target_percent,
        window=answer.window,
        starts=answer.starts,
        zone=answer.zone,
        query=answer.query,
        total=answer.total,
        bound=answer.bound,
    )
