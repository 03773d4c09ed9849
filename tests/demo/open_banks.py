"""Banks with their real servers for the tests, closed again whatever happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from quarterdeck.demo.bank import BankAddresses, BankSettings, serve_bank
from quarterdeck.demo.control import switch_fault
from tests.demo.worlds import MovableClock

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class OpenBank:
    """A bank that answers; `clock` stands still unless the bank was given another."""

    addresses: BankAddresses
    folder: Path
    clock: MovableClock
    client: httpx.AsyncClient

    async def switch(self, name: str, *, on: bool) -> None:
        await asyncio.to_thread(switch_fault, self.folder, name, on=on)

    async def value(self, query: str) -> float | None:
        reply = await self.client.get(f"{self.addresses.metrics}/api/v1/query", params={"query": query})
        result = reply.json()["data"]["result"]
        return float(result[0]["value"][1]) if result else None


@asynccontextmanager
async def open_bank(
    folder: Path, faults: tuple[str, ...] | None = (), *, now: Callable[[], datetime] | None = None
) -> AsyncIterator[OpenBank]:
    """A bank inside the block; calm, unless told otherwise."""
    clock, stop = MovableClock(), asyncio.Event()
    opened: asyncio.Future[BankAddresses] = asyncio.get_running_loop().create_future()
    settings = BankSettings(folder, faults=faults)
    task = asyncio.create_task(serve_bank(settings, ready=opened.set_result, stop=stop, now=now or clock.now))
    try:
        await asyncio.wait({task, opened}, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as client:
            yield OpenBank(opened.result(), folder, clock, client)
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE_SECONDS)
