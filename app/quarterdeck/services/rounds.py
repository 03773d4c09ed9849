"""Work that is done round after round until it is cancelled, whatever happens to one round."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.pacing import LONGEST_RETRY_SECONDS, retry_pause

log = logging.getLogger(__name__)


class Rounds:
    """One kind of work, named for the log.

    What the world does to it is logged once and not with every round; a bug is logged, and the work begins anew after
    a pause.
    """

    def __init__(self, name: str, act: Callable[[], Awaitable[object]], seconds: float) -> None:
        self._name = name
        self._act = act
        self._seconds = seconds
        self._trouble = ""

    async def run(self) -> None:
        """Go round until cancelled."""
        failures = 0
        while True:
            ended = await finished(self._go_round())
            fault = None if ended.cancelled() else ended.exception()
            failures += 1
            log.error("%s met a bug and begins anew", self._name, exc_info=fault)
            await asyncio.sleep(min(LONGEST_RETRY_SECONDS, retry_pause(self._seconds, failures)))

    async def _go_round(self) -> None:
        while True:
            try:
                await self._act()
            except OperatorError as fault:
                self._tell(str(fault))
            else:
                self._tell("")
            await asyncio.sleep(self._seconds)

    def _tell(self, trouble: str) -> None:
        if trouble == self._trouble:
            return
        if trouble:
            log.warning("%s: %s", self._name, trouble)
        else:
            log.info("%s goes on.", self._name)
        self._trouble = trouble


async def finished(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """The task of some work once it is done, however it ended; cancelling the wait cancels the work."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task})
        raise
    return task
