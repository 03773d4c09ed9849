"""A window around the Connectors panel with its side page beside it, over a scripted store."""

from dataclasses import replace
from datetime import timedelta

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QTableView, QWidget

from quarterdeck.domain.connections import ConnectionState
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.connectors.form_page import FormPage
from quarterdeck.ui.panels.connectors.kinds_page import KindButton
from quarterdeck.ui.panels.connectors.outcome_view import OutcomeView
from quarterdeck.ui.panels.connectors.presenter import ConnectorsPresenter
from quarterdeck.ui.panels.connectors.setup_presenter import SetupPresenter
from quarterdeck.ui.panels.connectors.side import SidePage
from quarterdeck.ui.panels.connectors.view import ConnectorsView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.state_stack import StateStack
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.connectors.lists import (
    LIVE,
    NOON,
    ScriptedSetup,
    ScriptedSources,
    connection,
    health,
    row,
    source_list,
)

ROWS = (
    row(connection("bank-metrics")),
    row(connection("payhub-probe"), health(ConnectionState.FAILING, words="Refused.", next_step="Look.")),
    row(connection("this-machine", managed_by="demo-bank", secret_names=())),
)


class Window(QWidget):
    """The panel with its side page beside it, as the shell places them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.source, self.setup, self.background = (
            ScriptedSources(source_list(*ROWS)),
            ScriptedSetup(),
            HeldBackground(),
        )
        self.setup.held = {one.connection.id: one.connection for one in ROWS}
        self.view = ConnectorsView(theme)
        self.side: SidePage = self.view.side
        presenter = ConnectorsPresenter(
            self.source,
            self.setup,
            self.background,
            self.view,
            now=lambda: NOON,
            notify=self.view.notice_raised.emit,
            tr=str,
        )
        self.view.present(
            presenter,
            SetupPresenter(self.setup, self.background, self.side, notify=self.view.notice_raised.emit, tr=str),
        )
        self._place()
        self.resize(1240, 760)

    def _place(self) -> None:
        line = QHBoxLayout(self)
        for control in self.view.bar_widgets():
            line.addWidget(control)
        line.addWidget(self.view, 1)
        line.addWidget(self.side)
        self.side.setFixedWidth(400)
        self.view.side_page_changed.connect(lambda page: self.side.setVisible(page is not None))

    def open(self) -> None:
        self.view.show_moment(LIVE)
        self.background.finish()

    def again(self, *topics: Topic) -> None:
        """What a refresh brings."""
        self.view.refresh(replace(LIVE, at=NOON + timedelta(seconds=2)), frozenset(topics or {Topic.CONNECTIONS}))
        self.background.finish()

    def press(self, text: str) -> None:
        """Press the visible button of that text."""
        found = [one for one in self.findChildren(QPushButton) if one.text() == text and one.isVisible()]
        assert found, text
        found[0].click()

    def field(self, name: str) -> QLineEdit:
        """The visible line of that name."""
        return next(
            one for one in self.side.findChildren(QLineEdit) if one.accessibleName() == name and one.isVisible()
        )

    def add(self, kind: str = "Prometheus query API") -> FormPage:
        """Open the form for a new connection of a kind."""
        self.press("Add connection")
        self.background.finish()
        next(one for one in self.side.findChildren(KindButton) if one.accessibleName() == kind).click()
        self.background.finish()
        return self.side.findChildren(FormPage)[-1]

    @property
    def table(self) -> QTableView:
        return next(one for one in self.view.findChildren(QTableView) if one.accessibleName() == "Connections")

    @property
    def stack(self) -> StateStack:
        return self.view.findChildren(StateStack)[0]

    @property
    def outcome(self) -> OutcomeView:
        return next(one for one in self.side.findChildren(OutcomeView) if one.isVisible())


def fill(window: Window) -> None:
    for name, text in (("Name", "Bank metrics"), ("Address", "https://metrics.bank"), ("Token", "secret")):
        QTest.keyClicks(window.field(name), text)
