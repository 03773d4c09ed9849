"""What a person may ask of the store's upkeep: how long samples are kept, how it grows, room given back; in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import duration_words
from quarterdeck.sdk.durations import parse_duration
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.ports import Store
from quarterdeck.services.store_growth import DaysLeft, RetentionPolicy, RoomEnd, StoreGrowth
from quarterdeck.services.wording import quantity

FOREVER = "forever"
NO_LIMIT = "none"
_DAY_SECONDS = 86_400.0
_SIZE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*([kmgt]b)", re.ASCII)
_UNIT_BYTES = {"kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4}
_WAIT_SECONDS = 30.0
_SOON_DAYS = 2.0


@dataclass(frozen=True, slots=True)
class RetentionChange:
    """What is to be set, as it was typed: a duration or `forever` each, a size or `none`; None leaves it as it is."""

    samples: str | None = None
    fine: str | None = None
    coarse: str | None = None
    limit: str | None = None

    @property
    def is_any(self) -> bool:
        """Whether anything is to be set."""
        return any(one is not None for one in (self.samples, self.fine, self.coarse, self.limit))

    def applied(self, policy: RetentionPolicy) -> RetentionPolicy:
        """The policy with this set. Raises OperatorError for what is not understood or makes no sense."""
        changed = replace(
            policy,
            raw_days=policy.raw_days if self.samples is None else kept_days(self.samples),
            fine_days=policy.fine_days if self.fine is None else kept_days(self.fine),
            coarse_days=policy.coarse_days if self.coarse is None else kept_days(self.coarse),
            limit_bytes=policy.limit_bytes if self.limit is None else limit_bytes(self.limit),
        )
        changed.ensure_sensible()
        return changed


def change_retention(store: Store, change: RetentionChange) -> RetentionPolicy:
    """The policy in force after a change. Raises OperatorError."""
    policy = store.retention()
    if change.is_any:
        policy = change.applied(policy)
        store.housekeeping.set_retention(policy).result(_WAIT_SECONDS)
    return policy


def kept_days(text: str) -> float | None:
    """Days of a typed duration, None for `forever`. Raises OperatorError."""
    if text.strip().lower() == FOREVER:
        return None
    try:
        return parse_duration(text) / _DAY_SECONDS
    except ValueError as fault:
        message = f"{one_line(text, 40)} is no time to keep samples for: {fault}."
        raise OperatorError(message, f"Write for example 30d, or {FOREVER}.") from fault


def limit_bytes(text: str) -> int | None:
    """Bytes of a typed size, None for `none`. Raises OperatorError."""
    if text.strip().lower() == NO_LIMIT:
        return None
    match = _SIZE.fullmatch(text.strip().lower())
    if match is None:
        message = f"{one_line(text, 40)} is no size."
        raise OperatorError(message, f"Write for example 500MB or 10GB, or {NO_LIMIT}.")
    return int(float(match[1]) * _UNIT_BYTES[match[2]])


def kept_words(days: float | None) -> str:
    """How long something is kept: `30 d`, `forever`."""
    return FOREVER if days is None else duration_words(days * _DAY_SECONDS)


def growth_words(growth: StoreGrowth) -> str:
    """How fast a store grows: `12 MB a day (11 MB to 14 MB)`."""
    trend = growth.per_day
    if trend is None:
        return "not known yet, it takes some hours of collecting"
    if trend.low <= 0:
        return f"no sure growth ({quantity(trend.low, 'By')} to {quantity(trend.high, 'By')} a day)"
    bounds = f"{quantity(trend.low, 'By')} to {quantity(trend.high, 'By')}"
    return f"{quantity(trend.slope, 'By')} a day ({bounds})"


def room_words(growth: StoreGrowth) -> str:
    """When the store's room ends and what happens then, without a full stop; empty where no end can be told."""
    left = growth.days_left
    if left is None or growth.room_end is None:
        return ""
    if growth.room_end is RoomEnd.DISK:
        if left.likely == 0:
            return "The disk is full"
        return f"The disk is full in about {_days_words(left)} if nothing else fills it"
    limit = quantity(float(growth.policy.limit_bytes or 0), "By")
    if left.likely == 0:
        return f"At its limit of {limit}: the oldest single samples give way to their summaries"
    return f"Reaches its limit of {limit} in about {_days_words(left)}, then the oldest single samples give way"


def _days_words(left: DaysLeft) -> str:
    """`5 d (4 d to 7 d)`; the bounds only where they differ from it."""
    likely, earliest, latest = (
        duration_words((days if days < _SOON_DAYS else round(days)) * _DAY_SECONDS)
        for days in (left.likely, left.earliest, left.latest)
    )
    return likely if earliest == latest else f"{likely} ({earliest} to {latest})"
