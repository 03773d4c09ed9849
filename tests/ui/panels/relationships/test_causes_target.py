"""Another panel may ask for an entity with its causes."""

from quarterdeck.ui.panels.relationships.state import Inquiry
from tests.support.graphs import RAIL
from tests.ui.panels.relationships.desk import Desk


def test_an_entity_that_is_asked_for_with_its_causes_is_shown_with_them_and_any_other_without(desk: Desk) -> None:
    desk.view.show_selection(RAIL.key)
    desk.view.show_target(f"causes:{RAIL.key}")
    desk.settle()
    assert desk.view._bar.inquiry is Inquiry.CAUSES
    desk.view._bar.show_inquiry(Inquiry.NOTHING)
    desk.view.show_target(RAIL.key)
    desk.settle()
    assert desk.view._bar.inquiry is Inquiry.NOTHING
