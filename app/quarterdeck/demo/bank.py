"""The simulated bank as a whole: its servers on loopback, opened together and closed without a trace."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from socket import socket

from starlette.applications import Starlette

from quarterdeck.demo.bank_clock import BankCalendar, system_now
from quarterdeck.demo.bank_model import BankModel
from quarterdeck.demo.business_events import BusinessEvents
from quarterdeck.demo.certificates import CertificateFiles, make_certificates
from quarterdeck.demo.control import Control, ControlState, new_token
from quarterdeck.demo.doors import LOOPBACK, BankServer, ByPort, Door, bound_socket, port_of
from quarterdeck.demo.event_server import EventServer
from quarterdeck.demo.exporters import PaymentsExporter, PushExporter
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.faults import fault_names
from quarterdeck.demo.metrics import Frames, labelled_series
from quarterdeck.demo.partner_health import PARTNERS, PartnerHealth
from quarterdeck.demo.prometheus_api import PrometheusApi
from quarterdeck.demo.status_pages import StatusPages
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import to_ms

DEFAULT_SEED = 7
_FASTEST = 10_000.0
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_LOCK_FILE = "demo-bank.lock"
_SECURE_PARTNER = "northgate"
_PUSH = "push_exporter"


@dataclass(frozen=True, slots=True)
class BankSettings:
    """How to open the bank.

    `faults` are there from the start; None opens it with the usual ones of the day, an empty tuple with none. The
    runtime folder takes certificates and the control file, all readable by their owner only.
    """

    runtime_folder: Path
    seed: int = DEFAULT_SEED
    speed: float = 1.0
    faults: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class BankAddresses:
    """Where an open bank answers, and the file of the authority that its secure partner's certificate is from."""

    metrics: str
    payments_exporter: str
    push_exporter: str
    events: str
    payhub_health: str
    tessera_health: str
    northgate_health: str
    carillon_health: str
    status_pages: str
    control: str
    authority_file: Path

    def status_page(self, partner: str) -> str:
        """The address of a partner's status page."""
        return f"{self.status_pages}/{partner}"


@dataclass(frozen=True, slots=True, eq=False)
class _World:
    """What all servers share: the clock, the faults and the values."""

    now_ms: Callable[[], int]
    calendar: BankCalendar
    faults: FaultBook
    model: BankModel
    frames: Frames


async def serve_bank(
    settings: BankSettings,
    *,
    ready: Callable[[BankAddresses], None],
    stop: asyncio.Event,
    now: Callable[[], datetime] = system_now,
) -> None:
    """Open the bank, call `ready` once every server answers, and close it when `stop` is set.

    Raises OperatorError when the settings cannot stand, when another bank runs with the same folder, or when the
    machine has no port or file to give.
    """
    _refuse(settings)
    async with AsyncExitStack() as closing:
        try:
            bank = await _opened(settings, now, stop, closing)
        except OSError as fault:
            message = f"The demo bank cannot open: {fault.strerror or fault}."
            raise OperatorError(message, f"See whether {settings.runtime_folder} can be written.") from fault
        ready(bank.addresses)
        await stop.wait()


