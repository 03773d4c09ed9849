"""What expires as files: nothing is left out, no text is a formula, and an event keeps its identity."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

from icalendar import Calendar, Component

from quarterdeck.domain.health import HealthState
from quarterdeck.exporters.expiry_files import expiry_file
from quarterdeck.services.expiry_calendar import ExpiryCalendar, ExpiryEntry, ExpiryKind, UndatedEntry
from quarterdeck.services.expiry_files import ExpiryFormat

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SEEN = ExpiryEntry(
    ExpiryKind.CERTIFICATE, "partner/hub", "Hub", NOON, -0.5, HealthState.DOWN, seen_at=NOON, used_by=("Pay", "Bill")
)
DECLARED = replace(SEEN, kind=ExpiryKind.KEY, seen_at=None, declared_on="Hub → Pay", days_left=3.25, used_by=())
UNDATED = UndatedEntry("integration/pay", "Pay", (ExpiryKind.KEY, ExpiryKind.CONSENT), ((ExpiryKind.KEY, "ask"),))
CALENDAR = ExpiryCalendar((SEEN, DECLARED), (UNDATED, replace(UNDATED, kinds=(ExpiryKind.KEY,), told=())))


def table(calendar: ExpiryCalendar) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(expiry_file(calendar, ExpiryFormat.CSV).decode())))


def event(one: ExpiryEntry) -> Component:
    content = expiry_file(ExpiryCalendar((one,), ()), ExpiryFormat.ICS)
    return Calendar.from_ical(content, multiple=True)[0].walk("VEVENT")[0]


def test_a_table_tells_each_end_with_where_it_comes_from() -> None:
    rows = table(CALENDAR)
    assert [row["date_from"] for row in rows] == [
        "seen 2026-11-24T12:00:00+00:00",
        "declared on Hub → Pay",
        "no date known: ask",
        "no date known",
        "no date known",
    ]
    assert (rows[0]["days_left"], rows[0]["used_by"], rows[1]["days_left"]) == ("-0.5", "Pay; Bill", "3.2")
    assert (rows[2]["what"], rows[2]["ends_at"]) == ("key", "")


def test_no_name_becomes_a_formula() -> None:
    rows = table(ExpiryCalendar((replace(SEEN, name="=1+1", used_by=("@x",)),), ()))
    assert (rows[0]["of"], rows[0]["used_by"]) == ("'=1+1", "'@x")


def test_an_event_keeps_its_identity_when_its_end_moves() -> None:
    first, moved = (event(one) for one in (SEEN, replace(SEEN, ends_at=NOON.replace(year=2027))))
    assert first["UID"] == moved["UID"]
    assert str(first["SUMMARY"]) == "Certificate of Hub ends"
    assert b"DTSTART;VALUE=DATE:20261124" in first.to_ical()
    assert len(first.walk("VALARM")) == 1


def test_an_event_tells_what_declared_it() -> None:
    assert "declared on Hub → Pay." in str(event(DECLARED)["DESCRIPTION"])
