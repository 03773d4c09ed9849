"""From what was measured, what was planned and what people corrected to the ledger of an objective.

The window is cut wherever anything begins or ends, so that each piece counts as one thing. A correction stands before
planned work, planned work before what was measured, and what nothing tells is unknown.

Events stand at the end of the stretch in which they were counted, so that they fall to one piece whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.domain.objective_ledger import (
    STANDINGS,
    Basis,
    CountingRule,
    DecidedBy,
    LedgerEntry,
    Standing,
    Tally,
)

Instants = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Places = npt.NDArray[np.int64]
Counts = npt.NDArray[np.float64]

CODES = {standing: np.int8(number) for number, standing in enumerate(STANDINGS)}
NOT_MEASURED = "nothing was measured"


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was measured: stretches `[from_us, to_us)` (n each) in order, without overlap; gaps are unknown.

    `standings` holds codes of `STANDINGS`, `reasons` places in `words`. `good` of `total` happened in each stretch,
    zeros where time is counted.
    """

    basis: Basis
    from_us: Instants
    to_us: Instants
    standings: Codes
    reasons: Places
    words: tuple[str, ...]
    good: Counts
    total: Counts

    @classmethod
    def of_time(
        cls, from_us: Instants, to_us: Instants, standings: Codes, reasons: Places, words: tuple[str, ...]
    ) -> Measured:
        """Time that was good or not."""
        nothing = np.zeros(len(from_us))
        return cls(Basis.TIME, from_us, to_us, standings, reasons, words, nothing, nothing)


NOTHING_MEASURED = Measured.of_time(
    np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0, np.int64), ()
)


@dataclass(frozen=True, slots=True)
class Decision:
    """That `[from_us, to_us)` counts as something else than measured, or as measured after all (None); by whom."""

    from_us: int
    to_us: int
    counts_as: Standing | None
    reason: str
    decided_by: DecidedBy
    decided_id: str = ""


@dataclass(frozen=True, slots=True)
class _Ground:
    """Why a piece counts as it does."""

    reason: str
    decided_by: DecidedBy = DecidedBy.MEASUREMENT
    decided_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ObjectiveLedger:
    """A window cut into m pieces between `edges_us` (m + 1), each with its standing, ground, and events."""

    basis: Basis
    edges_us: Instants
    standings: Codes
    places: Places
    grounds: tuple[_Ground, ...]
    good: Counts
    total: Counts

    @property
    def entries(self) -> tuple[LedgerEntry, ...]:
        """The pieces as stretches that are as long as anything stays the same, without overlap or gap."""
        if not len(self.standings):
            return ()
        is_new = (np.diff(self.standings) != 0) | (np.diff(self.places) != 0)
        firsts = np.append(0, np.flatnonzero(is_new) + 1)
        lasts = np.append(firsts[1:], len(self.standings))
        return tuple(self._entry(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True))

    def tally(self, from_us: int, to_us: int) -> Tally:
        """The pieces inside a stretch added up; the events of a piece count where its end lies inside."""
        lengths = np.clip(self.edges_us[1:], from_us, to_us) - np.clip(self.edges_us[:-1], from_us, to_us)
        sums = [int(lengths[self.standings == code].sum()) for code in range(len(STANDINGS))]
        ends = self.edges_us[1:]
        is_counted = (self.standings <= CODES[Standing.BAD]) & (ends > from_us) & (ends <= to_us)
        good, total = math.fsum(self.good[is_counted]), math.fsum(self.total[is_counted])
        return Tally(self.basis, *sums, good=good, total=total)

    def amounts(self, edges_us: Instants) -> tuple[Counts, Counts]:
        """What was bad and what counted at all between edges (n + 1), in microseconds or events, as n values each."""
        is_counted = self.standings <= CODES[Standing.BAD]
        if self.basis is Basis.EVENTS:
            total = np.where(is_counted, self.total, 0.0)
            at = np.searchsorted(self.edges_us[1:], edges_us, "right")
            bad, counted = (np.append(0.0, np.cumsum(part))[at] for part in (total - self.good * is_counted, total))
            return np.diff(bad), np.diff(counted)
        return self._time_in(self.standings == CODES[Standing.BAD], edges_us), self._time_in(is_counted, edges_us)

    def known_us(self, edges_us: Instants) -> Counts:
        """How much of the time between edges (n + 1) is not unknown, as n values."""
        return self._time_in(self.standings != CODES[Standing.UNKNOWN], edges_us)

    def _time_in(self, wanted: npt.NDArray[np.bool_], edges_us: Instants) -> Counts:
        grown = np.append(0, np.cumsum(np.where(wanted, np.diff(self.edges_us), 0)))
        return np.diff(np.interp(edges_us, self.edges_us, grown))

    @property
    def whole(self) -> Tally:
        """The whole window added up."""
        return self.tally(int(self.edges_us[0]), int(self.edges_us[-1]))

    def _entry(self, first: int, last: int) -> LedgerEntry:
        ground = self.grounds[int(self.places[first])]
        return LedgerEntry(
            from_us=int(self.edges_us[first]),
            to_us=int(self.edges_us[last]),
            standing=STANDINGS[int(self.standings[first])],
            reason=ground.reason,
            decided_by=ground.decided_by,
            decided_id=ground.decided_id,
            good=math.fsum(self.good[first:last]),
            total=math.fsum(self.total[first:last]),
        )


