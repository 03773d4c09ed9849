"""Cause ranking: how often the node that a fault was put into stands first, and how often among the first three."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from quarterdeck.analysis.causes import Certainty, Course, Ranking, rank_causes
from tests.bench.accuracy.figures import Figure
from tests.bench.accuracy.recordings import Incident, Scenario, petshop_scenarios

FEW = 3


def cause_figures(folder: Path) -> Iterator[Figure]:
    """Over all incidents of the folder."""
    ranked = [
        (incident, ranking_of(scenario, incident))
        for scenario in petshop_scenarios(folder)
        for incident in scenario.incidents
    ]
    places = np.array([_place(incident, ranking) for incident, ranking in ranked])
    note = f"{len(places)} incidents"
    yield Figure("cause, PetShop, first", float(np.mean(places < 1)), low=0.8, key="petshop_top1", note=note)
    yield Figure("cause, PetShop, among the first three", float(np.mean(places < FEW)), low=1.0, key="petshop_top3")
    for certainty in Certainty:
        hits = [place < 1 for place, (_, ranking) in zip(places, ranked, strict=True) if ranking.certainty is certainty]
        if hits:
            yield Figure(f"  first, where it was called {certainty.value}", float(np.mean(hits)), note=f"{len(hits)}")


def ranking_of(scenario: Scenario, incident: Incident) -> Ranking:
    """The ranking from the metric that showed the trouble, of every node that has it."""
    wanted = (incident.metric, incident.statistic)
    usual = {
        column[0]: values
        for column, values in zip(scenario.ordinary.columns, scenario.ordinary.values.T, strict=True)
        if column[1:] == wanted
    }
    courses = [
        Course(column[0], values, usual.get(column[0], np.empty(0)))
        for column, values in zip(incident.measured.columns, incident.measured.values.T, strict=True)
        if column[1:] == wanted
    ]
    if incident.metric == "availability":
        courses = [Course(one.node, 100 - one.values, 100 - one.usual) for one in courses]
    depends_on: dict[str, list[str]] = {}
    for caller, called in scenario.calls:
        depends_on.setdefault(caller, []).append(called)
    return rank_causes(incident.target, courses, depends_on)


def _place(incident: Incident, ranking: Ranking) -> int:
    nodes = [cause.node for cause in ranking.causes]
    return nodes.index(incident.root) if incident.root in nodes else len(nodes)
