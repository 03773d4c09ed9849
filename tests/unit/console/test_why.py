"""Why an entity is in its state, as the inspector and the attention list say it."""

from datetime import timedelta

import pytest

from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.health import Grounds, HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.attention import AttentionItem
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import OverviewReader
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.services.why import Surroundings, why_words
from quarterdeck.services.wording import moment_words
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON

SINCE = NOON - timedelta(minutes=14)
CLOCK = moment_words(SINCE, NOON)
PAYHUB = Entity("integration/payhub", EntityKind.INTEGRATION, "PayHub processor", tier=1)
QUEUE = Entity("component/queue", EntityKind.COMPONENT, "payment-queue")
ORDERS = Entity("service/orders", EntityKind.SERVICE, "PaymentOrderInitiation")
RAIL = Entity("service/rail", EntityKind.SERVICE, "PaymentRail")
RELATIONS = tuple(Relation(RelationKind.EXTERNAL_INTERNAL, PAYHUB.key, one.key) for one in (ORDERS, RAIL))
LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
NONE = Grounds()
DOWN, DEGRADED, UNREACHABLE = HealthState.DOWN, HealthState.DEGRADED, HealthState.UNREACHABLE


def state(
    entity: Entity, state: HealthState, reason: str = "", *, cause: str = "rollup", grounds: Grounds = NONE
) -> StateInterval:
    return StateInterval(entity.key, state, reason, SINCE, None, cause, grounds)


def because(*keys: str) -> Grounds:
    return Grounds(because=keys)


AROUND = Surroundings(
    {one.entity_key: one for one in (state(PAYHUB, DOWN), state(QUEUE, HealthState.STALE), state(RAIL, DEGRADED))},
    {one.key: one.name for one in (PAYHUB, QUEUE, RAIL)},
    NOON,
)
SENTENCES = [
    (
        state(ORDERS, UNREACHABLE, grounds=because(PAYHUB.key)),
        f"Unreachable because PayHub processor is down since {CLOCK}",
    ),
    (
        state(ORDERS, UNREACHABLE, grounds=because(PAYHUB.key, QUEUE.key)),
        f"Unreachable because PayHub processor is down since {CLOCK} and payment-queue has told nothing since {CLOCK}",
    ),
    (
        state(ORDERS, UNREACHABLE, grounds=because(PAYHUB.key, QUEUE.key, RAIL.key)),
        f"Unreachable because PayHub processor is down since {CLOCK}, and 2 more fail",
    ),
    (state(ORDERS, UNREACHABLE, grounds=because("service/gone")), "Unreachable because service/gone failed"),
    (
        state(PAYHUB, DOWN, "Answered HTTP 503", cause="check", grounds=Grounds(masked=True)),
        "Answered HTTP 503; it failed before its maintenance window began, which does not cover that",
    ),
    (
        state(ORDERS, DEGRADED, "PayHub processor is down; no redundancy is left", grounds=because(PAYHUB.key)),
        f"Degraded because PayHub processor is down since {CLOCK}; no redundancy is left",
    ),
    (
        state(ORDERS, DEGRADED, "Saturation 97%, above 90%", cause="series:saturation", grounds=because(PAYHUB.key)),
        f"Saturation 97%, above 90%, because PayHub processor is down since {CLOCK}",
    ),
    (
        state(ORDERS, UNREACHABLE, grounds=Grounds((PAYHUB.key,), masked=True)),
        f"Unreachable because PayHub processor is down since {CLOCK}; its maintenance window does not cover that",
    ),
    (
        state(PAYHUB, DOWN, "No answer", cause="series:availability", grounds=Grounds(flapping=True)),
        "Flapping, held at down: No answer",
    ),
    (state(PAYHUB, DOWN, grounds=Grounds(flapping=True)), "Flapping"),
    (state(PAYHUB, DOWN, "No answer", cause="series:availability"), "No answer"),
]


@pytest.mark.parametrize(("interval", "sentence"), SENTENCES, ids=[str(number) for number in range(len(SENTENCES))])
def test_why_reads_like_a_sentence(interval: StateInterval, sentence: str) -> None:
    assert why_words(interval, interval.reason, AROUND) == sentence


@pytest.fixture
def failing(store: SqlStore) -> SqlStore:
    """PayHub is down; one service follows it, another one is only slow without it."""
    intervals = (
        state(PAYHUB, DOWN, "Error rate 38%, above 25%", cause="series:error_rate"),
        state(ORDERS, UNREACHABLE, "PayHub processor is down", grounds=because(PAYHUB.key)),
        state(RAIL, DEGRADED, "PayHub processor is down", grounds=because(PAYHUB.key)),
    )
    change = EstateChange(NOON, "test", put_entities=(PAYHUB, ORDERS, RAIL), put_relations=RELATIONS)
    store.writer.change_estate(change)
    changes = [StateChange(one.entity_key, TimeRange(SINCE, NOON), (one,), open_ended=True) for one in intervals]
    store.writer.change_states(changes).result(20)
    return store


def attention(store: SqlStore) -> tuple[AttentionItem, ...]:
    return OverviewReader(store).overview(LIVE).attention


def test_the_attention_list_shows_the_root_alone_with_how_many_follow(failing: SqlStore) -> None:
    assert [(one.name, one.sentence, one.behind_count) for one in attention(failing)] == [
        ("PayHub processor", "Error rate 38%, above 25%", 2)
    ]


def test_a_follower_whose_root_asks_for_no_attention_keeps_its_own_line(failing: SqlStore) -> None:
    calm = state(PAYHUB, HealthState.MAINTENANCE, "Planned work")
    failing.writer.change_states([StateChange(PAYHUB.key, TimeRange(SINCE, NOON), (calm,), open_ended=True)]).result(20)
    told = [(one.name, one.sentence) for one in attention(failing)]
    words = f"because PayHub processor has been in maintenance since {CLOCK}"
    assert told == [("PaymentOrderInitiation", f"Unreachable {words}"), ("PaymentRail", f"Degraded {words}")]


def test_the_inspector_names_the_root_and_since_when(failing: SqlStore) -> None:
    card = InspectorReader(failing).card(ORDERS.key, LIVE)
    assert card is not None
    assert card.state is not None
    assert card.state.reason == f"Unreachable because PayHub processor is down since {CLOCK}"
