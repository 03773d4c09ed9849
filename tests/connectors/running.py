"""Real programs run for one test on a free port of loopback, ended with it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Sequence

from tests.support.peers import require_program

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
        async with asyncio.timeout(START_SECONDS):
            await _open(port, process)
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


async def _open(port: int, process: asyncio.subprocess.Process) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            if process.returncode is not None:
                message = f"the program ended with {process.returncode} before it listened"
                raise AssertionError(message) from None
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
