"""What the panel is asked to show by others: an entity, and what explains it only where that is asked for."""

import pytest

from quarterdeck.ui.panels.relationships.state import Inquiry
from tests.support.graphs import RAIL
from tests.ui.panels.relationships.desk import Desk


@pytest.mark.parametrize(
    ("target", "inquiry"),
    [(RAIL.key, Inquiry.NOTHING), (f"causes:{RAIL.key}", Inquiry.CAUSES)],
    ids=["entity", "causes"],
)
def test_a_target_is_shown_with_its_causes_only_where_they_are_asked_for(
    desk: Desk, target: str, inquiry: Inquiry
) -> None:
    desk.view.show_target(target)
    desk.settle()
    assert desk.current == "Rail"
    assert desk.view._bar.inquiry is inquiry
