"""The list of connections over a real store: health of now, reception up to the play-head, silence of the collector."""

from datetime import timedelta

from quarterdeck.domain.connections import ConnectionState, Reception, ReceptionKind
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.records import Batch
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Cursors, Ingest
from quarterdeck.services.sources import SourceReader
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import METRICS, NOON, PUSH_SOURCE, build_bank
from tests.support.stores import PATIENCE_SECONDS

LIVE = Moment(TimeRange.ending(NOON, 3600), NOON)
LATER = NOON + timedelta(minutes=20)


def test_every_connection_is_listed_with_its_health_and_how_many_series_it_feeds(bank: SqlStore) -> None:
    rows = {row.connection.id: row for row in SourceReader(bank).sources(LIVE).rows}
    assert rows[PUSH_SOURCE].health.state is ConnectionState.FAILING
    assert rows[PUSH_SOURCE].series_count == 4
    assert rows[METRICS].health.state is ConnectionState.GOOD
    assert rows[METRICS].series_count == 45


def test_while_somebody_collects_nothing_is_silent(bank: SqlStore) -> None:
    assert SourceReader(bank).sources(LIVE).silent_since_at is None


def test_once_nobody_collects_the_list_says_since_when(bank: SqlStore) -> None:
    assert SourceReader(bank).sources(Moment(TimeRange.ending(LATER, 3600), LATER)).silent_since_at == NOON


def test_silence_is_told_of_the_present_also_from_a_play_head_in_the_past(bank: SqlStore) -> None:
    past = Moment(LIVE.time_range, NOON - timedelta(hours=1), live=False)
    assert SourceReader(bank).sources(past).silent_since_at is None
    assert SourceReader(bank).sources(past, now=LATER).silent_since_at == NOON


def test_gaps_are_the_stretches_without_data_up_to_the_play_head(store: SqlStore) -> None:
    build_bank(store)
    hours = [
        (5, ReceptionKind.RECEIVED),
        (4, ReceptionKind.MISSING),
        (3, ReceptionKind.LATE),
        (2, ReceptionKind.MISSING),
    ]
    stretches = tuple(
        Reception(METRICS, kind, NOON - timedelta(hours=ago), NOON - timedelta(hours=ago - 1)) for ago, kind in hours
    )
    store.writer.ingest(Ingest(METRICS, Batch(), NOON, Cursors(), stretches)).result(PATIENCE_SECONDS)
    earlier = Moment(LIVE.time_range, NOON - timedelta(hours=2, minutes=30), live=False)
    counts = [
        next(row.gap_count for row in SourceReader(store).sources(moment).rows if row.connection.id == METRICS)
        for moment in (LIVE, earlier)
    ]
    assert counts == [2, 1]
