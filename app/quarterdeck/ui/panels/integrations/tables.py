"""The panel's tables, one for each view, made when it is first needed: all at once would be felt."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QCoreApplication, QObject

from quarterdeck.ui.panels.integrations.models import (
    calendar_columns,
    calendar_data,
    expiry_columns,
    expiry_data,
    integration_columns,
)
from quarterdeck.ui.panels.integrations.state import LISTS, Arrangement, CalendarState, ExpiryState, Stretch
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import ColumnSpec, TableData


class TableSet:
    """Makes and knows the tables, and fills those of what ends."""

    def __init__(self, theme: Theme, background_for: Callable[[QObject], Background] | None) -> None:
        self._theme = theme
        self._background_for = background_for
        self._tables: dict[Arrangement, ColumnTable] = {}
        self._titles: dict[Arrangement, frozenset[str]] = {}
        self._expiries: ExpiryState | None = None
        self._calendar: CalendarState | None = None
        self._shown: dict[Arrangement, tuple[object, ...]] = {}

    @property
    def made(self) -> frozenset[Arrangement]:
        """The views whose tables were made."""
        return frozenset(self._tables)

    def of(self, arrangement: Arrangement) -> ColumnTable:
        """The table of a view."""
        if arrangement not in self._tables:
            self._tables[arrangement] = ColumnTable(
                self._theme,
                _columns(arrangement),
                accessible_name=_name(arrangement),
                hugs_rows=True,
                is_multiple=arrangement in LISTS,
                background_for=self._background_for,
            )
        return self._tables[arrangement]

    def keep(self, state: ExpiryState | CalendarState) -> None:
        """Keep what ends, for when its table is shown."""
        if isinstance(state, CalendarState):
            self._calendar = state
        else:
            self._expiries = state

    def show_ending(self, arrangement: Arrangement, stretch: Stretch, folded: Collection[str]) -> None:
        """Show what ends in its table; nothing is touched when it is what is shown."""
        state = self._expiries if arrangement is Arrangement.EXPIRY else self._calendar
        wanted = None if state is None else (state.lines, stretch, frozenset(folded))
        if wanted is None or wanted == self._shown.get(arrangement):
            return
        self._shown[arrangement] = wanted
        if isinstance(state, CalendarState):
            self.fill(arrangement, calendar_data(state.lines, stretch, folded))
        elif state is not None:
            self.fill(arrangement, expiry_data(state.lines))

    def forget(self) -> None:
        """Show the next state whole, whatever was shown before."""
        self._expiries = self._calendar = None
        self._shown.clear()

    def titles(self, arrangement: Arrangement) -> frozenset[str]:
        """The titles of a table's groups."""
        return self._titles.get(arrangement, frozenset())

    def fill(self, arrangement: Arrangement, data: TableData) -> None:
        """Show data in the table of a view."""
        self._titles[arrangement] = frozenset(group.key for group in data.groups)
        self.of(arrangement).set_data(data)

    def summary(self, arrangement: Arrangement) -> tuple[str, int]:
        """The sentence below a table of what ends, and how many rows it has at most."""
        state = {Arrangement.EXPIRY: self._expiries, Arrangement.CALENDAR: self._calendar}.get(arrangement)
        return ("", 0) if state is None else (state.summary, len(state.lines))

    def entity_of(self, arrangement: Arrangement, row_id: str) -> str:
        """The key of the entity that a row is about; empty for none."""
        if arrangement in LISTS:
            return row_id
        return next((key for known, key in self._keys(arrangement) if known == row_id), "")

    def row_of(self, arrangement: Arrangement, entity_key: str) -> str:
        """The first row that is about an entity; empty for none."""
        if arrangement in LISTS:
            return entity_key
        return next((known for known, key in self._keys(arrangement) if key == entity_key), "")

    def _keys(self, arrangement: Arrangement) -> list[tuple[str, str]]:
        if arrangement is Arrangement.EXPIRY:
            return [(line.id, line.entity_key) for line in (self._expiries.lines if self._expiries else ())]
        return [(line.id, line.entity_key) for line in (self._calendar.lines if self._calendar else ())]


def _columns(arrangement: Arrangement) -> tuple[ColumnSpec, ...]:
    if arrangement in LISTS:
        return integration_columns(arrangement)
    return expiry_columns() if arrangement is Arrangement.EXPIRY else calendar_columns()


def _name(arrangement: Arrangement) -> str:
    def tr(text: str) -> str:
        return QCoreApplication.translate("IntegrationsPage", text)

    return {
        Arrangement.DOMAIN: tr("Integrations by domain"),
        Arrangement.PARTNER: tr("Integrations by partner"),
        Arrangement.EXPIRY: tr("Certificates by the day they end"),
        Arrangement.CALENDAR: tr("What ends, by the day"),
    }[arrangement]
