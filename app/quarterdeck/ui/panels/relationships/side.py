"""Decides what stands beside the map.

The relation that is chosen, else what deviates, else the answer to a question, else what would follow from what is
assumed.
"""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.ui.panels.relationships.side_page import SidePage
from quarterdeck.ui.panels.relationships.state import Answer, MapEdge, MapNode
from quarterdeck.ui.theme.theme import Theme

RelationEnds: TypeAlias = tuple[MapEdge, MapNode, MapNode]


class Side(QObject):
    """`page_changed` carries the page that takes the inspector's place, or None; `entity_chosen` an entity's key.

    `answer_closed` and `relation_closed` come when a person has read the answer, or what is told of a relation.
    """

    page_changed = Signal(object)
    entity_chosen = Signal(str)
    answer_closed = Signal()
    relation_closed = Signal()

    def __init__(self, theme: Theme, owner: QWidget) -> None:
        super().__init__(owner)
        self._theme = theme
        self._page: SidePage | None = None
        self._answer: Answer | None = None
        self._relation: RelationEnds | None = None
        self._deviations: Answer | None = None
        self._what_if: Answer | None = None
        self._read_what_if: Answer | None = None
        self._hides_assumed = False
        self._marks_assumed = False
        self._read_key = ""
        self._is_shown = False

    def show_answer(self, answer: Answer | None) -> None:
        """Show what was found, or nothing of the kind any more."""
        if answer != self._answer:
            self._answer = answer
            self._settle()

    def show_relation(self, relation: RelationEnds | None) -> None:
        """Show what is known of a relation; None when none is chosen any more."""
        if relation != self._relation:
            self._relation = relation
            self._settle()

    def show_deviations(self, deviations: Answer | None) -> None:
        """Show how the selected entity stands to its pattern, unless a person has read it; None for nothing such."""
        if deviations is None or deviations.entity_key != self._read_key:
            self._read_key = ""
        else:
            deviations = None
        if deviations != self._deviations:
            self._deviations = deviations
            self._settle()

    def tell_assumed(self, *, is_marked: bool, is_hidden: bool) -> None:
        """Whether what is told starts from what is assumed: then it is marked, or kept back beside what is."""
        if (is_marked, is_hidden) != (self._marks_assumed, self._hides_assumed):
            self._marks_assumed, self._hides_assumed = is_marked, is_hidden
            self._settle()

    def show_what_if(self, outcome: Answer | None, *, again: bool = False) -> None:
        """Show what would follow from what is assumed; None outside of what if.

        What a person has read is shown only `again`.
        """
        if again or outcome is None or outcome != self._read_what_if:
            self._read_what_if = None
        else:
            outcome = None
        if outcome != self._what_if:
            self._what_if = outcome
            self._settle()

    def forget_relation(self) -> None:
        """No relation is chosen any more."""
        self.show_relation(None)

    def _settle(self) -> None:
        if self._page is not None or self._relation is not None or self._found():
            self._made().mark_assumed(is_assumed=self._marks_assumed)
        if self._relation is not None:
            self._made().show_relation(*self._relation)
        elif found := self._found():
            self._made().show_answer(found)
        is_shown = self._relation is not None or self._found() is not None
        if is_shown != self._is_shown:
            self._is_shown = is_shown
            self.page_changed.emit(self._page if is_shown else None)

    def _found(self) -> Answer | None:
        """The answer to show."""
        if self._hides_assumed:
            return self._deviations
        return self._deviations or self._answer or self._what_if

    def _made(self) -> SidePage:
        """The page, made when it is first needed."""
        if self._page is None:
            self._page = SidePage(self._theme)
            self._page.entity_chosen.connect(self.entity_chosen)
            self._page.closed.connect(self._close)
        return self._page

    def _close(self) -> None:
        if self._relation is not None:
            self.forget_relation()
            self.relation_closed.emit()
        elif self._deviations is not None:
            self._read_key, self._deviations = self._deviations.entity_key, None
            self._settle()
        elif self._answer is not None:
            self.answer_closed.emit()
        else:
            self._read_what_if, self._what_if = self._what_if, None
            self._settle()
