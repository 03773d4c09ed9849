"""A whole console over the bank: one place for everything on the screen, and a store that may fail and return."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from PySide6.QtWidgets import QLabel, QWidget

from quarterdeck.domain.errors import OperatorError, StoreTooNew, StoreUnavailable
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.console import ConsoleServices
from quarterdeck.services.ports import Topic, VersionCounters
from quarterdeck.ui.panels.performance.moved_page import MovedPage
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.shell.top_bar import LiveToggle
from quarterdeck.ui.widgets.staleness import is_stale, state_as_shown
from quarterdeck.ui.widgets.state_stack import Freshness, StateStack
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.consoles import ConsoleBench, NotedPanel, open_bank
from tests.support.pictured_bank import NOON
from tests.ui.shell.conftest import PANEL_NAMES, Benches

PAYHUB = "integration/payhub-processor"
GONE = StoreUnavailable("The disk does not answer.", "Look at the disk.")


def stack_of(bench: ConsoleBench, panel_id: str) -> StateStack:
    dock = next(dock for dock in bench.console.window.area.docks() if dock.objectName() == f"panel:{panel_id}")
    stack = dock.widget()
    assert isinstance(stack, StateStack)
    return stack


def test_the_first_panel_is_shown_the_moment_once_the_store_is_open(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    assert bench.console.conductor.place.panel_id == "overview"
    moment = panels["overview"].moments[-1]
    assert (moment.at, moment.live) == (NOON, True)
    assert moment.time_range == TimeRange.ending(NOON, 6 * 3600)


def test_panels_come_to_life_only_when_they_are_seen(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    assert list(panels) == ["overview"]
    bench.console.conductor.open_panel("performance")
    bench.settle()
    assert set(panels) == {"overview", "performance"}


def test_a_selection_anywhere_reaches_every_visible_panel_and_the_inspector(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    bench.console.registry.trigger("layout.triage")
    bench.settle()
    panels["integrations"].entity_selected.emit(PAYHUB)
    bench.settle()
    assert panels["performance"].selected[-1] == PAYHUB
    assert panels["integrations"].selected[-1] == PAYHUB
    assert bench.console.window.side.is_inspector_shown
    assert "PayHub processor" in texts_of(bench)


def test_moving_the_play_head_shows_every_visible_panel_the_past(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    bench.console.registry.trigger("layout.triage")
    bench.settle()
    past = NOON - timedelta(hours=2)
    bench.console.window.lens.play_head_moved.emit(past)
    bench.settle()
    for name in ("integrations", "performance"):
        assert (panels[name].moments[-1].at, panels[name].moments[-1].live) == (past, False)


def test_a_hidden_panel_is_shown_the_moment_when_it_comes_back(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    bench.console.conductor.open_panel("performance")
    bench.settle()
    seen_before = len(panels["overview"].moments)
    past = NOON - timedelta(hours=1)
    bench.console.window.lens.play_head_moved.emit(past)
    bench.settle()
    assert len(panels["overview"].moments) == seen_before
    bench.console.conductor.open_panel("overview")
    bench.settle()
    assert panels["overview"].moments[-1].at == past


def test_a_chart_that_zooms_sets_the_window_and_escape_takes_it_back(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    part = TimeRange(NOON - timedelta(hours=4), NOON - timedelta(hours=3))
    panels["overview"].range_requested.emit(part)
    bench.settle()
    assert panels["overview"].moments[-1].time_range == part
    bench.console.window.escape_pressed.emit()
    bench.settle()
    assert panels["overview"].moments[-1].time_range == TimeRange.ending(NOON, 6 * 3600)
    assert panels["overview"].moments[-1].live


def live_button(bench: ConsoleBench) -> LiveToggle:
    return next(iter(bench.console.window.top_bar.findChildren(LiveToggle)))


def test_a_zoom_that_leaves_live_says_so_with_the_way_back(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    end_at = NOON - timedelta(hours=3)
    panels["overview"].range_requested.emit(TimeRange(NOON - timedelta(hours=4), end_at))
    bench.settle()
    time = f"{end_at.astimezone():%H:%M}"
    assert live_button(bench).text() == f"As of {time} · Back to live"
    notice = bench.console.window.notices.accessibleName()
    assert notice == f"Not live any more: every panel shows {time}. L goes back to live."
    live_button(bench).click()
    bench.settle()
    assert live_button(bench).text() == "Live"
    assert panels["overview"].moments[-1].live


def test_back_returns_to_the_panel_before(bench: ConsoleBench) -> None:
    bench.console.conductor.open_panel("performance")
    bench.console.registry.trigger("place.back")
    bench.settle()
    assert bench.console.conductor.place.panel_id == "overview"
    assert bench.console.window.area.visible_panels() == ("overview",)


def test_a_request_for_a_panel_opens_it_at_its_target(bench: ConsoleBench, panels: dict[str, NotedPanel]) -> None:
    panels["overview"].panel_requested.emit("connectors", "push-exporter")
    bench.settle()
    assert panels["connectors"].targets == ["push-exporter"]
    panels["connectors"].panel_requested.emit("performance", PAYHUB)
    bench.settle()
    assert panels["performance"].targets == [PAYHUB]
    assert bench.console.conductor.place.entity_key == PAYHUB


def test_the_rail_counts_what_wants_attention(bench: ConsoleBench) -> None:
    descriptions = [item.accessibleDescription() for item in bench.console.window.rail.items()]
    assert "4 want attention, the worst is down" in descriptions


def test_the_panel_controls_are_in_the_top_bar_while_it_is_current(
    bench: ConsoleBench, panels: dict[str, NotedPanel]
) -> None:
    control = panels["overview"].control
    assert control.isVisible()
    bench.console.conductor.open_panel("performance")
    bench.settle()
    assert not control.isVisible()
    assert panels["performance"].control.isVisible()


@dataclass
class MovingCounters:
    """Version counters that a test moves, or breaks."""

    counters: VersionCounters
    extra: int = 0
    fault: OperatorError | None = None

    def versions(self) -> Mapping[Topic, int]:
        if self.fault is not None:
            raise self.fault
        return {topic: version + self.extra for topic, version in self.counters.versions().items()}


def with_counters(benches: Benches) -> tuple[ConsoleBench, MovingCounters]:
    made: list[MovingCounters] = []

    def open_it() -> ConsoleServices:
        services = open_bank(benches.bank, bench.clock)
        made.append(MovingCounters(services.versions))
        return replace(services, versions=made[0])

    bench = benches.make(open_services=open_it)
    bench.start()
    return bench, made[0]


def test_new_data_refreshes_what_is_visible(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    counters.extra = 1
    bench.until(lambda: benches.panels["overview"].refreshed != [], "the panel hears of new data")
    assert Topic.STATES in benches.panels["overview"].refreshed[-1]


def test_a_lost_store_is_said_in_words_and_leaves_old_data_marked_as_stale(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    counters.fault = GONE
    bench.until(bench.console.window.banner.isVisible, "the banner says that the store is lost")
    assert "The disk does not answer. Next: Look at the disk." in bench.console.window.banner.accessibleName()
    assert stack_of(bench, "overview").freshness is Freshness.STALE


def test_rows_that_cannot_be_read_are_said_above_the_panels_until_a_person_hides_them(benches: Benches) -> None:
    found: list[str] = []

    def open_it() -> ConsoleServices:
        return replace(open_bank(benches.bank, bench.clock), left_out=lambda: tuple(found))

    bench = benches.make(open_services=open_it)
    bench.start()
    banner = bench.console.window.rows_banner
    assert not banner.isVisible()
    found.append("The row of entity with key partner/payhub cannot be read: kind is “bank”. Apply its document again.")
    bench.until(banner.isVisible, "the banner says what is left out")
    assert banner.accessibleName() == f"{found[0]} It is missing in what is shown."
    banner.button.click()
    assert not banner.isVisible()
    found.append("The row of entity with key partner/cardnet cannot be read: name is missing.")
    bench.until(banner.isVisible, "the banner says that there is more")
    assert "At least 2 rows of the store cannot be read" in banner.accessibleName()
    assert "“quarterdeck store check”" in banner.accessibleName()


def test_the_words_about_a_lost_store_stand_whole_however_long_they_are(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    counters.fault = StoreUnavailable("The store is gone. " * 12, "Bring it back, or mount its disk again.")
    banner = bench.console.window.banner
    bench.until(banner.isVisible, "the banner says that the store is lost")
    (words,) = banner.findChildren(QLabel)
    assert words.text().endswith("mount its disk again.")
    assert words.height() >= words.heightForWidth(words.width()) > 2 * words.fontMetrics().height()


def test_what_stands_beside_a_panel_ages_with_a_lost_store_and_is_fresh_again_after(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    page, banner = QWidget(), bench.console.window.banner
    benches.panels["overview"].side_page_changed.emit(page)
    counters.fault = GONE
    bench.until(banner.isVisible, "the banner says that the store is lost")
    assert state_as_shown(page, HealthState.HEALTHY) is HealthState.STALE
    later = QWidget()
    benches.panels["overview"].side_page_changed.emit(later)
    assert state_as_shown(later, HealthState.HEALTHY) is HealthState.STALE
    counters.fault = None
    bench.until(lambda: not banner.isVisible(), "the window comes back by itself")
    assert state_as_shown(later, HealthState.HEALTHY) is HealthState.HEALTHY
    page.deleteLater()


def test_a_lost_store_veils_the_inspector(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    bench.console.conductor.select(PAYHUB)
    bench.settle()
    counters.fault = GONE
    bench.until(bench.console.window.banner.isVisible, "the banner says that the store is lost")
    stack = bench.console.window.inspector.findChildren(StateStack)[0]
    assert stack.freshness is Freshness.STALE
    assert not is_stale(bench.console.window.side)


def test_the_lens_keeps_its_history_as_history_until_the_store_returns(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    lens = bench.console.window.lens
    bench.until(lambda: "Integrations" in lens.accessibleDescription(), "the lens shows its bars")
    words = f"not read since {NOON.astimezone():%H:%M}"
    counters.fault = GONE
    bench.until(lambda: words in lens.accessibleDescription(), "the bars are history")
    counters.fault = None
    bench.until(lambda: words not in lens.accessibleDescription(), "the bars are read anew")


def test_a_store_that_returns_needs_nobody(benches: Benches) -> None:
    bench, counters = with_counters(benches)
    counters.fault = GONE
    bench.until(bench.console.window.banner.isVisible, "the banner says that the store is lost")
    shown = len(benches.panels["overview"].moments)
    counters.fault = None
    bench.until(lambda: not bench.console.window.banner.isVisible(), "the window comes back by itself")
    bench.until(lambda: len(benches.panels["overview"].moments) > shown, "the panel asks anew")
    assert stack_of(bench, "overview").freshness is Freshness.FRESH


def test_a_store_that_does_not_open_is_explained_and_opens_on_request(benches: Benches) -> None:
    faults = [StoreTooNew("The store is newer than this program.", "Install the newer program.")]

    def open_it() -> ConsoleServices:
        if faults:
            raise faults.pop()
        return open_bank(benches.bank, bench.clock)

    bench = benches.make(open_services=open_it)
    bench.console.start()
    bench.until(lambda: stack_of(bench, "overview").freshness is Freshness.FAILED, "the page says what is wrong")
    assert bench.console.window.banner.isVisible()
    bench.console.window.banner.retry_requested.emit()
    bench.until(lambda: "overview" in benches.panels, "the panel comes to life")
    assert not bench.console.window.banner.isVisible()


def test_while_the_store_opens_the_page_is_a_skeleton_and_the_window_closes_all_the_same(benches: Benches) -> None:
    gate = threading.Event()

    def open_it() -> ConsoleServices:
        gate.wait(10)
        return open_bank(benches.bank, bench.clock)

    bench = benches.make(open_services=open_it)
    bench.console.start()
    bench.until(lambda: not bench.runner.is_idle, "the store is being opened")
    assert stack_of(bench, "overview").freshness is Freshness.LOADING
    gate.set()
    bench.until(lambda: bench.session.is_open, "the store is open after all")


def texts_of(bench: ConsoleBench) -> set[str]:
    from PySide6.QtWidgets import QLabel

    return {label.text() for label in bench.console.window.inspector.findChildren(QLabel)}


def test_a_console_is_settled_once_the_panel_it_opened_stands_in_its_place(benches: Benches) -> None:
    bench = benches.started()
    other = next(name for name in PANEL_NAMES if name not in benches.panels)
    bench.console.conductor.open_panel(other)
    assert not bench.console.is_settled or not bench.runner.is_idle
    bench.settle()
    assert stack_of(bench, other).isAncestorOf(benches.panels[other])


def test_what_moved_is_compared_in_the_window(benches: Benches) -> None:
    bench = benches.started(panels=PANELS)
    bench.console.conductor.open_panel("performance")
    bench.settle()
    bench.console.registry.trigger("performance.moved")
    bench.settle()
    (page,) = bench.console.window.findChildren(MovedPage)
    told = [label.text() for label in page.findChildren(PlainLabel) if label.text()]
    assert "Comparing…" not in told
    assert any(", beside " in words for words in told)
