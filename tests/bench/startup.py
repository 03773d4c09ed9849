"""How soon the window is there, beside windows that do nothing: `python -m tests.bench.startup [--quick]`.

Fresh processes, one after the other in turns, so that whatever else the machine does falls on all alike. The last line
is one JSON object with the ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.support.consoles import make_bank_file

ROUNDS = 9
QUICK_ROUNDS = 5
KINDS = (
    "empty window",
    "empty window with pyqtgraph",
    "console painted",
    "console with its parts",
    "console with its Overview",
)
WINDOWS = ("empty", "pyqtgraph", "console")
TIMEOUT_SECONDS = 60


def measure(kind: str, store: Path, home: Path) -> dict[str, float]:
    """Milliseconds from the start of a process to each moment it reports."""
    environment = dict(os.environ, QT_QPA_PLATFORM="offscreen", HOME=str(home), XDG_RUNTIME_DIR=str(home))
    environment["PYTHONPYCACHEPREFIX"] = str(home / "bytecode")
    for name in ("PYTHONDONTWRITEBYTECODE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tests.bench.startup_window", kind, str(store)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=TIMEOUT_SECONDS)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure, print the table, print the ratios."""
    parser = argparse.ArgumentParser(description="Start-up of the window beside empty ones.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        home = Path(folder)
        store = make_bank_file(home)
        for kind in WINDOWS:
            measure(kind, store, home)  # an installed program has its bytecode
        for _ in range(rounds):
            for kind in WINDOWS:
                for name, milliseconds in measure(kind, store, home).items():
                    found[name].append(milliseconds)
    medians = {name: statistics.median(values) for name, values in found.items() if values}
    for name, median in medians.items():
        values = found[name]
        print(f"{name:32} {median:7.0f} ms   {min(values):7.0f} to {max(values):7.0f} ms")
    print(json.dumps(ratios(medians)))


def ratios(medians: dict[str, float]) -> dict[str, float]:
    """Ours beside theirs."""
    empty, plotted, painted, framed, filled = (medians[kind] for kind in KINDS)
    return {
        "startup_frame_ratio": round(painted / empty, 3),
        "startup_parts_ratio": round(framed / empty, 3),
        "startup_vs_pyqtgraph": round(painted / plotted, 3),
        "startup_overview_ratio": round(filled / plotted, 3),
    }


if __name__ == "__main__":
    main()
