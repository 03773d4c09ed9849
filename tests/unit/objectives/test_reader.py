"""Objectives as they are read from a store: each kind, bad definitions, planned work, corrections, and the past."""

from dataclasses import replace
from datetime import timedelta

import pytest

from quarterdeck.domain.connections import Reception, ReceptionKind
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.events import Event
from quarterdeck.domain.ledger_corrections import LedgerCorrection, Reclassified
from quarterdeck.domain.maintenance import MaintenanceWindow
from quarterdeck.domain.objective_ledger import USUAL_RULE, CountingRule, Standing
from quarterdeck.domain.objectives import Comparison, Indicator, Objective, Window, WindowUnit
from quarterdeck.sdk.connector import RemoteSeries
from quarterdeck.sdk.records import Batch
from quarterdeck.services.ledger_corrections import LedgerCorrections
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.objectives import ObjectiveFigures, ObjectiveReader, met_by_all
from quarterdeck.services.ports import Cursors, Ingest
from quarterdeck.storage.store import SqlStore
from tests.support.stores import PATIENCE_SECONDS, after
from tests.unit.maintenance.windows import record
from tests.unit.objectives.promises import (
    END,
    ERRORS,
    FAST,
    FRESH,
    GOOD_ONES,
    HOUR,
    KEY,
    OK,
    QUICK,
    RATIO,
    SHARE,
    THRESHOLD,
    UP,
    fill,
    promise,
    service,
)

AT = after(END)


def figures(store: SqlStore, *, rule: CountingRule = USUAL_RULE) -> dict[str, ObjectiveFigures]:
    """Every objective at the end of the hour, by name."""
    return {each.held.objective.name: each for each in ObjectiveReader(store).listed(AT, rule=rule)}


def test_every_kind_of_objective_is_counted_from_what_is_stored(store: SqlStore) -> None:
    promise(store, service(*GOOD_ONES))
    fill(store)
    found = figures(store)
    assert {name: each.fault for name, each in found.items() if each.fault} == {}
    assert found["up"].attained == 3000 / 3600
    assert found["fast"].attained == 49 / 59  # the first sample stands at the very beginning
    assert found["fast-slices"].attained == 10 / 12
    assert found["quick"].attained == pytest.approx(1 - 200 / (60 * 59))
    assert found["ok"].attained == pytest.approx(1 - 300 / (60 * 59))
    assert found["ok-by-bad"].attained == found["ok"].attained
    assert found["share"].attained == pytest.approx(1 - 5 / 59)
    assert found["settled"].attained == 21 / 27  # the last ones still have time
    assert found["web"].attained == 20 / 29
    assert [each.is_met for each in (found["up"], found["ok"])] == [False, False]
    assert met_by_all(list(found.values())) is False


def test_freshness_is_counted_from_when_data_first_came_as_it_was_told(store: SqlStore) -> None:
    promise(store, service(FRESH))
    fill(store, 1200)
    assert figures(store)["fresh"].attained is None
    came = (Reception("probe", ReceptionKind.RECEIVED, after(600), after(1200)),)
    store.writer.ingest(Ingest("probe", Batch(), AT, Cursors(), came)).result(PATIENCE_SECONDS)
    fresh = figures(store)["fresh"]
    assert fresh.tally is not None
    assert (fresh.tally.good_us, fresh.tally.unknown_us) == (630_000_000, 600_000_000)
    assert fresh.attained == 630 / 3000


BAD_ONES = (
    (replace(UP, indicator=Indicator(RATIO, raw="sum by (x) (up)")), "only its own source"),
    (replace(UP, indicator=Indicator(RATIO, raw="no_such_series")), "No source tells no_such_series"),
    (replace(UP, indicator=Indicator(RATIO, raw="response_time:p95")), "outside 0 to 1"),
    (replace(UP, indicator=Indicator(RATIO, raw="age")), "A share of good is"),
    (replace(UP, indicator=Indicator(RATIO, good="event:a", total="requests")), "both counters"),
    (replace(UP, indicator=Indicator(RATIO, good="event:a", total="event:b")), "two types"),
    (replace(UP, indicator=Indicator(RATIO, good="errors", total="requests")), "no counter"),
    (replace(UP, indicator=Indicator(RATIO, raw="event:a")), "A share of good is"),
    (replace(QUICK, bound=float("nan")), "No bucket"),
    (replace(FAST, bound=None), "needs a comparison and a bound"),
    (replace(FAST, indicator=Indicator(THRESHOLD, raw="state")), "a series or an age"),
    (replace(FAST, indicator=Indicator(THRESHOLD, raw="requests")), "2 series are named requests"),
    (replace(QUICK, bound=0.3), "No bucket of the histogram ends at 0.3"),
    (replace(QUICK, comparison=Comparison.FROM), "below a bound only"),
    (replace(UP, window=Window(1, WindowUnit.MONTH, "2027-01-01")), "to come"),
    (replace(UP, window=Window(1, WindowUnit.MONTH, "2026-01-01", "Nowhere/Land")), "no time zone"),
)


