"""The rail's counts are those of the moment that the console shows, whichever panels can be seen."""

from datetime import timedelta
from pathlib import Path

from tests.support.consoles import ConsoleBench, FixedClock, make_bank_file, noted_panels, open_bank
from tests.support.pictured_bank import NOON
from tests.support.pictured_compliance import judge_file
from tests.ui.shell.conftest import PANEL_NAMES, Benches

MORNING = NOON - timedelta(hours=2)
"""A moment of the bank at which only its disk was in trouble."""


PRESENT = {
    "Overview": "6 want attention, the worst is down",
    "Integrations": "4 want attention, the worst is down",
    "Connectors": "2 want attention, the worst is down",
}


def until_counted(bench: ConsoleBench, told: dict[str, str]) -> None:
    """Wait until the rail tells this of the panels that want attention, by their title, and nothing of others."""

    def counts() -> dict[str, str]:
        items = {item.accessibleName(): item.accessibleDescription() for item in bench.console.window.rail.items()}
        return {title: words for title, words in items.items() if words}

    bench.until(lambda: counts() == told, f"the rail tells {told}")


def test_the_present_is_counted_for_panels_that_were_never_seen(bench: ConsoleBench) -> None:
    until_counted(bench, PRESENT)


def test_a_past_moment_is_counted_as_it_was_and_the_present_comes_back(bench: ConsoleBench) -> None:
    until_counted(bench, PRESENT)
    bench.console.window.lens.play_head_moved.emit(MORNING)
    until_counted(bench, {"Overview": "1 want attention, the worst is degraded"})
    bench.console.conductor.go_live()
    until_counted(bench, PRESENT)


def test_once_nobody_collects_only_the_silence_itself_is_counted(benches: Benches) -> None:
    bench = benches.started(clock=FixedClock(NOON + timedelta(minutes=22)))
    until_counted(bench, {"Overview": "1 want attention, the worst is stale"})


def test_controls_that_are_not_satisfied_are_counted_before_their_panel_was_seen(
    benches: Benches, tmp_path: Path
) -> None:
    bank, clock = make_bank_file(tmp_path), FixedClock()
    judge_file(bank, clock)
    panels = noted_panels(benches.panels, (*PANEL_NAMES, "compliance"))
    bench = benches.started(panels=panels, clock=clock, open_services=lambda: open_bank(bank, clock))
    until_counted(bench, PRESENT | {"Compliance": "11 want attention, the worst is down"})
    assert "compliance" not in benches.panels
