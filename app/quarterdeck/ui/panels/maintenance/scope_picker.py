"""What a window is to cover: entities and whole domains, picked from lists and named below in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.ui.panels.maintenance.state import ScopePick
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.cards import section_heading
from quarterdeck.ui.widgets.pick_button import PickButton, PickWords
from quarterdeck.ui.widgets.pick_list import Pick
from quarterdeck.ui.widgets.text import PlainLabel

_MOST = 500
_MOST_NAMED = 8


class ScopePicker(QWidget):
    """`scope_changed` comes whenever a person picks something or takes it away."""

    scope_changed = Signal()

    def __init__(self, theme: Theme, heading: str) -> None:
        super().__init__()
        self._entities: tuple[ScopePick, ...] = ()
        self._domains: tuple[ScopePick, ...] = ()
        self._scope = MaintenanceScope()
        self._hint = ""
        self._entity_button = PickButton(theme, self._words(self.tr("Entities covered")), most=_MOST)
        self._domain_button = PickButton(theme, self._words(self.tr("Domains covered")), most=_MOST)
        self._named = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._entity_button.picked.connect(self._pick_entities)
        self._domain_button.picked.connect(self._pick_domains)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(section_heading(theme, heading))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._entity_button)
        row.addWidget(self._domain_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._named)

    @property
    def scope(self) -> MaintenanceScope:
        """What is picked."""
        return self._scope

    def offer(
        self, entities: Sequence[ScopePick], domains: Sequence[ScopePick], scope: MaintenanceScope, hint: str
    ) -> None:
        """Offer these, with some picked; the hint is said while nothing is."""
        self._entities, self._domains, self._hint = tuple(entities), tuple(domains), hint
        known = {one.key for one in entities}
        self._scope = MaintenanceScope(tuple(key for key in scope.entity_keys if key in known), scope.domains)
        self._domain_button.setVisible(bool(domains))
        self._show()

    def add(self, scope: MaintenanceScope) -> bool:
        """Pick these too; whether any of them was not picked before."""
        keys = tuple(dict.fromkeys((*self._scope.entity_keys, *scope.entity_keys)))
        domains = tuple(dict.fromkeys((*self._scope.domains, *scope.domains)))
        is_more = (keys, domains) != (self._scope.entity_keys, self._scope.domains)
        if is_more:
            self._take(MaintenanceScope(keys, domains))
        return is_more

    def show_fault(self, fault: str) -> None:
        """Say what is wrong; empty for nothing."""
        self._named.set_tone(Tone.DOWN if fault else Tone.SECONDARY)
        self._named.setText(f"◆ {fault}" if fault else self._names())
        self._named.setVisible(bool(self._named.text()))

    def focus_first(self) -> None:
        """Give the keyboard to the first button."""
        self._entity_button.setFocus()

    def _pick_entities(self, keys: object) -> None:
        self._take(MaintenanceScope(_keys(keys), self._scope.domains))

    def _pick_domains(self, keys: object) -> None:
        self._take(MaintenanceScope(self._scope.entity_keys, _keys(keys)))

    def _take(self, scope: MaintenanceScope) -> None:
        self._scope = scope
        self._show()
        self.scope_changed.emit()

    def _show(self) -> None:
        entity_words = self.tr("Entities: {count}") if self._scope.entity_keys else self.tr("Entities…")
        domain_words = self.tr("Domains: {count}") if self._scope.domains else self.tr("Domains…")
        self._entity_button.show_picks(
            [Pick(one.key, one.text, one.state) for one in self._entities],
            self._scope.entity_keys,
            entity_words.format(count=len(self._scope.entity_keys)),
        )
        self._domain_button.show_picks(
            [Pick(one.key, one.text) for one in self._domains],
            self._scope.domains,
            domain_words.format(count=len(self._scope.domains)),
        )
        self.show_fault("")

    def _names(self) -> str:
        names = [one.text for one in self._entities if one.key in self._scope.entity_keys]
        names += [
            self.tr("all of {domain}").format(domain=d.text) for d in self._domains if d.key in self._scope.domains
        ]
        more = len(names) - _MOST_NAMED
        shown = names[:_MOST_NAMED] + ([self.tr("and {count} more").format(count=more)] if more > 0 else [])
        return ", ".join(shown) or self._hint

    def _words(self, name: str) -> PickWords:
        return PickWords(
            name=name,
            placeholder=self.tr("Search"),
            limit=self.tr("Enter picks, Esc closes"),
            reset=self.tr("None"),
            nothing=self.tr("No name holds these words"),
        )


def _keys(picked: object) -> tuple[str, ...]:
    return tuple(str(key) for key in cast("tuple[object, ...]", picked)) if isinstance(picked, tuple) else ()
