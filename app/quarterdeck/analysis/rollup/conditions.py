"""What goes into a roll-up and what comes out of it, by entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from quarterdeck.analysis.rollup.links import Numbers
from quarterdeck.domain.health import HealthState

NEVER = 1 << 61
_UNSEEN = -NEVER
NO_SPARE = -1
"""Where no rule counts what works."""

_CODES = tuple(HealthState)
CODE = {state: code for code, state in enumerate(_CODES)}
STATE = dict(enumerate(_CODES))


@dataclass(frozen=True, slots=True)
class Own:
    """What an entity's own signals say since `since_ms`, as if it were alone.

    `onset_ms` is how early that may have begun unseen, where it was not seen to begin; None for when it was seen.
    `in_window` is whether a maintenance window of its own covers it now; `failed_before` that it was down before that
    began: work that is planned into an outage does not make it a planned one. `source_failed` says of a stale one that
    whoever watches it has failed: then its silence says nothing of it.
    """

    state: HealthState
    since_ms: int
    in_window: bool = False
    source_failed: bool = False
    onset_ms: int | None = None
    failed_before: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How a roll-up tells cause from coincidence.

    A failure explains others from `leeway_ms` before it on: what fails first may be seen last. For `settle_ms` it also
    explains through entities whose own signals are fine still; after that they show that they do not pass it on.
    Silence explains only what fails at most `silence_ms` after it began: what lived on behind it fails by itself.
    `masking` keeps what is behind a maintenance window and not covered by one of its own red.
    """

    leeway_ms: int = 300_000
    settle_ms: int = 300_000
    silence_ms: int = 600_000
    masking: bool = True


class Root(IntEnum):
    """As what an entity is the first to fail."""

    NONE = 0
    FAILED = 1
    IMPAIRED = 2
    SILENT = 3


class Reach(IntEnum):
    """What reaches an entity from what it depends on, as columns: since when the earliest of each kind has failed.

    Of silences it is the latest, and below zero, so that the least stands in every column; `NEVER` is none.
    The columns from `YOUNG` on hold the same of failures so young that they pass entities that are fine still.
    """

    FAILED = 0
    UNPLANNED = 1
    IMPAIRED = 2
    SILENT = 3
    YOUNG = 4


REACHES = 2 * Reach.YOUNG
LOST = 1
LOST_UNPLANNED = 2


Findings: TypeAlias = tuple[npt.NDArray[np.generic], ...]


@dataclass(slots=True, eq=False)
class Conditions:
    """Own states (n) as they go in, and everything that is found of them.

    The first six go in; `covers` is where a window of its own makes planned what happens. `states` are codes of states,
    `reach` is (n, 8) by `Reach`, `lost` are bits, `roots` are of `Root`, and `spare` is the redundancy left, or
    `NO_SPARE` without a rule.
    """

    codes: npt.NDArray[np.int8]
    since_ms: npt.NDArray[np.int64]
    onset_ms: npt.NDArray[np.int64]
    windows: npt.NDArray[np.bool_]
    covers: npt.NDArray[np.bool_]
    source_failed: npt.NDArray[np.bool_]
    states: npt.NDArray[np.int8]
    masked: npt.NDArray[np.bool_]
    reach: npt.NDArray[np.int64]
    lost: npt.NDArray[np.int8]
    roots: npt.NDArray[np.int8]
    spare: npt.NDArray[np.int16]

    @classmethod
    def unknown(cls, size: int) -> Conditions:
        """Nothing is known of anything."""
        unknown = CODE[HealthState.UNKNOWN]
        return cls(
            codes=np.full(size, unknown, np.int8),
            since_ms=np.full(size, NEVER - 1, np.int64),
            onset_ms=np.full(size, NEVER - 1, np.int64),
            windows=np.zeros(size, np.bool_),
            covers=np.zeros(size, np.bool_),
            source_failed=np.zeros(size, np.bool_),
            states=np.full(size, unknown, np.int8),
            masked=np.zeros(size, np.bool_),
            reach=np.full((size, REACHES), NEVER, np.int64),
            lost=np.zeros(size, np.int8),
            roots=np.zeros(size, np.int8),
            spare=np.full(size, NO_SPARE, np.int16),
        )

    def put_all(self, numbers: Mapping[str, int], owns: Mapping[str, Own]) -> None:
        """Take own states in; of what is not among them nothing is known."""
        blank = Own(HealthState.UNKNOWN, 0)
        told = [owns.get(key, blank) for key in numbers]
        self.put_some(np.fromiter(numbers.values(), np.int64, len(numbers)), told)

    def put_some(self, numbers: Numbers, told: Sequence[Own]) -> None:
        """Take the own states of some entities (k) in."""
        size = len(told)
        codes = np.fromiter(map(CODE.__getitem__, map(attrgetter("state"), told)), np.int8, size)
        since = np.fromiter(map(attrgetter("since_ms"), told), np.int64, size)
        since[codes == CODE[HealthState.UNKNOWN]] = NEVER - 1
        self.codes[numbers] = codes
        self.since_ms[numbers] = since
        self.onset_ms[numbers] = _onsets(told, since)
        self.windows[numbers] = np.fromiter(map(attrgetter("in_window"), told), np.bool_, size)
        before = np.fromiter(map(attrgetter("failed_before"), told), np.bool_, size)
        self.covers[numbers] = self.windows[numbers] & ~before
        self.source_failed[numbers] = np.fromiter(map(attrgetter("source_failed"), told), np.bool_, size)

    def findings(self) -> Findings:
        """A copy of all that is found of every entity."""
        return tuple(column.copy() for column in self._found_columns())

    def differing(self, before: Findings) -> npt.NDArray[np.bool_]:
        """Of which entities (n) anything is found that was not found before."""
        differs = np.zeros(len(self.codes), np.bool_)
        for column, old in zip(self._found_columns(), before, strict=True):
            other = column != old
            differs |= other if other.ndim == 1 else other.any(axis=1)
        return differs

    def _found_columns(self) -> Findings:
        return self.reach, self.states, self.masked, self.lost, self.roots, self.spare

    def found(self, numbers: Numbers) -> Numbers:
        """All that is found of entities (k) in one table."""
        columns = (self.states, self.masked, self.lost, self.roots, self.spare)
        return np.column_stack([self.reach[numbers], *(column[numbers].astype(np.int64) for column in columns)])


def _onsets(told: Sequence[Own], since: Numbers) -> Numbers:
    """When what is told may have begun, by when it was seen to begin."""
    onsets = [own.onset_ms for own in told]
    if onsets.count(None) == len(onsets):
        return since
    known = np.array([_UNSEEN if onset is None else onset for onset in onsets], np.int64)
    return np.where(known == _UNSEEN, since, known)


@dataclass(frozen=True, slots=True)
class Cause:
    """A root that explains an entity: what it is in, and since when."""

    key: str
    state: HealthState
    since_ms: int


@dataclass(frozen=True, slots=True)
class Effective:
    """An entity's state with everything around it taken into account.

    `because` are the roots that explain it, the earliest first. `spare` is how many more of what it depends on may fail
    before its rule breaks; None where no rule counts.
    """

    state: HealthState
    because: tuple[Cause, ...] = ()
    masked: bool = False
    spare: int | None = None
