"""What the window says of the processes beside it: starting, ended, started again, left alone, silent."""

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.supervision import MOST_FALLS, ChildKind, ChildPhase
from quarterdeck.storage.opening import open_store
from quarterdeck.ui.shell.feed import Feed
from quarterdeck.ui.shell.top_bar import LiveToggle
from tests.support.charges import Nursery, Watch
from tests.support.consoles import ConsoleBench, FixedClock, NotedPanel, open_bank
from tests.support.pictured_bank import NOON
from tests.ui.shell.conftest import Benches

REFUSED = OperatorError("The port is taken.", "Choose another port.")
SILENT_AT = NOON + timedelta(minutes=5)


def tick(bench: ConsoleBench, times: int = 1) -> None:
    """Let seconds pass."""
    feed = bench.console.findChild(Feed)
    assert feed is not None
    for _ in range(times):
        feed.ticked.emit()
        bench.settle()


def said(bench: ConsoleBench) -> str:
    """What the line below the top bar says."""
    banner = bench.console.window.child_banner
    return banner.accessibleName() if banner.isVisible() else ""


def rail_says(bench: ConsoleBench) -> str:
    line = bench.console.window.rail.collector_line
    return line.accessibleName() if line.isVisible() else ""


def collect(path: Path, clock: FixedClock) -> None:
    """Somebody collects for a store, and has just said so."""
    store = open_store(str(path))
    try:
        assert store.leases.acquire("a collector", clock.at, 11.0)
    finally:
        store.close()


def give_back(path: Path) -> None:
    store = open_store(str(path))
    try:
        store.leases.release("a collector")
    finally:
        store.close()


@dataclass
class Deck:
    """A console over a store of its own with children that a test lets stand and fall."""

    benches: Benches
    path: Path
    collector: Nursery = field(default_factory=Nursery)
    bank: Nursery | None = None
    clock: FixedClock = field(default_factory=FixedClock)
    watch: Watch = field(default_factory=Watch)

    def started(self) -> ConsoleBench:
        plans = [nursery.plan for nursery in (self.bank, self.collector) if nursery is not None]
        return self.benches.started(
            clock=self.clock,
            open_services=lambda: open_bank(self.path, self.clock),
            children=plans,
            seconds=self.watch,
        )

    def pass_time(self, bench: ConsoleBench, seconds: float) -> None:
        self.watch.at_seconds += seconds
        self.clock.at += timedelta(seconds=seconds)
        tick(bench)


@pytest.fixture
def deck(benches: Benches, tmp_path: Path) -> Deck:
    """A deck over an empty store."""
    path = tmp_path / "store.db"
    open_store(str(path)).close()
    return Deck(benches, path)


@pytest.fixture
def demo(deck: Deck) -> Deck:
    """A deck with a bank that the collector waits for."""
    deck.bank = Nursery(ChildKind.BANK)
    deck.collector = Nursery(after=ChildKind.BANK)
    return deck


def test_while_the_collector_starts_an_empty_store_says_so_and_nothing_else(
    deck: Deck, panels: dict[str, NotedPanel]
) -> None:
    bench = deck.started()
    tick(bench, 5)
    assert said(bench) == "The collector is starting."
    assert rail_says(bench) == ""
    assert panels == {}


def test_panels_come_to_life_once_somebody_collects(deck: Deck, panels: dict[str, NotedPanel]) -> None:
    bench = deck.started()
    collect(deck.path, deck.clock)
    tick(bench)
    bench.settle()
    assert list(panels) == ["overview"]
    assert (said(bench), rail_says(bench)) == ("", "")


def test_a_store_that_holds_something_is_shown_at_once_while_the_collector_starts(
    benches: Benches, panels: dict[str, NotedPanel]
) -> None:
    bench = benches.started(children=[Nursery().plan], clock=FixedClock(SILENT_AT))
    assert list(panels) == ["overview"]
    assert said(bench) == ""
    assert rail_says(bench) == "The collector is starting."


