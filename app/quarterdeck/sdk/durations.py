"""Durations as people write them in documents and forms: `45s`, `10min`, `2h`, `9d`, or plain seconds."""

from __future__ import annotations

import re

_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_MOST = 1e12
_DURATION = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,20})?)\s*([a-z]*)", re.ASCII)


def parse_duration(text: str) -> float:
    """Seconds of a duration such as `90`, `90s`, `1.5 h`; raises ValueError with a reason in words."""
    match = _DURATION.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError("a duration is a number with a unit, such as 45s, 10min, 2h or 9d")
    number, unit = match.groups()
    if unit == "m":
        raise ValueError("m could be minutes or months; write min for minutes")
    seconds = _UNIT_SECONDS.get(unit or "s")
    if seconds is None:
        raise ValueError("the units of a duration are ms, s, min, h and d")
    return float(number) * seconds


def duration_text(seconds: float) -> str | float:
    """A duration as a document holds it: whole in the largest unit that fits, else the bare seconds."""
    for unit in ("d", "h", "min", "s"):
        count = seconds / _UNIT_SECONDS[unit]
        if 0 < count < _MOST and count.is_integer():
            return f"{int(count)}{unit}"
    return seconds
