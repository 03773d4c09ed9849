"""Maintenance as calendar files: what goes out comes in again, and a broken file changes nothing and says where."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.coverage import differing
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.maintenance import Cut, MaintenanceWindow
from quarterdeck.exporters.maintenance_calendar import calendar_text
from quarterdeck.services.maintenance_import import ImportScope, InvalidCalendar, read_calendar, read_calendar_file
from tests.support.stores import after
from tests.unit.maintenance.windows import HOUR, WEEK, record, window

API = ImportScope(("service/api",))
WEEKLY = window(0, 1, rule="FREQ=WEEKLY", zone="Europe/Berlin")


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()


def read(*lines: str, scope: ImportScope = API) -> MaintenanceWindow:
    (found,) = read_calendar(calendar(event(*lines)), "plan.ics", scope)
    return found


NIGHT = ("UID:night", "SUMMARY:Core\\, upgrade", "DTSTART;TZID=Europe/Berlin:20260607T020000")


def test_an_event_is_a_window_in_its_own_zone() -> None:
    found = read(*NIGHT, "DTEND;TZID=Europe/Berlin:20260607T030000", "RRULE:FREQ=WEEKLY;BYDAY=SU")
    assert (found.id, found.reason, found.zone, found.length) == (
        "night",
        "Core, upgrade",
        "Europe/Berlin",
        timedelta(hours=1),
    )
    assert found.rule == "FREQ=WEEKLY;BYDAY=SU"
    assert found.start_at.isoformat() == "2026-06-07T00:00:00+00:00"


@pytest.mark.parametrize(
    ("lines", "start", "hours"),
    [
        (("DTSTART:20260607T020000Z", "DURATION:PT90M"), "2026-06-07T02:00:00+00:00", 1.5),
        (("DTSTART:20260607T020000", "DURATION:PT1H"), "2026-06-07T00:00:00+00:00", 1),
        (("DTSTART;VALUE=DATE:20260607",), "2026-06-06T22:00:00+00:00", 24),
        (("DTSTART;VALUE=DATE:20260607", "DTEND;VALUE=DATE:20260609"), "2026-06-06T22:00:00+00:00", 48),
    ],
    ids=["utc", "floating", "day", "days"],
)
def test_times_are_read_in_every_form(lines: tuple[str, ...], start: str, hours: float) -> None:
    found = read("UID:a", *lines, scope=replace(API, zone="Europe/Berlin"))
    assert (found.start_at.isoformat(), found.length) == (start, timedelta(hours=hours))


def test_an_event_says_itself_what_it_covers() -> None:
    found = read(*NIGHT, "DURATION:PT1H", "RESOURCES:integration/a,integration/b", "X-QUARTERDECK-DOMAIN:bill_pay")
    assert (found.entity_keys, found.domains) == (("integration/a", "integration/b"), ("bill_pay",))


def test_left_out_and_cancelled_occurrences_are_not_covered() -> None:
    found = read(
        *NIGHT, "DURATION:PT1H", "RRULE:FREQ=WEEKLY", "EXDATE;TZID=Europe/Berlin:20260614T020000,20260621T020000"
    )
    assert [f"{cut.start_at:%m-%d}" for cut in found.cuts] == ["06-14", "06-21"]
    assert read(*NIGHT, "DURATION:PT1H", "STATUS:CANCELLED").closed_at is not None


def test_a_moved_occurrence_is_a_window_of_its_own() -> None:
    series = event(*NIGHT, "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    moved = event("UID:night", "RECURRENCE-ID:20260614T000000Z", "DTSTART:20260615T000000Z", "DURATION:PT1H")
    first, second = read_calendar(calendar(series, moved), "plan.ics", API)
    assert [(cut.start_at, cut.end_at) for cut in first.cuts] == [(first.cuts[0].start_at, first.cuts[0].start_at)]
    assert (second.id, second.rule, f"{second.start_at:%m-%d}") == ("night@20260614T000000Z", "", "06-15")


LINES = {
    "DTSTART: ": b"DTSTART",
    "RRULE: ": b"RRULE",
    "The rule comes too often: SECONDLY": b"RRULE",
    "RDATE is not followed": b"RDATE",
}
"""What is said of one property is said with its line."""


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("UID:a", "DTSTART:nonsense", "DURATION:PT1H"), "DTSTART: "),
        (("UID:a", "DURATION:PT1H"), "the event has no DTSTART"),
        (("DTSTART:20260607T020000Z", "DURATION:PT1H"), "the event has no UID"),
        ((*NIGHT, "DTEND:20260606T020000Z"), "the event ends before it begins"),
        ((*NIGHT,), "the event lasts no time"),
        ((*NIGHT, "DURATION:PT1H", "RRULE:FREQ=SECONDLY"), "The rule comes too often: SECONDLY"),
        ((*NIGHT, "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=ZZ"), "RRULE: "),
        ((*NIGHT, "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=MO"), "The first start is none of those"),
        ((*NIGHT, "DURATION:PT1H", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "the event has more than one RRULE"),
        ((*NIGHT, "DURATION:PT1H", "RDATE:20260608T020000Z"), "RDATE is not followed"),
        (("UID:a", "DTSTART;TZID=Mars/Base:20260607T020000", "DURATION:PT1H"), "is no time zone"),
        (
            (*NIGHT, "DURATION:PT1H", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260607T000000Z"),
            "a change of this and all later",
        ),
        ((*NIGHT, "DURATION:PT1H", "RECURRENCE-ID:20260607T000000Z"), "there is no event night whose occurrence"),
        ((*NIGHT, "DURATION:P4000D"), "The window lasts 4,000 days"),
    ],
    ids=[
        *("broken-start", "no-start", "no-uid", "ends-first", "no-length", "endless", "broken-rule", "other-day"),
        *("two-rules", "more-dates", "no-zone", "all-later", "no-series", "too-long"),
    ],
)
def test_a_broken_event_is_refused_with_line_and_reason(lines: tuple[str, ...], words: str) -> None:
    content = calendar(event(*lines))
    with pytest.raises(OperatorError) as refused:
        read_calendar(content, "plan.ics", API)
    number, told = refused.value.message.removeprefix("plan.ics, line ").split(": ", 1)
    assert content.splitlines()[int(number) - 1].startswith(LINES.get(words, b"BEGIN:VEVENT"))
    assert words in told
    assert refused.value.next_step == "Mend the file, or export it anew; nothing was taken in."


def test_an_event_that_covers_nothing_is_refused() -> None:
    with pytest.raises(OperatorError, match="say it with --entity or --domain"):
        read(*NIGHT, "DURATION:PT1H", scope=ImportScope())


def test_every_fault_is_told_with_its_line() -> None:
    broken = event("UID:a", "DTSTART:nonsense")
    with pytest.raises(OperatorError, match="There is 1 more fault"):
        read_calendar(calendar(broken, event(*NIGHT, "DURATION:PT1H"), broken), "plan.ics", API)


def test_a_rule_is_told_beside_the_other_faults_of_its_event() -> None:
    broken = event("UID:a", "DTSTRAT:20260607T020000Z", "DURATION:PT1H", "RRULE:FREQ=SECONDLY")
    with pytest.raises(InvalidCalendar) as refused:
        read_calendar(calendar(broken), "plan.ics", API)
    assert refused.value.lines[1:] == (
        "plan.ics, line 3: the event has no DTSTART.",
        "plan.ics, line 7: The rule comes too often: SECONDLY; FREQ is one of DAILY, MONTHLY, WEEKLY, YEARLY.",
    )


def test_every_broken_property_of_an_event_is_told_with_its_own_line() -> None:
    broken = event("UID:a", "DTSTART:nonsense", "DURATION:PT1H", "RRULE:FREQ=SECONDLY", "RDATE:20260608T020000Z")
    within = ("BEGIN:VALARM", "DTSTART:20260607T020000Z", "END:VALARM")
    content = calendar(broken.replace("UID:a", "\r\n".join(("UID:a", *within))))
    with pytest.raises(InvalidCalendar) as refused:
        read_calendar(content, "plan.ics", API)
    told = {line.partition(": ")[0].rpartition(" ")[2] for line in refused.value.lines[1:]}
    written = {number: line for number, line in enumerate(content.splitlines(), 1) if str(number) in told}
    assert [line.partition(b":")[0] for line in written.values()] == [b"DTSTART", b"RRULE", b"RDATE"]
    assert min(written) > 6


def test_a_line_that_is_no_property_is_refused_by_its_number() -> None:
    whole = calendar(event(*NIGHT, "\x1b[31mHELLO junk", "DURATION:PT1H"))
    with pytest.raises(InvalidCalendar, match=r"^plan.ics, line 7: this is no line of a calendar file"):
        read_calendar(whole, "plan.ics", API)


def test_an_event_without_an_end_is_refused_by_the_line_it_begins_in() -> None:
    open_event = event(*NIGHT, "DURATION:PT1H").removesuffix("END:VEVENT").rstrip()
    for content, line in ((calendar(open_event), 3), (calendar(event(*NIGHT, "DURATION:PT1H"), open_event), 9)):
        with pytest.raises(InvalidCalendar, match=f"line {line}: the event that begins here"):
            read_calendar(content, "plan.ics", API)


def test_two_events_of_one_uid_are_refused() -> None:
    told = event(*NIGHT, "DURATION:PT1H")
    with pytest.raises(OperatorError, match="line 9: the UID night is that of an earlier event"):
        read_calendar(calendar(told, told), "plan.ics", API)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holds no event"),
        (b"hello", "line 1: this is no line of a calendar file"),
        (b"\xff\xfe\x00\x00", "line 1: this is no line of a calendar file"),
        (b"END:VEVENT", "plan.ics is no calendar file"),
        (calendar(), "holds no event"),
        (calendar(event(*NIGHT, "DURATION:PT1H"))[:-35], "line 3: the event that begins here does not end"),
        (b"BEGIN:VEVENT\r\n" * 2_001, "holds 2,001 events"),
        (b"x" * 5_000_001, "is larger than 5 MB"),
    ],
    ids=["empty", "words", "binary", "only-an-end", "no-event", "cut", "many", "large"],
)
def test_what_is_no_whole_calendar_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        read_calendar(content, "plan.ics", API)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"none.ics cannot be read: No such file"):
        read_calendar_file(tmp_path / "none.ics", API)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: calendar(event(*NIGHT, text))))
def test_no_file_whatever_it_holds_does_more_than_be_refused(content: bytes) -> None:
    with suppress(OperatorError):
        assert read_calendar(content, "plan.ics", API) != ()


@pytest.mark.parametrize(
    "told",
    [
        window(),
        window(0, 1.5, "service/api", "a/b", domains=("bill_pay",), zone="Europe/Berlin"),
        WEEKLY,
        replace(WEEKLY, rule="FREQ=WEEKLY;UNTIL=20260601"),
        replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=3"),
        replace(WEEKLY, cuts=(Cut(after(WEEK), after(WEEK)), Cut(after(0), after(HOUR / 2)))),
        replace(WEEKLY, closed_at=after(3 * WEEK + 60)),
        replace(WEEKLY, closed_at=after(3 * WEEK + 2 * HOUR)),
        replace(WEEKLY, rule="FREQ=WEEKLY;COUNT=9", closed_at=after(2 * WEEK + 60)),
        replace(WEEKLY, closed_at=after(-60)),
        window(closed_at=after(600)),
        window(closed_at=after(0)),
        window(reason='Core; "upgrade", \\ and\ttab'),
    ],
    ids=[
        *("single", "scopes", "weekly", "until", "count", "cuts", "closed-within", "closed-between", "closed-count"),
        *("never", "ended", "called-off", "words"),
    ],
)
def test_what_is_written_is_read_back_with_the_same_coverage(told: MaintenanceWindow) -> None:
    (found,) = read_calendar(calendar_text([record(told)]), "plan.ics", ImportScope())
    assert differing(told, replace(found, reason=told.reason), after(30 * WEEK)) == ()
    assert " ".join(found.reason.split()) == " ".join(told.reason.split())
    assert (found.id, found.entity_keys, found.domains) == (told.id, told.entity_keys, told.domains)
    assert found.zone == told.zone


@given(hour=st.integers(0, 200 * 24), length=st.integers(1, 60), zone=st.sampled_from(["Europe/Berlin", "UTC"]))
def test_any_single_window_survives_the_way_out_and_in(hour: int, length: int, zone: str) -> None:
    told = window(hour * HOUR, length, zone=zone)
    (found,) = read_calendar(calendar_text([record(told)]), "plan.ics", ImportScope())
    assert (found.start_at, found.length) == (told.start_at, told.length)
