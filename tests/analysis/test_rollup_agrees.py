"""However states come, what is found of them is what judging everything anew finds."""

from __future__ import annotations

import random

import pytest

from quarterdeck.analysis.rollup.conditions import Effective, Manner, Own
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.health_rules import HealthRule, RuleKind
from tests.analysis.rollup_estates import MINUTE_MS, NOW_MS, entity, graph_of

STATES = (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN, HealthState.STALE, HealthState.UNKNOWN)
STEPS = 40
SEEDS = range(60)


def some_rules(chance: random.Random, providers: list[str]) -> tuple[HealthRule, ...]:
    if not providers or chance.random() < 0.5:
        return ()
    kind = chance.choice(list(RuleKind))
    members = tuple(chance.sample(providers, chance.randint(1, len(providers))))
    count = chance.randint(1, len(members))
    return (HealthRule(kind, members, count=count, down_below=0.4, degraded_below=0.9),)


def some_graph(chance: random.Random, size: int) -> DependencyGraph:
    """Layers with a few dependencies back, so that there are cycles, some of them in each other."""
    names = [f"n{number}" for number in range(size)]
    needs: dict[str, list[str]] = {}
    for number, name in enumerate(names):
        earlier = names[: max(1, number)] if chance.random() < 0.93 else names
        needs[name] = chance.sample(earlier, min(len(earlier), chance.randint(0, 3)))
    return graph_of([entity(name, some_rules(chance, needs[name]), chance.randint(1, 4)) for name in names], needs)


def some_own(chance: random.Random, now_ms: int) -> Own:
    state = chance.choices(STATES, (10, 2, 5, 2, 1))[0]
    since_ms = now_ms - chance.choice([0, 1, 2, 3, 5, 8, 30]) * MINUTE_MS
    onset_ms = since_ms - 20 * MINUTE_MS if chance.random() < 0.2 else None
    windowed, failed = chance.random() < 0.1, chance.random() < 0.1
    return Own(state, since_ms, in_window=windowed, source_failed=failed, onset_ms=onset_ms)


def found(rollup: Rollup) -> dict[str, Effective]:
    return {key: rollup.effective(key) for key in rollup.graph.keys}


@pytest.mark.parametrize("seed", SEEDS)
def test_change_after_change_finds_what_judging_everything_anew_finds(seed: int) -> None:
    chance = random.Random(seed)
    graph = some_graph(chance, chance.choice([3, 8, 25]))
    manner = Manner(masking=chance.random() < 0.8)
    rollup, now_ms = Rollup(graph, manner), NOW_MS
    owns: dict[str, Own] = {}
    rollup.judge_all(owns, now_ms)
    for _ in range(STEPS):
        now_ms += chance.choice([0, 1000, MINUTE_MS, -4 * MINUTE_MS if chance.random() < 0.2 else MINUTE_MS])
        changes = {key: some_own(chance, now_ms) for key in chance.sample(graph.keys, chance.randint(0, 2))}
        before = found(rollup)
        named = rollup.change(changes, now_ms)
        owns |= changes
        anew = Rollup(graph, manner)
        anew.judge_all(owns, now_ms)
        after = found(rollup)
        assert after == found(anew)
        assert rollup.roots() == anew.roots()
        assert rollup.next_turn_ms is None or rollup.next_turn_ms > now_ms
        assert {key for key in graph.keys if before[key] != after[key]} <= named


@pytest.mark.parametrize("seed", range(12))
def test_many_changes_at_once_find_what_judging_everything_anew_finds(seed: int) -> None:
    chance = random.Random(seed)
    graph = some_graph(chance, 150)
    rollup, now_ms = Rollup(graph), NOW_MS
    owns = {key: some_own(chance, now_ms) for key in graph.keys}
    rollup.judge_all(owns, now_ms)
    for count in (120, 3, 150, 80):
        now_ms += chance.choice([0, MINUTE_MS, 6 * MINUTE_MS])
        changes = {key: some_own(chance, now_ms) for key in chance.sample(graph.keys, count)}
        before = found(rollup)
        named = rollup.change(changes, now_ms)
        owns |= changes
        anew = Rollup(graph)
        anew.judge_all(owns, now_ms)
        after = found(rollup)
        assert after == found(anew)
        assert rollup.next_turn_ms is None or rollup.next_turn_ms > now_ms
        assert {key for key in graph.keys if before[key] != after[key]} <= named


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_changes_by_itself_before_the_next_turn(seed: int) -> None:
    chance = random.Random(seed)
    graph = some_graph(chance, 12)
    rollup = Rollup(graph)
    rollup.judge_all({key: some_own(chance, NOW_MS) for key in graph.keys}, NOW_MS)
    before = found(rollup)
    turn_ms = rollup.next_turn_ms or NOW_MS + 60 * MINUTE_MS
    rollup.change({}, turn_ms - 1)
    assert found(rollup) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_every_reason_is_a_root_that_fails_itself(seed: int) -> None:
    chance = random.Random(seed)
    graph = some_graph(chance, 25)
    owns = {key: some_own(chance, NOW_MS) for key in graph.keys}
    rollup = Rollup(graph)
    rollup.judge_all(owns, NOW_MS)
    all_found = found(rollup)
    failing = {HealthState.DOWN, HealthState.DEGRADED, HealthState.STALE}
    for effective in all_found.values():
        assert all(
            owns[cause.key].state in failing and all_found[cause.key].because == () for cause in effective.because
        )
    unreachable = [each for each in all_found.values() if each.state is HealthState.UNREACHABLE]
    assert all(each.because for each in unreachable)


@pytest.mark.parametrize("count", [1, 90], ids=["few", "many"])
def test_what_the_estate_does_not_hold_is_neither_judged_nor_named(count: int) -> None:
    graph = some_graph(random.Random(3), 150)
    rollup, down = Rollup(graph), Own(HealthState.DOWN, NOW_MS)
    rollup.judge_all({}, NOW_MS)
    named = rollup.change(dict.fromkeys((*graph.keys[:count], "component/elsewhere"), down), NOW_MS)
    assert set(graph.keys[:count]) <= named <= set(graph.keys)
