"""Sorting and searching whole columns say what a plain loop over the rows says, whatever stands in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from quarterdeck.domain.health import SEVERITY, HealthState
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.widgets.columns import (
    NumberCells,
    RowGroup,
    SparkCells,
    StateCells,
    TableData,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.row_order import RowMemory, Sorting, display_rows

NAMES = st.text(alphabet="aAbBßİ é🙂\n\udce4x", max_size=6)
WORDS = st.text(alphabet="aAbB \n\x00\udce4xß", max_size=6)
NUMBERS = st.sampled_from([0.0, -1.5, 2.0, 2.0, float("nan"), float("inf"), -float("inf")])
STATES = st.sampled_from([None, *HealthState])


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says."""

    name: str
    note: str
    tag: str
    number: float
    state: HealthState | None
    trend: float
    group: int


ROWS = st.lists(st.builds(Row, NAMES, WORDS, NAMES, NUMBERS, STATES, NUMBERS, st.integers(0, 2)), max_size=12)
KEYS: tuple[Callable[[Row], Any], ...] = (
    lambda row: row.name.casefold(),
    lambda row: row.number,
    lambda row: np.nan if row.state is None else float(SEVERITY[row.state]),
    lambda row: row.tag.casefold(),
    lambda row: row.trend,
)


def table(rows: list[Row], *, grouped: bool) -> TableData:
    return TableData(
        ids=tuple(str(at) for at in range(len(rows))),
        cells=(
            TextCells([row.name for row in rows], notes=[row.note for row in rows]),
            NumberCells(np.array([row.number for row in rows], dtype=np.float64), str),
            StateCells([row.state for row in rows]),
            TagCells([row.tag for row in rows]),
            SparkCells([np.array([0.0, row.trend]) for row in rows]),
        ),
        groups=tuple(RowGroup(name) for name in "abc") if grouped else (),
        group_of=np.array([row.group for row in rows], dtype=np.int64) if grouped else None,
    )


def holds(row: Row, words: str) -> bool:
    state = "" if row.state is None else state_word(row.state)
    said = f"{row.name} {row.note} {row.tag} {state}".casefold()
    return all(word in said for word in words.casefold().split())


def ordered(rows: list[Row], shown: list[int], sorting: Sorting) -> list[int]:
    if sorting.column < 0:
        return shown
    keys = [KEYS[sorting.column](row) for row in rows]
    known = [at for at in shown if isinstance(keys[at], str) or np.isfinite(keys[at])]
    unknown = [at for at in shown if at not in known]
    return sorted(known, key=keys.__getitem__, reverse=sorting.is_descending) + unknown


def by_loop(rows: list[Row], sorting: Sorting, words: str, *, grouped: bool) -> list[int]:
    lines = ordered(rows, [at for at, row in enumerate(rows) if holds(row, words)], sorting)
    if not grouped:
        return lines
    grouped_lines: list[int] = []
    for group in range(3):
        members = [at for at in lines if rows[at].group == group]
        grouped_lines += [-1 - group, *members] if members else []
    return grouped_lines


@settings(max_examples=300, deadline=None)
@given(rows=ROWS, sorting=st.builds(Sorting, st.integers(-1, 4), st.booleans()), words=WORDS, grouped=st.booleans())
def test_columns_are_ordered_and_searched_as_a_loop_over_the_rows_would(
    *, rows: list[Row], sorting: Sorting, words: str, grouped: bool
) -> None:
    lines = display_rows(table(rows, grouped=grouped), sorting, words)
    assert lines.tolist() == by_loop(rows, sorting, words, grouped=grouped)


@settings(max_examples=100, deadline=None)
@given(ROWS, ROWS, WORDS)
def test_what_was_remembered_of_other_columns_changes_nothing(first: list[Row], then: list[Row], words: str) -> None:
    memory = RowMemory()
    for rows in (first, then, first):
        data = table(rows, grouped=False)
        for sorting in (Sorting(0), Sorting(3, is_descending=True)):
            assert display_rows(data, sorting, words, memory).tolist() == display_rows(data, sorting, words).tolist()


@dataclass(slots=True)
class CountedTexts(Sequence[str]):
    """Texts that know how often somebody looked at them."""

    texts: tuple[str, ...]
    looks: list[object] = field(default_factory=list[object])

    @override
    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int, /) -> str: ...
    @overload
    def __getitem__(self, place: slice, /) -> Sequence[str]: ...
    @override
    def __getitem__(self, place: int | slice, /) -> str | Sequence[str]:
        self.looks.append(place)
        return self.texts[place]


def test_columns_that_stay_are_not_looked_through_again() -> None:
    names = CountedTexts(("b", "ab", "c"))
    memory = RowMemory()
    looks: list[int] = []
    for turn in range(3):
        cells = (TextCells(names), NumberCells(np.array([0.0, 1.0, 2.0]) * turn, str))
        assert display_rows(TableData(("1", "2", "3"), cells), Sorting(0), "b", memory).tolist() == [1, 0]
        looks.append(len(names.looks))
    assert looks == [looks[0]] * 3
