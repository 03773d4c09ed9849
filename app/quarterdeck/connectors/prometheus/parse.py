"""Replies of the query API, read: pure functions from bytes to values, and from refusals to errors in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

import numpy as np
import numpy.typing as npt

from quarterdeck.sdk.errors import ConnectorError, Denied, Misconfigured, UnexpectedReply, Unreachable
from quarterdeck.sdk.http import HttpReply
from quarterdeck.sdk.texts import one_line

MAX_QUOTED = 200
_TOO_MUCH = re.compile(r"too many|exceed|too large|timed?[ -]?out|maxsamples|maxpoints|deadline", re.IGNORECASE)
_QUERY_TOLD_BACK = re.compile(r'query="(?:[^"\\]|\\.)*"')
_GATEWAY = frozenset({502, 503, 504})
_LAST_SECOND = 1e11  # in the year 5138; anything later is no time


class TooMuch(UnexpectedReply):
    """The server could answer a smaller question; whoever can halve it does."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The data of a successful reply, as JSON values, and what the server warns about."""

    data: object
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One series of a result: its labels, and its samples in columns of one length (int64 ms, float64)."""

    labels: Mapping[str, str]
    times_ms: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]


def answer_of(reply: HttpReply, asked: str) -> Answer:
    """The answer in a reply. Raises Denied, Misconfigured, TooMuch, Unreachable or UnexpectedReply.

    `asked` says what was asked for, as it stands in a sentence: `the query up`.
    """
    document = _document(reply)
    if reply.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise _denied(reply.status)
    if document is None or document.get("status") not in {"success", "error"}:
        raise _not_the_api(reply)
    if document["status"] == "error" or reply.status != HTTPStatus.OK:
        raise _refusal(reply.status, document, asked)
    warnings = document.get("warnings")
    texts = tuple(_plain(each) for each in cast("list[object]", warnings)) if isinstance(warnings, list) else ()
    return Answer(document.get("data"), texts)


def _document(reply: HttpReply) -> dict[str, object] | None:
    try:
        document: object = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", document) if isinstance(document, dict) else None


def _denied(status: int) -> Denied:
    if status == HTTPStatus.UNAUTHORIZED:
        return Denied("The server does not accept this login.", "Check the token, or the user and password.")
    return Denied("The server knows this login but does not let it read.", "Ask for the right to query.")


def _not_the_api(reply: HttpReply) -> ConnectorError:
    if reply.status in _GATEWAY:
        return Unreachable(f"The server answers HTTP {reply.status}: it is not ready.", "It is tried again by itself.")
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        return UnexpectedReply("The server says that it is asked too often.", "Poll less often, or take fewer series.")
    if reply.body[:1] in {b"{", b"["} and reply.status == HTTPStatus.OK:
        return UnexpectedReply(
            "The answer is cut off or is not the query API's.", "See what stands between this machine and the server."
        )
    what = "a web page" if b"<html" in reply.body[:500].lower() else f"HTTP {reply.status}"
    return UnexpectedReply(
        f"The address answers with {what}, not with a Prometheus query API.",
        "Give the address below which /api/v1/query lies; Mimir's ends with /prometheus.",
    )


def _refusal(status: int, document: Mapping[str, object], asked: str) -> ConnectorError:
    kind, words = _plain(document.get("errorType")), _plain(document.get("error"))
    if _TOO_MUCH.search(_QUERY_TOLD_BACK.sub("", words)) or kind == "timeout":
        asked = f"{asked[:1].upper()}{asked[1:]}"
        return TooMuch(f"{asked} is too much for the server at once: {words}.", "Take fewer series or a longer step.")
    if kind in {"bad_data", "execution"} or status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY}:
        return Misconfigured(f"The server refuses {asked}: {words}.", "Correct the query in the connection's settings.")
    if kind in {"unavailable", "canceled"} or status in _GATEWAY:
        return Unreachable(f"The server cannot answer just now: {words or kind}.", "It is tried again by itself.")
    return UnexpectedReply(f"The server fails at {asked}: {words or kind}.", "Look at the server's own log.")


def _plain(value: object) -> str:
    """Text of the server's as it may stand in a sentence: one line, of bounded length."""
    return one_line(value if isinstance(value, str) else "", MAX_QUOTED).rstrip(".")


def rows_of(data: object) -> tuple[Row, ...]:
    """The series of a matrix, vector or scalar result. Raises UnexpectedReply when it is none of them.

    Values come as text; `NaN`, `+Inf` and `-Inf` are what the server says. Rows of native histograms are left out.
    """
    result = _mapping(data).get("result")
    kind = _mapping(data).get("resultType")
    try:
        if kind == "matrix":
            return tuple(_row(each, "values") for each in _list(result) if "values" in _mapping(each))
        if kind == "vector":
            return tuple(_row(each, "value") for each in _list(result) if "value" in _mapping(each))
        if kind == "scalar":
            return (_columns({}, [result]),)
    except (TypeError, ValueError, OverflowError, IndexError) as fault:
        message = "The server sends samples that are not numbers."
        raise UnexpectedReply(message, "See what stands between this machine and the server.") from fault
    message = f"The query yields {_plain(kind) or 'no result'}, not series."
    raise UnexpectedReply(message, "Give a query whose result is numbers over time.")


def _row(entry: object, column: str) -> Row:
    fields = _mapping(entry)
    pairs = fields[column]
    return _columns(labels_of(fields.get("metric")), _list(pairs) if column == "values" else [pairs])


def _columns(labels: Mapping[str, str], pairs: list[object]) -> Row:
    typed = cast("list[tuple[float, str]]", pairs)
    times = np.fromiter((time for time, _ in typed), np.float64, len(typed))
    values = np.fromiter((float(value) for _, value in typed), np.float64, len(typed))
    if not np.isfinite(times).all() or (np.abs(times) > _LAST_SECOND).any():
        message = "a time that is none"
        raise ValueError(message)
    return Row(labels, np.round(times * 1000).astype(np.int64), values)


def labels_of(entry: object) -> dict[str, str]:
    """Labels as text. Raises UnexpectedReply when they are something else."""
    labels = _mapping(entry)
    return {str(label): value for label, value in labels.items() if isinstance(value, str)}


def label_sets_of(data: object) -> tuple[dict[str, str], ...]:
    """The label sets of a list of series. Raises UnexpectedReply."""
    return tuple(labels_of(each) for each in _list(data))


def types_of(data: object) -> dict[str, str]:
    """From the metadata, each metric's form in the server's word. Raises UnexpectedReply."""
    types: dict[str, str] = {}
    for name, entries in _mapping(data).items():
        first = next(iter(_list(entries)), None)
        form = _mapping(first).get("type") if first is not None else None
        if isinstance(form, str):
            types[name] = form
    return types


def texts_of(data: object) -> dict[str, str]:
    """The texts among an object's fields. Raises UnexpectedReply when there is no object."""
    return labels_of(data)


def _mapping(value: object) -> Mapping[str, object]:
    if isinstance(value, dict):
        return cast("Mapping[str, object]", value)
    raise _another_shape()


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return cast("list[object]", value)
    raise _another_shape()


def _another_shape() -> UnexpectedReply:
    message = "The server's answer has another shape than the query API promises."
    return UnexpectedReply(message, "See whether the address is that of a Prometheus or one of its kin.")
