"""The map from one start to the next: nodes stand where they stood, and a file of any content starts the panel."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtWidgets import QWidget

from quarterdeck.analysis.map_places import Place
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.services.relationships import RelationshipReport
from quarterdeck.ui.panels.relationships.kept_map import KeptLayout, MapKeeper, MapMemory, decode, encode
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.state import EdgeChoice, Focus, Wish
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.support.graphs import BILL_PAY, BUSINESS, ORDERS, PAYHUB, RAIL, crowd, link, report, thing
from tests.ui.panels.overview.reports import LIVE
from tests.ui.panels.relationships.desk import Desk, Hands
from tests.ui.panels.relationships.test_presenter import Source, Surface, past

FULL = OperatorError("The disk is full.", "Make room.")
FOCUS = Wish(focus=Focus(ORDERS.key, 1))


@dataclass
class Shelf:
    """A file in memory; told a fault, it takes nothing."""

    text: str = ""
    fault: OperatorError | None = None
    writes: int = 0

    def read(self) -> str:
        return self.text

    def write(self, text: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.text = text
        self.writes += 1


class Start:
    """One start of the panel over what an earlier one left on the shelf."""

    def __init__(self, shelf: Shelf, told: RelationshipReport = BILL_PAY) -> None:
        self.source, self.surface, self.background = Source(told), Surface(), HeldBackground()
        keeper = MapKeeper(shelf, decode(shelf.read()), self.background)
        self.presenter = RelationshipsPresenter(self.source, self.background, self.surface, str, keeper=keeper)
        self.show()

    def show(self, moment: Moment = LIVE) -> None:
        self.presenter.show_moment(moment)
        self.settle()

    def ask(self, wish: Wish) -> None:
        self.presenter.ask(wish)
        self.settle()

    def settle(self) -> None:
        while self.background.finish():
            pass

    @property
    def places(self) -> dict[str, list[float]]:
        scene = self.surface.state.scene
        return {node.id: scene.centres[at].tolist() for at, node in enumerate(scene.nodes)}


def with_other_health(told: RelationshipReport) -> RelationshipReport:
    return replace(told, entities=tuple(replace(one, state=HealthState.DOWN) for one in told.entities))


def with_more(told: RelationshipReport) -> RelationshipReport:
    new = thing("integration/aaa-first")
    more = link(BUSINESS, PAYHUB.key, new.key)
    return report((new, *told.entities), (more, *told.relations))


def without(told: RelationshipReport, key: str) -> RelationshipReport:
    relations = [one for one in told.relations if key not in {one.relation.source_key, one.relation.target_key}]
    return report([one for one in told.entities if one.key != key], relations)


def test_after_a_restart_nodes_stand_where_they_stood_though_health_changed() -> None:
    shelf, estate = Shelf(), crowd(300)
    first = Start(shelf, estate).places
    assert Start(shelf, with_other_health(estate)).places == first


def test_a_node_that_came_between_two_starts_moves_no_other() -> None:
    shelf = Shelf()
    first = Start(shelf).places
    second = Start(shelf, with_more(BILL_PAY)).places
    assert "integration/aaa-first" in second
    assert {key: place for key, place in second.items() if key in first} == first


def test_a_node_that_left_between_two_starts_is_forgotten_and_moves_no_other() -> None:
    shelf = Shelf()
    first = Start(shelf).places
    second = Start(shelf, without(BILL_PAY, RAIL.key)).places
    assert second == {key: place for key, place in first.items() if key != RAIL.key}
    assert RAIL.key not in shelf.text


def test_what_a_person_arranged_is_shown_first_at_the_next_start() -> None:
    shelf = Shelf()
    first = Start(shelf)
    first.ask(FOCUS)
    first.presenter.keep_edges(EdgeChoice.BUNDLED)
    first.settle()
    second = Start(shelf)
    assert second.surface.state.wish == FOCUS
    assert second.presenter.kept_edges is EdgeChoice.BUNDLED
    assert second.places == first.places


def test_collapsed_domains_stay_collapsed_and_the_open_map_stays_as_it_was() -> None:
    shelf = Shelf()
    first = Start(shelf)
    opened = first.places
    first.ask(Wish(collapsed=frozenset({"bill_pay"})))
    second = Start(shelf, with_more(BILL_PAY))
    assert second.surface.state.collapsed == {"bill_pay"}
    second.ask(Wish())
    assert {key: place for key, place in second.places.items() if key in opened} == opened


def test_an_entity_in_focus_that_is_gone_leaves_the_whole_map() -> None:
    shelf = Shelf()
    Start(shelf).ask(FOCUS)
    second = Start(shelf, without(BILL_PAY, ORDERS.key))
    assert len(second.places) == len(BILL_PAY.entities) - 1
    assert [len(one.places) for one in decode(shelf.text).layouts] == [8, 4]


def test_questions_and_assumptions_are_not_kept() -> None:
    shelf = Shelf()
    first = Start(shelf)
    first.ask(Wish(assumed=((PAYHUB.key, HealthState.HEALTHY),)))
    assert Start(shelf).surface.state.wish == Wish()


def test_refreshing_the_same_map_writes_nothing() -> None:
    shelf = Shelf()
    start = Start(shelf)
    start.show()
    assert shelf.writes == 1


def test_the_past_is_not_kept() -> None:
    shelf = Shelf()
    start = Start(shelf)
    kept = shelf.text
    start.source.told = without(BILL_PAY, RAIL.key)
    start.show(past(30))
    assert shelf.text == kept


def test_an_empty_estate_leaves_what_is_kept() -> None:
    shelf = Shelf()
    first = Start(shelf).places
    Start(shelf, report(()))
    assert Start(shelf).places == first


def test_a_map_that_cannot_be_written_is_shown_all_the_same() -> None:
    start = Start(Shelf(fault=FULL))
    assert len(start.places) == len(BILL_PAY.entities)
    assert start.surface.told == ["loading", "page"]


def test_without_a_keeper_relations_are_drawn_as_usual_and_nothing_is_kept() -> None:
    presenter = RelationshipsPresenter(Source(), HeldBackground(), Surface(), str)
    presenter.keep_edges(EdgeChoice.ALL)
    assert presenter.kept_edges is EdgeChoice.FITTING


PLACES = {"partner/payhub": [0, 0, 3]}
WHOLE = {"collapsed": None, "focus": None, "places": PLACES}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("{", id="cut off"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("[]", id="a list"),
        pytest.param('{"version": 2, "layouts": []}', id="another version"),
        pytest.param('{"version": 1}', id="no layouts"),
        pytest.param('{"version": 1, "layouts": 7, "edges": "?"}', id="foreign layouts"),
        pytest.param('{"version": 1, "layouts": [7, null, {}], "edges": {}}', id="foreign entries"),
    ],
)
def test_a_file_that_is_not_ours_is_dropped(text: str) -> None:
    assert decode(text) == MapMemory()
    assert len(Start(Shelf(text)).places) == len(BILL_PAY.entities)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"places": {}}, id="no places"),
        pytest.param({"places": 7}, id="foreign places"),
        pytest.param({"places": {"a": [0, 0]}}, id="a place cut off"),
        pytest.param({"places": {"a": [0, True, 0]}}, id="a truth value"),
        pytest.param({"places": {"a": [0, 0, -1]}}, id="a row above the map"),
        pytest.param({"places": {"a": [9, 0, 0]}}, id="an unknown layer"),
        pytest.param({"places": {"a": [0, 0, 1e300]}}, id="no whole number"),
        pytest.param({"places": {"a": [0, 899_999, 899_999]}}, id="a boundless map"),
        pytest.param({"places": {"a" * 1001: [0, 0, 0]}}, id="a boundless key"),
        pytest.param({"collapsed": "all"}, id="foreign domains"),
        pytest.param({"collapsed": [7]}, id="a foreign domain"),
        pytest.param({"collapsed": [""] * 1001}, id="too many domains"),
        pytest.param({"focus": ["a"]}, id="a focus cut off"),
        pytest.param({"focus": ["a", 100]}, id="a boundless focus"),
    ],
)
def test_a_layout_that_is_not_whole_is_dropped_and_the_others_are_kept(changes: dict[str, object]) -> None:
    found = decode(json.dumps({"version": 1, "layouts": [WHOLE | changes, WHOLE]}))
    assert found.layouts == (KeptLayout(None, None, {"partner/payhub": Place(0, 0, 3)}),)


def test_layouts_come_back_as_they_were_written() -> None:
    whole = KeptLayout(None, None, {"partner/payhub": Place(0, 1, 3)})
    around = KeptLayout(frozenset({"", "cards"}), Focus("service/ü", 99), {"service/ü": Place(2, 0, 1)})
    memory = MapMemory((whole, around), EdgeChoice.ALL)
    assert decode(encode(memory)) == memory


def test_of_more_than_there_is_room_for_the_newest_is_kept() -> None:
    crowded = [
        KeptLayout(None, Focus(f"service/{number}", 1), {f"{number}/{at:0100}": Place(0, 0, at) for at in range(3000)})
        for number in range(4)
    ]
    text = encode(MapMemory(tuple(crowded)))
    assert len(text) <= 1_000_000
    assert decode(text).layouts == tuple(crowded[-2:])


def test_no_more_than_twelve_layouts_are_kept_and_always_the_whole_map() -> None:
    shelf = Shelf()
    start = Start(shelf, crowd(40))
    for one in start.source.told.entities[:20]:
        start.ask(Wish(focus=Focus(one.key, 1)))
    layouts = decode(shelf.text).layouts
    assert len(layouts) == 12
    assert Wish() in [one.wish for one in layouts]


def test_the_view_begins_with_the_relations_and_the_steps_that_were_chosen_before(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    around = KeptLayout(None, Focus(ORDERS.key, 1), {ORDERS.key: Place(2, 0, 0)})
    shelf = Shelf(encode(MapMemory((around,), EdgeChoice.BUNDLED)))
    desk = Desk(theme, show, shelf=shelf)
    assert desk.map.sight.highlight.edges is EdgeChoice.BUNDLED
    assert {node.name for node in desk.scene.nodes} == {"Processor", "Orders", "Payments-db", "Accepted"}
    Hands(desk).choose("Relations drawn", "Each relation")
    Hands(desk).choose("Shown around the selected", "Everything")
    kept = decode(shelf.text)
    assert (kept.edges, kept.wish) == (EdgeChoice.ALL, Wish())


def test_a_view_whose_focus_is_gone_says_that_everything_is_shown_and_can_focus_anew(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    around = KeptLayout(None, Focus("service/gone", 1), {"service/gone": Place(2, 0, 0)})
    desk = Desk(theme, show, shelf=Shelf(encode(MapMemory((around,)))))
    assert desk.view._page.map.bar.steps == 0
    desk.hands.click(desk.spot("Rail"))
    desk.hands.run("focus")
    assert desk.view._page.map.bar.steps == 2
    assert len(desk.scene.nodes) < len(BILL_PAY.entities)
