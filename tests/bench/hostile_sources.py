"""Sources that do what no source should, each a server on loopback: what the heartbeat is measured beside."""

import asyncio
import itertools
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from quarterdeck.sdk.testing.servers import (
    LocalServer,
    Respond,
    ServedRequest,
    answering,
    babbling,
    cutting_off,
    dripping,
    flooding,
    hanging_up,
    http_server,
    silent,
    write_reply,
)

REFUSES = "http://127.0.0.1:9/"
METRICS_TYPE = "text/plain; version=0.0.4"
SCRAPE = b"# TYPE requests_total counter\n" + b"".join(
    b'requests_total{path="/%d"} %d\n' % (number, number) for number in range(2000)
)
OTHER_SCRAPE = SCRAPE.replace(b" counter", b" gauge").replace(b"} ", b"} -")
PAGE = b"<html><body><table>" * 500


def changing_its_mind() -> Respond:
    """Begins metrics and goes on as a page or as bytes; now and then it is well, or means another thing by the name."""
    bodies = itertools.cycle((SCRAPE, SCRAPE[:30_000] + PAGE, OTHER_SCRAPE, SCRAPE[:30_000] + bytes(range(256)) * 40))

    async def respond(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        await write_reply(writer, 200, {"content-type": METRICS_TYPE}, next(bodies))

    return respond


async def breaking_its_word(_request: ServedRequest, writer: asyncio.StreamWriter) -> None:
    """Promises chunks, sends metrics in the first, and a second reply where the next chunk should begin."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n")
    writer.write(b"%x\r\n%b\r\n" % (len(SCRAPE), SCRAPE))
    await writer.drain()
    writer.write(b"HTTP/1.1 503 Sorry\r\ncontent-length: 5\r\n\r\nsorry")
    await writer.drain()


def sources() -> Mapping[str, Respond]:
    """Every behaviour under the name of its connection; a refused connection has no server."""
    return {
        "hangs": silent,
        "floods": flooding,
        "drips": dripping,
        "babbles": babbling,
        "hangs up": hanging_up,
        "cuts off": cutting_off,
        "answers a page": answering(b"<html><b>Welcome</b></html>", content_type="text/html"),
        "answers garbage": answering(bytes(range(256)) * 4000, content_type=METRICS_TYPE),
        "fails": answering(b"no", status=500, content_type="text/plain"),
        "changes its mind": changing_its_mind(),
        "breaks its word": breaking_its_word,
    }


@dataclass(frozen=True, slots=True)
class HostileSources:
    """The running servers by name."""

    servers: Mapping[str, LocalServer]

    @property
    def addresses(self) -> dict[str, str]:
        """Where each source is to be asked, the refusing one included."""
        return {"refuses": REFUSES, **{name: server.url("/") for name, server in self.servers.items()}}

    @property
    def asked(self) -> dict[str, int]:
        """How often each server has been asked so far."""
        return {name: len(server.requests) for name, server in self.servers.items()}


@asynccontextmanager
async def hostile_sources() -> AsyncGenerator[HostileSources]:
    """All of them, gone at the end."""
    async with AsyncExitStack() as stack:
        servers = {name: await stack.enter_async_context(http_server(respond)) for name, respond in sources().items()}
        yield HostileSources(servers)
