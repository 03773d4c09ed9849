"""The list of integrations in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.availability import Ledger
from quarterdeck.domain.health import SEVERITY, HealthState, needs_attention, worst
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.series import Meaning
from quarterdeck.services.integrations import INTERNAL, IntegrationList, IntegrationRow
from quarterdeck.services.moments import AVAILABILITY_DAYS, Moment
from quarterdeck.services.wording import (
    NO_VALUE,
    availability_words,
    claim_words,
    domain_words,
    meaning_words,
    moment_words,
    percent,
    quantity,
    state_words,
)
from quarterdeck.ui.panels.integrations.state import (
    Cell,
    ClaimWords,
    IntegrationLine,
    IntegrationsState,
)
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

_GAP = math.nan
_UNKNOWN = Cell(NO_VALUE, math.nan)
_USUAL_STATISTIC = "p95"
_THIN_SHARE = 0.5
_LONGEST_SINCE = 1e12
_TEN = 10
_TONES = {
    HealthState.HEALTHY: Tone.SECONDARY,
    HealthState.DEGRADED: Tone.DEGRADED,
    HealthState.DOWN: Tone.DOWN,
    HealthState.UNREACHABLE: Tone.DOWN,
    HealthState.MAINTENANCE: Tone.MAINTENANCE,
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of integrations beside the list, by key: in how many days something ends, and which are covered."""

    ends_in_days: Mapping[str, float] = field(default_factory=dict[str, float])
    covered: frozenset[str] = frozenset()


NOTHING_BESIDE = Beside()


def integrations_state(
    listed: IntegrationList, moment: Moment, tr: Translate, beside: Beside = NOTHING_BESIDE
) -> IntegrationsState:
    """The whole list as of a moment."""
    states = [row.state for row in listed.rows]
    since_at = listed.silent_since_at
    # While nobody collects every row is stale for one and the same reason, which is no matter of integrations.
    alarming = [state for state in states if needs_attention(state) and since_at is None]
    silence = tr("Nothing is collecting: no fresh data since {time}")
    return IntegrationsState(
        lines=tuple(_line(row, moment, tr, beside) for row in listed.rows),
        summary=summary_words(states, tr, is_silent=since_at is not None),
        span=span_words(moment),
        attention_count=len(alarming),
        worst=worst(alarming).value if alarming else "",
        stale=silence.format(time=moment_words(since_at, moment.at)) if since_at else "",
    )


def span_words(moment: Moment) -> str:
    """The length of the moment's range: `6 h`."""
    return duration_words(moment.time_range.seconds)


def summary_words(states: Sequence[HealthState], tr: Translate, *, is_silent: bool = False) -> str:
    """How many integrations there are and how many of them have fresh data."""
    stale, unknown = states.count(HealthState.STALE), states.count(HealthState.UNKNOWN)
    if is_silent:
        return f"{_counted(len(states), tr)} · {tr('none fresh')}"
    parts = [_counted(len(states), tr), tr("{count} fresh").format(count=len(states) - stale - unknown)]
    if stale:
        parts.append(tr("{count} stale").format(count=stale))
    if unknown:
        parts.append(tr("{count} without data").format(count=unknown))
    return " · ".join(parts)


def group_note(states: Sequence[HealthState], tr: Translate) -> str:
    """What stands behind a group's title: `12 integrations · 1 down, 2 degraded`."""
    told = {
        HealthState.DOWN: tr("{count} down"),
        HealthState.UNREACHABLE: tr("{count} unreachable"),
        HealthState.DEGRADED: tr("{count} degraded"),
        HealthState.STALE: tr("{count} without fresh data"),
        HealthState.UNKNOWN: tr("{count} without data"),
        HealthState.MAINTENANCE: tr("{count} in maintenance"),
    }
    counts = [text.format(count=states.count(state)) for state, text in told.items() if state in states]
    return f"{_counted(len(states), tr)} · {', '.join(counts)}" if counts else _counted(len(states), tr)


def _counted(count: int, tr: Translate) -> str:
    return tr("1 integration") if count == 1 else tr("{count} integrations").format(count=count)


def _line(row: IntegrationRow, moment: Moment, tr: Translate, beside: Beside) -> IntegrationLine:
    at, key = moment.at, row.entity.key
    is_internal = row.partner_name == INTERNAL and not row.partner_key
    return IntegrationLine(
        entity_key=row.entity.key,
        state=row.state,
        name=row.entity.name,
        about=_about(row, tr),
        domain=domain_words(row.entity.domain) or tr("No domain"),
        partner=tr("internal") if is_internal else row.partner_name,
        is_internal=is_internal,
        why=_why(row, at, tr),
        since=_since(row, at) if row.state in _BROKEN else "",
        why_tone=_TONES.get(row.state, Tone.TERTIARY),
        available=_available(row.ledger, tr),
        is_thin=_is_thin(row.ledger),
        response=_response(row, tr),
        errors=_number(row.error_ratio, percent),
        rate=_number(row.requests_per_second, _rate_words),
        spark=tuple(value if math.isfinite(value) else _GAP for value in row.spark.tolist()),
        spark_tip=_spark_tip(row.spark, row.spark_meaning, span_words(moment), tr),
        claim=_claim(row, at, tr),
        age=_age(row.newest_at, at),
        tier=row.entity.tier,
        ends_in_days=beside.ends_in_days.get(key, _GAP),
        is_covered=key in beside.covered,
    )


