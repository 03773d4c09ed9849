"""Maps of made-up estates of several sizes as pictures, to be opened and looked at: `python -m tests.screens.maps`.

Each is seen whole with its domains as they fit, then with all of them open: whole, and so near that it can be read.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TZ"] = "UTC"

from PySide6.QtCore import QCoreApplication, QEventLoop, QPointF
from PySide6.QtWidgets import QApplication

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.services.relationships import EstateFacts, RelationshipReport
from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
from quarterdeck.ui.panels.relationships.state import Wish
from quarterdeck.ui.panels.relationships.view import RelationshipsView
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.support.backgrounds import HeldBackground
from tests.support.graphs import crowd
from tests.support.pictured_bank import NOON

SIZE = (1240, 800)
COUNTS = (50, 500, 2000)
NEAR = 0.8
PATIENCE_SECONDS = 60.0
OPEN = Wish(collapsed=frozenset())


@dataclass(frozen=True, slots=True)
class Crowd:
    """An estate of so many entities."""

    told: RelationshipReport

    def relationships(self, moment: Moment, facts: EstateFacts | None = None) -> RelationshipReport:
        return self.told


def pictures(theme: Theme, count: int) -> Iterator[tuple[str, RelationshipsView]]:
    """The panel in each situation, with a name for it."""
    background, view = HeldBackground(), RelationshipsView(theme)
    controls = view.bar_widgets()
    presenter = RelationshipsPresenter(Crowd(crowd(count)), background, view, str)
    view.present(presenter, background)
    view.resize(*SIZE)
    view.show()
    presenter.show_moment(Moment(TimeRange.ending(NOON, 6 * 3600), NOON))
    sight = view._page.map.view.sight

    def settle() -> None:
        background.finish()
        turn_until(lambda: not sight._painting.isActive())

    settle()
    yield "fitting", view
    presenter.ask(OPEN)
    settle()
    yield "open", view
    sight.look(sight.camera.zoomed(NEAR / sight.camera.scale, QPointF(SIZE[0] / 2, SIZE[1] / 2)))
    settle()
    yield "near", view
    for widget in (*controls, view):
        widget.deleteLater()


def turn_until(condition: Callable[[], bool]) -> None:
    """Turn the event loop until a condition holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if condition():
            return
        if time.monotonic() > deadline:
            message = "the map did not come to rest"
            raise SystemExit(message)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens.maps", description="Maps of several sizes.")
    parser.add_argument("--out", type=Path, required=True)
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    theme = Theme(QApplication([]))
    for look in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        theme.choose(look)
        for count in COUNTS:
            for name, view in pictures(theme, count):
                path = folder / f"map-{count}-{name}-{look.value}.png"
                view.grab().save(str(path))
                print(path)


if __name__ == "__main__":
    main()
