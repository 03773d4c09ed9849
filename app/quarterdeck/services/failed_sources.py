"""Which entities are silent because whoever watches them has failed: then their silence says nothing of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Protocol

from quarterdeck.domain.connections import ConnectionState
from quarterdeck.services.ports import ConnectionStore, SeriesQuery, SeriesStore

_FAILED = frozenset({ConnectionState.FAILING, ConnectionState.SILENT})


class WatchingSources(SeriesStore, ConnectionStore, Protocol):
    """What tells who watches what, and how they do."""


def watched_in_vain(store: WatchingSources, entity_keys: Collection[str]) -> frozenset[str]:
    """Those of some entities whose every connection has failed."""
    if not entity_keys:
        return frozenset()
    feeding: dict[str, set[str]] = defaultdict(set)
    for info in store.find(SeriesQuery(entity_keys=tuple(entity_keys))):
        feeding[info.identity.entity_key].add(info.connection_id)
    failed = {connection_id for connection_id, health in store.health().items() if health.state in _FAILED}
    return frozenset(key for key, connections in feeding.items() if connections <= failed)
