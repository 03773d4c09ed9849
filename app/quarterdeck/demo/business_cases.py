"""What customers do: payments with all their steps, accounts linked, balances refreshed, drawn slot by slot.

A slot of ten seconds is drawn from its own number alone. What a fault does to a step depends on how much of it is felt
at the start of the step's slot, so that an event, once told, never changes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from quarterdeck.demo.case_failures import AGGREGATION, CaseFailure, notice_failure, refresh_failure
from quarterdeck.demo.cast import LINKS_A_SECOND, PAYMENTS_A_SECOND, REFRESHES_A_SECOND

SLOT_MS = 10_000
LONGEST_CASE_MS = 180_000

_INITIATION = "service/payment-order-initiation"
_RAIL = "service/payment-rail"
_CORRESPONDENCE = "service/correspondence"
_CHANNELS = (("sms", 0.32), ("email", 0.74), ("push", 1.0))
_USUALLY_REJECTED = 0.003
_REJECTED_IN_OUTAGE = 0.38
_LOST = 0.4
_REGIONS = ("eu-1", "eu-2", "eu-3")
_SKIPPED_WHILE_SLOW = 0.45
_BANKS = ("Harbour Mutual", "Old Mill Savings", "Brightwater", "Union of Crofters", "Lantern Bank")

Felt = Callable[[int], Mapping[str, float]]
"""How much of each fault is felt in a slot, by the slot's number."""


@dataclass(frozen=True, slots=True)
class BankEvent:
    """One occurrence as the bank's feed tells it; `at_ms` is milliseconds since the epoch."""

    at_ms: int
    event_id: str
    type: str
    entity_key: str
    correlation_key: str
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Busyness:
    """How busy payments and accounts are, 1 in a busy hour."""

    payments: float
    accounts: float


def cases_of_slot(slot: int, key: int, busyness: Busyness, felt: Felt) -> list[BankEvent]:
    """All events of the cases that begin in a slot; `key` is the slot's own source of randomness."""
    dice = Random(key)
    events: list[BankEvent] = []
    seconds = SLOT_MS / 1000.0
    for number in range(_poisson(dice, PAYMENTS_A_SECOND * busyness.payments * seconds)):
        events += _payment(dice, f"PAY-{slot:X}-{number:02d}", slot * SLOT_MS + dice.randrange(SLOT_MS), felt)
    for number in range(_poisson(dice, LINKS_A_SECOND * busyness.accounts * seconds)):
        events.append(_link(dice, f"LNK-{slot:X}-{number:02d}", slot * SLOT_MS + dice.randrange(SLOT_MS)))
    for number in range(_poisson(dice, REFRESHES_A_SECOND * busyness.accounts * seconds)):
        events.append(_refresh(dice, f"BAL-{slot:X}-{number:02d}", slot * SLOT_MS + dice.randrange(SLOT_MS), felt))
    return events


def _payment(dice: Random, case: str, at_ms: int, felt: Felt) -> list[BankEvent]:
    channel = _channel(dice)
    amount = f"{math.exp(dice.gauss(4.1, 1.0)):.2f}"
    accepted_ms = at_ms + int(dice.uniform(140, 1200))
    outage = felt(at_ms // SLOT_MS).get("payhub_outage", 0.0)
    submitted = BankEvent(at_ms, f"{case}-1", "payment.submitted", _INITIATION, case, (("amount_eur", amount),))
    if dice.random() < _USUALLY_REJECTED + _REJECTED_IN_OUTAGE * outage:
        return [submitted, _rejection(dice, case, at_ms, outage)]
    accepted = BankEvent(accepted_ms, f"{case}-2", "payment.accepted", _INITIATION, case, (("amount_eur", amount),))
    return [
        submitted,
        accepted,
        _settlement(dice, case, accepted_ms, felt),
        *_notice(dice, case, accepted_ms, channel, felt),
    ]


def _rejection(dice: Random, case: str, at_ms: int, outage: float) -> BankEvent:
    host = f"payhub-{dice.choice(_REGIONS)}"
    if outage > 0.0:
        waited_ms = int(dice.uniform(2000, 3000))
        status, message = "503", f"POST /v2/payments upstream {host} timed out after {waited_ms} ms"
    else:
        usual = ((90, "429", "rate limit for partner payhub"), (40, "502", f"connection reset by {host}"))
        waited_ms, status, message = dice.choice(usual)
    facts = (("message", message), ("status", status))
    return BankEvent(at_ms + waited_ms, f"{case}-2", "payment.rejected", "integration/payhub-processor", case, facts)


def _settlement(dice: Random, case: str, accepted_ms: int, felt: Felt) -> BankEvent:
    usual_ms = accepted_ms + int(dice.uniform(4_000, 42_000))
    held = felt(usual_ms // SLOT_MS).get("queue_buildup", 0.0)
    at_ms = usual_ms + int(held * dice.uniform(30_000, 110_000))
    return BankEvent(at_ms, f"{case}-3", "payment.settled", _RAIL, case, (("rail", "instant"),))


def _notice(dice: Random, case: str, accepted_ms: int, channel: str, felt: Felt) -> list[BankEvent]:
    asked_ms = accepted_ms + int(dice.uniform(80, 700))
    told_ms = asked_ms + int(dice.uniform(700, 8_000))
    facts = (("channel", channel),)
    asked = BankEvent(asked_ms, f"{case}-4", "notification.requested", _CORRESPONDENCE, case, facts)
    bounced = notice_failure(case, channel)
    lost = dice.random() < _LOST * felt(told_ms // SLOT_MS).get("lost_notifications", 0.0)
    if lost:
        return [asked]
    if bounced is not None:
        return [asked, _failed(bounced, f"{case}-5", asked_ms, case)]
    return [asked, BankEvent(told_ms, f"{case}-5", "notification.delivered", f"channel/{channel}", case, facts)]


def _link(dice: Random, case: str, at_ms: int) -> BankEvent:
    return BankEvent(at_ms, f"{case}-1", "account.linked", AGGREGATION, case, (("bank", dice.choice(_BANKS)),))


def _failed(failure: CaseFailure, event_id: str, at_ms: int, case: str) -> BankEvent:
    return BankEvent(at_ms + failure.after_ms, event_id, failure.type, failure.entity_key, case, failure.facts)


def _refresh(dice: Random, case: str, at_ms: int, felt: Felt) -> BankEvent:
    accounts = str(dice.randint(1, 6))
    slow = felt(at_ms // SLOT_MS).get("slow_aggregation", 0.0)
    failure = refresh_failure(case, is_slow=dice.random() < _SKIPPED_WHILE_SLOW * slow)
    if failure is not None:
        return _failed(failure, f"{case}-1", at_ms, case)
    return BankEvent(at_ms, f"{case}-1", "balance.refreshed", AGGREGATION, case, (("accounts", accounts),))


def _channel(dice: Random) -> str:
    share = dice.random()
    return next(name for name, upto in _CHANNELS if share < upto)


def _poisson(dice: Random, mean: float) -> int:
    """A Poisson number by multiplication (Knuth), for small means."""
    bound, product, count = math.exp(-mean), dice.random(), 0
    while product > bound:
        product *= dice.random()
        count += 1
    return count
