"""The map under the hands of a person: by pointer, by wheel, by keys, and as a screen reader tells it."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.ui.panels.relationships.map_overlay import Pointed
from quarterdeck.ui.panels.relationships.state import EdgeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.support.graphs import BILL_PAY, BUSINESS, ORDERS, PAYHUB, PROCESSOR, RAIL, crowd, link, report, thing
from tests.ui.panels.relationships.desk import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_a_map_is_seen_whole_at_first(desk: Desk) -> None:
    port = desk.map.viewport().rect()
    assert all(port.contains(desk.map.visualRect(desk.map.rows.node_row(at))) for at in range(len(desk.scene.nodes)))


def test_a_click_selects_in_the_whole_console(desk: Desk) -> None:
    desk.hands.click(desk.spot("Orders"))
    assert desk.selected == [ORDERS.key]
    desk.hands.click(desk.spot("Orders"))
    assert desk.selected == [ORDERS.key]


def test_a_click_beside_everything_selects_nothing(desk: Desk) -> None:
    desk.hands.click(desk.spot("Orders"))
    desk.hands.click(QPoint(5, desk.map.viewport().height() - 5))
    assert desk.selected == [ORDERS.key, ""]


def test_a_click_on_a_line_tells_of_the_relation(desk: Desk) -> None:
    desk.hands.click(desk.spot_on_line("Payhub → Processor"))
    assert desk.current == "Payhub → Processor"
    assert {"C-1182", "HTTPS/JSON", "99.9%"} <= set(desk.said.splitlines())
    assert desk.selected == []


def test_choosing_a_node_ends_the_tale_of_a_relation(desk: Desk) -> None:
    desk.hands.click(desk.spot_on_line("Payhub → Processor"))
    desk.hands.click(desk.spot("Rail"))
    assert desk.side is None


def test_a_double_click_opens_the_entity_and_beside_it_shows_the_whole_map(desk: Desk) -> None:
    desk.hands.double_click(desk.spot("Rail"))
    assert desk.opened == [RAIL.key]
    desk.hands.run("larger")
    scale = desk.map.sight.camera.scale
    desk.hands.double_click(QPoint(5, desk.map.viewport().height() - 5))
    assert desk.map.sight.camera.scale < scale


def test_a_double_click_means_what_the_first_press_was_on(desk: Desk) -> None:
    spot = desk.spot("Rail")
    desk.view.entity_selected.connect(lambda _: desk.map.sight.look(desk.map.sight.camera.moved(300, 200)))
    desk.hands.double_click(spot)
    assert desk.opened == [RAIL.key]


def test_a_drag_moves_the_map_and_selects_nothing(desk: Desk) -> None:
    before = desk.spot("Orders")
    desk.hands.drag(QPoint(40, -30))
    moved = desk.spot("Orders") - before
    assert (abs(moved.x() - 40), abs(moved.y() + 30)) <= (1, 1)
    assert desk.selected == []


def test_the_wheel_zooms_around_the_pointer(desk: Desk) -> None:
    spot, scale = desk.spot("Rail"), desk.map.sight.camera.scale
    desk.hands.turn(2, spot)
    assert desk.map.sight.camera.scale > scale
    assert (desk.spot("Rail") - spot).manhattanLength() <= 2


def test_shift_and_the_wheel_move_sideways(desk: Desk) -> None:
    before = desk.spot("Rail")
    desk.hands.turn(1, before, SHIFT)
    assert desk.spot("Rail").y() == before.y()
    assert desk.spot("Rail").x() > before.x()


def test_zooming_ends_at_a_largest_and_a_smallest_size(desk: Desk) -> None:
    for _ in range(40):
        desk.map.sight.look(desk.map.sight.camera.zoomed(2.0, desk.map.sight.area.center()))
    assert desk.map.sight.camera.scale == 2.5
    for _ in range(40):
        desk.map.sight.look(desk.map.sight.camera.zoomed(0.5, desk.map.sight.area.center()))
    assert desk.map.sight.camera.scale == 0.06
    desk.settle()


def test_keys_zoom_move_and_show_the_whole_map(desk: Desk) -> None:
    whole, spot = desk.map.sight.camera.scale, desk.spot("Rail")
    desk.hands.type_key(Qt.Key.Key_Right, CTRL)
    assert desk.spot("Rail").x() == spot.x() - 80
    desk.hands.type_key(Qt.Key.Key_PageDown)
    assert desk.spot("Rail").y() < spot.y() - 200
    desk.hands.type_key(Qt.Key.Key_PageUp)
    assert abs(desk.spot("Rail").y() - spot.y()) <= 1
    desk.hands.run("larger")
    assert desk.map.sight.camera.scale > whole
    desk.hands.run("smaller")
    desk.hands.run("smaller")
    assert desk.map.sight.camera.scale < whole
    desk.hands.run("fit")
    assert desk.map.sight.camera.scale == whole


def test_the_buttons_below_the_map_zoom_too(desk: Desk) -> None:
    whole = desk.map.sight.camera.scale
    desk.hands.press("Larger")
    assert desk.map.sight.camera.scale > whole
    desk.hands.press("The whole map")
    assert desk.map.sight.camera.scale == whole
    assert desk.map.hasFocus()


def test_zooming_by_key_keeps_what_is_chosen_in_its_place(desk: Desk) -> None:
    desk.hands.click(desk.spot("Sms"))
    spot = desk.spot("Sms")
    desk.hands.run("larger")
    assert (desk.spot("Sms") - spot).manhattanLength() <= 2


def test_arrows_walk_along_relations_and_inside_a_layer(desk: Desk) -> None:
    desk.map.setFocus()
    desk.hands.type_key(Qt.Key.Key_Down)
    assert desk.current == "Payhub"
    desk.hands.type_key(Qt.Key.Key_Right)
    assert desk.current == "Processor"
    desk.hands.type_key(Qt.Key.Key_Right)
    desk.hands.type_key(Qt.Key.Key_Right)
    desk.hands.type_key(Qt.Key.Key_Left)
    assert desk.current in {"Orders", "Rail"}
    before = desk.current
    desk.hands.type_key(Qt.Key.Key_Up)
    desk.hands.type_key(Qt.Key.Key_Down)
    desk.hands.type_key(Qt.Key.Key_Down)
    assert desk.current in {"Orders", "Rail"}
    assert desk.selected[0] == PAYHUB.key
    assert before


def test_the_first_and_the_last_node_have_keys_of_their_own(desk: Desk) -> None:
    desk.map.setFocus()
    desk.hands.type_key(Qt.Key.Key_Home)
    desk.hands.type_key(Qt.Key.Key_End)
    assert desk.current in {"Sms", "Accepted"}
    desk.hands.type_key(Qt.Key.Key_Home)
    assert desk.current == "Payhub"


def test_a_step_where_nothing_is_stays_in_place(desk: Desk) -> None:
    desk.hands.click(desk.spot("Payhub"))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_F5):
        desk.hands.type_key(key)
    assert desk.current == "Payhub"


def test_every_node_is_reached_one_after_the_other(desk: Desk) -> None:
    reached: list[str] = []
    for _ in desk.scene.nodes:
        desk.hands.run("next")
        reached.append(desk.current)
    assert sorted(reached) == sorted(node.name for node in desk.scene.nodes)
    desk.hands.run("next")
    assert desk.current == reached[-1]
    desk.hands.run("previous")
    assert desk.current == reached[-2]


def test_every_relation_of_a_node_is_reached_and_leads_on(desk: Desk) -> None:
    desk.hands.click(desk.spot("Orders"))
    reached: list[str] = []
    for _ in range(3):
        desk.hands.run("relation")
        reached.append(desk.current)
    assert sorted(reached) == ["Orders → Accepted", "Orders → Payments-db", "Processor → Orders"]
    desk.hands.run("relation")
    assert desk.current == reached[0]
    desk.hands.run("back")
    assert desk.current == reached[-1]
    desk.hands.run("open")
    assert desk.current in {"Accepted", "Payments-db"}


def test_an_arrow_on_a_relation_goes_to_its_end(desk: Desk) -> None:
    desk.map.setCurrentIndex(desk.map.rows.edge_row(desk.edge("Payhub → Processor")))
    desk.hands.type_key(Qt.Key.Key_Right)
    assert desk.current == "Processor"
    desk.map.setCurrentIndex(desk.map.rows.edge_row(desk.edge("Payhub → Processor")))
    desk.hands.type_key(Qt.Key.Key_Left)
    assert desk.current == "Payhub"


def test_relations_have_no_steps_where_no_node_was_chosen(desk: Desk) -> None:
    desk.hands.run("relation")
    assert desk.current == ""


def test_enter_opens_what_the_keyboard_is_on(desk: Desk) -> None:
    desk.hands.run("open")
    assert desk.opened == []
    desk.hands.click(desk.spot("Rail"))
    desk.hands.run("open")
    assert desk.opened == [RAIL.key]


def test_letters_are_left_to_the_panel(desk: Desk) -> None:
    desk.hands.click(desk.spot("Rail"))
    desk.hands.type_key(Qt.Key.Key_P)
    assert desk.current == "Rail"


def test_what_is_chosen_by_key_comes_into_view(desk: Desk) -> None:
    desk.map.sight.look(desk.map.sight.camera.zoomed(2.5, desk.map.sight.area.topLeft()))
    for name in ("Sms", "Payhub"):
        desk.map.setCurrentIndex(desk.map.rows.node_row(desk.node(name)))
        desk.settle()
        assert desk.map.sight.area.toRect().contains(desk.map.visualRect(desk.map.currentIndex()))


def test_what_is_selected_elsewhere_comes_into_view_without_an_echo(desk: Desk) -> None:
    desk.map.sight.look(desk.map.sight.camera.zoomed(2.5, desk.map.sight.area.topLeft()))
    desk.view.show_selection("channel/sms")
    desk.settle()
    assert desk.current == "Sms"
    assert desk.map.sight.area.toRect().contains(desk.map.visualRect(desk.map.currentIndex()))
    assert desk.selected == []


def test_a_selection_that_is_not_on_the_map_leaves_it_alone(desk: Desk) -> None:
    camera = desk.map.sight.camera
    desk.view.show_selection("service/elsewhere")
    assert (desk.current, desk.map.sight.camera) == ("", camera)


def test_a_target_is_reached_as_soon_as_it_is_there(desk: Desk) -> None:
    desk.view.show_target("service/new")
    desk.source.told = report((*BILL_PAY.entities, thing("service/new")), BILL_PAY.relations)
    desk.view.show_moment(desk.source.asked[-1])
    desk.settle()
    assert desk.current == "New"


def test_the_keyboard_stays_on_its_node_when_others_come(desk: Desk) -> None:
    desk.hands.click(desk.spot("Rail"))
    desk.source.told = report((thing("integration/a-first"), *BILL_PAY.entities), BILL_PAY.relations)
    desk.view.show_moment(desk.source.asked[-1])
    desk.settle()
    assert desk.current == "Rail"
    assert desk.selected == [RAIL.key]


def test_what_is_told_of_a_relation_keeps_up_with_it(desk: Desk) -> None:
    desk.hands.click(desk.spot_on_line("Payhub → Processor"))
    newer = link(BUSINESS, PAYHUB.key, PROCESSOR.key, contract="C-2000")
    desk.source.told = report(BILL_PAY.entities, (newer, *BILL_PAY.relations[1:]))
    desk.view.show_moment(desk.source.asked[-1])
    desk.settle()
    assert "C-2000" in desk.said
    desk.source.told = report(BILL_PAY.entities, BILL_PAY.relations[1:])
    desk.view.show_moment(desk.source.asked[-1])
    desk.settle()
    assert desk.side is None


def test_the_map_is_not_moved_by_news(desk: Desk) -> None:
    desk.hands.turn(3, desk.spot("Rail"))
    camera = desk.map.sight.camera
    desk.source.told = report((thing(PAYHUB.key), *BILL_PAY.entities[1:]), BILL_PAY.relations)
    desk.view.show_moment(desk.source.asked[-1])
    desk.settle()
    assert desk.map.sight.camera == camera


def test_the_pointer_lights_up_what_it_is_on(desk: Desk) -> None:
    assert desk.hands.point(desk.spot("Rail")) == Pointed(node=desk.node("Rail"))
    assert desk.map.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert desk.hands.point(desk.spot_on_line("Payhub → Processor")) == Pointed(edge=desk.edge("Payhub → Processor"))
    desk.map.grab()
    QApplication.sendEvent(desk.map.viewport(), QEvent(QEvent.Type.Leave))
    assert desk.map.pointed == Pointed()


def test_a_tip_tells_of_the_node_or_the_relation_under_the_pointer(desk: Desk) -> None:
    assert desk.map.plain_tool_tip_at(desk.spot("Processor")).startswith("Processor\nintegration, Bill Pay\ndown for")
    tip = desk.map.plain_tool_tip_at(desk.spot_on_line("Payhub → Processor"))
    assert tip.startswith("Payhub → Processor\nKind: External → Internal\nContract: C-1182")
    assert desk.map.plain_tool_tip_at(QPoint(5, desk.map.viewport().height() - 5)) == ""
    assert desk.map.plain_tool_tip_at(QPoint(5, 5)) == ""


def test_a_screen_reader_finds_every_node_and_every_relation(desk: Desk) -> None:
    told = QAccessible.queryAccessibleInterface(desk.map)
    assert told.text(QAccessible.Text.Name) == "Map of relationships"
    names = [told.child(at).text(QAccessible.Text.Name) for at in range(told.childCount())]
    wanted = [one.spoken for one in (*desk.scene.nodes, *desk.scene.edges)]
    assert names == wanted


def test_a_screen_reader_is_told_where_things_are_and_what_has_the_keyboard(desk: Desk) -> None:
    told = QAccessible.queryAccessibleInterface(desk.map)
    desk.hands.click(desk.spot("Rail"))
    child = told.child(desk.node("Rail"))
    assert child.rect().size() == desk.map.visualRect(desk.map.currentIndex()).size()
    assert told.focusChild().text(QAccessible.Text.Name) == desk.scene.nodes[desk.node("Rail")].spoken
    line = told.child(len(desk.scene.nodes) + desk.edge("Payhub → Processor")).rect()
    assert line.width() > 20


def test_a_row_outside_the_map_is_nowhere(desk: Desk) -> None:
    rows = desk.map.rows
    assert desk.map.visualRect(rows.index(9999)).isEmpty()
    assert (rows.id_at(9999), rows.row_of("nobody"), rows.node_row(-1).isValid()) == ("", -1, False)
    assert rows.data(rows.index(0), Qt.ItemDataRole.DecorationRole) is None


def test_lines_can_be_narrowed_to_trouble_and_to_the_selected(desk: Desk) -> None:
    desk.hands.choose("Relations drawn", "Relations in trouble")
    shown = desk.map.sight.drawing.shown_edges.tolist()
    assert {desk.scene.edges[at].title for at in shown} == {"Payhub → Processor", "Processor → Orders"}
    desk.hands.choose("Relations drawn", "Of the selected")
    assert len(desk.map.sight.drawing.shown_edges) == 0
    desk.hands.click(desk.spot("Rail"))
    assert len(desk.map.sight.drawing.shown_edges) == 3
    assert desk.view._page.map.bar.edges is EdgeChoice.CHOSEN


def test_a_hidden_line_is_not_found_by_the_pointer(desk: Desk) -> None:
    spot = desk.spot_on_line("Processor → Rail")
    desk.hands.choose("Relations drawn", "Relations in trouble")
    assert desk.map.sight.under(QPointF(spot)).edge < 0
    desk.hands.choose("Relations drawn", "Of the selected")
    assert desk.map.sight.under(QPointF(spot)).edge < 0


def test_the_middle_button_moves_and_chooses_nothing(desk: Desk) -> None:
    QTest.mouseClick(desk.map.viewport(), Qt.MouseButton.MiddleButton, pos=desk.spot("Rail"))
    assert desk.current == ""


def test_an_empty_map_has_nothing_under_the_pointer_and_nowhere_to_go(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, report(()))
    assert desk.map.sight.under(QPointF(100, 100)) == Pointed()
    desk.hands.run("next")
    desk.map.setFocus()
    assert not desk.map.moveCursor(desk.map.CursorAction.MoveDown, Qt.KeyboardModifier.NoModifier).isValid()


def test_the_map_follows_the_size_of_its_window_while_it_is_seen_whole(desk: Desk) -> None:
    scale = desk.map.sight.camera.scale
    desk.window.resize(800, 500)
    desk.settle()
    assert desk.map.sight.camera.scale < scale
    desk.hands.turn(1, desk.spot("Rail"))
    camera = desk.map.sight.camera
    desk.window.resize(1300, 800)
    desk.settle()
    assert desk.map.sight.camera == camera


def test_titles_of_the_layers_stay_above_their_nodes(desk: Desk) -> None:
    desk.hands.drag(QPoint(-60, 40))
    assert np.allclose([heading.left for heading in desk.scene.headings], sorted(h.left for h in desk.scene.headings))
    assert PROCESSOR.key in {node.entity_key for node in desk.scene.nodes}


def test_a_relation_keeps_the_keyboard_when_the_map_around_it_grows_back(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    desk = Desk(theme, show, crowd(120))
    title, source = desk.scene.edges[-1].title, desk.scene.edges[-1].source
    desk.map.setCurrentIndex(desk.map.rows.node_row(source))
    desk.hands.run("focus")
    desk.map.setCurrentIndex(desk.map.rows.edge_row(desk.edge(title)))
    desk.hands.run("focus")
    assert desk.current == title
    assert desk.map.visualRect(desk.map.currentIndex()).isValid()