@pytest.mark.parametrize(("bad", "words"), BAD_ONES, ids=[f"{number}" for number in range(len(BAD_ONES))])
def test_one_bad_definition_is_told_in_its_row_and_the_others_are_counted(
    store: SqlStore, bad: Objective, words: str
) -> None:
    promise(store, service(replace(bad, name="bad"), replace(UP, name="sound")))
    fill(store)
    found = figures(store)
    assert words in found["bad"].fault
    assert found["bad"].next_step
    assert (found["bad"].attained, found["bad"].is_met) == (None, None)
    assert found["sound"].attained == 3000 / 3600


def test_events_that_all_still_have_time_for_their_answer_tell_nothing_yet(store: SqlStore) -> None:
    promise(store, service(replace(UP, indicator=Indicator(RATIO, raw="event:submitted then settled within 2h"))))
    fill(store)
    assert (figures(store)["up"].attained, figures(store)["up"].fault) == (None, "")


def test_events_are_read_to_the_last_one_however_many_there_are(store: SqlStore) -> None:
    promise(store, service(GOOD_ONES[8]))
    many = tuple(
        Event("bus", f"m{number}", "submitted", after(1 + number / 10), KEY, "", (("way", "web"),))
        for number in range(5_003)
    )
    store.writer.ingest(Ingest("bus", Batch(events=many), AT, Cursors())).result(PATIENCE_SECONDS)
    tally = figures(store)["web"].tally
    assert tally is not None
    assert (tally.good, tally.total) == (5_003, 5_003)


def test_a_series_that_stays_in_its_source_is_told_as_not_counted(store: SqlStore) -> None:
    promise(store, service(replace(UP, indicator=Indicator(RATIO, raw="error_rate"))))
    named = (RemoteSeries(ERRORS, "rate(x[5m])"),)
    store.writer.ingest(Ingest("prom", Batch(), AT, Cursors(), remote_series=named)).result(PATIENCE_SECONDS)
    assert "stay in their source" in figures(store)["up"].fault


def test_freshness_of_what_nothing_tells_is_told_as_such(store: SqlStore) -> None:
    promise(store, service(FRESH))
    assert "No source tells anything" in figures(store)["fresh"].fault


def test_slices_without_a_length_are_told_as_such(store: SqlStore) -> None:
    promise(store, service(replace(GOOD_ONES[2], slice_seconds=None)))
    fill(store)
    assert "how long one is" in figures(store)["fast-slices"].fault


def test_an_objective_of_which_nothing_is_known_has_no_share_and_is_not_met(store: SqlStore) -> None:
    promise(store, service(UP))
    (only,) = figures(store).values()
    assert (only.attained, only.budget, only.is_met, only.forecast) == (None, None, None, None)
    assert only.tally is not None
    assert only.tally.unknown_us == 3_600_000_000
    assert met_by_all([only]) is None
    assert met_by_all([]) is None


def test_a_share_that_is_declared_as_a_fact_is_an_objective_over_thirty_days(store: SqlStore) -> None:
    promise(store, service(objective="99.9%"))
    fill(store)
    (only,) = figures(store).values()
    assert (only.held.key.text, only.held.is_fact, only.held.objective.target) == (f"{KEY}:availability", True, 0.999)
    assert only.data_from_at == after(0)
    assert only.attained == 3000 / 3600


@pytest.mark.parametrize("text", ["often", "101%", ""], ids=["words", "too-much", "none"])
def test_a_fact_that_is_no_share_is_no_objective(store: SqlStore, text: str) -> None:
    promise(store, service(objective=text))
    assert ObjectiveReader(store).listed(AT) == ()


def test_a_declared_objective_of_the_name_stands_before_the_fact(store: SqlStore) -> None:
    promise(store, service(replace(UP, name="availability"), objective="99.9%"))
    (only,) = ObjectiveReader(store).listed(AT)
    assert (only.held.is_fact, only.held.objective.target) == (False, 0.99)


def plan(store: SqlStore, from_s: float, to_s: float, recorded: float) -> None:
    """Plan maintenance of the domain."""
    window = MaintenanceWindow("w-1", after(from_s), timedelta(seconds=to_s - from_s), "Upgrade", domains=("bill_pay",))
    store.maintenance.add([record(window, recorded)]).result(PATIENCE_SECONDS)


