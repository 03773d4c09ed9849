"""Asks a store that is being written for twelve series, again and again until its input ends: the reader of `live`."""

import json
import sys
import threading
import time

from quarterdeck.storage.opening import open_store
from tests.bench.live import SERIES, recent

PAUSE_SECONDS = 0.1
TWELVE = [1 + number * (SERIES // 12) for number in range(12)]


def main() -> None:
    """Print how long the answers took, in milliseconds."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    store = open_store(sys.argv[1], read_only=True)
    waits: list[float] = []
    while not ended.wait(PAUSE_SECONDS):
        started = time.perf_counter()
        found = store.envelope(TWELVE, recent(300 + len(waits)), 1000)
        if found:
            waits.append((time.perf_counter() - started) * 1000)
    store.close()
    waits.sort()
    print(json.dumps({f"reader_{name}_ms": round(at(waits, share), 1) for name, share in SHARES.items()}))


SHARES = {"p50": 0.5, "p99": 0.99, "max": 1.0}


def at(waits: list[float], share: float) -> float:
    """The wait that a share of all do not exceed."""
    return waits[min(len(waits) - 1, int(share * len(waits)))] if waits else float("nan")


if __name__ == "__main__":
    main()
