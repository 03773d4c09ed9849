"""From an exporter's text to families of readings, within limits that a hostile page cannot pass.

The parsers are prometheus-client's. They are pure Python and not made for hostile input: a line of megabytes takes
them minutes. So they are fed line by line, by an iterator that counts, bounds and can be stopped.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from prometheus_client import parser as plain_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from quarterdeck.domain.facts import Facts
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.texts import one_line, plain_text

OPENMETRICS_TYPE = "application/openmetrics-text"
ACCEPT = f"{OPENMETRICS_TYPE};version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
MAX_LINE_CHARS = 16_384
MAX_READINGS = 200_000
MAX_PARSE_SECONDS = 20.0
_READABLE_TYPES = frozenset({OPENMETRICS_TYPE, "text/plain", "application/octet-stream", ""})
_MAX_LABEL_CHARS = 200
_MAX_LABELS = 32
_EARLIEST_SECONDS = 946_684_800.0
_LATEST_SECONDS = 7_258_118_400.0
_PARSER_FAULTS = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError)
"""What prometheus-client's parsers were seen to raise on text that is not theirs."""


class FamilyKind(StrEnum):
    """How a family's readings are to be understood."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    SUMMARY = "summary"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the page: name with its suffix, sorted labels, value, and the source's own time if it tells one."""

    name: str
    labels: Facts
    value: float
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """The readings of one metric; `unit` as the page says it, often empty."""

    name: str
    kind: FamilyKind
    unit: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole answer: its families, the format it came in, and what must be said of it."""

    families: tuple[Family, ...]
    format_words: str
    remark: str = ""

    @property
    def reading_count(self) -> int:
        """How many readings there are."""
        return sum(len(family.readings) for family in self.families)


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How many readings of one page are taken in, and for how many seconds it is read."""

    readings: int = MAX_READINGS
    seconds: float = MAX_PARSE_SECONDS


USUAL_LIMITS = PageLimits()


def read_page(
    reply: HttpReply, is_cancelled: Callable[[], bool] = lambda: False, *, limits: PageLimits = USUAL_LIMITS
) -> Page:
    """Parse a good reply. Raises UnexpectedReply in words when it is no page of metrics or goes over a limit.

    Takes milliseconds to seconds of processor time; call it off the event loop. `is_cancelled` is asked now and then.
    """
    if reply.content_type not in _READABLE_TYPES:
        message = f"It answered with {reply.body_words()}, not with metrics."
        raise UnexpectedReply(message, "The address may want /metrics at its end.")
    text = reply.text()

    def lines() -> _Lines:
        return _Lines(text, is_cancelled, limits.seconds)

    if reply.content_type != OPENMETRICS_TYPE:
        return Page(_parsed(_plain_families, lines(), reply, limits), "the Prometheus text format")
    try:
        return Page(_parsed(_strict_families, lines(), reply, limits), "OpenMetrics")
    except _NotKept as fault:
        families = _parsed(_plain_families, lines(), reply, limits)
        remark = f"Its OpenMetrics is faulty near line {fault.line_number}; it was read all the same."
        return Page(families, "OpenMetrics with faults", remark)


class _NotKept(Exception):
    """The text does not keep to OpenMetrics."""

    def __init__(self, line_number: int) -> None:
        super().__init__(f"line {line_number}")
        self.line_number = line_number


class _Lines:
    """The lines of a text, for a parser to read: bounded in length, number and time."""

    def __init__(self, text: str, is_cancelled: Callable[[], bool], seconds: float) -> None:
        self._text = text
        self._is_cancelled = is_cancelled
        self._seconds = seconds
        self._until = time.monotonic() + seconds
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        start, text = 0, self._text
        while start < len(text):
            end = text.find("\n", start) + 1 or len(text)
            self.number += 1
            if end - start > MAX_LINE_CHARS:
                message = f"Line {self.number} of its answer is longer than {MAX_LINE_CHARS:,} characters."
                raise UnexpectedReply(message, "See what the exporter puts into names and labels.")
            if self._is_cancelled() or time.monotonic() > self._until:
                message = f"Its answer takes longer than {self._seconds:.0f} s to read."
                raise UnexpectedReply(message, "Have the exporter offer less.")
            yield text[start:end]
            start = end


def _strict_families(lines: Iterable[str]) -> Iterator[Any]:
    parse: Callable[[Iterable[str]], Iterator[Any]] = cast("Any", openmetrics_parser).text_fd_to_metric_families
    yield from parse(lines)


def _plain_families(lines: Iterable[str]) -> Iterator[Any]:
    yield from plain_parser.text_fd_to_metric_families(cast("Any", lines))  # it only iterates over them


def _parsed(
    parse: Callable[[Iterable[str]], Iterator[Any]], lines: _Lines, reply: HttpReply, limits: PageLimits
) -> tuple[Family, ...]:
    families: list[Family] = []
    readings = 0
    try:
        for found in parse(lines):
            families.append(_family(found))
            readings += len(families[-1].readings)
            if readings > limits.readings:
                message = f"It offers more than {limits.readings:,} series."
                raise UnexpectedReply(message, "Have the exporter offer less.")
    except _PARSER_FAULTS as fault:
        if parse is _strict_families:
            raise _NotKept(lines.number) from fault
        message = f"It answered with {reply.body_words()}; line {lines.number} is no metric."
        raise UnexpectedReply(message, "The address may want /metrics at its end.") from fault
    return tuple(families)


def _family(found: Any) -> Family:  # noqa: ANN401 - prometheus-client is typed too loosely to help
    name = one_line(found.name, _MAX_LABEL_CHARS)
    readings = tuple(_reading(sample) for sample in found.samples if sample.value is not None)
    return Family(name, _kind(found.type, readings), str(found.unit or ""), readings)


def _reading(sample: Any) -> Reading:  # noqa: ANN401 - prometheus-client is typed too loosely to help
    labels: dict[str, str] = sample.labels or {}
    pairs = [(plain_text(key, _MAX_LABEL_CHARS), plain_text(labels[key], _MAX_LABEL_CHARS)) for key in sorted(labels)]
    at_ms = _milliseconds(sample.timestamp)
    return Reading(one_line(sample.name, _MAX_LABEL_CHARS), tuple(pairs[:_MAX_LABELS]), float(sample.value), at_ms)


def _milliseconds(timestamp: object) -> int | None:
    if timestamp is None:
        return None
    seconds = float(timestamp)  # type: ignore[arg-type] - a float, or prometheus-client's own class of one
    if not math.isfinite(seconds) or not _EARLIEST_SECONDS < seconds < _LATEST_SECONDS:
        return None
    return round(seconds * 1000)


def _kind(type_name: str, readings: tuple[Reading, ...]) -> FamilyKind:
    if type_name in {"counter", "histogram", "summary"}:
        return FamilyKind(type_name)
    if type_name in {"info", "gaugehistogram"}:
        return FamilyKind.CONSTANT
    if type_name in {"unknown", "untyped"} and all(reading.name.endswith("_total") for reading in readings):
        return FamilyKind.COUNTER
    is_info = all(reading.name.endswith("_info") and reading.value == 1 for reading in readings)
    return FamilyKind.CONSTANT if is_info else FamilyKind.GAUGE
