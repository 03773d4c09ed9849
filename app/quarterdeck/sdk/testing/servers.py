"""Small servers on loopback that behave as badly as real ones: refusing, silent, babbling, endless, slow, cut off.

Real sockets, because what a connector does when the network misbehaves is a matter of the network.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

HOST = "127.0.0.1"
_CHUNK = b"x" * 65536
_MAX_HEAD_BYTES = 65536

Respond = Callable[["ServedRequest", asyncio.StreamWriter], Awaitable[None]]
"""Answers one request by writing whatever it likes; the connection is closed afterwards."""


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """A request as a local server received it: method, target with query, headers with lower-case names."""

    method: str
    target: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class LocalServer:
    """A running local server: its port, and the requests it has received so far."""

    port: int
    scheme: str = "http"
    host: str = HOST
    requests: list[ServedRequest] = field(default_factory=list[ServedRequest])

    def url(self, path: str = "/") -> str:
        """The address of a path on this server."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{path}"


@contextlib.asynccontextmanager
async def http_server(
    respond: Respond, *, tls: ssl.SSLContext | None = None, host: str = HOST
) -> AsyncGenerator[LocalServer]:
    """A server that reads one request a connection and lets `respond` answer; gone with all its tasks at the end."""
    served = LocalServer(0, "https" if tls else "http", host)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await _read_request(reader)
        if request:
            served.requests.append(request)
            await respond(request, writer)

    async with tcp_server(handle, tls=tls, host=host) as port:
        served.port = port
        yield served


@contextlib.asynccontextmanager
async def tcp_server(
    handle: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    *,
    tls: ssl.SSLContext | None = None,
    host: str = HOST,
) -> AsyncGenerator[int]:
    """A bare TCP (or TLS) server on a free port; yields the port, ends with its connections."""
    tasks: set[asyncio.Task[None]] = set()

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        with contextlib.suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
            try:
                await handle(reader, writer)
            finally:
                await _close(writer)

    server = await asyncio.start_server(guarded, host, 0, ssl=tls)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def answering(
    body: bytes = b"",
    *,
    status: int = 200,
    content_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Respond:
    """Answers every request with the same reply."""

    async def respond(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        await write_reply(writer, status, {"content-type": content_type, **(headers or {})}, body)

    return respond


async def write_reply(writer: asyncio.StreamWriter, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Write a whole HTTP/1.1 reply with its length."""
    lines = [f"HTTP/1.1 {status} Reply", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
    await writer.drain()


async def silent(_request: ServedRequest, _writer: asyncio.StreamWriter) -> None:
    """Takes the request and never answers."""
    await asyncio.Event().wait()


async def babbling(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
    """Answers with bytes that are no HTTP."""
    writer.write(b"\x16\x03\x01 SSH-2.0-babble \xff\xfe\r\n\r\n")
    await writer.drain()


async def hanging_up(_request: ServedRequest, _writer: asyncio.StreamWriter) -> None:
    """Closes the connection without a word."""


async def cutting_off(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
    """Promises a body and closes in the middle of it."""
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"status": ')
    await writer.drain()


async def flooding(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
    """Sends a body of a gigabyte, without saying so before."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    for _ in range(2**30 // len(_CHUNK)):
        writer.write(_CHUNK)
        await writer.drain()


async def dripping(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
    """Sends a byte every twentieth of a second, which no read timeout notices."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _read_request(reader: asyncio.StreamReader) -> ServedRequest | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    first, *lines = head[:_MAX_HEAD_BYTES].split("\r\n")
    method, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return ServedRequest(method, rest.rpartition(" ")[0], headers)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, ssl.SSLError, TimeoutError):
        await writer.wait_closed()
