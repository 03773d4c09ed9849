"""Objectives as evidence for rules: met, missed, and not to be told."""

from dataclasses import replace
from datetime import timedelta

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.fact_catalogue import FACTS
from quarterdeck.domain.ledger_corrections import LedgerCorrection, Reclassified
from quarterdeck.domain.objectives import Indicator, Objective, Window, WindowUnit
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.services.evidence_gathering import Wanted, gather
from quarterdeck.services.ledger_corrections import LedgerCorrections
from quarterdeck.storage.store import SqlStore
from tests.support.stores import after
from tests.unit.objectives.promises import KEY, RATIO, UP, fill, promise, service

MIDNIGHT = after(12 * 3600)
WANTED = Wanted(frozenset({EntityKind.SERVICE}), {EvidenceKind.OBJECTIVE: 3 * 86_400_000})
DAY_LONG = replace(UP, target=0.98, window=Window(1, WindowUnit.DAY))


def told(store: SqlStore, *objectives: Objective, wanted: Wanted = WANTED) -> list[EvidenceRecord]:
    """The evidence of the midnight after the hour."""
    promise(store, service(*objectives))
    fill(store)
    found = gather(store, wanted, MIDNIGHT - timedelta(hours=1), MIDNIGHT + timedelta(hours=1))
    return [each for each in found if each.kind is EvidenceKind.OBJECTIVE]


def test_the_ledger_of_the_day_says_whether_all_objectives_are_met(store: SqlStore) -> None:
    (record,) = told(store, DAY_LONG, replace(DAY_LONG, name="easy", target=0.5))
    assert record.effective_from_at == MIDNIGHT
    content = dict(record.content)
    assert content["objective.met"] is True
    assert content["objective.known_percent"] == 50.0
    assert dict(record.counts) == {"met": "2"}
    assert set(content) <= set(FACTS)


def test_one_that_is_missed_makes_it_untrue_and_overspends_the_budget(store: SqlStore) -> None:
    (record,) = told(store, replace(DAY_LONG, target=0.99), replace(DAY_LONG, name="easy", target=0.5))
    content = dict(record.content)
    assert content["objective.met"] is False
    assert isinstance(content["objective.budget_left_percent"], float)
    assert content["objective.budget_left_percent"] < 0


def test_one_that_cannot_be_counted_leaves_it_untold(store: SqlStore) -> None:
    bad = replace(UP, name="bad", indicator=Indicator(RATIO, raw="a / b"))
    (record,) = told(store, replace(DAY_LONG, target=0.5), bad)
    assert dict(record.content) == {"objective.known_percent": 0.0}


def test_a_correction_changes_what_is_told_of_the_day_it_is_about(store: SqlStore) -> None:
    (before,) = told(store, replace(DAY_LONG, target=0.99))
    said = LedgerCorrection(
        KEY,
        "up",
        after(2400),
        after(3000),
        Reclassified.GOOD,
        "The probe erred",
        "ada",
        MIDNIGHT + timedelta(minutes=9),
    )
    LedgerCorrections(store).correct(said)
    found = gather(store, WANTED, MIDNIGHT - timedelta(hours=1), MIDNIGHT + timedelta(hours=1))
    (corrected,) = [each for each in found if each.kind is EvidenceKind.OBJECTIVE]
    assert [dict(each.content)["objective.met"] for each in (before, corrected)] == [False, True]


def test_ledgers_are_counted_only_where_a_policy_asks_for_them(store: SqlStore) -> None:
    assert told(store, DAY_LONG, wanted=replace(WANTED, lifetimes_ms={})) == []
    assert told(store, DAY_LONG, wanted=replace(WANTED, entity_kinds=frozenset({EntityKind.PARTNER}))) == []
