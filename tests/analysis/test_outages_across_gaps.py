"""A while without knowledge, or of maintenance, inside what stands: who is the root is what it was without it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from quarterdeck.analysis.coverage import Cover, Coverage
from quarterdeck.analysis.flapping import Patience
from quarterdeck.analysis.rollup.conditions import Effective
from quarterdeck.analysis.rollup.rolling import Rollup
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import from_ms
from quarterdeck.services.own_history import OwnHistory
from tests.analysis.rollup_estates import MINUTE_MS, NOW_MS, entity, graph_of

Told = tuple[int, HealthState]
TOLD = (HealthState.HEALTHY, HealthState.DEGRADED, HealthState.DOWN)
NOTHING = (HealthState.STALE, HealthState.UNKNOWN)
NEEDS = {"follower": ["root"], "other": ["root"], "last": ["follower", "other"]}
NAMES = ("root", "follower", "other", "last")
START_MS = NOW_MS - 40 * MINUTE_MS
LEAST_LEFT_MS = 10_000


def some_history(chance: random.Random) -> list[Told]:
    """A few states, too few to be flapping, the last of which holds on."""
    count = chance.randint(1, Patience().changes - 1)
    minutes = sorted(chance.sample(range(1, 39), count))
    told = [(START_MS, HealthState.HEALTHY)]
    for minute in minutes:
        told.append((START_MS + minute * MINUTE_MS, chance.choice([one for one in TOLD if one is not told[-1][1]])))
    return told


def with_gap(chance: random.Random, told: Sequence[Told]) -> list[Told]:
    """The same with a while of nothing known inside one of its states, one kind of nothing after the other at times."""
    ends = [*(at_ms for at_ms, _ in told[1:]), NOW_MS]
    place = chance.randrange(len(told))
    begin_ms, end_ms = told[place][0], ends[place]
    first, last = sorted(chance.sample(range(begin_ms + 1, end_ms - LEAST_LEFT_MS, 1000), 2))
    silence = [(first, chance.choice(NOTHING))]
    if chance.random() < 0.3 and last - first > 2000:
        silence.append(((first + last) // 2, next(one for one in NOTHING if one is not silence[0][1])))
    return [*told[: place + 1], *silence, (last, told[place][1]), *told[place + 1 :]]


def intervals(key: str, told: Sequence[Told]) -> list[StateInterval]:
    ends = [from_ms(at_ms) for at_ms, _ in told[1:]]
    return [
        StateInterval(key, state, "", from_ms(at_ms), end)
        for (at_ms, state), end in zip(told, [*ends, None], strict=True)
    ]


def found(told: Mapping[str, Sequence[Told]], coverage: Coverage | None = None) -> dict[str, Effective]:
    """What follows now of histories that were told from their beginning on."""
    history = OwnHistory()
    history.coverage = coverage or Coverage({})
    for key, each in told.items():
        history.add(intervals(key, each), START_MS)
    rollup = Rollup(graph_of([entity(name) for name in NAMES], NEEDS))
    rollup.judge_all({name: history.own_at(name, NOW_MS) for name in NAMES}, NOW_MS)
    return {name: rollup.effective(name) for name in NAMES}


def histories(seed: int) -> tuple[random.Random, dict[str, list[Told]]]:
    chance = random.Random(seed)
    return chance, {name: some_history(chance) for name in NAMES}


@pytest.mark.parametrize("seed", range(150))
def test_a_while_without_knowledge_inside_what_stands_changes_no_root_afterwards(seed: int) -> None:
    chance, told = histories(seed)
    gapped = {name: with_gap(chance, each) if chance.random() < 0.7 else each for name, each in told.items()}
    assert found(gapped) == found(told)


@pytest.mark.parametrize("seed", range(60))
def test_several_silences_one_after_the_other_change_no_root_either(seed: int) -> None:
    chance, told = histories(seed)
    gapped = dict(told)
    for _ in range(3):
        name = chance.choice([one for one in NAMES if gapped[one][-1][0] < NOW_MS - MINUTE_MS])
        until_last = gapped[name][:-1]
        gapped[name] = [*until_last, *with_gap(chance, gapped[name][-1:])]
    assert found(gapped) == found(told)


@pytest.mark.parametrize("seed", range(60))
def test_maintenance_that_ended_changes_no_root(seed: int) -> None:
    chance, told = histories(seed)
    covers: dict[str, list[Cover]] = {}
    for name in chance.sample(NAMES, 2):
        first, last = sorted(chance.sample(range(START_MS, NOW_MS, 1000), 2))
        covers[name] = [Cover(first, last, "window", "Work")]
    assert found(told, Coverage(covers)) == found(told)


@pytest.mark.parametrize("seed", range(60))
def test_what_comes_in_step_by_step_is_dated_as_what_is_read_at_once(seed: int) -> None:
    chance, told = histories(seed)
    gapped = {name: with_gap(chance, each) for name, each in told.items()}
    history, whole = OwnHistory(), OwnHistory()
    for key, each in gapped.items():
        whole.add(intervals(key, each), START_MS)
        history.add(intervals(key, each[:1]), START_MS)
        for one, (before_ms, _) in zip(each[1:], each, strict=False):
            history.replace(key, before_ms + 1, intervals(key, [one]))
    assert [history.own_at(name, NOW_MS) for name in NAMES] == [whole.own_at(name, NOW_MS) for name in NAMES]


def test_an_outage_on_both_sides_of_an_observed_recovery_is_two() -> None:
    down, fine, silent = HealthState.DOWN, HealthState.HEALTHY, HealthState.STALE
    minutes = [(1, down), (10, silent), (12, fine), (13, silent), (14, down)]
    history = OwnHistory()
    history.add(intervals("root", [(START_MS + at * MINUTE_MS, state) for at, state in minutes]), START_MS)
    own = history.own_at("root", NOW_MS)
    assert own.since_ms == START_MS + 14 * MINUTE_MS
    assert own.onset_ms == START_MS + 13 * MINUTE_MS


def test_an_outage_that_is_another_one_after_silence_may_have_begun_with_it() -> None:
    told = [(START_MS, HealthState.DEGRADED), (NOW_MS - 9000, HealthState.STALE), (NOW_MS - 5000, HealthState.DOWN)]
    history = OwnHistory()
    history.add(intervals("root", told), START_MS)
    own = history.own_at("root", NOW_MS)
    assert (own.since_ms, own.onset_ms) == (NOW_MS - 5000, NOW_MS - 9000)


def test_an_outage_stays_one_however_long_silences_in_it_last() -> None:
    down, silent, unknown = HealthState.DOWN, HealthState.STALE, HealthState.UNKNOWN
    history, began_ms = OwnHistory(), NOW_MS - 9 * 60 * MINUTE_MS
    history.add(intervals("root", [(began_ms, down)]), began_ms + 1)
    for hours, state in ((7, silent), (4, unknown), (1, down)):
        at_ms = NOW_MS - hours * 60 * MINUTE_MS
        history.replace("root", at_ms, intervals("root", [(at_ms, state)]))
    assert history.own_at("root", NOW_MS).since_ms == began_ms
