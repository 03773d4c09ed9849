"""What can be reached: the nearest first, cycles once, and by which way."""

from quarterdeck.analysis.reach import reached

GRAPH = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["a", "e"]}


def test_everything_is_reached_with_its_distance() -> None:
    assert dict(reached("a", GRAPH).steps) == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 3}


def test_no_more_steps_are_taken_than_wanted() -> None:
    assert set(reached("a", GRAPH, 1).steps) == {"a", "b", "c"}


def test_the_way_leads_from_the_start_to_the_node() -> None:
    found = reached("a", GRAPH)
    assert found.way_to("e") == ("a", "b", "d", "e")
    assert found.way_to("a") == ("a",)


def test_a_node_without_edges_reaches_itself() -> None:
    assert dict(reached("x", GRAPH).steps) == {"x": 0}
