"""The log in words, for the terminal, for scripts and for spreadsheets, over a real store."""

import csv
import io
import json

import pytest

from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.claims import ClaimTotals, PartnerRecord, Side, Standing, Telling, Told
from quarterdeck.domain.connections import ConnectionHealth, ConnectionState
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.fault_class import FaultClass
from quarterdeck.exporters.claims_text import claims_json, claims_text
from quarterdeck.sdk.records import Batch
from quarterdeck.services.claim_log import ClaimLog, ClaimLogReader
from quarterdeck.services.claim_words import (
    CSV_COLUMNS,
    claimed_words,
    csv_of,
    delay_words,
    fault_class_words,
    standing_words,
    telling_words,
    totals_words,
)
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import take_in
from tests.unit.claims.courses import H, hours, minute
from tests.unit.claims.watched_bank import PAYHUB, PAYMENTS, lagging, measure, store, tell, watched

__all__ = ["store", "watched"]


def log_of(store: SqlStore, minutes: float = 120) -> ClaimLog:
    return ClaimLogReader(store).log(hours(2), minute(minutes))


def table(log: ClaimLog) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_of(log).decode("utf-8"))))


def test_each_entry_says_whose_fault_the_outage_was_and_the_newest_comes_first(watched: SqlStore) -> None:
    lagging(watched)
    log = log_of(watched)
    assert [entry.span.standing for entry in log.entries] == [Standing.OVERSTATED, Standing.UNDERSTATED]
    assert [fault_class_words(entry) for entry in log.entries] == ["no outage seen", "partner, clear"]
    assert log.entries_of(PAYHUB) == log.entries
    assert log.entries_of("partner/tessera") == ()


def test_a_verdict_on_what_is_long_over_is_remembered(watched: SqlStore) -> None:
    lagging(watched)
    reader = ClaimLogReader(watched)
    first = reader.log(hours(9), minute(9 * 60)).entries[1].judged
    assert first is not None
    assert reader.log(hours(9), minute(9 * 60)).entries[1].judged is first
    assert reader.log(hours(9), minute(38)).entries[0].judged is not first


def test_no_more_verdicts_are_remembered_than_there_is_room_for(watched: SqlStore) -> None:
    lagging(watched)
    measure(watched, PAYMENTS, (60, 80, H.DOWN), (80, 130, H.HEALTHY))
    reader = ClaimLogReader(watched, remembers=1)
    for _ in range(2):
        entries = reader.log(hours(9), minute(540)).entries
        assert [fault_class_words(one) for one in entries] == ["partner, clear", "partner, clear"]
    assert len(reader._remembered) == 1


def test_a_moment_is_read_up_to_its_play_head_and_says_since_when_nobody_collects(watched: SqlStore) -> None:
    lagging(watched)
    reader, moment = ClaimLogReader(watched), Moment(hours(2), minute(35), live=False)
    (entry,) = reader.log_at(moment).entries
    assert (entry.span.to_at, entry.span.is_open) == (minute(35), True)
    assert reader.stale_words(moment) == ""
    good = ConnectionHealth("page", ConnectionState.GOOD, last_good_at=minute(20))
    watched.writer.put_connection_health([good]).result(20)
    assert reader.stale_words(moment).startswith("no fresh data since ")


def test_what_goes_on_is_told_as_still(watched: SqlStore) -> None:
    tell(watched, (0, "up"), (130, "up"))
    measure(watched, PAYMENTS, (0, 130, H.DOWN))
    text = claims_text(log_of(watched), minute(120))
    assert "still" in text
    assert "claims and our measurement" not in text
    (entry,) = json.loads(claims_json(log_of(watched)))["disagreements"]
    assert (entry["to"], entry["seconds"]) == (None, 7200.0)
    assert table(log_of(watched))[0]["to"] == ""


def test_the_table_tells_shares_delays_and_both_sides(watched: SqlStore) -> None:
    lagging(watched)
    text = claims_text(log_of(watched), minute(120))
    assert "median 7 min, told 1 of 1 outage" in text
    assert "partner, clear" in text
    assert "1 partner without a status page." in text


