"""From a catalogue to the queries to ask: one per metric, not per series, and gauges several at once.

Counters become rates and histograms quantiles at the server. Where the total is what matters for an entity (requests,
response times, reachability) labels are summed away by the entity's label; everything else keeps its labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from quarterdeck.connectors.prometheus.catalogue import Catalogue, Form, Metric
from quarterdeck.connectors.prometheus.meanings import (
    Reading,
    counter_reading,
    distribution_reading,
    gauge_reading,
    is_work,
    work_of_errors,
)
from quarterdeck.connectors.prometheus.promql import Selector
from quarterdeck.connectors.prometheus.queries import OwnQuery
from quarterdeck.connectors.prometheus.recipes import RECIPES
from quarterdeck.domain.series import Meaning

GAUGES_PER_QUERY = 20
SERIES_PER_GAUGE_QUERY = 500
OWN_QUERY_SERIES = 50
QUANTILES = (("p50", "0.5"), ("p95", "0.95"), ("p99", "0.99"))
_PLACEHOLDER = re.compile(r"\{(\d)\}|\$(window|by_le|by)\b")


@dataclass(frozen=True, slots=True)
class Output:
    """What the results of a query are here; `entity_key` is empty where their labels decide."""

    name: str
    meaning: Meaning
    unit: str
    statistic: str = ""
    entity_key: str = ""


@dataclass(frozen=True, slots=True)
class Operand:
    """The series that stand at one place of a query: of one or several metric names, and matchers besides."""

    names: tuple[str, ...]
    matchers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedQuery:
    """A query to ask, and what comes back.

    In `template`, `{0}` to `{9}` are the operands, `$window` the rates' window, `$by` and `$by_le` the grouping. One of
    the operator's own has no operands and is asked as it is. `outputs` go by metric name, "" for any.
    `series_count` is how many series are expected, from which pages are cut.
    """

    template: str
    outputs: tuple[tuple[str, Output], ...]
    series_count: int
    operands: tuple[Operand, ...] = ()

    def output(self, name: str) -> Output | None:
        """What a result of that metric name is."""
        return next((output for key, output in self.outputs if key in {"", name}), None)

    def narrowed(self, name: str, matchers: tuple[str, ...]) -> PlannedQuery:
        """The same query for fewer series: of one metric name where there are several, and with more matchers."""
        operands = tuple(
            Operand((name,) if len(each.names) > 1 else each.names, (*each.matchers, *matchers))
            for each in self.operands
        )
        return replace(self, operands=operands)


@dataclass(frozen=True, slots=True)
class Phrasing:
    """What turns a planned query into PromQL: the selector, the label to group by (or none), the rates' window."""

    selector: Selector | None
    group_label: str
    window_seconds: int

    def of(self, query: PlannedQuery) -> str:
        """The query's PromQL."""
        if not query.operands or self.selector is None:
            return query.template
        texts = [self._operand(self.selector, operand) for operand in query.operands]
        by = {
            "window": f"{self.window_seconds}s",
            "by": f"by ({self.group_label})" if self.group_label else "",
            "by_le": f"by (le, {self.group_label})" if self.group_label else "by (le)",
        }
        return _PLACEHOLDER.sub(lambda match: texts[int(match[1])] if match[1] else by[match[2]], query.template)

    @staticmethod
    def _operand(selector: Selector, operand: Operand) -> str:
        if len(operand.names) == 1:
            return selector.of(operand.names[0], operand.matchers)
        narrowed = replace(selector, matchers=(*selector.matchers, *operand.matchers))
        return narrowed.of_any(operand.names)


def plan_of(catalogue: Catalogue, own: tuple[OwnQuery, ...]) -> tuple[PlannedQuery, ...]:
    """The queries for all metrics of a catalogue and those of the operator's own."""
    names = frozenset(metric.name for metric in catalogue.metrics)
    replaced = frozenset(recipe.name_replaced for recipe in RECIPES if names.issuperset(recipe.names))
    metrics = [metric for metric in catalogue.metrics if metric.name not in replaced]
    return (
        *_own_queries(own),
        *_recipe_queries(catalogue),
        *(query for metric in metrics for query in _metric_queries(metric, names)),
        *_gauge_queries([metric for metric in metrics if metric.form is Form.GAUGE]),
    )


def _own_queries(own: tuple[OwnQuery, ...]) -> Iterator[PlannedQuery]:
    for query in own:
        output = Output(query.name, query.meaning, query.unit, query.statistic, query.entity_key)
        yield PlannedQuery(query.expression, (("", output),), OWN_QUERY_SERIES)


