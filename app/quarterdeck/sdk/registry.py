"""Finding connectors: built-in and third-party ones come through the same entry-point group.

Listing runs none of their code; loading one does, and happens only when a connection uses it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from quarterdeck.domain.errors import OperatorError
from quarterdeck.sdk.connector import Connector

if TYPE_CHECKING:
    from quarterdeck.sdk.manifest import Manifest

GROUP = "quarterdeck.connectors"


@dataclass(frozen=True, slots=True)
class LoadedConnector:
    """A connector ready for use, with its manifest."""

    manifest: Manifest
    connector: Connector


class ConnectorRegistry(Protocol):
    """Where connectors are looked up by id."""

    def ids(self) -> tuple[str, ...]:
        """The ids of all installed connectors, sorted; runs no connector's code."""
        ...

    def manifest(self, connector_id: str) -> Manifest:
        """The manifest of one connector. Raises OperatorError when it is not installed or not readable."""
        ...

    def load(self, connector_id: str) -> LoadedConnector:
        """Load a connector's code. Raises OperatorError when it is not installed or fails to load."""
        ...


class EntryPointRegistry:
    """Connectors installed as entry points of `quarterdeck.connectors`."""

    def __init__(self) -> None:
        self._loaded: dict[str, LoadedConnector] = {}

    @cached_property
    def _points(self) -> dict[str, EntryPoint]:
        return {point.name: point for point in entry_points(group=GROUP)}

    def ids(self) -> tuple[str, ...]:
        """The ids of all installed connectors, sorted; runs no connector's code."""
        return tuple(sorted(self._points))

    def manifest(self, connector_id: str) -> Manifest:
        """The manifest beside a connector's code. Raises OperatorError when it is not installed or not readable."""
        from quarterdeck.sdk.manifest import load_manifest

        package = self._point(connector_id).module.rpartition(".")[0]
        try:
            spec = find_spec(package)
            locations = spec.submodule_search_locations if spec else None
            return load_manifest(Path((locations or [package])[0]) / "manifest.toml")
        except (OSError, ModuleNotFoundError) as fault:
            message = f"The connector {connector_id} has no manifest."
            raise OperatorError(message, "Reinstall or update the connector.") from fault

    def load(self, connector_id: str) -> LoadedConnector:
        """Load a connector's code. Raises OperatorError when it is not installed or fails to load."""
        if connector_id not in self._loaded:
            point = self._point(connector_id)
            try:
                make = cast("type[Connector]", point.load())
                self._loaded[connector_id] = LoadedConnector(self.manifest(connector_id), make())
            except (ImportError, AttributeError, TypeError) as fault:
                message = f"The connector {connector_id} cannot be loaded: {fault}."
                raise OperatorError(message, "Reinstall or update the connector.") from fault
        return self._loaded[connector_id]

    def _point(self, connector_id: str) -> EntryPoint:
        point = self._points.get(connector_id)
        if point is None:
            message = f"No connector called {connector_id} is installed."
            raise OperatorError(message, "See `quarterdeck connectors list` for those that are.")
        return point
