"""How fast charts are drawn, beside pyqtgraph in the same run: `python -m tests.bench.draw [--quick]`.

Twelve lines over 100,000,000 samples on 1600 × 900 pixels, panned and zoomed with new data in every frame. The chart
of the console gets envelopes as the store gives them, pyqtgraph the raw points that a viewer would give it. Offscreen,
and on an X server where there is one. The last line is one JSON object: the offscreen figures, then those of the X
server.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

ROUNDS = 12
QUICK_ROUNDS = 4
TIMEOUT_SECONDS = 900
SCREEN = "1700x1000x24"


def main() -> None:
    """Measure, print the tables, print the figures."""
    parser = argparse.ArgumentParser(description="Frame times of charts beside pyqtgraph's.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    figures = measure("offscreen", rounds, "")
    with x_server() as display:
        if display:
            figures |= {f"x11_{name}": value for name, value in measure("xcb", rounds, display).items()}
    print(json.dumps(figures))


def measure(platform: str, rounds: int, display: str) -> dict[str, float]:
    """The figures of one platform, from a process of its own."""
    environment = dict(os.environ, QT_QPA_PLATFORM=platform, DISPLAY=display, QT_SCALE_FACTOR="1")
    command = [sys.executable, "-m", "tests.bench.draw_windows", str(rounds)]
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=TIMEOUT_SECONDS
    )
    *table, figures = done.stdout.splitlines()
    print(platform, *table, sep="\n")
    return json.loads(figures)


@contextmanager
def x_server() -> Iterator[str]:
    """The display of this session, or of a server started for the while; empty where there is none."""
    if os.environ.get("DISPLAY") or shutil.which("Xvfb") is None:
        yield os.environ.get("DISPLAY", "")
        return
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
