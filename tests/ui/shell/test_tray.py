"""The icon outside the window: closing into it, coming back, news while nobody looks, and a tray that goes away."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon
from typing_extensions import override

from quarterdeck.domain.health import HealthState
from quarterdeck.services.preferences import ThemePreference, UiPreferences
from quarterdeck.ui.shell.health_news import HealthNews
from quarterdeck.ui.shell.palette_ranking import PaletteItem
from quarterdeck.ui.shell.pulse import PulseState
from quarterdeck.ui.shell.tray import TrayPlace
from tests.support.consoles import ConsoleBench, PreferencePlace
from tests.support.pictured_bank import NOON
from tests.ui.shell.conftest import Benches

UP, BAD, DOWN = HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN


class FakeIcon(QSystemTrayIcon):
    """An icon in no tray; keeps what it notified of."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_shown = False
        self.told: list[str] = []

    @override
    def setVisible(self, visible: bool, /) -> None:
        self.is_shown = visible

    @override
    def isVisible(self) -> bool:
        return self.is_shown

    @override
    def showMessage(self, title: str, msg: str, *_rest: Any, **_more: Any) -> None:
        self.told.append(msg)


@dataclass
class FakeTray:
    """A tray that can go away."""

    is_there: bool = True
    icons: list[FakeIcon] = field(default_factory=list[FakeIcon])

    def place(self) -> TrayPlace:
        def make(parent: QObject) -> FakeIcon:
            self.icons.append(FakeIcon(parent))
            return self.icons[-1]

        return TrayPlace(lambda: self.is_there, make)


@pytest.fixture
def tray() -> FakeTray:
    return FakeTray()


@pytest.fixture
def bench(benches: Benches, tray: FakeTray) -> ConsoleBench:
    """A console that stays in its tray when it is closed."""
    wish = UiPreferences(theme=ThemePreference.DARK, tray_shown=True, stays_in_tray=True)
    return benches.started(preferences=PreferencePlace(wish), tray=tray.place())


def menu_of(tray: FakeTray) -> dict[str, QAction]:
    return {action.text(): action for action in tray.icons[0].contextMenu().actions()}


def pulse(*states: HealthState, is_present: bool = True) -> PulseState:
    items = tuple(
        PaletteItem(f"entity:integration/{name}", name, "integration", state)
        for name, state in zip(("Aggregation", "PayHub", "Push"), states, strict=False)
    )
    return PulseState(findables=items, worst=max(states, key=[UP, BAD, DOWN].index), is_present=is_present)


def ends(bench: ConsoleBench) -> list[bool]:
    asked: list[bool] = []
    bench.console.quit_requested.connect(lambda: asked.append(True))
    return asked


def test_a_closed_window_goes_into_the_tray_and_comes_back_from_its_menu(bench: ConsoleBench, tray: FakeTray) -> None:
    asked = ends(bench)
    bench.console.window.close()
    assert (bench.console.window.isHidden(), asked) == (True, [])
    menu_of(tray)["Open"].trigger()
    assert bench.console.window.isVisible()
    menu_of(tray)["Quit"].trigger()
    assert asked == [True]


def test_a_window_in_the_tray_is_at_the_present(bench: ConsoleBench) -> None:
    bench.console.window.lens.play_head_moved.emit(NOON.replace(hour=9))
    bench.console.window.close()
    assert bench.console.conductor.place.is_live


def test_closing_ends_the_program_once_the_tray_has_gone(bench: ConsoleBench, tray: FakeTray) -> None:
    asked = ends(bench)
    tray.is_there = False
    bench.console.window.close()
    assert asked == [True]


def test_a_window_comes_back_when_the_tray_it_is_in_goes_away(bench: ConsoleBench, tray: FakeTray) -> None:
    bench.console.window.close()
    bench.console._tick()
    assert bench.console.window.isHidden()
    tray.is_there = False
    bench.console._tick()
    assert bench.console.window.isVisible()


def test_an_integration_that_gets_worse_is_told_while_the_window_is_away(bench: ConsoleBench, tray: FakeTray) -> None:
    furniture = bench.console._furniture
    assert furniture is not None
    bench.console.window.close()
    furniture.show_pulse(pulse(UP, UP))
    assert tray.icons[0].told == ["No integration needs attention any more"]
    furniture.show_pulse(pulse(UP, DOWN))
    assert tray.icons[0].told[1:] == ["PayHub: down"]
    furniture.show_pulse(pulse(BAD, BAD, is_present=False))
    assert tray.icons[0].told[1:] == ["PayHub: down"]
    tray.icons[0].messageClicked.emit()
    assert bench.console.window.isVisible()


def told(*steps: tuple[HealthState, ...]) -> list[str]:
    news = HealthNews()
    return [news.take(pulse(*states).integrations) for states in steps]


def test_the_first_look_is_no_news_and_what_stays_is_told_once() -> None:
    assert told((DOWN, UP), (DOWN, UP), (DOWN, BAD), (DOWN, BAD)) == ["", "", "PayHub: degraded", ""]


def test_of_several_the_worst_is_named_and_the_others_are_counted() -> None:
    assert told((UP, UP, UP), (BAD, BAD, DOWN)) == ["", "Push: down, and 2 more got worse"]


def test_the_end_of_all_trouble_is_told_and_one_that_gets_better_is_not() -> None:
    assert told((DOWN, BAD), (BAD, UP), (UP, UP)) == ["", "", "No integration needs attention any more"]
