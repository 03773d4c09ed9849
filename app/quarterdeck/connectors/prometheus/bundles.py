"""Several queries asked as one, because a request costs both sides more than an expression does.

Each part of the union is marked with a label of our own, by which the rows are dealt out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.connectors.prometheus.plan import Phrasing, PlannedQuery

MARK = "quarterdeck_part"
MOST_QUERIES = 12
MOST_SERIES = 600


@dataclass(frozen=True, slots=True)
class Bundle:
    """Queries that are asked together; one alone is asked as it is."""

    queries: tuple[PlannedQuery, ...]

    @property
    def series_count(self) -> int:
        """How many series are expected."""
        return sum(query.series_count for query in self.queries)

    def expression(self, phrasing: Phrasing) -> str:
        """The PromQL to ask."""
        if len(self.queries) == 1:
            return phrasing.of(self.queries[0])
        return " or ".join(
            f'label_replace({phrasing.of(query)}, "{MARK}", "{number}", "", "")'
            for number, query in enumerate(self.queries)
        )

    def query_of(self, labels: Mapping[str, str]) -> PlannedQuery | None:
        """Which of the queries a row answers."""
        if len(self.queries) == 1:
            return self.queries[0]
        mark = labels.get(MARK, "")
        return self.queries[int(mark)] if mark.isdecimal() and int(mark) < len(self.queries) else None

    def singly(self) -> tuple[Bundle, ...]:
        """The same queries, each alone."""
        return tuple(Bundle((query,)) for query in self.queries)


def bundled(queries: Sequence[PlannedQuery]) -> Iterator[Bundle]:
    """The queries in bundles; those that cover several metrics already, and the operator's own, stay alone."""
    waiting: list[PlannedQuery] = []
    for query in queries:
        if not query.operands or len(query.outputs) > 1:
            yield Bundle((query,))
            continue
        full = len(waiting) == MOST_QUERIES
        if waiting and (full or sum(each.series_count for each in waiting) + query.series_count > MOST_SERIES):
            yield Bundle(tuple(waiting))
            waiting = []
        waiting.append(query)
    if waiting:
        yield Bundle(tuple(waiting))
