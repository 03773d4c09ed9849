"""What expires, in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.expiries import Expiry
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import NO_VALUE, day_words, time_left_words
from quarterdeck.ui.panels.integrations.state import Cell, ExpiryLine, ExpiryState
from quarterdeck.ui.panels.integrations.words import Translate, exact_words
from quarterdeck.ui.theme.tokens import Tone

_COMMON_NAME = "CN="
_TONES = {HealthState.DOWN: Tone.DOWN, HealthState.DEGRADED: Tone.DEGRADED}


def expiry_state(expiries: Sequence[Expiry], moment: Moment, tr: Translate) -> ExpiryState:
    """Everything that ends as of a moment, in the order given."""
    return ExpiryState(tuple(_line(one, moment.at, tr) for one in expiries), _summary(expiries, tr))


def _summary(expiries: Sequence[Expiry], tr: Translate) -> str:
    states = [one.state for one in expiries]
    count = len(states)
    parts = [tr("1 certificate") if count == 1 else tr("{count} certificates").format(count=count)]
    if ended := states.count(HealthState.DOWN):
        parts.append(tr("{count} expired").format(count=ended))
    if near := states.count(HealthState.DEGRADED):
        parts.append(tr("{count} near the end").format(count=near))
    if untrusted := sum(one.is_verified is False for one in expiries):
        parts.append(tr("{count} that nobody vouches for").format(count=untrusted))
    return " · ".join(parts)


def _line(expiry: Expiry, at: datetime, tr: Translate) -> ExpiryLine:
    age_seconds = max(0.0, (at - expiry.seen_at).total_seconds())
    return ExpiryLine(
        id=f"{expiry.entity_key} {expiry.label}".strip(),
        entity_key=expiry.entity_key,
        state=expiry.state,
        name=f"{expiry.name} · {expiry.label}" if expiry.label else expiry.name,
        kind=expiry.kind.value.replace("_", " "),
        ends=Cell(_day(expiry.ends_at, at), expiry.ends_at.timestamp(), exact_words(expiry.ends_at)),
        left=Cell(_left(expiry.days_left, tr), expiry.days_left),
        left_tone=_TONES.get(expiry.state, Tone.TEXT),
        used_by=", ".join(expiry.used_by) or NO_VALUE,
        issuer=_issuer(expiry, tr),
        issuer_tone=Tone.DEGRADED if expiry.is_verified is False else Tone.SECONDARY,
        subject=common_name(expiry.subject) or NO_VALUE,
        age=Cell(duration_words(age_seconds), age_seconds, exact_words(expiry.seen_at)),
    )


def _left(days_left: float, tr: Translate) -> str:
    words = time_left_words(days_left)
    return words if days_left >= 0 else tr("expired {age} ago").format(age=words)


def _day(ends_at: datetime, at: datetime) -> str:
    year = ends_at.astimezone().year
    return day_words(ends_at) if year == at.astimezone().year else f"{day_words(ends_at)} {year}"


def _issuer(expiry: Expiry, tr: Translate) -> str:
    if expiry.is_verified is False:
        issuer = common_name(expiry.issuer)
        return tr("not trusted: {issuer}").format(issuer=issuer) if issuer else tr("not trusted")
    return common_name(expiry.issuer) or NO_VALUE


def common_name(distinguished: str) -> str:
    """The common name inside a distinguished name, or the whole where there is none."""
    parts = (part.strip() for part in distinguished.split(","))
    return next((part.removeprefix(_COMMON_NAME) for part in parts if part.startswith(_COMMON_NAME)), distinguished)
