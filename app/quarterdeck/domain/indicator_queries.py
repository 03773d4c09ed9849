"""What an objective's indicator asks of the store, read from its text.

`state`, `age`, `age(NAME)`; a series by its name with labels, `requests_total{code="200"}`, or by what it means,
`response_time:p95`; events by their type, `event:payment.submitted{channel="web"}`, and events that are answered,
`event:payment.submitted then payment.settled within 5min`. Around a counter `sum`, `rate` and `increase` of PromQL say
nothing that a share of two counters would not, and are read through; anything else in another language is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from quarterdeck.domain.facts import Facts
from quarterdeck.domain.series import Meaning

OWN_SOURCE = "quarterdeck"
"""The kind of source that an indicator names which asks this console's own store."""


class QueryKind(StrEnum):
    """What is asked for."""

    STATE = "state"
    AGE = "age"
    SERIES = "series"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Matcher:
    """A label or fact that must have a value, or must not."""

    name: str
    value: str
    is_equal: bool = True

    def fits(self, facts: Facts) -> bool:
        """Whether labels or facts are as wanted; what is not there is the empty text."""
        return (next((value for name, value in facts if name == self.name), "") == self.value) is self.is_equal


@dataclass(frozen=True, slots=True)
class IndicatorQuery:
    """One question. Series have a `name`, or a `meaning` with a `statistic`; events a type as `name`.

    Events with `answer` are good once an event of that type with the same correlation key came within `within_seconds`.
    """

    kind: QueryKind
    name: str = ""
    meaning: Meaning | None = None
    statistic: str = ""
    matchers: tuple[Matcher, ...] = ()
    answer: str = ""
    within_seconds: float = 0.0

    def fits(self, facts: Facts) -> bool:
        """Whether labels or facts are as wanted."""
        return all(matcher.fits(facts) for matcher in self.matchers)


class UnreadQuery(ValueError):
    """A question that this console cannot ask; the message is a sentence."""


_WRAPPED = re.compile(r"(?:sum|rate|irate|increase)\s*\(\s*(.*)\)", re.DOTALL)
_RANGE = re.compile(r"(.*)\[\s*[0-9]+[smhdw][0-9smhdw]*\s*\]", re.DOTALL)
_SELECTOR = re.compile(r"([A-Za-z_:][\w:.]*)\s*(?:\{(.*)\})?", re.DOTALL | re.ASCII)
_MEANING = re.compile(r"([a-z_]+)(?::([a-z0-9]+))?", re.ASCII)
_AGE = re.compile(r"age(?:\s*\((.*)\))?", re.DOTALL)
_EVENT = re.compile(
    r"event:\s*([\w.\-/]+)\s*(?:\{(.*?)\})?(?:\s+then\s+([\w.\-/]+)\s+within\s+([0-9]+)\s*(s|min|h|d))?"
)
_MATCHER = re.compile(r"\s*([A-Za-z_][\w.]*)\s*(=~|!~|!=|=)\s*(?:\"([^\"\\]*)\"|'([^'\\]*)')\s*(?:,|$)", re.ASCII)
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_DEEPEST = 6
_LONGEST_SHOWN = 60


def read_query(text: str) -> IndicatorQuery:
    """The question that a text asks. Raises UnreadQuery."""
    asked = text.strip()
    if asked == QueryKind.STATE:
        return IndicatorQuery(QueryKind.STATE)
    if match := _AGE.fullmatch(asked):
        inner = _selected(match[1]) if match[1] else IndicatorQuery(QueryKind.AGE)
        return IndicatorQuery(QueryKind.AGE, inner.name, inner.meaning, inner.statistic, inner.matchers)
    if match := _EVENT.fullmatch(asked):
        within = float(int(match[4]) * _SECONDS[match[5]]) if match[3] else 0.0
        return IndicatorQuery(
            QueryKind.EVENTS,
            match[1],
            matchers=_matchers(match[2] or ""),
            answer=match[3] or "",
            within_seconds=within,
        )
    return _selected(asked)


def _selected(text: str) -> IndicatorQuery:
    for _ in range(_DEEPEST):
        match = _WRAPPED.fullmatch(text) or _RANGE.fullmatch(text)
        if match is None:
            break
        text = match[1].strip()
    if (named := _MEANING.fullmatch(text)) and named[1] in set(Meaning):
        return IndicatorQuery(QueryKind.SERIES, meaning=Meaning(named[1]), statistic=named[2] or "")
    match = _SELECTOR.fullmatch(text)
    if match is None:
        shown = " ".join(text.split())[:_LONGEST_SHOWN]
        message = f"“{shown}” is a query that only its own source can answer."
        raise UnreadQuery(message)
    return IndicatorQuery(QueryKind.SERIES, match[1], matchers=_matchers(match[2] or ""))


def _matchers(text: str) -> tuple[Matcher, ...]:
    found: list[Matcher] = []
    at = 0
    while text[at:].strip():
        match = _MATCHER.match(text, at)
        if match is None:
            message = 'Its labels are not understood; one looks like code="200".'
            raise UnreadQuery(message)
        if "~" in match[2]:
            message = f"It matches {match[1]} by a pattern, which only its own source can do."
            raise UnreadQuery(message)
        found.append(Matcher(match[1], match[3] if match[3] is not None else match[4], match[2] == "="))
        at = match.end()
    return tuple(found)
