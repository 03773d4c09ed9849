"""A connection's connector, loaded, and what it is handed for a call."""

from __future__ import annotations

import asyncio

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.connector import ConnectorContext
from quarterdeck.sdk.registry import LoadedConnector
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.connector_boundary import connector_boundary
from quarterdeck.services.intake import CollectionTools


class ConnectionSource:
    """Gets both off the event loop where it may take its time, and lets no bug of a connector out."""

    def __init__(self, connection: Connection, tools: CollectionTools) -> None:
        self._connection = connection
        self._tools = tools
        self._loaded: LoadedConnector | None = None

    async def loaded(self) -> LoadedConnector:
        """The connector's code. Raises OperatorError when it is not installed or fails to load."""
        if self._loaded is None:
            with connector_boundary(self._connection.connector_id):
                self._loaded = await self._tools.aside(self._tools.registry.load, self._connection.connector_id)
        return self._loaded

    async def context(self) -> ConnectorContext:
        """What the connector is handed; where it has secrets a keyring is asked. Raises OperatorError."""
        if not self._connection.secret_names:
            return self._tools.context_for(self._connection)
        try:
            async with asyncio.timeout(self._tools.secrets_seconds):
                return await asyncio.to_thread(self._tools.context_for, self._connection)
        except TimeoutError as fault:
            message = f"The secrets of {one_line(self._connection.name, 80)} could not be read in time."
            raise OperatorError(message, "See whether the keyring is locked or asks for something.") from fault
