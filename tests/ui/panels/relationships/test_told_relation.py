"""What is told of a relation gives way to a question, and does not come back after it was read."""

from tests.ui.panels.relationships.desk import Desk

PAYHUB_PROCESSOR = "Payhub → Processor"


def refresh(desk: Desk) -> None:
    desk.view.show_moment(desk.source.asked[-1])
    desk.settle()


def test_a_question_takes_the_place_of_the_relation_that_was_told(desk: Desk) -> None:
    desk.hands.click(desk.spot("Payhub"))
    desk.view.show_selection(desk.selected[-1])
    desk.hands.click(desk.spot_on_line(PAYHUB_PROCESSOR))
    assert "C-1182" in desk.said
    desk.hands.run("impact")
    assert "If Payhub is lost" in desk.said
    refresh(desk)
    assert "If Payhub is lost" in desk.said
    assert desk.current == PAYHUB_PROCESSOR


def test_a_relation_that_was_read_stays_closed_when_the_map_is_refreshed(desk: Desk) -> None:
    desk.hands.click(desk.spot_on_line(PAYHUB_PROCESSOR))
    desk.hands.press("Close")
    assert desk.side is None
    refresh(desk)
    assert desk.side is None


def test_a_question_beside_no_relation_leaves_the_keyboard_where_it_is(desk: Desk) -> None:
    desk.hands.click(desk.spot("Rail"))
    desk.hands.run("impact")
    assert desk.current == "Rail"
