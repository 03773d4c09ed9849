"""Made-up answers of the overview's service, small enough to read."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning
from quarterdeck.services.attention import AttentionAction, AttentionItem
from quarterdeck.services.integrations import IntegrationRow
from quarterdeck.services.machines import MachineRow, Part, PartUse
from quarterdeck.services.moments import Moment
from quarterdeck.services.overview import DomainGroup, OverviewFigures, OverviewReport

NOON = datetime(2026, 11, 24, 12, 32).astimezone()
LIVE = Moment(TimeRange.ending(NOON, 6 * 3600), NOON)
DAY = 86400.0


def before(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


def row(name: str, state: HealthState = HealthState.HEALTHY, domain: str = "account") -> IntegrationRow:
    key = f"integration/{name.casefold().replace(' ', '-')}"
    return IntegrationRow(
        entity=Entity(key, EntityKind.INTEGRATION, name, domain=domain),
        partner_name="internal",
        partner_key="",
        state=state,
        reason="",
        cause="",
        since_at=before(6 * 24 * 60),
        ledger=Ledger(29 * DAY, 0.1 * DAY, 0.5 * DAY, 0.4 * DAY),
        response_time_seconds=0.084,
        response_statistic="p95",
        error_ratio=0.0002,
        requests_per_second=640.0,
        spark=np.array([1.0, 2.0, np.nan, 3.0]),
        spark_meaning=Meaning.RESPONSE_TIME,
        claimed=None,
        is_disputed=False,
        newest_at=before(0.05),
    )


def machine(name: str, state: HealthState = HealthState.HEALTHY, **changes: object) -> MachineRow:
    made = MachineRow(
        entity=Entity(f"component/{name}", EntityKind.COMPONENT, name, "platform"),
        state=state,
        reason="",
        since_at=before(3),
        uses=(
            PartUse(Part.PROCESSOR, 0.12),
            PartUse(Part.MEMORY, 0.42),
            PartUse(Part.FULLEST_DISK, 0.61, "/var"),
        ),
        spark=np.array([0.1, np.nan, 0.2, 0.12]),
        newest_at=before(0.05),
    )
    return replace(made, **changes)


def item(name: str, state: HealthState = HealthState.DOWN, **changes: object) -> AttentionItem:
    made = AttentionItem(
        name=name,
        state=state,
        sentence="Error rate 38%, above 25%",
        since_at=before(14),
        action=AttentionAction.OPEN_PERFORMANCE,
        entity_key=f"integration/{name.casefold()}",
    )
    return replace(made, **changes)


FIGURES = OverviewFigures(
    healthy=2,
    total=3,
    down=1,
    attention=1,
    availability=0.99671,
    counted_seconds=30 * DAY,
    requests_per_second=1284.0,
    sources_good=6,
    sources_total=7,
    next_expiry=None,
)


def report(**changes: object) -> OverviewReport:
    made = OverviewReport(
        figures=FIGURES,
        attention=(item("PayHub"),),
        domains=(
            DomainGroup("account", (row("Core accounts"), row("Statements"))),
            DomainGroup("bill_pay", (row("PayHub", HealthState.DOWN, "bill_pay"),)),
        ),
        is_empty=False,
    )
    return replace(made, **changes)
