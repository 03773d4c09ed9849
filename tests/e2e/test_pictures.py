"""Pictures of every panel without a display, as `quarterdeck demo --headless --pictures` draws them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quarterdeck.ui.shell.panels import PANELS
from tests.support.consoles import make_bank_file

DRAW = """
import sys
from pathlib import Path
from quarterdeck.desk import draw_pictures
from quarterdeck.services.workspace import open_workspace
workspace = open_workspace(store_url=sys.argv[1], profile="pictures")
print(*(path.name for path in draw_pictures(workspace, Path(sys.argv[2]))))
"""


@pytest.mark.slow
def test_every_panel_is_drawn_in_both_themes(tmp_path: Path) -> None:
    store, folder = make_bank_file(tmp_path), tmp_path / "pictures"
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    environment |= {name: str(tmp_path) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    command = [sys.executable, "-c", DRAW, str(store), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    wanted = {f"{spec.id}-{theme}.png" for spec in PANELS for theme in ("dark", "light")}
    assert set(done.stdout.splitlines()[-1].split()) == wanted
    assert {path.name for path in folder.iterdir()} == wanted
    assert all(path.stat().st_size > 10_000 for path in folder.iterdir())
