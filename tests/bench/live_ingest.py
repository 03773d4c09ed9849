"""Takes in 10,000 samples a second until its standard input ends: `python -m tests.bench.live_ingest PATH`.

Prints how many batches became durable. A writer in a process of its own, as the collector is one.
"""

import sys
import threading
from pathlib import Path

from quarterdeck.storage.opening import open_store
from tests.bench.live import PATIENCE_SECONDS, batches, hand_over

BATCHES = 10_000


def main() -> None:
    """Take in a batch each second."""
    store = open_store(str(Path(sys.argv[1])))
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    waits: list[float] = []
    try:
        for _, samples in batches(BATCHES):
            hand_over(store, samples, waits).wait(PATIENCE_SECONDS)
            if ended.wait(1.0):
                break
    finally:
        store.close()
    print(len(waits))


if __name__ == "__main__":
    main()
