"""Objectives that a form makes: what it refuses, what it writes into which document, and what it cannot say."""

from dataclasses import replace

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_desk import EstateDesk
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.objective_forms import (
    ObjectiveDraft,
    ObjectiveForms,
    ObjectiveKind,
    draft_of,
    fits_the_form,
    objective_from,
)
from quarterdeck.storage.store import SqlStore
from tests.support.fakes import MemoryRegistry
from tests.support.stores import after
from tests.unit.objectives.promises import FAST, FAST_SLICES, FRESH, KEY, OK, OK_BY_BAD, SETTLED, UP, promise, service

K = ObjectiveKind
DRAFT = ObjectiveDraft(KEY, "up", K.AVAILABILITY, 99.9, "28d")


def forms(store: SqlStore) -> ObjectiveForms:
    """Forms over a store."""
    clock = StandingClock(after(0))
    return ObjectiveForms(store, clock, EstateDesk(EstateApplication(store, clock, MemoryRegistry())).apply)


def told(store: SqlStore) -> tuple[Objective, ...]:
    """What the service promises now."""
    entity = store.estate(after(1)).entity(KEY)
    assert entity is not None
    return entity.objectives


def test_an_objective_is_written_into_the_document_of_its_entity_and_nothing_else_changes(store: SqlStore) -> None:
    promise(store, service(OK, objective="99%"), replace(service(), key="service/other", name="Other"))
    assert forms(store).keep(DRAFT) == "doc: 0 added, 1 changed, 0 removed."
    assert [each.name for each in told(store)] == ["ok", "up"]
    assert told(store)[1].target == 0.999
    assert [version.source for version in store.entity_versions(after(1))] == ["doc", "doc"]
    assert [each.name for each in store.estate(after(-60)).entities[0].objectives] == ["ok"]


def test_one_of_the_same_name_takes_the_place_and_keeps_its_title(store: SqlStore) -> None:
    promise(store, service(replace(UP, title="Always up"), OK))
    forms(store).keep(replace(DRAFT, target_percent=95))
    assert [(each.name, each.title, each.target) for each in told(store)] == [
        ("up", "Always up", 0.95),
        ("ok", "", 0.95),
    ]


def test_an_objective_is_withdrawn_and_stays_in_the_history(store: SqlStore) -> None:
    promise(store, service(UP, OK))
    forms(store).withdraw(ObjectiveKey(KEY, "up"))
    assert [each.name for each in told(store)] == ["ok"]
    with pytest.raises(OperatorError, match="is not declared as one"):
        forms(store).withdraw(ObjectiveKey(KEY, "up"))


def test_what_no_document_declares_cannot_promise(store: SqlStore) -> None:
    with pytest.raises(OperatorError, match="No document declares service/api"):
        forms(store).keep(DRAFT)


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (replace(DRAFT, name="two words"), "is no name"),
        (replace(DRAFT, target_percent=0.0), "is a share of good"),
        (replace(DRAFT, target_percent=101.0), "is a share of good"),
        (replace(DRAFT, window="often"), "is no window"),
        (replace(DRAFT, starts="soon"), "is no day"),
        (replace(DRAFT, window="1month", starts="2027-01-01"), "to come"),
        (replace(DRAFT, window="1month", starts="2026-01-01", zone="No/Where"), "no time zone"),
        (replace(DRAFT, kind=K.LATENCY), "need a bound"),
        (replace(DRAFT, kind=K.CONFORMANCE), "does not say what is counted"),
        (replace(DRAFT, kind=K.SHARE, query="good"), "does not say what is counted"),
        (replace(DRAFT, query="a / b"), "only its own source"),
    ],
    ids=["name", "none", "more", "window", "day", "to-come", "zone", "bound", "nothing", "total", "query"],
)
def test_what_is_wrong_in_the_form_is_told_with_what_it_takes(draft: ObjectiveDraft, words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        objective_from(draft, after(0))


def test_each_kind_has_its_usual_question() -> None:
    made = {kind: objective_from(replace(DRAFT, kind=kind, bound=0.5), after(0)) for kind in (K.LATENCY, K.FRESHNESS)}
    assert made[K.LATENCY].indicator.raw == "response_time:p95"
    assert made[K.FRESHNESS].indicator.raw == "age"
    assert (made[K.LATENCY].comparison, made[K.LATENCY].bound) == (Comparison.UP_TO, 0.5)
    shares = replace(DRAFT, kind=K.SHARE, query='a{b="c"}', total="a")
    assert objective_from(shares, after(0)).indicator == Indicator(
        IndicatorKind.RATIO, good='a{b="c"}', total="a", source_kind="quarterdeck"
    )


@pytest.mark.parametrize(
    ("objective", "fits"),
    [
        (UP, True),
        (FAST, True),
        (OK, True),
        (SETTLED, True),
        (FRESH, True),
        (replace(UP, window=Window(1, WindowUnit.MONTH, "2026-01-01", "Europe/Berlin")), True),
        (OK_BY_BAD, False),
        (FAST_SLICES, False),
        (replace(FAST, comparison=Comparison.FROM), False),
        (replace(UP, budgeting=Budgeting.TIMESLICES), False),
        (replace(UP, indicator=replace(UP.indicator, raw="a / b")), False),
    ],
    ids=["up", "fast", "share", "events", "fresh", "month", "bad", "slices", "from", "budgeting", "foreign"],
)
def test_a_definition_is_changed_by_the_form_only_where_that_loses_nothing(objective: Objective, *, fits: bool) -> None:
    assert fits_the_form(objective, after(0)) is fits
    if fits:
        draft = draft_of(ObjectiveKey(KEY, objective.name), objective)
        assert objective_from(draft, after(0)).window == objective.window
