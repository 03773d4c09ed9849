"""Loads how everything stands to its patterns, for as long as somebody looks at it. Plain Python, tested without Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.moments import Moment
from quarterdeck.services.patterns import PatternReport
from quarterdeck.services.ports import Topic
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.panels.relationships.pattern_state import PatternsState
from quarterdeck.ui.panels.relationships.pattern_words import patterns_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.SERIES, Topic.COMPLIANCE, Topic.CONNECTIONS})


class PatternSource(Protocol):
    """Where the answers come from."""

    def report(self, moment: Moment) -> PatternReport:
        """How everything stands at the play-head."""
        ...


class PatternsSurface(Protocol):
    """What shows the view."""

    def show_patterns(self, state: PatternsState) -> None: ...


class PatternsPresenter:
    """Shows the moment while it is wanted; a refresh that fails leaves what was shown and says of when it is."""

    def __init__(self, source: PatternSource, background: Background, surface: PatternsSurface, tr: Translate) -> None:
        self._source = source
        self._surface = surface
        self._tr = tr
        self._reads: LatestRead[PatternsState] = LatestRead(background, "relationships.patterns")
        self._moment: Moment | None = None
        self._shown: tuple[Moment, PatternsState] | None = None
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

    def _read(self, moment: Moment) -> Read[PatternsState]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: patterns_state(source.report(moment), tr),
            on_result=lambda state: self._take(moment, state),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, state: PatternsState) -> None:
        self._is_pending = False
        self._shown = moment, state
        self._surface.show_patterns(state)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None or self._is_pending:
            self._shown = None
            self._surface.show_patterns(PatternsState(summary=f"{error.message} {error.next_step}"))
            return
        shown_moment, state = self._shown
        time = moment_words(shown_moment.at, moment.at)
        words = self._tr("{error} Shown as of {time}").format(error=error.message, time=time)
        self._surface.show_patterns(replace(state, summary=words))
