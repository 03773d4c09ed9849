"""A window around the Maintenance panel with its side page beside it, over a real store."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QLabel, QLineEdit, QTableView, QWidget
from typing_extensions import override

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.exporters.maintenance_calendar import calendar_text
from quarterdeck.services.maintenance import Signature
from quarterdeck.services.maintenance_desk import MaintenanceDesk, WindowBoard
from quarterdeck.services.maintenance_forms import Repeat, TypedWindow
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange, Store
from quarterdeck.storage.opening import open_store
from quarterdeck.ui.panels.maintenance.form_page import FormPage
from quarterdeck.ui.panels.maintenance.form_presenter import FormPresenter
from quarterdeck.ui.panels.maintenance.import_page import ImportPage
from quarterdeck.ui.panels.maintenance.presenter import MaintenancePresenter
from quarterdeck.ui.panels.maintenance.view import PLAN_TARGET, MaintenanceView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.field_editors import ChoiceBox
from tests.support.backgrounds import HeldBackground
from tests.support.pictured_maintenance import SetClock
from tests.support.stores import PATIENCE_SECONDS, after
from tests.ui.panels.hosting import hosted

HOUR = 3600.0
DAY = 24 * HOUR
HUB = Entity("partner/hub", EntityKind.PARTNER, "Hub")
PAY = Entity("integration/pay", EntityKind.INTEGRATION, "Pay", domain="bill_pay")
API = Entity("service/api", EntityKind.SERVICE, "API", domain="bill_pay")
RELATIONS = (
    Relation(RelationKind.EXTERNAL_INTERNAL, HUB.key, PAY.key),
    Relation(RelationKind.EXTERNAL_INTERNAL, PAY.key, API.key),
)
NOW = TypedWindow(MaintenanceScope((PAY.key,)), "Core upgrade", "2026-03-02 11:30", "13:00")
TOMORROW = replace(NOW, reason="Relay restart", start="2026-03-03 02:00", end="1h")
NIGHTLY = replace(NOW, reason="Backups", repeat=Repeat.DAILY, start="2026-03-02 11:00", end="2h")
YESTERDAY = replace(NOW, reason="Firmware", start="2026-03-01 02:00", end="1h")
ADA = Signature("ada")
LOST = StoreUnavailable("The disk does not answer.", "Look at the disk.")


class RoomDesk(MaintenanceDesk):
    """A desk that can be put over another store, and whose board cannot be read while it is `lost`."""

    lost = False

    def use(self, store: Store, clock: SetClock) -> None:
        """Work over this store from now on."""
        super().__init__(store, clock, calendar_text, who=lambda: "ada", zone=lambda: "UTC")

    @override
    def board(self, moment: Moment) -> WindowBoard:
        if self.lost:
            raise LOST
        return super().board(moment)


class Room:
    """The panel, its side page and the desk behind them at noon; `notices` is what was said at the foot."""

    def __init__(self, theme: Theme, folder: Path, *plans: TypedWindow) -> None:
        self.path = folder / "store.db"
        self.clock = SetClock(after(-DAY))
        self.store = open_store(str(self.path))
        change = EstateChange(after(-7 * DAY), "test", put_entities=(HUB, PAY, API), put_relations=RELATIONS)
        self.store.writer.change_estate(change).result(PATIENCE_SECONDS)
        self.desk = RoomDesk(self.store, self.clock, calendar_text, who=lambda: "ada", zone=lambda: "UTC")
        for typed in plans:
            self.desk.plan(typed, ADA)
        self.clock.at = after(0)
        self.notices: list[str] = []
        self.background = HeldBackground()
        self.view = MaintenanceView(theme)
        self.window = self._window()
        self._present()

    def _present(self) -> None:
        notify = self.notices.append
        presenter = MaintenancePresenter(self.desk, self.background, self.view, notify=notify, tr=str)
        forms = FormPresenter(self.desk, self.background, self.view.side, notify=notify, tr=str)
        self.view.present(presenter, forms, self.background)
        self.view.notice_raised.connect(notify)
        self.view.side_page_changed.connect(self._place_side)

    def _window(self) -> QWidget:
        window = QWidget()
        row = QHBoxLayout(window)
        row.addWidget(hosted(self.view), 1)
        self.view.side.setFixedWidth(340)
        row.addWidget(self.view.side)
        window.resize(1300, 900)
        return window

    def _place_side(self, page: object) -> None:
        self.view.side.setVisible(page is not None)

    def begin(self, *, live: bool = True, at: float = 0.0) -> None:
        """Show a moment and what stands then."""
        self.view.show_moment(moment_at(at, live=live))
        self.settle()

    def settle(self) -> None:
        """Let everything asked for arrive, and what that asks for too."""
        while self.background.finish():
            QApplication.processEvents()
        QApplication.processEvents()

    def forbid_writing(self) -> None:
        """Open the store again so that it may only be read."""
        self.store.close()
        self.store = open_store(str(self.path), read_only=True)
        self.desk.use(self.store, self.clock)

    def plan(self, scope: MaintenanceScope = NOW.scope) -> FormPage:
        """Ask for the form of a new window."""
        self.view.show_target(PLAN_TARGET + scope.written())
        self.settle()
        return self.form

    @property
    def form(self) -> FormPage:
        """The form in front."""
        return next(one for one in self.view.side.findChildren(FormPage) if one.isVisible())

    @property
    def import_page(self) -> ImportPage:
        """The page that takes in a calendar."""
        return next(one for one in self.view.side.findChildren(ImportPage) if one.isVisible())

    @property
    def reasons(self) -> list[str]:
        """The reasons of the windows in sight."""
        model = self.view.findChildren(QTableView)[0].model()
        return [str(model.index(line, 1).data()) for line in range(model.rowCount())]

    def said(self, root: QWidget | None = None) -> str:
        """Every label in sight below a widget, one a line."""
        labels = (root or self.window).findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def press(self, text: str, root: QWidget | None = None) -> None:
        """Press the button in sight that says this."""
        buttons = (root or self.window).findChildren(QAbstractButton)
        button = next(one for one in buttons if one.isVisible() and one.accessibleName() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def standing(desk: MaintenanceDesk) -> list[str]:
    """The reasons of all windows there are, as they stand."""
    return [one.window.reason for one in desk.board(moment_at(0)).windows]


def moment_at(at: float, *, live: bool = True) -> Moment:
    """The moment so many seconds after noon, over an hour."""
    return Moment(TimeRange(after(at - HOUR), after(at)), after(at), live=live)


def type_into(room: Room, label: str, text: str) -> None:
    """Type into the field of the form with a label, in place of what stands there."""
    line = next(one for one in room.form.findChildren(QLineEdit) if one.accessibleName() == label)
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClicks(line, text)


def choose_repeat(room: Room, repeat: Repeat) -> None:
    """Choose how often the window comes."""
    box = next(one for one in room.form.findChildren(ChoiceBox) if one.accessibleName() == "Comes")
    box.set_value(repeat)
    box.activated.emit(box.currentIndex())


def look_ahead(room: Room) -> str:
    """What the form says it would come to as it stands."""
    room.form.ask_preview()
    room.settle()
    return room.said(room.form)
