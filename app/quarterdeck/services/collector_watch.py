"""Whether anybody collects for a store: what the window says when nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from quarterdeck.services.current_states import CollectionSources, collected_until, silent_since


@dataclass(frozen=True, slots=True)
class CollectorStatus:
    """`is_collecting` now; `heard_at` is when a collector was last heard of, None before there ever was one."""

    is_collecting: bool
    heard_at: datetime | None


class CollectorWatch:
    """Looks at the lease and at the connections' health; collects nothing itself."""

    def __init__(self, store: CollectionSources) -> None:
        self._store = store

    def status(self, at: datetime) -> CollectorStatus:
        """How it stands at the present instant `at`."""
        heard_at = collected_until(self._store)
        is_collecting = heard_at is not None and silent_since(self._store, at) is None
        return CollectorStatus(is_collecting, heard_at)