def test_scripts_get_every_reason_and_every_delay(watched: SqlStore) -> None:
    lagging(watched)
    told = json.loads(claims_json(log_of(watched)))
    (partner,) = told["partners"]
    assert partner["median_delay_seconds"] == 420.0
    assert sum(partner["seconds"].values()) == 7200.0
    assert [each["told"] for each in partner["outages"]] == ["late"]
    alarm, late = told["disagreements"]
    assert alarm["fault"] is None
    assert late["fault"]["class"] == FaultClass.PARTNER.value
    assert {"clue", "about", "weight", "words"} == set(late["fault"]["reasons"][0])


def test_the_export_has_a_line_for_each_disagreement(watched: SqlStore) -> None:
    lagging(watched)
    rows = table(log_of(watched))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert [(row["kind"], row["from"], row["to"], row["seconds"], row["fault"]) for row in rows] == [
        ("overstated", "2026-03-02T13:00:00.000Z", "2026-03-02T13:10:00.000Z", "600", ""),
        ("understated", "2026-03-02T12:30:00.000Z", "2026-03-02T12:37:00.000Z", "420", "partner"),
    ]


@pytest.mark.parametrize("words", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", 'a\nb,c;"d"', "\x1b[31mred\x07"])
def test_a_hostile_page_never_becomes_a_formula_nor_another_line(watched: SqlStore, words: str) -> None:
    name = Entity(PAYHUB, EntityKind.PARTNER, words)
    watched.writer.change_estate(EstateChange(minute(-500), "test", put_entities=(name,))).result(20)
    claims = tuple(ClaimedStatus(PAYHUB, minute(at), H.HEALTHY, words) for at in (0, 130))
    take_in(watched, Batch(claimed=claims))
    measure(watched, PAYMENTS, (0, 130, H.DOWN))
    (row,) = table(log_of(watched))
    for cell in (row["partner"], row["claimed_words"]):
        assert cell[:1] not in set("=+-@\t\r")
        assert cell.replace("\u2028", "").isprintable()
    assert "\x1b" not in claims_text(log_of(watched), minute(120))


def test_nothing_to_compare_is_told_in_words(watched: SqlStore) -> None:
    text = claims_text(log_of(watched), minute(120))
    assert "No partner has a status page that is read." in text
    assert "2 partners without a status page." in text
    tell(watched, (0, "up"), (130, "up"))
    assert "No disagreement in this range." in claims_text(log_of(watched), minute(120))
    record = log_of(watched).report.of_partner(PAYHUB)
    assert record is not None
    assert totals_words(record) == "Its claims and our measurement could not be compared in this range."


def record_of(*told: Told) -> PartnerRecord:
    tellings = tuple(
        Telling(minute(at), minute(at + 9), Side(H.DOWN), each, minute(at + 5) if each is Told.LATE else None)
        for at, each in enumerate(told)
    )
    totals = ClaimTotals(agreed_seconds=5400, understated_seconds=1800)
    return PartnerRecord(PAYHUB, "PayHub", hours(2), (), totals, tellings)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((), "no outage"),
        ((Told.NOT_KNOWN,), "not known of 1 outage"),
        ((Told.NEVER, Told.NOT_YET), "told 0 of 2 outages"),
        ((Told.LATE, Told.BEFORE, Told.LATE, Told.NEVER), "median 5 min, told 3 of 4 outages"),
    ],
)
def test_how_late_a_partner_tells_is_told_with_how_often(told: tuple[Told, ...], words: str) -> None:
    assert delay_words(record_of(*told)) == words


def test_in_a_narrow_place_the_delay_is_told_in_short() -> None:
    assert delay_words(record_of(Told.LATE, Told.NEVER), is_short=True) == "5 min, 1 of 2 told"
    assert delay_words(record_of(Told.NEVER), is_short=True) == "0 of 1 told"


def test_shares_and_standings_have_words() -> None:
    assert totals_words(record_of()) == (
        "Of 2 h that could be compared, both agreed 75%; the claim was too good 25%, a needless alarm 0.00%. Known "
        "were 100% of the range."
    )
    assert all(standing_words(each) for each in Standing)
    assert claimed_words(Side(H.DEGRADED, "", (H.HEALTHY, H.DEGRADED))) == "up, then degraded"
    assert [telling_words(each) for each in record_of(*Told).tellings] == [
        "told before we saw it",
        "told after 5 min",
        "not told yet",
        "never told",
        "not known whether it was told",
    ]
