"""Samples that several benches take in: made ones as arrays and as text, and recorded ones of a real machine."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.series import SeriesIdentity, SeriesKind
from tests.support.data import data_path

BEGIN_MS = 1_700_000_000_000
LINES_AT_ONCE = 100_000
RECORDED = "node_exporter_1s"


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series: its name as it stands in text, and its samples (int64 ms, float64)."""

    name: str
    times_ms: np.ndarray
    values: np.ndarray

    @property
    def identity(self) -> SeriesIdentity:
        """What it is called here."""
        return SeriesIdentity("component/host", self.name, kind=SeriesKind.GAUGE)

    def lines(self, *, in_ms: bool = False) -> Iterator[str]:
        """Its samples as lines of text: name, value, instant in seconds or whole milliseconds; many lines at once."""
        for start in range(0, len(self.times_ms), LINES_AT_ONCE):
            inside = slice(start, start + LINES_AT_ONCE)
            pairs = zip(self.values[inside].tolist(), self.times_ms[inside].tolist(), strict=True)
            if in_ms:
                yield "".join(f"{self.name} {value!r} {at}\n" for value, at in pairs)
            else:
                yield "".join(f"{self.name} {value!r} {at / 1000:.3f}\n" for value, at in pairs)


def made(count: int, length: int, step_ms: int = 1000) -> list[Series]:
    """Series of a length: a third whole numbers that grow, a third measured values, a third that seldom change."""
    rng = np.random.default_rng(11)
    times = BEGIN_MS + step_ms * np.arange(length)
    found: list[Series] = []
    for number in range(count):
        if number % 3 == 0:
            values = np.cumsum(rng.integers(0, 50, length)).astype(np.float64)
        elif number % 3 == 1:
            values = (50 + np.cumsum(rng.normal(0, 0.1, length)) + rng.normal(0, 1, length)).round(3)
        else:
            values = np.repeat(rng.integers(0, 10, length // 500 + 1), 500)[:length].astype(np.float64)
        found.append(Series(f"made_{number}", times, values))
    return found


def page(series: list[Series], path: Path) -> None:
    """Write series as a page of OpenMetrics text with instants."""
    with path.open("w", encoding="ascii") as file:
        for one in series:
            file.write(f"# TYPE {one.name} gauge\n")
            file.writelines(one.lines())
        file.write("# EOF\n")


def recorded() -> list[Series]:
    """The recorded machine: 916 series over forty-six minutes, once a second."""
    import duckdb

    folder = data_path(RECORDED)
    names = (folder / "series.txt").read_text(encoding="utf-8").splitlines()
    columns = duckdb.read_parquet(str(folder / "samples.parquet")).order("series, time_ms").fetchnumpy()
    starts = np.flatnonzero(np.diff(columns["series"], prepend=-1))
    bounds = [*starts.tolist(), len(columns["series"])]
    return [
        Series(names[int(columns["series"][start])], columns["time_ms"][start:end], columns["value"][start:end])
        for start, end in pairwise(bounds)
    ]


def as_text(series: Series) -> Series:
    """A recorded series with its name and labels as they are written in a page."""
    metric, labels = labelled(series.name)
    inner = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return Series(f"{metric}{{{inner}}}", series.times_ms, series.values)


def labelled(name: str) -> tuple[str, dict[str, str]]:
    """Name and labels of a recorded series: `{__name__="up", job="node"}`."""
    parts = dict(part.split("=", 1) for part in name.strip("{}").split(", "))
    labels = {label: value.strip('"') for label, value in parts.items()}
    return labels.pop("__name__"), labels


def recorded_identity(name: str) -> SeriesIdentity:
    """What a recorded series is called here."""
    metric, labels = labelled(name)
    entity = labels.pop("instance", "host")
    return SeriesIdentity(f"component/{entity}", metric, labels=facts_of(labels))
