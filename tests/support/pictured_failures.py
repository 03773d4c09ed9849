"""What the pictured bank's events tell of failures: a payment partner's outage, its usual refusals, bounced mail."""

from datetime import UTC, datetime, timedelta

import numpy as np

from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import facts_of
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ports import Cursors, Ingest, Store
from tests.support.pictured_bank import EVENTS, NOON

HOURS = 13
PAYHUB, AGGREGATION = "integration/payhub-processor", "integration/account-aggregation"
KINDS = (
    ("payment.rejected", PAYHUB, "429", "rate limit for partner payhub reached, retry after {n} s", 14.0),
    ("payment.rejected", PAYHUB, "502", "connection reset by payhub-eu-{n}", 3.0),
    ("balance.refresh_failed", AGGREGATION, "504", "GET /accounts/{case}/balances timed out after {n} ms", 5.0),
    ("consent.refused", AGGREGATION, "401", "consent {case} of Harbour Mutual expired", 2.0),
    (
        "notification.bounced",
        "integration/notification-dispatcher",
        "550",
        "mailbox of case {case} does not exist",
        4.0,
    ),
)
"""Type, whom it is told of, code, message, and how many an hour."""


def add_failures(store: Store, now: datetime = NOON) -> None:
    """Write the failures of thirteen hours and wait until they are durable."""
    dice = np.random.default_rng(5)
    events = [
        _failure(kind, number, float(minutes), int(dice.integers(1, 900)), now)
        for number, kind in enumerate(KINDS)
        for minutes in dice.uniform(0, HOURS * 60, int(kind[4] * HOURS))
    ]
    outage = ("payment.rejected", PAYHUB, "503", "POST /v2/payments upstream payhub-eu-1 timed out after {n} ms", 0.0)
    events += [_failure(outage, 9, float(at), int(dice.integers(2000, 3000)), now) for at in dice.uniform(0, 14, 1812)]
    events += [_failure(outage, 9, float(at), 2050, now) for at in (412.0, 518.0, 700.0)]
    ordered = sorted(events, key=lambda event: event.occurred_at)
    store.writer.ingest(Ingest(EVENTS, Batch(events=tuple(ordered)), now, Cursors(last_good_at=now))).result(30.0)


def _failure(kind: tuple[str, str, str, str, float], number: int, minutes: float, n: int, now: datetime) -> Event:
    name, key, code, message, _ = kind
    at = (now - timedelta(minutes=minutes)).astimezone(UTC)
    case = f"PAY-{int(minutes * 977):X}"
    facts = facts_of({"message": message.format(n=n, case=case), "status": code})
    return Event("/demo-bank", f"{number}-{minutes:.5f}", name, at, key, case, facts)
