"""Calling a connector: bounded in time, and whatever it does wrong touches only its own connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import TypeVar

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.instants import duration_words
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.connector_boundary import connector_boundary

log = logging.getLogger(__name__)

T = TypeVar("T")

CLOSE_SECONDS = 2.0


class ConnectorCalls:
    """The calls of one poll or page, which together may take `seconds`; what is done between them does not count."""

    def __init__(self, connection_name: str, connector_id: str, seconds: float) -> None:
        self._name = connection_name
        self._connector_id = connector_id
        self._seconds = seconds
        self._left_seconds = seconds

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T:
        """The answer of a call. Raises OperatorError for whatever the connector raises, and when it takes too long."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            # Not wait_for: on Python 3.11 it swallows a cancellation that meets a finished result.
            async with asyncio.timeout(self._left_seconds):
                with connector_boundary(self._connector_id), self._own_cancellation_only():
                    return await call()
        except TimeoutError as fault:
            message = f"{one_line(self._name, 80)} did not finish within {duration_words(self._seconds)}."
            raise Unreachable(message, "See whether the source is overloaded; it is tried again.") from fault
        finally:
            self._left_seconds -= loop.time() - started

    async def batches(self, collect: Callable[[], AsyncIterator[Batch]]) -> AsyncGenerator[Batch]:
        """What a connector yields. Raises OperatorError like `ask`; close it when it is not read to its end."""
        with connector_boundary(self._connector_id):
            yielded = aiter(collect())
        try:
            while (batch := await self.ask(lambda: anext(yielded, None))) is not None:
                yield self._checked(batch)
        finally:
            await self._close(yielded)

    def _checked(self, batch: object) -> Batch:
        with connector_boundary(self._connector_id):
            if not isinstance(batch, Batch):
                message = f"yielded {type(batch).__name__} instead of a batch"
                raise TypeError(message)
        return batch

    async def _close(self, yielded: AsyncIterator[Batch]) -> None:
        """Let a connector clean up; one that does not come to an end is left behind."""
        close: Callable[[], Awaitable[None]] | None = getattr(yielded, "aclose", None)
        if close is None:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                with connector_boundary(self._connector_id):
                    await close()
        except (TimeoutError, OperatorError) as fault:
            log.warning("the connector %s did not clean up: %s", self._connector_id, fault)

    @contextmanager
    def _own_cancellation_only(self) -> Generator[None]:
        """A cancellation that nobody asked of this task was raised by the connector, and is its fault."""
        task = asyncio.current_task()
        try:
            yield
        except asyncio.CancelledError as fault:
            if task is not None and not task.cancelling():
                message = "cancelled itself"
                raise RuntimeError(message) from fault
            raise
