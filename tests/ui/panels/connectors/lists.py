"""Made-up connections, and a setting up that does what a test tells it to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from quarterdeck.domain.connections import (
    Connection,
    ConnectionHealth,
    ConnectionState,
    Reception,
    ReceptionKind,
)
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import TimeRange
from quarterdeck.sdk.connector import PreviewRow, SettingProblem
from quarterdeck.sdk.manifest import Manifest, RecordKind, SettingSpec
from quarterdeck.sdk.setting_kinds import SettingKind
from quarterdeck.services.connection_drafts import ConnectionDraft
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.connections import ConnectorKinds, SaveOutcome
from quarterdeck.services.moments import Moment
from quarterdeck.services.sources import SourceList, SourceRow

NOON = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
DAY = TimeRange.ending(NOON, 86400)
KEEPING = "Kept in memory, never in the store."
LOCKED = OperatorError("The keyring is locked.", "Unlock it.")

METRICS = Manifest(
    id="prometheus",
    version="1.0.0",
    sdk=1,
    title="Prometheus query API",
    summary="Prometheus and its kin. Reads only.",
    records=(RecordKind.SAMPLES,),
    poll_seconds=15.0,
    settings=(
        SettingSpec(key="address", label="Address", hint="Where the server is.", required=True),
        SettingSpec(
            key="token",
            label="Token",
            hint="Sent as a bearer token. Kept in the keyring of this computer, never in the store.",
            secret=True,
            required=True,
        ),
        SettingSpec(key="history_days", label="History", hint="Days.", kind=SettingKind.NUMBER, default=30, minimum=0),
        SettingSpec(key="verify", label="Check the certificate", kind=SettingKind.FLAG, default=True, advanced=True),
        SettingSpec(
            key="mode", label="Mode", kind=SettingKind.CHOICE, choices=("copy", "read_through"), default="copy"
        ),
    ),
)
PLAIN = Manifest(
    id="this_machine",
    version="1.0.0",
    sdk=1,
    title="This machine",
    summary="This computer.",
    records=(RecordKind.SAMPLES,),
    poll_seconds=5.0,
)
PASSED = ConnectionTest(
    True,
    "Prometheus 2.42, this login can only read.",
    duration_ms=84.0,
    preview=(PreviewRow("http_requests_total", "throughput", 1318),),
    remarks=("The clock is 0.3 s behind.",),
    estimate="About 31 M samples, 16 MB, 3 min in the background.",
)
REFUSED = ConnectionTest(False, "The server refuses the token.", "Give another one.", duration_ms=2100.0)


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


def connection(connection_id: str = "metrics", **changes: Any) -> Connection:
    made = Connection(
        connection_id,
        "prometheus",
        connection_id.replace("-", " ").capitalize(),
        settings=(("address", "https://metrics.test"), ("history_days", 90)),
        secret_names=("token",),
    )
    return replace(made, **changes)


def health(state: ConnectionState = ConnectionState.GOOD, **changes: Any) -> ConnectionHealth:
    made = ConnectionHealth("metrics", state, last_attempt_at=NOON, last_good_at=ago(seconds=4))
    return replace(made, **changes)


def received(*stretches: tuple[ReceptionKind, float, float]) -> tuple[Reception, ...]:
    """Stretches as kind, hours ago from, hours ago to."""
    return tuple(Reception("metrics", kind, ago(hours=first), ago(hours=last)) for kind, first, last in stretches)


ALL_DAY = received((ReceptionKind.RECEIVED, 24, 0))


def row(
    held: Connection | None = None,
    told: ConnectionHealth | None = None,
    *,
    series: int = 12,
    reception: tuple[Reception, ...] = ALL_DAY,
) -> SourceRow:
    gaps = sum(one.kind is ReceptionKind.MISSING for one in reception)
    return SourceRow(held or connection(), told or health(), series, gaps, reception)


def source_list(*rows: SourceRow, silent_since_at: datetime | None = None) -> SourceList:
    return SourceList(rows, DAY, silent_since_at)


@dataclass
class ScriptedSources:
    """Answers with the rows it was given; fails when told to."""

    answer: SourceList = field(default_factory=lambda: source_list(row()))
    fault: OperatorError | None = None
    asked: list[tuple[Moment, datetime | None]] = field(default_factory=list)

    def sources(self, moment: Moment, *, now: datetime | None = None) -> SourceList:
        self.asked.append((moment, now))
        if self.fault is not None:
            raise self.fault
        return self.answer


@dataclass
class ScriptedSetup:
    """Keeps connections in memory and answers tests as told."""

    manifests: Sequence[Manifest] = (METRICS, PLAIN)
    faults: tuple[str, ...] = ()
    held: dict[str, Connection] = field(default_factory=lambda: {"metrics": connection()})
    outcome: ConnectionTest = PASSED
    problems: tuple[SettingProblem, ...] = ()
    fault: OperatorError | None = None
    remainder: str = ""
    tested: list[ConnectionDraft] = field(default_factory=list)
    saved: list[ConnectionDraft] = field(default_factory=list)
    secret_asks: int = 0

    def kinds(self) -> ConnectorKinds:
        self._refuse()
        return ConnectorKinds(tuple(self.manifests), self.faults)

    def secret_words(self) -> str:
        self.secret_asks += 1
        return KEEPING

    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.held.values())

    def connection(self, connection_id: str) -> Connection:
        self._refuse()
        return self.held[connection_id]

    def test(self, draft: ConnectionDraft) -> ConnectionTest:
        self.tested.append(draft)
        return self.outcome

    def test_saved(self, connection_id: str) -> ConnectionTest:
        self._refuse()
        return self.outcome

    def save(self, draft: ConnectionDraft) -> SaveOutcome:
        self.saved.append(draft)
        self._refuse()
        if self.problems:
            return SaveOutcome(None, self.problems)
        kept = Connection(draft.connection_id or "new-one", draft.connector_id, draft.name, draft.settings)
        self.held[kept.id] = kept
        return SaveOutcome(kept)

    def set_enabled(self, connection_id: str, *, enabled: bool) -> Connection:
        self._refuse()
        self.held[connection_id] = replace(self.held[connection_id], enabled=enabled)
        return self.held[connection_id]

    def remove(self, connection_id: str) -> str:
        self._refuse()
        del self.held[connection_id]
        return self.remainder

    def _refuse(self) -> None:
        if self.fault is not None:
            raise self.fault
