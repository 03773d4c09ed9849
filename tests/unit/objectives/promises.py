"""A service with objectives of every kind, and an hour of what was measured of it, in seconds after noon."""

from collections.abc import Mapping
from dataclasses import replace

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.events import Event
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.objectives import Budgeting, Comparison, Indicator, IndicatorKind, Objective, Window, WindowUnit
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesKind
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after, take_in_values

KEY = "service/api"
HOUR = Window(1, WindowUnit.HOUR)
END = 3600.0
RATIO, THRESHOLD = IndicatorKind.RATIO, IndicatorKind.THRESHOLD

UP = Objective("up", 0.99, HOUR, Indicator(RATIO, raw="state"))
FAST = Objective(
    "fast", 0.9, HOUR, Indicator(THRESHOLD, raw="response_time:p95"), comparison=Comparison.UP_TO, bound=0.5
)
FAST_SLICES = replace(FAST, name="fast-slices", budgeting=Budgeting.TIMESLICES, slice_seconds=300, slice_target=0.8)
QUICK = replace(FAST, name="quick", indicator=Indicator(THRESHOLD, raw="latency_bucket"))
OK = Objective("ok", 0.95, HOUR, Indicator(RATIO, good='requests{code="ok"}', total="sum(rate(requests[5m]))"))
OK_BY_BAD = Objective("ok-by-bad", 0.95, HOUR, Indicator(RATIO, bad='requests{code!="ok"}', total="requests"))
SHARE = Objective("share", 0.95, HOUR, Indicator(RATIO, raw="error_rate", raw_is_bad=True))
SETTLED = Objective("settled", 0.9, HOUR, Indicator(RATIO, raw="event:submitted then settled within 5min"))
WEB = Objective("web", 0.9, HOUR, Indicator(RATIO, good='event:submitted{way="web"}', total="event:submitted"))
FRESH = Objective("fresh", 0.9, HOUR, Indicator(THRESHOLD, raw="age"), comparison=Comparison.UP_TO, bound=90)
GOOD_ONES = (UP, FAST, FAST_SLICES, QUICK, OK, OK_BY_BAD, SHARE, SETTLED, WEB, FRESH)

P95 = SeriesIdentity(KEY, "response_time", Meaning.RESPONSE_TIME, "s", "p95")
ERRORS = SeriesIdentity(KEY, "errors", Meaning.ERROR_RATE, "ratio")
CODES = {
    code: SeriesIdentity(KEY, "requests", labels=(("code", code),), kind=SeriesKind.COUNTER) for code in ("ok", "fail")
}
BUCKETS = {
    bound: SeriesIdentity(KEY, "latency_bucket", labels=(("le", bound),), kind=SeriesKind.COUNTER)
    for bound in ("0.25", "0.5", "+Inf")
}


def service(*objectives: Objective, **also: str) -> Entity:
    """The service with objectives."""
    facts = tuple(sorted(also.items()))
    return Entity(KEY, EntityKind.SERVICE, "API", domain="bill_pay", objectives=objectives, facts=facts)


def promise(store: SqlStore, *entities: Entity, at: float = -7200) -> None:
    """Declare entities."""
    change = EstateChange(after(at), "doc", put_entities=entities)
    store.writer.change_estate(change).result(PATIENCE_SECONDS)


def sampled(second: int) -> Mapping[SeriesIdentity, float]:
    """What is told at a second: requests fail from 40 to 50 min, and responses are slow then."""
    minute = second / 60
    failing = min(max(minute - 40, 0), 10)
    return {
        P95: 2.0 if 40 <= minute < 50 else 0.2,
        ERRORS: 0.5 if 40 <= minute < 50 else 0.0,
        CODES["ok"]: 60 * minute - 30 * failing,
        CODES["fail"]: 30 * failing,
        BUCKETS["0.25"]: 60 * minute - 40 * failing,
        BUCKETS["0.5"]: 60 * minute - 20 * failing,
        BUCKETS["+Inf"]: 60 * minute,
    }


def fill(store: SqlStore, until: int = 3600) -> None:
    """An hour of samples a minute, states, and events every two minutes, each fourth of them without its answer."""
    for second in range(0, until, 60):
        take_in_values(store, after(second), sampled(second))
    states = (
        StateInterval(KEY, HealthState.HEALTHY, "", after(0), after(2400), "series:errors"),
        StateInterval(KEY, HealthState.DOWN, "Error rate 50%", after(2400), after(3000), "series:errors"),
        StateInterval(KEY, HealthState.HEALTHY, "", after(3000), None, "series:errors"),
    )
    span = TimeRange(after(0), after(END))
    for is_own in (True, False):
        change = StateChange(KEY, span, states, open_ended=True, is_own=is_own)
        store.writer.change_states([change]).result(PATIENCE_SECONDS)
    store.writer.ingest(Ingest("bus", Batch(events=events()), after(END), Cursors())).result(PATIENCE_SECONDS)


def events() -> tuple[Event, ...]:
    """Payments, and their settlements a minute later."""
    found: list[Event] = []
    for number in range(30):
        at, key = after(120 * number), f"pay-{number}"
        ways = (("way", "web" if number % 3 else "branch"),)
        found.append(Event("bus", f"s{number}", "submitted", at, KEY, key, ways))
        if number % 4:
            found.append(Event("bus", f"d{number}", "settled", after(120 * number + 60), KEY, key))
    return tuple(found)
