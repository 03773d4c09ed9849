"""The Overview's and the Integrations' answers over a real store."""

from datetime import timedelta

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity, SeriesInfo
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.attention import AttentionAction
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.integrations import IntegrationReader, IntegrationRow
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import OverviewReader
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange
from quarterdeck.services.signals import SignalReader
from quarterdeck.storage.store import SqlStore
from tests.support.pictured_bank import NOON, PUSH_SOURCE

LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
MORNING = NOON - timedelta(hours=3)
PAST = Moment(TimeRange.ending(NOON, 6 * 3600), MORNING, live=False)
LATER = NOON + timedelta(minutes=20)
SILENT = Moment(TimeRange.ending(LATER, 6 * 3600), LATER)


def row(store: SqlStore, key: str, moment: Moment = LIVE) -> IntegrationRow:
    return next(one for one in IntegrationReader(store).integrations(moment).rows if one.entity.key == key)


def test_the_worst_state_of_the_most_critical_tier_comes_first(bank: SqlStore) -> None:
    names = [item.name for item in OverviewReader(bank).overview(LIVE).attention]
    assert names == ["PayHub", "PayHub processor", "Dispatcher", "ledger-db", "Aggregation", "Push"]


def test_a_signal_leads_to_its_charts_and_silence_to_its_connection(bank: SqlStore) -> None:
    actions = {item.name: item.action for item in OverviewReader(bank).overview(LIVE).attention}
    assert actions["PayHub processor"] is AttentionAction.OPEN_PERFORMANCE
    assert actions["Push"] is AttentionAction.OPEN_CONNECTION
    assert actions["ledger-db"] is AttentionAction.INSPECT


def test_a_lone_entity_without_data_stands_for_its_failing_connection(bank: SqlStore) -> None:
    lines = [one for one in OverviewReader(bank).overview(LIVE).attention if one.connection_id == PUSH_SOURCE]
    assert [(one.name, one.follower_count) for one in lines] == [("Push", 0)]
    assert lines[0].sentence.startswith("No fresh data. No answer: connection refused")


def test_an_entity_without_data_names_its_only_source(store: SqlStore) -> None:
    entity = Entity("integration/a", EntityKind.INTEGRATION, "A")
    p95 = SeriesIdentity(entity.key, "response_time", Meaning.RESPONSE_TIME, "s", "p95")
    change = EstateChange(
        NOON, "test", put_entities=(entity,), put_connections=(Connection("m", "prometheus", "Bank"),)
    )
    silent_at = NOON - timedelta(minutes=22)
    interval = StateInterval(entity.key, HealthState.STALE, "No fresh data", silent_at, None, "freshness")
    store.writer.change_estate(change)
    store.writer.ingest(Ingest("m", Batch(Samples.at(silent_at, {p95: 0.1})), NOON, Cursors()))
    store.writer.change_states([StateChange(entity.key, TimeRange(silent_at, NOON), (interval,), open_ended=True)])
    store.writer.put_connection_health([ConnectionHealth("m", ConnectionState.GOOD, last_good_at=NOON)]).result(10)
    line = OverviewReader(store).overview(LIVE).attention[0]
    assert (line.sentence, line.since_at) == ("No fresh data from Bank", silent_at)
    assert (line.action, line.connection_id) == (AttentionAction.OPEN_CONNECTION, "m")


def test_figures_count_what_is_there_and_name_the_next_expiry(bank: SqlStore) -> None:
    figures = OverviewReader(bank).overview(LIVE).figures
    assert (figures.healthy, figures.total, figures.down, figures.attention) == (7, 12, 2, 6)
    assert figures.sources_good == figures.sources_total - 2
    assert figures.next_expiry is not None
    assert figures.next_expiry.name == "PayHub"


def test_once_nobody_collects_nothing_is_healthy_and_no_source_counts_as_good(bank: SqlStore) -> None:
    report = OverviewReader(bank).overview(SILENT)
    assert report.silent_since_at == NOON
    assert (report.figures.healthy, report.figures.sources_good, report.attention) == (0, None, ())
    assert {one.state for group in report.domains for one in group.rows} == {HealthState.STALE, HealthState.MAINTENANCE}


def test_a_past_moment_tells_the_states_and_values_of_then(bank: SqlStore) -> None:
    payhub = row(bank, "integration/payhub-processor", PAST)
    assert payhub.state is HealthState.HEALTHY
    assert payhub.error_ratio is not None
    assert payhub.error_ratio < 0.01
    assert payhub.newest_at is not None
    assert timedelta(0) <= MORNING - payhub.newest_at < timedelta(minutes=1)


def test_the_health_of_connections_is_not_told_for_the_past(bank: SqlStore) -> None:
    assert OverviewReader(bank).overview(PAST).figures.sources_good is None


