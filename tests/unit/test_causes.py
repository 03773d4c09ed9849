"""Cause ranking: the unusual node that nothing of its own explains stands first, with reasons and how sure that is."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.causes import Certainty, Course, Ranking, Reason, rank_causes

Values = npt.NDArray[np.float64]

# The portal calls accounts and payments; both use a store; the ledger is used by nobody here.
DEPENDS_ON = {"portal": ["accounts", "payments"], "accounts": ["store"], "payments": ["store"], "ledger": []}
QUIET = (100.0, 101.0, 99.0, 100.0, 100.0, 101.0)
USUAL = np.random.default_rng(1).normal(100, 5, 300)


def course(node: str, *values: float) -> Course:
    return Course(node, np.array(values, np.float64), USUAL)


def ranked(*courses: Course) -> Ranking:
    return rank_causes("portal", courses, DEPENDS_ON)


def quiet(*nodes: str) -> list[Course]:
    return [course(node, *QUIET) for node in nodes]


TROUBLED = course("portal", 100, 101, 99, 250, 260, 255)


def test_the_node_that_nothing_of_its_own_explains_stands_first() -> None:
    found = ranked(
        TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), course("store", 100, 99, 101, 400, 410, 405)
    )
    assert [cause.node for cause in found.causes] == ["store", "accounts", "payments", "portal"]
    assert found.onset == 3
    assert Reason.NO_UNUSUAL_DEPENDENCY not in found.causes[1].reasons


def test_the_first_carries_every_reason_that_speaks_for_it() -> None:
    found = ranked(TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), *quiet("payments", "store"))
    assert found.causes[0].reasons == frozenset(Reason)
    assert found.causes[0].correlation == pytest.approx(1, abs=0.01)
    assert found.causes[0].deviation > 20
    assert found.causes[0].onset == 3
    assert found.certainty is Certainty.CLEAR


def test_a_node_that_turned_later_ranks_behind_the_one_that_turned_at_the_onset() -> None:
    found = ranked(
        TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), course("payments", 100, 99, 101, 101, 900, 900)
    )
    assert [cause.node for cause in found.causes[:2]] == ["accounts", "payments"]
    assert Reason.AT_ONSET not in found.causes[1].reasons


def test_a_loud_node_that_the_target_does_not_depend_on_ranks_behind() -> None:
    found = ranked(
        TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), course("ledger", 100, 99, 101, 9e6, 9e6, 9e6)
    )
    assert found.causes[0].node == "accounts"
    assert Reason.DEPENDED_ON not in next(cause for cause in found.causes if cause.node == "ledger").reasons


def test_a_faint_disturbance_of_a_dependency_explains_no_large_one() -> None:
    found = ranked(
        TROUBLED, course("accounts", 100, 99, 101, 400, 410, 405), course("store", 100, 99, 101, 123, 124, 125)
    )
    assert found.causes[0].node == "accounts"


def test_a_node_behind_a_quiet_one_is_not_joined_to_the_target() -> None:
    found = ranked(TROUBLED, course("store", 100, 99, 101, 400, 410, 405), *quiet("accounts", "payments"))
    assert found.causes[0].node == "store"
    assert Reason.JOINED not in found.causes[0].reasons
    assert found.certainty is Certainty.AMBIGUOUS


def test_two_that_are_alike_are_told_to_be_ambiguous() -> None:
    found = ranked(
        TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), course("payments", 100, 99, 101, 301, 311, 304)
    )
    assert found.certainty is Certainty.AMBIGUOUS


def test_a_rival_that_lacks_some_reason_leaves_the_first_likely() -> None:
    found = ranked(
        TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), course("payments", 100, 300, 99, 300, 100, 300)
    )
    assert found.causes[0].node == "accounts"
    assert found.certainty in {Certainty.LIKELY, Certainty.CLEAR}


def test_a_first_that_has_an_unusual_dependency_is_no_more_than_likely() -> None:
    depends_on = {"portal": ["accounts"], "accounts": ["store"], "store": ["accounts"]}
    found = rank_causes(
        "portal",
        [TROUBLED, course("accounts", 100, 99, 101, 300, 310, 305), course("store", 300, 99, 300, 300, 99, 300)],
        depends_on,
    )
    assert found.certainty is Certainty.LIKELY


def test_nothing_else_unusual_is_no_evidence() -> None:
    assert ranked(TROUBLED, *quiet("accounts", "payments", "store")).certainty is Certainty.NO_EVIDENCE


def test_a_target_that_was_as_usual_is_no_evidence() -> None:
    found = ranked(*quiet("portal"), course("accounts", 100, 99, 101, 300, 310, 305))
    assert found.onset is None
    assert found.certainty is Certainty.NO_EVIDENCE


def test_where_the_target_stayed_usual_its_largest_step_is_the_onset() -> None:
    found = ranked(course("portal", 95, 96, 95, 108, 107, 108), course("accounts", 100, 99, 101, 300, 310, 305))
    assert Reason.AT_ONSET in found.causes[0].reasons


def test_a_target_without_values_has_no_onset() -> None:
    found = ranked(course("accounts", 100, 99, 101, 300, 310, 305))
    assert found.onset is None
    assert all(Reason.AT_ONSET not in cause.reasons for cause in found.causes)


def test_a_node_without_a_usual_level_is_no_suspect() -> None:
    new = Course("accounts", np.array([1.0, 2, 3, 900, 900, 900]), np.array([1.0]))
    found = ranked(TROUBLED, new)
    accounts = next(cause for cause in found.causes if cause.node == "accounts")
    assert math.isnan(accounts.deviation)
    assert accounts.onset is None


def test_what_always_spikes_is_not_unusual_for_a_spike() -> None:
    usual = np.where(np.arange(300) % 20 == 0, 500.0, 100.0)
    found = ranked(TROUBLED, Course("accounts", np.array([100.0, 100, 100, 500, 100, 100]), usual))
    assert Reason.AT_ONSET not in found.causes[0].reasons


def test_correlation_is_unknown_where_a_course_does_not_move() -> None:
    found = ranked(TROUBLED, course("accounts", 300, 300, 300, 300, 300, 300))
    assert math.isnan(next(cause for cause in found.causes if cause.node == "accounts").correlation)


def test_an_estate_of_one_has_only_itself() -> None:
    found = rank_causes("portal", [TROUBLED], {})
    assert [cause.node for cause in found.causes] == ["portal"]
    assert found.certainty is Certainty.NO_EVIDENCE


NODES = st.sampled_from("abcdef")


@given(
    st.dictionaries(NODES, st.lists(NODES, max_size=4), max_size=6),
    st.lists(st.tuples(NODES, st.lists(st.floats(-1e6, 1e6) | st.just(math.nan), min_size=6, max_size=6)), max_size=6),
)
def test_every_node_is_ranked_once_and_the_target_last(
    depends_on: dict[str, list[str]], values: list[tuple[str, list[float]]]
) -> None:
    courses = {node: course(node, *numbers) for node, numbers in values}
    found = rank_causes("a", list(courses.values()), depends_on)
    nodes = [cause.node for cause in found.causes]
    assert nodes[-1] == "a"
    assert len(nodes) == len(set(nodes))
    assert set(courses) <= set(nodes)
