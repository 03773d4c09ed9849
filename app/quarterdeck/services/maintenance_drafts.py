"""Windows from words as a person types them: times in a zone, an end or a length, and corrections of what stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from quarterdeck.analysis.recurrence import InvalidRule, exists, in_zone, zone_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.maintenance import MaintenanceWindow

NO_RULE = "none"
_LENGTH = re.compile(r"([0-9]{1,5}) ?(min|h|d)")
_UNITS = {"min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_FIRST_YEAR, _LAST_YEAR = 1971, 2999
_TIMES = "Write it like 2026-11-29 02:00, or with an offset like 2026-11-29T02:00Z."
_ZONES_AT = "/zoneinfo/"


@dataclass(frozen=True, slots=True)
class WindowWords:
    """A window as it is typed; None and empty is what was not said.

    `start` and `end` are times in `zone`, or with an offset of their own; `end` may be a length such as `90min`.
    """

    entity_keys: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    rule: str | None = None
    reason: str | None = None
    zone: str | None = None


def drafted(words: WindowWords, now: datetime, zone: str) -> MaintenanceWindow:
    """A new window without an id; it begins now where no start is said. Raises OperatorError."""
    if not words.entity_keys and not words.domains:
        raise OperatorError(
            "The window does not say what it covers.", "Name entities by their keys, or domains with `--domain`."
        )
    zone = words.zone or zone
    start_at = instant_of(words.start, zone) if words.start else now.replace(microsecond=0)
    if words.end is None:
        raise OperatorError("The window does not say when it ends.", "Say it with `--end`, a time or a length like 2h.")
    return MaintenanceWindow(
        id="",
        start_at=start_at,
        length=_length(words.end, start_at, zone),
        reason=words.reason or "",
        entity_keys=tuple(dict.fromkeys(words.entity_keys)),
        domains=tuple(dict.fromkeys(words.domains)),
        rule=_rule(words.rule or NO_RULE),
        zone=zone,
    )


def corrected(window: MaintenanceWindow, words: WindowWords) -> MaintenanceWindow:
    """The window with what was said put in the place of what it was; an end or a rule also takes back an early end.

    A start moves the whole window. Raises OperatorError.
    """
    zone = words.zone or window.zone
    start_at = instant_of(words.start, zone) if words.start else window.start_at
    is_reopened = words.end is not None or words.rule is not None
    says_scope = bool(words.entity_keys or words.domains)
    return replace(
        window,
        start_at=start_at,
        length=_length(words.end, start_at, zone) if words.end else window.length,
        reason=window.reason if words.reason is None else words.reason,
        entity_keys=tuple(dict.fromkeys(words.entity_keys)) if says_scope else window.entity_keys,
        domains=tuple(dict.fromkeys(words.domains)) if says_scope else window.domains,
        rule=window.rule if words.rule is None else _rule(words.rule),
        zone=zone,
        closed_at=None if is_reopened else window.closed_at,
    )


def instant_of(text: str, zone_name: str) -> datetime:
    """The instant of a time as it is typed. Raises OperatorError for one that nobody could mean."""
    try:
        zone = zone_of(zone_name)
        told = datetime.fromisoformat(text.strip())
        if not _FIRST_YEAR <= told.year <= _LAST_YEAR:
            raise OperatorError(f"{text!r} is in no year from {_FIRST_YEAR} to {_LAST_YEAR}.", _TIMES)
        if told.tzinfo is not None:
            return told.astimezone(UTC)
    except InvalidRule as fault:
        raise OperatorError(str(fault), "Name a zone such as Europe/Berlin or UTC with `--zone`.") from fault
    except (ValueError, OverflowError) as fault:
        raise OperatorError(f"{text!r} is no time.", _TIMES) from fault
    if not exists(told, zone):
        raise OperatorError(
            f"{text!r} does not exist in {zone_name}: the clocks are put forward then.", "Say a time before or after."
        )
    return in_zone(told, zone)


def reached_instant_of(text: str, zone_name: str, now: datetime) -> datetime:
    """The instant of a time as it is typed that has come by now. Raises OperatorError."""
    told = instant_of(text, zone_name)
    if told > now:
        raise OperatorError(
            f"{text!r} is still to come: nobody knows how things will stand then.",
            "Say a time that has passed, or leave it out for how things stand now.",
        )
    return told


def zone_here(environment_zone: str | None, localtime: Path = Path("/etc/localtime")) -> str:
    """The machine's time zone by its name; UTC where it has none."""
    linked = str(localtime.resolve()) if localtime.is_symlink() else ""
    for name in ((environment_zone or "").removeprefix(":"), linked.rpartition(_ZONES_AT)[2]):
        try:
            if name:
                return zone_of(name).key
        except InvalidRule:
            continue
    return "UTC"


def length_of(end: str, start_at: datetime, zone: str) -> timedelta:
    """How long a window lasts that ends at a time, or is so long, as typed; not above zero where it ends too early.

    Raises OperatorError for an end that nobody could mean.
    """
    told = _LENGTH.fullmatch(end.strip())
    return int(told[1]) * _UNITS[told[2]] if told else instant_of(end, zone) - start_at


def _length(end: str, start_at: datetime, zone: str) -> timedelta:
    length = length_of(end, start_at, zone)
    if length <= timedelta():
        raise OperatorError("The window ends before it begins, or as it begins.", "Say a later `--end`.")
    return length


def _rule(text: str) -> str:
    return "" if text.strip().lower() == NO_RULE else text
