"""The Overview's answers in words: pure functions from a report to what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck.domain.health import HealthState, worst
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.attention import AttentionAction, AttentionItem
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.machines import MachineRow
from quarterdeck.services.moments import AVAILABILITY_DAYS
from quarterdeck.services.overview import Awaited, DomainGroup, OverviewFigures, OverviewReport
from quarterdeck.services.wording import (
    NO_VALUE,
    availability_words,
    counted_words,
    domain_words,
    moment_words,
    quantity,
    time_left_words,
)
from quarterdeck.ui.panels.overview.card_words import Translate, integration_card, machine_card
from quarterdeck.ui.panels.overview.state import (
    EVERYTHING_AVAILABLE,
    EVERYTHING_HEALTHY,
    AttentionLine,
    FigureWords,
    Follow,
    OverviewState,
    Section,
)
from quarterdeck.ui.theme.tokens import Tone

_TONES = {
    HealthState.HEALTHY: Tone.TEXT,
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.DOWN: Tone.DOWN,
    HealthState.UNREACHABLE: Tone.DOWN,
}
_FOLLOW = {
    AttentionAction.OPEN_PERFORMANCE: Follow.PERFORMANCE,
    AttentionAction.OPEN_INTEGRATION: Follow.INTEGRATION,
    AttentionAction.OPEN_CONNECTION: Follow.CONNECTION,
    AttentionAction.INSPECT: Follow.INSPECTOR,
    AttentionAction.NONE: Follow.NOWHERE,
}

STORE_LINE = "store"


def overview_state(report: OverviewReport, at: datetime, tr: Translate) -> OverviewState:
    """The whole page of a report as of a moment."""
    silence = _silence(report.silent_since_at, at, tr)
    lines = (silence,) if silence else tuple(_line(item, at, tr) for item in report.attention)
    states = [line.state for line in lines]
    return OverviewState(
        figures=_figures(report, tr),
        attention=lines,
        sections=tuple(_section(group, at, tr) for group in report.domains),
        attention_count=1 if silence else report.figures.attention,
        worst=worst(states).value if states else "",
        quiet="" if lines else _quiet(report, tr),
        no_cards=""
        if report.domains
        else tr("No integration is declared yet: `quarterdeck apply FILE` declares them."),
        stale=silence.sentence if silence else "",
        machines=_machines(report.machines, at, tr),
        machine_count=report.machine_count,
        beyond=_beyond(report, tr),
    )


def _quiet(report: OverviewReport, tr: Translate) -> str:
    """What is said where no line stands: that all is well only of what is measured."""
    figures = report.figures
    told = {
        Awaited.DATA: tr("Nothing is measured yet. Waiting for the first data of the connections."),
        Awaited.COLLECTOR: tr("Nothing is measured yet. Waiting for a collector and its first data."),
        Awaited.CONNECTION: tr("Nothing is measured yet. Waiting for a connection: none is on."),
        Awaited.PAST: tr("Nothing was measured by then, so it is not known what needed attention."),
    }
    if report.awaited is not Awaited.NOTHING:
        return told[report.awaited]
    if not figures.unknown:
        return tr("Nothing needs attention.")
    words = tr("Nothing that is measured needs attention. Of {count} of {total} nothing is known yet.")
    return words.format(count=figures.unknown, total=figures.total)


def _silence(since_at: datetime | None, at: datetime, tr: Translate) -> AttentionLine | None:
    """The one line that is true when nobody collects: everything else in the store is old."""
    if since_at is None:
        return None
    sentence = tr("Nothing is collecting: no fresh data since {time}").format(time=moment_words(since_at, at))
    return AttentionLine(
        id="collector",
        entity_key="",
        state=HealthState.STALE,
        name=tr("Collector"),
        sentence=sentence,
        since=duration_words((at - since_at).total_seconds()),
        since_exact=_exact(since_at),
        follow=Follow.CONNECTION,
        target="",
        button=tr("Open connections"),
    )


def _line(item: AttentionItem, at: datetime, tr: Translate) -> AttentionLine:
    follow = _FOLLOW[item.action]
    buttons = {
        Follow.PERFORMANCE: tr("Open charts"),
        Follow.INTEGRATION: tr("Open integration"),
        Follow.CONNECTION: tr("Open connection"),
        Follow.INSPECTOR: tr("Inspect"),
        Follow.NOWHERE: "",
    }
    return AttentionLine(
        id=item.entity_key or (STORE_LINE if follow is Follow.NOWHERE else f"connection:{item.connection_id}"),
        entity_key=item.entity_key,
        state=item.state,
        name=item.name,
        sentence=_with_followers(item, tr),
        since=duration_words((at - item.since_at).total_seconds()) if item.since_at else NO_VALUE,
        since_exact=_exact(item.since_at) if item.since_at else "",
        follow=follow,
        target=item.connection_id if follow is Follow.CONNECTION else item.entity_key,
        button=buttons[follow],
    )


def _with_followers(item: AttentionItem, tr: Translate) -> str:
    """The sentence as a line of a list, without its full stop; whoever suffers for the same reason follows."""
    parts = [item.sentence.removesuffix(".")]
    if item.behind_count == 1:
        parts.append(tr("1 other follows from it"))
    elif item.behind_count:
        parts.append(tr("{count} others follow from it").format(count=item.behind_count))
    if item.follower_count:
        parts.append(tr("{count} things without fresh data").format(count=item.follower_count))
    return " · ".join(parts)


def _figures(report: OverviewReport, tr: Translate) -> tuple[FigureWords, ...]:
    figures, is_silent = report.figures, report.silent_since_at is not None
    is_measured = report.awaited is Awaited.NOTHING or figures.attention > 0
    return (
        _healthy_figure(figures, tr, is_silent=is_silent),
        _attention_figure(figures, tr, is_silent=is_silent, is_measured=is_measured),
        _availability_figure(figures, tr),
        _requests_figure(figures, tr, is_silent=is_silent),
        _sources_figure(figures, tr, is_silent=is_silent),
        _expiry_figure(figures.next_expiry, tr),
    )


def _healthy_figure(figures: OverviewFigures, tr: Translate, *, is_silent: bool) -> FigureWords:
    is_counted = figures.total > 0
    is_known = figures.total > figures.unknown and not is_silent
    value = str(figures.healthy) if is_known else NO_VALUE
    note = tr("of {total}").format(total=figures.total) if is_counted else tr("none declared")
    if not (figures.is_of_everything and is_counted):
        short_note = "" if is_counted else tr("none")
        label, short_label = tr("Integrations healthy"), tr("Healthy")
        return FigureWords("healthy", label, value, note, short_label=short_label, short_note=short_note)
    return FigureWords(
        EVERYTHING_HEALTHY,
        tr("Things healthy"),
        value,
        note,
        tool_tip=tr("Everything that is overseen is counted: there is no integration"),
    )


def _availability_figure(figures: OverviewFigures, tr: Translate) -> FigureWords:
    of_integrations = tr("Up time of all integrations together, of the time that was counted")
    of_everything = tr("Up time of everything together, of the time that was counted: there is no integration")
    return FigureWords(
        EVERYTHING_AVAILABLE if figures.is_of_everything else "availability",
        tr("Availability, {days} d").format(days=AVAILABILITY_DAYS),
        availability_words(figures.availability),
        _span_note(figures, tr),
        short_label=tr("Available"),
        short_note=counted_words(figures.counted_seconds) if figures.availability is not None else tr("unknown"),
        tool_tip=of_everything if figures.is_of_everything else of_integrations,
    )


def _attention_figure(figures: OverviewFigures, tr: Translate, *, is_silent: bool, is_measured: bool) -> FigureWords:
    label = tr("Need attention")
    if not is_measured:
        return FigureWords("attention", label, NO_VALUE, tr("nothing measured"), short_note=tr("unknown"))
    if is_silent:
        return FigureWords("attention", label, NO_VALUE, tr("no fresh data"), short_note=tr("unknown"))
    note = tr("{count} down").format(count=figures.down) if figures.down else tr("none down")
    tone = Tone.DOWN if figures.down else Tone.DEGRADED if figures.attention else Tone.TEXT
    tip = tr("Things that are degraded, down or without fresh data")
    return FigureWords("attention", label, str(figures.attention), note, tone, tool_tip=tip)


def _span_note(figures: OverviewFigures, tr: Translate) -> str:
    """How much of the thirty days is known, where that is not nearly all."""
    if figures.availability is None:
        return tr("nothing counted yet")
    counted = counted_words(figures.counted_seconds)
    return tr("of {duration}").format(duration=counted) if counted else ""


def _requests_figure(figures: OverviewFigures, tr: Translate, *, is_silent: bool) -> FigureWords:
    rate = figures.requests_per_second
    if rate is None or is_silent:
        note = tr("no fresh data") if is_silent else tr("not measured")
        return FigureWords("requests", tr("Requests"), NO_VALUE, note, short_note=tr("unknown"))
    return FigureWords("requests", tr("Requests"), quantity(rate, "1"), tr("per second"), short_note="/s")


def _sources_figure(figures: OverviewFigures, tr: Translate, *, is_silent: bool) -> FigureWords:
    label = tr("Sources good")
    of_all = tr("of {total}").format(total=figures.sources_total)
    if is_silent:
        return FigureWords("sources", label, NO_VALUE, of_all)
    if figures.sources_good is None:
        return FigureWords("sources", label, NO_VALUE, tr("not known") if figures.sources_total else "")
    tone = Tone.TEXT if figures.sources_good == figures.sources_total else Tone.DEGRADED
    return FigureWords("sources", label, str(figures.sources_good), of_all, tone)


def _expiry_figure(expiry: Expiry | None, tr: Translate) -> FigureWords:
    label = tr("Next expiry")
    if expiry is None:
        return FigureWords("expiry", label, NO_VALUE, tr("no certificate seen"), short_note=tr("none seen"))
    is_over = expiry.days_left < 0
    value = tr("expired") if is_over else time_left_words(expiry.days_left)
    tip = tr("The certificate of {name} ends {time}").format(name=expiry.name, time=_exact(expiry.ends_at))
    return FigureWords("expiry", label, value, expiry.name, _TONES[expiry.state], tool_tip=tip)


def _section(group: DomainGroup, at: datetime, tr: Translate) -> Section:
    return Section(
        domain_words(group.domain) or tr("No domain"),
        tuple(integration_card(row, at, tr) for row in group.rows),
    )


def _machines(rows: Sequence[MachineRow], at: datetime, tr: Translate) -> Section | None:
    return Section(tr("Machines"), tuple(machine_card(row, at, tr) for row in rows)) if rows else None


def _beyond(report: OverviewReport, tr: Translate) -> str:
    count = report.machine_count - len(report.machines)
    return tr("{count} more: Ctrl+K finds them by name.").format(count=count) if count > 0 else ""


def _exact(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
