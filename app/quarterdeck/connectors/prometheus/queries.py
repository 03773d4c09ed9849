"""The operator's own queries: one a line, what the numbers mean on the left, the PromQL on the right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quarterdeck.connectors.prometheus.promql import syntax_fault
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.validation import is_entity_key

STATISTICS = frozenset({"p50", "p95", "p99", "mean", "max"})
UNITS: dict[Meaning, str] = {
    Meaning.RESPONSE_TIME: "s",
    Meaning.THROUGHPUT: "1/s",
    Meaning.ERROR_RATE: "ratio",
    Meaning.SATURATION: "ratio",
    Meaning.AVAILABILITY: "ratio",
    Meaning.STORAGE: "ratio",
    Meaning.PROCESSING: "ratio",
    Meaning.MEMORY: "By",
    Meaning.NETWORK: "By/s",
    Meaning.QUEUE_DEPTH: "1",
    Meaning.FRESHNESS: "s",
    Meaning.EXPIRY: "d",
    Meaning.OTHER: "1",
}
"""The unit that each meaning has unless a query says otherwise."""

MAX_QUERY_LENGTH = 8000
_UNIT = re.compile(r"[A-Za-z0-9%/.{}\[\]*^-]{1,24}")
_NAME = re.compile(r"[A-Za-z_][\w.:-]*")
_MEANINGS = {str(meaning) for meaning in Meaning}


@dataclass(frozen=True, slots=True)
class OwnQuery:
    """One query of the operator's: its PromQL and what its results are here.

    `entity_key` is empty where the result's labels decide.
    """

    expression: str
    name: str
    meaning: Meaning
    unit: str
    statistic: str = ""
    entity_key: str = ""


@dataclass(slots=True)
class _Head:
    """What stands left of the equals sign, while it is read."""

    meaning: str = ""
    statistic: str = ""
    unit: str = ""
    name: str = ""
    entity_key: str = ""


def read_queries(text: str) -> tuple[tuple[OwnQuery, ...], tuple[str, ...]]:
    """The queries of a setting, and what is wrong with the lines that hold none, each a sentence with its line."""
    queries: list[OwnQuery] = []
    faults: list[str] = []
    for number, line in _logical_lines(text):
        read = _read_line(line)
        if isinstance(read, str):
            faults.append(f"Line {number}: {read}")
        elif any(_same_series(read, other) for other in queries):
            faults.append(f'Line {number}: another line yields the same series; tell them apart by "as name".')
        else:
            queries.append(read)
    return tuple(queries), tuple(faults)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; one that starts with a blank continues the one above, `#` starts a comment line."""
    started, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if parts and line[0].isspace():
            parts.append(line.strip())
            continue
        if parts:
            yield started, " ".join(parts)
        started, parts = number, [line.strip()]
    if parts:
        yield started, " ".join(parts)


def _read_line(line: str) -> OwnQuery | str:
    left, equals, expression = line.partition("=")
    expression = expression.strip()
    if not equals or not expression:
        return "write what it means, an equals sign, and the PromQL."
    if len(expression) > MAX_QUERY_LENGTH:
        return f"the query is longer than {MAX_QUERY_LENGTH} characters."
    head = _read_head(left.split())
    if isinstance(head, str):
        return head
    fault = syntax_fault(expression)
    if fault:
        return f"in the PromQL: {fault}"
    meaning = Meaning(head.meaning)
    return OwnQuery(
        expression, head.name or head.meaning, meaning, head.unit or UNITS[meaning], head.statistic, head.entity_key
    )


def _read_head(words: list[str]) -> _Head | str:
    head = _Head()
    rest = iter(words)
    for word in rest:
        is_clause = word in {"as", "for"}
        fault = _take_clause(head, word, next(rest, "")) if is_clause else _take_word(head, word)
        if fault:
            return fault
    if not head.meaning:
        return f"say what it means, one of {', '.join(sorted(_MEANINGS))}."
    return head


def _take_clause(head: _Head, clause: str, value: str) -> str:
    if clause == "as":
        head.name = value
        return "" if _NAME.fullmatch(value) else '"as" wants a name of letters, digits and _ behind it.'
    head.entity_key = value
    return "" if is_entity_key(value) else '"for" wants an entity such as partner/payhub behind it.'


def _take_word(head: _Head, word: str) -> str:
    if word in STATISTICS and not head.statistic:
        head.statistic = word
    elif word in _MEANINGS and not head.meaning:
        head.meaning = word
    elif head.meaning and not head.unit and _UNIT.fullmatch(word) and word not in _MEANINGS | STATISTICS:
        head.unit = word
    else:
        return (
            f"{word[:40]} is neither a meaning, a statistic (p50, p95, p99, mean, max) nor a unit behind the meaning."
        )
    return ""


def _same_series(one: OwnQuery, other: OwnQuery) -> bool:
    return (one.name, one.meaning, one.unit, one.statistic, one.entity_key) == (
        other.name,
        other.meaning,
        other.unit,
        other.statistic,
        other.entity_key,
    )
