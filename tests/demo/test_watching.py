"""The bank as the ordinary connectors see it: every connection of its estate, against its real servers."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quarterdeck.demo.bank_clock import system_now
from quarterdeck.demo.estate import estate_document
from quarterdeck.domain.checks import CheckOutcome
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.connector import Connector, ConnectorContext, Purpose, Window
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.sdk.testing.context import (
    Collected,
    StandingClock,
    collect_all,
    context_for,
    live_window,
    settings_for,
)
from tests.demo.open_banks import OpenBank, open_bank
from tests.demo.worlds import MovableClock

KEY_MEANINGS = {Meaning.RESPONSE_TIME, Meaning.THROUGHPUT, Meaning.ERROR_RATE}


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """One connection with its connector, ready to be polled."""

    connection: Connection
    connector: Connector
    context: ConnectorContext
    clock: StandingClock


def watches(bank: OpenBank, **changed: float) -> dict[str, Watch]:
    """Every connection of the bank's estate, with settings changed where they have them."""
    registry = EntryPointRegistry()
    declared = parse_estate(estate_document(bank.addresses, datetime.now(UTC)).encode(), "estate.yaml")
    found: dict[str, Watch] = {}
    for connection in declared.connections:
        loaded = registry.load(connection.connector_id)
        clock = StandingClock(datetime.now(UTC))
        settings = dict(connection.settings)
        settings |= {key: value for key, value in changed.items() if key in settings}
        context = context_for(settings_for(loaded.manifest, settings), clock=clock)
        found[connection.id] = Watch(connection, loaded.connector, context, clock)
    return found


async def polled(watch: Watch) -> Collected:
    """Two live polls one after the other, for rates need two."""
    first = await collect_all(watch.connector, watch.context)
    watch.clock.at = max(datetime.now(UTC), watch.clock.at + timedelta(seconds=1))
    window = live_window(watch.context)
    second = await collect_all(watch.connector, watch.context, window=window, cursor=first.cursor)
    return Collected(first.batches + second.batches, first.fault or second.fault)


@pytest.fixture
async def calm(tmp_path: Path) -> AsyncIterator[dict[str, Watch]]:
    async with open_bank(tmp_path, now=system_now) as bank:
        yield watches(bank)


@pytest.fixture
async def usual(tmp_path: Path) -> AsyncIterator[dict[str, Watch]]:
    async with open_bank(tmp_path, None, now=system_now) as bank:
        yield watches(bank)


async def test_every_connection_of_a_calm_bank_passes_its_own_test_and_yields_records(calm: dict[str, Watch]) -> None:
    for watch in calm.values():
        assert (await watch.connector.check(watch.context)).words
        seen = await polled(watch)
        assert seen.fault is None, watch.connection.id
        assert sum(batch.record_count for batch in seen.batches), watch.connection.id


async def test_no_two_connections_tell_the_same_signal_of_the_same_entity(calm: dict[str, Watch]) -> None:
    told: Counter[tuple[str, str, str]] = Counter()
    for watch in calm.values():
        identities = {identity for batch in (await polled(watch)).batches for identity in batch.samples.identities}
        told.update(
            (identity.entity_key, identity.meaning, identity.statistic)
            for identity in identities
            if identity.meaning is not Meaning.OTHER and not identity.labels
        )
    assert [signal for signal, count in told.items() if count > 1] == []


async def test_the_key_signals_of_every_integration_and_service_come_every_fifteen_seconds(
    calm: dict[str, Watch], tmp_path: Path
) -> None:
    metrics = calm["bank-metrics"]
    batches = [*(await polled(metrics)).batches]
    async with open_bank(tmp_path / "standing") as bank:
        exporter = watches(bank)["payments-exporter"]
        batches += await _two_polls(exporter, bank.clock)
    assert max(metrics.connection.poll_seconds, exporter.connection.poll_seconds) <= 15
    told: dict[str, set[Meaning]] = {}
    for identity in (identity for batch in batches for identity in batch.samples.identities):
        told.setdefault(identity.entity_key, set()).add(identity.meaning)
    wanted = [key for key in told if key.partition("/")[0] in {"integration", "service"}]
    assert len(wanted) == 22
    assert {key: KEY_MEANINGS - told[key] for key in wanted if not told[key] >= KEY_MEANINGS} == {}


