"""Panels lie as they were left; a layout that does not fit is dropped and harms nothing."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect

from quarterdeck.ui.shell.places import Rolling
from quarterdeck.ui.shell.window_memory import SavedLayout, decode, encode
from tests.support.consoles import ConsoleBench, TextPlace, noted_panels
from tests.ui.shell.conftest import Benches


def lie(bench: ConsoleBench) -> dict[str, QRect]:
    """Where the open panels lie."""
    area = bench.console.window.area
    return {dock.objectName(): dock.geometry() for dock in area.docks() if not dock.isHidden()}


def reopened(benches: Benches, bench: ConsoleBench, **wishes: object) -> ConsoleBench:
    """Close a console and start another with its memory."""
    benches.made.remove(bench)
    bench.close()
    benches.panels.clear()
    return benches.started(memory=bench.memory, **wishes)


def test_a_split_layout_comes_back_exactly(benches: Benches) -> None:
    bench = benches.started()
    bench.console.window.resize(900, 600)
    bench.console.registry.trigger("layout.triage")
    bench.console.window.area.open_beside("connectors")
    bench.settle()
    before = lie(bench)
    assert len(before) == 3
    again = reopened(benches, bench)
    assert lie(again) == before
    assert again.console.conductor.place.panel_id == "connectors"


def test_tabbed_and_torn_off_panels_come_back(benches: Benches) -> None:
    bench = benches.started()
    area = bench.console.window.area
    first, second, third, _ = area.docks()
    area.open_beside("integrations")
    area.open_beside("performance")
    area.tabifyDockWidget(first, second)
    third.setFloating(True)
    bench.settle()
    again = reopened(benches, bench)
    first, second, third, _ = again.console.window.area.docks()
    assert again.console.window.area.tabifiedDockWidgets(first) == [second]
    assert third.isFloating()
    assert third.isVisible()
    assert "performance" in again.console.window.area.visible_panels()
    third.setFloating(False)


def test_the_layout_is_kept_while_the_window_runs_so_that_a_crash_costs_nothing(benches: Benches) -> None:
    bench = benches.started()
    bench.console.registry.trigger("layout.triage")
    bench.until(lambda: decode(bench.memory.text).layout.current == "integrations", "the layout is written")


def test_selection_and_range_are_kept_while_the_window_runs_so_that_a_crash_costs_nothing(benches: Benches) -> None:
    bench = benches.started()
    conductor = bench.console.conductor
    conductor.select("integration/payhub-processor")
    conductor.choose_range(Rolling(900.0))
    bench.until(lambda: decode(bench.memory.text).range_seconds == 900.0, "the range is written")
    survivor = benches.started(memory=TextPlace(bench.memory.text))
    assert survivor.console.conductor.place == conductor.place
    assert survivor.console.window.side.is_inspector_shown


@pytest.mark.parametrize("text", ["", "garbage", '{"version": 1, "layout": {"state": "AAAA", "digest": "x"}}', "[]"])
def test_garbage_is_the_first_start(benches: Benches, text: str) -> None:
    bench = benches.started(memory=TextPlace(text))
    assert bench.console.window.area.visible_panels() == ("overview",)


def test_a_layout_with_a_right_digest_that_qt_does_not_take_is_dropped(benches: Benches) -> None:
    bench = benches.started()
    true = SavedLayout.of("", "overview", ["overview"], bench.console.window.area.save())
    state = true.bytes_of_state()
    assert state is not None
    for spoilt in (state[:40], state[::-1], b"\x00" * len(state)):
        memory = replace(decode(""), layout=SavedLayout.of("", "overview", ["overview"], spoilt))
        again = benches.started(memory=TextPlace(encode(memory)))
        assert again.console.window.area.visible_panels() == ("overview",)


def test_a_layout_of_panels_that_are_gone_shows_the_first_one_that_exists(benches: Benches) -> None:
    bench = benches.started()
    bench.console.conductor.open_panel("connectors")
    bench.settle()
    again = reopened(benches, bench, panels=noted_panels(benches.panels, ["overview", "performance"]))
    assert again.console.window.area.visible_panels() == ("overview",)


def test_a_layout_kept_under_a_name_can_be_used_again(benches: Benches) -> None:
    bench = benches.started()
    bench.console.registry.trigger("layout.triage")
    bench.settle()
    before = lie(bench)
    bench.console.layouts.save_as("night")
    bench.console.registry.trigger("layout.overview")
    bench.settle()
    assert len(lie(bench)) == 1
    bench.console.window.palette_sheet.chosen.emit("own layout:night")
    bench.settle()
    assert lie(bench) == before


def test_a_named_layout_that_does_not_fit_is_dropped_with_a_word(benches: Benches) -> None:
    memory = replace(decode(""), layouts=(SavedLayout.of("night", "overview", ["overview"], b"no docks at all"),))
    bench = benches.started(memory=TextPlace(encode(memory)))
    bench.console.window.palette_sheet.chosen.emit("own layout:night")
    bench.until(bench.console.window.notices.isVisible, "a notice tells it")
    assert "night" in bench.console.window.notices.accessibleName()
    assert bench.console.window.area.visible_panels() == ("overview",)


def test_title_bars_are_there_only_where_panels_must_be_told_apart(benches: Benches) -> None:
    bench = benches.started()
    overview = bench.console.window.area.docks()[0]
    assert overview.titleBarWidget().height() == 0
    bench.console.window.area.open_beside("performance")
    bench.settle()
    assert overview.titleBarWidget().height() > 0


def test_the_window_comes_back_as_large_as_it_was(benches: Benches) -> None:
    bench = benches.started()
    bench.console.window.showMaximized()
    bench.settle()
    assert reopened(benches, bench).console.window.isMaximized()


def test_the_range_is_the_one_used_last(benches: Benches) -> None:
    bench = benches.started()
    bench.console.registry.trigger("range.900")
    bench.settle()
    reopened(benches, bench)
    assert benches.panels["overview"].moments[-1].time_range.seconds == 900


def test_what_the_person_set_is_written_at_once(benches: Benches) -> None:
    bench = benches.started()
    bench.console.registry.trigger("frame.rail")
    bench.settle()
    assert bench.preferences.preferences.rail_collapsed
    assert bench.console.window.rail.is_collapsed
