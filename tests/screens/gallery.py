"""Every widget in both themes as pictures, to be opened and looked at: `python -m tests.screens.gallery --out DIR`."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.screens.gallery_charts import charts
from tests.screens.gallery_pages import connectors, decision, failure, integrations, keys, overview, performance
from tests.screens.gallery_states import states

PAGES: dict[str, Callable[[Theme], QWidget]] = {
    "states": states,
    "overview": overview,
    "integrations": integrations,
    "connectors": connectors,
    "performance": performance,
    "charts": charts,
    "decision": decision,
    "failure": failure,
    "keys": keys,
}


def render(theme: Theme, make: Callable[[Theme], QWidget], path: Path) -> None:
    """Paint one page into a file."""
    widget = make(theme)
    widget.show()
    QCoreApplication.processEvents()
    if (focused := widget.focusWidget()) is not None:
        focused.clearFocus()
    QCoreApplication.processEvents()
    widget.grab().save(str(path))
    widget.close()
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main(arguments: list[str]) -> None:
    """Render the pages asked for, all without a name."""
    parser = argparse.ArgumentParser(description="Every widget in both themes as pictures.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("names", nargs="*", help=", ".join(PAGES))
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    theme = Theme(app)
    for choice in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        theme.choose(choice)
        for name in options.names or PAGES:
            render(theme, PAGES[name], options.out / f"{name}-{choice.value}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
