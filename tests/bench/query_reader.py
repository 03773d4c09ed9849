"""A fresh process that asks a store for an envelope.

`python -m tests.bench.query_reader STORE COUNT START END PIXELS`, the range in milliseconds.
"""

import json
import sys
import time

from quarterdeck.domain.instants import TimeRange, from_ms
from quarterdeck.services.ports import Precision
from quarterdeck.storage.opening import open_store

ASKED = {"envelope_cold_ms": Precision.FIRST, "refined_cold_ms": Precision.REFINED}
AGAIN = {"envelope_warm_ms": Precision.FIRST, "refined_warm_ms": Precision.REFINED}


def main() -> None:
    """Print how long opening and each answer took, in milliseconds."""
    path, count, start_ms, end_ms, pixels = sys.argv[1], *map(int, sys.argv[2:])
    time_range = TimeRange(from_ms(start_ms), from_ms(end_ms))
    started = time.perf_counter()
    store = open_store(path, read_only=True)
    took = {"opening_ms": since(started)}
    for name, precision in (ASKED | AGAIN).items():
        started = time.perf_counter()
        found = store.envelope(range(1, count + 1), time_range, pixels, precision)
        took[name] = since(started)
        assert len(found) == count
        assert all((one.counts > 0).all() for one in found)
    store.close()
    print(json.dumps(took))


def since(started: float) -> float:
    """Milliseconds."""
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
