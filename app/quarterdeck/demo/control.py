"""Starting and ending faults while the bank runs: an endpoint behind a token, and the small client that uses it.

The token lies in a file that only its owner can read; whoever can read it may break the demo bank, nobody else.
"""

from __future__ import annotations

import hmac
import http.client
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from quarterdeck.demo.certificates import write_private
from quarterdeck.demo.doors import LOOPBACK
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.faults import FAULT_KINDS, fault_names
from quarterdeck.domain.errors import OperatorError

STATE_FILE = "demo-bank.json"
_LARGEST_BODY_BYTES = 4096
_CLIENT_SECONDS = 10.0
_OK, _UNAUTHORISED, _UNKNOWN, _BAD, _NOT_RUNNING = 200, 401, 404, 400, 409


class BankNotRunning(OperatorError):
    """No bank answers for this runtime folder."""


@dataclass(frozen=True, slots=True)
class ControlState:
    """Where the control endpoint of a running bank is, and the token it asks for."""

    port: int
    token: str

    def write(self, folder: Path) -> Path:
        """Keep it in a file for its owner alone and return where. Raises OSError."""
        path = folder / STATE_FILE
        content = {"port": self.port, "token": self.token, "pid": os.getpid()}
        write_private(path, json.dumps(content).encode())
        return path


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """The control endpoint. `switched` is awaited after each change, before the answer."""

    faults: FaultBook
    now_ms: Callable[[], int]
    token: str
    switched: Callable[[], Awaitable[None]]

    def app(self) -> Starlette:
        """Lists faults at `/control/faults` and switches one by POST to `/control/faults/{name}`.

        Ending one that does not run is answered with 409 and the names of those that do.
        """
        return Starlette(
            routes=[
                Route("/control/faults", self._list),
                Route("/control/faults/{name}", self._switch, methods=["POST"]),
            ]
        )

    async def _list(self, request: Request) -> Response:
        if not self._may(request):
            return _refused()
        now_ms = self.now_ms()
        felt = self.faults.felt_at(now_ms)
        listed = [
            {
                "name": kind.name,
                "title": kind.title,
                "on": self.faults.is_on(kind.name, now_ms),
                "felt": round(felt.get(kind.name, 0.0), 3),
            }
            for kind in FAULT_KINDS
        ]
        return JSONResponse({"faults": listed})

    async def _switch(self, request: Request) -> Response:
        if not self._may(request):
            return _refused()
        name = str(request.path_params["name"])
        if name not in fault_names():
            return JSONResponse({"error": "no such fault"}, status_code=_UNKNOWN)
        wanted = await _wanted(request)
        if wanted is None:
            return JSONResponse({"error": 'send {"on": true} or {"on": false}'}, status_code=_BAD)
        now_ms = self.now_ms()
        if not wanted and not self.faults.is_on(name, now_ms):
            running = [kind.name for kind in FAULT_KINDS if self.faults.is_on(kind.name, now_ms)]
            return JSONResponse({"error": "does not run", "running": running}, status_code=_NOT_RUNNING)
        change = self.faults.start if wanted else self.faults.end
        change(name, now_ms)
        await self.switched()
        return JSONResponse({"name": name, "on": wanted})

    def _may(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode())


def _refused() -> Response:
    return JSONResponse({"error": "wrong or missing token"}, status_code=_UNAUTHORISED)


async def _wanted(request: Request) -> bool | None:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST_BODY_BYTES:
            return None
    try:
        wanted: Any = json.loads(body)
    except ValueError:
        return None
    on = cast("dict[str, Any]", wanted).get("on") if isinstance(wanted, dict) else None
    return on if isinstance(on, bool) else None


def switch_fault(runtime_folder: Path, name: str, *, on: bool) -> None:
    """Start or end a fault in the bank that runs with this folder.

    Raises BankNotRunning, or OperatorError for a name nobody knows and for the end of a fault that does not run.
    """
    if name not in fault_names():
        raise OperatorError(f"There is no fault called {name}.", f"Choose one of {', '.join(fault_names())}.")
    state = _read_state(runtime_folder)
    connection = http.client.HTTPConnection(LOOPBACK, state.port, timeout=_CLIENT_SECONDS)
    try:
        headers = {"Authorization": f"Bearer {state.token}", "Content-Type": "application/json"}
        connection.request("POST", f"/control/faults/{name}", json.dumps({"on": on}), headers)
        reply = connection.getresponse()
        status, body = reply.status, reply.read(_LARGEST_BODY_BYTES)
    except (OSError, http.client.HTTPException) as fault:
        raise _not_running() from fault
    finally:
        connection.close()
    if status == _NOT_RUNNING:
        raise OperatorError(f"{name} does not run in the demo bank.", _running_words(body))
    if status != _OK:
        message = f"The demo bank did not switch the fault (it answered {status})."
        raise OperatorError(message, "Stop it and start it again with `quarterdeck demo`.")


def _running_words(body: bytes) -> str:
    # Only names that are known are taken: after a bank that was killed, a stranger may answer on its port.
    running = [name for name in fault_names() if f'"{name}"'.encode() in body]
    return f"Running are {', '.join(running)}." if running else "No fault runs; `--fault NAME` starts one."


def _read_state(folder: Path) -> ControlState:
    try:
        read: Any = json.loads((folder / STATE_FILE).read_bytes())
        return ControlState(int(read["port"]), str(read["token"]))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise _not_running() from fault


def _not_running() -> BankNotRunning:
    return BankNotRunning("No demo bank runs here.", "Start one with `quarterdeck demo`.")