def test_planned_work_is_excluded_and_can_be_counted_beside(store: SqlStore) -> None:
    promise(store, service(UP))
    fill(store)
    plan(store, 2400, 2700, 0)
    counting = CountingRule(excludes_maintenance=False)
    detail = ObjectiveReader(store).shown(ObjectiveKey(KEY, "up"), AT, rule=counting)
    assert (detail.usual.attained, detail.figures.attained) == (3000 / 3300, 3000 / 3600)
    usual = ObjectiveReader(store).shown(ObjectiveKey(KEY, "up"), AT)
    assert usual.ledger is not None
    told = [(each.standing, each.decided_id) for each in usual.ledger.entries]
    assert (Standing.EXCLUDED, "w-1") in told
    assert usual.usual is usual.figures


def test_the_past_knows_neither_planned_work_nor_corrections_that_were_recorded_later(store: SqlStore) -> None:
    promise(store, service(UP))
    fill(store)
    plan(store, 2400, 2700, END + 60)
    correct(store, 2700, 3000, Reclassified.GOOD, END + 60)
    reader = ObjectiveReader(store)
    assert [each.attained for each in reader.listed(AT, live=False)] == [3000 / 3600]
    assert [each.attained for each in reader.listed(AT)] == [1.0]


def correct(store: SqlStore, from_s: float, to_s: float, to: Reclassified, at: float = END) -> LedgerCorrection:
    """Record a correction."""
    said = LedgerCorrection(KEY, "up", after(from_s), after(to_s), to, "The probe erred", "ada", after(at))
    return LedgerCorrections(store).correct(said)


def test_a_correction_is_a_chained_record_beside_which_the_first_count_stays(store: SqlStore) -> None:
    promise(store, service(UP))
    fill(store)
    stored = correct(store, 2400, 3000, Reclassified.EXCLUDED)
    assert stored.number == 1
    assert len(stored.digest) == 64
    detail = ObjectiveReader(store).shown(ObjectiveKey(KEY, "up"), AT, rule=CountingRule(follows_corrections=False))
    assert (detail.usual.attained, detail.figures.attained) == (1.0, 3000 / 3600)
    assert [each.reason for each in detail.corrections] == ["The probe erred"]
    correct(store, 2400, 2700, Reclassified.MEASURED, END + 1)
    assert figures(store)["up"].attained == 3000 / 3300
    assert [each.number for each in LedgerCorrections(store).of(ObjectiveKey(KEY, "up"))] == [1, 2]
    assert store.check() == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"to_at": after(0)}, "end before it begins"),
        ({"to_at": after(END + 60)}, "to come cannot be corrected"),
        ({"reason": "  "}, "why it is made"),
        ({"recorded_by": ""}, "who makes it"),
        ({"reason": "x" * 501}, "why it is made"),
    ],
    ids=["no-length", "to-come", "no-reason", "nobody", "too-long"],
)
def test_a_correction_that_cannot_stand_is_refused_and_nothing_is_written(
    store: SqlStore, changed: dict[str, object], words: str
) -> None:
    said = LedgerCorrection(KEY, "up", after(0), after(60), Reclassified.GOOD, "Why", "ada", AT)
    with pytest.raises(OperatorError, match=words):
        LedgerCorrections(store).correct(replace(said, **changed))
    assert store.compliance.evidence() == ()


def test_an_objective_is_found_by_its_key_or_by_its_entity_where_it_is_the_only_one(store: SqlStore) -> None:
    promise(store, service(UP))
    reader = ObjectiveReader(store)
    assert reader.shown(ObjectiveKey.of(KEY), AT).figures.held.key == ObjectiveKey.of(f"{KEY}:up")
    with pytest.raises(OperatorError, match="There is no objective service/api:upp"):
        reader.shown(ObjectiveKey.of(f"{KEY}:upp"), AT)
    promise(store, service(UP, OK), at=-3600)
    with pytest.raises(OperatorError, match="has 2 objectives"):
        reader.shown(ObjectiveKey.of(KEY), AT)


def test_only_one_entity_is_read_where_one_is_asked_for(store: SqlStore) -> None:
    promise(store, service(UP), replace(service(UP), key="service/other", name="Other"))
    assert [each.held.entity.name for each in ObjectiveReader(store).listed(AT, entity_key="service/other")] == [
        "Other"
    ]


def test_an_empty_window_of_shares_has_nothing_to_tell(store: SqlStore) -> None:
    promise(store, service(replace(SHARE, window=HOUR)))
    fill(store, 60)
    share = figures(store)["share"]
    assert (share.attained, share.fault) == (None, "")
