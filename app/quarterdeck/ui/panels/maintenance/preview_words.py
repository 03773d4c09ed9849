"""What a form would come to, in words: occurrences, what is covered, and honestly what is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck.analysis.recurrence import zone_of
from quarterdeck.domain.estate import Entity
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, duration_words
from quarterdeck.services.maintenance_forms import Field
from quarterdeck.services.maintenance_preview import ClockChange, ClockNote, Overlap, Uncovered, WindowPreview
from quarterdeck.services.wording import domain_words, moment_words, state_words
from quarterdeck.ui.panels.maintenance.state import PreviewState, Remark
from quarterdeck.ui.panels.maintenance.words import Translate, day_names, repeat_words

_FEW = 4
_MOST_REMARKED = 3
_DAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def fault_preview(faults: Sequence[tuple[Field, str]]) -> PreviewState:
    """What is still missing, while the form means no window yet."""
    told = tuple(words for _, words in faults)
    return PreviewState(brief=told[0], missing=told)


def preview_state(preview: WindowPreview, tr: Translate) -> PreviewState:
    """What a form that means a window would come to."""
    window, now = preview.window, preview.now
    remarks = [
        *_covering_remarks(preview, tr),
        *_time_remarks(preview, now, tr),
        *(_overlap(one, now, tr) for one in preview.overlaps[:_MOST_REMARKED]),
        *(_clock_remark(note, window.zone, tr) for note in preview.clock_notes[:_MOST_REMARKED]),
    ]
    return PreviewState(
        brief=_brief(preview, len([one for one in remarks if one.state is not None]), tr),
        covered_count=len(preview.covered),
        when=_when(preview, now, tr),
        occurrences=_occurrences(preview, now, tr),
        covers=_covers(preview, tr),
        remarks=tuple(remarks),
    )


def _brief(preview: WindowPreview, warning_count: int, tr: Translate) -> str:
    """The next time, how much is covered, and that there is more to know."""
    parts: list[str] = []
    if preview.occurrences:
        parts.append(_span(preview.occurrences[0], preview.window.zone, preview.now, tr))
    count = len(preview.covered)
    parts.append(tr("covers 1 entity") if count == 1 else tr("covers {count} entities").format(count=count))
    if warning_count:
        parts.append(tr("▲ {count} to know, below").format(count=warning_count))
    return " · ".join(parts)


def zoned_words(at: datetime, zone: str, now: datetime, tr: Translate) -> str:
    """An instant in a zone with its day of the week: `Sun 29 Nov 02:00`."""
    local = at.astimezone(zone_of(zone))
    year = f" {local.year}" if local.year != now.astimezone(zone_of(zone)).year else ""
    day = day_names(tr)[_DAY[local.weekday()]][:3]
    return f"{day} {local.day} {_month(local.month)}{year} {local:%H:%M}"


def _month(number: int) -> str:
    return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[number - 1]


def _when(preview: WindowPreview, now: datetime, tr: Translate) -> str:
    window = preview.window
    first = zoned_words(window.start_at, window.zone, now, tr)
    length = duration_words(window.length.total_seconds())
    if not window.rule:
        return tr("{start}, for {length} ({zone})").format(start=first, length=length, zone=window.zone)
    words = tr("From {start} on {repeat}, each time for {length} ({zone})")
    return words.format(start=first, repeat=repeat_words(window, tr), length=length, zone=window.zone)


def _occurrences(preview: WindowPreview, now: datetime, tr: Translate) -> tuple[str, ...]:
    if not preview.window.rule or preview.is_over:
        return ()
    told = [_span(each, preview.window.zone, now, tr) for each in preview.occurrences]
    return (*told, tr("and so on")) if preview.has_more else tuple(told)


def _span(span: TimeRange, zone: str, now: datetime, tr: Translate) -> str:
    start, end = span.start_at.astimezone(zone_of(zone)), span.end_at.astimezone(zone_of(zone))
    until = f"{end:%H:%M}" if start.date() == end.date() else zoned_words(span.end_at, zone, now, tr)
    here = span.start_at.astimezone()
    is_here = here.utcoffset() == start.utcoffset()
    other = "" if is_here else tr(" · {time} here").format(time=moment_words(span.start_at, span.start_at))
    return f"{zoned_words(span.start_at, zone, now, tr)} – {until}{other}"


def _covers(preview: WindowPreview, tr: Translate) -> str:
    covered = preview.covered
    if not covered:
        domains = ", ".join(domain_words(name) for name in preview.window.domains)
        words = tr(
            "Covers nothing at the moment: no entity belongs to {domains}. What comes to belong to it is covered."
        )
        return words.format(domains=domains) if domains else tr("Covers nothing that is in the estate at the moment.")
    count = len(covered)
    words = tr("Covers 1 entity: {names}") if count == 1 else tr("Covers {count} entities: {names}")
    return words.format(count=count, names=_named(covered, tr))


def _named(entities: Sequence[Entity], tr: Translate) -> str:
    names = ", ".join(one.name for one in entities[:_FEW])
    more = len(entities) - _FEW
    return names if more <= 0 else tr("{names} and {count} more").format(names=names, count=more)


def _covering_remarks(preview: WindowPreview, tr: Translate) -> list[Remark]:
    remarks = [_failing(one, tr) for one in preview.behind if one.is_failing][:_MOST_REMARKED]
    calm = [one.entity for one in preview.behind if not one.is_failing]
    if calm:
        alone = tr("Not covered: {names}. If it fails meanwhile, what depends on it stays red.")
        several = tr("Not covered: {names}. If one of them fails meanwhile, what depends on it stays red.")
        words = alone if len(calm) == 1 else several
        remarks.append(Remark(words.format(names=_named(calm, tr)), HealthState.DEGRADED))
    if preview.dependents:
        alone = tr("Not covered either: {names}, which depends on this. It is judged as ever and may turn red.")
        several = tr("Not covered either: {names}, which depend on this. They are judged as ever and may turn red.")
        words = alone if len(preview.dependents) == 1 else several
        remarks.append(Remark(words.format(names=_named(preview.dependents, tr)), HealthState.DEGRADED))
    return remarks


def _failing(one: Uncovered, tr: Translate) -> Remark:
    words = tr("{name} is {state} now and is not covered: what depends on it stays red during the window.")
    return Remark(words.format(name=one.entity.name, state=state_words(one.state)), one.state)


def _time_remarks(preview: WindowPreview, now: datetime, tr: Translate) -> list[Remark]:
    remarks: list[Remark] = []
    if preview.is_over:
        remarks.append(
            Remark(
                tr(
                    "This time is over already. It is recorded as told afterwards, and the states of that time are "
                    "judged anew."
                ),
                HealthState.DEGRADED,
            )
        )
    elif preview.is_under_way:
        began = preview.occurrences[0].start_at
        words = tr("Under way as soon as it is kept; the time since {time} is judged anew.")
        remarks.append(Remark(words.format(time=moment_words(began, now))))
    if preview.silent_since_at is not None:
        words = tr("Nothing has been collecting since {time}: the window is kept, states follow once a collector runs.")
        time = moment_words(preview.silent_since_at, now)
        remarks.append(Remark(words.format(time=time), HealthState.STALE))
    return remarks


def _overlap(one: Overlap, now: datetime, tr: Translate) -> Remark:
    one_words = tr("Overlaps {reason} ({id}) at {time}, on 1 entity. Both hold; what ends last counts.")
    many_words = tr("Overlaps {reason} ({id}) at {time}, on {count} entities. Both hold; what ends last counts.")
    words = one_words if len(one.entity_keys) == 1 else many_words
    return Remark(
        words.format(
            reason=one.record.window.reason,
            id=one.record.window.id,
            time=moment_words(one.shared.start_at, now),
            count=len(one.entity_keys),
        ),
        HealthState.MAINTENANCE,
    )


def _clock_remark(note: ClockNote, zone: str, tr: Translate) -> Remark:
    start, end = (each.astimezone(zone_of(zone)) for each in (note.occurrence.start_at, note.occurrence.end_at))
    words = {
        ClockChange.MOVED_START: tr("On {day} the clocks go forward over the start: it begins at {start} that day."),
        ClockChange.FIRST_OF_TWO: tr("On {day} the clocks go back and {start} comes twice: the first is meant."),
        ClockChange.OTHER_END: tr("On {day} the clocks change while it lasts: it ends at {end} by the clock."),
    }[note.change]
    day = f"{start.day} {_month(start.month)} {start.year}"
    return Remark(words.format(day=day, start=f"{start:%H:%M}", end=f"{end:%H:%M}"))
