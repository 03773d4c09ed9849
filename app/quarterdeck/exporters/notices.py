"""Sends notices with apprise, in a process of its own: one that hangs is ended, and what it logs stays with it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import warnings
from collections.abc import Sequence
from typing import TextIO, cast

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.enforcement_ports import Notice
from quarterdeck.services.notice_targets import TargetBook

PATIENCE_SECONDS = 30.0
SEND_COMMAND = "send-notice"
_DELIVERED = "delivered"
_UNREADABLE = "unreadable"
_STEP = "See whether the target answers; it is tried again by itself, less and less often."
_FROM_ENVIRONMENT = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ftp_proxy")


class ChildNotifier:
    """`Notifier` over the targets of a workspace."""

    def __init__(
        self, book: TargetBook, *, command: Sequence[str] | None = None, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._book = book
        self._command = tuple(command or (sys.executable, "-m", "quarterdeck", SEND_COMMAND))
        self._patience_seconds = patience_seconds

    def target_of(self, owner: str) -> str | None:
        """Where an owner is told, as kind and host."""
        target = self._book.target_of(owner)
        return None if target is None else target.words

    async def send(self, notice: Notice) -> None:
        """Send a notice; the address goes by the pipe, never by the command line."""
        target = await asyncio.to_thread(self._book.target_of, notice.owner)
        if target is None:
            raise OperatorError(f"No target is set for {notice.owner}.", "Set one in the file `targets.toml`.")
        address = await asyncio.to_thread(self._book.address_of, target)
        told = {"address": address, "title": notice.title, "body": notice.body}
        answer = await self._answer(json.dumps(told).encode(), target.words)
        if answer == _UNREADABLE:
            raise OperatorError(f"{target.words} is no address that notices go to.", "Correct the file `targets.toml`.")
        if answer != _DELIVERED:
            raise OperatorError(f"{target.words} did not take the notice.", _STEP)

    async def _answer(self, told: bytes, words: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name.lower() not in _FROM_ENVIRONMENT}
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )
        try:
            async with asyncio.timeout(self._patience_seconds):
                out, _ = await process.communicate(told)
        except TimeoutError as fault:
            words = f"{words} did not answer within {self._patience_seconds:g} s."
            raise OperatorError(words, _STEP) from fault
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return out.decode("utf-8", "replace").strip()


def send_from(source: TextIO) -> str:
    """In the process: read a notice as JSON, send it, and say in a word what became of it."""
    told = cast("dict[str, str]", json.load(source))
    with warnings.catch_warnings():
        # The library imports what a later Python has no more, and copes where that is gone.
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        sender = apprise.Apprise()
        if not sender.add(told["address"]):
            return _UNREADABLE
        sent = sender.notify(body=told["body"], title=told["title"], body_format=apprise.NotifyFormat.TEXT)
    return _DELIVERED if sent else "refused"
