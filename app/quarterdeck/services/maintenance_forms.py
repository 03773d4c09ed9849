"""Windows as a form holds them: what is typed, field by field, what is wrong with each, and back from what stands."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from enum import StrEnum
from zoneinfo import available_timezones

from quarterdeck.analysis.recurrence import Course, InvalidRule, checked_rule, refuse_strange_start, zone_of
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.domain.maintenance_scope import MaintenanceScope
from quarterdeck.services.maintenance import checked_window
from quarterdeck.services.maintenance_drafts import instant_of, length_of

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TYPED_TIME = "%Y-%m-%d %H:%M"
_TYPED_DAY = "%Y%m%d"
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SIMPLE = re.compile(r"FREQ=(DAILY|WEEKLY|MONTHLY)(?:;BYDAY=([A-Z,]+))?(?:;UNTIL=([0-9]{8}))?")
_A_DAY = timedelta(days=1)
_LATER = "Say a later end, or how long it lasts, such as 2h."


class Repeat(StrEnum):
    """How often a window comes, in the plain choices of a form."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    RULE = "rule"


class Field(StrEnum):
    """A field that something can be wrong with."""

    SCOPE = "scope"
    REASON = "reason"
    START = "start"
    END = "end"
    ZONE = "zone"
    WEEKDAYS = "weekdays"
    LAST_DAY = "last_day"
    RULE = "rule"
    NOTE = "note"
    BY = "by"


@dataclass(frozen=True, slots=True)
class TypedWindow:
    """What stands in a form; `weekdays` as in a rule (`SU`), the other texts as a person typed them.

    `end` is a time, a time of day after the start, or a length such as `2h`; `last_day` the last day it may begin on.
    """

    scope: MaintenanceScope = field(default_factory=MaintenanceScope)
    reason: str = ""
    start: str = ""
    end: str = ""
    zone: str = "UTC"
    repeat: Repeat = Repeat.ONCE
    weekdays: tuple[str, ...] = ()
    last_day: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class WindowReading:
    """The window that is meant, without an id, or what is wrong, a sentence with its next step by field."""

    window: MaintenanceWindow | None
    faults: tuple[tuple[Field, str], ...] = ()


class _Faulty(Exception):
    def __init__(self, place: Field, words: str) -> None:
        super().__init__(words)
        self.place = place
        self.words = words


def read_typed(typed: TypedWindow) -> WindowReading:
    """What a form means; every field is looked at, so that all faults are told at once."""
    faults: list[tuple[Field, str]] = []
    if typed.scope.is_empty:
        faults.append((Field.SCOPE, "The window does not say what it covers. Choose entities or domains."))
    if not typed.reason.strip():
        faults.append((Field.REASON, "The window does not say why. A few words will do, such as Core upgrade."))
    try:
        times = _times(typed)
    except _Faulty as fault:
        faults.append((fault.place, fault.words))
        return WindowReading(None, tuple(faults))
    if faults:
        return WindowReading(None, tuple(faults))
    window = replace(
        times,
        reason=typed.reason,
        entity_keys=tuple(dict.fromkeys(typed.scope.entity_keys)),
        domains=tuple(dict.fromkeys(typed.scope.domains)),
    )
    try:
        return WindowReading(checked_window(window))
    except OperatorError as fault:
        return WindowReading(None, ((_field_of(window), f"{fault.message} {fault.next_step}"),))


def typed_of(window: MaintenanceWindow) -> TypedWindow:
    """A window as a form shows it; one without a rule ends where it was ended."""
    zone = zone_of(window.zone)
    simple = _SIMPLE.fullmatch(window.rule)
    is_plain = simple is not None and (simple[1] == "WEEKLY" or not simple[2])
    repeat = Repeat.ONCE if not window.rule else Repeat(simple[1].lower()) if simple and is_plain else Repeat.RULE
    start, end_at = window.start_at.astimezone(zone), _effective_end(window)
    weekdays = tuple(simple[2].split(",")) if simple and simple[2] and is_plain else ()
    if repeat is Repeat.WEEKLY and not weekdays:
        weekdays = (WEEKDAYS[start.weekday()],)
    return TypedWindow(
        scope=MaintenanceScope(window.entity_keys, window.domains),
        reason=window.reason,
        start=_typed_time(window.start_at, window.zone),
        end=_typed_time(end_at, window.zone),
        zone=window.zone,
        repeat=repeat,
        weekdays=weekdays,
        last_day=_day_of(simple[3]) if simple and simple[3] and is_plain else "",
        rule=window.rule if repeat is Repeat.RULE else "",
    )


def changed_window(held: MaintenanceWindow, meant: MaintenanceWindow) -> MaintenanceWindow:
    """A window there is, as a form means it now.

    What was left out or cut short stays so where the times stay; an early end stays unless the times were said anew.
    """
    times = (meant.start_at, meant.length, meant.rule, meant.zone)
    is_same = times == (held.start_at, _effective_end(held) - held.start_at, held.rule, held.zone)
    if is_same:
        kept = replace(meant, length=held.length, cuts=held.cuts, closed_at=held.closed_at)
        return replace(kept, id=held.id)
    cuts = held.cuts if (meant.start_at, meant.rule) == (held.start_at, held.rule) else ()
    return replace(meant, id=held.id, cuts=cuts if held.rule else (), closed_at=None)


