"""Roots that are young still: when the next of them settles, and which have settled by a moment."""

from __future__ import annotations

import heapq

import numpy as np

from quarterdeck.analysis.rollup.links import Numbers


class YoungRoots:
    """Roots with the onset of their failure in ms.

    What a whole roll-up finds is kept as it comes, sorted in one go; what changes add later waits in a heap beside it.
    """

    def __init__(self) -> None:
        self._numbers = np.empty(0, np.int64)
        self._onsets = np.empty(0, np.int64)
        self._place = 0
        self._added: list[tuple[int, int]] = []

    @property
    def first_onset_ms(self) -> int | None:
        """The earliest onset of all; None without any."""
        onsets = [int(onset) for onset in self._onsets[self._place : self._place + 1]]
        onsets += [onset for onset, _ in self._added[:1]]
        return min(onsets, default=None)

    def replace(self, numbers: Numbers, onsets: Numbers) -> None:
        """Hold these and no others."""
        order = np.argsort(onsets, kind="stable")
        self._numbers, self._onsets = numbers[order], onsets[order]
        self._place = 0
        self._added = []

    def add(self, numbers: Numbers, onsets: Numbers) -> None:
        """Hold these too."""
        for entry in zip(onsets.tolist(), numbers.tolist(), strict=True):
            heapq.heappush(self._added, entry)

    def take_before(self, horizon_ms: int) -> set[int]:
        """Those whose onset lies before a moment; they are held no more."""
        end = int(np.searchsorted(self._onsets, horizon_ms))
        taken = set(self._numbers[self._place : max(end, self._place)].tolist())
        self._place = max(end, self._place)
        while self._added and self._added[0][0] < horizon_ms:
            taken.add(heapq.heappop(self._added)[1])
        return taken
