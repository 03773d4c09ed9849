"""Made-up answers for the Integrations panel, small enough to read."""

from dataclasses import replace

from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.expiry_calendar import ExpiryCalendar, ExpiryEntry, ExpiryKind, UndatedEntry
from quarterdeck.services.integrations import IntegrationList, IntegrationRow
from tests.ui.panels.overview.reports import before, row

H = HealthState


def partnered(made: IntegrationRow, partner: str, **changes: object) -> IntegrationRow:
    return replace(made, partner_name=partner, partner_key=f"partner/{partner.casefold()}", **changes)


def claim(state: HealthState, words: str = "All systems operational") -> ClaimedStatus:
    return ClaimedStatus("partner/payhub", before(9), state, words)


CORE = partnered(row("Core accounts"), "Northgate", claimed=claim(H.HEALTHY))
STATEMENTS = row("Statements")
PAYHUB = partnered(
    row("PayHub processor", H.DOWN, "bill_pay"),
    "PayHub",
    reason="Error rate 38%, above 25%",
    cause="series:error_rate",
    since_at=before(14),
    claimed=claim(H.DEGRADED, "Elevated error rates"),
    is_disputed=True,
    error_ratio=0.38,
)
FILES = partnered(
    row("Settlement files", H.MAINTENANCE, "bill_pay"),
    "Northgate",
    reason="Maintenance until 14:00",
    response_time_seconds=None,
    error_ratio=None,
    requests_per_second=None,
)
PUSH = partnered(
    row("Push", H.STALE, "notification"),
    "Carillon",
    reason="No fresh data",
    newest_at=before(22),
    response_time_seconds=None,
    error_ratio=None,
    requests_per_second=None,
)
ALL = IntegrationList((CORE, STATEMENTS, PAYHUB, FILES, PUSH))


def expiry(name: str, days: float, state: HealthState = H.HEALTHY, **changes: object) -> Expiry:
    made = Expiry(
        entity_key=f"partner/{name.casefold()}",
        name=name,
        kind=EntityKind.PARTNER,
        label="",
        ends_at=before(-days * 24 * 60),
        days_left=days,
        state=state,
        seen_at=before(0.1),
        used_by=("Core accounts", "Payee directory"),
        subject="CN=core.example,O=Northgate",
        issuer="O=Meridian, CN=Meridian CA 3",
        is_verified=True,
    )
    return replace(made, **changes)


EXPIRIES = (expiry("PayHub", 9.7, H.DEGRADED), expiry("Northgate", 61.0), expiry("Carillon", -3.2, H.DOWN))


def ending(kind: ExpiryKind, name: str, days: float, state: HealthState = H.HEALTHY, **changes: object) -> ExpiryEntry:
    made = ExpiryEntry(
        kind=kind,
        entity_key=f"partner/{name.casefold()}",
        name=name,
        ends_at=before(-days * 24 * 60),
        days_left=days,
        state=state,
        seen_at=before(0.1),
        used_by=(f"{name} link",),
    )
    return replace(made, **changes)


CALENDAR = ExpiryCalendar(
    (
        ending(ExpiryKind.CERTIFICATE, "Carillon", -3.2, H.DOWN),
        ending(ExpiryKind.CERTIFICATE, "PayHub", 2.4, H.DEGRADED, used_keys=("integration/payhub-processor",)),
        ending(ExpiryKind.KEY, "Tessera", 9.0, seen_at=None, declared_on="Tessera"),
        ending(ExpiryKind.CONSENT, "Northgate", 61.0, seen_at=None, declared_on="Northgate → Core accounts"),
    ),
    (
        UndatedEntry("integration/push", "Push", (ExpiryKind.CERTIFICATE, ExpiryKind.KEY)),
        UndatedEntry("integration/files", "Files", (ExpiryKind.KEY,), ((ExpiryKind.KEY, "ask"),)),
    ),
)
