"""Pages no exporter should offer: whatever is in them, the outcome is samples or words, never another error."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quarterdeck.connectors.openmetrics.parse import read_page
from quarterdeck.sdk.errors import ConnectorError, UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.testing import judge_batches
from tests.connectors.openmetrics.scraping import OPENMETRICS, PLAIN, polled_with

PIECES = st.sampled_from(
    [
        "# TYPE a counter\n",
        "# TYPE a histogram\n",
        "# TYPE a summary\n",
        "# TYPE a info\n",
        "# TYPE a stateset\n",
        "# TYPE a gaugehistogram\n",
        "# UNIT a seconds\n",
        "# HELP a \\x\n",
        "# EOF\n",
        "a_total 1\n",
        "a_total NaN 1e400\n",
        "a_created -1e300\n",
        'a_bucket{le="x"} 1\n',
        'a_bucket{le="+Inf"} 5\n',
        'a_bucket{le="0.1"} NaN\n',
        "a_count 5\na_sum -Inf\n",
        'a{quantile="q"} 1\n',
        'a{quantile="0.5"} 0x1p3\n',
        'a{b="c",b="d"} 1\n',
        "a{} 1 1 1\n",
        "a 1 # {} 1\n",
        'a{b="\\"} 1\n',
        '{"quoted name"} 1\n',
        "a{b=} \n",
        "# TYPE\n",
        "#\n",
        "\n",
        "ü 1\n",
        "a 9" + "9" * 400 + "\n",
        "a 1_0\n",
        'a{le="1"} {count:1,sum:1,schema:0,zero_threshold:0,zero_count:0}\n',
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=200), st.sampled_from([PLAIN, OPENMETRICS]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
async def test_any_page_ends_in_records_or_in_words(page: str, content_type: str) -> None:
    polled = await polled_with([page.encode("utf-8", "surrogatepass")] * 2, content_type=content_type)
    assert polled.fault is None or isinstance(polled.fault, ConnectorError)
    assert judge_batches(polled.batches) == ()


def test_parsing_stops_when_it_is_no_longer_wanted() -> None:
    stopped = threading.Event()
    asked = 0

    def is_cancelled() -> bool:
        nonlocal asked
        asked += 1
        if asked == 3:
            stopped.set()
        return stopped.is_set()

    reply = HttpReply(200, {"content-type": "text/plain"}, b"m 1\n" * 1000, "http://127.0.0.1/metrics")
    with pytest.raises(UnexpectedReply):
        read_page(reply, is_cancelled)
    assert asked == 3
