"""Loads how everything stands to its patterns, for as long as somebody looks at it. Plain Python, tested without Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from quarterdeck.services.moments import Moment
from quarterdeck.services.patterns import PatternReport
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.panels.relationships.pattern_state import PatternsState
from quarterdeck.ui.panels.relationships.pattern_words import patterns_state
from quarterdeck.ui.panels.relationships.wanted_report import Reporting, Topics, WantedReport
from quarterdeck.ui.tasks.verbs import Background

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.SERIES, Topic.COMPLIANCE, Topic.CONNECTIONS})


class PatternSource(Protocol):
    """Where the answers come from."""

    def report(self, moment: Moment) -> PatternReport:
        """How everything stands at the play-head."""
        ...


class PatternsSurface(Protocol):
    """What shows the view."""

    def show_patterns(self, state: PatternsState) -> None: ...


class PatternsPresenter(WantedReport[PatternsState]):
    """Shows how everything stands to its patterns while it is wanted."""

    def __init__(self, source: PatternSource, background: Background, surface: PatternsSurface, tr: Translate) -> None:
        reporting = Reporting(
            key="relationships.patterns",
            topics=TOPICS,
            read=lambda moment: patterns_state(source.report(moment), tr),
            show=surface.show_patterns,
            summed_up=lambda state, words: replace(state or PatternsState(), summary=words),
        )
        super().__init__(reporting, background, tr)
