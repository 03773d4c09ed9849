"""What the Drift view shows: what is declared and not seen, and seen and not declared, in words, immutable, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from quarterdeck.domain.health import HealthState


@dataclass(frozen=True, slots=True)
class DriftColumns:
    """The table, column by column; `ids` are keys of entities and relations, `entity_keys` whom to look at for each.

    Ranks order, NaN for what has none.
    """

    ids: tuple[str, ...] = ()
    marks: tuple[HealthState, ...] = ()
    standings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sinces: tuple[str, ...] = ()
    since_ranks: tuple[float, ...] = ()
    lasts: tuple[str, ...] = ()
    last_ranks: tuple[float, ...] = ()
    sources: tuple[str, ...] = ()
    entity_keys: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DriftState:
    """One moment of the view. `write` makes the bytes of the whole table for other programs, in any thread."""

    columns: DriftColumns = DriftColumns()
    summary: str = ""
    name: str = ""
    write: Callable[[], bytes] | None = field(default=None, compare=False)

    def entity_of(self, row_key: str) -> str:
        """Whom to look at for a row; empty for a row that is not there."""
        ids = self.columns.ids
        return self.columns.entity_keys[ids.index(row_key)] if row_key in ids else ""
