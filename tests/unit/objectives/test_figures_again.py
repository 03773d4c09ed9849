"""Figures of objectives counted again from stored samples, events and states, in plain Python, to the last digit."""

import math
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

import pytest

from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.objective_ledger import USUAL_RULE, instant_of_us
from quarterdeck.services.moments import Moment
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.objectives import ObjectiveFigures, ObjectiveReader
from quarterdeck.services.ports import EventQuery, SeriesQuery
from quarterdeck.storage.store import SqlStore
from quarterdeck.ui.panels.objectives.words import ledger_state, objectives_state
from tests.support.stores import after
from tests.unit.objectives.promises import END, GOOD_ONES, KEY, fill, promise, service

SPAN = TimeRange(after(0), after(END))
AT = after(END)
LIVE = Moment(SPAN, AT)


@pytest.fixture
def found(store: SqlStore) -> dict[str, ObjectiveFigures]:
    """Every objective at the end of the hour, by name."""
    promise(store, service(*GOOD_ONES))
    fill(store)
    return {each.held.objective.name: each for each in ObjectiveReader(store).listed(AT)}


def samples(store: SqlStore, name: str, **labels: str) -> list[tuple[int, float]]:
    """The samples of one series as pairs of milliseconds and value."""
    infos = store.find(SeriesQuery(entity_keys=(KEY,)))
    wanted = tuple(sorted(labels.items()))
    (info,) = [each for each in infos if each.identity.name == name and each.identity.labels == wanted]
    columns = store.samples(info.id, SPAN)
    return list(zip(columns.times_ms.tolist(), columns.values.tolist(), strict=True))


def grown(store: SqlStore, name: str, **labels: str) -> float:
    """How far a counter came from its first sample to its last."""
    told = [value for _, value in samples(store, name, **labels)]
    return math.fsum(b - a if b >= a else b for a, b in pairwise(told))


def test_availability_is_the_time_up_of_the_time_that_was_up_or_down(
    store: SqlStore, found: dict[str, ObjectiveFigures]
) -> None:
    lengths: dict[str, int] = {}
    for each in store.states_in(SPAN, [KEY]):
        until: datetime = each.to_at or AT
        lengths[each.state] = lengths.get(each.state, 0) + (to_ms(until) - to_ms(each.from_at))
    assert found["up"].attained == lengths["healthy"] / (lengths["healthy"] + lengths["down"])
    assert found["up"].tally is not None
    assert found["up"].tally.bad_us == lengths["down"] * 1000


def test_latency_is_the_share_of_samples_and_of_observations_within_the_bound(
    store: SqlStore, found: dict[str, ObjectiveFigures]
) -> None:
    told = samples(store, "response_time")[1:]
    assert found["fast"].attained == sum(value <= 0.5 for _, value in told) / len(told)
    assert found["quick"].attained == grown(store, "latency_bucket", le="0.5") / grown(
        store, "latency_bucket", le="+Inf"
    )


def test_shares_of_counters_and_of_gauges_add_up_from_the_samples(
    store: SqlStore, found: dict[str, ObjectiveFigures]
) -> None:
    good, bad = grown(store, "requests", code="ok"), grown(store, "requests", code="fail")
    assert found["ok"].attained == good / (good + bad)
    errors = [1 - value for _, value in samples(store, "errors")[1:]]
    assert found["share"].attained == math.fsum(errors) / len(errors)


def test_conformance_is_counted_from_the_events_and_their_answers(
    store: SqlStore, found: dict[str, ObjectiveFigures]
) -> None:
    def told(name: str) -> dict[str, int]:
        events = store.events(EventQuery(SPAN, types=(name,)))
        return {each.event.correlation_key: to_ms(each.event.occurred_at) for each in events}

    settled, limit = told("settled"), 300_000
    asked = {key: at for key, at in told("submitted").items() if to_ms(after(0)) < at < to_ms(AT) - limit}
    answered = [key for key, at in asked.items() if at <= settled.get(key, 1 << 60) <= at + limit]
    assert found["settled"].attained == len(answered) / len(asked)


def test_budget_and_burn_follow_from_the_share_without_rounding(found: dict[str, ObjectiveFigures]) -> None:
    for each in found.values():
        if each.budget is None or each.attained is None:
            continue
        target = each.held.objective.target
        left = 1 - (1 - Fraction(each.attained)) / (1 - Fraction(target))
        assert each.budget.left_share == pytest.approx(float(left), rel=1e-12, abs=1e-12)


def test_entries_on_the_screen_add_up_to_the_figures_beside_them(store: SqlStore) -> None:
    promise(store, service(*GOOD_ONES))
    fill(store)
    reader = ObjectiveReader(store)
    for objective in GOOD_ONES:
        detail = reader.shown(ObjectiveKey(KEY, objective.name), AT, rule=USUAL_RULE)
        assert detail.ledger is not None
        assert detail.figures.tally is not None
        entries, tally = detail.ledger.entries, detail.figures.tally
        assert sum(each.to_us - each.from_us for each in entries) == tally.length_us == 3_600_000_000
        counted = [each for each in entries if each.standing.value in {"good", "bad"}]
        assert math.fsum(each.good for each in counted) == tally.good
        assert math.fsum(each.total for each in counted) == tally.total
        shown = ledger_state(detail, LIVE, str)
        assert [instant_of_us(int(line.began.rank)) for line in shown.entries] == [each.from_at for each in entries]


def test_the_share_in_the_list_is_the_share_in_the_ledger(store: SqlStore, found: dict[str, ObjectiveFigures]) -> None:
    state = objectives_state(tuple(found.values()), LIVE, str)
    reader = ObjectiveReader(store)
    for line in state.lines:
        detail = reader.shown(ObjectiveKey.of(line.id), AT)
        assert detail.figures.attained == found[detail.figures.held.objective.name].attained
        assert any(line.attained.words in sentence for sentence in ledger_state(detail, LIVE, str).sentences) or (
            detail.figures.attained is None
        )
