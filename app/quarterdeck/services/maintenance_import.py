"""Maintenance from iCalendar files (RFC 5545): each event a window; a file with any fault gives none at all.

What an event covers stands in its RESOURCES, the keys of entities, and in X-QUARTERDECK-DOMAIN; where it names neither,
whoever takes the file in says it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from quarterdeck.analysis.recurrence import InvalidRule, checked_rule, zone_of
from quarterdeck.domain.errors import InvalidEstate, OperatorError
from quarterdeck.domain.maintenance import Cut, MaintenanceWindow
from quarterdeck.services.maintenance import checked_window

if TYPE_CHECKING:
    from icalendar import Component

_MOST_BYTES = 5_000_000
_MOST_EVENTS = 2_000
_STEP = "Mend the file, or export it anew; nothing was taken in."
_NOT_FOLLOWED = ("RDATE", "EXRULE")
_SHOWN = 60
_BEGINS = b"BEGIN:VEVENT"
_PROPERTY = re.compile(rb"(\xef\xbb\xbf)?[A-Za-z0-9._-]+[;:]")


class InvalidCalendar(InvalidEstate):
    """A calendar file does not hold together; the lines name each place."""


class _Value(Protocol):
    """The value of a property, with its parameters."""

    dt: Any
    dts: Sequence[_Value]
    params: Mapping[str, str]

    def to_ical(self) -> bytes: ...


class _Fault(ValueError):
    """What is wrong with one event, as a clause."""


@dataclass(frozen=True, slots=True)
class ImportScope:
    """What events cover that name nothing, and the zone of times without one."""

    entity_keys: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    zone: str = "UTC"


@dataclass(slots=True)
class _Reading:
    """What was read so far: windows by their UID, changed occurrences, faults by line."""

    scope: ImportScope
    windows: dict[str, MaintenanceWindow] = field(default_factory=dict[str, MaintenanceWindow])
    changed: dict[str, list[tuple[int, datetime, MaintenanceWindow]]] = field(
        default_factory=lambda: defaultdict[str, list[tuple[int, datetime, MaintenanceWindow]]](list)
    )
    faults: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def read_calendar_file(path: Path, scope: ImportScope) -> tuple[MaintenanceWindow, ...]:
    """The windows of a file. Raises OperatorError, InvalidCalendar with every fault and its line."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as fault:
        raise OperatorError(f"{path.name} cannot be read: {fault.strerror}.", "Name another file.") from fault
    return read_calendar(content, path.name, scope)


def read_calendar(content: bytes, name: str, scope: ImportScope) -> tuple[MaintenanceWindow, ...]:
    """The windows of a calendar's bytes, in their order, those of changed occurrences last."""
    if len(content) > _MOST_BYTES:
        raise OperatorError(f"{name} is larger than {_MOST_BYTES // 1_000_000} MB.", "Export a shorter range.")
    events, lines = _events(content, name)
    written = content.splitlines()
    reading = _Reading(scope)
    for event, line in zip(events, lines, strict=True):
        told = {words: _line_of(written, line, of) for of, words in _property_faults(event)}
        if not event.errors:
            try:
                _take(event, line, reading)
            except (_Fault, InvalidRule, OverflowError) as fault:
                told.setdefault(str(fault), line)
            except OperatorError as fault:
                told.setdefault(fault.message, line)
        reading.faults += [(number, words) for words, number in told.items()]
    _apply_changes(reading)
    if reading.faults:
        told = [
            (f"{name}, line {line}: {words.rstrip('.')}.", _STEP)
            for line, words in sorted(reading.faults, key=lambda fault: fault[0])
        ]
        raise InvalidCalendar.of(told, _STEP)
    return tuple(reading.windows.values())


