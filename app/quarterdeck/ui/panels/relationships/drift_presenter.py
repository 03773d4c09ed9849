"""Loads what is declared and not seen, and seen and not declared, for as long as somebody looks. Plain Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from quarterdeck.services.drift import DriftReport
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.relationships.drift_state import DriftState
from quarterdeck.ui.panels.relationships.drift_words import drift_state
from quarterdeck.ui.panels.relationships.node_words import Translate
from quarterdeck.ui.panels.relationships.wanted_report import Reporting, Topics, WantedReport
from quarterdeck.ui.tasks.verbs import Background

TOPICS: Topics = frozenset({Topic.ESTATE, Topic.CONNECTIONS, Topic.CONNECTION_HEALTH})


class DriftSource(Protocol):
    """Where the answers come from."""

    def report(self, at: datetime) -> DriftReport:
        """Everything at a moment."""
        ...


class DriftSurface(Protocol):
    """What shows the view."""

    def show_drift(self, state: DriftState) -> None: ...


class DriftPresenter(WantedReport[DriftState]):
    """Shows the drift of the moment while it is wanted."""

    def __init__(self, source: DriftSource, background: Background, surface: DriftSurface, tr: Translate) -> None:
        reporting = Reporting(
            key="relationships.drift",
            topics=TOPICS,
            read=lambda moment: drift_state(source.report(moment.at), tr),
            show=surface.show_drift,
            summed_up=lambda state, words: replace(state or DriftState(), summary=words),
        )
        super().__init__(reporting, background, tr)
