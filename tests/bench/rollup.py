"""What a roll-up of a large estate costs: `python -m tests.bench.rollup [--quick] [--seed N]`.

A hundred thousand entities in layers, some with rules, some in cycles. Measured are laying the graph out, a full
roll-up (own states taken in and everything judged; one entity of a hundred failing, one of three, all of them, long ago
and just now), one change at a time (a leaf, something that many depend on), and a third failing in one change. The
last line is one JSON object, in milliseconds. Figures are medians; `_cpu_ms` is the time of the processor, which
does not tell of what else the machine does meanwhile.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from quarterdeck.analysis.rollup.conditions import Own
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.health_rules import HealthRule, RuleKind

ENTITIES = 100_000
QUICK_ENTITIES = 10_000
LAYERS = 7
ROUNDS = 9
CHANGES = 200
RULED_SHARE = 0.05
SHARES = {"calm": 0.01, "third": 0.34, "all": 1.0}
NOW_MS = 1_700_000_000_000
LONG_AGO_MS = NOW_MS - 600_000
MILLISECONDS = 1000.0


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(description="The cost of a roll-up.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ENTITIES} entities instead of {ENTITIES}")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    size = QUICK_ENTITIES if options.quick else ENTITIES
    figures = measured(size, random.Random(options.seed))
    for name, value in figures.items():
        print(f"{name:32} {value:12.3f}")
    print(json.dumps(figures))


def measured(size: int, chance: random.Random) -> dict[str, float]:
    """All figures for one estate."""
    entities, relations = estate(size, chance)
    started = time.perf_counter()
    graph = DependencyGraph.of(entities, relations)
    figures = {
        "entities": float(size),
        "dependencies": float(len(graph.providers.others)),
        "graph_ms": (time.perf_counter() - started) * MILLISECONDS,
    }
    rollup = Rollup(graph)
    for words, share in SHARES.items():
        for when, since_ms in (("", LONG_AGO_MS), ("_young", NOW_MS)):
            owns = own_states(graph.keys, share, chance, since_ms)
            wall_ms, cpu_ms = median(partial(rollup.judge_all, owns, NOW_MS))
            figures |= {f"full_{words}{when}_ms": wall_ms, f"full_{words}{when}_cpu_ms": cpu_ms}
            figures[f"of_it_judging_{words}{when}_ms"] = median(partial(rollup.judge_anew, NOW_MS))[0]
    rollup.judge_all(own_states(graph.keys, 0.0, chance), NOW_MS)
    leaves = [key for key in graph.keys if not len(graph.dependents.at(graph.numbers[key]))]
    figures["change_leaf_ms"] = changes_cost(rollup, chance.sample(leaves, min(CHANGES, len(leaves))))
    figures["change_any_ms"] = changes_cost(rollup, chance.sample(graph.keys, CHANGES))
    busiest = max(range(len(graph.keys)), key=lambda number: len(graph.dependents.at(number)))
    figures["change_busiest_ms"] = changes_cost(rollup, [graph.keys[busiest]])
    rollup.judge_all(own_states(graph.keys, 0.0, chance), NOW_MS)
    storm = {key: Own(HealthState.DOWN, NOW_MS) for key in chance.sample(graph.keys, size // 3)}
    figures["change_third_ms"], figures["change_third_cpu_ms"] = once(lambda: rollup.change(storm, NOW_MS))
    return figures


def estate(size: int, chance: random.Random) -> tuple[list[Entity], list[Relation]]:
    """Layers of entities that depend on up to four of the layer before, a few of them each other."""
    keys = [f"component/n{number}" for number in range(size)]
    width = size // LAYERS + 1
    needs: dict[str, list[str]] = {}
    for number, key in enumerate(keys):
        layer = number // width
        before = range(max(0, (layer - 1) * width), layer * width)
        needs[key] = [keys[chance.choice(before)] for _ in range(chance.randint(1, 4))] if layer else []
        if chance.random() < 0.001 and layer:
            needs[needs[key][0]].append(key)
    entities = [Entity(key, EntityKind.COMPONENT, key, rules=rules(needs[key], chance)) for key in keys]
    relations = [
        Relation(RelationKind.SERVICE_COMPONENT, dependent, provider)
        for dependent in keys
        for provider in needs[dependent]
    ]
    return entities, relations


def rules(providers: list[str], chance: random.Random) -> tuple[HealthRule, ...]:
    """A redundancy rule for some of those that depend on two or more."""
    if len(set(providers)) > 1 and chance.random() < RULED_SHARE:
        return (HealthRule(RuleKind.AT_LEAST, tuple(dict.fromkeys(providers)), count=1),)
    return ()


def own_states(
    keys: tuple[str, ...], failing: float, chance: random.Random, since_ms: int = LONG_AGO_MS
) -> dict[str, Own]:
    """Own states of which a share is down, each an object of its own as when they are read from a store."""
    return {key: Own(HealthState.DOWN if chance.random() < failing else HealthState.HEALTHY, since_ms) for key in keys}


def changes_cost(rollup: Rollup, keys: list[str]) -> float:
    """The median cost of one entity going down or coming back."""
    spent: list[float] = []
    for key in keys:
        for state in (HealthState.DOWN, HealthState.HEALTHY):
            own = Own(state, LONG_AGO_MS)
            spent.append(once(partial(rollup.change, {key: own}, NOW_MS))[0])
    return statistics.median(spent)


def once(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of one run: on the clock, and of the processor."""
    started, spent = time.perf_counter(), time.thread_time()
    work()
    return (time.perf_counter() - started) * MILLISECONDS, (time.thread_time() - spent) * MILLISECONDS


def median(work: Callable[[], object]) -> tuple[float, float]:
    """The same of the middle of several runs."""
    walls, spent = zip(*(once(work) for _ in range(ROUNDS)), strict=True)
    return statistics.median(walls), statistics.median(spent)


if __name__ == "__main__":
    main()