async def test_history_arrives_by_the_ordinary_back_fill(calm: dict[str, Watch]) -> None:
    watch = calm["bank-metrics"]
    end_at = watch.context.now() - timedelta(days=60)
    window = Window(TimeRange(end_at - timedelta(hours=6), end_at), Purpose.BACKFILL)
    seen = await collect_all(watch.connector, watch.context, window=window)
    assert seen.fault is None
    assert sum(len(batch.samples) for batch in seen.batches) > 160 * 6 * 12 * 0.95


async def test_the_usual_opening_is_seen_as_what_it_is(usual: dict[str, Watch]) -> None:
    [refused] = [check for batch in (await polled(usual["payhub-probe"])).batches[:1] for check in batch.checks]
    assert refused.outcome is CheckOutcome.FAILED
    assert "503" in refused.summary
    assert isinstance((await polled(usual["push-exporter"])).fault, Unreachable)
    assert _last(await polled(usual["bank-metrics"]), "integration/payhub-processor", Meaning.ERROR_RATE) > 0.25
    [certificate] = [check for batch in (await polled(usual["northgate-probe"])).batches[:1] for check in batch.checks]
    assert certificate.outcome is CheckOutcome.PASSED


async def test_partners_claim_less_than_is_measured(usual: dict[str, Watch]) -> None:
    claims = {
        claim.entity_key: claim.state
        for watch in usual.values()
        if watch.connection.connector_id == "status_page"
        for batch in (await polled(watch)).batches
        for claim in batch.claimed
    }
    assert claims["integration/payhub-processor"] is HealthState.DEGRADED
    assert claims["integration/push"] is HealthState.HEALTHY
    assert claims["partner/payhub"] is HealthState.DEGRADED
    assert claims["partner/tessera"] is HealthState.HEALTHY
    assert claims["partner/carillon"] is HealthState.HEALTHY


async def test_a_release_comes_as_an_event_and_as_a_change(tmp_path: Path) -> None:
    async with open_bank(tmp_path, ("bad_deploy",), now=system_now) as bank:
        batches = await _all_events(watches(bank, first_hours=1.0)["business-events"])
    changes = [change for batch in batches for change in batch.changes]
    assert any(change.entity_key == "service/payment-order-initiation" for change in changes)
    assert all(change.summary for change in changes)


async def _two_polls(watch: Watch, clock: MovableClock) -> list[Batch]:
    """What two polls yield that lie fifteen seconds apart by the bank's own clock."""
    batches: list[Batch] = []
    cursor: str | None = None
    for _ in range(2):
        clock.ms += 15_000
        watch.clock.at = clock.now()
        seen = await collect_all(watch.connector, watch.context, cursor=cursor)
        assert seen.fault is None
        cursor = seen.cursor or cursor
        batches += seen.batches
    return batches


async def _all_events(watch: Watch) -> list[Batch]:
    batches: list[Batch] = []
    cursor: str | None = None
    while not batches or not batches[-1].caught_up:
        seen = await collect_all(watch.connector, watch.context, cursor=cursor)
        assert seen.fault is None
        cursor = seen.cursor or cursor
        batches += seen.batches
    return batches


def _last(seen: Collected, entity_key: str, meaning: Meaning) -> float:
    values: list[float] = []
    for samples in (batch.samples for batch in seen.batches):
        found = [(one.entity_key, one.meaning) == (entity_key, meaning) for one in samples.identities]
        values += [float(v) for v, index in zip(samples.values, samples.series_index, strict=True) if found[index]]
    return values[-1]
