"""Loads what is declared and not seen, and seen and not declared, for as long as somebody looks. Plain Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.drift import DriftReport
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.relationships.drift_state import DriftState
from quarterdeck.ui.panels.relationships.drift_words import drift_state
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.CONNECTIONS, Topic.CONNECTION_HEALTH})


class DriftSource(Protocol):
    """Where the answers come from."""

    def report(self, at: datetime) -> DriftReport:
        """Everything at a moment."""
        ...


class DriftSurface(Protocol):
    """What shows the view."""

    def show_drift(self, state: DriftState) -> None: ...


class DriftPresenter:
    """Shows the moment while it is wanted; a refresh that fails leaves what was shown and says of when it is."""

    def __init__(self, source: DriftSource, background: Background, surface: DriftSurface, tr: Translate) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[DriftState] = LatestRead(background, "relationships.drift")
        self._moment: Moment | None = None
        self._shown: tuple[Moment, DriftState] | None = None
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
        if topics and not topics & TOPICS:
            return
        self._moment = moment
        if self._is_wanted:
            self._reads.follow(self._read(moment))
        else:
            self._is_pending = True

    def _read(self, moment: Moment) -> Read[DriftState]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: drift_state(source.report(moment.at), tr),
            on_result=lambda state: self._take(moment, state),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, state: DriftState) -> None:
        self._is_pending = False
        self._shown = moment, state
        self._surface.show_drift(state)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None or self._is_pending:
            self._shown = None
            self._surface.show_drift(DriftState(summary=f"{error.message} {error.next_step}"))
            return
        shown_moment, state = self._shown
        time = moment_words(shown_moment.at, moment.at)
        words = self._tr("{error} Shown as of {time}").format(error=error.message, time=time)
        self._surface.show_drift(replace(state, summary=words))
