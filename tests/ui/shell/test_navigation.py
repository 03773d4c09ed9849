"""Places visited, walked back and forth like a browser's."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from quarterdeck.ui.shell.navigation import Navigation
from quarterdeck.ui.shell.places import Place, Rolling

START = Place("overview")


@dataclass
class HandClock:
    at: datetime = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float = 5) -> None:
        self.at += timedelta(seconds=seconds)


def walk(*places: Place) -> Navigation:
    clock = HandClock()
    navigation = Navigation(START, clock.now)
    for place in places:
        clock.wait()
        navigation.go(place)
    return navigation


def test_back_and_forward_lead_through_the_places_visited() -> None:
    chosen = replace(START, entity_key="service/api")
    other = replace(chosen, panel_id="performance")
    navigation = walk(chosen, other)
    navigation.back()
    assert navigation.place == chosen
    navigation.back()
    assert navigation.place == START
    assert not navigation.can_go_back
    navigation.forward()
    navigation.forward()
    assert navigation.place == other
    assert not navigation.can_go_forward


def test_a_new_place_ends_the_way_forward() -> None:
    navigation = walk(replace(START, panel_id="performance"))
    navigation.back()
    navigation.go(replace(START, panel_id="connectors"))
    assert not navigation.can_go_forward


def test_going_where_the_console_is_adds_nothing() -> None:
    navigation = walk(START)
    assert not navigation.can_go_back


def test_moves_of_one_gesture_are_one_place_in_the_history() -> None:
    clock = HandClock()
    navigation = Navigation(START, clock.now)
    clock.wait()
    for minutes in range(20):
        clock.wait(0.2)
        navigation.go(replace(START, at=clock.at - timedelta(minutes=minutes), anchor_at=clock.at))
    navigation.back()
    assert navigation.place == START


def test_different_kinds_of_move_are_different_places_even_in_quick_succession() -> None:
    clock = HandClock()
    navigation = Navigation(START, clock.now)
    clock.wait()
    chosen = replace(START, entity_key="service/api")
    navigation.go(chosen)
    navigation.go(replace(chosen, extent=Rolling(3600)))
    navigation.back()
    assert navigation.place == chosen


def test_panels_are_never_one_gesture() -> None:
    clock = HandClock()
    navigation = Navigation(START, clock.now)
    clock.wait()
    for panel in ("performance", "connectors"):
        navigation.go(replace(START, panel_id=panel))
    navigation.back()
    assert navigation.place.panel_id == "performance"


def test_listeners_hear_of_every_move_with_both_places() -> None:
    heard: list[tuple[Place, Place]] = []
    navigation = walk()
    navigation.subscribe(lambda before, after: heard.append((before, after)))
    other = replace(START, panel_id="performance")
    navigation.go(other)
    navigation.back()
    assert heard == [(START, other), (other, START)]


def test_the_history_forgets_what_is_a_hundred_places_back() -> None:
    navigation = walk(*(replace(START, panel_id=f"panel {number}") for number in range(150)))
    steps = 0
    while navigation.can_go_back:
        navigation.back()
        steps += 1
    assert steps == 100
