"""Real programs run for one test on a free port of loopback, ended with it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Sequence

from tests.support.peers import require_program
from tests.support.waiting import is_soon

START_SECONDS = 20.0


def free_port() -> int:
    """A port of loopback that was free a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextlib.asynccontextmanager
async def running(program: str, arguments: Sequence[str], port: int) -> AsyncGenerator[None]:
    """The program, once it takes connections on the port; skips the test where it is not installed."""
    path = require_program(program)
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(path, *arguments, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        listens = await asyncio.to_thread(is_soon, lambda: _listens(port), within_seconds=START_SECONDS)
        assert listens, f"{program} does not listen; it ended with {process.returncode}"
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@contextlib.asynccontextmanager
async def node_exporter() -> AsyncGenerator[str]:
    """Debian's prometheus-node-exporter; yields the address of its metrics."""
    port = free_port()
    arguments = [f"--web.listen-address=127.0.0.1:{port}"]
    async with running("prometheus-node-exporter", arguments, port):
        yield f"http://127.0.0.1:{port}/metrics"


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
