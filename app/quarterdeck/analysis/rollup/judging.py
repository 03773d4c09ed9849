"""The rules of the roll-up, for many entities of one layer at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.rollup.conditions import (
    CODE,
    LOST,
    LOST_UNPLANNED,
    NEVER,
    NO_SPARE,
    REACHES,
    Conditions,
    Manner,
    Reach,
    Root,
)
from quarterdeck.analysis.rollup.graph import DependencyGraph
from quarterdeck.analysis.rollup.links import Numbers
from quarterdeck.domain.health import HealthState

Truths = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.int8]
Kinds = npt.NDArray[np.int8]
_HEALTHY, _DEGRADED, _DOWN = CODE[HealthState.HEALTHY], CODE[HealthState.DEGRADED], CODE[HealthState.DOWN]
_STALE, _UNKNOWN = CODE[HealthState.STALE], CODE[HealthState.UNKNOWN]
_UNREACHABLE, _MAINTENANCE = CODE[HealthState.UNREACHABLE], CODE[HealthState.MAINTENANCE]


@dataclass(slots=True, eq=False)
class Arrivals:
    """What comes to some entities (k) from what they depend on.

    `reach` (k, 8) is since when what has failed, `cut` and `hurt` are bits of what is lost whole and in part. Of those
    with rules (`is_derived`), `is_whole` are those of which all that they depend on is known to work.
    """

    reach: Numbers
    cut: Bits
    hurt: Bits
    spare: npt.NDArray[np.int16]
    is_derived: Truths
    is_whole: Truths


@dataclass(frozen=True, slots=True, eq=False)
class Freedom:
    """Inside a cycle: which of its entities (k) are roots, so that nothing explains them; no other one is."""

    is_root: Truths


class Judge:
    """Judges entities by what they depend on; `horizon_ms` parts young failures from settled ones."""

    def __init__(self, graph: DependencyGraph, conditions: Conditions, manner: Manner) -> None:
        self._graph = graph
        self._all = conditions
        self._manner = manner
        self.horizon_ms = 0

    def calm_down(self) -> None:
        """Let everything be as it is while all is healthy and outside of any window."""
        found = self._all
        found.states[:] = found.codes
        found.masked[:] = False
        found.reach[:] = NEVER
        found.lost[:] = 0
        found.roots[:] = Root.NONE
        found.spare[:] = NO_SPARE
        found.spare[self._graph.rules.ruled] = self._graph.rules.calm_spares

    def uncalm(self) -> Truths:
        """Which entities (n) are not plainly healthy by themselves, so that they have to be judged."""
        return (self._all.codes != _HEALTHY) | self._all.windows

    def judge(self, numbers: Numbers, freedom: Freedom | None = None) -> Kinds:
        """Find the state of entities none of which depends on another of them, or of a cycle once more.

        `numbers` ascend. As what each would be a root if it were free to be.
        """
        came = self._arrivals(numbers)
        owns = self._all.codes[numbers]
        told = self._told(numbers, came.reach)
        if freedom is not None:
            told.forget(freedom.is_root)
        states = _alone(owns, told, came)
        windows, covers = self._all.windows[numbers], self._all.covers[numbers]
        possible = _roots(owns, states, told, self._all.source_failed[numbers])
        possible[covers & (possible == Root.SILENT)] = Root.FAILED
        roots = possible if freedom is None else np.where(freedom.is_root, possible, 0).astype(np.int8)
        masked = np.zeros_like(windows)
        if self._manner.masking:
            masked = windows & (_unplanned(owns, states, told, came) | ~covers)
        self._all.spare[numbers] = came.spare
        self._all.roots[numbers] = roots
        self._all.masked[numbers] = masked
        self._all.states[numbers] = np.where(windows & ~masked, _MAINTENANCE, states)
        planned = covers & ~self._all.source_failed[numbers] & (owns == _STALE)
        self._all.lost[numbers] = _lost(owns, states, told, covers) | np.where(planned, LOST, 0).astype(np.int8)
        self._all.reach[numbers] = self._passed_on(numbers, came.reach, roots)
        return possible

    def _told(self, numbers: Numbers, reach: Numbers) -> _Told:
        """What of all that reaches them explains them: what began at the right time."""
        since = self._all.since_ms[numbers]
        deaf = self._all.source_failed[numbers] & (self._all.codes[numbers] == _STALE)
        limit = since + self._manner.leeway_ms
        silent = -reach[:, Reach.SILENT]
        return _Told(
            failed=_is_early(reach[:, Reach.FAILED], limit) & ~deaf,
            unplanned=_is_early(reach[:, Reach.UNPLANNED], limit) & ~deaf,
            impaired=_is_early(reach[:, Reach.IMPAIRED], limit) & ~deaf,
            silent=(silent <= limit) & (silent >= since - self._manner.silence_ms) & ~deaf,
        )

    def _arrivals(self, numbers: Numbers) -> Arrivals:
        size = len(numbers)
        reach = np.full((size, REACHES), NEVER, np.int64)
        cut = np.zeros(size, np.int8)
        starts = self._graph.needed.starts
        counts = starts[numbers + 1] - starts[numbers]
        leading = np.flatnonzero(counts)
        if len(leading):
            sources = self._graph.needed.of_all(numbers[leading])
            begins = np.cumsum(counts[leading]) - counts[leading]
            reach[leading] = np.minimum.reduceat(self._all.reach[sources], begins, axis=0)
            cut[leading] = np.bitwise_or.reduceat(self._all.lost[sources], begins)
        came = Arrivals(
            reach=reach,
            cut=cut,
            hurt=np.zeros(size, np.int8),
            spare=np.full(size, NO_SPARE, np.int16),
            is_derived=np.zeros(size, np.bool_),
            is_whole=np.zeros(size, np.bool_),
        )
        self._add_rules(numbers, came)
        return came

    def _add_rules(self, numbers: Numbers, came: Arrivals) -> None:
        """Add what rules make of their members; where nothing fails or is in doubt that is known beforehand."""
        rules = self._graph.rules
        if not len(rules.ruled):
            return
        places, at = rules.among(numbers)
        came.is_derived[places] = True
        came.spare[places] = rules.calm_spares[at]
        came.is_whole[places], calm = self._providers_of(numbers[places])
        places, at = places[~calm], at[~calm]
        rows = rules.rows(at)
        if not len(rows.chosen):
            return
        members, whom = rows.members, places[rows.owners]
        lost = self._all.lost[members]
        for bit in (LOST, LOST_UNPLANNED):
            broken, hurt = rows.left((lost & bit) != 0)
            came.cut[whom[broken]] |= bit
            came.hurt[whom[hurt]] |= bit
        np.minimum.at(came.reach, whom, rows.reach(self._all.reach[members]))
        spares = rows.spares(_works(self._all.states[members]) & (lost == 0))
        counted = spares != NO_SPARE
        np.minimum.at(came.spare, whom[counted], spares[counted].astype(np.int16))

    def _providers_of(self, numbers: Numbers) -> tuple[Truths, Truths]:
        """Whether all that these depend on works, and whether it is healthy and reached by no failure."""
        starts = self._graph.providers.starts
        counts = starts[numbers + 1] - starts[numbers]
        leading = np.flatnonzero(counts)
        works, calm = np.zeros(len(numbers), np.bool_), np.zeros(len(numbers), np.bool_)
        if len(leading):
            sources = self._graph.providers.of_all(numbers[leading])
            begins = np.cumsum(counts[leading]) - counts[leading]
            states = self._all.states[sources]
            works[leading] = np.logical_and.reduceat(_works(states), begins)
            fine = (states == _HEALTHY) & (self._all.reach[sources].min(axis=1) == NEVER)
            calm[leading] = np.logical_and.reduceat(fine, begins)
        return works, calm

    def _passed_on(self, numbers: Numbers, came: Numbers, roots: Kinds) -> Numbers:
        """What reaches those that depend on them."""
        young, out = Reach.YOUNG, came.copy()
        fine = self._all.codes[numbers] == _HEALTHY
        out[fine, :young] = came[fine, young:]
        since, onset = self._all.since_ms[numbers], self._all.onset_ms[numbers]
        covers = self._all.covers[numbers]
        is_young = onset >= self.horizon_ms
        for column, adds, value in (
            (Reach.FAILED, roots == Root.FAILED, onset),
            (Reach.UNPLANNED, (roots == Root.FAILED) & ~covers, onset),
            (Reach.IMPAIRED, roots == Root.IMPAIRED, onset),
            (Reach.SILENT, roots == Root.SILENT, -since),
        ):
            for at, whom in ((column, adds), (young + column, adds & is_young)):
                out[whom, at] = np.minimum(out[whom, at], value[whom])
        return out


@dataclass(slots=True, eq=False)
class _Told:
    """Which entities (k) are explained by what reaches them, and by what kind of root."""

    failed: Truths
    unplanned: Truths
    impaired: Truths
    silent: Truths

    def forget(self, unexplained: Truths) -> None:
        """Nothing explains these."""
        for told in (self.failed, self.unplanned, self.impaired, self.silent):
            told[unexplained] = False


def _is_early(reach: Numbers, limit: Numbers) -> Truths:
    return (reach <= limit) & (reach < NEVER)


def _works(states: Kinds) -> Truths:
    return (states == _HEALTHY) | (states == _DEGRADED)


def _alone(owns: npt.NDArray[np.int8], told: _Told, came: Arrivals) -> npt.NDArray[np.int8]:
    """States as if there were no maintenance windows."""
    states = owns.copy()
    states[(owns == _DOWN) & (told.failed | told.silent)] = _UNREACHABLE
    states[(owns == _STALE) & told.failed] = _UNREACHABLE
    unknown = owns == _UNKNOWN
    states[unknown & (came.cut != 0)] = _UNREACHABLE
    derived = unknown & came.is_derived & (came.cut == 0)
    states[derived & came.is_whole] = _HEALTHY
    states[derived & ((came.hurt != 0) | told.impaired)] = _DEGRADED
    states[(owns == _HEALTHY) & ((came.cut != 0) | (came.hurt != 0))] = _DEGRADED
    return states


def _roots(owns: npt.NDArray[np.int8], states: npt.NDArray[np.int8], told: _Told, source_failed: Truths) -> Kinds:
    roots = np.zeros(len(owns), np.int8)
    roots[(owns == _DOWN) & (states == _DOWN)] = Root.FAILED
    roots[(owns == _DEGRADED) & ~(told.failed | told.impaired | told.silent)] = Root.IMPAIRED
    roots[(states == _STALE) & ~told.silent & ~source_failed] = Root.SILENT
    return roots


def _unplanned(owns: npt.NDArray[np.int8], states: npt.NDArray[np.int8], told: _Told, came: Arrivals) -> Truths:
    """Where something fails that no window of its own covers."""
    lost = ((came.cut | came.hurt) & LOST_UNPLANNED) != 0
    failing = (owns == _DOWN) | (owns == _STALE) | (owns == _DEGRADED)
    return (failing & told.unplanned) | (~failing & lost & (states != owns))


def _lost(owns: npt.NDArray[np.int8], states: npt.NDArray[np.int8], told: _Told, covers: Truths) -> Bits:
    """Whether those that depend on them have to do without them, and whether no window covers that."""
    lost = (owns == _DOWN) | (states == _UNREACHABLE)
    by_itself = (owns == _DOWN) & ~told.failed & ~covers
    unplanned = by_itself | told.unplanned | ((owns == _DOWN) & told.silent & ~told.failed)
    return np.where(lost, LOST | np.where(unplanned, LOST_UNPLANNED, 0), 0).astype(np.int8)
