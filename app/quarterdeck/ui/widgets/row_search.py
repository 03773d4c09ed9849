"""Finding rows by words: each column's words are laid side by side once as bytes, then only compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.widgets.columns import Cells, StateCells, TableData, TagCells, TextCells

_LONGEST = 400
_PIECE = 4000
"""So many texts are taken in one go: what works on a whole column at once lets no other thread on meanwhile."""

Marks = NDArray[np.bool_]


class RowSearch:
    """Remembers the words of the columns it searched last.

    Safe to be asked from two threads: what is remembered is replaced as a whole, never changed.
    """

    def __init__(self) -> None:
        self._remembered: dict[tuple[int, int], _ColumnWords] = {}

    def matching(self, data: TableData, words: str) -> NDArray[np.int64]:
        """The rows in whose words, tags and states all these words occur, regardless of case; all rows for none."""
        wanted = words.casefold().split()
        holds_all: Marks = np.ones(len(data.ids), dtype=np.bool_)
        for word in wanted:
            holds_all &= self._holding(data, word)
        return np.flatnonzero(holds_all)

    def _holding(self, data: TableData, word: str) -> Marks:
        letters = word.encode("utf-8", "surrogatepass")
        holds: Marks = np.zeros(len(data.ids), dtype=np.bool_)
        for at, cells in enumerate(data.cells):
            for part, texts in enumerate(_texts(cells)):
                self._words((at, part), texts).mark_rows_with(letters, holds)
            if isinstance(cells, StateCells) and not cells.words:
                _mark_states(cells.states, word, holds)
        return holds

    def _words(self, place: tuple[int, int], texts: Sequence[str]) -> _ColumnWords:
        known = self._remembered.get(place)
        if known is None or known.texts is not texts:
            known = self._remembered[place] = _column_words(texts)
        return known


@dataclass(frozen=True, slots=True)
class _ColumnWords:
    """All texts of a column in one row of bytes, without their case; `starts` says where each begins."""

    texts: Sequence[str]
    letters: NDArray[np.uint8]
    starts: NDArray[np.int64]

    def mark_rows_with(self, word: bytes, marks: Marks) -> None:
        """Mark the rows that hold a word; UTF-8 has no letter that begins inside another."""
        room = len(self.letters) - len(word) + 1
        if room <= 0:
            return
        found = np.flatnonzero(self.letters[:room] == word[0])
        for at, letter in enumerate(word[1:], 1):
            found = found[self.letters[found + at] == letter]
        marks[np.searchsorted(self.starts, found, side="right") - 1] = True


def _column_words(texts: Sequence[str]) -> _ColumnWords:
    pieces: list[bytes] = []
    lengths: NDArray[np.int64] = np.empty(len(texts), dtype=np.int64)
    for begin in range(0, len(texts), _PIECE):
        folded = [text[:_LONGEST].casefold() for text in texts[begin : begin + _PIECE]]
        # No word that is looked for holds a line's end, so none is found across two texts.
        joined = "\n".join(folded).encode("utf-8", "surrogatepass")
        is_plain = len(joined) == sum(map(len, folded)) + len(folded) - 1
        counted = map(len, folded) if is_plain else _byte_lengths(folded)
        lengths[begin : begin + len(folded)] = np.fromiter(counted, np.int64, len(folded))
        pieces.append(joined)
    ends = np.cumsum(lengths + 1)
    return _ColumnWords(texts, np.frombuffer(b"\n".join(pieces), dtype=np.uint8), ends - lengths - 1)


def _byte_lengths(texts: Iterable[str]) -> Iterable[int]:
    return (len(text.encode("utf-8", "surrogatepass")) for text in texts)


def _texts(cells: Cells) -> tuple[Sequence[str], ...]:
    if isinstance(cells, TextCells):
        return (cells.values, cells.notes) if cells.notes else (cells.values,)
    if isinstance(cells, StateCells):
        return (cells.words,) if cells.words else ()
    return (cells.values,) if isinstance(cells, TagCells) else ()


def _mark_states(states: Sequence[HealthState | None], word: str, marks: Marks) -> None:
    wanted = frozenset(state for state in HealthState if word in state_word(state).casefold())
    if wanted:
        marks |= np.fromiter((state in wanted for state in states), np.bool_, len(states))
