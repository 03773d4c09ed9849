"""A report of the moment that is read for as long as somebody looks at it. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

S = TypeVar("S")
Topics: TypeAlias = frozenset[Topic]


@dataclass(frozen=True, slots=True)
class Reporting(Generic[S]):
    """How a report is read (in a worker) and shown, and which topics tell that it is another one.

    `summed_up` gives a report, or an empty one for None, with other words as its summary.
    """

    key: str
    topics: Topics
    read: Callable[[Moment], S]
    show: Callable[[S], None]
    summed_up: Callable[[S | None, str], S]


class WantedReport(Generic[S]):
    """Shows the moment while it is wanted; a refresh that fails leaves what was shown and says of when it is."""

    def __init__(self, reporting: Reporting[S], background: Background, tr: Translate) -> None:
        self._reporting = reporting
        self._tr = tr
        self._reads: LatestRead[S] = LatestRead(background, reporting.key)
        self._moment: Moment | None = None
        self._shown: tuple[Moment, S] | None = None
        self._is_wanted = False
        self._is_pending = False

    def want(self, *, is_wanted: bool) -> None:
        """Somebody looks at it now, or does not any more."""
        self._is_wanted = is_wanted
        if is_wanted and self._is_pending and self._moment is not None:
            self._reads.take_over(self._read(self._moment))

    def show_moment(self, moment: Moment) -> None:
        """Show another moment, at once or when it is wanted."""
        self._moment = moment
        self._is_pending = True
        self.want(is_wanted=self._is_wanted)

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when something of what is shown changed, or when only time went on."""
        if topics and not topics & self._reporting.topics:
            return
        self._moment = moment
        if self._is_wanted:
            self._reads.follow(self._read(moment))
        else:
            self._is_pending = True

    def _read(self, moment: Moment) -> Read[S]:
        read = self._reporting.read
        return Read(
            work=lambda: read(moment),
            on_result=lambda state: self._take(moment, state),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, state: S) -> None:
        self._is_pending = False
        self._shown = moment, state
        self._reporting.show(state)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        show, summed_up = self._reporting.show, self._reporting.summed_up
        if self._shown is None or self._is_pending:
            self._shown = None
            show(summed_up(None, f"{error.message} {error.next_step}"))
            return
        shown_moment, state = self._shown
        time = moment_words(shown_moment.at, moment.at)
        show(summed_up(state, self._tr("{error} Shown as of {time}").format(error=error.message, time=time)))
