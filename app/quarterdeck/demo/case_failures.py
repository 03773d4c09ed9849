"""What goes wrong in single cases on an ordinary day, and what a slow partner adds: with the words of whoever refused.

Drawn from the case's own name, so that what else happens in a slot stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

AGGREGATION = "integration/account-aggregation"
DISPATCHER = "integration/notification-dispatcher"

_USUALLY_UNREFRESHED = 0.004
_USUALLY_BOUNCED = 0.006
_HOSTS = ("agg-1", "agg-2")


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """One failure: its type, whom it is told of, its code and its message, and after how many milliseconds it comes."""

    type: str
    entity_key: str
    code: str
    message: str
    after_ms: int

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The facts of its event."""
        return (("message", self.message), ("status", self.code))


def refresh_failure(case: str, *, is_slow: bool) -> CaseFailure | None:
    """Why an account was not refreshed; None for one of the many that were, which a slow partner has none of."""
    dice = Random(case)
    if not is_slow and dice.random() >= _USUALLY_UNREFRESHED:
        return None
    account, waited_ms = dice.randrange(10_000, 99_999), dice.randrange(8_000, 10_000)
    if is_slow:
        message = f"GET /accounts/{account}/balances at {dice.choice(_HOSTS)} timed out after {waited_ms} ms"
        return CaseFailure("balance.refresh_failed", AGGREGATION, "504", message, waited_ms)
    usual = (
        ("401", f"consent {dice.randrange(1 << 32):08x} of account {account} has expired"),
        ("404", f"account {account} is not known to the bank any more"),
        ("502", f"unreadable reply of {dice.choice(_HOSTS)}: {dice.randrange(2, 90)} bytes"),
    )
    code, message = dice.choice(usual)
    return CaseFailure("balance.refresh_failed", AGGREGATION, code, message, dice.randrange(60, 900))


def notice_failure(case: str, channel: str) -> CaseFailure | None:
    """Why a notice did not arrive; None for one of the many that did."""
    dice = Random(f"{case}-notice")
    if dice.random() >= _USUALLY_BOUNCED:
        return None
    customer = dice.randrange(100_000, 999_999)
    code, message = {
        "email": ("552", f"mailbox of customer {customer} is full"),
        "sms": (
            "480",
            f"handset of customer {customer} is not reachable, gave up after {dice.randrange(2, 6)} attempts",
        ),
        "push": ("410", f"device token {dice.randrange(1 << 40):010x} of customer {customer} is not valid any more"),
    }[channel]
    return CaseFailure("notification.bounced", DISPATCHER, code, message, dice.randrange(400, 9_000))
