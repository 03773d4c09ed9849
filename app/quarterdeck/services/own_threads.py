"""Threads of the collector's own: sources that hold the usual ones never keep it from its lease and its store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

OWN_THREADS = 8
SOURCE_THREADS = 64
"""So many look-ups and reads of sources may hang at once before others have to wait for them."""


class Aside(Protocol):
    """Runs something blocking off the event loop."""

    async def __call__(self, act: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
        """What it returns or raises."""
        ...


class OwnThreads:
    """An `Aside` with threads that nothing of a source runs in; made in the event loop, closed at its end."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(OWN_THREADS, thread_name_prefix="collector")

    async def __call__(self, act: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
        """What it returns or raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, partial(act, *args, **named))

    def close(self) -> None:
        """Let the threads end once they are done."""
        self._executor.shutdown(wait=False)


def give_sources_room() -> None:
    """Let many sources of this event loop block at once. Called in the loop before anything runs aside."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(SOURCE_THREADS, thread_name_prefix="source"))
