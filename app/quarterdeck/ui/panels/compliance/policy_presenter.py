"""Lists policies, and leads one from the text to the trial and into force. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policy_acts import PolicyAct, PolicyDeed
from quarterdeck.services.moments import Moment
from quarterdeck.services.policy_desk import DeskReport, Enabling
from quarterdeck.services.policy_shelf import NEW_POLICY, CheckedText, PolicyOrigin, PolicyText
from quarterdeck.services.policy_trials import Trial
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.compliance.policy_state import (
    BenchState,
    CheckWords,
    EnablingAnswer,
    OpenedPolicy,
    PoliciesState,
)
from quarterdeck.ui.panels.compliance.policy_words import (
    FILE,
    bench_state,
    check_words,
    opened_policy,
    policies_state,
)
from quarterdeck.ui.panels.compliance.words import Translate
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

NEW = "new"
"""What opens a text that is in no file yet."""

_NEW_FILE = "own-{number}.yaml"


class PolicyEditing(Protocol):
    """Where policies are edited; refusals are OperatorErrors."""

    def report(self, at: datetime) -> DeskReport:
        """Every policy and every refused file."""
        ...

    def open(self, policy_id: str) -> PolicyText:
        """A policy as a text."""
        ...

    def open_file(self, file: str) -> PolicyText:
        """A file as a text."""
        ...

    def check(self, text: str, file: str) -> CheckedText:
        """Whether a text holds together."""
        ...

    def try_text(self, text: str, file: str, at: datetime) -> Trial:
        """What the policies of a text would be."""
        ...

    def enable(self, wanted: Enabling, at: datetime) -> PolicyAct:
        """Put a text in force."""
        ...

    def withdraw(self, wanted: Enabling, at: datetime) -> PolicyAct:
        """Take a file out of force."""
        ...


class PolicySurface(Protocol):
    """What shows the list and the text, and asks what goes on record."""

    def show_policies(self, state: PoliciesState) -> None: ...

    def show_opened(self, opened: OpenedPolicy) -> None: ...

    def show_done(self, sentence: str) -> None: ...

    def show_refused(self, error: OperatorError) -> None: ...


class BenchSurface(Protocol):
    """What shows whether the text holds together, and its trial."""

    def show_checked(self, checked: CheckWords) -> None: ...

    def show_bench(self, bench: BenchState) -> None: ...


@dataclass
class _Draft:
    """What is open: the text it was opened as, and as it is now."""

    key: str
    opened: PolicyText
    text: str


class PolicyPresenter:
    """One text is open at a time; what was typed is kept until it is enabled or the window closes."""

    def __init__(
        self,
        desk: PolicyEditing,
        background: Background,
        surface: PolicySurface,
        tr: Translate,
        *,
        bench: BenchSurface,
    ) -> None:
        self._desk = desk
        self._background = background
        self._surface = surface
        self._bench = bench
        self._tr = tr
        self._moment: Moment | None = None
        self._listing: LatestRead[PoliciesState] = LatestRead(background, "policies")
        self._opening: LatestRead[PolicyText] = LatestRead(background, "policy.open")
        self._checking: LatestRead[CheckWords] = LatestRead(background, "policy.check")
        self._trying: LatestRead[BenchState] = LatestRead(background, "policy.try")
        self._draft: _Draft | None = None
        self._kept: dict[str, str] = {}
        self._tried: str | None = None
        self._is_changing = False

    def show_moment(self, moment: Moment) -> None:
        """List the policies at a moment, and try what is open up to then."""
        self._moment = moment
        self._listing.take_over(self._read_list(moment.at))
        if self._draft is not None:
            self._look(self._draft)

    def refresh(self, moment: Moment, topics: frozenset[Topic]) -> None:
        """List them again when verdicts or versions changed."""
        is_first = self._moment is None
        self._moment = moment
        if is_first or Topic.COMPLIANCE in topics:
            self._listing.follow(self._read_list(moment.at))

    def open(self, key: str) -> None:
        """Open a policy by its id, a file by its line's id, or a text that is in no file yet."""
        self._opening.take_over(
            Read(
                work=lambda: self._opened(key),
                on_result=lambda opened: self._take_opened(key, opened),
                on_error=self._surface.show_refused,
            )
        )

    def edit(self, text: str) -> None:
        """Take what was typed: it is checked, and tried where it holds together."""
        draft = self._draft
        if draft is not None and text != draft.text:
            draft.text = text
            self._kept[draft.key] = text
            self._look(draft)

    def start_over(self) -> None:
        """Give up what was typed."""
        draft = self._draft
        if draft is not None:
            self._kept.pop(draft.key, None)
            self.open(draft.key)

    def close(self) -> None:
        """Nothing is open any more; what was typed is kept."""
        self._draft = None
        for reads in (self._opening, self._checking, self._trying):
            reads.drop()

    @property
    def can_enable(self) -> bool:
        """Whether the very text that is open was tried, in the present."""
        draft, moment = self._draft, self._moment
        return draft is not None and draft.text == self._tried and moment is not None and moment.live

    def enable(self, answer: EnablingAnswer) -> None:
        """Put the text in force, as it was tried."""
        if not self.can_enable:
            step = self._tr("Wait for the trial of the text, in the present.")
            self._surface.show_refused(OperatorError(self._tr("This text was not tried yet."), step))
            return
        self._change(answer, self._desk.enable)

    def withdraw(self, answer: EnablingAnswer) -> None:
        """Take the file that is open out of force."""
        self._change(answer, self._desk.withdraw)

    def _change(self, answer: EnablingAnswer, act: Callable[[Enabling, datetime], PolicyAct]) -> None:
        draft, moment = self._draft, self._moment
        if draft is None or moment is None or self._is_changing:
            return
        opened = draft.opened
        wanted = Enabling(opened.file, draft.text, opened.digest, answer.by, answer.approved_by, answer.comment)
        self._is_changing = True
        self._background.run_change(
            lambda: act(wanted, moment.at),
            on_result=lambda done: self._take_done(draft, done),
            on_error=self._refuse,
        )

    def _opened(self, key: str) -> PolicyText:
        if key == NEW:
            names = {each.file for each in self._desk.report(self._at()).shelf.policies}
            file = next(name for number in range(1, 10_000) if (name := _NEW_FILE.format(number=number)) not in names)
            return PolicyText(file, NEW_POLICY, "", PolicyOrigin.OWN)
        return self._desk.open_file(key.removeprefix(FILE)) if key.startswith(FILE) else self._desk.open(key)

    def _at(self) -> datetime:
        if self._moment is None:
            message = "nothing is opened before a moment is shown"
            raise RuntimeError(message)
        return self._moment.at

    def _take_opened(self, key: str, opened: PolicyText) -> None:
        shown = opened_policy(opened, self._tr, draft=self._kept.get(key))
        self._draft = _Draft(key, opened, shown.text)
        self._surface.show_opened(shown)
        self._look(self._draft)

    def _look(self, draft: _Draft) -> None:
        """Check the text, then try it; what was tried before is not what stands there now."""
        self._tried = None
        self._trying.drop()
        self._bench.show_bench(BenchState())
        text, file = draft.text, draft.opened.file
        self._checking.take_over(
            Read(
                work=lambda: check_words(self._desk.check(text, file), self._tr),
                on_result=lambda checked: self._take_checked(text, file, checked),
                on_error=self._surface.show_refused,
            )
        )

    def _take_checked(self, text: str, file: str, checked: CheckWords) -> None:
        self._bench.show_checked(checked)
        at = self._at()
        if not checked.faults:
            self._bench.show_bench(BenchState(self._tr("Trying it on every entity, now and over the last 90 days…")))
            self._trying.take_over(
                Read(
                    work=lambda: bench_state(self._desk.try_text(text, file, at), self._tr),
                    on_result=lambda bench: self._take_bench(text, bench),
                    on_error=lambda error: self._bench.show_bench(BenchState(f"{error.message} {error.next_step}")),
                )
            )

    def _take_bench(self, text: str, bench: BenchState) -> None:
        self._tried = text
        self._bench.show_bench(replace(bench, can_enable=self.can_enable))

    def _take_done(self, draft: _Draft, act: PolicyAct) -> None:
        self._is_changing = False
        self._kept.pop(draft.key, None)
        if act.deed is PolicyDeed.ENABLED:
            words = self._tr("{file} is enabled, on record as {number}. The collector takes it in with its next round.")
        else:
            words = self._tr("{file} is withdrawn, on record as {number}. What it judged stays.")
        self._surface.show_done(words.format(file=act.file, number=act.number))
        self._draft = None
        self._listing.take_over(self._read_list(self._at()))

    def _refuse(self, error: OperatorError) -> None:
        self._is_changing = False
        self._surface.show_refused(error)

    def _read_list(self, at: datetime) -> Read[PoliciesState]:
        return Read(
            work=lambda: policies_state(self._desk.report(at), self._tr),
            on_result=self._surface.show_policies,
            on_error=self._surface.show_refused,
        )
