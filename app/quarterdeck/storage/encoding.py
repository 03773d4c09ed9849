"""How structured values lie in a text column, and instants in a number column.

JSON is written in ASCII, so that every engine keeps it and equal values have equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.storage.tables import FOREVER

_NOTHING = "[]"
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def json_text(value: object) -> str:
    """Compact JSON in ASCII."""
    return _ENCODER.encode(value)


def facts_text(facts: Facts) -> str:
    """Facts as JSON text."""
    return json_text(facts) if facts else _NOTHING


def facts_from(text: str) -> Facts:
    """Facts from their JSON text."""
    return () if text == _NOTHING else tuple((name, value) for name, value in json.loads(text))


def expectations_text(expectations: tuple[Expectation, ...]) -> str:
    """Expectations as JSON text, without what is not set."""
    if not expectations:
        return _NOTHING
    return json_text([{k: v for k, v in asdict(e).items() if v is not None} for e in expectations])


def expectations_from(text: str) -> tuple[Expectation, ...]:
    """Expectations from their JSON text."""
    if text == _NOTHING:
        return ()
    return tuple(_expectation(fields) for fields in json.loads(text))


def _expectation(fields: Mapping[str, Any]) -> Expectation:
    bounds = {name: value for name, value in fields.items() if name != "meaning"}
    return Expectation(Meaning(fields["meaning"]), **bounds)


def ms_or_none(instant: datetime | None) -> int | None:
    """Milliseconds of an instant that may be missing."""
    return None if instant is None else to_ms(instant)


def instant_or_none(milliseconds: int | None) -> datetime | None:
    """An instant that may be missing."""
    return None if milliseconds is None else from_ms(milliseconds)


def end_ms(instant: datetime | None) -> int:
    """The end of a validity; an open one is FOREVER."""
    return FOREVER if instant is None else to_ms(instant)


def end_instant(milliseconds: int) -> datetime | None:
    """The end of a validity; None while it still holds."""
    return None if milliseconds == FOREVER else from_ms(milliseconds)
