"""What every connector must keep to, whatever its source: judged by playing the source's worst days to it.

Each function returns sentences, one per way in which the connector fell short; nothing at all is a pass.
"""

from __future__ import annotations

import asyncio
import socket
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import Connector
from quarterdeck.sdk.errors import ConnectorError, Denied, UnexpectedReply, Unreachable
from quarterdeck.sdk.manifest import Manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.testing.cases import RECORD_KINDS
from quarterdeck.sdk.testing.context import collect_all, context_for, settings_for
from quarterdeck.sdk.testing.servers import (
    HOST,
    LocalServer,
    Respond,
    answering,
    babbling,
    cutting_off,
    dripping,
    flooding,
    hanging_up,
    http_server,
    silent,
    tcp_server,
)
from quarterdeck.sdk.validation import is_entity_key

_CENTURY_MS = 946_684_800_000
_RELEASE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class BadDay:
    """One way in which a source over HTTP misbehaves, and the errors that may say so."""

    name: str
    respond: Respond
    errors: tuple[type[ConnectorError], ...]


BAD_DAYS: tuple[BadDay, ...] = (
    BadDay("refuses the login", answering(b"no", status=401), (Denied,)),
    BadDay("forbids", answering(b"no", status=403), (Denied,)),
    BadDay("has nothing there", answering(b"not here", status=404), (UnexpectedReply,)),
    BadDay("fails inside", answering(b"oops", status=500), (UnexpectedReply,)),
    BadDay("is silent", silent, (Unreachable,)),
    BadDay("drips", dripping, (Unreachable,)),
    BadDay("babbles", babbling, (UnexpectedReply,)),
    BadDay("hangs up", hanging_up, (Unreachable,)),
    BadDay("is cut off", cutting_off, (UnexpectedReply,)),
    BadDay("floods", flooding, (UnexpectedReply, Unreachable)),
    BadDay("sends a web page", answering(b"<!doctype html><p>Log in", content_type="text/html"), (UnexpectedReply,)),
    BadDay("sends bytes", answering(bytes(range(256)) * 8, content_type="text/plain"), (UnexpectedReply,)),
    BadDay("sends deep JSON", answering(b"[" * 200_000), (UnexpectedReply,)),
    BadDay(
        "redirects elsewhere", answering(status=302, headers={"location": "http://other.test/"}), (UnexpectedReply,)
    ),
)
"""For connectors whose source speaks HTTP and whose poll reads it."""

MakeSettings = Callable[[LocalServer], Mapping[str, SettingValue]]


def judge_manifest(manifest: Manifest) -> tuple[str, ...]:
    """A manifest whose form a person can fill in without another document."""
    complaints: list[str] = []
    for spec in manifest.settings:
        if not spec.hint:
            complaints.append(f"the setting {spec.key} has no hint")
        if spec.secret and spec.default is not None:
            complaints.append(f"the secret {spec.key} has a default")
        if spec.kind == "choice" and spec.default is not None and str(spec.default) not in spec.choices:
            complaints.append(f"the default of {spec.key} is not among its choices")
        if spec.label[:1] != spec.label[:1].upper() or spec.label.endswith("."):
            complaints.append(f"the label of {spec.key} is not written as a label")
    keys = [spec.key for spec in manifest.settings]
    complaints += [f"the setting {key} appears twice" for key in {key for key in keys if keys.count(key) > 1}]
    if not manifest.summary.endswith("."):
        complaints.append("the summary is not a sentence")
    if manifest.poll_timeout_seconds <= 0 or manifest.poll_seconds <= 0:
        complaints.append("a poll takes time, and there is time between polls")
    return tuple(complaints)


