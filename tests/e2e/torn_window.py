"""A window that tears a panel off and quits: `python -m tests.e2e.torn_window STORE`."""

import sys

from PySide6.QtCore import QTimer

from quarterdeck.desk import Desk
from quarterdeck.desktop import run_window
from quarterdeck.launching import launch_of
from quarterdeck.services.workspace import open_workspace

TORN = "performance"
_LEAVE_MS = 500


def tear_and_quit(desk: Desk) -> None:
    """Tear a panel off as soon as the window is furnished, and quit once it stands alone."""
    console = desk.console

    def tear() -> None:
        console.conductor.open_beside(TORN)
        next(dock for dock in console.window.area.docks() if dock.objectName() == f"panel:{TORN}").setFloating(True)
        leaving.start()

    leaving = QTimer(console)
    leaving.setSingleShot(True)
    leaving.setInterval(_LEAVE_MS)
    leaving.timeout.connect(console.quit_requested)
    console.furnished.connect(tear)


if __name__ == "__main__":
    run_window(launch_of(open_workspace(store_url=sys.argv[1], profile="torn-test")), on_made=tear_and_quit)
