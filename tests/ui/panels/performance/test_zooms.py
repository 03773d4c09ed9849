"""One gesture leads back to the range from before the zooming."""

from datetime import timedelta

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.ui.panels.performance.zooms import ZoomMemory
from tests.ui.panels.performance.reports import NOON

WHOLE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)


def zoomed(memory: ZoomMemory, *seconds: float) -> Moment:
    """The last of some zooms that the panel asked for, shown as it asked."""
    moment = WHOLE
    memory.follow(WHOLE)
    for length in seconds:
        moment = Moment(TimeRange.ending(NOON, length), NOON)
        memory.ask(moment.time_range)
        memory.follow(moment)
    return moment


def test_home_is_the_range_from_before_the_first_zoom() -> None:
    memory = ZoomMemory()
    assert memory.home(zoomed(memory, 3600, 900, 300)) == WHOLE.time_range


def test_home_rolls_on_with_the_present_while_live() -> None:
    memory = ZoomMemory()
    moment = zoomed(memory, 3600)
    later = NOON + timedelta(minutes=5)
    rolled = Moment(TimeRange.ending(later, moment.time_range.seconds), later)
    memory.follow(rolled)
    assert memory.home(rolled) == TimeRange.ending(later, 6 * 3600)


def test_one_zoom_back_by_the_console_still_leads_home() -> None:
    memory = ZoomMemory()
    zoomed(memory, 3600, 900)
    back = Moment(TimeRange.ending(NOON, 3600), NOON)
    memory.follow(back)
    assert memory.home(back) == WHOLE.time_range


def test_a_range_chosen_elsewhere_is_a_new_beginning() -> None:
    memory = ZoomMemory()
    zoomed(memory, 3600)
    day = Moment(TimeRange.ending(NOON, 86400), NOON)
    memory.follow(day)
    assert memory.home(day) is None


def test_there_is_no_way_home_from_home() -> None:
    memory = ZoomMemory()
    memory.follow(WHOLE)
    assert memory.home(WHOLE) is None


def test_home_is_where_the_range_was_before_it_was_dragged_away() -> None:
    memory = ZoomMemory()
    memory.follow(WHOLE)
    dragged = TimeRange.ending(NOON - timedelta(hours=1), 6 * 3600)
    memory.ask(dragged)
    moment = Moment(dragged, dragged.end_at, live=False)
    memory.follow(moment)
    assert memory.home(moment) == WHOLE.time_range