def _effective_end(window: MaintenanceWindow) -> datetime:
    """The end of the first occurrence; where there is no other one, as it was ended."""
    if window.rule:
        return window.end_at
    ends = [window.end_at, *(cut.end_at for cut in window.cuts if cut.start_at == window.start_at)]
    if window.closed_at is not None:
        ends.append(window.closed_at)
    end_at = min(ends)
    return end_at if end_at > window.start_at else window.end_at


def _times(typed: TypedWindow) -> MaintenanceWindow:
    """A window that covers something and says nothing, at the times typed."""
    zone = _zone(typed.zone)
    start_at = _start(typed.start, zone)
    length = _length(typed.end, start_at, zone)
    rule = _rule(typed, start_at, zone)
    return MaintenanceWindow("", start_at, length, "", entity_keys=("",), rule=rule, zone=zone)


def _zone(text: str) -> str:
    name = text.strip()
    try:
        return zone_of(name).key
    except InvalidRule as fault:
        near = get_close_matches(name, available_timezones(), 1, cutoff=0.5)
        step = f"Did you mean {near[0]}?" if near else "Name one such as Europe/Berlin or UTC."
        raise _Faulty(Field.ZONE, f"{fault} {step}") from fault


def _start(text: str, zone: str) -> datetime:
    if not text.strip():
        raise _Faulty(Field.START, "The window does not say when it begins. Write a time like 2026-11-29 02:00.")
    try:
        return instant_of(text, zone)
    except OperatorError as fault:
        raise _Faulty(Field.START, f"{fault.message} {fault.next_step}") from fault


def _length(text: str, start_at: datetime, zone: str) -> timedelta:
    if not text.strip():
        raise _Faulty(Field.END, f"The window does not say when it ends. {_LATER}")
    try:
        clock = _CLOCK.fullmatch(text.strip())
        length = _until_clock(clock, start_at, zone) if clock else length_of(text, start_at, zone)
    except OperatorError as fault:
        raise _Faulty(Field.END, f"{fault.message} {fault.next_step}") from fault
    if length <= timedelta():
        raise _Faulty(Field.END, f"The window ends before it begins, or as it begins. {_LATER}")
    return length


def _until_clock(clock: re.Match[str], start_at: datetime, zone: str) -> timedelta:
    """Until the next time that the clocks of a zone show."""
    local = start_at.astimezone(zone_of(zone))
    told = local.replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0, tzinfo=None)
    if told <= local.replace(tzinfo=None):
        told += _A_DAY
    return instant_of(told.isoformat(), zone) - start_at


def _rule(typed: TypedWindow, start_at: datetime, zone: str) -> str:
    if typed.repeat is Repeat.ONCE:
        return ""
    if typed.repeat is Repeat.RULE:
        return _typed_rule(typed.rule, Course(start_at, "", zone))
    local = start_at.astimezone(zone_of(zone))
    parts = [f"FREQ={typed.repeat.upper()}"]
    if typed.repeat is Repeat.WEEKLY:
        parts.append(f"BYDAY={','.join(_weekdays(typed.weekdays, local))}")
    if typed.last_day.strip():
        parts.append(f"UNTIL={_last_day(typed.last_day, local):{_TYPED_DAY}}")
    return ";".join(parts)


def _typed_rule(text: str, first: Course) -> str:
    if not text.strip():
        raise _Faulty(
            Field.RULE, "The rule is empty. Write one such as FREQ=WEEKLY;BYDAY=SU, or choose another repeat."
        )
    try:
        rule = checked_rule(text)
        refuse_strange_start(replace(first, rule=rule))
    except InvalidRule as fault:
        raise _Faulty(
            Field.RULE, f"{fault} A rule is such as FREQ=WEEKLY;BYDAY=SU; the manual names its parts."
        ) from fault
    return rule


def _weekdays(chosen: Collection[str], start: datetime) -> tuple[str, ...]:
    """The days in the order of the week; the start must be on one of them."""
    ordered = tuple(day for day in WEEKDAYS if day in chosen)
    name = WEEKDAY_NAMES[start.weekday()]
    if not ordered:
        raise _Faulty(Field.WEEKDAYS, f"No day of the week is chosen. The start is on a {name}: choose that at least.")
    if WEEKDAYS[start.weekday()] not in ordered:
        words = f"The window begins on a {name}, which is not chosen. Choose {name} too, or move the start."
        raise _Faulty(Field.WEEKDAYS, words)
    return ordered


def _last_day(text: str, start: datetime) -> date:
    try:
        last = date.fromisoformat(text.strip())
    except ValueError as fault:
        raise _Faulty(Field.LAST_DAY, f"{text!r} is no day. Write it like 2027-03-31, or leave it empty.") from fault
    if last < start.date():
        raise _Faulty(Field.LAST_DAY, "The last day lies before the start. Say a later day, or leave it empty.")
    return last


def _field_of(window: MaintenanceWindow) -> Field:
    """Where to tell what is wrong with a whole window: its rule where it has one, else its times."""
    return Field.RULE if window.rule else Field.START


def _typed_time(at: datetime, zone: str) -> str:
    """An instant as it is typed; with its offset where the local time alone would mean another one."""
    local = at.astimezone(zone_of(zone))
    return local.isoformat(timespec="minutes") if local.fold else local.strftime(TYPED_TIME)


def _day_of(until: str) -> str:
    return f"{until[:4]}-{until[4:6]}-{until[6:]}"
