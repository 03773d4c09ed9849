"""The ledger of an objective: every microsecond counts as one thing, and what nobody measured is never a number."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.analysis.objective_ledger import NOTHING_MEASURED, Decision, Measured, ObjectiveLedger, ledger_of
from quarterdeck.domain.objective_ledger import USUAL_RULE, CountingRule, DecidedBy, Standing
from tests.unit.objectives.histories import (
    S,
    corrected,
    counted,
    measured,
    planned,
    random_decisions,
    random_measurement,
)

WINDOW = (0, 10 * S)
RULES = st.builds(
    CountingRule,
    unknown=st.sampled_from([Standing.UNKNOWN, Standing.BAD, Standing.EXCLUDED]),
    excludes_maintenance=st.booleans(),
    follows_corrections=st.booleans(),
)


def told(ledger: ObjectiveLedger) -> list[str]:
    """Each entry as text."""
    return [f"{each.standing} {each.from_us / S:g}-{each.to_us / S:g}" for each in ledger.entries]


@given(random_measurement(), random_decisions(), RULES)
def test_entries_fill_the_window_to_the_microsecond_whatever_happened(
    history: Measured, decisions: tuple[list[Decision], list[Decision]], rule: CountingRule
) -> None:
    ledger = ledger_of(history, WINDOW, planned=decisions[0], corrections=decisions[1], rule=rule)
    entries = ledger.entries
    assert (entries[0].from_us, entries[-1].to_us) == WINDOW
    assert all(before.to_us == after.from_us and before.from_us < before.to_us for before, after in pairwise(entries))
    whole = ledger.whole
    assert whole.length_us == 10 * S == sum(each.to_us - each.from_us for each in entries)
    by_standing = {s: sum(e.to_us - e.from_us for e in entries if e.standing is s) for s in Standing}
    assert [whole.good_us, whole.bad_us, whole.excluded_us, whole.unknown_us] == [by_standing[s] for s in Standing]
    assert rule.unknown is Standing.UNKNOWN or whole.unknown_us == 0


@given(random_measurement(), random_decisions(), RULES, st.integers(0, 10 * S))
def test_two_halves_of_a_ledger_add_up_to_the_whole(
    history: Measured, decisions: tuple[list[Decision], list[Decision]], rule: CountingRule, cut: int
) -> None:
    ledger = ledger_of(history, WINDOW, planned=decisions[0], corrections=decisions[1], rule=rule)
    first, second, whole = ledger.tally(0, cut), ledger.tally(cut, 10 * S), ledger.whole
    assert first.length_us + second.length_us == whole.length_us
    assert (first.good_us + second.good_us, first.bad_us + second.bad_us) == (whole.good_us, whole.bad_us)
    assert (first.good + second.good, first.total + second.total) == (whole.good, whole.total)


@given(random_measurement(), random_decisions())
def test_a_correction_back_to_measured_leaves_the_ledger_as_if_nobody_had_corrected(
    history: Measured, decisions: tuple[list[Decision], list[Decision]]
) -> None:
    taken_back = [*decisions[1], corrected(-2, 20, None)]
    plain = ledger_of(history, WINDOW, corrections=(), rule=USUAL_RULE)
    assert ledger_of(history, WINDOW, corrections=taken_back, rule=USUAL_RULE).entries == plain.entries


def test_nothing_measured_is_unknown_and_has_no_share() -> None:
    ledger = ledger_of(NOTHING_MEASURED, WINDOW, rule=USUAL_RULE)
    assert told(ledger) == ["unknown 0-10"]
    assert (ledger.whole.attained, ledger.whole.known_share) == (None, 0.0)


def test_unknown_time_stands_beside_the_share_and_not_in_it() -> None:
    whole = ledger_of(measured((0, 3, "good"), (4, 5, "bad")), WINDOW, rule=USUAL_RULE).whole
    assert whole.attained == 0.75
    assert (whole.unknown_us, whole.known_share) == (6 * S, 0.4)


@pytest.mark.parametrize(
    ("rule", "attained"),
    [
        (USUAL_RULE, 0.75),
        (CountingRule(unknown=Standing.BAD), 0.3),
        (CountingRule(unknown=Standing.EXCLUDED), 0.75),
    ],
    ids=["apart", "bad", "excluded"],
)
def test_unmeasured_time_counts_as_the_rule_says(rule: CountingRule, attained: float) -> None:
    ledger = ledger_of(measured((0, 3, "good"), (4, 5, "bad")), WINDOW, rule=rule)
    assert ledger.whole.attained == attained


def test_unknown_that_a_rule_counts_keeps_its_reason_and_names_the_rule() -> None:
    last = ledger_of(measured((0, 9, "good")), WINDOW, rule=CountingRule(unknown=Standing.BAD)).entries[-1]
    assert (last.standing, last.decided_by) == (Standing.BAD, DecidedBy.RULE)
    assert last.reason == "nothing was measured; counted as bad"


def test_planned_work_is_excluded_with_its_window_unless_the_rule_counts_it() -> None:
    history = measured((0, 10, "bad"))
    ledger = ledger_of(history, WINDOW, planned=[planned(2, 4)], rule=USUAL_RULE)
    assert told(ledger) == ["bad 0-2", "excluded 2-4", "bad 4-10"]
    assert (ledger.entries[1].reason, ledger.entries[1].decided_id) == ("Core upgrade", "window-1")
    counting = replace(USUAL_RULE, excludes_maintenance=False)
    assert told(ledger_of(history, WINDOW, planned=[planned(2, 4)], rule=counting)) == ["bad 0-10"]


def test_a_correction_stands_before_planned_work_and_the_last_before_the_first() -> None:
    ledger = ledger_of(
        measured((0, 10, "bad")),
        WINDOW,
        planned=[planned(2, 6)],
        corrections=[corrected(4, 8, Standing.GOOD), corrected(7, 9, Standing.UNKNOWN, "8")],
        rule=USUAL_RULE,
    )
    assert told(ledger) == ["bad 0-2", "excluded 2-4", "good 4-7", "unknown 7-9", "bad 9-10"]
    assert [each.decided_id for each in ledger.entries] == ["", "window-1", "7", "8", ""]


def test_events_fall_whole_to_the_piece_in_which_they_were_counted() -> None:
    history = counted((-1, 1, 9, 10), (1, 4, 20, 20), (4, 12, 0, 50))
    whole = ledger_of(history, WINDOW, rule=USUAL_RULE).whole
    assert (whole.good, whole.total, whole.attained) == (29, 30, 29 / 30)


def test_excluded_events_are_told_and_not_counted() -> None:
    ledger = ledger_of(counted((0, 4, 1, 4), (4, 8, 6, 6)), WINDOW, planned=[planned(3, 4)], rule=USUAL_RULE)
    assert (ledger.whole.good, ledger.whole.total) == (6, 6)
    assert [(each.good, each.total) for each in ledger.entries if each.standing is Standing.EXCLUDED] == [(1, 4)]


@pytest.mark.parametrize(("counts_as", "good"), [(Standing.GOOD, 10), (Standing.BAD, 6)], ids=str)
def test_a_correction_makes_all_events_of_a_stretch_count_alike(counts_as: Standing, good: float) -> None:
    history = counted((0, 4, 1, 4), (4, 8, 6, 6))
    whole = ledger_of(history, WINDOW, corrections=[corrected(0, 4, counts_as)], rule=USUAL_RULE).whole
    assert (whole.good, whole.total) == (good, 10)


def test_a_window_without_length_has_no_entries() -> None:
    assert ledger_of(NOTHING_MEASURED, (5, 5), rule=USUAL_RULE).entries == ()
