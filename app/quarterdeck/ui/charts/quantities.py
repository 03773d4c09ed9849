"""Numbers with units for axes and legends: one scale for a whole axis, few digits, the unit always said.

Units are those of series: `s`, `1/s`, `ratio`, `By`, `By/s`, `1`, `d`, or any other word, which is shown as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

NO_VALUE = "—"
_KIBI = 1024.0
_LONGEST_UNIT = 16
_WHOLE_FROM = 10.0
_TWO_DECIMALS_BELOW = 1.0


@dataclass(frozen=True, slots=True)
class Scale:
    """What a value is multiplied by before it is written, and what is written behind it."""

    factor: float
    suffix: str


_SECONDS = (
    (172800.0, Scale(1 / 86400, " d")),
    (7200.0, Scale(1 / 3600, " h")),
    (120.0, Scale(1 / 60, " min")),
    (1.0, Scale(1.0, " s")),
    (1e-3, Scale(1e3, " ms")),
    (1e-6, Scale(1e6, " \u00b5s")),
    (0.0, Scale(1e9, " ns")),
)
_COUNTS = (
    (1e9, Scale(1e-9, "G")),
    (1e6, Scale(1e-6, "M")),
    (1e4, Scale(1e-3, "k")),
    (0.0, Scale(1.0, "")),
)
_BYTES = tuple(
    (_KIBI**power if power else 0.0, Scale(1 / _KIBI**power, f" {name}"))
    for power, name in reversed(list(enumerate(("B", "kB", "MB", "GB", "TB", "PB"))))
)
_FIXED = {"ratio": Scale(100.0, "%"), "%": Scale(1.0, "%"), "d": Scale(1.0, " d")}


def scale_for(unit: str, largest: float) -> Scale:
    """The scale in which values up to `largest` are written; `largest` may be negative or zero."""
    if unit in _FIXED:
        return _FIXED[unit]
    size = abs(largest) if math.isfinite(largest) else 0.0
    if unit == "s":
        return Scale(1e3, " ms") if size == 0 else _step(_SECONDS, size)
    if unit in {"By", "By/s"}:
        found = _step(_BYTES, size)
        return Scale(found.factor, found.suffix + unit.removeprefix("By"))
    found = _step(_COUNTS, size)
    word = {"1": "", "1/s": "/s"}.get(unit, " ".join(unit[:_LONGEST_UNIT].split()))
    return Scale(found.factor, f"{found.suffix} {word}".rstrip() if word else found.suffix)


def quantity(value: float, unit: str) -> str:
    """A value with its unit in two or three digits: `412 ms`, `2.9 s`, `3.81%`, `640 /s`; a dash when not finite."""
    if not math.isfinite(value):
        return NO_VALUE
    scale = scale_for(unit, value)
    return written(value, scale, decimals_for(value * scale.factor))


def written(value: float, scale: Scale, decimals: int) -> str:
    """A value on a scale with a number of decimals, thousands set apart."""
    text = f"{value * scale.factor:,.{decimals}f}"
    return f"{text.replace('-', '−')}{scale.suffix}"


def decimals_for(scaled: float) -> int:
    """The decimals that leave two or three digits: none from 10 on, one from 1 on, else two."""
    size = abs(scaled)
    if size == 0 or size >= _WHOLE_FROM:
        return 0
    return 2 if size < _TWO_DECIMALS_BELOW else 1


def _step(steps: tuple[tuple[float, Scale], ...], size: float) -> Scale:
    return next((scale for least, scale in steps if size >= least), steps[-1][1])
