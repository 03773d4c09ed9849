"""What a store tells about itself, and which faults its check names."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Executable, insert, text, update

from quarterdeck.domain.estate import Entity, EntityKind, Origin
from quarterdeck.domain.events import Event
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import EstateChange, SeriesQuery, StateChange
from quarterdeck.storage.revisions import SHIPPED
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import check_result, series_chunk, series_head, state_interval
from tests.support.guards.logs import ExpectedLogs
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in, take_in_values

DISK = SeriesIdentity("component/host", "disk")


def spoil(store: SqlStore, *statements: Executable) -> None:
    """Change rows behind the store's back."""
    with store._database.writing() as connection:
        for statement in statements:
            connection.execute(statement)
        store._database.commit(connection)


def stretch(count: int) -> Samples:
    return Samples.of_series(DISK, to_ms(NOON) + 1000 * np.arange(count), np.arange(count, dtype=np.float64))


def sentence(found: Sequence[str]) -> str:
    assert len(found) == 1
    assert found[0].endswith(".")
    return found[0]


def test_an_empty_store_has_nothing_and_no_faults(store: SqlStore) -> None:
    summary = store.summary()
    assert set(summary.counts.values()) == {0}
    assert (summary.oldest_sample_at, summary.newest_sample_at) == (None, None)
    assert summary.revision == SHIPPED.newest
    assert summary.size_bytes > 0
    assert store.check() == ()


def test_a_summary_counts_what_is_packed_and_what_is_not(store: SqlStore) -> None:
    take_in(store, Batch(samples=stretch(500), events=(Event("feed", "1", "x", NOON),)))
    take_in_values(store, after(-60), {DISK: 0.5})
    summary = store.summary()
    assert (summary.counts["samples"], summary.counts["series"], summary.counts["events"]) == (501, 1, 1)
    assert (summary.oldest_sample_at, summary.newest_sample_at) == (after(-60), after(499))


def test_a_summary_counts_what_stands_once_however_often_it_was_changed_and_told_of(store: SqlStore) -> None:
    payhub = Entity("partner/payhub", EntityKind.PARTNER, "PayHub")
    told = [
        EstateChange(after(0), "payments", put_entities=(payhub, replace(payhub, key="partner/gone"))),
        EstateChange(after(10), "payments", put_entities=(replace(payhub, owner="bank"),)),
        EstateChange(after(20), "probe", Origin.OBSERVED, put_entities=(payhub,)),
        EstateChange(after(30), "payments", remove_entity_keys=("partner/gone",)),
    ]
    for change in told:
        store.writer.change_estate(change).result(PATIENCE_SECONDS)
    summary = store.summary()
    assert (summary.counts["entities"], summary.versions["entities"]) == (1, 4)
    assert (summary.counts["relations"], summary.versions["relations"]) == (0, 0)


def test_a_chunk_that_is_not_what_its_row_says_is_named(store: SqlStore) -> None:
    take_in(store, Batch(samples=stretch(500)))
    spoil(store, update(series_chunk).values(high=1e9))
    assert "are not what their row says" in sentence(store.check())


def test_a_batch_that_cannot_be_read_is_named_and_left_out_of_what_is_read(store: SqlStore, logs: ExpectedLogs) -> None:
    take_in_values(store, after(0), {DISK: 0.5})
    spoil(store, update(series_head).values(payload=b"\1\0\0\0\0rubbish"))
    logs.expect("quarterdeck.storage", "damaged and left out")
    assert store.find(SeriesQuery())[0].last_value is None
    assert "batch of samples 1 is damaged" in sentence(store.check())


def test_a_batch_with_other_samples_than_its_row_says_is_named(store: SqlStore) -> None:
    take_in_values(store, after(0), {DISK: 0.5})
    spoil(store, update(series_head).values(samples=7))
    assert "is not what its row says" in sentence(store.check())


def test_states_that_overlap_are_named(store: SqlStore) -> None:
    down = StateInterval("service/payments", HealthState.DOWN, "refused", after(0), after(10))
    change = StateChange("service/payments", TimeRange(after(0), after(10)), (down,))
    store.writer.change_states([change]).result(PATIENCE_SECONDS)
    extra = {"entity_key": "service/payments", "from_ms": to_ms(after(5)), "to_ms": to_ms(after(20))}
    spoil(store, insert(state_interval).values(**extra, state="healthy", reason="", cause="", grounds=""))
    assert "service/payments" in sentence(store.check())


def test_a_row_that_refers_to_nothing_is_named(store: SqlStore) -> None:
    orphan = {"probe_id": 99, "checked_ms": 0, "outcome": "passed", "summary": "", "facts": "[]"}
    spoil(store, text("COMMIT"), text("PRAGMA foreign_keys=OFF"), text("BEGIN"), insert(check_result).values(**orphan))
    assert "check_result" in sentence(store.check())


def test_a_store_that_swarms_with_faults_names_some_and_says_that_there_is_more(store: SqlStore) -> None:
    for number in range(60):
        name = SeriesIdentity("component/host", str(number))
        samples = Samples.of_series(name, stretch(300).times_ms, stretch(300).values)
        take_in(store, Batch(samples=samples))
    spoil(store, update(series_chunk).values(digest=b"wrong"))
    found = store.check()
    assert len(found) == 51
    assert found[-1].startswith("There is more")
