"""The part of PromQL that the bank's metrics server understands: selectors, simple aggregations, numbers and `time()`.

Everything else is refused in the way Prometheus refuses what it cannot execute.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import promql_parser as ast

from quarterdeck.demo.metrics import NAME_LABEL, LabelledSeries
from quarterdeck.demo.noise import Floats, Millis

Labels = tuple[tuple[str, str], ...]
_Test = Callable[[str], bool]


class QueryRefused(Exception):
    """A request is not answered: the HTTP status, Prometheus's type of error, and its message."""

    def __init__(self, message: str, *, status: int = 400, error_type: str = "bad_data") -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.error_type = error_type


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The value of an expression over instants: labels of each row, and rows by times (NaN where there is nothing).

    A scalar is one row without labels.
    """

    labels: tuple[Labels, ...]
    values: Floats
    is_scalar: bool = False


def parse(query: str) -> ast.Expr:
    """The expression of a query; raises QueryRefused as Prometheus words it."""
    try:
        return ast.parse(query)
    except ValueError as fault:
        message = f'invalid parameter "query": 1:1: parse error: {fault}'
        raise QueryRefused(message) from fault


def matching(selector: ast.VectorSelector, series: Sequence[LabelledSeries]) -> tuple[LabelledSeries, ...]:
    """The series a selector selects, in their order. Raises QueryRefused for what is not understood."""
    if selector.offset is not None or selector.at is not None or selector.matchers.or_matchers:
        raise _not_understood("offset, @ and or in selectors")
    tests = _tests(selector)
    return tuple(one for one in series if all(test(one.label(name)) for name, test in tests))


def _tests(selector: ast.VectorSelector) -> list[tuple[str, _Test]]:
    tests = [
        (matcher.name, _test(str(matcher.op).rpartition(".")[2], matcher.value)) for matcher in _matchers(selector)
    ]
    if selector.name:
        tests.append((NAME_LABEL, _test("Equal", selector.name)))
    return tests


def _matchers(selector: ast.VectorSelector) -> Iterable[ast.Matcher]:
    return selector.matchers.matchers


def _test(operator: str, wanted: str) -> _Test:
    if operator == "Equal":
        return lambda value: value == wanted
    if operator == "NotEqual":
        return lambda value: value != wanted
    try:
        pattern = re.compile(wanted)
    except re.error as fault:
        message = f'invalid parameter "query": error parsing regexp: {fault}: `{wanted}`'
        raise QueryRefused(message) from fault
    if operator == "Re":
        return lambda value: pattern.fullmatch(value) is not None
    return lambda value: pattern.fullmatch(value) is None


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Works out expressions over given instants: `frame` has the model's rows by `times_ms`."""

    series: Sequence[LabelledSeries]
    times_ms: Millis
    frame: Floats

    def value(self, expression: ast.Expr) -> Columns:
        """The value at each instant. Raises QueryRefused for what is not understood."""
        if isinstance(expression, ast.ParenExpr):
            return self.value(expression.expr)
        if isinstance(expression, ast.VectorSelector):
            return self._selected(expression)
        if isinstance(expression, ast.AggregateExpr):
            return self._aggregated(expression)
        if isinstance(expression, ast.NumberLiteral):
            return self._scalar(np.full(len(self.times_ms), expression.val))
        if isinstance(expression, ast.Call) and expression.func.name == "time":
            return self._scalar(self.times_ms / 1000.0)
        raise _not_understood(type(expression).__name__)

    @staticmethod
    def _scalar(values: Floats) -> Columns:
        return Columns(((),), values[None, :], is_scalar=True)

    def _selected(self, selector: ast.VectorSelector) -> Columns:
        found = matching(selector, self.series)
        return Columns(tuple(one.labels for one in found), self.frame[[one.row for one in found]])

    def _aggregated(self, expression: ast.AggregateExpr) -> Columns:
        aggregate = _AGGREGATES.get(str(expression.op))
        if aggregate is None:
            raise _not_understood(f"the aggregation {expression.op}")
        inner = self.value(expression.expr)
        groups: dict[Labels, list[int]] = defaultdict(list)
        for row, labels in enumerate(inner.labels):
            groups[_grouped(labels, expression.modifier)].append(row)
        rows = [aggregate(inner.values[members]) for members in groups.values()]
        return Columns(tuple(groups), np.array(rows).reshape(len(rows), len(self.times_ms)))


def _grouped(labels: Labels, modifier: ast.AggModifier | None) -> Labels:
    named: frozenset[str] = frozenset(modifier.labels) if modifier else frozenset()
    if modifier is not None and modifier.type == ast.AggModifierType.Without:
        return tuple(pair for pair in labels if pair[0] not in named | {NAME_LABEL})
    return tuple(pair for pair in labels if pair[0] in named)


def _sum(values: Floats) -> Floats:
    return np.where(np.isnan(values).all(axis=0), np.nan, np.nansum(values, axis=0))


def _count(values: Floats) -> Floats:
    counts = (~np.isnan(values)).sum(axis=0).astype(np.float64)
    return np.where(counts == 0, np.nan, counts)


def _least(values: Floats) -> Floats:
    return np.fmin.reduce(values, axis=0)


def _largest(values: Floats) -> Floats:
    return np.fmax.reduce(values, axis=0)


def _mean(values: Floats) -> Floats:
    return _sum(values) / _count(values)


_AGGREGATES: Mapping[str, Callable[[Floats], Floats]] = {
    "sum": _sum,
    "count": _count,
    "min": _least,
    "max": _largest,
    "avg": _mean,
}


def _not_understood(what: str) -> QueryRefused:
    message = f"this server answers selectors and simple aggregations, not {what}"
    return QueryRefused(message, status=422, error_type="execution")
