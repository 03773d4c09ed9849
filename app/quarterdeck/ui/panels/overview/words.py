"""The Overview's answers in words: pure functions from a report to what is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.health import HealthState, worst
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.attention import AttentionAction, AttentionItem
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.integrations import IntegrationRow
from quarterdeck.services.moments import AVAILABILITY_DAYS
from quarterdeck.services.overview import DomainGroup, OverviewFigures, OverviewReport
from quarterdeck.services.wording import (
    NO_VALUE,
    availability_words,
    counted_words,
    domain_words,
    moment_words,
    quantity,
    time_left_words,
)
from quarterdeck.ui.panels.overview.state import (
    AttentionLine,
    CardWords,
    FigureWords,
    Follow,
    OverviewState,
    Section,
)
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

_GAP = math.nan
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
}


def overview_state(report: OverviewReport, at: datetime, tr: Translate) -> OverviewState:
    """The whole page of a report as of a moment."""
    silence = _silence(report.silent_since_at, at, tr)
    lines = (silence,) if silence else tuple(_line(item, at, tr) for item in report.attention)
    states = [line.state for line in lines]
    return OverviewState(
        figures=_figures(report.figures, tr, is_silent=report.silent_since_at is not None),
        attention=lines,
        sections=tuple(_section(group, at, tr) for group in report.domains),
        attention_count=1 if silence else report.figures.attention,
        worst=worst(states).value if states else "",
        quiet="" if lines else tr("Nothing needs attention."),
        no_cards="" if report.domains else tr("No integration is declared yet: quarterdeck apply FILE declares them."),
        stale=silence.sentence if silence else "",
    )


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
    }
    return AttentionLine(
        id=item.entity_key or f"connection:{item.connection_id}",
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
    """The sentence as a line of a list, without its full stop; what else lacks data for the same reason follows."""
    sentence = item.sentence.removesuffix(".")
    if not item.follower_count:
        return sentence
    return f"{sentence} · {tr('{count} things without fresh data').format(count=item.follower_count)}"


def _figures(figures: OverviewFigures, tr: Translate, *, is_silent: bool) -> tuple[FigureWords, ...]:
    is_counted = figures.total > 0
    return (
        FigureWords(
            "healthy",
            tr("Integrations healthy"),
            str(figures.healthy) if is_counted and not is_silent else NO_VALUE,
            tr("of {total}").format(total=figures.total) if is_counted else tr("none declared"),
            short_label=tr("Healthy"),
        ),
        _attention_figure(figures, tr, is_silent=is_silent),
        FigureWords(
            "availability",
            tr("Availability, {days} d").format(days=AVAILABILITY_DAYS),
            availability_words(figures.availability),
            _span_note(figures, tr),
            short_label=tr("Available"),
            tool_tip=tr("Up time of all integrations together, of the time that was counted"),
        ),
        _requests_figure(figures, tr, is_silent=is_silent),
        _sources_figure(figures, tr, is_silent=is_silent),
        _expiry_figure(figures.next_expiry, tr),
    )


def _attention_figure(figures: OverviewFigures, tr: Translate, *, is_silent: bool) -> FigureWords:
    label = tr("Need attention")
    if is_silent:
        return FigureWords("attention", label, NO_VALUE, tr("no fresh data"))
    note = tr("{count} down").format(count=figures.down) if figures.down else tr("none down")
    tone = Tone.DOWN if figures.down else Tone.DEGRADED if figures.attention else Tone.TEXT
    tip = tr("Things that are degraded, down or without fresh data")
    return FigureWords("attention", label, str(figures.attention), note, tone, tool_tip=tip)


def _span_note(figures: OverviewFigures, tr: Translate) -> str:
    """How much of the thirty days is known, where that is not nearly all."""
    if figures.availability is None:
        return tr("nothing counted yet")
    counted = counted_words(figures.counted_seconds)
    return tr("{duration} counted").format(duration=counted) if counted else ""


def _requests_figure(figures: OverviewFigures, tr: Translate, *, is_silent: bool) -> FigureWords:
    rate = figures.requests_per_second
    if rate is None or is_silent:
        note = tr("no fresh data") if is_silent else tr("not measured")
        return FigureWords("requests", tr("Requests"), NO_VALUE, note)
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
        return FigureWords("expiry", label, NO_VALUE, tr("no certificate seen"))
    is_over = expiry.days_left < 0
    value = tr("expired") if is_over else time_left_words(expiry.days_left)
    tip = tr("The certificate of {name} ends {time}").format(name=expiry.name, time=_exact(expiry.ends_at))
    return FigureWords("expiry", label, value, expiry.name, _TONES[expiry.state], tool_tip=tip)


def _section(group: DomainGroup, at: datetime, tr: Translate) -> Section:
    return Section(
        domain_words(group.domain) or tr("No domain"),
        tuple(_card(row, at, tr) for row in group.rows),
    )


def _card(row: IntegrationRow, at: datetime, tr: Translate) -> CardWords:
    line = card_line(row, at, tr)
    availability = availability_words(row.ledger.availability)
    why = row.reason if row.state in _EXPLAINED else ""
    days = tr("{days} d").format(days=AVAILABILITY_DAYS)
    spoken = f"{row.entity.name}, {line}, {tr('available')} {availability} {days}"
    return CardWords(
        entity_key=row.entity.key,
        name=row.entity.name,
        state=row.state,
        line=line,
        availability=availability,
        availability_note=days,
        spark=spark_values(row.spark),
        description=f"{spoken}. {why}" if why else spoken,
    )


_EXPLAINED = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE, HealthState.MAINTENANCE})


def card_line(row: IntegrationRow, at: datetime, tr: Translate) -> str:
    """A card's state and for how long: `Healthy · 6 d`, `No data for 22 min`."""
    since = duration_words((at - row.since_at).total_seconds()) if row.since_at else ""
    if row.state is HealthState.UNKNOWN:
        return tr("No data yet")
    if row.state is HealthState.STALE:
        old_at = row.newest_at or row.since_at
        return tr("No data for {age}").format(age=duration_words((at - old_at).total_seconds())) if old_at else ""
    if row.state is HealthState.MAINTENANCE and row.reason:
        return row.reason
    names = {
        HealthState.HEALTHY: tr("Healthy"),
        HealthState.DEGRADED: tr("Degraded"),
        HealthState.DOWN: tr("Down"),
        HealthState.UNREACHABLE: tr("Unreachable"),
        HealthState.MAINTENANCE: tr("In maintenance"),
    }
    return f"{names[row.state]} · {since}"


def spark_values(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    """Values of a line as a tuple that equals another one of the same values, gaps included."""
    return tuple(value if math.isfinite(value) else _GAP for value in values.tolist())


def _exact(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
