"""The panel at which something can be assumed, in the hands of a test."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QMenu, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import Estate
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance import MaintenanceRecord
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.services.what_if import WhatIfReader
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.what_if_banner import WhatIfFrame
from quarterdeck.ui.theme.theme import Theme
from tests.support.graphs import BILL_PAY
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.relationships.desk import Desk


class Reported:
    """The estate of a report, to read and nothing else; each entity says of itself what is shown of it."""

    def __init__(self, told: RelationshipReport) -> None:
        self._told = told
        self.faults: list[OperatorError] = []

    @property
    def maintenance(self) -> "Reported":
        return self

    def records(self, window_id: str | None = None) -> tuple[MaintenanceRecord, ...]:
        return ()

    def estate(self, as_of_at: datetime) -> Estate:
        if self.faults:
            raise self.faults[0]
        return Estate(
            tuple(one.entity for one in self._told.entities), tuple(one.relation for one in self._told.relations)
        )

    def own_states_in(self, time_range: TimeRange, entity_keys: object = None) -> tuple[StateInterval, ...]:
        return tuple(
            StateInterval(one.key, one.state, one.reason, one.since_at or time_range.start_at)
            for one in self._told.entities
        )


class Supposing(Desk):
    """A desk at which something can be assumed."""

    def __init__(self, theme: Theme, show: Callable[[QWidget], QWidget], told: RelationshipReport = BILL_PAY) -> None:
        self.store = Reported(told)
        super().__init__(theme, show, told)
        presenter = RelationshipsPresenter(self.source, self.background, self.view, str, WhatIfReader(self.store))
        self.view.present(presenter, self.background)
        self.view.show_moment(LIVE)
        self.settle()

    @property
    def frame(self) -> WhatIfFrame:
        return self.view.findChildren(WhatIfFrame)[0]

    @property
    def menu(self) -> QMenu:
        return self.view._what_if._menu

    def offered(self) -> list[str]:
        return [action.text() for action in self.menu.actions() if action.text()]

    def choose(self, text: str) -> None:
        """Choose from the open menu."""
        action = next(one for one in self.menu.actions() if one.text() == text)
        self.menu.close()
        action.trigger()
        self.settle()

    def assume(self, key: str, text: str) -> None:
        self.view.show_selection(key)
        self.hands.run("what_if")
        self.choose(text)

    def state_of(self, name: str) -> HealthState:
        return self.scene.nodes[self.node(name)].state
