"""A window that does not come to be whole: `python -m tests.e2e.early_window closed|broken STORE`."""

import sys

from quarterdeck.desk import Desk
from quarterdeck.desktop import run_window
from quarterdeck.launching import launch_of
from quarterdeck.services.workspace import open_workspace
from quarterdeck.ui.shell.window import ConsoleWindow

KIND, STORE = sys.argv[1:]


def close_at_once(window: ConsoleWindow) -> None:
    """Close the bare window as soon as it was painted, as a person may."""
    if KIND == "closed":
        window.appeared.connect(window.close)


def break_down(_desk: Desk) -> None:
    """Fail before the parts are shown."""
    if KIND == "broken":
        raise ValueError("a part is missing")


if __name__ == "__main__":
    launch = launch_of(open_workspace(store_url=STORE, profile="early-test"))
    sys.exit(run_window(launch, on_shown=close_at_once, on_made=break_down))
