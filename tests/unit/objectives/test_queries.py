"""What an indicator's text asks of the store, and what it cannot ask."""

import pytest

from quarterdeck.domain.indicator_queries import IndicatorQuery, Matcher, QueryKind, UnreadQuery, read_query
from quarterdeck.domain.series import Meaning

SERIES, EVENTS = QueryKind.SERIES, QueryKind.EVENTS


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (" state ", IndicatorQuery(QueryKind.STATE)),
        ("age", IndicatorQuery(QueryKind.AGE)),
        ('age(balance{kind="a"})', IndicatorQuery(QueryKind.AGE, "balance", matchers=(Matcher("kind", "a"),))),
        ("response_time:p95", IndicatorQuery(SERIES, meaning=Meaning.RESPONSE_TIME, statistic="p95")),
        ("error_rate", IndicatorQuery(SERIES, meaning=Meaning.ERROR_RATE)),
        ("requests_total", IndicatorQuery(SERIES, "requests_total")),
        (
            "requests_total{code!='500', le=\"+Inf\"}",
            IndicatorQuery(SERIES, "requests_total", matchers=(Matcher("code", "500", False), Matcher("le", "+Inf"))),
        ),
        (
            'sum(rate(requests_total{a="b"}[5m]))',
            IndicatorQuery(SERIES, "requests_total", matchers=(Matcher("a", "b"),)),
        ),
        ("event:payment.submitted", IndicatorQuery(EVENTS, "payment.submitted")),
        ('event:a{way="web"}', IndicatorQuery(EVENTS, "a", matchers=(Matcher("way", "web"),))),
        (
            "event:payment.submitted then payment.settled within 5min",
            IndicatorQuery(EVENTS, "payment.submitted", answer="payment.settled", within_seconds=300),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_text_asks_one_question(text: str, asked: IndicatorQuery) -> None:
    assert read_query(text) == asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sum by (job) (up)", "only its own source can answer"),
        ("a / b", "only its own source can answer"),
        ("SELECT count(*) FROM t", "only its own source can answer"),
        ('up{code=~"5.."}', "by a pattern"),
        ('up{code="5" and}', "labels are not understood"),
        ("event:a then b", "only its own source can answer"),
        ("((((", "only its own source can answer"),
        ("sum(" * 40 + "up" + ")" * 40, "only its own source can answer"),
    ],
    ids=["by", "division", "sql", "pattern", "labels", "no-time", "brackets", "deep"],
)
def test_what_only_another_source_can_answer_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(UnreadQuery, match=words):
        read_query(text)


def test_a_long_query_is_refused_at_once() -> None:
    with pytest.raises(UnreadQuery):
        read_query("rate(" + "a b " * 5_000)


def test_a_label_that_is_not_there_is_the_empty_text() -> None:
    query = read_query('up{zone="", code!="500"}')
    assert query.fits((("code", "200"),))
    assert not query.fits((("code", "500"),))
    assert not query.fits((("code", "200"), ("zone", "a")))
