"""A test ends its asyncio tasks; the loop would cancel them without a word."""

import asyncio
import functools
from collections.abc import Awaitable, Callable

import pytest

from tests.support.guards.lines import where

GRACE_SECONDS = 1.0


def leaving_no_task(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """``test``, failing when a task it started is still running a second after its end."""

    @functools.wraps(test)
    async def run(*args: object, **kwargs: object) -> None:
        before = asyncio.all_tasks()
        await test(*args, **kwargs)
        if started := asyncio.all_tasks() - before:
            _, running = await asyncio.wait(started, timeout=GRACE_SECONDS)
            sentences = [_sentence(task) for task in running]
            if sentences:
                pytest.fail("left behind:\n  " + "\n  ".join(sentences), pytrace=False)

    return run


def _sentence(task: asyncio.Task[object]) -> str:
    frames = [(frame.f_code.co_filename, frame.f_lineno) for frame in reversed(task.get_stack())]
    return f"the task {task.get_name()!r}, now at {where(frames) or task.get_coro()}"
