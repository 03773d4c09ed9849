"""The plain way to keep samples, for comparison: a row each, by series and instant."""

import sqlite3
from pathlib import Path

import numpy as np


class RowTable:
    """A table of samples in a file of its own, each insert durable."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            "CREATE TABLE sample (series INTEGER, at_ms INTEGER, value REAL, PRIMARY KEY (series, at_ms)) WITHOUT ROWID"
        )

    def insert(self, series: np.ndarray, times_ms: np.ndarray, values: np.ndarray) -> None:
        """Add samples in one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        rows = zip(series.tolist(), times_ms.tolist(), values.tolist(), strict=True)
        self._connection.executemany("INSERT OR REPLACE INTO sample VALUES (?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
