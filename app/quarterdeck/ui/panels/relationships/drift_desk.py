"""Brings drift to the page: the surface of its presenter."""

from __future__ import annotations

from quarterdeck.ui.panels.relationships.drift_state import DriftState
from quarterdeck.ui.panels.relationships.page import RelationshipsPage


class DriftDesk:
    """Shows what stands apart."""

    def __init__(self, page: RelationshipsPage) -> None:
        self._page = page

    def show_drift(self, state: DriftState) -> None:
        """Show another reading."""
        self._page.show_reading(state)
