"""The demo bank at one fixed moment of one bad noon, written through a store's own writer: for pictures and readers.

A payment partner rejects, an aggregation is slow, push messages are silent, files wait in maintenance, a disk fills.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from quarterdeck.demo.bank import BankAddresses
from quarterdeck.demo.cast import INTEGRATIONS, IntegrationSpec
from quarterdeck.demo.estate import estate_document
from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.connections import (
    BackfillProgress,
    ConnectionHealth,
    ConnectionState,
    Reception,
    ReceptionKind,
)
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.estate_document import parse_estate
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.ports import Cursors, EstateChange, Ingest, StateChange, Store

NOON = datetime(2026, 11, 24, 12, 32, tzinfo=UTC)
PATIENCE_SECONDS = 30.0
HISTORY = timedelta(days=41)
SAMPLED = timedelta(hours=7)
STEP_SECONDS = 30
METRICS = "bank-metrics"
PUSH_SOURCE = "push-exporter"
EVENTS = "business-events"
PUSH = "integration/push"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A state that began so many minutes before noon, and what it does to the signals."""

    state: HealthState
    minutes: float
    reason: str
    cause: str = ""
    p95_seconds: float = 0.0
    errors: float = 0.0


TROUBLES = {
    "integration/payhub-processor": Trouble(
        HealthState.DOWN, 14, "Error rate 26%, above 25%", "series:error_rate", p95_seconds=1.9, errors=0.38
    ),
    "integration/account-aggregation": Trouble(
        HealthState.DEGRADED, 31, "p95 response time 2.3 s, above 2.2 s", "series:response_time:p95", p95_seconds=2.9
    ),
    "integration/notification-dispatcher": Trouble(
        HealthState.DEGRADED, 12, "Error rate 2.4%, above 2.0%", "series:error_rate", errors=0.031
    ),
    PUSH: Trouble(HealthState.STALE, 21, "No fresh data", "freshness"),
    "integration/settlement-files": Trouble(HealthState.MAINTENANCE, 32, "Maintenance until 14:00"),
    "component/ledger-db": Trouble(HealthState.DEGRADED, 130, "Storage in use 91%, above 90%", "series:storage"),
    "partner/payhub": Trouble(HealthState.DOWN, 13, "Answered HTTP 503 (Service Unavailable).", "check:PayHub probe"),
}
OUTAGES = {
    "integration/payhub-processor": 1100.0,
    "integration/account-aggregation": 340.0,
    "integration/notification-dispatcher": 150.0,
    "integration/sms-gateway": 31.0,
    "integration/open-banking-api": 22.0,
    "integration/core-accounts": 9.0,
}
"""Minutes of an earlier outage, for an availability that differs."""

CERTIFICATES = (
    ("partner/payhub", "PayHub probe", 9.4, "CN=payhub.example", "CN=Meridian Issuing CA 3, O=Meridian Trust", "yes"),
    ("partner/northgate", "Northgate probe", 61.0, "CN=127.0.0.1", "CN=Northgate Root", "yes"),
    ("partner/tessera", "Tessera probe", 143.2, "CN=api.tessera.example", "CN=Meridian Issuing CA 3", "yes"),
    ("partner/carillon", "Carillon probe", 31.0, "CN=relay.carillon.example", "CN=relay.carillon.example", "no"),
)
CALM = "All systems operational"
CLAIMS = (
    ("partner/payhub", HealthState.DEGRADED, "Elevated error rates on submissions", 9),
    ("partner/tessera", HealthState.HEALTHY, CALM, 2),
    ("partner/northgate", HealthState.HEALTHY, CALM, 1),
    ("partner/carillon", HealthState.HEALTHY, CALM, 3),
)


def build_bank(store: Store, *, now: datetime = NOON) -> None:
    """Write the whole bank and wait until it is durable; a collector holds the store's lease as of `now`."""
    declared = parse_estate(estate_document(_addresses(), now).encode(), "demo.yaml")
    connections = declared.connections
    change = EstateChange(
        changed_at=now - HISTORY,
        source=declared.source,
        put_entities=declared.entities,
        put_relations=declared.relations,
        put_connections=connections,
    )
    writer = store.writer
    keys = [entity.key for entity in declared.entities]
    writer.change_estate(change)
    writer.change_states([_states(key, now) for key in keys])
    for spec in INTEGRATIONS:
        _take(store, PUSH_SOURCE if spec.key == PUSH else METRICS, Batch(_signals(spec, now)), now)
    _take(store, METRICS, Batch(_storage(now)), now)
    _take(store, "probes", Batch(_expiries(now), _checks(now), claimed=_claims(now)), now)
    for connection in connections:
        reception = _reception(connection.id, now)
        writer.ingest(Ingest(connection.id, Batch(), now, Cursors(last_good_at=now), reception))
    last = writer.put_connection_health([_health(one.id, one.name, now) for one in connections])
    last.result(PATIENCE_SECONDS)
    store.leases.acquire("the pictures", now, 11.0)


