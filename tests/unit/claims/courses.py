"""Short ways to say what was claimed and what was measured, in minutes after noon."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from quarterdeck.analysis.claim_courses import Course, Stretch
from quarterdeck.analysis.claim_log import Pair
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.claims import ClaimSpan
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, to_ms

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
H = HealthState
WORDS = {"up": H.HEALTHY, "slow": H.DEGRADED, "down": H.DOWN, "work": H.MAINTENANCE, "?": H.UNKNOWN, "old": H.STALE}


def minute(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def hours(count: float) -> TimeRange:
    """The range from noon on."""
    return TimeRange(NOON, minute(60 * count))


def claim(minutes: float, state: str, key: str = "partner/payhub") -> ClaimedStatus:
    """A claim read so many minutes after noon."""
    return ClaimedStatus(key, minute(minutes), WORDS[state], f"The page says {state}")


def course(text: str, *, ends: float = 24 * 60) -> Course:
    """A course from `0 up, 30 down, 45 up`: the minute at which each state begins; the last holds to the end."""
    parts = [part.split() for part in text.split(",") if part.strip()]
    begins = [float(part[0]) for part in parts]
    stretches = [
        Stretch(to_ms(minute(begin)), to_ms(minute(end)), WORDS[part[1]], part[1])
        for part, begin, end in zip(parts, begins, [*begins[1:], ends], strict=True)
    ]
    return Course(stretches, "nothing")


def pair(claimed: str, measured: str, key: str = "integration/payments") -> Pair:
    """One entity by what is claimed of it and what is measured of it."""
    return Pair(key, course(claimed), course(measured))


def told(spans: Sequence[ClaimSpan]) -> list[str]:
    """Spans as `understated 10-25`, in minutes after noon."""
    return [
        f"{span.standing.value} {(span.from_at - NOON).total_seconds() / 60:g}-"
        f"{(span.to_at - NOON).total_seconds() / 60:g}"
        for span in spans
    ]
