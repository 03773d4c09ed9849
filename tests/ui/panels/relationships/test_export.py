"""The map as a file: what is drawn is in it as words, and nothing is written where a name says something else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QXmlStreamReader
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QWidget

from quarterdeck.ui.panels.relationships.map_export import MapDrawing, MapExport, proposed_name
from quarterdeck.ui.theme.theme import Theme
from tests.support.graphs import BILL_PAY, crowd, report
from tests.ui.panels.relationships.desk import Desk


@pytest.fixture
def qt_settings(tmp_path: Path) -> Iterator[None]:
    """Qt's own dialog for files remembers its size in a file of its own."""
    native, user = QSettings.Format.NativeFormat, QSettings.Scope.UserScope
    usual = Path(QSettings(native, user, "QtProject").fileName()).parent
    QSettings.setPath(native, user, str(tmp_path / "settings"))
    yield
    QSettings.setPath(native, user, str(usual))


def drawing(desk: Desk) -> MapDrawing:
    drawn: list[MapDrawing] = []
    desk.view._page.map.drawing_requested.connect(drawn.append)
    desk.view._page.map.drawing_requested.disconnect(desk.view._save)
    desk.hands.run("save")
    desk.view._page.map.drawing_requested.connect(desk.view._save)
    return drawn[0]


def export(desk: Desk) -> MapExport:
    assert desk.view._export is not None
    return desk.view._export


def save(desk: Desk, path: Path) -> None:
    export(desk).save(drawing(desk), path)
    desk.settle()


def texts(path: Path) -> list[str]:
    """The words of a drawing, as a program that reads it finds them."""
    reader = QXmlStreamReader(path.read_text("utf-8"))
    found: list[str] = []
    while not reader.atEnd():
        if reader.readNext() is QXmlStreamReader.TokenType.StartElement and reader.name() == "text":
            found.append(reader.readElementText().strip())
    assert not reader.hasError()
    return found


def test_a_drawing_holds_every_name_as_words(desk: Desk, tmp_path: Path) -> None:
    save(desk, tmp_path / "map.svg")
    found = set(texts(tmp_path / "map.svg"))
    assert {node.name for node in desk.scene.nodes} <= found
    assert {"External", "Integration", "Service", "Component", "Error rate 38%"} <= found
    assert any(text.startswith("Relationships as of ") for text in found)
    assert desk.notices == [f"The map was saved as {tmp_path / 'map.svg'}"]


def test_a_drawing_has_the_whole_map_whatever_is_seen_of_it(desk: Desk, tmp_path: Path) -> None:
    desk.map.sight.look(desk.map.sight.camera.zoomed(2.5, desk.map.sight.area.topLeft()))
    save(desk, tmp_path / "map.svg")
    size = QSvgRenderer(str(tmp_path / "map.svg")).viewBoxF()
    assert size.width() > desk.scene.width
    assert size.height() > desk.scene.height
    assert {node.name for node in desk.scene.nodes} <= set(texts(tmp_path / "map.svg"))


def test_a_focus_is_saved_as_a_focus(desk: Desk, tmp_path: Path) -> None:
    desk.hands.click(desk.spot("Rail"))
    desk.hands.run("focus")
    save(desk, tmp_path / "map.svg")
    assert "Orders" not in texts(tmp_path / "map.svg")


def test_a_flowchart_is_a_text_that_others_draw(desk: Desk, tmp_path: Path) -> None:
    save(desk, tmp_path / "map.mmd")
    text = (tmp_path / "map.mmd").read_text("utf-8")
    assert text.splitlines()[1] == "flowchart LR"
    assert text.count("-->") == len(BILL_PAY.relations)


def test_a_name_without_an_ending_becomes_a_drawing(desk: Desk, tmp_path: Path) -> None:
    save(desk, tmp_path / "map")
    assert (tmp_path / "map.svg").exists()


def test_a_name_with_another_ending_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    save(desk, tmp_path / "map.docx")
    assert desk.notices == ["Nothing was saved: the name of the file must end with one of .svg, .mmd."]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said_so(desk: Desk, tmp_path: Path) -> None:
    save(desk, tmp_path / "nowhere" / "map.svg")
    assert len(desk.notices) == 1
    assert "map.svg" in desk.notices[0]


def test_a_large_map_is_saved_whole(theme: Theme, show: Callable[[QWidget], QWidget], tmp_path: Path) -> None:
    desk = Desk(theme, show, crowd(300))
    save(desk, tmp_path / "map.svg")
    assert len(texts(tmp_path / "map.svg")) >= 2 * len(desk.scene.nodes) > 600 - 20


def test_the_name_that_is_proposed_suits_any_system(desk: Desk) -> None:
    assert proposed_name(drawing(desk)).startswith("relationships-as-of-2026-")


@pytest.mark.usefixtures("qt_settings")
def test_a_person_is_asked_where_to_and_what_kind(desk: Desk, tmp_path: Path) -> None:
    desk.hands.run("save")
    dialog = desk.view.findChildren(QFileDialog)[0]
    assert dialog.nameFilters() == ["Drawing (*.svg)", "Mermaid flowchart (*.mmd)"]
    dialog.filterSelected.emit("Mermaid flowchart (*.mmd)")
    assert dialog.defaultSuffix() == "mmd"
    dialog.fileSelected.emit(str(tmp_path / "chosen.mmd"))
    dialog.reject()
    dialog.setParent(None)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.settle()
    assert (tmp_path / "chosen.mmd").exists()


def test_before_there_is_a_map_there_is_nothing_to_save(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, report(()))
    desk.hands.run("save")
    assert desk.notices == ["There is no map to save yet."]
    assert desk.view.findChildren(QFileDialog) == []
