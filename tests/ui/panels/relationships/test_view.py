"""The Relationships panel: filter, focus, domains, questions and tables go together; the five states."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget

from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.ui.panels.relationships.state import PageMessage
from quarterdeck.ui.panels.relationships.view import RelationshipsView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.state_stack import Freshness, StateStack
from tests.support.graphs import BILL_PAY, ORDERS, PAYHUB, PROCESSOR, RAIL, report
from tests.ui.panels.hosting import hosted
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.relationships.desk import Desk, table_in

IN_TROUBLE = {"Payhub", "Processor", "Orders"}


def freshness(desk: Desk) -> Freshness:
    return desk.view.findChildren(StateStack)[0].freshness


def lines(desk: Desk, column: int = 1) -> list[str]:
    model = table_in(desk).findChildren(QTableView)[0].model()
    return [str(model.index(line, column).data()) for line in range(model.rowCount())]


def test_words_let_matches_stand_out_and_say_how_many_do_not(desk: Desk) -> None:
    desk.hands.seek("payments")
    assert desk.bright == {"Processor", "Orders", "Rail", "Payments-db"}
    assert desk.foot.startswith("faint on the map: 4 · 8 entities")


def test_all_words_must_be_found(desk: Desk) -> None:
    desk.hands.seek("payments down")
    assert desk.bright == {"Processor"}


def test_states_let_their_nodes_stand_out(desk: Desk) -> None:
    desk.hands.choose("States shown", "Down")
    assert desk.bright == {"Payhub", "Processor"}
    desk.hands.choose("States shown", "Without fresh data")
    assert desk.bright == {"Statements"}
    desk.hands.choose("States shown", "Need attention")
    assert desk.bright == {*IN_TROUBLE, "Statements"}


def test_enter_in_the_filter_goes_to_the_first_match_and_n_to_the_next(desk: Desk) -> None:
    desk.hands.run("filter")
    line = desk.window.findChildren(FilterLine)[0]
    desk.hands.seek("service")
    QTest.keyClick(line, Qt.Key.Key_Return)
    desk.settle()
    first = desk.current
    desk.hands.run("match")
    assert {first, desk.current} == {"Orders", "Rail"}
    desk.hands.run("match")
    assert desk.current == first
    assert desk.map.hasFocus()


def test_a_match_that_is_too_small_to_read_is_brought_nearer(desk: Desk) -> None:
    desk.map.sight.look(desk.map.sight.camera.zoomed(0.2, desk.map.sight.area.center()))
    desk.hands.seek("rail")
    desk.hands.run("match")
    assert desk.map.sight.camera.scale >= 0.8
    assert desk.map.sight.area.contains(desk.map.visualRect(desk.map.currentIndex()))


def test_without_a_match_nothing_moves(desk: Desk) -> None:
    camera = desk.map.sight.camera
    desk.hands.seek("nowhere")
    desk.hands.run("match")
    assert (desk.current, desk.map.sight.camera) == ("", camera)


def test_a_focus_leaves_what_is_around_the_selected_and_back(desk: Desk) -> None:
    desk.hands.click(desk.spot("Rail"))
    desk.hands.run("focus")
    assert {node.name for node in desk.scene.nodes} == {"Rail", "Processor", "Payhub", "Statements", "Payments-db"}
    assert desk.foot.startswith("hidden from you: 3 outside the focus")
    assert desk.current == "Rail"
    desk.hands.run("focus")
    assert len(desk.scene.nodes) == 8


def test_the_depth_of_a_focus_can_be_chosen(desk: Desk) -> None:
    desk.hands.click(desk.spot("Rail"))
    desk.hands.choose("Shown around the selected", "1 step around")
    assert {node.name for node in desk.scene.nodes} == {"Rail", "Processor", "Statements", "Payments-db"}
    desk.hands.choose("Shown around the selected", "All that is connected")
    assert {node.name for node in desk.scene.nodes} == {"Rail", "Processor", "Payhub", "Statements", "Payments-db"}
    desk.hands.choose("Shown around the selected", "Everything")
    assert len(desk.scene.nodes) == 8


def test_a_focus_without_a_selection_hides_nothing(desk: Desk) -> None:
    desk.hands.run("focus")
    assert len(desk.scene.nodes) == 8
    assert desk.view._page.map.bar.steps == 0


def test_domains_are_collapsed_and_opened_by_choice(desk: Desk) -> None:
    desk.hands.choose("Domains", "Domains collapsed")
    assert "Bill Pay · 2" in {node.name for node in desk.scene.nodes}
    desk.hands.choose("Domains", "Domains open")
    assert len(desk.scene.nodes) == 8


def test_the_domain_of_a_node_is_collapsed_and_opened_by_key(desk: Desk) -> None:
    desk.hands.run("domain")
    assert len(desk.scene.nodes) == 8
    desk.hands.click(desk.spot("Rail"))
    desk.hands.run("domain")
    assert desk.current == "Bill Pay · 2"
    desk.hands.run("domain")
    assert desk.current == "Rail"


def test_a_double_click_opens_a_collapsed_domain(desk: Desk) -> None:
    desk.hands.choose("Domains", "Domains collapsed")
    desk.hands.double_click(desk.spot("Bill Pay · 2"))
    assert "Orders" in {node.name for node in desk.scene.nodes}
    assert desk.opened == []


def test_a_group_is_chosen_without_selecting_an_entity(desk: Desk) -> None:
    desk.hands.choose("Domains", "Domains collapsed")
    desk.hands.click(desk.spot("Bill Pay · 2"))
    assert desk.selected == []
    assert desk.current == "Bill Pay · 2"


def test_a_selection_inside_a_group_lights_up_the_group(desk: Desk) -> None:
    desk.hands.choose("Domains", "Domains collapsed")
    desk.view.show_selection(RAIL.key)
    assert desk.current == "Bill Pay · 2"


def test_impact_is_told_beside_the_map_and_lit_on_it(desk: Desk) -> None:
    desk.view.show_selection(DATABASE_KEY)
    desk.hands.press("Impact")
    assert desk.said.startswith("If Payments-db is lost")
    assert desk.bright == {"Payments-db", "Orders", "Rail", "Accepted", "Sms"}
    desk.hands.press("Impact")
    assert desk.side is None
    assert len(desk.bright) == 8


DATABASE_KEY = "component/payments-db"


def test_causes_take_the_place_of_impact(desk: Desk) -> None:
    desk.view.show_selection(ORDERS.key)
    desk.hands.run("impact")
    desk.hands.run("causes")
    assert desk.said.startswith("What explains Orders")
    assert desk.bright == IN_TROUBLE


def test_an_answer_lights_up_no_relation_that_is_not_part_of_it(desk: Desk, theme: Theme) -> None:
    desk.view.show_selection(RAIL.key)
    with_relations = accents(desk, theme)
    desk.hands.run("causes")
    assert 0 < accents(desk, theme) < with_relations


def accents(desk: Desk, theme: Theme) -> int:
    """How much of the map is in the colour of what is chosen."""
    image = desk.map.viewport().grab().toImage()
    wanted = QColor(theme.tokens.accent).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(0, image.height(), 2))


def test_a_question_follows_the_selection(desk: Desk) -> None:
    desk.hands.run("causes")
    assert "Choose what is to be explained" in desk.said
    desk.view.show_selection(ORDERS.key)
    desk.settle()
    assert desk.said.startswith("What explains Orders")
    desk.view.show_selection(PROCESSOR.key)
    desk.settle()
    assert desk.said.startswith("What explains Processor")


def test_what_was_found_leads_to_its_entities(desk: Desk) -> None:
    desk.view.show_selection(ORDERS.key)
    desk.hands.run("causes")
    assert desk.side is not None
    table = desk.side.findChildren(QTableView)[0]
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(0, 1)).center()
    )
    assert desk.selected == [PAYHUB.key]


def test_closing_the_answer_ends_the_question(desk: Desk) -> None:
    desk.view.show_selection(ORDERS.key)
    desk.hands.run("causes")
    desk.hands.press("Close")
    assert desk.side is None
    assert len(desk.bright) == 8


def test_a_relation_stands_before_an_answer_and_gives_way_to_it(desk: Desk) -> None:
    desk.view.show_selection(ORDERS.key)
    desk.hands.run("causes")
    desk.hands.click(desk.spot_on_line("Payhub → Processor"))
    assert "C-1182" in desk.said
    desk.hands.press("Close")
    assert desk.said.startswith("What explains Orders")


def test_the_ends_of_a_relation_can_be_gone_to(desk: Desk) -> None:
    desk.hands.click(desk.spot_on_line("Payhub → Processor"))
    desk.hands.press("To: Processor")
    assert desk.selected == [PROCESSOR.key]


def test_the_table_has_the_same_filter_and_the_same_question(desk: Desk) -> None:
    desk.hands.press("Table")
    assert lines(desk) == ["Payhub", "Processor", "Orders", "Statements", "Accepted", "Payments-db", "Rail", "Sms"]
    desk.hands.choose("States shown", "Down")
    assert lines(desk) == ["Payhub", "Processor"]
    assert desk.foot.startswith("hidden from you: 6 by the filter")
    desk.hands.choose("States shown", "All states")
    desk.hands.seek("platform")
    assert lines(desk) == ["Payments-db"]
    desk.hands.seek("")
    desk.view.show_selection(ORDERS.key)
    desk.hands.run("causes")
    assert lines(desk) == ["Payhub", "Processor", "Orders"]


def test_the_relations_have_the_same_filter_and_the_same_question(desk: Desk) -> None:
    desk.hands.press("Relations")
    assert len(lines(desk)) == len(BILL_PAY.relations)
    desk.hands.choose("States shown", "Degraded")
    assert lines(desk) == ["Orders", "Orders", "Processor"]
    desk.hands.choose("States shown", "All states")
    desk.view.show_selection(ORDERS.key)
    desk.hands.run("causes")
    assert lines(desk) == ["Payhub", "Processor"]


def test_a_row_of_the_table_selects_and_opens(desk: Desk) -> None:
    desk.hands.press("Table")
    desk.hands.run("next")
    desk.hands.run("next")
    assert desk.selected == [PAYHUB.key, PROCESSOR.key]
    desk.hands.run("open")
    assert desk.opened == [PROCESSOR.key]
    desk.hands.press("Map")
    assert desk.current == "Processor"


def test_a_selection_is_marked_in_the_table(desk: Desk) -> None:
    desk.hands.press("Table")
    desk.view.show_selection(RAIL.key)
    assert table_in(desk).selected_id == RAIL.key
    desk.view.show_target("service/orders")
    assert table_in(desk).selected_id == ORDERS.key


def test_a_target_takes_away_what_hides_it(desk: Desk) -> None:
    desk.hands.press("Table")
    desk.hands.choose("States shown", "Down")
    desk.view.show_target(RAIL.key)
    assert table_in(desk).selected_id == RAIL.key
    assert desk.foot.startswith("8 entities")


def test_a_target_outside_the_focus_ends_the_focus(desk: Desk) -> None:
    desk.view.show_selection(PAYHUB.key)
    desk.hands.choose("Shown around the selected", "1 step around")
    desk.view.show_target("channel/sms")
    desk.settle()
    assert desk.current == "Sms"


def test_a_row_of_the_relations_tells_of_it(desk: Desk) -> None:
    desk.hands.press("Relations")
    desk.hands.run("next")
    assert "Accepted → Sms" in desk.said
    desk.hands.run("open")
    assert desk.opened == []
    desk.hands.press("Table")
    assert desk.side is None


def test_a_relation_between_groups_is_told_from_the_table_too(desk: Desk) -> None:
    desk.hands.choose("Domains", "Domains collapsed")
    desk.hands.press("Relations")
    table_in(desk).row_selected.emit(f"service_component:{RAIL.key}>{DATABASE_KEY}")
    assert "Bill Pay · 2 → Payments-db" in desk.said


def test_the_keyboard_goes_along_to_another_view(desk: Desk) -> None:
    desk.map.setFocus()
    desk.hands.press("Table")
    assert table_in(desk).isVisible()
    desk.hands.run("relation")
    desk.hands.press("Table")
    assert desk.current == ""


def test_the_controls_of_the_map_are_there_with_the_map_alone(desk: Desk) -> None:
    bar = desk.view._page.map.bar
    assert bar.isVisible()
    desk.hands.press("Table")
    assert not bar.isVisible()
    desk.hands.press("Map")
    assert bar.isVisible()


def test_a_target_is_told_of_beside_the_relations_without_moving_them(desk: Desk) -> None:
    desk.hands.press("Relations")
    desk.view.show_target(RAIL.key)
    assert table_in(desk).selected_id == ""
    desk.hands.press("Map")
    assert desk.current == "Rail"


def test_every_key_of_the_panel_is_its_own(desk: Desk) -> None:
    keys = [action.spec.key for action in desk.view.panel_actions()]
    assert len(set(keys)) == len(keys)
    assert all(action.spec.place == "relationships" for action in desk.view.panel_actions())


def test_a_past_moment_is_shown_as_it_was(desk: Desk) -> None:
    past = Moment(LIVE.time_range, LIVE.time_range.start_at, live=False)
    desk.source.told = report((RAIL,))
    desk.view.show_moment(past)
    desk.settle()
    assert [node.name for node in desk.scene.nodes] == ["Rail"]


def test_news_are_taken_in(desk: Desk) -> None:
    desk.source.told = report((RAIL,))
    desk.view.refresh(LIVE, frozenset({Topic.ESTATE}))
    desk.settle()
    assert [node.name for node in desk.scene.nodes] == ["Rail"]


def test_an_empty_estate_offers_to_add_a_connection(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    desk = Desk(theme, show, report(()))
    asked: list[tuple[str, str]] = []
    desk.view.panel_requested.connect(lambda panel, target: asked.append((panel, target)))
    assert freshness(desk) is Freshness.EMPTY
    desk.hands.press("Add a connection")
    assert asked == [("connectors", "")]


def test_a_failure_offers_to_try_again(desk: Desk) -> None:
    desk.view.show_failed(PageMessage("The store is locked.", "End the other program.", "Try again"))
    desk.settle()
    assert freshness(desk) is Freshness.FAILED
    desk.hands.press("Try again")
    assert freshness(desk) is Freshness.FRESH


def test_loading_shows_a_skeleton_only_when_it_takes_long(desk: Desk) -> None:
    desk.view.show_loading()
    assert freshness(desk) is Freshness.LOADING
    assert desk.map.isVisible()


def test_old_states_are_said_to_be_old_until_fresh_ones_come(desk: Desk) -> None:
    desk.view.show_old("Shown as of 12:00")
    assert freshness(desk) is Freshness.STALE
    desk.view.show_old("Shown as of 12:00")
    desk.view.show_moment(LIVE)
    desk.settle()
    assert freshness(desk) is Freshness.FRESH


def test_a_view_without_a_presenter_asks_nobody(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    view = RelationshipsView(theme)
    window = show(hosted(view))
    view.show_moment(LIVE)
    view.refresh(LIVE, frozenset())
    view.show_selection(RAIL.key)
    next(one for one in view.panel_actions() if one.spec.id == "relationships.save").run()
    view.findChildren(StateStack)[0].action_requested.emit("again")
    assert [label.text() for label in window.findChildren(QLabel) if "entities" in label.text()] == []


def test_a_label_cut_for_want_of_room_is_whole_in_its_tip(desk: Desk) -> None:
    desk.window.resize(760, 500)
    desk.settle()
    QApplication.processEvents()
    assert desk.foot.startswith("8 entities · 8 relations")