def _events(content: bytes, name: str) -> tuple[Sequence[Component], Sequence[int]]:
    """The events and the line each begins in."""
    from icalendar import Calendar

    written = content.splitlines()
    lines = [number for number, line in enumerate(written, 1) if line.strip().upper() == _BEGINS]
    if len(lines) > _MOST_EVENTS:
        raise OperatorError(f"{name} holds {len(lines):,} events.", f"At most {_MOST_EVENTS:,} are taken in at once.")
    _refuse_broken_lines(written, name)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise InvalidCalendar(f"{name} is no calendar file: {_short(str(fault))}.", _STEP) from fault
    if not events or len(events) != len(lines):
        words = f"{name} {'has an event that is inside no calendar' if lines else 'holds no event'}."
        raise InvalidCalendar(words, _STEP)
    return events, lines


def _refuse_broken_lines(written: Sequence[bytes], name: str) -> None:
    if begun := _first_unended(written):
        words = f"{name}, line {begun}: the event that begins here does not end before another or the file does."
        raise InvalidCalendar(words, _STEP)
    if unread := _first_unread(written):
        raise InvalidCalendar(f"{name}, line {unread}: this is no line of a calendar file.", _STEP)


def _first_unread(written: Sequence[bytes]) -> int:
    """The first line that is neither a property nor goes on with the one before; 0 where each is."""
    for number, line in enumerate(written, 1):
        if line.strip() and (number == 1 or not line.startswith((b" ", b"\t"))) and _PROPERTY.match(line) is None:
            return number
    return 0


def _first_unended(written: Sequence[bytes]) -> int:
    """The line at which an event begins that does not end before another one, or the file, does; 0 for none."""
    begun = 0
    for number, line in enumerate(written, 1):
        told = line.strip().upper()
        if told == _BEGINS:
            if begun:
                return begun
            begun = number
        elif told == b"END:VEVENT":
            begun = 0
    return begun


def _line_of(written: Sequence[bytes], begun: int, property_name: str) -> int:
    """The line of a property of the event that begins at a line; that line for one that stands nowhere."""
    inside = 0
    for number, line in enumerate(written[begun:], begun + 1):
        name = re.split(rb"[;:]", line.strip().upper(), maxsplit=1)[0].decode("ascii", "replace")
        if name == "END" and not inside:
            break
        inside += {"BEGIN": 1, "END": -1}.get(name, 0)
        if not inside and name == property_name:
            return number
    return begun


def _property_faults(event: Component) -> Iterator[tuple[str, str]]:
    """What is wrong with single properties, each with its name, whatever else is wrong with the event."""
    for property_name, words in event.errors:
        yield property_name, f"{property_name}: {_short(words)}"
    for property_name in _NOT_FOLLOWED:
        if property_name in event:
            yield property_name, f"{property_name} is not followed; write an event of its own for each"
    yield from (("RRULE", words) for words in _rule_faults(event))


def _take(event: Component, line: int, reading: _Reading) -> None:
    uid = _text(event, "UID")
    if not uid:
        message = "the event has no UID"
        raise _Fault(message)
    if "RECURRENCE-ID" in event:
        if "RANGE" in _one(event, "RECURRENCE-ID").params:
            message = "a change of this and all later occurrences is not followed; end the event and write another"
            raise _Fault(message)
        of_at = _instant(_one(event, "RECURRENCE-ID").dt, zone_of(reading.scope.zone))
        reading.changed[uid].append((line, of_at, _window(event, uid, reading.scope)))
    elif uid in reading.windows:
        message = f"the UID {_short(uid)} is that of an earlier event"
        raise _Fault(message)
    else:
        reading.windows[uid] = checked_window(_window(event, uid, reading.scope))


