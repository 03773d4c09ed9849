"""The operator's own queries: what a line says, and how a line that says nothing usable is refused."""

import pytest

from quarterdeck.connectors.prometheus.queries import OwnQuery, read_queries
from quarterdeck.domain.series import Meaning


def test_a_line_names_meaning_statistic_unit_and_query() -> None:
    queries, faults = read_queries("p95 response_time s = histogram_quantile(0.95, x)")
    assert faults == ()
    assert queries == (OwnQuery("histogram_quantile(0.95, x)", "response_time", Meaning.RESPONSE_TIME, "s", "p95"),)


def test_the_unit_of_the_meaning_holds_where_none_is_given() -> None:
    ((query,), _) = read_queries("throughput = sum(rate(x[5m]))")
    assert query.unit == "1/s"


def test_a_line_can_name_its_series_and_its_entity() -> None:
    ((query,), _) = read_queries("queue_depth as outgoing for component/payments = max(x)")
    assert (query.name, query.entity_key) == ("outgoing", "component/payments")


def test_an_equals_sign_inside_the_query_stays_there() -> None:
    ((query,), _) = read_queries('other = x{a="b"} == 1')
    assert query.expression == 'x{a="b"} == 1'


def test_a_line_that_starts_with_a_blank_continues_the_one_above() -> None:
    queries, faults = read_queries("# all payments\nother =\n    sum(x)\n\n  / 2\nthroughput = y")
    assert faults == ()
    assert [query.expression for query in queries] == ["sum(x) / 2", "y"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("up", "Line 1: write what it means, an equals sign, and the PromQL."),
        ("speed = x", "Line 1: speed is neither a meaning, a statistic"),
        ("p95 = x", "Line 1: say what it means, one of availability,"),
        ("other = x\n\nother as b = y(", "Line 3: in the PromQL: The ( at character 2 is never closed."),
        ("other as 9 = x", 'Line 1: "as" wants a name'),
        ("other for bank = x", 'Line 1: "for" wants an entity'),
        ("other = x\nother = y", 'Line 2: another line yields the same series; tell them apart by "as name".'),
        (f"other = {'x+' * 5000}x", "Line 1: the query is longer than 8000 characters."),
    ],
)
def test_a_line_that_cannot_stand_is_told_by_its_number(text: str, words: str) -> None:
    _, faults = read_queries(text)
    assert len(faults) == 1
    assert faults[0].startswith(words)


def test_lines_beside_a_faulty_one_are_still_read() -> None:
    queries, faults = read_queries("other = x\nnonsense\nthroughput = y")
    assert [query.meaning for query in queries] == [Meaning.OTHER, Meaning.THROUGHPUT]
    assert len(faults) == 1
