"""Instants as sources write them: ISO 8601, or a number since 1970 in seconds, milliseconds, micro- or nanoseconds."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from quarterdeck.domain.instants import EPOCH, from_ms

EARLIEST_AT = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST_AT = datetime(2200, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 1e11
_MICROSECONDS_FROM = 1e14
_NANOSECONDS_FROM = 1e17


def read_instant(value: object) -> datetime | None:
    """The aware UTC instant a source means; None when it is none, or lies before 2000 or after 2200.

    A time without a zone is taken as UTC.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _of_number(float(value)) if abs(value) < 1e30 else None  # noqa: PLR2004 - no float holds more digits
    text = str(value).strip()
    if len(text) > 64:  # noqa: PLR2004 - no instant is written that long
        return None
    try:
        return _of_number(float(text))
    except ValueError:
        return _of_text(text)


def _of_number(number: float) -> datetime | None:
    if not math.isfinite(number):
        return None
    factor = 1000.0
    if abs(number) >= _NANOSECONDS_FROM:
        factor = 1e-6
    elif abs(number) >= _MICROSECONDS_FROM:
        factor = 1e-3
    elif abs(number) >= _MILLISECONDS_FROM:
        factor = 1.0
    try:
        return _of_this_era(from_ms(round(number * factor)))
    except OverflowError:
        return None


def _of_text(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        aware = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return _of_this_era(aware)


def _of_this_era(instant: datetime) -> datetime | None:
    return instant if max(EPOCH, EARLIEST_AT) <= instant < _LATEST_AT else None
