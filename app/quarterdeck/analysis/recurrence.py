"""When a maintenance window comes again: rules of RFC 5545 in local time, checked before they are kept.

A local time that a change of the clocks leaves out is read with the offset before the change, and one that it brings
twice is the first of the two, as RFC 5545 (section 3.3.5) has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from dateutil.rrule import rrulebase

_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_PARTS = {
    *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"),
    *("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "BYYEARDAY"),
}
_MOST = {"INTERVAL": 1_000, "COUNT": 10_000}
_LONGEST_RULE = 200
_UNTIL = re.compile(r"[0-9]{8}(T[0-9]{6}Z?)?")
_A_DAY = timedelta(days=1)


class InvalidRule(ValueError):
    """A rule, or a start by it, cannot be followed; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Course:
    """A first start with the rule for those that follow, in a zone; no rule, no others."""

    start_at: datetime
    rule: str
    zone: str

    def starts(self, from_at: datetime, until_at: datetime) -> Iterator[datetime]:
        """Every start in `[from_at, until_at)`, in order. Raises InvalidRule."""
        if not self.rule:
            if from_at <= self.start_at < until_at:
                yield self.start_at
            return
        zone = zone_of(self.zone)
        first, last = _local(from_at - _A_DAY, zone), _local(until_at + _A_DAY, zone)
        for local in _followed(self).xafter(first, inc=True):
            if local > last:
                return
            start_at = in_zone(local, zone)
            if from_at <= start_at < until_at:
                yield start_at

    def last_before(self, instant: datetime) -> datetime | None:
        """The last start before an instant; None where there is none."""
        return max(self.starts(self.start_at, instant), default=None)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name. Raises InvalidRule."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"{name!r} is no time zone."
        raise InvalidRule(message) from None


def in_zone(local: datetime, zone: tzinfo) -> datetime:
    """The instant of a local time."""
    return local.replace(tzinfo=zone, fold=0).astimezone(UTC)


def exists(local: datetime, zone: tzinfo) -> bool:
    """Whether a local time ever comes: a change of the clocks leaves some out."""
    return in_zone(local, zone).astimezone(zone).replace(tzinfo=None) == local


def checked_rule(text: str) -> str:
    """A rule in upper case, without its name. Raises InvalidRule with what is wrong with it."""
    rule = text.strip().upper().removeprefix("RRULE:")
    if len(rule) > _LONGEST_RULE:
        message = f"A rule has at most {_LONGEST_RULE} characters."
        raise InvalidRule(message)
    parts: dict[str, str] = {}
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not value or name in parts:
            message = f"{part!r} is not understood in a rule."
            raise InvalidRule(message)
        parts[name] = value
    _refuse_endless(parts)
    return rule


def ended_rule(course: Course, last_at: datetime | None = None) -> str:
    """The rule with its end as an instant in UTC, as a calendar file wants it; with another end where one is given."""
    zone = zone_of(course.zone)
    parts = [part for part in course.rule.split(";") if not part.startswith(("UNTIL=", "COUNT=")[: 1 + bool(last_at)])]
    until = next((part.removeprefix("UNTIL=") for part in course.rule.split(";") if part.startswith("UNTIL=")), "")
    if last_at is None and until:
        last_at = in_zone(_until(until, zone), zone)
    return ";".join(parts) if last_at is None else f"{';'.join(parts)};UNTIL={last_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def refuse_strange_start(course: Course) -> None:
    """Raise InvalidRule where the rule cannot be followed, or does not fit its own first start."""
    zone = zone_of(course.zone)
    if in_zone(_local(course.start_at, zone), zone) != course.start_at:
        message = "The first start lies in the hour that comes twice when the clocks change, in the second of the two."
        raise InvalidRule(message)
    if next(course.starts(course.start_at, course.start_at + _A_DAY), None) != course.start_at:
        message = "The first start is none of those that the rule names."
        raise InvalidRule(message)


def _refuse_endless(parts: dict[str, str]) -> None:
    frequency = parts.get("FREQ")
    if frequency not in _FREQUENCIES:
        said = "does not say how often" if frequency is None else f"comes too often: {frequency}"
        message = f"The rule {said}; FREQ is one of {', '.join(sorted(_FREQUENCIES))}."
        raise InvalidRule(message)
    for name, most in _MOST.items():
        value = parts.get(name, "1")
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= most):
            message = f"{name} in a rule is a whole number from 1 to {most:,}."
            raise InvalidRule(message)
    if "COUNT" in parts and "UNTIL" in parts:
        message = "A rule ends by COUNT or by UNTIL, not by both."
        raise InvalidRule(message)
    if "UNTIL" in parts and _UNTIL.fullmatch(parts["UNTIL"]) is None:
        message = "UNTIL in a rule is a day or an instant, such as 20270131 or 20270131T020000Z."
        raise InvalidRule(message)


def _local(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


@lru_cache(maxsize=256)
def _followed(course: Course) -> rrulebase:
    """The rule over local times without a zone; it keeps what it has found so far."""
    from dateutil.rrule import rrulestr

    zone = zone_of(course.zone)
    try:
        parts = [_in_local_time(part, zone) for part in course.rule.split(";")]
        return rrulestr(";".join(parts), dtstart=_local(course.start_at, zone), cache=True)
    except (ValueError, TypeError, OverflowError, IndexError) as fault:
        message = f"The rule {course.rule} cannot be followed: {fault}."
        raise InvalidRule(message) from fault


def _in_local_time(part: str, zone: tzinfo) -> str:
    name, _, value = part.partition("=")
    return f"UNTIL={_until(value, zone):%Y%m%dT%H%M%S}" if name == "UNTIL" else part


def _until(text: str, zone: tzinfo) -> datetime:
    """The last local time at which something may still begin."""
    day, _, clock = text.removesuffix("Z").partition("T")
    if not clock:
        return datetime.strptime(day, "%Y%m%d") + _A_DAY - timedelta(seconds=1)  # noqa: DTZ007 - a local time
    local = datetime.strptime(day + clock, "%Y%m%d%H%M%S")  # noqa: DTZ007 - a local time
    return _local(local.replace(tzinfo=UTC), zone) if text.endswith("Z") else local