def ledger_of(
    measured: Measured,
    window_us: tuple[int, int],
    *,
    planned: Sequence[Decision] = (),
    corrections: Sequence[Decision] = (),
    rule: CountingRule,
) -> ObjectiveLedger:
    """The ledger of a window: every microsecond in one piece. Of several decisions over a piece the last one stands."""
    decisions = [*(planned if rule.excludes_maintenance else ()), *(corrections if rule.follows_corrections else ())]
    edges = _edges(measured, decisions, window_us)
    pieces = _Pieces.cut(measured, edges)
    for decision in decisions:
        pieces.decide(decision)
    if rule.unknown is not Standing.UNKNOWN:
        pieces.count_unknown_as(rule.unknown)
    return pieces.ledger(measured.basis)


def _edges(measured: Measured, decisions: Sequence[Decision], window_us: tuple[int, int]) -> Instants:
    start_us, end_us = window_us
    decided = [edge for each in decisions for edge in (each.from_us, each.to_us)]
    edges = np.concatenate([measured.from_us, measured.to_us, np.array([*decided, start_us, end_us], np.int64)])
    return np.unique(edges[(edges >= start_us) & (edges <= end_us)])


@dataclass(slots=True, eq=False)
class _Pieces:
    """The pieces while they are decided; what was measured stays beside."""

    edges_us: Instants
    measured_standings: Codes
    measured_places: Places
    measured_good: Counts
    total: Counts
    grounds: list[_Ground]
    standings: Codes
    places: Places
    good: Counts

    @classmethod
    def cut(cls, measured: Measured, edges_us: Instants) -> _Pieces:
        """What was measured in each piece."""
        starts, ends = edges_us[:-1], edges_us[1:]
        grounds = [*map(_Ground, measured.words), _Ground(NOT_MEASURED)]
        standings = np.full(len(starts), CODES[Standing.UNKNOWN], np.int8)
        places = np.full(len(starts), len(grounds) - 1, np.int64)
        good, total = np.zeros(len(starts)), np.zeros(len(starts))
        if len(measured.from_us):
            at = np.searchsorted(measured.from_us, starts, "right") - 1
            held = np.maximum(at, 0)
            inside = (at >= 0) & (starts < measured.to_us[held])
            standings[inside], places[inside] = measured.standings[held[inside]], measured.reasons[held[inside]]
            is_end = inside & (ends == measured.to_us[held])
            good[is_end], total[is_end] = measured.good[held[is_end]], measured.total[held[is_end]]
        return cls(edges_us, standings, places, good, total, grounds, standings.copy(), places.copy(), good.copy())

    def decide(self, decision: Decision) -> None:
        """Let a decision stand over the pieces it covers."""
        first, last = np.searchsorted(self.edges_us, [decision.from_us, decision.to_us])
        over = slice(int(first), max(int(first), int(last)))
        self.good[over] = self.measured_good[over]
        if decision.counts_as is None:
            self.standings[over], self.places[over] = self.measured_standings[over], self.measured_places[over]
            return
        self.standings[over] = CODES[decision.counts_as]
        self.places[over] = len(self.grounds)
        self.grounds.append(_Ground(decision.reason, decision.decided_by, decision.decided_id))
        if decision.counts_as is Standing.GOOD:
            self.good[over] = self.total[over]
        elif decision.counts_as is Standing.BAD:
            self.good[over] = 0.0

    def count_unknown_as(self, standing: Standing) -> None:
        """Let unknown pieces count as something else, with why they are unknown."""
        is_unknown = self.standings == CODES[Standing.UNKNOWN]
        for place in sorted({int(each) for each in self.places[is_unknown]}):
            self.places[is_unknown & (self.places == place)] = len(self.grounds)
            self.grounds.append(_Ground(f"{self.grounds[place].reason}; counted as {standing.value}", DecidedBy.RULE))
        self.standings[is_unknown] = CODES[standing]

    def ledger(self, basis: Basis) -> ObjectiveLedger:
        """The pieces as they were decided."""
        return ObjectiveLedger(
            basis, self.edges_us, self.standings, self.places, tuple(self.grounds), self.good, self.total
        )
