"""Consoles for tests: over the pictured bank, with panels that keep what they are shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.consoles import ConsoleBench, FixedClock, NotedPanel, make_bank_file, noted_panels, open_bank

PANEL_NAMES = ("overview", "integrations", "performance", "connectors")


@dataclass(slots=True)
class Benches:
    """Makes consoles and closes them at the end of the test."""

    theme: Theme
    bank: Path
    panels: dict[str, NotedPanel] = field(default_factory=dict[str, NotedPanel])
    made: list[ConsoleBench] = field(default_factory=list[ConsoleBench])

    def make(self, **wishes: Any) -> ConsoleBench:
        """A console that was not started yet."""
        clock = wishes.setdefault("clock", FixedClock())
        wishes.setdefault("panels", noted_panels(self.panels, PANEL_NAMES))
        wishes.setdefault("open_services", lambda: open_bank(self.bank, clock))
        bench = ConsoleBench(theme=self.theme, **wishes)
        self.made.append(bench)
        return bench

    def started(self, **wishes: Any) -> ConsoleBench:
        """A console with its store open and everything asked for on the screen."""
        bench = self.make(**wishes)
        bench.start()
        return bench


@pytest.fixture(scope="session")
def bank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store file with the pictured bank; only read from it."""
    return make_bank_file(tmp_path_factory.mktemp("bank"))


@pytest.fixture
def benches(qapp: QApplication, theme: Theme, bank_file: Path) -> Iterator[Benches]:
    """Consoles over the bank, closed afterwards; tool tips are plain, as in the program."""
    tips = PlainToolTips(qapp)
    found = Benches(theme, bank_file)
    yield found
    for bench in found.made:
        bench.close()
    qapp.removeEventFilter(tips)
    tips.deleteLater()


@pytest.fixture
def bench(benches: Benches) -> ConsoleBench:
    """A started console."""
    return benches.started()


@pytest.fixture
def panels(benches: Benches) -> dict[str, NotedPanel]:
    """The panels that have come to life, by their id."""
    return benches.panels