async def _opened(
    settings: BankSettings, now: Callable[[], datetime], stop: asyncio.Event, closing: AsyncExitStack
) -> _Bank:
    """An open bank; whatever was opened on the way is left to `closing`."""
    folder = settings.runtime_folder
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    closing.enter_context(_alone_in(folder))
    files = CertificateFiles.in_folder(folder)
    closing.callback(files.remove)
    make_certificates(files, now())
    bank = _Bank(settings, _world(settings, now), files, stop)
    closing.push_async_callback(bank.close)
    closing.callback(stop.set)
    await bank.open()
    return bank


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Hold the folder for this bank. Raises OperatorError when another one has it, OSError when it has no room."""
    path = folder / _LOCK_FILE
    handle = os.open(path, os.O_RDWR | os.O_CREAT, _PRIVATE_FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        os.close(handle)
        raise OperatorError("A demo bank already runs here.", "Use that one, or stop it first.") from fault
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _refuse(settings: BankSettings) -> None:
    if not 0.0 < settings.speed <= _FASTEST:
        raise OperatorError(f"The bank cannot run {settings.speed:g} times as fast.", "Give a speed from 0.1 to 10000.")
    unknown = sorted(set(settings.faults or ()) - set(fault_names()))
    if unknown:
        raise OperatorError(f"There is no fault called {unknown[0]}.", f"Choose one of {', '.join(fault_names())}.")


def _world(settings: BankSettings, now: Callable[[], datetime]) -> _World:
    def now_ms() -> int:
        return to_ms(now())

    calendar = BankCalendar(now_ms(), settings.speed)
    faults = FaultBook(settings.seed, calendar, settings.faults)
    model = BankModel(settings.seed, calendar, faults)
    return _World(now_ms, calendar, faults, model, Frames(model, now_ms, calendar.opened_ms))


class _Bank:
    """The servers of one bank. Everything that is open is closed by `close`, however far `open` came."""

    def __init__(self, settings: BankSettings, world: _World, files: CertificateFiles, stop: asyncio.Event) -> None:
        self._settings = settings
        self._world = world
        self._files = files
        self._token = new_token()
        self._secure_health, plain_health = _health_apps(world, stop)
        self._apps = {**plain_health, **self._other_apps()}
        self._sockets = _bound((*self._apps, _SECURE_PARTNER, _PUSH))
        self._ports = {name: port_of(bound) for name, bound in self._sockets.items()}
        self._push = Door(PushExporter(world.model, world.frames).app(), self._sockets.pop(_PUSH))
        self._servers: list[BankServer] = []
        self._secure: BankServer | None = None
        self._state_file: Path | None = None

    @property
    def addresses(self) -> BankAddresses:
        """Where everything answers."""
        return BankAddresses(
            metrics=self._url("metrics"),
            payments_exporter=f"{self._url('payments_exporter')}/metrics",
            push_exporter=f"http://{LOOPBACK}:{self._push.port}/metrics",
            events=f"{self._url('events')}/events",
            payhub_health=f"{self._url('payhub')}/health",
            tessera_health=f"{self._url('tessera')}/health",
            northgate_health=f"https://{LOOPBACK}:{self._ports[_SECURE_PARTNER]}/health",
            carillon_health=f"{self._url('carillon')}/health",
            status_pages=self._url("status_pages"),
            control=self._url("control"),
            authority_file=self._files.authority,
        )

    async def open(self) -> None:
        """Let every server answer."""
        secure = self._sockets.pop(_SECURE_PARTNER)
        plain = BankServer(ByPort({self._ports[name]: app for name, app in self._apps.items()}))
        self._secure = BankServer(
            self._secure_health, key_file=str(self._files.key), certificate_file=str(self._files.usual)
        )
        self._servers = [plain, self._secure]
        await plain.open([self._sockets.pop(name) for name in tuple(self._sockets)])
        await self._secure.open([secure])
        await self._follow_faults()
        self._state_file = ControlState(self._ports["control"], self._token).write(self._settings.runtime_folder)

    async def close(self) -> None:
        """Close every server and take back the control file."""
        if self._state_file is not None:
            self._state_file.unlink(missing_ok=True)
        for bound in self._sockets.values():
            bound.close()
        await asyncio.gather(self._push.remove(), *(server.close() for server in self._servers))

    async def _follow_faults(self) -> None:
        """Bring what is not computed but really there into line with the faults: a shut port, a certificate."""
        now_ms = self._world.now_ms()
        await self._push.set_open(is_open=not self._world.faults.is_on("push_silent", now_ms))
        is_expiring = self._world.faults.is_on("certificate_expiry", now_ms)
        if self._secure is not None:
            shown = self._files.expiring if is_expiring else self._files.usual
            self._secure.use_certificate(str(self._files.key), str(shown))

    def _other_apps(self) -> dict[str, Starlette]:
        world = self._world
        events = BusinessEvents(self._settings.seed, world.calendar, world.faults, world.now_ms)
        metrics = PrometheusApi(labelled_series(world.model), world.frames, world.now_ms)
        return {
            "metrics": Starlette(routes=metrics.routes()),
            "payments_exporter": PaymentsExporter(world.model, world.frames, world.now_ms).app(),
            "events": EventServer(events).app(),
            "status_pages": StatusPages(world.calendar, world.faults, world.now_ms).app(),
            "control": Control(world.faults, world.now_ms, self._token, self._follow_faults).app(),
        }

    def _url(self, name: str) -> str:
        return f"http://{LOOPBACK}:{self._ports[name]}"


def _bound(names: Sequence[str]) -> dict[str, socket]:
    """A bound socket for each name; none at all, with OSError, when one is not to be had."""
    bound: dict[str, socket] = {}
    try:
        for name in names:
            bound[name] = bound_socket()
    except OSError:
        for one in bound.values():
            one.close()
        raise
    return bound


def _health_apps(world: _World, stop: asyncio.Event) -> tuple[Starlette, dict[str, Starlette]]:
    """The secure partner's health server, and the others' by name."""
    health = PartnerHealth(world.model, world.frames, world.faults, world.now_ms, stop)
    apps = {partner.name: health.app(partner) for partner in PARTNERS}
    return apps.pop(_SECURE_PARTNER), apps
