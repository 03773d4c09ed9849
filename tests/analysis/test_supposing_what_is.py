"""To assume what is so already changes nothing, whatever the estate and whatever its entities told."""

import random

import pytest

from quarterdeck.analysis.rollup.conditions import Own
from quarterdeck.analysis.rollup.supposing import Supposing
from quarterdeck.domain.estate import Entity, Estate, Relation
from quarterdeck.domain.health import HealthState
from tests.analysis.rollup_estates import MINUTE_MS, NOW_MS, entity, needing
from tests.analysis.test_rollup_agrees import some_own, some_rules

SEEDS = range(80)


def some_estate(chance: random.Random) -> Estate:
    """Layers with a few dependencies back, so that there are cycles."""
    names = [f"n{number}" for number in range(chance.choice([3, 8, 20]))]
    entities: list[Entity] = []
    relations: list[Relation] = []
    for number, name in enumerate(names):
        earlier = names[: max(1, number)] if chance.random() < 0.93 else names
        needs = chance.sample(earlier, min(len(earlier), chance.randint(0, 3)))
        entities.append(entity(name, some_rules(chance, needs), chance.randint(1, 4)))
        relations += [needing(name, provider) for provider in needs]
    return Estate(tuple(entities), tuple(relations))


def some_owns(chance: random.Random, estate: Estate) -> dict[str, Own]:
    return {one.key: some_own(chance, NOW_MS) for one in estate.entities if chance.random() < 0.9}


@pytest.mark.parametrize("seed", SEEDS)
def test_assuming_the_states_that_are_changes_no_state_and_no_cause(seed: int) -> None:
    chance = random.Random(seed)
    estate = some_estate(chance)
    supposing = Supposing(estate, some_owns(chance, estate), NOW_MS)
    real = supposing.real()
    for key, found in real.items():
        assert supposing.suppose({key: found.state}).assumed == real
    assert supposing.suppose({key: found.state for key, found in real.items()}).assumed == real


@pytest.mark.parametrize("seed", SEEDS)
def test_assuming_what_an_entity_tells_of_itself_changes_nothing_of_the_others(seed: int) -> None:
    chance = random.Random(seed)
    estate = some_estate(chance)
    owns = some_owns(chance, estate)
    supposing = Supposing(estate, owns, NOW_MS)
    real = supposing.real()
    for key, own in owns.items():
        if own.in_window:
            continue
        assumed = supposing.suppose({key: own.state}).assumed
        assert {other: assumed[other] for other in real if other != key} == {
            other: real[other] for other in real if other != key
        }


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_so_already_adds_nothing_to_another_assumption(seed: int) -> None:
    chance = random.Random(seed)
    estate = some_estate(chance)
    supposing = Supposing(estate, some_owns(chance, estate), NOW_MS)
    known, other = chance.sample([one.key for one in estate.entities], 2)
    alone = supposing.suppose({other: HealthState.DOWN}).assumed
    if alone[known].state is not supposing.real()[known].state:
        return
    assert supposing.suppose({known: alone[known].state, other: HealthState.DOWN}).assumed == alone


def test_a_failure_that_may_have_begun_unseen_explains_as_it_did_when_it_is_assumed() -> None:
    estate = Estate((entity("hub"), entity("bills")), (needing("bills", "hub"),))
    hub = Own(HealthState.DOWN, NOW_MS - MINUTE_MS, onset_ms=NOW_MS - 60 * MINUTE_MS)
    supposing = Supposing(estate, {"hub": hub, "bills": Own(HealthState.DOWN, NOW_MS - 30 * MINUTE_MS)}, NOW_MS)
    found = supposing.suppose({"hub": HealthState.DOWN})
    assert found.real["bills"].state is HealthState.UNREACHABLE
    assert found.changed == ()
