"""What the tests of the probe share: one probe of a real local server, and a name server to ask."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Callable, Mapping
from importlib.resources import files
from typing import cast

import dns.message
import dns.rcode
import dns.rrset
from typing_extensions import override

from quarterdeck.connectors.http_probe.source import Source
from quarterdeck.domain.checks import CheckResult
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.testing import StandingClock, collect_all, context_for, settings_for

MANIFEST = load_manifest(files("quarterdeck.connectors.http_probe") / "manifest.toml")
ENTITY = "partner/payhub"


async def lookup_locally(host: str, _port: int) -> tuple[str, ...]:
    """Names under `.test` lie on this machine; no other name exists."""
    if host.endswith(".test") or host == "localhost":
        return ("127.0.0.1",)
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


async def probed_with(
    settings: Mapping[str, SettingValue],
    *,
    secrets: dict[str, str] | None = None,
    clock: StandingClock | None = None,
    source: Source | None = None,
) -> Batch:
    """The batch of one probe."""
    given = settings_for(MANIFEST, {"entity": ENTITY, **settings}, secrets)
    source = source or Source(lookup=lookup_locally)
    assert source.validate(given) == ()
    return (await collect_all(source, context_for(given, clock=clock))).only


async def probed(
    *,
    secrets: dict[str, str] | None = None,
    clock: StandingClock | None = None,
    source: Source | None = None,
    **settings: SettingValue,
) -> Batch:
    """The batch of one probe with these settings."""
    return await probed_with(settings, secrets=secrets, clock=clock, source=source)


def result_of(batch: Batch) -> CheckResult:
    """The one check of a batch."""
    (result,) = batch.checks
    return result


def values_of(batch: Batch) -> dict[str, float]:
    """Values by series name, phases by `phase:` and their label."""
    names = [
        f"phase:{dict(one.labels)['phase']}" if one.name == "phase" else one.name for one in batch.samples.identities
    ]
    return {
        names[index]: float(value)
        for index, value in zip(batch.samples.series_index, batch.samples.values, strict=True)
    }


Answer = Callable[[dns.message.Message], bytes]


class _NameServer(asyncio.DatagramProtocol):
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    @override
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._answer(dns.message.from_wire(data))
        if reply and self._transport:
            self._transport.sendto(reply, addr)


@contextlib.asynccontextmanager
async def name_server(answer: Answer) -> AsyncGenerator[str]:
    """A DNS server on loopback; yields its address as a setting takes it."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _NameServer(answer), ("127.0.0.1", 0))
    try:
        yield f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"
    finally:
        transport.close()
        await asyncio.sleep(0)


def answering_with(*records: str) -> Answer:
    """Answers every question with these records (`A 192.0.2.1`), or that there is no such record."""

    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        asked = question.question[0]
        for record in records:
            kind, _, value = record.partition(" ")
            reply.answer.append(dns.rrset.from_text(asked.name, 300, "IN", kind, value))
        return reply.to_wire()

    return answer


def refusing_with(code: dns.rcode.Rcode) -> Answer:
    """Answers every question with an error."""

    def answer(question: dns.message.Message) -> bytes:
        reply = dns.message.make_response(question)
        reply.set_rcode(code)
        return reply.to_wire()

    return answer
