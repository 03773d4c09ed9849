"""The coordinators at work: one per enabled connection, replaced when it is edited, relieved when it falls."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.services.coordinator import Coordinator
from quarterdeck.services.intake import CollectionTools
from quarterdeck.services.pacing import LONGEST_RETRY_SECONDS, retry_pause

log = logging.getLogger(__name__)

STOP_SECONDS = 3.0
"""How long a connector may take to let itself be cancelled before it is left behind."""


@dataclass(slots=True)
class _Post:
    coordinator: Coordinator
    task: asyncio.Task[None]
    falls: int = 0
    relieved_at: float | None = None


class Crew:
    """Keeps a coordinator running for every connection that is wanted."""

    def __init__(self, tools: CollectionTools, *, stop_seconds: float = STOP_SECONDS) -> None:
        self._tools = tools
        self._stop_seconds = stop_seconds
        self._posts: dict[str, _Post] = {}
        self._disabled: dict[str, ConnectionHealth] = {}
        self._left_behind: set[asyncio.Task[None]] = set()

    @property
    def left_behind(self) -> int:
        """How many coordinators would not be cancelled and still run, without any way into the store."""
        return len(self._left_behind)

    def health(self) -> list[ConnectionHealth]:
        """How each connection does, those that are switched off as well."""
        return [*(post.coordinator.health for post in self._posts.values()), *self._disabled.values()]

    async def match(self, connections: Collection[Connection], known: Mapping[str, ConnectionHealth]) -> None:
        """Run the enabled ones of these connections as they are set up now, and no others; `known` is their health."""
        wanted = {connection.id: connection for connection in connections if connection.enabled}
        gone = [key for key, post in self._posts.items() if wanted.get(key) != post.coordinator.connection]
        known = {**known, **{key: self._posts[key].coordinator.health for key in gone}}
        await self._stop(gone)
        for connection_id, connection in wanted.items():
            if connection_id not in self._posts:
                self._posts[connection_id] = self._post(connection)
        self._disabled = {
            connection.id: _switched_off(connection, known.get(connection.id))
            for connection in connections
            if not connection.enabled
        }

    def relieve_fallen(self) -> None:
        """A coordinator never ends by itself; one that did met a bug, which is logged, and it begins anew."""
        now = asyncio.get_running_loop().time()
        for connection_id, post in list(self._posts.items()):
            if not post.task.done():
                continue
            if post.relieved_at is None:
                fault = None if post.task.cancelled() else post.task.exception()
                log.error("the connection %s fell to a bug", connection_id, exc_info=fault)
                post.coordinator.tell_of_bug()
                post.falls += 1
                post.relieved_at = now + min(LONGEST_RETRY_SECONDS, retry_pause(1.0, post.falls))
            elif now >= post.relieved_at:
                self._posts[connection_id] = self._post(post.coordinator.connection, post.falls)

    async def dismiss(self) -> None:
        """End all of them."""
        health = {key: post.coordinator.health for key, post in self._posts.items()}
        await self._stop(list(self._posts))
        self._disabled = {**self._disabled, **health}

    def _post(self, connection: Connection, falls: int = 0) -> _Post:
        coordinator = Coordinator(connection, self._tools)
        task = asyncio.create_task(coordinator.run(), name=f"connection {connection.id}")
        return _Post(coordinator, task, falls)

    async def _stop(self, connection_ids: Collection[str]) -> None:
        posts = [self._posts.pop(connection_id) for connection_id in connection_ids]
        for post in posts:
            post.task.cancel()
        if not posts:
            return
        _, stubborn = await asyncio.wait([post.task for post in posts], timeout=self._stop_seconds)
        for post in posts:
            post.coordinator.end()
            if post.task in stubborn:
                name = post.coordinator.connection.connector_id
                log.warning("the connector %s does not let itself be cancelled and is left behind", name)
                self._left_behind.add(post.task)
                post.task.add_done_callback(self._left_behind.discard)


def _switched_off(connection: Connection, known: ConnectionHealth | None) -> ConnectionHealth:
    health = known or ConnectionHealth(connection.id, ConnectionState.DISABLED)
    return replace(health, state=ConnectionState.DISABLED, words="", next_step="", failures_in_a_row=0)
