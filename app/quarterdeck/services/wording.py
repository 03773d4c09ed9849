"""Numbers and states in the words that every screen, report and terminal uses."""

from __future__ import annotations

import math
from datetime import datetime

from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.instants import duration_words
from quarterdeck.domain.series import Meaning
from quarterdeck.services.moments import AVAILABILITY_DAYS

NO_VALUE = "—"
_STATE_WORDS = {
    HealthState.HEALTHY: "healthy",
    HealthState.DEGRADED: "degraded",
    HealthState.DOWN: "down",
    HealthState.UNREACHABLE: "unreachable",
    HealthState.MAINTENANCE: "maintenance",
    HealthState.STALE: "no fresh data",
    HealthState.UNKNOWN: "no data yet",
}
_CLAIM_WORDS = {HealthState.HEALTHY: "up", HealthState.MAINTENANCE: "maintenance", HealthState.UNKNOWN: NO_VALUE}
_MEANING_WORDS = {
    Meaning.RESPONSE_TIME: "response time",
    Meaning.THROUGHPUT: "throughput",
    Meaning.ERROR_RATE: "error rate",
    Meaning.SATURATION: "saturation",
    Meaning.AVAILABILITY: "answers",
    Meaning.STORAGE: "storage in use",
    Meaning.PROCESSING: "processor use",
    Meaning.MEMORY: "memory in use",
    Meaning.NETWORK: "network traffic",
    Meaning.QUEUE_DEPTH: "queue depth",
    Meaning.FRESHNESS: "data age",
    Meaning.EXPIRY: "certificate time left",
    Meaning.OTHER: "value",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BINARY_STEP = 1024.0
_THOUSAND = 1000.0
_SHOWN_BY_TWO_DECIMALS = 0.005
_MOST_DECIMALS = 5
_TEN = 10
_WHOLE = 100
_NEARLY_WHOLE = 99
_LONG_SECONDS = 120
_SHORT_DAYS = 2
_DAY_SECONDS = 86400
_NEARLY_ALL = 0.95


def state_words(state: HealthState) -> str:
    """A state as one or two words."""
    return _STATE_WORDS[state]


def claim_words(claimed: ClaimedStatus | None) -> str:
    """What a partner claims, in a word."""
    return NO_VALUE if claimed is None else _CLAIM_WORDS.get(claimed.state, claimed.state.value)


def meaning_words(meaning: Meaning, statistic: str = "", *, name: str = "") -> str:
    """A signal's name: `p95 response time`; where its meaning is no word of ours, the `name` its source gives it."""
    words = name if name and meaning is Meaning.OTHER else _MEANING_WORDS[meaning]
    return f"{statistic} {words}".strip()


def count_words(count: int, one: str, several: str) -> str:
    """So many in words that were translated before: `one` as it is, `several` with its `{count}` filled in."""
    return one if count == 1 else several.format(count=count)


def domain_words(domain: str) -> str:
    """A domain as a heading: `bill_pay` as `Bill Pay`; empty for none."""
    words = domain.replace("_", " ").split()
    return " ".join(word[0].upper() + word[1:] for word in words)


def moment_words(at: datetime, now: datetime) -> str:
    """An instant in local time as short as it can be told apart from others: `12:18`, `24 Nov 12:18` on another day."""
    local, today = at.astimezone(), now.astimezone().date()
    clock = local.strftime("%H:%M")
    if local.date() == today:
        return clock
    year = "" if local.year == today.year else f" {local.year}"
    return f"{day_words(at)}{year} {clock}"


def dated_words(at: datetime) -> str:
    """An instant in local time with its day and year, for what is read on another day: `24 Nov 2026 12:18`."""
    local = at.astimezone()
    return f"{day_words(at)} {local.year} {local.strftime('%H:%M')}"


def day_words(at: datetime) -> str:
    """A day in local time: `24 Nov`."""
    local = at.astimezone()
    return f"{local.day} {_MONTHS[local.month - 1]}"


def since_words(interval: StateInterval | None, at: datetime) -> str:
    """How long a state has held at a moment: `14 min`; empty when nothing is known."""
    if interval is None:
        return ""
    return duration_words((at - interval.since_at).total_seconds())


def quantity(value: float | None, unit: str) -> str:
    """A number with its unit, short enough for a table: `84 ms`, `0.02%`, `1,284 /s`, `14 MB`, `9 d`."""
    if value is None or math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    makers = {"s": _seconds, "ratio": percent, "By": _bytes, "By/s": _bytes_per_second, "1/s": _rate, "d": _days}
    maker = makers.get(unit)
    return maker(value) if maker else f"{_figure(value)} {unit if unit != '1' else ''}".strip()


def quantities(one: float, other: float, unit: str) -> tuple[str, str]:
    """Two numbers with their unit, with as many digits as tell them apart where they are not equal."""
    words, others = quantity(one, unit), quantity(other, unit)
    if words != others or one == other:
        return words, others
    factor, sign = (100.0, "%") if unit == "ratio" else (1.0, f" {unit}" if unit != "1" else "")
    return f"{one * factor:.4g}{sign}", f"{other * factor:.4g}{sign}"


def percent(ratio: float | None) -> str:
    """A share (0 to 1) as a percentage, never rounded up to 100."""
    if ratio is None or math.isnan(ratio):
        return NO_VALUE
    value = ratio * _WHOLE
    if _NEARLY_WHOLE <= value < _WHOLE:
        return f"{math.floor(value * _WHOLE) / _WHOLE:.2f}%"
    return f"{_tiny(value) or format(value, f'.{_decimals(value)}f')}%"


def availability_words(ratio: float | None) -> str:
    """An availability as it is compared: two decimals, never rounded up; `100%` only when it is whole."""
    if ratio is None or math.isnan(ratio):
        return NO_VALUE
    return "100%" if ratio >= 1 else f"{math.floor(ratio * _WHOLE * _WHOLE) / _WHOLE:.2f}%"


def counted_words(counted_seconds: float) -> str:
    """How much of the days that availability is told over was counted: `22 min`; empty where that is nearly all."""
    is_nearly_all = counted_seconds >= _NEARLY_ALL * AVAILABILITY_DAYS * _DAY_SECONDS
    return "" if is_nearly_all else duration_words(counted_seconds)


def time_left_words(days: float) -> str:
    """How long until something ends, whole days rounded down: `9 d`, `14 h`; below zero how long ago it ended."""
    size = abs(days)
    return duration_words((math.floor(size) if size >= _SHORT_DAYS else size) * _DAY_SECONDS)


def _decimals(value: float) -> int:
    """Decimals that leave about three figures: 0 from ten on, 1 from one on, else 2."""
    size = abs(value)
    return 0 if size >= _TEN else 1 if size >= 1 else 2


def _tiny(value: float) -> str:
    """A number that two decimals would call nought, with its first figure; empty for any other, and for nought."""
    size = abs(value)
    if size == 0 or size >= _SHOWN_BY_TWO_DECIMALS:
        return ""
    decimals = math.ceil(-math.log10(size))
    return f"{value:.{decimals}f}" if decimals <= _MOST_DECIMALS else f"under 0.{'0' * (_MOST_DECIMALS - 1)}1"


def _seconds(value: float) -> str:
    if abs(value) < 1:
        milliseconds = value * _THOUSAND
        return f"{milliseconds:.{0 if abs(milliseconds) >= _TEN else 1}f} ms"
    return f"{value:.1f} s" if abs(value) < _LONG_SECONDS else duration_words(value)


def _bytes(value: float) -> str:
    size, unit = value, "B"
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if abs(size) < _BINARY_STEP or unit == "PB":
            break
        size /= _BINARY_STEP
    return f"{size:.0f} {unit}" if abs(size) >= _TEN or unit == "B" else f"{size:.1f} {unit}"


def _bytes_per_second(value: float) -> str:
    return f"{_bytes(value)}/s"


def _rate(value: float) -> str:
    return f"{_figure(value)} /s"


def _days(value: float) -> str:
    return f"{value:.0f} d" if abs(value) >= _SHORT_DAYS else duration_words(value * _DAY_SECONDS)


def _figure(value: float) -> str:
    if value == 0:
        return "0"
    if tiny := _tiny(value):
        return tiny
    return f"{value:,.0f}" if abs(value) >= _WHOLE else f"{value:.{2 if abs(value) < _TEN else 1}f}"
