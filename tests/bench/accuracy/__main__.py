"""Prints how true the analysis is, and last one JSON object of the figures.

`python -m tests.bench.accuracy [--nab DIR --petshop DIR --hourly DIR] [--quick]`: the folders may be any of the form in
which the data sets are published; without them the recorded ones below `QUARTERDECK_DATA` are scored. `--quick` scores
fewer generated series.
"""

import argparse
import json
import math
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.bench.accuracy.anomalies import false_alarm_figures, merlion_figures, nab_figures
from tests.bench.accuracy.causes import cause_figures
from tests.bench.accuracy.cost import watch_figures
from tests.bench.accuracy.figures import Figure, table_of
from tests.bench.accuracy.forecasting import cost_figures, forecast_figures
from tests.bench.accuracy.growth import exhaustion_figures
from tests.bench.accuracy.patterns import pattern_figures
from tests.support.data import data_folder

KEYS = (
    "nab_standard",
    "nab_low_fp",
    "false_alarms",
    "merlion_found",
    "petshop_top1",
    "petshop_top3",
    "forecast_ratio",
    "exhaustion_median_error_percent",
    "interval_coverage",
    "patterns_grouping",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the data are, None for those that are absent, and whether little is enough."""

    nab: Path | None
    merlion: Path | None
    petshop: Path | None
    hourly: Path | None
    quick: bool


def asked() -> Asked:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy", description=__doc__)
    for name in ("nab", "petshop", "hourly"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--quick", action="store_true")
    told = parser.parse_args()
    return Asked(
        nab=told.nab or data_folder("nab/dev"),
        merlion=data_folder("merlion_synthetic/dev"),
        petshop=told.petshop or data_folder("petshop/dev"),
        hourly=told.hourly or data_folder("bizitobs/dev"),
        quick=told.quick,
    )


def figures_of(wanted: Asked, pool: Executor) -> Iterator[Figure]:
    """Every figure that the data at hand allow."""
    if wanted.nab is not None:
        yield from nab_figures(wanted.nab, pool)
    folders = (wanted.nab, wanted.merlion, wanted.petshop)
    yield from false_alarm_figures(folders, pool, rounds=2 if wanted.quick else 12)
    if wanted.merlion is not None:
        yield from merlion_figures(wanted.merlion, pool)
    if wanted.petshop is not None:
        yield from cause_figures(wanted.petshop)
    yield from forecast_figures(wanted.hourly, pool, quick=wanted.quick)
    yield from exhaustion_figures(pool, quick=wanted.quick)
    yield from pattern_figures(data_folder("samples"), quick=wanted.quick)
    yield from watch_figures()
    yield from cost_figures(pool, quick=wanted.quick)


def main() -> None:
    """Scores everything on two cores."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        figures = list(figures_of(asked(), pool))
    print(table_of(figures))
    named = {figure.key: figure.value for figure in figures if figure.key}
    print(json.dumps({key: None if math.isnan(value := named.get(key, math.nan)) else round(value, 4) for key in KEYS}))


if __name__ == "__main__":
    main()
