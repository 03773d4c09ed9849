"""How evenly a window answers while 100,000 rows change every second: `python -m tests.bench.table [--quick]`.

One after the other, each in a process of its own, four windows show the same rows, sorted by a number that changes in
every row every second, beside a chart that is drawn anew twenty times a second, while a writer in another process takes
in 10,000 samples a second: the program's own table, and three plain ways to do it with Qt's classes. Beside each runs
an empty window, whose lateness is the machine's; the ratio of both is what counts. `busy` is the processor time of the
GUI thread between two beats, its maximum the longest that the window blocked. The last line is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.idle import core_had
from tests.bench.table_window import SUBJECTS

SECONDS, QUICK_SECONDS = 60.0, 15.0
BASELINE_SECONDS = 20.0
PATIENCE_SECONDS = 300.0
LEAST_MS = 0.05
OURS = "table"


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Heartbeat of a window with 100,000 changing rows.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS:.0f} s instead of {SECONDS:.0f} s")
    seconds = QUICK_SECONDS if parser.parse_args().quick else SECONDS
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures: dict[str, float] = {}
    for name in SUBJECTS:
        figures |= beside_ingest(name, seconds if name == OURS else min(seconds, BASELINE_SECONDS))
    figures["heartbeat_ratio"] = figures[f"{OURS}_ratio"]
    figures["core_had_percent"] = round(core_had() * 100, 1)
    for name, value in figures.items():
        print(f"{name:36} {value:12.2f}")
    print(json.dumps(figures))


def beside_ingest(name: str, seconds: float) -> dict[str, float]:
    """What one window measured, and how many times its lateness is that of the empty one beside it."""
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        ingest = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.live_ingest", str(Path(folder) / "store.db")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            busy = window(name, seconds)
            wait_for_line(busy)
            windows = {name: busy, "empty": window("empty", seconds)}
            measured = {kind: outcome(one, seconds) for kind, one in windows.items()}
        finally:
            taken_in, _ = ingest.communicate(timeout=PATIENCE_SECONDS)
    ratio = measured[name]["late_p99_ms"] / max(measured["empty"]["late_p99_ms"], LEAST_MS)
    return {
        **{f"{name}_{key}": value for key, value in measured[name].items()},
        f"{name}_empty_p50_ms": measured["empty"]["late_p50_ms"],
        f"{name}_empty_p99_ms": measured["empty"]["late_p99_ms"],
        f"{name}_ratio": round(ratio, 2),
        f"{name}_batches_taken_in": float(taken_in.split()[-1]),
    }


def window(kind: str, seconds: float) -> "subprocess.Popen[bytes]":
    """A window in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.table_window", kind, str(seconds)], stdout=subprocess.PIPE
    )


def wait_for_line(process: "subprocess.Popen[bytes]") -> None:
    """Wait until a window says that it has begun, so that both are measured over the same while."""
    if process.stdout is None or not process.stdout.readline():
        message = "the window ended before it was measured"
        raise SystemExit(message)


def outcome(process: "subprocess.Popen[bytes]", seconds: float) -> dict[str, float]:
    """The figures a window prints at its end."""
    try:
        out, _ = process.communicate(timeout=seconds + PATIENCE_SECONDS)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return json.loads(out.splitlines()[-1])


if __name__ == "__main__":
    main()
