"""How structured values lie in a text column, and instants in a number column.

JSON is written in ASCII, so that every engine keeps it and equal values have equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from quarterdeck.domain.anomalies import Detector, Sighted
from quarterdeck.domain.connections import BackfillProgress, Settings
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.facts import Facts
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.domain.maintenance import Cut
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
    """Facts from their JSON text. Raises ValueError or TypeError for a text that tells none."""
    if text == _NOTHING:
        return ()
    facts = tuple((name, value) for name, value in json.loads(text))
    _refuse_others([part for pair in facts for part in pair], str)
    return facts


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
    told = {name: value for name, value in fields.items() if name != "meaning"}
    _refuse_others([value for name, value in told.items() if name != "statistic"], int, float)
    _refuse_others([told.get("statistic", "")], str)
    return Expectation(Meaning(fields["meaning"]), **told)


def settings_from(text: str) -> Settings:
    """A connection's settings from their JSON text. Raises ValueError or TypeError for a text that tells none."""
    settings = tuple((key, value) for key, value in json.loads(text))
    _refuse_others([key for key, _ in settings], str)
    _refuse_others([value for _, value in settings], str, int, float)
    return settings


def names_from(text: str) -> tuple[str, ...]:
    """A list of names from its JSON text. Raises ValueError or TypeError for a text that tells none."""
    names = json.loads(text)
    _refuse_others([names], list)
    _refuse_others(names, str)
    return tuple(names)


def sighted_text(fired: Iterable[Sighted]) -> str:
    """The detectors that fired as JSON text."""
    return json_text([[one.detector.value, one.distance] for one in fired])


def sighted_from(text: str) -> tuple[Sighted, ...]:
    """The detectors that fired from their JSON text. Raises ValueError or TypeError for a text that tells none."""
    told = [(detector, distance) for detector, distance in json.loads(text)]
    _refuse_others([distance for _, distance in told], int, float)
    return tuple(Sighted(Detector(detector), distance) for detector, distance in told)


def cuts_text(cuts: Iterable[Cut]) -> str:
    """Occurrences that end early as JSON text."""
    return json_text([[to_ms(cut.start_at), to_ms(cut.end_at)] for cut in cuts])


def cuts_from(text: str) -> tuple[Cut, ...]:
    """Occurrences that end early from their JSON text. Raises ValueError or TypeError for a text that tells none."""
    told = [(start, end) for start, end in json.loads(text)]
    _refuse_others([part for pair in told for part in pair], int)
    return tuple(Cut(from_ms(start), from_ms(end)) for start, end in told)


def backfill_text(progress: BackfillProgress | None) -> str:
    """How far a backfill is as JSON text."""
    if progress is None:
        return ""
    return json_text([to_ms(progress.until_at), to_ms(progress.reached_at), progress.samples, progress.finished])


def backfill_from(text: str) -> BackfillProgress | None:
    """How far a backfill is from its JSON text. Raises ValueError or TypeError for a text that tells nothing."""
    if not text:
        return None
    until_ms, reached_ms, samples, finished = json.loads(text)
    _refuse_others([until_ms, reached_ms, samples, finished], int)
    return BackfillProgress(from_ms(until_ms), from_ms(reached_ms), samples, finished)


def _refuse_others(values: Iterable[object], *kinds: type) -> None:
    if not all(isinstance(value, kinds) for value in values):
        message = "a value of another type than is told here"
        raise TypeError(message)


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
