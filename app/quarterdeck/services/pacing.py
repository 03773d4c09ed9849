"""How long to wait before the next attempt: as often as is asked, and longer the more often it failed."""

from __future__ import annotations

SHORTEST_PAUSE_SECONDS = 0.2
LONGEST_RETRY_SECONDS = 60.0
_SHORTEST_RETRY_SECONDS = 1.0
_MOST_DOUBLINGS = 10


def poll_pause(every_seconds: float, failures: int, spent_seconds: float) -> float:
    """Seconds from the end of a poll that took `spent_seconds` to the next, after so many failures in a row.

    What is polled often is retried less often, up to once a minute; what is polled seldom is retried sooner than its
    interval. A poll that seems to have taken less than no time, because the clock was set back, prolongs nothing.
    """
    return max(SHORTEST_PAUSE_SECONDS, _wanted(every_seconds, failures) - max(0.0, spent_seconds))


def retry_pause(first_seconds: float, failures: int) -> float:
    """Seconds before a further attempt: twice as long after each failure."""
    return first_seconds * 2.0 ** min(max(failures - 1, 0), _MOST_DOUBLINGS)


def _wanted(every_seconds: float, failures: int) -> float:
    if not failures:
        return every_seconds
    first_seconds = max(_SHORTEST_RETRY_SECONDS, min(every_seconds, LONGEST_RETRY_SECONDS))
    pause = retry_pause(first_seconds, failures)
    if every_seconds < LONGEST_RETRY_SECONDS:
        return max(every_seconds, min(pause, LONGEST_RETRY_SECONDS))
    return min(every_seconds, pause)
