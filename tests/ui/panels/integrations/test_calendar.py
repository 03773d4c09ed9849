"""The calendar of what expires: weeks and months, where each date comes from, and what is not known."""

from dataclasses import replace
from datetime import timedelta

from quarterdeck.services.expiry_calendar import ExpiryCalendar, ExpiryKind
from quarterdeck.ui.panels.integrations.calendar_words import calendar_state
from quarterdeck.ui.panels.integrations.models import calendar_data
from quarterdeck.ui.panels.integrations.state import Stretch
from tests.ui.panels.integrations.lists import CALENDAR, ending
from tests.ui.panels.overview.reports import LIVE, NOON

STATE = calendar_state(CALENDAR, LIVE, str)


def groups(stretch: Stretch, *folded: str) -> list[str]:
    data = calendar_data(STATE.lines, stretch, folded)
    return [f"{group.title} ({group.note})" for group in data.groups]


def test_what_has_ended_comes_first_and_what_is_not_known_last() -> None:
    titles = groups(Stretch.MONTH)
    assert titles[0] == "Already ended (1 entry)"
    assert titles[-1] == "No date known (2 entries)"
    assert len(titles) == len(set(titles))


def test_weeks_are_named_by_how_near_they_are() -> None:
    entries = tuple(ending(ExpiryKind.KEY, f"K{days}", days) for days in (0.01, 7.0, 21.0, 400.0))
    weeks = [line.week for line in calendar_state(ExpiryCalendar(entries, ()), LIVE, str).lines]
    later = NOON.astimezone() + timedelta(days=400)
    assert weeks[:2] == ["This week", "Next week"]
    assert weeks[2].startswith("Week ")
    assert str(later.year) in weeks[3]


def test_each_date_says_where_it_comes_from() -> None:
    sources = {line.name: line.source.words for line in STATE.lines}
    assert sources["PayHub"] == "seen by a probe 6 s ago"
    assert sources["Tessera"] == "declared on Tessera"
    assert sources["Push"] == "no probe saw a certificate; key_ends not declared"
    assert sources["Files"] == "key_ends says “ask”, which is no date"


def test_what_has_no_date_shows_dashes_and_sorts_last() -> None:
    line = next(one for one in STATE.lines if one.name == "Push")
    assert (line.kind, line.ends.words, line.left.words, line.ends.rank != line.ends.rank) == (
        "certificate, key",
        "—",
        "—",
        True,
    )


def test_what_has_ended_says_how_long_ago() -> None:
    assert [line.left.words for line in STATE.lines][:2] == ["expired 3 d ago", "2 d"]


def test_the_summary_counts_by_kind_and_names_the_unknown() -> None:
    assert STATE.summary == (
        "2 certificates · 1 key · 1 consent · 1 expired · 1 near the end · "
        "2 integrations with no date known of something"
    )


def test_one_integration_without_a_date_is_counted_as_one() -> None:
    one = calendar_state(replace(CALENDAR, undated=CALENDAR.undated[:1]), LIVE, str)
    assert one.summary.endswith(" · 1 integration with no date known of something")


def test_a_heading_carries_the_worst_state_of_its_week() -> None:
    data = calendar_data(STATE.lines, Stretch.WEEK, ("Already ended",))
    first = data.groups[0]
    assert (first.state, first.is_folded) == (STATE.lines[0].state, True)
