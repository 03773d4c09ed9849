"""Places on the map: near to what a node is joined with, and kept for as long as the node is known."""

from collections.abc import Sequence

import numpy as np

from quarterdeck.analysis.layered_order import LayeredGraph
from quarterdeck.analysis.map_places import Cell, Place, Places, lanes_of, placed

CELL = Cell(180, 52, 1.6)
Edge = tuple[str, str]


def map_of(layers: Sequence[str], edges: Sequence[Edge] = (), known: Places | None = None) -> dict[str, Place]:
    """Places of nodes named by single letters, one string for each layer."""
    names = [name for layer in layers for name in layer]
    layer_of = np.array([number for number, layer in enumerate(layers) for _ in layer], dtype=np.int64)
    ends = np.array([[names.index(a), names.index(b)] for a, b in edges], dtype=np.int64).reshape(-1, 2)
    return placed(names, LayeredGraph(layer_of, ends[:, 0], ends[:, 1]), known or {}, CELL)


def large(count: int) -> dict[str, Place]:
    names = [f"n{at}" for at in range(count)]
    layer_of = np.arange(count, dtype=np.int64) * 5 // count
    sources = np.arange(count - count // 5, dtype=np.int64)
    return placed(names, LayeredGraph(layer_of, sources, sources + count // 5), {}, CELL)


def rows(places: Places, names: str) -> list[int]:
    return [places[name].row for name in names]


def test_no_two_nodes_share_a_cell() -> None:
    for count in (30, 400, 2000):
        places = large(count)
        assert len(set(places.values())) == len(places) == count


def test_a_short_layer_lies_beside_what_it_is_joined_with() -> None:
    places = map_of(["p", "abcdefg"], [("p", "f"), ("p", "g")])
    assert places["f"].row <= places["p"].row <= places["g"].row


def test_a_node_without_relations_finds_a_place_between_the_others() -> None:
    places = map_of(["pqr", "abcdefghi"], [("p", "a"), ("r", "i")])
    assert rows(places, "p") < rows(places, "q") < rows(places, "r")


def test_layers_without_any_relation_stand_around_the_middle() -> None:
    assert rows(map_of(["p", "abcde"]), "p") == [2]


def test_long_layers_are_wrapped_into_lanes() -> None:
    places = large(2000)
    assert min(lanes_of(places).values()) > 1
    width = sum(lanes_of(places).values()) * CELL.width
    height = (max(place.row for place in places.values()) + 1) * CELL.height
    assert 0.8 < width / height <= CELL.aspect


def test_a_layer_of_a_few_dozen_nodes_is_one_column() -> None:
    assert set(lanes_of(large(100)).values()) == {1}


def test_one_layer_alone_that_is_very_long_is_wrapped_too() -> None:
    names = [f"n{at}" for at in range(900)]
    nothing = np.empty(0, dtype=np.int64)
    places = placed(names, LayeredGraph(np.zeros(900, dtype=np.int64), nothing, nothing), {}, CELL)
    assert lanes_of(places)[0] > 5


def test_a_node_that_comes_moves_nobody() -> None:
    before = map_of(["pq", "abc"], [("p", "a"), ("q", "c")])
    after = map_of(["pq", "abcd"], [("p", "a"), ("q", "c"), ("q", "d")], before)
    assert {name: after[name] for name in before} == dict(before)
    assert len(set(after.values())) == 6


def test_a_node_that_comes_lies_near_to_what_it_is_joined_with() -> None:
    before = map_of(["pq", "abcdefgh"], [("p", "a"), ("q", "h")])
    after = map_of(["pqr", "abcdefgh"], [("p", "a"), ("q", "h"), ("r", "d")], before)
    assert abs(after["r"].row - before["d"].row) <= 1


def test_a_node_that_was_away_comes_back_to_its_place() -> None:
    before = map_of(["pq", "abc"], [("p", "a")])
    without = map_of(["pq", "ac"], [("p", "a")], before)
    other = map_of(["pq", "acx"], [("p", "x")], without)
    again = map_of(["pq", "acxb"], [("p", "a")], other)
    assert again["b"] == before["b"]
    assert len({again[name] for name in "pqacxb"}) == 6


def test_a_node_in_a_layer_that_was_empty_gets_a_place() -> None:
    before = map_of(["pq", "ab"], [("p", "a")])
    after = map_of(["pq", "ab", "z"], [("p", "a"), ("a", "z")], before)
    assert after["z"] == Place(2, 0, after["a"].row)


def test_a_node_whose_kind_changed_is_placed_anew() -> None:
    before = map_of(["pqx", "ab"])
    after = map_of(["pq", "abx"], known=before)
    assert after["x"].layer == 1


def test_two_nodes_that_remember_the_same_cell_are_told_apart() -> None:
    cell = Place(0, 0, 0)
    after = map_of(["pq", "ab"], known={"p": cell, "q": cell, "a": Place(1, 0, 0), "b": Place(1, 0, 1)})
    assert len(set(after.values())) == 4


def test_an_estate_that_is_mostly_new_is_laid_out_anew() -> None:
    before = map_of(["p", "a"], [("p", "a")])
    after = map_of(["pqrs", "abcd"], [("p", "d"), ("q", "c"), ("r", "b"), ("s", "a")], before)
    assert sorted(rows(after, "abcd")) == [0, 1, 2, 3]
    assert rows(after, "pqrs") == rows(after, "dcba")


def test_nothing_has_no_places() -> None:
    assert map_of([]) == {}
