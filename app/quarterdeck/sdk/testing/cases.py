"""Recorded cases: what a source answered, what a connector must make of it, as data beside the tests.

A case is a folder with a `case.toml` and the bodies it names:

    about = "node_exporter 1.5.0 answers plain text although OpenMetrics was asked for"
    [settings]                       # of the connection; [secrets] likewise
    address = "http://exporter.test:9100/metrics"
    [[exchange]]                     # answers of the source, each to one or more requests
    path = "/metrics"                # also: method, query (a table that the request's query must contain)
    body_file = "metrics.txt"        # or body = "text"; status = 200; headers = { content-type = "text/plain" }
    failure = "refused"              # instead of an answer: refused, silent, dropped or garbage
    [expected]
    samples = 12                     # how many of each kind of record, in all polls together
    words = ["12 series"]            # what must be read in the error, or in notes and summaries
    error = "UnexpectedReply"        # the kind of connector error that ends the last poll
    [[expected.sample]]              # a sample that must be there, the last of its series
    [[expected.record]]              # a record that must be there: kind, fields and facts as text

The first exchange that fits and was not used answers a request; the last one that fits goes on answering.
"""

from __future__ import annotations

import asyncio
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import override

from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.facts import facts_of
from quarterdeck.sdk.connector import Connector
from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.sdk.testing.context import Collected, StandingClock, collect_all, context_for, settings_for

RECORD_KINDS = ("checks", "events", "changes", "entities", "relations", "claimed", "allocations", "evidence")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Exchange(_Strict):
    """One answer of the source, and to which requests it is given."""

    path: str = "/"
    method: str = "GET"
    query: dict[str, str] = {}
    status: int = 200
    headers: dict[str, str] = {}
    body: str = ""
    body_file: str = ""
    failure: Literal["", "refused", "silent", "dropped", "garbage"] = ""

    def fits(self, request: httpx.Request) -> bool:
        """Whether a request is one that this exchange answers."""
        asked = dict(request.url.params)
        same = request.method == self.method and request.url.path == self.path
        return same and self.query.items() <= asked.items()


class ExpectedSample(_Strict):
    """A sample that must be there; `meaning`, `unit` and `statistic` are judged only when given."""

    entity: str
    name: str
    value: float
    meaning: str | None = None
    unit: str | None = None
    statistic: str = ""
    labels: dict[str, str] = {}
    tolerance: float = 1e-9


class ExpectedRecord(_Strict):
    """A record other than a sample that must be there: its kind, some of its fields, and facts or counts as text."""

    kind: Literal["checks", "events", "changes", "entities", "relations", "claimed", "allocations", "evidence"]
    fields: dict[str, str] = {}
    facts: dict[str, str] = {}

    def fits(self, record: object) -> bool:
        """Whether a record has all of these fields and facts."""
        facts: dict[str, str] = dict(getattr(record, "facts", getattr(record, "counts", ())))
        return self.facts.items() <= facts.items() and all(
            str(getattr(record, name)) == value for name, value in self.fields.items()
        )


class Expected(_Strict):
    """What must come of a case; a kind of record that is not named is not counted."""

    error: str = ""
    words: tuple[str, ...] = ()
    check_words: tuple[str, ...] = ()
    samples: int | None = None
    checks: int | None = None
    events: int | None = None
    changes: int | None = None
    entities: int | None = None
    relations: int | None = None
    claimed: int | None = None
    allocations: int | None = None
    evidence: int | None = None
    caught_up: bool | None = None
    sample: tuple[ExpectedSample, ...] = ()
    record: tuple[ExpectedRecord, ...] = ()


class Case(_Strict):
    """A recorded case; `polls` polls are made, `poll_seconds` apart, each with the cursor of the one before."""

    about: str
    settings: dict[str, SettingValue] = {}
    secrets: dict[str, str] = {}
    polls: Annotated[int, Field(ge=1)] = 1
    poll_seconds: float = 15.0
    exchange: tuple[Exchange, ...] = ()
    expected: Expected


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """A case with the folder it was read from."""

    name: str
    folder: Path
    case: Case


def load_cases(folder: Path) -> tuple[RecordedCase, ...]:
    """All cases of a connector, by name. Raises ValueError naming the file when one does not hold."""
    cases: list[RecordedCase] = []
    for file in sorted(folder.glob("*/case.toml")):
        try:
            case = Case.model_validate(tomllib.loads(file.read_text("utf-8")))
        except ValueError as fault:
            message = f"{file}: {fault}"
            raise ValueError(message) from fault
        cases.append(RecordedCase(file.parent.name, file.parent, case))
    return tuple(cases)


