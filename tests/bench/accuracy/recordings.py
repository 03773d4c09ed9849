"""Reads the recorded data sets in the form in which they are published."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A series (n) with the first and last place of each of its anomalies."""

    name: str
    values: Values
    windows: tuple[Span, ...]


def rows_of(path: Path) -> list[list[str]]:
    """The rows of a file of comma separated values."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def nab_series(folder: Path) -> Iterator[Labelled]:
    """The series of a folder of the Numenta Anomaly Benchmark, with the windows of its `combined_windows.json`."""
    windows = json.loads((folder / "combined_windows.json").read_text(encoding="utf-8"))
    for name, spans in sorted(windows.items()):
        rows = rows_of(folder / name)[1:]
        places = {datetime.fromisoformat(row[0]): place for place, row in enumerate(rows)}
        yield Labelled(
            name,
            np.array([float(row[1]) for row in rows]),
            tuple((places[datetime.fromisoformat(begin)], places[datetime.fromisoformat(end)]) for begin, end in spans),
        )


LEAST_WINDOW = 20
"""A change of trend is marked at its first sample alone; it gets a window as long as the shortest of other kinds."""


def merlion_series(folder: Path) -> Iterator[Labelled]:
    """Merlion's synthetic series; those without an anomaly have no windows."""
    for path in sorted(folder.glob("*.csv")):
        rows = rows_of(path)[1:]
        marked = np.array([len(row) > 2 and float(row[2]) > 0 for row in rows])
        turns = np.flatnonzero(np.diff(marked, prepend=False, append=False))
        spans = [(int(begin), int(end) - 1) for begin, end in zip(turns[::2], turns[1::2], strict=True)]
        windows = tuple((begin, max(end, begin + LEAST_WINDOW - 1)) for begin, end in spans)
        yield Labelled(path.stem, np.array([float(row[1]) for row in rows]), windows)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Metrics (columns) of microservices at instants (rows): `values` (t × n), NaN where nothing was measured."""

    instants: npt.NDArray[np.float64]
    columns: tuple[tuple[str, str, str], ...]
    values: Values


@dataclass(frozen=True, slots=True, eq=False)
class Incident:
    """A fault put into the PetShop: what was seen at which node, when, and which node it was put into."""

    name: str
    target: str
    metric: str
    statistic: str
    at: float
    root: str
    measured: Measured


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A call graph (caller, called), its metrics without trouble, and the incidents under it."""

    name: str
    calls: tuple[tuple[str, str], ...]
    ordinary: Measured
    incidents: tuple[Incident, ...]


def petshop_scenarios(folder: Path) -> Iterator[Scenario]:
    """Every folder below that has a call graph and metrics without trouble, with all its incidents."""
    for graph in sorted(folder.rglob("graph.csv")):
        home = graph.parent
        if (home / "noissue" / "metrics.csv").exists():
            incidents = tuple(_incident(path, home) for path in sorted(home.rglob("target.json")))
            yield Scenario(home.name, _calls(graph), _measured(home / "noissue" / "metrics.csv"), incidents)


def _calls(path: Path) -> tuple[tuple[str, str], ...]:
    rows = rows_of(path)
    names = rows[0][1:]
    return tuple((row[0], name) for row in rows[1:] for name, cell in zip(names, row[1:], strict=True) if float(cell))


def _measured(path: Path) -> Measured:
    rows = rows_of(path)
    columns = tuple(zip(rows[0][1:], rows[1][1:], rows[2][1:], strict=True))
    data = [row for row in rows[3:] if row and row[0] not in {"", "unix_timestamp"}]
    values = np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in data])
    return Measured(np.array([float(row[0]) for row in data]), columns, values)


def _incident(path: Path, home: Path) -> Incident:
    told = json.loads(path.read_text(encoding="utf-8"))
    target = told["target"]
    return Incident(
        name=str(path.parent.relative_to(home)),
        target=target["node"],
        metric=target["metric"],
        statistic=target["agg"],
        at=float(target["timestamp"]),
        root=told["root_cause"]["node"],
        measured=_measured(path.parent / "metrics.csv"),
    )
