"""Windows in words: pure functions from the desk's answers to what the list and the page beside it draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from quarterdeck.analysis.recurrence import zone_of
from quarterdeck.domain.instants import TimeRange, duration_words
from quarterdeck.domain.maintenance import MaintenanceAct, MaintenanceRecord, MaintenanceWindow
from quarterdeck.services.maintenance_desk import BoardWindow, Period, WindowBoard
from quarterdeck.services.maintenance_forms import WEEKDAYS, Repeat, typed_of
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import domain_words, moment_words
from quarterdeck.ui.panels.maintenance.state import (
    Act,
    ActKind,
    BoardState,
    RecordLine,
    WindowDetail,
    WindowLine,
)

Translate = Callable[[str], str]

_FEW = 2
_MOST_NAMED = 12
_OVER = frozenset({Period.PAST, Period.CALLED_OFF})


def board_state(board: WindowBoard, moment: Moment, tr: Translate) -> BoardState:
    """Every window as of a moment."""
    silent_at = board.silent_since_at
    silence = tr(
        "Nothing has been collecting since {time}: windows are kept, and states follow them once a collector runs."
    )
    locked = tr("Shown as of {time}. Planned work is changed in the present: L goes back to live.")
    return BoardState(
        lines=tuple(_line(one, moment.at, tr) for one in board.windows),
        details=tuple(_detail(one, moment, tr) for one in board.windows),
        summary=_summary(board.windows, tr),
        silence=silence.format(time=moment_words(silent_at, moment.at)) if silent_at else "",
        locked="" if moment.live else locked.format(time=moment_words(moment.at, moment.at)),
    )


def record_lines(
    records: Sequence[MaintenanceRecord], names: Mapping[str, str], now: datetime, tr: Translate
) -> tuple[RecordLine, ...]:
    """Every record of a window, the newest first; `names` are those of entities by key, as far as they are known."""
    acts = {
        MaintenanceAct.PLANNED: tr("Planned {time} by {who}"),
        MaintenanceAct.ENDED: tr("Ended {time} by {who}"),
        MaintenanceAct.CORRECTED: tr("Corrected {time} by {who}"),
    }
    return tuple(
        RecordLine(
            title=acts[record.act].format(time=moment_words(record.recorded_at, now), who=record.recorded_by),
            note=record.note,
            window=_record_words(record.window, names, now, tr),
        )
        for record in reversed(records)
    )


def day_names(tr: Translate) -> dict[str, str]:
    """The days of the week by their sign in a rule."""
    names = (tr("Monday"), tr("Tuesday"), tr("Wednesday"), tr("Thursday"), tr("Friday"), tr("Saturday"), tr("Sunday"))
    return dict(zip(WEEKDAYS, names, strict=True))


def repeat_words(window: MaintenanceWindow, tr: Translate) -> str:
    """How often a window comes: `once`, `weekly on Sunday until 2027-03-31`, or its rule."""
    typed = typed_of(window)
    if typed.repeat is Repeat.RULE:
        return typed.rule
    days = ", ".join(day_names(tr)[day] for day in typed.weekdays)
    words = {
        Repeat.ONCE: tr("once"),
        Repeat.DAILY: tr("daily"),
        Repeat.WEEKLY: tr("weekly on {days}").format(days=days),
        Repeat.MONTHLY: tr("monthly on day {day}").format(day=window.start_at.astimezone(zone_of(window.zone)).day),
    }[typed.repeat]
    return tr("{repeat} until {day}").format(repeat=words, day=typed.last_day) if typed.last_day else words


def span_words(span: TimeRange, now: datetime) -> str:
    """`12:00 to 13:00`, `29 Nov 02:00 to 03:30`."""
    return f"{moment_words(span.start_at, now)} – {moment_words(span.end_at, span.start_at)}"


def scope_words(window: MaintenanceWindow, names: Sequence[str], tr: Translate) -> tuple[str, ...]:
    """What a window covers, a name each; `names` are those of its entities."""
    return (*names, *(tr("all of {domain}").format(domain=domain_words(name)) for name in window.domains))


def _summary(windows: Sequence[BoardWindow], tr: Translate) -> str:
    periods = [one.period for one in windows]
    running, planned = periods.count(Period.RUNNING), periods.count(Period.PLANNED)
    over = len(periods) - running - planned
    parts = [tr("{count} under way").format(count=running), tr("{count} planned").format(count=planned)]
    if over:
        parts.append(tr("{count} over").format(count=over))
    return " · ".join(parts)


def _line(one: BoardWindow, at: datetime, tr: Translate) -> WindowLine:
    told = scope_words(one.window, one.names, tr)
    span = one.occurrence or TimeRange(one.window.start_at, one.window.end_at)
    return WindowLine(
        id=one.window.id,
        is_running=one.period is Period.RUNNING,
        is_over=one.period in _OVER,
        status=_status(one.period, tr),
        reason=one.window.reason,
        when=_when(one, at, tr),
        rank=span.start_at.timestamp(),
        repeats=repeat_words(one.window, tr),
        covers=_short(told, tr),
        by=one.planned_by,
        when_tip=_exact(span),
        covers_tip="\n".join(told[:_MOST_NAMED]) if len(told) > _FEW else "",
    )


def _status(period: Period, tr: Translate) -> str:
    return {
        Period.RUNNING: tr("under way"),
        Period.PLANNED: tr("planned"),
        Period.PAST: tr("over"),
        Period.CALLED_OFF: tr("called off"),
    }[period]


def _when(one: BoardWindow, at: datetime, tr: Translate) -> str:
    if one.occurrence is None:
        return tr("was to begin {time}").format(time=moment_words(one.window.start_at, at))
    if one.period is Period.RUNNING:
        return tr("until {time}").format(time=moment_words(one.occurrence.end_at, at))
    return span_words(one.occurrence, at)


def _exact(span: TimeRange) -> str:
    return " – ".join(each.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z") for each in (span.start_at, span.end_at))


def _short(told: Sequence[str], tr: Translate) -> str:
    if len(told) <= _FEW:
        return ", ".join(told)
    return tr("{first} and {count} more").format(first=told[0], count=len(told) - 1)


def _detail(one: BoardWindow, moment: Moment, tr: Translate) -> WindowDetail:
    window, at = one.window, moment.at
    told = scope_words(window, one.names, tr)
    more = tr("and {count} more").format(count=len(told) - _MOST_NAMED)
    named = "\n".join((*told[:_MOST_NAMED], *((more,) if len(told) > _MOST_NAMED else ())))
    length = duration_words(window.length.total_seconds())
    facts = [
        (tr("Covers"), named),
        (tr("Entities"), tr("{count} of the estate at this moment").format(count=one.covered_count)),
        (tr("Repeats"), repeat_words(window, tr)),
        (tr("Lasts"), length),
        (tr("Time zone"), window.zone),
        (tr("Planned by"), one.planned_by),
        (tr("Identity"), window.id),
    ]
    if one.following is not None:
        facts.insert(2, (tr("Next after it"), span_words(one.following, at)))
    return WindowDetail(
        id=window.id,
        reason=window.reason,
        is_running=one.period is Period.RUNNING,
        headline=_headline(one, at, tr),
        facts=tuple(facts),
        acts=tuple(_acts(one, at, tr)),
    )


def _headline(one: BoardWindow, at: datetime, tr: Translate) -> str:
    status, when = _status(one.period, tr), _when(one, at, tr)
    words = f"{status} {when}" if one.period is Period.RUNNING else f"{status}: {when}"
    return words[:1].upper() + words[1:]


def _acts(one: BoardWindow, at: datetime, tr: Translate) -> list[Act]:
    acts: list[Act] = []
    if one.period in _OVER:
        return acts
    if one.occurrence is not None and one.period is Period.RUNNING:
        acts.append(_end_act(one.occurrence, at, tr))
    skipped = one.following if one.period is Period.RUNNING else one.occurrence
    if one.window.rule and skipped is not None:
        acts.append(_skip_act(skipped, at, tr))
    if one.window.rule or one.period is Period.PLANNED:
        acts.append(_call_off_act(one, tr))
    return acts


def _end_act(span: TimeRange, at: datetime, tr: Translate) -> Act:
    return Act(
        ActKind.END,
        tr("End now…"),
        tr("End this maintenance now?"),
        tr("It was to last until {time}. From now on what it covers is judged by its own signals again.").format(
            time=moment_words(span.end_at, at)
        ),
        tr("End it"),
        tr("Let it go on"),
    )


def _skip_act(span: TimeRange, at: datetime, tr: Translate) -> Act:
    return Act(
        ActKind.SKIP,
        tr("Leave out the next…"),
        tr("Leave out one occurrence?"),
        tr("{span} is left out; the others stay as they are.").format(span=span_words(span, at)),
        tr("Leave it out"),
        tr("Keep it"),
    )


def _call_off_act(one: BoardWindow, tr: Translate) -> Act:
    is_begun = one.period is Period.RUNNING
    return Act(
        ActKind.CALL_OFF,
        tr("End for good…") if is_begun or one.window.rule else tr("Call off…"),
        tr("Call this maintenance off for good?"),
        tr("From now on nothing of it is covered any more, now or later. Its records stay readable."),
        tr("Call it off"),
        tr("Keep it"),
    )


def _record_words(window: MaintenanceWindow, names: Mapping[str, str], now: datetime, tr: Translate) -> str:
    span = span_words(TimeRange(window.start_at, window.end_at), now)
    parts = [span] if not window.rule else [span, repeat_words(window, tr)]
    told = scope_words(window, [names.get(key, key) for key in window.entity_keys], tr)
    parts.append(_short(told, tr))
    if window.closed_at is not None:
        parts.append(tr("closed {time}").format(time=moment_words(window.closed_at, now)))
    return " · ".join(parts)
