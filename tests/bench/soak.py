"""Whether a day of work leaves anything behind: `python -m tests.bench.soak [--quick]`.

A hundred series come once a second, ten seconds at once, for twenty-four hours that pass as fast as they can: batches
are stored, compacted, summarised and thinned, twelve of the series are read over the last hour, and a chart of them is
drawn in a window off the screen. Each simulated quarter of an hour the process' resident memory and the references to
`None` are noted, garbage collected before. The first quarter of the time is for warming up: the figures compare the
second quarter with the last. The last line is one JSON object.
"""

import argparse
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from PySide6.QtWidgets import QApplication

from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Envelope, Precision
from quarterdeck.services.store_growth import RetentionPolicy
from quarterdeck.storage.compaction import Compaction
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.reserve import FileReserve
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.thinning import Thinning
from quarterdeck.ui.charts.line_data import ChartContent, LineData
from quarterdeck.ui.theme.scheme import ThemeChoice
from quarterdeck.ui.theme.theme import Theme
from tests.bench.draw_windows import Console, Track
from tests.support.stores import PATIENCE_SECONDS, take_in

HOURS, QUICK_HOURS = 24, 4
SERIES, LINES = 100, 12
AT_ONCE_SECONDS = 10
DRAWN_EVERY = 3
NOTED_EVERY_SECONDS = 900
HOUR_MS = 3_600_000
BEGIN_MS = 1_700_000_000_000
PIXELS = 2000
RAW_DAYS = 0.125


def main() -> None:
    """Soak, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="Memory over a simulated day.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_HOURS} hours instead of {HOURS}")
    hours = QUICK_HOURS if parser.parse_args().quick else HOURS
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    with tempfile.TemporaryDirectory(prefix="quarterdeck-bench-") as folder:
        figures = Soak(app, Path(folder) / "store.db").run(hours)
    for name, value in figures.items():
        print(f"{name:36} {value:12.3f}")
    print(json.dumps(figures))


@dataclass(slots=True)
class Notes:
    """What was noted each quarter of an hour: bytes of memory, references to None."""

    rss: list[int] = field(default_factory=list[int])
    nones: list[int] = field(default_factory=list[int])

    def note(self) -> None:
        """Note both now."""
        gc.collect()
        self.rss.append(psutil.Process().memory_info().rss)
        self.nones.append(sys.getrefcount(None))

    def grown(self) -> tuple[float, float]:
        """Growth of the memory in percent, and of the references, from the second quarter to the last."""
        quarter = len(self.rss) // 4
        early, late = slice(quarter, 2 * quarter), slice(-quarter, None)
        before, after = statistics.median(self.rss[early]), statistics.median(self.rss[late])
        return (after / before - 1) * 100, statistics.median(self.nones[late]) - statistics.median(self.nones[early])


class Soak:
    """A store, a reader of it and a chart, all in one process."""

    def __init__(self, app: QApplication, path: Path) -> None:
        self._now_ms = BEGIN_MS
        database = open_store(str(path))._database
        thinning = Thinning(database.size_bytes, lambda: self._now_ms)
        self._store = SqlStore(database, FileReserve(path), Compaction(thinning=thinning))
        self._console = Console(Theme(app, choice=ThemeChoice.DARK), [])
        self._track = Track(app)
        self._random = np.random.default_rng(17)
        self._identities = tuple(SeriesIdentity("component/host", f"series {number}") for number in range(SERIES))
        self._notes = Notes()
        self._frames = 0

    def run(self, hours: int) -> dict[str, float]:
        """So many simulated hours."""
        self._store.housekeeping.set_retention(RetentionPolicy(raw_days=RAW_DAYS)).result(PATIENCE_SECONDS)
        self._track.watch(self._console.widget)
        started, rounds = time.monotonic(), hours * 3600 // AT_ONCE_SECONDS
        for number in range(rounds):
            take_in(self._store, Batch(samples=self._batch()))
            if number % DRAWN_EVERY == 0:
                self._draw()
            if number % (NOTED_EVERY_SECONDS // AT_ONCE_SECONDS) == 0:
                self._notes.note()
        size_bytes = self._store.summary().size_bytes
        self._store.close()
        percent, nones = self._notes.grown()
        return {
            "soak_hours": float(hours),
            "soak_wall_seconds": round(time.monotonic() - started, 1),
            "soak_frames": float(self._frames),
            "soak_rss_megabytes": round(self._notes.rss[-1] / 2**20, 1),
            "soak_store_megabytes": round(size_bytes / 2**20, 1),
            "soak_rss_percent": round(percent, 2),
            "soak_none_references": nones,
        }

    def _batch(self) -> Samples:
        times = self._now_ms + 1000 * np.repeat(np.arange(AT_ONCE_SECONDS), SERIES)
        index = np.tile(np.arange(SERIES, dtype=np.int32), AT_ONCE_SECONDS)
        values = self._random.normal(100, 15, len(index)).round(2)
        self._now_ms += 1000 * AT_ONCE_SECONDS
        return Samples(self._identities, index, times, values)

    def _draw(self) -> None:
        shown = TimeRange(from_ms(self._now_ms - HOUR_MS), from_ms(self._now_ms))
        found = self._store.envelope(range(1, LINES + 1), shown, PIXELS, Precision.FIRST)
        content = ChartContent(tuple(line_of(envelope) for envelope in found))
        view = shown.start_ms / 1000, shown.end_ms / 1000
        self._track.frame(lambda: self._console.show(content, view))
        self._frames += 1


def line_of(envelope: Envelope) -> LineData:
    """An envelope as a line of the chart."""
    edges_s = envelope.edges_ms / 1000
    middles = (edges_s[:-1] + edges_s[1:]) / 2
    name = envelope.series.identity.name
    return LineData(name, "1", middles, envelope.low, envelope.high, envelope.mean)


if __name__ == "__main__":
    main()
