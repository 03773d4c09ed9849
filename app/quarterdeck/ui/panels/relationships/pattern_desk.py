"""Brings the patterns to the page and beside it: the surface of their presenter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.page import RelationshipsPage
from quarterdeck.ui.panels.relationships.pattern_state import PatternsState
from quarterdeck.ui.panels.relationships.side import Side
from quarterdeck.ui.panels.relationships.state import Answer, Arrangement


class PatternDesk:
    """Shows how everything stands to its patterns, and beside it what deviates of the selected entity."""

    def __init__(self, page: RelationshipsPage, side: Side) -> None:
        self._page = page
        self._side = side
        self._patterns = PatternsState()
        self._states: Mapping[str, HealthState] = {}
        self._entity_key = ""

    def show_patterns(self, state: PatternsState) -> None:
        """Show another reading."""
        self._patterns = state
        self._page.show_reading(state)
        self.show_beside()

    def show_entities(self, states: Mapping[str, HealthState]) -> None:
        """Take the real states of the moment, by key, which mark the entities beside."""
        self._states = states
        self.show_beside()

    def select(self, entity_key: str) -> None:
        """Show what deviates of another entity."""
        self._entity_key = entity_key
        self.show_beside()

    def show_beside(self) -> None:
        """Show what deviates of the selected entity while the patterns are in view, else nothing of the kind."""
        is_shown = self._page.arrangement is Arrangement.PATTERNS
        self._side.show_deviations(self._deviations() if is_shown else None)

    def _deviations(self) -> Answer | None:
        found = self._patterns.answer_of(self._entity_key)
        if found is None:
            return None
        lines = (replace(line, state=self._states.get(line.entity_key, line.state)) for line in found.lines)
        return replace(found, lines=tuple(lines))
