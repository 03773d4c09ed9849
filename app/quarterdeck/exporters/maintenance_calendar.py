"""Maintenance as an iCalendar file (RFC 5545): each window an event, what it covers under RESOURCES."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from icalendar import Calendar, Event, vRecur

from quarterdeck.analysis.recurrence import Course, ended_rule, zone_of
from quarterdeck.domain.maintenance import MaintenanceRecord, MaintenanceWindow


def calendar_text(records: Iterable[MaintenanceRecord]) -> bytes:
    """The file, with the definitions of the time zones it needs."""
    calendar = Calendar()
    calendar.add("PRODID", "-//Quarterdeck//Maintenance//EN")
    calendar.add("VERSION", "2.0")
    for record in records:
        for event in _events(record):
            calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _events(record: MaintenanceRecord) -> Iterator[Event]:
    """The event, and one for each occurrence that ends early."""
    window = record.window
    rule, ends = _as_it_ended(window)
    if not window.rule:
        end_at = ends.pop(window.start_at, window.end_at)
        is_called_off = end_at <= window.start_at
        event = _event(record, window.start_at, window.end_at if is_called_off else end_at)
    else:
        is_called_off = window.closed_at is not None and window.closed_at <= window.start_at
        event = _event(record, window.start_at, window.end_at)
        event.add("RRULE", vRecur.from_ical(rule))
    if is_called_off:
        event.add("STATUS", "CANCELLED")
    for left_out in sorted(start_at for start_at, end_at in ends.items() if end_at <= start_at):
        event.add("EXDATE", _told(left_out, window.zone))
    yield event
    for start_at, end_at in sorted(ends.items()):
        if start_at < end_at:
            changed = _event(record, start_at, end_at)
            changed.add("RECURRENCE-ID", _told(start_at, window.zone))
            yield changed


def _as_it_ended(window: MaintenanceWindow) -> tuple[str, dict[datetime, datetime]]:
    """The rule up to where the window was closed, and the occurrences that end early, with when."""
    course = Course(window.start_at, window.rule, window.zone)
    ends = {cut.start_at: min(cut.end_at, cut.start_at + window.length) for cut in window.cuts}
    last_at = None
    if window.closed_at is not None:
        last_at = course.last_before(window.closed_at) or window.start_at
        if window.closed_at < ends.get(last_at, last_at + window.length):
            ends[last_at] = window.closed_at
    return ended_rule(course, last_at) if window.rule else "", ends


def _event(record: MaintenanceRecord, start_at: datetime, end_at: datetime) -> Event:
    window = record.window
    event = Event()
    event.add("UID", window.id)
    event.add("SEQUENCE", record.revision - 1)
    event.add("DTSTAMP", record.recorded_at)
    event.add("SUMMARY", window.reason)
    event.add("CONTACT", record.recorded_by)
    event.add("DTSTART", _told(start_at, window.zone))
    event.add("DTEND", _told(end_at, window.zone))
    for key in window.entity_keys:
        event.add("RESOURCES", key)
    for name in window.domains:
        event.add("X-QUARTERDECK-DOMAIN", name)
    return event


def _told(instant: datetime, zone_name: str) -> datetime:
    """The instant in its zone; in UTC where the local time comes twice and this is the second."""
    local = instant.astimezone(zone_of(zone_name))
    return instant.astimezone(UTC) if zone_name == "UTC" or local.fold else local