def test_a_claim_that_contradicts_the_measurement_is_marked(bank: SqlStore) -> None:
    assert row(bank, "integration/account-aggregation").is_disputed
    assert not row(bank, "integration/core-accounts").is_disputed


def test_a_row_without_fresh_values_has_none_and_keeps_its_line(bank: SqlStore) -> None:
    push = row(bank, "integration/push")
    assert (push.response_time_seconds, push.error_ratio, push.requests_per_second) == (None, None, None)
    assert len(push.spark) > 0


def test_the_reason_is_as_bad_as_it_is_now(bank: SqlStore) -> None:
    assert row(bank, "integration/payhub-processor").reason == "Error rate 38%, above 25%"


def test_certificates_come_soonest_first_with_what_their_check_saw(bank: SqlStore) -> None:
    expiries = IntegrationReader(bank).expiries(LIVE)
    assert [one.name for one in expiries] == ["PayHub", "Carillon", "Northgate", "Tessera"]
    first = expiries[0]
    assert (first.state, round(first.days_left, 1)) == (HealthState.DEGRADED, 9.4)
    assert (first.subject, first.is_verified) == ("CN=payhub.example", True)
    assert first.used_by == ("PayHub processor",)


def test_days_left_count_from_the_play_head(bank: SqlStore) -> None:
    earlier = Moment(LIVE.time_range, NOON - timedelta(seconds=3), live=False)
    first = IntegrationReader(bank).expiries(earlier)[0]
    assert round(first.days_left, 1) == 9.4


def test_a_certificate_nobody_has_looked_at_for_a_week_is_not_told(bank: SqlStore) -> None:
    later = NOON + timedelta(days=8)
    assert IntegrationReader(bank).expiries(Moment(TimeRange.ending(later, 3600), later)) == ()


def test_an_empty_store_is_empty(store: SqlStore) -> None:
    report = OverviewReader(store).overview(LIVE)
    assert (report.is_empty, report.attention, report.domains) == (True, (), ())
    assert report.figures.availability is None


def test_a_failing_connection_without_entities_has_a_line_of_its_own(store: SqlStore) -> None:
    health = ConnectionHealth("a", ConnectionState.FAILING, "Refused.", last_attempt_at=NOON)
    store.writer.put_connection(Connection("a", "http_probe", "Login probe"))
    store.writer.put_connection_health([health]).result(10)
    store.leases.acquire("test", NOON, 11.0)
    report = OverviewReader(store).overview(LIVE)
    assert [(one.name, one.sentence, one.entity_key) for one in report.attention] == [("Login probe", "Refused.", "")]
    assert not report.is_empty


def test_the_inspector_tells_the_reason_as_the_lists_do(bank: SqlStore) -> None:
    card = InspectorReader(bank).card("integration/payhub-processor", LIVE)
    assert card is not None
    assert card.state is not None
    assert card.state.reason == "Error rate 38%, above 25%"


def test_connections_that_fail_for_one_reason_have_one_line(store: SqlStore) -> None:
    words = "The disk that holds the store is full."
    good_at = {"a": NOON - timedelta(minutes=5), "b": NOON - timedelta(minutes=9), "c": None}
    alike = [ConnectionHealth(key, ConnectionState.FAILING, words, last_good_at=at) for key, at in good_at.items()]
    others = [ConnectionHealth(key, ConnectionState.FAILING, "Refused.") for key in ("d", "e")]
    for one in (*alike, *others):
        store.writer.put_connection(Connection(one.connection_id, "http_probe", f"Probe {one.connection_id}"))
    store.writer.put_connection_health([*alike, *others]).result(10)
    store.leases.acquire("test", NOON, 11.0)
    found = OverviewReader(store).overview(LIVE).attention
    assert [item.name for item in found] == ["Probe a and 2 more", "Probe d", "Probe e"]
    assert (found[0].sentence, found[0].state, found[0].since_at) == (words, HealthState.STALE, good_at["b"])
    assert (found[0].connection_id, found[1].connection_id) == ("", "d")


def test_a_reading_keeps_the_name_and_the_labels_that_its_source_gives_it(bank: SqlStore) -> None:
    identity = SeriesIdentity("component/app-1", "disk_io", labels=(("device", "sda"),))
    series = SeriesInfo(1, identity, "metrics", NOON, NOON, 4.0)
    assert SignalReader(bank).readings([series], LIVE)[1].name == "disk_io (sda)"


def test_the_calendar_names_what_no_end_is_known_of(bank: SqlStore) -> None:
    calendar = IntegrationReader(bank).calendar(LIVE)
    assert next(one.name for one in calendar.entries).startswith("PayHub")
    assert "PayHub processor" in {one.name for one in calendar.undated}
