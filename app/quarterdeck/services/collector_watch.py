"""Whether anybody collects for a store, and whether there is anything to see in it: what the window says about both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import Estate
from quarterdeck.services.current_states import GRACE, CollectionSources, collected_until
from quarterdeck.services.ports import LeaseState


class WatchedStore(CollectionSources, Protocol):
    """What tells whether anybody collects, and what is overseen."""

    def connections(self) -> Sequence[Connection]:
        """The connections."""
        ...

    def estate(self, as_of_at: datetime) -> Estate:
        """Entities and relations valid at a moment."""
        ...


@dataclass(frozen=True, slots=True)
class CollectorStatus:
    """`is_collecting` now; `heard_at` is when a collector was last heard of, None before there ever was one."""

    is_collecting: bool
    heard_at: datetime | None


class CollectorWatch:
    """Looks at the lease and at the connections' health; collects nothing itself. `host` is this machine's name."""

    def __init__(self, store: WatchedStore, *, host: str) -> None:
        self._store = store
        self._host = host

    def status(self, at: datetime) -> CollectorStatus:
        """How it stands at the present instant `at`.

        A collector of this machine is held to its lease to the second; to one elsewhere, whose clock may be another,
        half a minute is left.
        """
        lease = self._store.leases.lease()
        is_collecting = lease is not None and at <= lease.expires_at + self._slack(lease)
        return CollectorStatus(is_collecting, collected_until(self._store))

    def is_anything_overseen(self, at: datetime) -> bool:
        """Whether the store holds any connection or entity."""
        return bool(self._store.connections()) or bool(self._store.estate(at).entities)

    def _slack(self, lease: LeaseState) -> timedelta:
        return timedelta(0) if lease.host == self._host else GRACE