async def judge_validation(connector: Connector, manifest: Manifest, make_settings: MakeSettings) -> tuple[str, ...]:
    """`validate` finds no fault in good settings and does not connect to the source they name."""
    connections = 0
    ours = asyncio.Event()

    async def count(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        ours.set()

    async with tcp_server(count) as port:
        problems = connector.validate(settings_for(manifest, make_settings(LocalServer(port))))
        _, writer = await asyncio.open_connection(HOST, port)  # accepted after any that validate made
        await asyncio.wait_for(ours.wait(), _RELEASE_SECONDS)
        writer.close()
        await writer.wait_closed()
    complaints = [f"{problem.key}: {problem.words}" for problem in problems]
    return tuple(complaints + (["validate connects to the source"] if connections > 1 else []))


def judge_module_state(modules: tuple[types.ModuleType, ...]) -> tuple[str, ...]:
    """No module of the connector holds anything that can change, but for tables named as constants."""
    return tuple(
        f"{module.__name__}.{name} can change: {type(value).__name__}"
        for module in modules
        for name, value in vars(module).items()
        if not name.startswith("__") and not name.lstrip("_").isupper() and _can_change(value)
    )


def judge_batches(batches: tuple[Batch, ...], *, known_entities: frozenset[str] | None = None) -> tuple[str, ...]:
    """Records well-formed: entity keys, aware instants, sample times of this era, no series named twice."""
    complaints: list[str] = []
    for batch in batches:
        complaints += _judge_samples(batch)
        for kind in RECORD_KINDS:
            for record in getattr(batch, kind):
                complaints += _judge_record(kind, record)
        if known_entities is not None:
            strangers = {identity.entity_key for identity in batch.samples.identities} - known_entities
            complaints += [f"samples of the unknown entity {key!r}" for key in sorted(strangers)]
    return tuple(complaints)


async def judge_bad_days(
    connector: Connector,
    manifest: Manifest,
    make_settings: MakeSettings,
    *,
    days: tuple[BadDay, ...] = BAD_DAYS,
) -> tuple[str, ...]:
    """Every bad day ends in one of its errors; `make_settings` gets the server, with a short limit of time in them.

    Any other exception is a bug of the connector and passes through.
    """
    complaints: list[str] = []
    for day in days:
        async with http_server(day.respond) as server:
            polled = await collect_all(connector, context_for(settings_for(manifest, make_settings(server))))
        if not isinstance(polled.fault, day.errors):
            complaints.append(f"a source that {day.name}: ended with {polled.fault!r}")
    return tuple(complaints)


async def judge_refusal(connector: Connector, manifest: Manifest, make_settings: MakeSettings) -> tuple[str, ...]:
    """A port on which nothing listens is Unreachable, for a poll and for a check."""
    settings = settings_for(manifest, make_settings(LocalServer(_free_port())))
    polled = await collect_all(connector, context_for(settings))
    if not isinstance(polled.fault, Unreachable):
        return (f"nothing listens: {polled.fault!r}",)
    try:
        await connector.check(context_for(settings))
    except Unreachable:
        return ()
    return ("a check passes although nothing listens",)


async def judge_cancellation(
    connector: Connector,
    manifest: Manifest,
    make_settings: MakeSettings,
    *,
    within_seconds: float = _RELEASE_SECONDS,
) -> tuple[str, ...]:
    """A poll cancelled while its source is silent ends at once and leaves no task and no connection behind."""
    asked, gone = asyncio.Event(), asyncio.Event()

    async def wait_for_end(_request: object, writer: asyncio.StreamWriter) -> None:
        asked.set()
        while not writer.is_closing() and not gone.is_set():
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            try:
                await writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(0.01)
        gone.set()

    before = asyncio.all_tasks()
    async with http_server(wait_for_end) as server:
        settings = settings_for(manifest, make_settings(server))
        poll = asyncio.create_task(collect_all(connector, context_for(settings)))
        await asyncio.wait_for(asked.wait(), _RELEASE_SECONDS)
        poll.cancel()
        ended, _ = await asyncio.wait({poll}, timeout=within_seconds)
        if not ended or not poll.cancelled():
            return ("a cancelled poll goes on",)
        try:
            await asyncio.wait_for(gone.wait(), within_seconds)
        except TimeoutError:
            return ("a cancelled poll keeps its connection",)
    left = {task for task in asyncio.all_tasks() - before if not task.done()}
    return tuple(f"a cancelled poll leaves the task {task.get_name()}" for task in left)


def _can_change(value: object) -> bool:
    return isinstance(value, list | dict | set | bytearray) or (
        getattr(type(value), "__module__", "").startswith("quarterdeck.") and not _is_frozen(value)
    )


def _is_frozen(value: object) -> bool:
    parameters = getattr(type(value), "__dataclass_params__", None)
    return parameters is not None and bool(parameters.frozen)


def _judge_samples(batch: Batch) -> list[str]:
    samples = batch.samples
    complaints: list[str] = []
    identities = samples.identities
    if len(set(identities)) != len(identities):
        complaints.append("a series is named twice in one batch")
    complaints += [f"{one.entity_key!r} is no entity key" for one in identities if not is_entity_key(one.entity_key)]
    complaints += [f"a series of {one.entity_key} has no name" for one in identities if not one.name]
    if len(samples) and (samples.series_index.min() < 0 or samples.series_index.max() >= len(identities)):
        complaints.append("a sample points at no series")
    if len(samples) and samples.times_ms.min() < _CENTURY_MS:
        complaints.append("a sample is older than the century")
    return complaints


def _judge_record(kind: str, record: object) -> list[str]:
    complaints: list[str] = []
    for name in ("checked_at", "claimed_at", "occurred_at", "changed_at", "observed_at"):
        instant = getattr(record, name, None)
        if instant is not None and instant.tzinfo is None:
            complaints.append(f"{name} of a record of {kind} is naive")
    key = getattr(record, "entity_key", "")
    if key and not is_entity_key(key):
        complaints.append(f"{key!r} in {kind} is no entity key")
    facts = getattr(record, "facts", ())
    if list(facts) != sorted(facts):
        complaints.append(f"the facts of a record of {kind} are not sorted")
    return complaints


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])
