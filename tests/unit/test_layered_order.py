"""The order inside layers: few crossings, always the same, at home with edges of every kind."""

import time
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.layered_order import LayeredGraph, crossings, ordered


def graph_of(layer_of: list[int], edges: list[tuple[int, int]]) -> LayeredGraph:
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return LayeredGraph(np.array(layer_of, dtype=np.int64), ends[:, 0], ends[:, 1])


def shuffled_strands(count: int, seed: int) -> LayeredGraph:
    """Five layers joined by straight strands, whose nodes are numbered at random."""
    random = np.random.default_rng(seed)
    numbers = [random.permutation(count) + layer * count for layer in range(5)]
    strands = zip(*numbers, strict=True)
    edges = [(int(upper), int(lower)) for strand in strands for upper, lower in pairwise(strand)]
    return graph_of([layer for layer in range(5) for _ in range(count)], edges)


def test_a_crossing_that_can_be_undone_is_undone() -> None:
    graph = graph_of([0, 0, 1, 1], [(0, 3), (1, 2)])
    assert crossings(graph, graph.layers) == 1
    assert crossings(graph, ordered(graph)) == 0


def test_strands_are_disentangled_whole() -> None:
    graph = shuffled_strands(40, seed=5)
    assert crossings(graph, graph.layers) > 1000
    assert crossings(graph, ordered(graph)) == 0


def test_an_edge_against_the_layers_crosses_like_any_other() -> None:
    there = graph_of([0, 0, 1, 1], [(0, 3), (1, 2)])
    back = graph_of([0, 0, 1, 1], [(3, 0), (2, 1)])
    assert crossings(there, there.layers) == crossings(back, back.layers) == 1


def test_edges_over_several_layers_count_among_themselves() -> None:
    graph = graph_of([0, 0, 1, 2, 2], [(0, 4), (1, 3), (0, 2)])
    assert crossings(graph, graph.layers) == 1


def test_the_start_decides_between_equal_orders() -> None:
    graph = graph_of([0, 0, 0], [])
    assert ordered(graph, np.array([2.0, 0.0, 1.0]))[0].tolist() == [1, 2, 0]


def test_neighbours_of_the_same_layer_draw_each_other_near() -> None:
    graph = graph_of([0, 0, 1, 1, 1, 1], [(0, 2), (1, 4), (5, 2)])
    last = ordered(graph)[1].tolist()
    assert abs(last.index(5) - last.index(2)) < abs(last.index(5) - last.index(4))


def test_an_empty_graph_has_no_layers() -> None:
    assert ordered(graph_of([], [])) == []


@given(st.data())
def test_sweeping_loses_no_node_and_never_adds_crossings(data: st.DataObject) -> None:
    layer_of = data.draw(st.lists(st.integers(0, 4), min_size=1, max_size=24))
    node = st.integers(0, len(layer_of) - 1)
    graph = graph_of(layer_of, data.draw(st.lists(st.tuples(node, node), max_size=40)))
    order = ordered(graph)
    assert [sorted(layer.tolist()) for layer in order] == [layer.tolist() for layer in graph.layers]
    assert crossings(graph, order) <= crossings(graph, graph.layers)
    assert all(map(np.array_equal, order, ordered(graph)))


def test_two_thousand_nodes_are_ordered_within_two_seconds() -> None:
    graph = shuffled_strands(400, seed=7)
    began = time.thread_time()
    ordered(graph)
    assert time.thread_time() - began < 2.0