_BROKEN = frozenset({HealthState.DEGRADED, HealthState.DOWN, HealthState.UNREACHABLE})


def _about(row: IntegrationRow, tr: Translate) -> str:
    entity = row.entity
    owner = tr("Owner {owner}").format(owner=entity.owner) if entity.owner else ""
    return "\n".join(part for part in (entity.description, owner, tr("Tier {tier}").format(tier=entity.tier)) if part)


def _since(row: IntegrationRow, at: datetime) -> str:
    return duration_words((at - row.since_at).total_seconds()) if row.since_at else ""


def _why(row: IntegrationRow, at: datetime, tr: Translate) -> Cell:
    since_at = row.since_at
    held_seconds = (at - since_at).total_seconds() if since_at else 0.0
    tip = tr("Since {time}").format(time=exact_words(since_at)) if since_at else ""
    worst_first = -SEVERITY[row.state] + min(held_seconds, _LONGEST_SINCE) / (2 * _LONGEST_SINCE)
    return Cell(_why_words(row, at, tr), worst_first, "\n".join(part for part in (row.reason, tip) if part))


def _why_words(row: IntegrationRow, at: datetime, tr: Translate) -> str:
    word = state_words(row.state)
    if row.state is HealthState.UNKNOWN:
        return word
    if row.state is HealthState.STALE:
        old_at = row.newest_at or row.since_at
        return tr("no fresh data since {time}").format(time=moment_words(old_at, at)) if old_at else word
    if row.state is HealthState.HEALTHY:
        return f"{word} · {_since(row, at)}"
    reason = _short(row.reason.removesuffix("."), row.response_statistic)
    if row.cause.startswith("series:") or row.state is HealthState.MAINTENANCE:
        reason = reason[:1].lower() + reason[1:]
    return reason or word


def _short(reason: str, statistic: str) -> str:
    """A percentile says by itself that it is of the response time."""
    return reason.replace(meaning_words(Meaning.RESPONSE_TIME, statistic), statistic, 1) if statistic else reason


def _available(ledger: Ledger, tr: Translate) -> Cell:
    counted = ledger.up_seconds + ledger.down_seconds
    tip = tr(
        "Of {days} d: up {up}, down {down}\n"
        "Counted {counted}, excluded for maintenance {excluded}, not measurable {unknown}"
    ).format(
        days=AVAILABILITY_DAYS,
        up=duration_words(ledger.up_seconds),
        down=duration_words(ledger.down_seconds),
        counted=duration_words(counted),
        excluded=duration_words(ledger.excluded_seconds),
        unknown=duration_words(ledger.unknown_seconds),
    )
    ratio = ledger.availability
    return Cell(availability_words(ratio), math.nan if ratio is None else ratio, tip)


def _is_thin(ledger: Ledger) -> bool:
    """Whether so little of the time is known that the figure says little."""
    known = ledger.up_seconds + ledger.down_seconds + ledger.excluded_seconds
    return known < _THIN_SHARE * (known + ledger.unknown_seconds)


def _response(row: IntegrationRow, tr: Translate) -> Cell:
    value = row.response_time_seconds
    if value is None:
        return _UNKNOWN
    words = quantity(value, "s")
    if row.response_statistic == _USUAL_STATISTIC:
        return Cell(words, value)
    statistic = row.response_statistic or tr("single")
    return Cell(words, value, tr("This is the {statistic} response time").format(statistic=statistic))


def _rate_words(value: float) -> str:
    return f"{value:,.0f}" if value >= _TEN else quantity(value, "1")


def _number(value: float | None, write: Callable[[float], str]) -> Cell:
    return _UNKNOWN if value is None else Cell(write(value), value)


def _spark_tip(values: npt.NDArray[np.float64], meaning: Meaning | None, span: str, tr: Translate) -> str:
    known = values[np.isfinite(values)]
    if meaning is None or not len(known):
        return ""
    unit = {Meaning.RESPONSE_TIME: "s", Meaning.THROUGHPUT: "1/s", Meaning.ERROR_RATE: "ratio"}[meaning]
    low, high = quantity(float(known.min()), unit), quantity(float(known.max()), unit)
    name = meaning_words(meaning)
    return tr("{signal} over {span}: {low} to {high}").format(
        signal=name[0].upper() + name[1:], span=span, low=low, high=high
    )


def _claim(row: IntegrationRow, at: datetime, tr: Translate) -> ClaimWords:
    claimed = row.claimed
    if claimed is None or claimed.state is HealthState.UNKNOWN:
        return ClaimWords(None, NO_VALUE)
    words = claim_words(claimed)
    told = tr("Says since {time}: {words}").format(time=moment_words(claimed.claimed_at, at), words=claimed.words)
    if not row.is_disputed:
        return ClaimWords(claimed.state, words, told)
    measured = state_words(row.state)
    seen = tr("Measured here: {state}").format(state=f"{measured}. {row.reason}" if row.reason else measured)
    return ClaimWords(claimed.state, tr("{claim} · disputed").format(claim=words), f"{told}\n{seen}", is_disputed=True)


def _age(newest_at: datetime | None, at: datetime) -> Cell:
    if newest_at is None:
        return _UNKNOWN
    seconds = max(0.0, (at - newest_at).total_seconds())
    return Cell(duration_words(seconds), seconds, exact_words(newest_at))


def exact_words(at: datetime) -> str:
    """An instant in local time with its day and zone, for a tool tip."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
