"""PromQL judged without a server: where it breaks is told, and what may be right somewhere passes."""

import pytest

from quarterdeck.connectors.prometheus.promql import Selector, parse_selector, quoted, series_of, syntax_fault

SOUND = [
    "up",
    'histogram_quantile(0.95, sum by (entity, le) (rate(http_request_duration_seconds_bucket{job=~"a|b"}[5m])))',
    "sum(rate(x[5m] offset 1h)) / on (a) group_left (b) y",
    "max_over_time(x[1h:1m])",
    "rollup_rate(x[5m])",
    "x @ start()",
]
FAULTS = {
    "": "It is empty",
    "foo bar": "At character 5, bar",
    "rate(x[5m": "At the end, after 5m: unexpected end of input inside brackets",
    "sum by (a (x)": "The ( at character 8 is never closed",
    "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m]))": "The ( at character 19 is never closed",
    "1 +": "At the end, after +",
    'x{a="b"} y': "At character 10, y",
    "x{a==b}": "At character 4, ==",
    "a / on (b) / c": "At character 12, /",
    "sum by entity (x)": "At character 8, entity",
    "x[5x]": "At character 3, 5x",
    "rate(x)": "Expected type matrix in call to function 'rate', got vector",
    '{a=""}': "Vector selector must contain at least one non-empty matcher",
    'x{a=~"("}': "Illegal regex",
}


@pytest.mark.parametrize("query", SOUND)
def test_a_sound_query_has_no_fault(query: str) -> None:
    assert syntax_fault(query) == ""


@pytest.mark.parametrize("query", FAULTS)
def test_a_faulty_query_is_told_with_the_place_where_it_breaks(query: str) -> None:
    assert syntax_fault(query).startswith(FAULTS[query])


def test_a_selector_is_narrowed_to_a_name_and_keeps_its_other_matchers() -> None:
    selector = parse_selector('{__name__=~"http_.*",job=~"a|b",path!="x\\"y"}')
    assert isinstance(selector, Selector)
    assert selector.of("http_total", ('code=~"5.."',)) == 'http_total{job=~"a|b",path!="x\\"y",code=~"5.."}'
    assert selector.of_any(["a", "b"]) == '{__name__=~"a|b",job=~"a|b",path!="x\\"y"}'


def test_a_selector_of_a_bare_name_narrows_to_another_name() -> None:
    selector = parse_selector("up")
    assert isinstance(selector, Selector)
    assert selector.of("up") == "up"


@pytest.mark.parametrize("text", ["up offset 5m", "x[5m]", "sum(x)", "1", "up @ 5"])
def test_what_is_not_a_selector_is_told_so(text: str) -> None:
    assert parse_selector(text) == 'It is not a selector; one looks like {job="payments"}.'


def test_alternatives_only_some_servers_know_are_refused_with_the_usual_way() -> None:
    assert "use =~ with | instead" in str(parse_selector('{a="b" or c="d"}'))


def test_an_unsound_selector_is_told_with_its_place() -> None:
    assert parse_selector('{job=~"a"') == 'At the end, after "a": unexpected end of input inside braces.'


def test_a_name_outside_the_old_alphabet_is_matched_by_its_label() -> None:
    assert series_of("weird.name", ('a="b"',)) == '{__name__="weird.name",a="b"}'


def test_text_is_quoted_so_that_it_cannot_end_the_literal() -> None:
    assert quoted('a"} or up\\') == '"a\\"} or up\\\\"'
    assert syntax_fault(f"x{{a={quoted(chr(10) + chr(34))}}}") == ""
