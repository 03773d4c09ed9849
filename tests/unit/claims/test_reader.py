"""The record of claims over a real store: as of a moment, with gaps of its source, for partners that have a page."""

from datetime import datetime
from pathlib import Path

from quarterdeck.domain.claims import Standing
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.claims import ClaimReader, ClaimReport
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.unit.claims.courses import H, hours, minute, told
from tests.unit.claims.watched_bank import PAYHUB, PAYMENTS, TESSERA, measure, store, tell, watched

__all__ = ["store", "watched"]


def report(store: SqlStore, at: datetime | None = None, key: str = "") -> ClaimReport:
    return ClaimReader(store).report(hours(2), at or minute(120), key)


def test_only_partners_that_have_claimed_something_are_in_the_report(watched: SqlStore) -> None:
    assert report(watched).records == ()
    assert report(watched).without_page_count == 2
    tell(watched, (0, "up"), (130, "up"))
    found = report(watched)
    assert [(each.partner_name, each.read_at) for each in found.records] == [("PayHub", minute(0))]
    assert found.without_page_count == 1
    assert report(watched, key=TESSERA).records == ()


def test_a_disagreement_is_told_with_both_sides(watched: SqlStore) -> None:
    tell(watched, (0, "up"), (40, "up"), (41, "down"), (130, "down"))
    measure(watched, PAYMENTS, (0, 30, H.HEALTHY), (30, 130, H.DOWN))
    record = report(watched).of_partner(PAYHUB)
    assert record is not None
    assert told(record.spans) == ["agreed 0-30", "understated 30-41", "agreed 41-120"]
    entry = record.disagreements[0]
    assert (entry.claimed.words, entry.measured.words, entry.subject_keys) == ("The page says up", "why", (PAYMENTS,))
    assert record.totals.seconds == 7200
    assert [each.delay_seconds for each in record.tellings] == [660.0]


def test_a_component_speaks_for_its_integration_before_the_page_does(watched: SqlStore) -> None:
    tell(watched, (0, "up"), (130, "up"))
    tell(watched, (0, "down"), (130, "down"), key=PAYMENTS)
    measure(watched, PAYMENTS, (0, 130, H.DOWN))
    record = report(watched).of_partner(PAYHUB)
    assert record is not None
    assert told(record.spans) == ["agreed 0-120"]


def test_while_the_page_could_not_be_read_its_claim_is_not_known(watched: SqlStore) -> None:
    tell(watched, (0, "up"), (130, "up"), missing=TimeRange(minute(30), minute(50)))
    measure(watched, PAYMENTS, (0, 130, H.HEALTHY))
    record = report(watched).of_partner(PAYHUB)
    assert record is not None
    assert told(record.spans) == ["agreed 0-30", "not_known 30-50", "agreed 50-120"]


def test_what_came_later_is_not_known_at_a_moment_before(watched: SqlStore) -> None:
    tell(watched, (0, "up"), (45, "down"), (130, "down"))
    measure(watched, PAYMENTS, (0, 30, H.HEALTHY), (30, 130, H.DOWN))
    record = report(watched, minute(44)).of_partner(PAYHUB)
    assert record is not None
    assert record.spans[-1].to_at == minute(44)
    assert record.read_at == minute(0)
    assert {span.standing for span in record.spans} == {Standing.AGREED, Standing.NOT_KNOWN}


def test_a_moment_before_any_measurement_is_unknown_and_not_healthy(watched: SqlStore) -> None:
    tell(watched, (0, "up"), (130, "up"))
    measure(watched, PAYMENTS, (60, 130, H.HEALTHY))
    before, later = (report(watched, minute(at)).of_partner(PAYHUB) for at in (30, 90))
    assert before is not None
    assert later is not None
    assert (before.claimed.state, before.measured.state) == (H.HEALTHY, H.UNKNOWN)
    assert (later.claimed.state, later.measured.state) == (H.HEALTHY, H.HEALTHY)


def test_a_moment_before_the_whole_range_still_says_what_held_then(watched: SqlStore) -> None:
    tell(watched, (-60, "up"), (130, "up"))
    measure(watched, PAYMENTS, (-45, 130, H.DOWN))
    told_ = [report(watched, minute(at)).of_partner(PAYHUB) for at in (-50, -40)]
    assert [each and each.measured.state for each in told_] == [H.UNKNOWN, H.DOWN]


def test_a_store_that_may_only_be_read_tells_the_same(watched: SqlStore, tmp_path: Path) -> None:
    tell(watched, (0, "up"), (130, "up"))
    measure(watched, PAYMENTS, (0, 130, H.DOWN))
    reader = open_store(str(tmp_path / "store" / "console.db"), read_only=True)
    assert report(reader) == report(watched)
    reader.close()
