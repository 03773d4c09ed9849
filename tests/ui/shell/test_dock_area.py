"""Panels beside, behind and apart from each other: each that is open can be seen and lies where it belongs."""

from itertools import pairwise, permutations

import pytest
from PySide6.QtCore import QRect

from quarterdeck.ui.shell.panel_dock import PanelDock
from tests.support.consoles import ConsoleBench
from tests.ui.shell.conftest import PANEL_NAMES, Benches

TRIPLES = list(permutations(PANEL_NAMES, 3))


def dock_of(bench: ConsoleBench, panel_id: str) -> PanelDock:
    return next(dock for dock in bench.console.window.area.docks() if dock.objectName() == f"panel:{panel_id}")


def columns(bench: ConsoleBench) -> tuple[str, ...]:
    """The panels from left to right, which must fill the page without a gap and without one over another."""
    area = bench.console.window.area
    assert set(area.visible_panels()) == set(area.open_panels())
    places = {key: dock_of(bench, key).geometry() for key in area.visible_panels()}
    ordered = sorted(places, key=lambda key: places[key].x())
    page: QRect = area.rect()
    assert places[ordered[0]].left() == page.left()
    assert places[ordered[-1]].right() == page.right()
    assert all(places[after].left() - places[before].right() in {1, 2} for before, after in pairwise(ordered))
    assert {(place.top(), place.bottom()) for place in places.values()} == {(page.top(), page.bottom())}
    return tuple(ordered)


@pytest.mark.parametrize(("first", "second", "beside"), TRIPLES, ids=["-".join(three) for three in TRIPLES])
def test_a_panel_opens_beside_one_that_took_the_place_of_another(
    benches: Benches, first: str, second: str, beside: str
) -> None:
    bench = benches.started()
    for panel_id in (first, second):
        bench.console.conductor.open_panel(panel_id)
        bench.settle()
    bench.console.registry.trigger(f"beside.{beside}")
    bench.settle()
    assert columns(bench) == (second, beside)
    widths = [dock_of(bench, key).width() for key in (second, beside)]
    assert abs(widths[0] - widths[1]) <= 2
    assert bench.console.conductor.place.panel_id == beside


def test_a_panel_opens_beside_all_the_tabs_and_leaves_them_tabs(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    overview, integrations = dock_of(bench, "overview"), dock_of(bench, "integrations")
    area.open_beside("integrations")
    area.tabifyDockWidget(overview, integrations)
    area.open_panel("overview")
    bench.settle()
    area.open_beside("performance")
    bench.settle()
    assert area.tabifiedDockWidgets(overview) == [integrations]
    assert set(area.visible_panels()) == {"overview", "performance"}
    performance = dock_of(bench, "performance")
    assert performance.x() > overview.geometry().right()
    assert performance.geometry().right() == area.rect().right()


def test_a_tab_that_is_wanted_beside_the_others_leaves_them(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    area.open_beside("integrations")
    area.tabifyDockWidget(dock_of(bench, "overview"), dock_of(bench, "integrations"))
    area.open_panel("overview")
    bench.settle()
    area.open_beside("integrations")
    bench.settle()
    assert columns(bench) == ("overview", "integrations")


def test_a_panel_that_takes_the_place_of_a_tab_stands_among_the_others(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    area.open_beside("integrations")
    area.tabifyDockWidget(dock_of(bench, "overview"), dock_of(bench, "integrations"))
    area.open_panel("overview")
    bench.console.conductor.open_panel("connectors")
    bench.settle()
    assert area.tabifiedDockWidgets(dock_of(bench, "connectors")) == [dock_of(bench, "integrations")]
    assert area.visible_panels() == ("connectors",)


def test_a_closed_panel_leaves_its_room_to_the_others_and_can_come_back(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    area.open_beside("integrations")
    area.open_beside("performance")
    bench.settle()
    dock_of(bench, "integrations").close()
    bench.settle()
    assert columns(bench) == ("overview", "performance")
    area.open_panel("overview")
    area.open_beside("integrations")
    bench.settle()
    assert columns(bench) == ("overview", "integrations", "performance")


def test_a_torn_off_panel_returns_beside_the_others(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    bench.console.conductor.open_panel("integrations")
    area.open_beside("performance")
    dock_of(bench, "performance").setFloating(True)
    bench.settle()
    assert dock_of(bench, "integrations").geometry() == area.rect()
    area.open_panel("integrations")
    area.open_beside("performance")
    bench.settle()
    assert columns(bench) == ("integrations", "performance")


def test_a_torn_off_panel_that_was_closed_opens_in_the_page_again(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    area.open_beside("performance")
    dock_of(bench, "performance").setFloating(True)
    bench.settle()
    dock_of(bench, "performance").close()
    bench.settle()
    bench.console.conductor.open_panel("performance")
    bench.settle()
    assert columns(bench) == ("performance",)


def test_a_split_made_after_a_panel_took_a_place_comes_back_at_the_next_start(benches: Benches) -> None:
    bench = benches.started()
    bench.console.conductor.open_panel("connectors")
    bench.settle()
    bench.console.window.area.open_beside("overview")
    bench.settle()
    benches.made.remove(bench)
    bench.close()
    benches.panels.clear()
    again = benches.started(memory=bench.memory)
    assert columns(again) == ("connectors", "overview")
    again.console.window.area.open_beside("performance")
    again.settle()
    assert columns(again) == ("connectors", "overview", "performance")


def test_a_panel_opened_beside_from_the_command_field_has_the_keyboard_once_it_exists(benches: Benches) -> None:
    bench = benches.started()
    window = bench.console.window
    window.activateWindow()
    bench.console.conductor.open_panel("integrations")
    bench.settle()
    window.palette_sheet.open_with("")
    window.palette_sheet.close_palette()
    window.palette_sheet.chosen.emit("action:beside.performance")
    bench.settle()
    assert window.focusWidget() is benches.panels["performance"]
    assert window.area.current == "performance"