def _window(event: Component, uid: str, scope: ImportScope) -> MaintenanceWindow:
    start = _one(event, "DTSTART")
    zone_name = _zone_name(start, scope.zone)
    zone = zone_of(zone_name)
    start_at = _instant(start.dt, zone)
    length = _length(event, start.dt, zone)
    if length <= timedelta():
        message = "the event ends before it begins" if length < timedelta() else "the event lasts no time"
        raise _Fault(message)
    keys = tuple(dict.fromkeys(_names(event, "RESOURCES")))
    domains = tuple(dict.fromkeys(_names(event, "X-QUARTERDECK-DOMAIN")))
    if not keys and not domains:
        keys, domains = scope.entity_keys, scope.domains
    if not keys and not domains:
        message = "the event does not say what it covers; say it with --entity or --domain"
        raise _Fault(message)
    is_cancelled = _text(event, "STATUS").upper() == "CANCELLED"
    return MaintenanceWindow(
        id=uid,
        start_at=start_at,
        length=length,
        reason=_text(event, "SUMMARY") or "Maintenance",
        entity_keys=keys,
        domains=domains,
        rule=_rule(event),
        zone=zone_name,
        cuts=tuple(Cut(each, each) for each in _left_out(event, zone)),
        closed_at=start_at if is_cancelled else None,
    )


def _apply_changes(reading: _Reading) -> None:
    """Occurrences that were changed: shorter ones are cut, others left out and windows of their own."""
    for uid, changes in reading.changed.items():
        series = reading.windows.get(uid)
        for line, of_at, changed in changes:
            if series is None:
                reading.faults.append((line, f"there is no event {_short(uid)} whose occurrence this changes"))
                continue
            is_cut = changed.start_at == of_at and changed.length <= series.length and changed.reason == series.reason
            end_at = changed.end_at if is_cut and changed.closed_at is None else of_at
            series = replace(series, cuts=(*series.cuts, Cut(of_at, end_at)))
            if not is_cut:
                own = f"{uid}@{of_at:%Y%m%dT%H%M%SZ}"
                reading.windows[own] = replace(changed, id=own, rule="", cuts=())
            reading.windows[uid] = series


def _one(event: Component, name: str) -> _Value:
    found = _listed(event, name)
    if len(found) != 1:
        message = f"the event has {'more than one' if found else 'no'} {name}"
        raise _Fault(message)
    return found[0]


def _rule(event: Component) -> str:
    return "" if "RRULE" not in event else _one(event, "RRULE").to_ical().decode()


def _rule_faults(event: Component) -> Iterator[str]:
    """What is wrong with a rule whatever else is wrong with its event."""
    rules = _listed(event, "RRULE")
    try:
        for rule in rules:
            checked_rule(rule.to_ical().decode())
    except InvalidRule as fault:
        yield str(fault)


def _length(event: Component, start: date, zone: tzinfo) -> timedelta:
    if "DTEND" in event:
        return _instant(_one(event, "DTEND").dt, zone) - _instant(start, zone)
    if "DURATION" in event:
        found: timedelta = _one(event, "DURATION").dt
        return found
    return timedelta() if isinstance(start, datetime) else timedelta(days=1)


def _zone_name(start: _Value, otherwise: str) -> str:
    """The zone that a start is told in, by its IANA name."""
    if not isinstance(start.dt, datetime):
        return otherwise
    if start.dt.tzinfo is None:
        return start.params.get("TZID", otherwise)
    if start.dt.tzname() == "UTC":
        return "UTC"
    return str(getattr(start.dt.tzinfo, "key", None) or start.params.get("TZID", ""))


def _instant(told: date, zone: tzinfo) -> datetime:
    local = told if isinstance(told, datetime) else datetime.combine(told, time())
    return (local if local.tzinfo is not None else local.replace(tzinfo=zone)).astimezone(UTC)


def _left_out(event: Component, zone: tzinfo) -> Iterator[datetime]:
    for listed in _listed(event, "EXDATE"):
        for each in listed.dts:
            yield _instant(each.dt, zone)


def _names(event: Component, name: str) -> Iterator[str]:
    for text in _listed(event, name):
        yield from (part.strip() for part in str(text).split(",") if part.strip())


def _listed(event: Component, name: str) -> list[_Value]:
    found = event.get(name, [])
    return cast("list[_Value]", found) if isinstance(found, list) else [cast("_Value", found)]


def _text(event: Component, name: str) -> str:
    return str(next(iter(_listed(event, name)), "")).strip()


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
