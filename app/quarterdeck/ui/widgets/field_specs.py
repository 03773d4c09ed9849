"""What a generated form is drawn from, and how typed text becomes a value; no widget is involved."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

FieldValue = str | int | float | bool

_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(ms|s|min|m|h|d|w)?", re.IGNORECASE)
_UNIT_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_WRITTEN_UNITS = (("d", 86400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0))


class FieldKind(StrEnum):
    """How a value is edited. Durations are seconds as values and `15 s`, `5 min`, `90 d` on the screen.

    Of several the value is what is chosen of the choices, in their order, joined by commas.
    """

    TEXT = "text"
    MULTILINE = "multiline"
    NUMBER = "number"
    DURATION = "duration"
    CHOICE = "choice"
    SEVERAL = "several"
    FLAG = "flag"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice and its words."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its words, what it takes and what it begins with.

    A secret is hidden while typed. Bounds hold for numbers and durations (in seconds). Advanced fields stay folded.
    """

    key: str
    label: str
    hint: str = ""
    kind: FieldKind = FieldKind.TEXT
    is_required: bool = False
    is_secret: bool = False
    choices: tuple[Choice, ...] = ()
    default: FieldValue | None = None
    minimum: float | None = None
    maximum: float | None = None
    placeholder: str = ""
    is_advanced: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What typed text means: a value, or a sentence that says what is wrong. Empty optional fields have neither."""

    value: FieldValue | None = None
    fault: str = ""


def read_field(spec: FieldSpec, typed: str) -> Reading:
    """The meaning of typed text under a field's rules."""
    text = typed if spec.is_secret else typed.strip()
    if not text:
        return Reading(fault=_tr("{label} is needed.").format(label=spec.label) if spec.is_required else "")
    if spec.kind is FieldKind.FLAG:
        return Reading(text == "true")
    if spec.kind not in {FieldKind.NUMBER, FieldKind.DURATION}:
        return Reading(text)
    number = parse_duration(text) if spec.kind is FieldKind.DURATION else _parse_number(text)
    if number is None:
        return Reading(fault=_shape_fault(spec))
    return Reading(number, _bounds_fault(spec, number))


def write_field(spec: FieldSpec, value: FieldValue | None) -> str:
    """A value as the text that `read_field` turns back into it."""
    if value is None:
        return ""
    if spec.kind is FieldKind.DURATION and isinstance(value, (int, float)):
        return write_duration(float(value))
    if isinstance(value, bool):
        return str(value).lower()
    return _plain_number(value) if isinstance(value, float) else str(value)


def parse_duration(text: str) -> float | None:
    """Seconds of `90 d`, `5 min`, `1.5 h` or a bare number of seconds; None for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return None
    amount = float(match.group(1).replace(",", "."))
    return amount * _UNIT_SECONDS[(match.group(2) or "s").lower()]


def write_duration(seconds: float) -> str:
    """Seconds in the largest unit that leaves a whole number: 7200 as `2 h`, 90 as `90 s`, 0.5 as `0.5 s`."""
    for unit, length in _WRITTEN_UNITS:
        if seconds >= length and math.isclose(seconds % length, 0.0, abs_tol=1e-9):
            return f"{_plain_number(seconds / length)} {unit}"
    return f"{_plain_number(seconds)} s"


def _parse_number(text: str) -> float | int | None:
    try:
        number = float(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _plain_number(number: float) -> str:
    """A number without exponent and without idle zeros."""
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _shape_fault(spec: FieldSpec) -> str:
    if spec.kind is FieldKind.DURATION:
        return _tr("{label} is a time such as 15 s, 5 min or 90 d.").format(label=spec.label)
    return _tr("{label} is a number.").format(label=spec.label)


def _bounds_fault(spec: FieldSpec, number: float) -> str:
    def words(bound: float) -> str:
        return write_duration(bound) if spec.kind is FieldKind.DURATION else _plain_number(bound)

    if spec.minimum is not None and number < spec.minimum:
        return _tr("{label} is at least {bound}.").format(label=spec.label, bound=words(spec.minimum))
    if spec.maximum is not None and number > spec.maximum:
        return _tr("{label} is at most {bound}.").format(label=spec.label, bound=words(spec.maximum))
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("SettingsForm", text)