def test_a_start_that_leads_to_nothing_is_not_told_for_ever(deck: Deck, panels: dict[str, NotedPanel]) -> None:
    bench = deck.started()
    tick(bench, 70)
    assert said(bench) == ""
    assert rail_says(bench) == "Nothing is collecting yet."
    assert list(panels) == ["overview"]


def test_while_the_bank_starts_the_collector_waits_and_the_bank_is_named(demo: Deck, benches: Benches) -> None:
    gate = threading.Event()
    assert demo.bank is not None
    demo.bank.before_start = lambda: gate.wait(10)
    plans = [demo.bank.plan, demo.collector.plan]
    bench = benches.make(children=plans, clock=demo.clock, open_services=lambda: open_bank(demo.path, demo.clock))
    bench.console.start()
    bench.until(lambda: said(bench) == "The demo bank is starting.", "the window names the bank")
    assert demo.collector.start_count == 0
    gate.set()
    bench.until(lambda: said(bench) == "The collector is starting.", "the window names the collector")
    bench.settle()
    assert demo.collector.start_count == 1


def test_a_bank_that_does_not_start_tells_why_and_what_to_do(demo: Deck, panels: dict[str, NotedPanel]) -> None:
    assert demo.bank is not None
    demo.bank.refusal = REFUSED
    bench = demo.started()
    words = (
        "The demo bank did not start at 12:32: The port is taken. It is being tried again. Next: Choose another port."
    )
    assert said(bench) == local(words)
    assert list(panels) == ["overview"]
    assert demo.collector.start_count == 0


def local(words: str) -> str:
    return words.replace("12:32", NOON.astimezone().strftime("%H:%M"))


def running(deck: Deck) -> ConsoleBench:
    """A console whose collector collects."""
    bench = deck.started()
    collect(deck.path, deck.clock)
    tick(bench)
    return bench


def test_a_collector_that_is_killed_is_told_within_a_second_and_started_again(deck: Deck) -> None:
    bench = running(deck)
    deck.collector.newest.is_running = False
    tick(bench)
    assert said(bench) == local("The collector ended at 12:32: It was killed (signal 9). It is being started again.")
    assert deck.collector.newest.stop_count == 1
    deck.pass_time(bench, 1)
    assert [child.is_running for child in deck.collector.made] == [False, True]


def test_the_notice_stays_until_somebody_collects_again(deck: Deck) -> None:
    bench = running(deck)
    deck.collector.newest.is_running = False
    tick(bench)
    deck.pass_time(bench, 2)
    assert said(bench).startswith("The collector ended")
    collect(deck.path, deck.clock)
    deck.pass_time(bench, 1)
    assert (said(bench), rail_says(bench)) == ("", "")


def kill_often(deck: Deck, bench: ConsoleBench) -> None:
    for _ in range(MOST_FALLS):
        deck.collector.newest.is_running = False
        tick(bench)
        deck.pass_time(bench, 20)


def test_after_several_quick_ends_the_window_stops_trying_and_offers_a_start(deck: Deck) -> None:
    bench = running(deck)
    kill_often(deck, bench)
    assert len(deck.collector.made) == MOST_FALLS
    assert "The collector ended 5 times in a row" in said(bench)
    assert "Next: See what ends processes on this machine." in said(bench)
    button = bench.console.window.child_banner.button
    assert button.isVisible()
    assert button.text() == "Start collecting"
    assert rail_says(bench) == ""
    button.click()
    bench.settle()
    assert len(deck.collector.made) == MOST_FALLS + 1
    collect(deck.path, deck.clock)
    deck.pass_time(bench, 1)
    assert said(bench) == ""


def test_a_dead_collector_takes_no_bank_along(demo: Deck) -> None:
    bench = running(demo)
    demo.collector.newest.is_running = False
    tick(bench)
    demo.pass_time(bench, 2)
    assert demo.bank is not None
    assert (demo.bank.start_count, demo.collector.start_count) == (1, 2)