class ScriptedTransport(httpx.AsyncBaseTransport):
    """Answers requests from a case's exchanges and keeps the requests."""

    def __init__(self, exchanges: tuple[Exchange, ...], folder: Path) -> None:
        self._exchanges = exchanges
        self._folder = folder
        self._used: set[int] = set()
        self.requests: list[httpx.Request] = []

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The next fitting exchange's answer; a request that none fits is a fault of the test."""
        self.requests.append(request)
        fitting = [number for number, exchange in enumerate(self._exchanges) if exchange.fits(request)]
        if not fitting:
            message = f"the case has no answer to {request.method} {request.url.raw_path.decode('ascii')}"
            raise AssertionError(message)
        number = next((number for number in fitting if number not in self._used), fitting[-1])
        self._used.add(number)
        return await self._answer(self._exchanges[number])

    async def _answer(self, exchange: Exchange) -> httpx.Response:
        if exchange.failure == "refused":
            raise httpx.ConnectError("refused") from ConnectionRefusedError()
        if exchange.failure == "dropped":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        if exchange.failure == "garbage":
            raise httpx.RemoteProtocolError("illegal status line")
        if exchange.failure == "silent":
            await asyncio.Event().wait()
        body = exchange.body.encode()
        if exchange.body_file:
            body = (self._folder / exchange.body_file).read_bytes()
        return httpx.Response(exchange.status, headers=exchange.headers, stream=httpx.ByteStream(body))


async def run_case(connector: Connector, manifest: Manifest, recorded: RecordedCase) -> tuple[str, ...]:
    """Play a case to a connector; every way in which the outcome differs from the expected, as sentences."""
    case = recorded.case
    settings = settings_for(manifest, case.settings, case.secrets)
    complaints = [f"validate: {problem.key}: {problem.words}" for problem in connector.validate(settings)]
    clock = StandingClock()
    transport = ScriptedTransport(case.exchange, recorded.folder)
    context = context_for(settings, clock=clock, transport=transport)
    batches: list[Batch] = []
    polled, cursor = Collected(()), None
    for poll in range(case.polls):
        clock.advance(case.poll_seconds if poll else 0.0)
        polled = await collect_all(connector, context, cursor=cursor)
        cursor = polled.cursor or cursor
        batches += polled.batches
    complaints += _judge_end(case.expected, polled) + _judge_records(case.expected, batches)
    if case.expected.check_words:
        fresh = context_for(settings, transport=ScriptedTransport(case.exchange, recorded.folder))
        report = await connector.check(fresh)
        said = " | ".join((report.words, *report.remarks, report.estimate))
        complaints += [f"{words!r} is not in: {said}" for words in case.expected.check_words if words not in said]
    read = _all_words(batches, polled.fault)
    complaints += [f"{words!r} is not in: {read}" for words in case.expected.words if words not in read]
    return tuple(complaints)


def _judge_end(expected: Expected, polled: Collected) -> list[str]:
    came = type(polled.fault).__name__ if polled.fault else ""
    complaints = [] if came == expected.error else [f"ended with {came or 'no error'}: {polled.fault}"]
    if expected.caught_up is not None and polled.batches:
        caught_up = polled.batches[-1].caught_up
        complaints += [] if caught_up is expected.caught_up else [f"caught_up is {caught_up}"]
    return complaints


def _judge_records(expected: Expected, batches: list[Batch]) -> list[str]:
    counts = {kind: sum(len(getattr(batch, kind)) for batch in batches) for kind in ("samples", *RECORD_KINDS)}
    wanted = {kind: getattr(expected, kind) for kind in counts}
    complaints = [
        f"{counts[kind]} {kind}, not {count}" for kind, count in wanted.items() if count not in {None, counts[kind]}
    ]
    samples = Samples.joined([batch.samples for batch in batches])
    complaints += [words for sample in expected.sample if (words := _judge_sample(sample, samples))]
    for record in expected.record:
        found = [one for batch in batches for one in getattr(batch, record.kind)]
        if not any(record.fits(one) for one in found):
            complaints.append(f"none of the {record.kind} is {record.fields} {record.facts}: {found}")
    return complaints


def _judge_sample(expected: ExpectedSample, samples: Samples) -> str:
    labels = facts_of(expected.labels)
    for number, identity in enumerate(samples.identities):
        same = identity.name == expected.name and identity.entity_key == expected.entity
        if not same or identity.statistic != expected.statistic or identity.labels != labels:
            continue
        values = samples.values[samples.series_index == number]
        off = abs(float(values[-1]) - expected.value)
        if expected.meaning not in {None, str(identity.meaning)} or expected.unit not in {None, identity.unit}:
            return f"{expected.name} is {identity.meaning} in {identity.unit}"
        if off <= expected.tolerance * max(1.0, abs(expected.value)):
            return ""
        return f"{expected.name} {expected.statistic} is {float(values[-1])}, not {expected.value}"
    return f"there is no sample of {expected.entity} {expected.name} {expected.statistic} {expected.labels}"


def _all_words(batches: list[Batch], fault: ConnectorError | None) -> str:
    words = [str(fault)] if fault else []
    for batch in batches:
        words += [batch.note, *(check.summary for check in batch.checks)]
        words += [*(claim.words for claim in batch.claimed), *(change.summary for change in batch.changes)]
    return " | ".join(word for word in words if word)
