"""What expires as a table (RFC 4180), with what has no known end, and as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from io import StringIO

from quarterdeck.services.expiry_calendar import ExpiryCalendar, ExpiryEntry
from quarterdeck.services.expiry_files import ExpiryFormat

_TITLES = ("what", "of", "entity", "ends_at", "days_left", "state", "date_from", "used_by")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WARNED_DAYS = 14


def expiry_file(calendar: ExpiryCalendar, kind: ExpiryFormat) -> bytes:
    """The bytes of a file of that kind."""
    return expiry_table(calendar) if kind is ExpiryFormat.CSV else expiry_events(calendar)


def expiry_table(calendar: ExpiryCalendar) -> bytes:
    """A line for each thing that ends, then one for each of which no end is known, its columns of time empty."""
    page = StringIO()
    writer = csv.writer(page)
    writer.writerow(_TITLES)
    for one in calendar.entries:
        writer.writerow(_cells((one.kind, one.name, one.entity_key, one.ends_at.isoformat())) + _rest(one))
    for one in calendar.undated:
        for kind in one.kinds:
            told = one.told_of(kind)
            date_from = f"no date known: {told}" if told else "no date known"
            writer.writerow(_cells((kind, one.name, one.entity_key, "", "", "unknown", date_from, one.name)))
    return page.getvalue().encode()


def expiry_events(calendar: ExpiryCalendar) -> bytes:
    """An event on the day of each end, with an alarm a fortnight before; what has no date cannot stand in one."""
    from icalendar import Alarm, Calendar, Event

    page = Calendar()
    page.add("PRODID", "-//Quarterdeck//Expiry//EN")
    page.add("VERSION", "2.0")
    for one in calendar.entries:
        event = Event()
        event.add("UID", _identity(one))
        event.add("DTSTAMP", one.seen_at or datetime(2000, 1, 1, tzinfo=UTC))
        event.add("SUMMARY", f"{one.kind.value.capitalize()} of {one.name} ends")
        event.add("DTSTART", one.ends_at.astimezone(UTC).date())
        event.add("DESCRIPTION", _description(one))
        event.add("RESOURCES", one.entity_key)
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", f"{one.kind.value.capitalize()} of {one.name} ends soon")
        alarm.add("TRIGGER", -timedelta(days=_WARNED_DAYS))
        event.add_component(alarm)
        page.add_component(event)
    return page.to_ical()


def _rest(one: ExpiryEntry) -> list[str]:
    days = f"{one.days_left:.1f}"
    return [days, *_cells((one.state, _origin(one), "; ".join(one.used_by)))]


def _origin(one: ExpiryEntry) -> str:
    return f"seen {one.seen_at.isoformat()}" if one.seen_at is not None else f"declared on {one.declared_on}"


def _description(one: ExpiryEntry) -> str:
    used = f" Stands behind {', '.join(one.used_by)}." if one.used_by else ""
    return f"Ends {one.ends_at.isoformat()}; {_origin(one)}.{used}"


def _identity(one: ExpiryEntry) -> str:
    """The same for the same thing, whenever it is written, so that a calendar program updates it."""
    digest = hashlib.sha256(f"{one.kind} {one.entity_key} {one.name}".encode()).hexdigest()
    return f"{one.kind}-{digest[:16]}"


def _cells(texts: Iterable[str]) -> list[str]:
    """Texts that no spreadsheet takes for a formula."""
    return [f"'{text}" if text.startswith(_FORMULA) else str(text) for text in texts]
