"""Instants on the step grid: pages meet, halves add up, a gap is filled without doubles."""

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.connectors.prometheus.grid import CatchUp, Grid, grid_within


def instants(grid: Grid) -> list[int]:
    return list(range(grid.start, grid.end + 1, grid.step))


@given(st.floats(0, 10_000), st.floats(0, 5_000), st.integers(1, 700))
def test_a_grid_holds_every_multiple_after_one_instant_and_not_after_the_other(
    after: float, length: float, step: int
) -> None:
    until = after + length
    wanted = [at for at in range(0, int(until) + 1, step) if after < at <= until]
    assert instants(grid_within(after, until, step)) == wanted
    assert grid_within(after, until, step).count == len(wanted)


@given(st.integers(0, 1000), st.integers(1, 500), st.integers(1, 60), st.integers(1, 50))
def test_pages_hold_the_same_instants_and_none_is_too_long(start: int, count: int, step: int, most: int) -> None:
    grid = Grid(start, start + (count - 1) * step, step)
    pages = list(grid.pages(most))
    assert [at for page in pages for at in instants(page)] == instants(grid)
    assert max(page.count for page in pages) <= most


@given(st.integers(0, 1000), st.integers(2, 500), st.integers(1, 60))
def test_halves_hold_the_same_instants(start: int, count: int, step: int) -> None:
    grid = Grid(start, start + (count - 1) * step, step)
    older, newer = grid.halves()
    assert instants(older) + instants(newer) == instants(grid)
    assert older.count
    assert newer.count


def test_a_short_gap_is_filled_at_the_fine_step() -> None:
    (grid,) = CatchUp(15, 300, 3600).grids(100.0, 160.0)
    assert instants(grid) == [105, 120, 135, 150]


def test_a_long_gap_is_filled_coarsely_first_and_finely_at_its_end() -> None:
    older, newer = CatchUp(15, 300, 3600).grids(10.0, 10_000.0)
    assert (older.step, newer.step) == (300, 15)
    assert (older.start, older.end) == (300, 6300)
    assert (newer.start, newer.end) == (6315, 9990)


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    assert list(CatchUp(15, 300, 3600).grids(90.0, 104.0)) == []
    assert list(CatchUp(15, 300, 3600).grids(90.0, 50.0)) == []
