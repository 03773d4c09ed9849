"""What following series costs."""

import time
from collections.abc import Iterator

import numpy as np

from quarterdeck.analysis.anomalies import Watch
from quarterdeck.analysis.novelty import CONTEXT
from tests.bench.accuracy.figures import Figure

SERIES = 10_000
PERIOD_SECONDS = 60
WATCHES = 20
SAMPLES = 50


def watch_figures() -> Iterator[Figure]:
    """The share of a core that 10,000 series at one sample a minute take, each sample handed in alone."""
    rng = np.random.default_rng(8)
    watches = [Watch() for _ in range(WATCHES)]
    for watch in watches:
        watch.take(rng.normal(100, 5, CONTEXT + 600))
    fresh = rng.normal(100, 5, (SAMPLES, WATCHES, 1))
    started = time.process_time()
    for row in fresh:
        for watch, value in zip(watches, row, strict=True):
            watch.take(value)
    seconds = (time.process_time() - started) / (SAMPLES * WATCHES)
    share = 100 * seconds * SERIES / PERIOD_SECONDS
    note = f"{seconds * 1e6:.0f} microseconds a sample"
    yield Figure("following 10,000 series at one a minute, % of a core", share, high=10, note=note)
