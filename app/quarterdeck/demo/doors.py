"""Where the bank's servers listen: loopback sockets, and servers that start, stop and can be shut like a door."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator, Mapping, Sequence

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 2
_TICK_SECONDS = 1.0


def bound_socket(port: int = 0) -> socket.socket:
    """A socket bound on loopback, to a free port unless one is named, that does not listen yet.

    Whoever connects while nothing listens on it is refused, and nobody else can take the port. Raises OSError.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        raise
    return bound


def port_of(bound: socket.socket) -> int:
    """The port a socket is bound to."""
    return int(bound.getsockname()[1])


class ByPort:
    """One application for many sockets: each port answers as its own server."""

    def __init__(self, apps: Mapping[int, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["server"][1]](scope, receive, send)


class BankServer(uvicorn.Server):
    """A server inside somebody else's process: it leaves signals alone and sleeps between seconds."""

    def __init__(self, app: ASGIApp, *, key_file: str | None = None, certificate_file: str | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http="h11",
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                ssl_keyfile=key_file,
                ssl_certfile=certificate_file,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self.config.load()
        self._stopped = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self, sockets: Sequence[socket.socket]) -> None:
        """Listen on bound sockets, which belong to the server from then on; returns once it answers."""
        self._task = asyncio.create_task(self.serve(list(sockets)), name="demo bank server")
        while not self.started:
            await asyncio.sleep(0)
            if self._task.done():
                self._task.result()

    async def close(self) -> None:
        """Let running answers end within two seconds, close the sockets, and return once nothing is left."""
        self.should_exit = True
        self._stopped.set()
        if self._task is not None:
            await self._task

    def use_certificate(self, key_file: str, certificate_file: str) -> None:
        """Show another certificate from the next handshake on."""
        if self.config.ssl is not None:
            self.config.ssl.load_cert_chain(certificate_file, key_file)

    @override
    async def main_loop(self) -> None:
        """Refresh the date header once a second until closed."""
        while not self.should_exit:
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK_SECONDS):
                    await self._stopped.wait()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Signals are the business of whoever runs the bank."""
        yield


class Door:
    """A server that can be shut: while it is, its port refuses connections and stays taken. It begins shut."""

    def __init__(self, app: ASGIApp, bound: socket.socket) -> None:
        self._app = app
        self._bound: socket.socket | None = bound
        self._server: BankServer | None = None
        self.port = port_of(bound)

    async def set_open(self, *, is_open: bool) -> None:
        """Open or shut it; nothing changes when it already is."""
        if is_open:
            await self._open()
        else:
            await self._shut()

    async def remove(self) -> None:
        """Shut it for good and give the port back."""
        await self._shut()
        if self._bound is not None:
            self._bound.close()
            self._bound = None

    async def _open(self) -> None:
        if self._server is None:
            bound, self._bound = self._bound or bound_socket(self.port), None
            self._server = BankServer(self._app)
            await self._server.open([bound])

    async def _shut(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            await server.close()
            with contextlib.suppress(OSError):
                self._bound = bound_socket(self.port)
