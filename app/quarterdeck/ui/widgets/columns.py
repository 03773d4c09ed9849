"""What a table shows, as immutable columns: one object for each column, not one for each cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.polygons import FloatArray
from quarterdeck.ui.widgets.text import safe_line

NOTHING = "—"
"""What stands for a value that does not exist or is not known; never zero, never blank."""

_SORTED_LETTERS = 80
_PIECE = 4000

SortKeys = NDArray[np.float64] | NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column: its title and how it is laid out.

    `width` in pixels, or None to fit title and content; a `stretch` above zero shares the room that is left. `wraps`
    lets text take a second line (in tables of at most 400 rows). `is_strong` is for the name of what the row is about.
    Names are `cut_in_middle`, since their ends tell them apart; such a column gives way before others do. Where there
    is no room for all columns those with a `yields` above zero are left out, the highest first. Figures get the room
    they need, whatever `width` says.
    """

    key: str
    title: str = ""
    width: int | None = None
    stretch: int = 0
    tone: Tone = Tone.TEXT
    is_strong: bool = False
    is_right: bool = False
    wraps: bool = False
    is_sortable: bool = True
    tool_tip: str = ""
    yields: int = 0
    cut_in_middle: bool = False


@dataclass(frozen=True, slots=True)
class TextCells:
    """Words. `tones` colours each cell on its own; `notes` stand behind the words in a quieter tone.

    `ranks` sort instead of the alphabet where the words stand for something that has an order; NaN comes last.
    """

    values: Sequence[str]
    tones: Sequence[Tone] = ()
    notes: Sequence[str] = ()
    ranks: FloatArray | None = None

    def text(self, row: int) -> str:
        """The cell in words."""
        note = self.notes[row] if self.notes else ""
        return safe_line(f"{self.values[row]} {note}".strip())

    def sort_keys(self) -> SortKeys:
        """The ranks, or else alphabetical order regardless of case."""
        if self.ranks is not None:
            return self.ranks
        return _alphabetical(self.values)


@dataclass(frozen=True, slots=True)
class NumberCells:
    """Numbers, written by `write`; those that are not finite are shown as a dash and sort last."""

    values: FloatArray
    write: Callable[[float], str]
    tones: Sequence[Tone] = ()

    def text(self, row: int) -> str:
        """The cell in words."""
        value = float(self.values[row])
        return safe_line(self.write(value)) if np.isfinite(value) else NOTHING

    def sort_keys(self) -> SortKeys:
        """The numbers."""
        return self.values


@dataclass(frozen=True, slots=True)
class StateCells:
    """State marks; with `words` the mark stands before them, as in `▲ degraded`. None is shown as a dash.

    The words take the mark's colour, or each its own of `tones`.
    """

    states: Sequence[HealthState | None]
    words: Sequence[str] = ()
    tones: Sequence[Tone] = ()

    def text(self, row: int) -> str:
        """The cell in words."""
        state = self.states[row]
        if self.words:
            return safe_line(self.words[row])
        return NOTHING if state is None else state_word(state)

    def sort_keys(self) -> SortKeys:
        """Severity, calm first."""
        return np.array([np.nan if state is None else float(SEVERITY[state]) for state in self.states])


@dataclass(frozen=True, slots=True)
class SparkCells:
    """Sparklines: for each row its values, oldest first, gaps as NaN."""

    lines: Sequence[FloatArray]
    tones: Sequence[Tone] = ()

    def text(self, row: int) -> str:
        """The cell in words."""
        finite = self.lines[row][np.isfinite(self.lines[row])]
        return NOTHING if len(finite) == 0 else f"{finite.min():.3g} … {finite.max():.3g}"

    def sort_keys(self) -> SortKeys:
        """The last value."""
        return np.array([line[-1] if len(line) else np.nan for line in self.lines], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class ShareCells:
    """Bars of what is used of something, with the share in words beside each; a tick stands at `limit`.

    A share above 1 fills its bar, one that is not finite is shown as a dash. `tones` colours each bar on its own.
    """

    values: FloatArray
    write: Callable[[float], str]
    limit: float
    tones: Sequence[Tone] = ()

    def text(self, row: int) -> str:
        """The cell in words."""
        value = float(self.values[row])
        return safe_line(self.write(value)) if np.isfinite(value) else NOTHING

    def sort_keys(self) -> SortKeys:
        """The shares."""
        return self.values


@dataclass(frozen=True, slots=True)
class StripCells:
    """Strips of states, the oldest first, None where there is none, with what a strip says in `words`.

    `noted` marks single pieces from below. `ranks` sort.
    """

    strips: Sequence[tuple[HealthState | None, ...]]
    words: Sequence[str]
    ranks: FloatArray
    noted: Sequence[tuple[bool, ...]] = ()

    def text(self, row: int) -> str:
        """The cell in words."""
        return safe_line(self.words[row])

    def sort_keys(self) -> SortKeys:
        """The ranks."""
        return self.ranks


@dataclass(frozen=True, slots=True)
class TagCells:
    """Tags; an empty one is not drawn."""

    values: Sequence[str]

    def text(self, row: int) -> str:
        """The cell in words."""
        return safe_line(self.values[row])

    def sort_keys(self) -> SortKeys:
        """Keys in alphabetical order."""
        return _alphabetical(self.values)


@dataclass(frozen=True, slots=True)
class ActionCells:
    """Buttons, one verb a row; an empty one is not drawn."""

    values: Sequence[str]

    def text(self, row: int) -> str:
        """The cell in words."""
        return safe_line(self.values[row])

    def sort_keys(self) -> SortKeys:
        """Keys in alphabetical order."""
        return _alphabetical(self.values)


def _alphabetical(values: Sequence[str]) -> NDArray[np.str_]:
    """Texts without their case; taken piece by piece, because numpy lets no other thread on while it takes texts."""
    folded = [value[:_SORTED_LETTERS].casefold() for value in values]
    keys = np.empty(len(folded), dtype=f"<U{max(map(len, folded), default=1) or 1}")
    for begin in range(0, len(folded), _PIECE):
        keys[begin : begin + _PIECE] = folded[begin : begin + _PIECE]
    return keys


Cells = TextCells | NumberCells | StateCells | SparkCells | ShareCells | StripCells | TagCells | ActionCells


@dataclass(frozen=True, slots=True)
class RowGroup:
    """A heading above some rows; `state` is the worst of them. With a `key` the rows can be folded away under it."""

    title: str
    note: str = ""
    state: HealthState | None = None
    key: str = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class TableData:
    """One moment of a table: a stable id for each row and one set of cells for each column, in the columns' order.

    With `groups`, `group_of` holds each row's index into them; groups without a row are not shown. `tips` tell more
    about each cell than there is room for, a sequence for each column in the columns' order, empty for none.
    """

    ids: Sequence[str]
    cells: tuple[Cells, ...]
    groups: tuple[RowGroup, ...] = ()
    group_of: NDArray[np.int64] | None = None
    tips: tuple[Sequence[str], ...] = ()

    def tip(self, row: int, column: int) -> str:
        """What more there is to say about a cell; empty for nothing."""
        return self.tips[column][row] if self.tips and self.tips[column] else ""


NO_ROWS = TableData((), ())
