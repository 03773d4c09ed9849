"""What policies block does not leave unasked: refused, released by two people, or handed over as the record itself."""

from dataclasses import replace

import pytest

from quarterdeck.domain.enforcements import EnforcementStep
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.policies import Enforcement, Verdict
from quarterdeck.services.compliance import ComplianceReader
from quarterdeck.services.export_gate import ExportBlocked, ExportGate, Leaving, Release
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import after
from tests.unit.policies.test_assessor import PAYHUB
from tests.unit.policies.test_enforcement import World

ESTATE = Leaving("The estate document", (PAYHUB,), "ada")
RELEASE = Release("ada", "bert", "The auditor asked")


@pytest.fixture
def world(store: SqlStore) -> World:
    made = World(store)
    made.enforce((Enforcement.BLOCK,))
    made.judge((Verdict.NOT_SATISFIED, -60))
    return made


def steps(world: World) -> list[EnforcementStep]:
    return world.steps(Enforcement.BLOCK)


def test_what_would_break_a_policy_is_refused_and_that_is_on_record(world: World) -> None:
    with pytest.raises(ExportBlocked, match=r"The estate document was not written: it would break SEC-01 on PayHub\."):
        ExportGate(world.store).ask(ESTATE, after(0))
    (refused,) = world.records()
    assert (refused.step, refused.by, refused.detail) == (EnforcementStep.REFUSED, "ada", "The estate document")


def test_two_people_release_it_and_that_is_on_record(world: World) -> None:
    ExportGate(world.store).ask(ESTATE, after(0), RELEASE)
    (released,) = world.records()
    assert (released.step, released.by) == (EnforcementStep.RELEASED, "ada")
    assert released.detail == "The estate document, agreed by bert: The auditor asked"


@pytest.mark.parametrize(
    "half",
    [replace(RELEASE, reason=" "), replace(RELEASE, approved_by=""), replace(RELEASE, approved_by="ADA")],
    ids=["no-reason", "nobody", "one-person"],
)
def test_half_a_release_releases_nothing(world: World, half: Release) -> None:
    with pytest.raises(OperatorError, match="release"):
        ExportGate(world.store).ask(ESTATE, after(0), half)
    assert world.records() == []


def test_what_holds_or_is_waived_or_tells_of_others_leaves_unasked(world: World) -> None:
    gate = ExportGate(world.store)
    gate.ask(replace(ESTATE, entity_keys=("service/core",)), after(0))
    for verdict in (Verdict.SATISFIED, Verdict.WAIVED, Verdict.NOT_EVALUABLE):
        world.judge((Verdict.NOT_SATISFIED, -60), (verdict, -30))
        gate.ask(ESTATE, after(0))
    assert world.records() == []


def test_the_record_of_verdicts_is_handed_over_and_that_is_on_record(world: World) -> None:
    assert ComplianceReader(world.store, world).export(after(0)).population == 1
    assert steps(world) == [EnforcementStep.RELEASED]


def test_from_a_store_that_nobody_may_write_the_answer_is_the_same(world: World) -> None:
    path = str(world.store.summary().url)
    reading = open_store(path, read_only=True)
    try:
        ExportGate(reading).ask(replace(ESTATE, is_record=True), after(0))
        with pytest.raises(ExportBlocked):
            ExportGate(reading).ask(ESTATE, after(0))
    finally:
        reading.close()
    assert world.records() == []


def test_what_blocks_is_named_by_its_entity(world: World) -> None:
    gate = ExportGate(world.store)
    (broken,) = gate.blocking(ESTATE, after(0))
    assert broken.entity_name == "PayHub"
