"""What the Patterns view shows: how everything stands to its patterns, in words, immutable, without Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.panels.relationships.state import Answer


@dataclass(frozen=True, slots=True)
class PatternColumns:
    """The table, column by column; `ids` are entity keys. Ranks order, NaN for what has none.

    `marks` stand for conforming, deviating and not known; None for what names no pattern.
    """

    ids: tuple[str, ...] = ()
    marks: tuple[HealthState | None, ...] = ()
    standings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    sinces: tuple[str, ...] = ()
    since_ranks: tuple[float, ...] = ()
    firsts: tuple[str, ...] = ()
    tips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PatternsState:
    """One moment of the view. `answers` are what stands beside the table for each of its rows, without their states.

    `write` makes the bytes of the whole table for other programs, in any thread.
    """

    columns: PatternColumns = PatternColumns()
    answers: tuple[Answer, ...] = ()
    summary: str = ""
    name: str = ""
    write: Callable[[], bytes] | None = field(default=None, compare=False)

    def answer_of(self, entity_key: str) -> Answer | None:
        """What stands beside the table for an entity; None for one that is not in it."""
        ids = self.columns.ids
        return self.answers[ids.index(entity_key)] if entity_key in ids else None