def _take(store: Store, connection_id: str, batch: Batch, now: datetime) -> None:
    store.writer.ingest(Ingest(connection_id, batch, now, Cursors(last_good_at=now)))


def _addresses() -> BankAddresses:
    door = "http://127.0.0.1:{}/{}".format
    return BankAddresses(
        metrics=door(18001, ""),
        payments_exporter=door(18002, "metrics"),
        push_exporter=door(18003, "metrics"),
        events=door(18004, "events"),
        payhub_health=door(18005, "health"),
        tessera_health=door(18006, "health"),
        northgate_health="https://127.0.0.1:18007/health",
        carillon_health=door(18008, "health"),
        status_pages=door(18009, "status"),
        control=door(18010, ""),
        authority_file=Path("demo-authority.pem"),
    )


def _states(key: str, now: datetime) -> StateChange:
    start_at = now - HISTORY
    spans = list(_spans(key, start_at, now))
    intervals = [
        StateInterval(key, state, reason, from_at, to_at, cause)
        for (state, reason, cause, from_at), to_at in zip(spans, [s[3] for s in spans[1:]] + [None], strict=True)
    ]
    return StateChange(key, TimeRange(start_at, now), tuple(intervals), open_ended=True)


def _spans(key: str, start_at: datetime, now: datetime) -> Iterator[tuple[HealthState, str, str, datetime]]:
    yield HealthState.HEALTHY, "", "", start_at
    if key in OUTAGES:
        broke_at = now - timedelta(days=6, hours=3 + len(key) % 5)
        yield HealthState.DOWN, "Error rate 61%, above 25%", "series:error_rate", broke_at
        yield HealthState.HEALTHY, "", "", broke_at + timedelta(minutes=OUTAGES[key])
    elif len(key) % 2:
        slow_at = now - timedelta(days=5 + len(key), hours=2)
        yield HealthState.DEGRADED, "p95 response time above its bound", "series:response_time:p95", slow_at
        yield HealthState.HEALTHY, "", "", slow_at + timedelta(minutes=25)
    if key in TROUBLES:
        trouble = TROUBLES[key]
        yield trouble.state, trouble.reason, trouble.cause, now - timedelta(minutes=trouble.minutes)


