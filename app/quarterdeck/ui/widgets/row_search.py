"""Finding rows by words: each row's words are joined once for each moment of a table, then only compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.widgets.columns import Cells, StateCells, TableData, TagCells, TextCells

_LONGEST = 400


class RowSearch:
    """Knows the words of the last table it searched."""

    def __init__(self) -> None:
        self._data: TableData | None = None
        self._haystacks: list[str] = []

    def matching(self, data: TableData, words: str) -> NDArray[np.int64]:
        """The rows in whose words, tags and states all these words occur, regardless of case; all rows for none."""
        wanted = words.casefold().split()
        if not wanted:
            return np.arange(len(data.ids), dtype=np.int64)
        if data is not self._data:
            self._data, self._haystacks = data, _haystacks(data)
        held = (all(word in haystack for word in wanted) for haystack in self._haystacks)
        return np.flatnonzero(np.fromiter(held, dtype=np.bool_, count=len(self._haystacks)))


def _haystacks(data: TableData) -> list[str]:
    columns = [column for cells in data.cells for column in _columns(cells)]
    if not columns:
        return [""] * len(data.ids)
    return [" ".join(text[:_LONGEST] for text in texts).casefold() for texts in zip(*columns, strict=True)]


def _columns(cells: Cells) -> tuple[Sequence[str], ...]:
    if isinstance(cells, TextCells):
        return (cells.values, cells.notes) if cells.notes else (cells.values,)
    if isinstance(cells, StateCells):
        return (cells.words,) if cells.words else (_state_words(cells.states),)
    return (cells.values,) if isinstance(cells, TagCells) else ()


def _state_words(states: Sequence[HealthState | None]) -> list[str]:
    words: dict[HealthState | None, str] = {state: state_word(state) for state in HealthState}
    return [words.get(state, "") for state in states]
