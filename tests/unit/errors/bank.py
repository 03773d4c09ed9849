"""A small bank whose payments fail, in a store of its own."""

from datetime import UTC, datetime, timedelta

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.records import Batch
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import take_in

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LIVE = Moment(TimeRange.ending(NOON, 2 * 3600), NOON)
PAYHUB = "integration/payhub"


def declare(store: SqlStore) -> None:
    """Have the integration that fails in the estate."""
    entities = (Entity(PAYHUB, EntityKind.INTEGRATION, "PayHub"),)
    store.writer.change_estate(EstateChange(NOON - timedelta(days=9), "test", put_entities=entities)).result()


def failed(
    minutes_ago: float, message: str, status: str = "503", *, kind: str = "payment.rejected", key: str = PAYHUB
) -> Event:
    """A failure so long before noon; its instant and message are its id."""
    at = NOON - timedelta(minutes=minutes_ago)
    facts = facts_of({"message": message, "status": status})
    return Event("bank", f"{minutes_ago}{message[:60]}", kind, at, key, "PAY-1", facts)


def tell(store: SqlStore, *events: Event) -> None:
    """Have events stored."""
    take_in(store, Batch(events=events))
