"""Anomalies: the benchmark's score, the alarms of series without trouble, and the kinds of anomalies that are found."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.anomalies import Watch
from tests.bench.accuracy.figures import Figure
from tests.bench.accuracy.nab_rule import LOW_FALSE_ALARMS, STANDARD, normalised, score_series
from tests.bench.accuracy.ordinary import flat_series, ordinary_series
from tests.bench.accuracy.recordings import Labelled, Span, merlion_series, nab_series, petshop_scenarios

Values = npt.NDArray[np.float64]
FORTNIGHT = 4032
"""Samples of a fortnight at five minutes, the step of every series without trouble here."""
ORDINARY_SEED = 11


def alarms_of(values: Values) -> list[int]:
    """The places of the alarms in a series, read from its beginning."""
    return [alarm.place for alarm in Watch().take(values).alarms]


def nab_figures(folder: Path, pool: Executor) -> Iterator[Figure]:
    """The score under both profiles."""
    series = list(nab_series(folder))
    places = list(pool.map(alarms_of, [one.values for one in series]))
    for title, key, profile, asked in (
        ("anomalies, NAB, standard profile", "nab_standard", STANDARD, 55.0),
        ("anomalies, NAB, few false alarms", "nab_low_fp", LOW_FALSE_ALARMS, 45.0),
    ):
        scores = [
            score_series(len(one.values), one.windows, alarms, profile)
            for one, alarms in zip(series, places, strict=True)
        ]
        yield Figure(title, normalised(scores, profile), low=asked, key=key, note=f"{len(series)} series")


def false_alarm_figures(folders: Sequence[Path | None], pool: Executor, *, rounds: int) -> Iterator[Figure]:
    """Alarms per series and fortnight, by where the series come from: NAB, Merlion and PetShop, and generated."""
    nab, merlion, petshop = folders
    groups: list[tuple[str, list[Values]]] = [("flat series", [values for _, values in flat_series()])]
    if nab is not None:
        quiet = [one.values for one in nab_series(nab) if "NoAnomaly" in one.name]
        groups.append(("NAB without anomalies", quiet))
    if merlion is not None:
        clean = [one.values for one in merlion_series(merlion) if not one.windows]
        groups.append(("Merlion without anomalies", clean))
    if petshop is not None:
        halves = [column for one in petshop_scenarios(petshop) for column in one.ordinary.values.T]
        groups.append(("PetShop without trouble", halves))
    rates = [(title, _rate(series, pool), len(series)) for title, series in groups if series]
    worst = max(rates, key=lambda one: one[1])
    yield Figure(
        "false alarms per series and 14 days, worst group", worst[1], high=1, key="false_alarms", note=worst[0]
    )
    for title, rate, count in rates:
        yield Figure(f"  {title}, {count} series", rate, high=1)
    kinds: dict[str, list[Values]] = {}
    for kind, values in ordinary_series(ORDINARY_SEED, rounds):
        kinds.setdefault(kind, []).append(values)
    found = {kind: _rate(series, pool) for kind, series in kinds.items()}
    loudest = max(found, key=lambda kind: found[kind])
    yield Figure("  generated, worst kind (thresholds were set on these)", found[loudest], high=1, note=loudest)


def _rate(series: Sequence[Values], pool: Executor) -> float:
    alarms = sum(len(places) for places in pool.map(alarms_of, series, chunksize=8))
    fortnights = sum(int(np.isfinite(values).sum()) for values in series) / FORTNIGHT
    return alarms / fortnights


def merlion_figures(folder: Path, pool: Executor) -> Iterator[Figure]:
    """How many of the kinds of anomalies are found, each within one of its windows."""
    kinds = [one for one in merlion_series(folder) if one.windows]
    places = list(pool.map(alarms_of, [one.values for one in kinds]))
    missed = [one.name for one, alarms in zip(kinds, places, strict=True) if not _met(one, alarms)]
    note = f"of {len(kinds)}; missed: {', '.join(missed) or 'none'}"
    yield Figure("anomalies, Merlion's kinds found", len(kinds) - len(missed), low=14, key="merlion_found", note=note)
    outside = sum(
        not any(_inside(place, span) for span in one.windows)
        for one, alarms in zip(kinds, places, strict=True)
        for place in alarms
    )
    total = sum(len(alarms) for alarms in places)
    yield Figure("  alarms of these outside every window", outside, note=f"of {total}")


def _met(one: Labelled, alarms: Sequence[int]) -> bool:
    return any(_inside(place, span) for place in alarms for span in one.windows)


def _inside(place: int, span: Span) -> bool:
    return span[0] <= place <= span[1]