def _signals(spec: IntegrationSpec, now: datetime) -> Samples:
    rng = np.random.default_rng(sum(map(ord, spec.key)))
    trouble = TROUBLES.get(spec.key)
    newest_at = now - timedelta(seconds=2 + len(spec.key) % 3)
    if trouble and trouble.state is HealthState.STALE:
        newest_at = now - timedelta(minutes=trouble.minutes + 1)
    count = int(SAMPLED.total_seconds() // STEP_SECONDS)
    times_ms = to_ms(newest_at) - (np.arange(count)[::-1] * STEP_SECONDS * 1000)
    ramp = _ramp(times_ms, now, trouble)
    usual_p95 = spec.median_seconds * spec.p95_factor
    p95 = usual_p95 * np.exp(0.6 * spec.unrest * _walk(rng, count))
    errors = np.abs(spec.errors * (1 + 0.5 * rng.standard_normal(count)))
    rate = spec.rate * (1 + 0.04 * _walk(rng, count))
    if trouble and trouble.p95_seconds:
        p95 = p95 * (1 - ramp) + ramp * trouble.p95_seconds * (1 + 0.03 * rng.standard_normal(count))
    if trouble and trouble.errors:
        errors = errors * (1 - ramp) + ramp * trouble.errors
    if trouble and trouble.state is HealthState.MAINTENANCE:
        p95, errors, rate = (np.where(ramp > 0, np.nan, values) for values in (p95, errors, rate))
    columns = (
        (SeriesIdentity(spec.key, "response_time", Meaning.RESPONSE_TIME, "s", "p95"), p95),
        (SeriesIdentity(spec.key, "response_time", Meaning.RESPONSE_TIME, "s", "p50"), p95 / spec.p95_factor),
        (SeriesIdentity(spec.key, "throughput", Meaning.THROUGHPUT, "1/s"), rate),
        (SeriesIdentity(spec.key, "error_rate", Meaning.ERROR_RATE, "ratio"), errors),
    )
    return Samples.joined([Samples.of_series(identity, times_ms, values) for identity, values in columns])


def _ramp(times_ms: npt.NDArray[np.int64], now: datetime, trouble: Trouble | None) -> npt.NDArray[np.float64]:
    """0 before a trouble, 1 once it is whole, four minutes in between."""
    if trouble is None:
        return np.zeros(len(times_ms))
    began_ms = to_ms(now - timedelta(minutes=trouble.minutes + 2))
    return np.clip((times_ms - began_ms) / 240_000, 0.0, 1.0)


def _walk(rng: np.random.Generator, count: int) -> npt.NDArray[np.float64]:
    """Noise that remembers, about one wide."""
    noise = rng.standard_normal(count)
    kernel = np.exp(-np.arange(40) / 9.0)
    smooth = np.convolve(noise, kernel, mode="same")
    return smooth / smooth.std() + 0.25 * noise


def _storage(now: datetime) -> Samples:
    identity = SeriesIdentity("component/ledger-db", "storage", Meaning.STORAGE, "ratio")
    times_ms = to_ms(now - timedelta(seconds=3)) - np.arange(120)[::-1] * 60_000
    return Samples.of_series(identity, times_ms, np.linspace(0.894, 0.913, 120))


def _expiries(now: datetime) -> Samples:
    seen_at = now - timedelta(seconds=6)
    days = {SeriesIdentity(key, "certificate_expiry", Meaning.EXPIRY, "d"): left for key, _, left, *_ in CERTIFICATES}
    return Samples.at(seen_at, days)


def _checks(now: datetime) -> tuple[CheckResult, ...]:
    seen_at = now - timedelta(seconds=6)
    return tuple(_check(certificate, seen_at) for certificate in CERTIFICATES)


def _check(certificate: tuple[str, str, float, str, str, str], seen_at: datetime) -> CheckResult:
    key, name, left, subject, issuer, verified = certificate
    facts = facts_of(
        {
            "certificate_subject": subject,
            "certificate_issuer": issuer,
            "certificate_not_after": (seen_at + timedelta(days=left)).isoformat(),
            "certificate_verified": verified,
            "tls_version": "TLSv1.3",
        }
    )
    return CheckResult(key, name, seen_at, CheckOutcome.PASSED, "Answered HTTP 200.", 0.03, facts)


def _claims(now: datetime) -> tuple[ClaimedStatus, ...]:
    """What each page says now, and that it said that all was well for as long as the bank is known, until then."""
    told = [ClaimedStatus(key, now - timedelta(minutes=minutes), state, words) for key, state, words, minutes in CLAIMS]
    calm = [replace(claim, state=HealthState.HEALTHY, words=CALM) for claim in told]
    first = [replace(claim, claimed_at=now - HISTORY) for claim in calm]
    until = [replace(claim, claimed_at=claim.claimed_at - timedelta(minutes=1)) for claim in calm]
    return tuple(sorted((*first, *until, *told), key=lambda claim: claim.claimed_at))


def _health(connection_id: str, name: str, now: datetime) -> ConnectionHealth:
    if connection_id == PUSH_SOURCE:
        return ConnectionHealth(
            connection_id,
            ConnectionState.FAILING,
            words="No answer: connection refused by push.carillon.example:443.",
            next_step="Start the exporter, or correct its address.",
            last_attempt_at=now,
            last_good_at=now - timedelta(minutes=22),
            failures_in_a_row=44,
        )
    if connection_id == EVENTS:
        return ConnectionHealth(
            connection_id,
            ConnectionState.LATE,
            words="38,112 events to catch up.",
            last_attempt_at=now,
            last_good_at=now - timedelta(seconds=41),
            newest_data_at=now - timedelta(minutes=12),
        )
    good = ConnectionHealth(
        connection_id, ConnectionState.GOOD, last_attempt_at=now, last_good_at=now - timedelta(seconds=len(name) % 9)
    )
    return replace(good, backfill=_progress(now)) if connection_id == METRICS else good


def _progress(now: datetime) -> BackfillProgress:
    return BackfillProgress(now - timedelta(days=90), now - timedelta(days=34, hours=7), 1_230_400)


def _reception(connection_id: str, now: datetime) -> tuple[Reception, ...]:
    """The last day of a connection: events were missed for an hour and come late, push messages stay out."""
    received, missing, late = ReceptionKind.RECEIVED, ReceptionKind.MISSING, ReceptionKind.LATE
    stretches = {
        EVENTS: ((received, 24 * 60, 17 * 60), (missing, 17 * 60, 16 * 60), (received, 16 * 60, 64), (late, 64, 0)),
        PUSH_SOURCE: ((received, 24 * 60, 22), (missing, 22, 0)),
    }
    parts = stretches.get(connection_id, ((received, 24 * 60, 0),))
    return tuple(
        Reception(connection_id, kind, now - timedelta(minutes=first), now - timedelta(minutes=last))
        for kind, first, last in parts
    )
