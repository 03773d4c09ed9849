"""Every panel, every state, both themes, both sizes as pictures: `python -m tests.screens --out DIR`.

Whoever changes the screen opens them and looks.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TZ"] = "UTC"

from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.desk import Desk
from quarterdeck.domain.health import HealthState
from quarterdeck.services.preferences import ThemePreference
from quarterdeck.ui.panels.relationships.view import RelationshipsView
from quarterdeck.ui.shell.crash_reporter import CrashReporter
from quarterdeck.ui.shell.panels import PANELS
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.screens.stages import STATES, Stage, Stages

SIZES = ("1440x900", "1280x720")
THEMES = {"dark": ("dark",), "light": ("light",), "both": ("dark", "light")}
SELECTED = "integration/payhub-processor"
INQUIRIES = {
    "impact": "partner/payhub",
    "causes": SELECTED,
    "relation": SELECTED,
    "patterns": "integration/payee-directory",
    "drift": SELECTED,
}
"""Commands of Relationships, and the entity that each is pictured with."""
SUPPOSED = {"what-if": "", "what-if-patterns": "patterns"}
"""Pictures of what if, and the view that each is left for."""
TARGETS = {
    "calendar": ("integrations", "calendar"),
    "window": ("maintenance", "window-4"),
    "plan": ("maintenance", "plan?entity=integration%2Fpayhub-processor"),
    "policies": ("compliance", "policies:"),
    "policy": ("compliance", "policies:SEC-01"),
    "calendar-import": ("maintenance", "import"),
    "errors": ("performance", "errors"),
    "security": ("compliance", "security"),
    "data": ("compliance", "data"),
    "partners": ("compliance", "partners"),
    "compare": ("performance", "compare"),
}
"""What panels are asked to show, by the name of the picture."""
SKELETON_SECONDS = 0.4
TURNS = 8


@dataclass(frozen=True, slots=True)
class Wish:
    """Which pictures are wanted."""

    out: Path
    themes: tuple[str, ...]
    sizes: tuple[tuple[int, int], ...]
    panels: tuple[str, ...]
    states: tuple[str, ...]


class Studio:
    """Opens consoles on stages and takes their pictures."""

    def __init__(self, app: QApplication, stages: Stages) -> None:
        self._app = app
        self._theme = Theme(app)
        self._reporter = CrashReporter(self._theme)
        self._stages = stages

    def take(self, wish: Wish) -> Iterator[Path]:
        """Take every wanted picture; the files as they are written."""
        for state, look, size in product(wish.states, wish.themes, wish.sizes):
            stage = self._stages.stage(state, ThemePreference(look))
            desk = Desk(stage.launch, self._theme, self._reporter)
            desk.console.window.resize(*size)
            desk.console.start()
            self._reach(desk, stage, state)
            tail = f"{look}-{size[0]}x{size[1]}.png"
            for panel in wish.panels:
                yield self._panel(desk, panel, state, wish.out / f"{panel}-{state}-{tail}")
            if state == "fresh":
                yield from self._frame(desk, wish, tail)
            stage.release()
            desk.close()
            desk.console.window.deleteLater()

    def _reach(self, desk: Desk, stage: Stage, state: str) -> None:
        if state not in {"loading", "failed"}:
            desk.wait_until(lambda: desk.is_open and desk.is_idle)
        if state == "stale":
            for spec in PANELS:
                desk.console.conductor.open_panel(spec.id)
                desk.wait_until(lambda: desk.is_idle)
            stage.spoil()
        if state in {"stale", "failed"}:
            desk.wait_until(lambda: not desk.console.window.banner.isHidden())

    def _panel(self, desk: Desk, panel: str, state: str, path: Path) -> Path:
        desk.console.conductor.open_panel(panel)
        if state not in {"loading", "failed", "stale"}:
            desk.wait_until(lambda: desk.is_idle)
        else:
            self._let_pass(desk, SKELETON_SECONDS)
        return self._save(desk.console.window, path)

    def _frame(self, desk: Desk, wish: Wish, tail: str) -> Iterator[Path]:
        """What belongs to the frame itself."""
        for name, deed in self._deeds(desk).items():
            if name in wish.panels or len(wish.panels) == len(PANELS):
                window = deed()
                desk.wait_until(lambda: desk.is_idle)
                yield self._save(window or self._front(desk), wish.out / f"{name}-{tail}")
                self._tidy(desk)

    def _deeds(self, desk: Desk) -> dict[str, Callable[[], QWidget | None]]:
        console = desk.console

        def run(action_id: str) -> QWidget | None:
            console.registry.trigger(action_id)
            return None

        def inspect() -> QWidget:
            console.conductor.select(SELECTED)
            return console.window

        def find() -> QWidget:
            console.window.top_bar.command_requested.emit("payh")
            return console.window

        def triage() -> QWidget:
            console.registry.trigger("layout.triage")
            return console.window

        deeds: dict[str, Callable[[], QWidget | None]] = {
            "inspector": inspect,
            "palette": find,
            "keys": lambda: run("frame.keys"),
            "settings": lambda: run("setting.open"),
            "about": lambda: run("frame.about"),
        }

        def inquire(inquiry: str, entity_key: str) -> QWidget:
            console.conductor.open_panel("relationships", entity_key)
            desk.wait_until(lambda: desk.is_idle)
            console.registry.trigger(f"relationships.{inquiry}")
            return console.window

        deeds |= {name: partial(self._turn_to, desk, *target) for name, target in TARGETS.items()}
        deeds |= {name: partial(self._suppose, desk, view) for name, view in SUPPOSED.items()}
        deeds |= {name: partial(inquire, name, entity_key) for name, entity_key in INQUIRIES.items()}
        known = {spec.id for spec in console.registry.specs()}
        return deeds | ({"triage": triage} if "layout.triage" in known else {})

    def _suppose(self, desk: Desk, view_name: str) -> QWidget:
        """Relationships while something is assumed, on the map or beside it."""
        desk.console.conductor.open_panel("relationships", SELECTED)
        desk.wait_until(lambda: desk.is_idle)
        (view,) = desk.console.window.findChildren(RelationshipsView)
        view._what_if.assume("component/payments-db", HealthState.DOWN)
        desk.wait_until(lambda: desk.is_idle)
        if view_name:
            desk.console.registry.trigger(f"relationships.{view_name}")
        return desk.console.window

    def _turn_to(self, desk: Desk, panel_id: str, target: str) -> QWidget:
        desk.console.conductor.open_panel(panel_id, target)
        return desk.console.window

    def _front(self, desk: Desk) -> QWidget:
        others = [w for w in self._app.topLevelWidgets() if w.isVisible() and w is not desk.console.window]
        return others[-1] if others else desk.console.window

    def _tidy(self, desk: Desk) -> None:
        front = self._front(desk)
        if front is not desk.console.window:
            front.close()
        desk.console.window.palette_sheet.close_palette()

    def _let_pass(self, desk: Desk, seconds: float) -> None:
        import time

        until = time.monotonic() + seconds
        desk.wait_until(lambda: time.monotonic() > until)

    def _save(self, widget: QWidget, path: Path) -> Path:
        for _ in range(TURNS):
            self._app.processEvents()
        focused = widget.focusWidget()
        if focused is not None and not focused.inherits("QLineEdit"):
            focused.clearFocus()
            self._app.processEvents()
        widget.grab().save(str(path))
        return path


def wish_of(arguments: list[str]) -> Wish:
    """The pictures that the command line asks for; all of them without any word."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--theme", choices=sorted(THEMES), default="both")
    parser.add_argument("--size", action="append", help=f"such as {SIZES[0]}; may be repeated")
    parser.add_argument(
        "--panel", action="append", help="a panel's id, or inspector, palette, keys, settings, impact, causes, triage"
    )
    parser.add_argument("--state", action="append", choices=STATES)
    options = parser.parse_args(arguments)
    sizes = tuple(tuple(map(int, size.split("x", 1))) for size in options.size or SIZES)
    return Wish(
        out=options.out,
        themes=THEMES[options.theme],
        sizes=tuple((width, height) for width, height in sizes),
        panels=tuple(options.panel or (spec.id for spec in PANELS)),
        states=tuple(options.state or STATES),
    )


def main() -> None:
    """Take the pictures."""
    wish = wish_of(sys.argv[1:])
    wish.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    PlainToolTips(app)
    with tempfile.TemporaryDirectory(prefix="quarterdeck-screens-") as folder:
        for path in Studio(app, Stages(Path(folder))).take(wish):
            print(path)


if __name__ == "__main__":
    main()