def _recipe_queries(catalogue: Catalogue) -> Iterator[PlannedQuery]:
    counts = {metric.name: metric.series_count for metric in catalogue.metrics}
    for recipe in RECIPES:
        if all(name in counts for name in recipe.names):
            operands = tuple(Operand((name,), recipe.matchers) for name in recipe.names)
            output = Output(recipe.name, recipe.meaning, recipe.unit)
            yield PlannedQuery(recipe.template, (("", output),), counts[recipe.names[0]], operands)


def _metric_queries(metric: Metric, names: frozenset[str]) -> Iterator[PlannedQuery]:
    if metric.form is Form.HISTOGRAM:
        yield from _quantile_queries(metric)
        yield from _mean_and_count_queries(metric)
    elif metric.form is Form.SUMMARY:
        reading = distribution_reading(metric.name)
        yield _around(metric, reading, "{0}", Operand((metric.name,)))
        yield from _mean_and_count_queries(metric)
    elif metric.form is Form.COUNTER:
        yield from _counter_queries(metric, names)


def _quantile_queries(metric: Metric) -> Iterator[PlannedQuery]:
    reading = distribution_reading(metric.name)
    for statistic, quantile in QUANTILES:
        template = f"histogram_quantile({quantile}, sum $by_le (rate({{0}}[$window])))"
        query = _around(metric, reading, template, Operand((f"{metric.name}_bucket",)))
        yield replace(query, outputs=(("", replace(query.outputs[0][1], statistic=statistic)),))


def _mean_and_count_queries(metric: Metric) -> Iterator[PlannedQuery]:
    if not metric.is_summed:
        return
    reading = distribution_reading(metric.name)
    total, count = Operand((f"{metric.name}_sum",)), Operand((f"{metric.name}_count",))
    mean = _around(metric, reading, "sum $by (rate({0}[$window])) / sum $by (rate({1}[$window]))", total, count)
    yield replace(mean, outputs=(("", replace(mean.outputs[0][1], statistic="mean")),))
    if reading.meaning is Meaning.RESPONSE_TIME:
        yield from _work_queries(metric, f"{metric.name}_count")


def _counter_queries(metric: Metric, names: frozenset[str]) -> Iterator[PlannedQuery]:
    if is_work(metric.name):
        yield from _work_queries(metric, metric.name)
        return
    operand = Operand((metric.name,))
    yield _around(metric, counter_reading(metric.name), "rate({0}[$window])", operand)
    work = work_of_errors(metric.name, names)
    if work:
        share = "sum $by (rate({0}[$window])) / sum $by (rate({1}[$window]))"
        output = Output(metric.name, Meaning.ERROR_RATE, "ratio")
        yield PlannedQuery(share, (("", output),), metric.series_count, (operand, Operand((work,))))


def _work_queries(metric: Metric, name: str) -> Iterator[PlannedQuery]:
    """All work an entity did; and, where the reply's status is told, which share of it failed at the server's side."""
    everything = Operand((name,))
    total = "sum $by (rate({0}[$window]))"
    yield PlannedQuery(total, (("", Output(name, Meaning.THROUGHPUT, "1/s")),), metric.series_count, (everything,))
    if metric.status_label:
        failed = Operand((name,), (f'{metric.status_label}=~"5.."',))
        share = "(sum $by (rate({0}[$window])) or sum $by (rate({1}[$window])) * 0) / sum $by (rate({1}[$window]))"
        output = Output(name, Meaning.ERROR_RATE, "ratio")
        yield PlannedQuery(share, (("", output),), metric.series_count, (failed, everything))


def _gauge_queries(gauges: list[Metric]) -> Iterator[PlannedQuery]:
    batch: list[Metric] = []
    for metric in gauges:
        reading = gauge_reading(metric.name)
        if reading.around != "{}":
            yield _around(metric, reading, "{0}", Operand((metric.name,)))
            continue
        full = len(batch) == GAUGES_PER_QUERY
        if batch and (full or sum(m.series_count for m in batch) + metric.series_count > SERIES_PER_GAUGE_QUERY):
            yield _gauges_at_once(batch)
            batch = []
        batch.append(metric)
    if batch:
        yield _gauges_at_once(batch)


def _gauges_at_once(gauges: list[Metric]) -> PlannedQuery:
    outputs: list[tuple[str, Output]] = []
    for metric in gauges:
        reading = gauge_reading(metric.name)
        outputs.append((metric.name, Output(metric.name, reading.meaning, reading.unit)))
    operand = Operand(tuple(metric.name for metric in gauges))
    return PlannedQuery("{0}", tuple(outputs), sum(metric.series_count for metric in gauges), (operand,))


def _around(metric: Metric, reading: Reading, template: str, *operands: Operand) -> PlannedQuery:
    output = Output(metric.name, reading.meaning, reading.unit)
    return PlannedQuery(reading.around.replace("{}", template), (("", output),), metric.series_count, operands)
