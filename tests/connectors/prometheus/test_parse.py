"""Real replies and broken ones, read."""

import json
import math

import numpy as np
import pytest

from quarterdeck.connectors.prometheus.parse import TooMuch, answer_of, label_sets_of, rows_of, types_of
from quarterdeck.sdk.errors import ConnectorError, Misconfigured, UnexpectedReply
from quarterdeck.sdk.http import HttpReply
from tests.support.data import data_path


def reply(body: bytes, status: int = 200) -> HttpReply:
    return HttpReply(status, {}, body, "http://metrics.test/api/v1/query")


def sample(name: str, status: int = 200) -> HttpReply:
    return reply(data_path(f"samples/{name}").read_bytes(), status)


def data(name: str) -> object:
    return answer_of(sample(name), "the query").data


def matrix(values: object, metric: object = None) -> object:
    return {"resultType": "matrix", "result": [{"metric": metric or {}, "values": values}]}


def test_a_real_matrix_is_read_into_columns() -> None:
    rows = rows_of(data("prometheus/range_40min_load.json"))
    whole = json.loads(data_path("samples/prometheus/range_40min_load.json").read_bytes())["data"]["result"]
    assert [dict(row.labels) for row in rows] == [one["metric"] for one in whole]
    for row, one in zip(rows, whole, strict=True):
        assert row.times_ms.dtype == np.int64
        assert row.times_ms.tolist() == [round(at * 1000) for at, _ in one["values"]]
        assert row.values.tolist() == [float(value) for _, value in one["values"]]


def test_not_a_number_and_the_infinities_come_as_the_server_says_them() -> None:
    values = {row.labels["k"]: float(row.values[0]) for row in rows_of(data("prometheus/query_nan_inf.json"))}
    assert math.isnan(values["nan"])
    assert values["inf"] == math.inf


def test_a_real_scalar_is_one_row_without_labels() -> None:
    (row,) = rows_of(data("prometheus/query_scalar.json"))
    assert (dict(row.labels), row.values.tolist()) == ({}, [1.0])


def test_an_empty_result_is_no_row() -> None:
    assert rows_of(data("prometheus/range_empty.json")) == ()


def test_real_series_and_metadata_are_read() -> None:
    assert len(label_sets_of(data("prometheus/series_up.json"))) == 7
    assert types_of(data("prometheus/metadata.json"))["alertmanager_notifications_total"] == "counter"


def test_a_real_matrix_of_victoria_metrics_is_read() -> None:
    (row,) = rows_of(data("victoria_metrics/query_range.json"))
    assert row.values.tolist() == [1.0] * 8


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("prometheus/query_error_400.json", 400, Misconfigured),
        ("prometheus/query_timeout_err.json", 400, TooMuch),
        ("victoria_metrics/query_error.json", 422, Misconfigured),
    ],
)
def test_a_real_refusal_is_told_apart_from_a_question_too_large(
    name: str, status: int, kind: type[ConnectorError]
) -> None:
    with pytest.raises(kind) as raised:
        answer_of(sample(name, status), "the query up{")
    assert type(raised.value) is kind
    assert "the query up{" in raised.value.message.lower()


def test_too_many_points_in_victoria_metrics_words_is_a_question_too_large() -> None:
    words = (
        'error when executing query="up" on the time range (start=0, end=1, step=1): too many points for the given '
        "step=1000, start=0 and end=100000000: 100001; cannot exceed -search.maxPointsPerTimeseries=30000"
    )
    body = json.dumps({"status": "error", "errorType": "422", "error": words}).encode()
    with pytest.raises(TooMuch):
        answer_of(reply(body, 422), "the query up")


def test_a_metric_called_timeout_does_not_make_a_refusal_a_question_too_large() -> None:
    words = 'error when executing query="http_timeout_total{" for (time=1): labelFilterExpr: unexpected token'
    body = json.dumps({"status": "error", "errorType": "422", "error": words}).encode()
    with pytest.raises(Misconfigured):
        answer_of(reply(body, 422), "the query http_timeout_total{")


def test_an_endless_refusal_is_cut_and_stays_one_line() -> None:
    body = json.dumps({"status": "error", "errorType": "bad_data", "error": "x\n\x00" * 9999}).encode()
    with pytest.raises(Misconfigured) as raised:
        answer_of(reply(body, 400), "the query up")
    assert len(raised.value.message) < 300
    assert raised.value.message.isprintable()


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "text",
        {"resultType": "matrix", "result": {}},
        {"resultType": "matrix", "result": [7]},
        {"resultType": "string", "result": [1, "x"]},
        {"resultType": "scalar", "result": [1]},
        matrix([[1, "one"]]),
        matrix([[1]]),
        matrix([1]),
        matrix([["x", "1"]]),
        matrix([[1e300, "1"]]),
        matrix([[float("nan"), "1"]]),
        matrix([[10**400, "1"]]),
        matrix([[1, "1"]], metric=["a"]),
    ],
)
def test_a_result_of_another_shape_is_refused_in_words(broken: object) -> None:
    with pytest.raises(UnexpectedReply):
        rows_of(broken)


def test_rows_of_native_histograms_are_left_out() -> None:
    assert rows_of({"resultType": "matrix", "result": [{"metric": {}, "histograms": [[1, {}]]}]}) == ()


def test_deeply_nested_json_is_no_answer() -> None:
    with pytest.raises(UnexpectedReply):
        answer_of(reply(b"[" * 200_000), "the query up")
