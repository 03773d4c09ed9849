"""How a risk went on day by day: from the verdicts of then alone, the same whenever it is asked for again."""

from datetime import timedelta

import pytest

from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.risks import ControlLink, Treatment
from quarterdeck.exporters.risk_words import trend_text
from quarterdeck.services.risk_trends import SPAN, RiskDay
from quarterdeck.services.risks import RiskDecision, RiskDraft, RiskRegister
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, after
from tests.unit.policies.test_assessor import PAYHUB, World

DAY = 86_400.0
TLS = ControlLink("SEC-01", PAYHUB, 50)


@pytest.fixture
async def world(store: SqlStore) -> World:
    """A certificate that is good at first, seen last after a day; its evidence lapses a day later."""
    made = World(store)
    made.declare()
    made.probe(days=90)
    await made.judge()
    await made.judge(3 * DAY)
    return made


def days(world: World, at_seconds: float, span: timedelta = SPAN) -> tuple[RiskDay, ...]:
    (found,) = RiskRegister(world.store).trends(after(at_seconds), span).values()
    return found


def register(world: World, at_seconds: float = 0) -> str:
    draft = RiskDraft("Outage", PAYHUB, 4, 5, "anna", links=(TLS,))
    return RiskRegister(world.store).add(draft, after(at_seconds)).risk.id


async def test_a_store_without_risks_has_no_trends(world: World) -> None:
    assert RiskRegister(world.store).trends(after(DAY)) == {}


async def test_a_store_that_is_closed_is_told_as_such(world: World) -> None:
    told = RiskRegister(world.store)
    world.store.close()
    with pytest.raises(StoreUnavailable):
        told.trends(NOON)


async def test_each_midnight_and_the_moment_itself_has_a_day(world: World) -> None:
    register(world)
    found = days(world, 3 * DAY)
    assert len(found) == 91
    assert found[-1].at == after(3 * DAY)
    assert all(day.at.hour == day.at.minute == 0 for day in found[:-1])


async def test_what_is_left_grows_from_the_day_on_whose_evidence_lapsed(world: World) -> None:
    register(world)
    scores = [(day.score, day.at_best, day.effectiveness) for day in days(world, 3 * DAY, timedelta(days=3))]
    assert scores == [(10, 10, 0.5), (20, 10, None), (20, 10, None), (20, 10, None)]


async def test_before_it_was_registered_a_risk_is_told_as_first_assessed(world: World) -> None:
    risk_id = register(world, DAY)
    decision = RiskDecision(risk_id, Treatment.MITIGATE, "bert", "Less likely", after(90 * DAY), likelihood=2)
    RiskRegister(world.store).decide(decision, after(2 * DAY))
    found = days(world, 3 * DAY, timedelta(days=3))
    assert [(day.is_registered, day.inherent) for day in found] == [(False, 20), (True, 20), (True, 10), (True, 10)]


async def test_a_trend_is_the_same_whenever_it_is_derived_again(world: World) -> None:
    register(world)
    assert days(world, 3 * DAY) == days(world, 3 * DAY)
    assert days(world, 3 * DAY)[:-1] == days(world, 3 * DAY + 60)[:-1]


async def test_a_trend_in_words_has_a_line_for_each_change(world: World) -> None:
    register(world, DAY)
    lines = trend_text(days(world, 3 * DAY, timedelta(days=3))).splitlines()
    assert lines[1].split()[-5:] == ["10", "before", "it", "was", "registered"]
    assert [line.split()[2:6] for line in lines[2:]] == [["20", "?", "20", "10"], ["20", "?", "20", "10"]]
