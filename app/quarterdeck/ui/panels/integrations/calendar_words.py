"""The calendar of what expires in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from quarterdeck.domain.health import HealthState, worst
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.expiry_calendar import FACT_NAMES, ExpiryCalendar, ExpiryEntry, ExpiryKind, UndatedEntry
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import NO_VALUE, day_words, time_left_words
from quarterdeck.ui.panels.integrations.state import CalendarDay, CalendarLine, CalendarState, Cell
from quarterdeck.ui.panels.integrations.words import Translate, exact_words
from quarterdeck.ui.theme.tokens import Tone

_TONES = {HealthState.DOWN: Tone.DOWN, HealthState.DEGRADED: Tone.DEGRADED}
_LAST_DAY = timedelta(days=6)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def calendar_state(calendar: ExpiryCalendar, moment: Moment, tr: Translate) -> CalendarState:
    """Everything that ends as of a moment, then what has no known end."""
    dated = tuple(_entry(one, moment.at, tr) for one in calendar.entries)
    return CalendarState(
        (*dated, *(_undated(one, tr) for one in calendar.undated)),
        _summary(calendar, tr),
        tuple(_days(calendar.entries, dated)),
        moment.at.astimezone().date(),
    )


def _days(entries: Sequence[ExpiryEntry], lines: Sequence[CalendarLine]) -> Iterator[CalendarDay]:
    """The days on which something ends, in order, with all that ends then."""
    by_day: dict[date, list[CalendarLine]] = defaultdict(list)
    for entry, line in zip(entries, lines, strict=True):
        by_day[entry.ends_at.astimezone().date()].append(line)
    for day, found in by_day.items():
        told = ", ".join(f"{line.name} ({line.kind})" for line in found)
        yield CalendarDay(day, worst([line.state for line in found]), f"{found[0].ends.words}: {told}", found[0].id)


def _summary(calendar: ExpiryCalendar, tr: Translate) -> str:
    kinds = [one.kind for one in calendar.entries]
    words = {
        ExpiryKind.CERTIFICATE: (tr("1 certificate"), tr("{count} certificates")),
        ExpiryKind.KEY: (tr("1 key"), tr("{count} keys")),
        ExpiryKind.CONSENT: (tr("1 consent"), tr("{count} consents")),
    }
    parts = [
        one if kinds.count(kind) == 1 else several.format(count=kinds.count(kind))
        for kind, (one, several) in words.items()
        if kind in kinds
    ]
    states = [one.state for one in calendar.entries]
    if ended := sum(one.days_left < 0 for one in calendar.entries):
        parts.append(tr("{count} expired").format(count=ended))
    if near := states.count(HealthState.DEGRADED):
        parts.append(tr("{count} near the end").format(count=near))
    if unknown := len(calendar.undated):
        words = tr("{count} integrations with no date known of something")
        parts.append(
            tr("1 integration with no date known of something") if unknown == 1 else words.format(count=unknown)
        )
    return " · ".join(parts)


def kind_words(kind: ExpiryKind, tr: Translate) -> str:
    """What can run out, as a word."""
    return {
        ExpiryKind.CERTIFICATE: tr("certificate"),
        ExpiryKind.KEY: tr("key"),
        ExpiryKind.CONSENT: tr("consent"),
    }[kind]


def _entry(one: ExpiryEntry, at: datetime, tr: Translate) -> CalendarLine:
    left = time_left_words(one.days_left)
    has_ended = one.days_left < 0
    ends = one.ends_at.astimezone()
    year = "" if ends.year == at.astimezone().year else f" {ends.year}"
    past = tr("Already ended")
    return CalendarLine(
        id=f"{one.kind} {one.entity_key} {one.name}",
        entity_key=one.entity_key,
        state=one.state,
        kind=kind_words(one.kind, tr),
        name=one.name,
        ends=Cell(f"{_weekday(ends.date(), tr)} {day_words(one.ends_at)}{year}", ends.timestamp(), exact_words(ends)),
        left=Cell(tr("expired {age} ago").format(age=left) if has_ended else left, one.days_left),
        left_tone=_TONES.get(one.state, Tone.TEXT),
        source=_source(one, at, tr),
        used_by=", ".join(one.used_by) or NO_VALUE,
        week=past if has_ended else _week(ends.date(), at.astimezone().date(), tr),
        month=past if has_ended else f"{tr(_MONTHS[ends.month - 1])} {ends.year}",
    )


def _source(one: ExpiryEntry, at: datetime, tr: Translate) -> Cell:
    if one.seen_at is None:
        return Cell(tr("declared on {name}").format(name=one.declared_on), math.nan)
    age_seconds = max(0.0, (at - one.seen_at).total_seconds())
    words = tr("seen by a probe {age} ago").format(age=duration_words(age_seconds))
    return Cell(words, age_seconds, exact_words(one.seen_at))


def _undated(one: UndatedEntry, tr: Translate) -> CalendarLine:
    heading = tr("No date known")
    return CalendarLine(
        id=f"undated {one.entity_key}",
        entity_key=one.entity_key,
        state=HealthState.UNKNOWN,
        kind=", ".join(kind_words(kind, tr) for kind in one.kinds),
        name=one.name,
        ends=Cell(NO_VALUE, math.nan),
        left=Cell(NO_VALUE, math.nan),
        left_tone=Tone.TERTIARY,
        source=Cell(_missing(one, tr), math.nan),
        used_by=one.name,
        week=heading,
        month=heading,
    )


def _missing(one: UndatedEntry, tr: Translate) -> str:
    """Why no date is known, and what would tell it."""
    unclear = [(FACT_NAMES[kind], one.told_of(kind)) for kind in one.kinds if one.told_of(kind)]
    parts = [tr("{fact} says “{text}”, which is no date").format(fact=name, text=text) for name, text in unclear]
    if ExpiryKind.CERTIFICATE in one.kinds and not one.told_of(ExpiryKind.CERTIFICATE):
        parts.append(tr("no probe saw a certificate"))
    declared = [FACT_NAMES[kind] for kind in one.kinds if kind is not ExpiryKind.CERTIFICATE and not one.told_of(kind)]
    if declared:
        parts.append(tr("{facts} not declared").format(facts=", ".join(declared)))
    return "; ".join(parts)


def _weekday(day: date, tr: Translate) -> str:
    names: Sequence[str] = (tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun"))
    return names[day.weekday()]


def _week(day: date, today: date, tr: Translate) -> str:
    first = day - timedelta(days=day.weekday())
    weeks = (first - (today - timedelta(days=today.weekday()))).days // 7
    if weeks == 0:
        return tr("This week")
    if weeks == 1:
        return tr("Next week")
    number = day.isocalendar().week
    span = f"{_short_day(first, today)} – {_short_day(first + _LAST_DAY, today)}"
    return tr("Week {number}: {span}").format(number=number, span=span)


def _short_day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1][:3]}{year}"