def test_a_dead_bank_is_told_and_started_again_alone(demo: Deck) -> None:
    bench = running(demo)
    assert demo.bank is not None
    demo.bank.newest.is_running = False
    tick(bench)
    assert said(bench) == local("The demo bank ended at 12:32: It was killed (signal 9). It is being started again.")
    demo.pass_time(bench, 1)
    tick(bench)
    assert (demo.bank.start_count, demo.collector.start_count) == (2, 1)
    assert said(bench) == ""


def test_both_ended_are_both_told(demo: Deck) -> None:
    bench = running(demo)
    assert demo.bank is not None
    demo.bank.newest.is_running = demo.collector.newest.is_running = False
    tick(bench)
    assert "The demo bank ended" in said(bench)
    assert "The collector ended" in said(bench)


def test_that_nobody_collects_is_said_calmly_and_can_be_changed(benches: Benches) -> None:
    clock = FixedClock(SILENT_AT)
    collector = Nursery()
    bench = benches.started(clock=clock, children=[collector.plan])
    clock.at = NOON
    tick(bench)
    clock.at = SILENT_AT
    tick(bench)
    assert rail_says(bench) == ""
    tick(bench, 5)
    assert rail_says(bench) == local("Nothing is collecting since 12:32.")
    bench.console.window.rail.collector_line.start_requested.emit()
    bench.settle()
    assert [child.stop_count for child in collector.made] == [1, 0]
    assert rail_says(bench) == ""
    clock.at = NOON
    tick(bench, 3)
    assert rail_says(bench) == ""


def test_a_console_that_starts_nothing_says_that_nobody_collects(deck: Deck, benches: Benches) -> None:
    bench = benches.started(clock=deck.clock, open_services=lambda: open_bank(deck.path, deck.clock))
    assert bench.runner.is_idle
    assert said(bench) == ""
    assert rail_says(bench) == "Nothing is collecting yet."


def test_a_lease_that_changes_hands_is_no_silence(deck: Deck) -> None:
    bench = running(deck)
    give_back(deck.path)
    tick(bench, 3)
    collect(deck.path, deck.clock)
    tick(bench)
    assert rail_says(bench) == ""


def test_all_children_end_with_the_window(demo: Deck, benches: Benches) -> None:
    bench = running(demo)
    benches.made.remove(bench)
    bench.close()
    assert demo.bank is not None
    assert demo.bank.newest.stop_count == 1
    assert demo.collector.newest.stop_count == 1


def test_words_from_a_child_are_plain_text(demo: Deck) -> None:
    assert demo.bank is not None
    demo.bank.refusal = OperatorError("<b>bold</b>\u202e words", "<img src=x>")
    bench = demo.started()
    labels = bench.console.window.child_banner.findChildren(QLabel)
    assert any("<b>bold</b>" in label.text() for label in labels)
    assert "\u202e" not in said(bench)


def test_the_rail_is_silent_while_the_line_below_the_top_bar_speaks(deck: Deck) -> None:
    bench = running(deck)
    deck.collector.newest.is_running = False
    tick(bench)
    deck.pass_time(bench, 15)
    tick(bench, 5)
    assert said(bench)
    assert rail_says(bench) == ""
    assert bench.upkeep.statuses[0].phase is ChildPhase.RUNNING


def test_a_later_silence_does_not_bring_back_what_was_over(deck: Deck) -> None:
    bench = running(deck)
    deck.collector.newest.is_running = False
    tick(bench)
    deck.pass_time(bench, 2)
    collect(deck.path, deck.clock)
    tick(bench)
    deck.pass_time(bench, 60)
    tick(bench, 3)
    assert said(bench) == ""
    assert rail_says(bench).startswith("Nothing is collecting since")


def live_says(bench: ConsoleBench) -> str:
    return bench.console.window.top_bar.findChildren(LiveToggle)[0].accessibleName()


def test_live_is_not_live_before_somebody_collects_nor_after(deck: Deck) -> None:
    bench = deck.started()
    assert live_says(bench) == "Live. not collecting"
    collect(deck.path, deck.clock)
    tick(bench)
    assert live_says(bench) == "Live"
    give_back(deck.path)
    deck.clock.at = SILENT_AT
    tick(bench, 10)
    assert live_says(bench) == "Live. not collecting"
