"""The panel with its controls above it and a presenter behind it, in the hands of a test."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.ui.panels.relationships.kept_map import MapKeeper, MapStore, decode
from quarterdeck.ui.panels.relationships.map_overlay import Pointed
from quarterdeck.ui.panels.relationships.map_view import PlacedMapView
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.side_page import SidePage
from quarterdeck.ui.panels.relationships.state import MapScene
from quarterdeck.ui.panels.relationships.view import RelationshipsView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.filter_line import FilterLine
from tests.support.backgrounds import HeldBackground
from tests.support.graphs import BILL_PAY
from tests.ui.panels.hosting import hosted
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.relationships.test_presenter import Source

TURNS = 200


class Desk:
    """What the shell would be told is kept: selections, openings, notices, and the page beside the map."""

    def __init__(
        self,
        theme: Theme,
        show: Callable[[QWidget], QWidget],
        told: RelationshipReport = BILL_PAY,
        *,
        shelf: MapStore | None = None,
    ) -> None:
        self.source, self.background = Source(told), HeldBackground()
        self.selected: list[str] = []
        self.opened: list[str] = []
        self.notices: list[str] = []
        self.side: SidePage | None = None
        self.view = RelationshipsView(theme)
        self.view.entity_selected.connect(self.selected.append)
        self.view.entity_open_requested.connect(self.opened.append)
        self.view.notice_raised.connect(self.notices.append)
        self.view.side_page_changed.connect(self._take_side)
        keeper = MapKeeper(shelf, decode(shelf.read()), self.background) if shelf else None
        presenter = RelationshipsPresenter(self.source, self.background, self.view, str, keeper=keeper)
        self.view.present(presenter, self.background)
        self.window = show(hosted(self.view))
        self.hands = Hands(self)
        self.view.show_moment(LIVE)
        self.settle()

    def settle(self) -> None:
        """Let everything arrive: answers of workers, and the picture of the map."""
        while self.background.waiting:
            self.background.finish()
        for _ in range(TURNS):
            QApplication.processEvents()
            if not self.map.sight._painting.isActive():
                break

    @property
    def map(self) -> PlacedMapView:
        return self.view._page.map.view

    @property
    def scene(self) -> MapScene:
        return self.map.rows.scene

    @property
    def current(self) -> str:
        """The name of the node or the title of the relation that the keyboard is on."""
        at = self.map.current
        if at.node >= 0:
            return self.scene.nodes[at.node].name
        return self.scene.edges[at.edge].title if at.edge >= 0 else ""

    @property
    def bright(self) -> set[str]:
        """The names of the nodes that stand out."""
        faint = self.map.sight.drawing.faint_nodes
        return {node.name for node, is_faint in zip(self.scene.nodes, faint, strict=True) if not is_faint}

    @property
    def foot(self) -> str:
        return next(one.text() for one in self.view.findChildren(QLabel) if "relations" in one.text())

    def node(self, name: str) -> int:
        return next(at for at, one in enumerate(self.scene.nodes) if one.name == name)

    def edge(self, title: str) -> int:
        return next(at for at, one in enumerate(self.scene.edges) if one.title == title)

    def spot(self, name: str) -> QPoint:
        """The middle of a node on the screen."""
        return self.map.visualRect(self.map.rows.node_row(self.node(name))).center()

    def spot_on_line(self, title: str) -> QPoint:
        """A point on the line of an edge, away from nodes."""
        points = self.map.sight.drawing.lines.points[self.edge(title)]
        middle = self.map.sight.camera.on_screen(points[len(points) // 2])
        return QPointF(*middle).toPoint()

    @property
    def said(self) -> str:
        """All words of the page beside the map."""
        assert self.side is not None
        return "\n".join(one.text() for one in self.side.findChildren(QLabel) if one.text() and not one.isHidden())

    def _take_side(self, page: SidePage | None) -> None:
        self.side = page
        if page is not None:
            page.setParent(self.window)
            page.show()


class Hands:
    """What a person does at the desk; everything has arrived afterwards."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def click(self, spot: QPoint) -> None:
        QTest.mouseClick(self._desk.map.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self._desk.settle()

    def double_click(self, spot: QPoint) -> None:
        QTest.mouseClick(self._desk.map.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseDClick(self._desk.map.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        self._desk.settle()

    def drag(self, way: QPoint) -> None:
        port, start = self._desk.map.viewport(), QPoint(20, self._desk.map.viewport().height() - 20)
        QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
        for share in (0.5, 1.0):
            QTest.mouseMove(port, start + way * share)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=start + way)
        self._desk.settle()

    def point(self, spot: QPoint) -> Pointed:
        QTest.mouseMove(self._desk.map.viewport(), spot)
        self._desk.settle()
        return self._desk.map.pointed

    def turn(self, notches: int, spot: QPoint, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        port = self._desk.map.viewport()
        event = QWheelEvent(
            QPointF(spot),
            QPointF(port.mapToGlobal(spot)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(port, event)
        self._desk.settle()

    def press(self, text: str) -> None:
        """Press the button of that name."""
        button = next(
            one
            for one in self._desk.window.findChildren(QAbstractButton)
            if one.accessibleName() == text and one.isVisibleTo(self._desk.window)
        )
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self._desk.settle()

    def type_key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self._desk.map, key, modifier)
        self._desk.settle()

    def run(self, name: str) -> None:
        """Run an action of the panel."""
        next(one for one in self._desk.view.panel_actions() if one.spec.id == f"relationships.{name}").run()
        self._desk.settle()

    def choose(self, name: str, text: str) -> None:
        """Choose a text from the menu of the button whose accessible name begins so."""
        button = next(
            one for one in self._desk.window.findChildren(ChoiceButton) if one.accessibleName().startswith(name)
        )
        next(action for action in button._menu.actions() if action.text() == text).trigger()
        self._desk.settle()

    def seek(self, words: str) -> None:
        self._desk.window.findChildren(FilterLine)[0].setText(words)
        self._desk.settle()


def table_in(desk: Desk) -> ColumnTable:
    """The table in sight."""
    return next(one for one in desk.view.findChildren(ColumnTable) if one.isVisible())
