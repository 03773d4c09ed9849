"""PromQL as far as it can be judged without a server: is it well-formed, and if not, where does it break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import promql_parser

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`|[\w:.]+|[=!<>]=|=~|!~|\S')
_OPENING = {"(": ")", "{": "}", "[": "]"}
_ENDS_EARLY = ("unexpected end of input", "unclosed", "unterminated", "no expression found")
_NO_PLACE = ("expected ", "unknown function", "illegal regex", "vector selector must")
_COMPLETIONS = {
    "": ("", " x", "(x)", " (a) (x)", " (a) x", " 5m", " 0"),
    ")": ("", "x", "a", "1, x", ", x", " x", "(x)", " (a) (x)", " (a) x", " 5m", " 0"),
    "}": ("", '="v"', '"v"', 'a="v"'),
    "]": ("", "5m", "m", "1m"),
}
_ENDINGS = ("", "(x)", " x")
_MAX_QUOTED = 40
_OPERATORS = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
METRIC_NAME = "__name__"


@dataclass(frozen=True, slots=True)
class Selector:
    """A series selector taken apart: the text as it was given, and its matchers without those on the metric's name."""

    text: str
    matchers: tuple[str, ...]

    def of(self, name: str, extra: Iterable[str] = ()) -> str:
        """The selector narrowed to one metric name and further matchers."""
        return series_of(name, dict.fromkeys((*self.matchers, *extra)))

    def of_any(self, names: Iterable[str]) -> str:
        """The selector narrowed to several metric names at once."""
        pattern = "|".join(re.escape(name) for name in names)
        return "{" + ",".join((f"{METRIC_NAME}=~{quoted(pattern)}", *self.matchers)) + "}"


def series_of(name: str, matchers: Iterable[str] = ()) -> str:
    """A selector of one metric name, written so that it holds for any name."""
    inner = ",".join(matchers)
    if re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", name):
        return f"{name}{{{inner}}}" if inner else name
    return "{" + ",".join((f"{METRIC_NAME}={quoted(name)}", *matchers)) + "}"


def quoted(text: str) -> str:
    """A PromQL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def matcher(label: str, value: str) -> str:
    """An equality matcher."""
    return f"{label}={quoted(value)}"


def parse_selector(text: str) -> Selector | str:
    """A selector taken apart, or why it is none, as a sentence."""
    fault = syntax_fault(text)
    if fault:
        return fault
    try:
        expression = promql_parser.parse(text)
    except ValueError as error:
        return f"It is not a selector: {error}."
    if not isinstance(expression, promql_parser.VectorSelector) or expression.offset or expression.at:
        return 'It is not a selector; one looks like {job="payments"}.'
    if expression.matchers.or_matchers:
        return 'It joins alternatives by "or", which only some servers know; use =~ with | instead.'
    return Selector(text, tuple(_matcher_texts(expression.matchers)))


def _matcher_texts(matchers: promql_parser.Matchers) -> Iterator[str]:
    for each in matchers.matchers:
        if each.name != METRIC_NAME:
            operator = _OPERATORS[str(each.op).rpartition(".")[2]]
            yield f"{each.name}{operator}{quoted(each.value)}"


def syntax_fault(query: str) -> str:
    """Why a query is not well-formed PromQL and where, as a sentence; empty when it is.

    A function this library does not know passes: the kin of Prometheus have their own.
    """
    message = _complaint(query)
    if not message or message.startswith("unknown function"):
        return ""
    if message.startswith(_NO_PLACE):
        return f"{message[:1].upper()}{message[1:]}."
    opened = _open_places(query)
    if opened and message.startswith("unclosed"):
        return f"The {query[opened[-1]]} at character {opened[-1] + 1} is never closed."
    reason = "it cannot be read" if message == "invalid promql query" else message
    return f"{_place(query)}: {reason}."


def _complaint(query: str) -> str:
    try:
        promql_parser.parse(query)
    except ValueError as error:
        return str(error)
    return ""


def _place(query: str) -> str:
    tokens = list(_TOKEN.finditer(query))
    if not tokens:
        return "It is empty"
    for token in tokens:
        if not _could_go_on(query[: token.end()]):
            return f"At character {token.start() + 1}, {token.group()[:_MAX_QUOTED]}"
    return f"At the end, after {tokens[-1].group()[:_MAX_QUOTED]}"


def _could_go_on(prefix: str) -> bool:
    """Whether something could follow that makes it well-formed."""
    closers = "".join(_OPENING[prefix[place]] for place in reversed(_open_places(prefix)))
    return any(
        _reads(prefix + completion + closers + ending)
        for completion in _COMPLETIONS[closers[:1]]
        for ending in (_ENDINGS if closers else _ENDINGS[:1])
    )


def _reads(query: str) -> bool:
    message = _complaint(query)
    return not message or message.startswith((*_NO_PLACE, *_ENDS_EARLY))


def _open_places(query: str) -> list[int]:
    places: list[int] = []
    for token in _TOKEN.finditer(query):
        if token.group() in _OPENING:
            places.append(token.start())
        elif places and token.group() == _OPENING[query[places[-1]]]:
            places.pop()
    return places
