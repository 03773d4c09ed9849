"""Waiving: what is refused, what stays as a record, and how a waiver stands as time goes on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import ControlKey, Enforcement, Policy, PolicyVersion, Verdict, Waiver
from quarterdeck.domain.waivers import WaiverAct, WaiverOvertaken, WaiverRecord, WaiverStanding, waiver_evidence
from quarterdeck.exporters.waiver_words import listed_json, listed_text, record_text
from quarterdeck.services.compliance_ports import VerdictChange, WaiverChange
from quarterdeck.services.policy_packs import shipped_packs
from quarterdeck.services.waivers import WaiverBook, WaiverDraft
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER
from tests.support.granted_waivers import grant
from tests.support.stores import NOON, PATIENCE_SECONDS, after

PAYHUB = "integration/payhub"
DAY = 86_400.0
DRAFT = WaiverDraft("SEC-01", PAYHUB, "Replaced in May", "anna", "bert", after(10 * DAY))


def policies() -> list[Policy]:
    shipped = {policy.id: policy for pack in shipped_packs() for policy in pack.policies}
    alone, careful = shipped["SEC-01"], shipped["SEC-02"]
    return [replace(alone, actions=()), replace(careful, actions=(Enforcement.SECOND_PERSON,))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "console.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    """A store with two policies judged on one integration."""
    opened = open_store(str(path))
    versions = [PolicyVersion(policy, 1, after(-DAY)) for policy in policies()]
    opened.compliance.put_policy_versions(versions).result(PATIENCE_SECONDS)
    spans = (VerdictSpan(to_ms(after(-DAY)), FOREVER, Verdict.NOT_SATISFIED, "no"),)
    changes = [VerdictChange(ControlKey(each.policy.id, 1, PAYHUB), to_ms(after(-DAY)), spans) for each in versions]
    opened.compliance.change_verdicts(changes).result(PATIENCE_SECONDS)
    yield opened
    opened.close()


@pytest.fixture
def book(store: SqlStore) -> WaiverBook:
    return WaiverBook(store)


def test_a_waiver_is_kept_with_who_asked_who_agreed_and_why(book: WaiverBook, store: SqlStore) -> None:
    record = book.add(DRAFT, NOON)
    assert record.waiver == Waiver(
        "waiver-1", "SEC-01", PAYHUB, "Replaced in May", "anna", "bert", NOON, DRAFT.until_at
    )
    assert (record.act, record.recorded_at, record.number) == (WaiverAct.GRANTED, NOON, 1)
    assert (book.listed(), store.compliance.waivers()) == ((record,), (record.waiver,))
    assert store.check() == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"policy_id": "SEC-1"}, "Did you mean SEC-01?"),
        ({"entity_key": "integration/payhup"}, "Did you mean integration/payhub?"),
        ({"entity_key": "service/x"}, "See how it stands"),
        ({"reason": " \n"}, "its reason"),
        ({"reason": "x" * 501}, "1 to 500"),
        ({"requested_by": ""}, "who asks"),
        ({"approved_by": " "}, "who agrees"),
        ({"until_at": NOON}, "ends before it begins"),
        ({"until_at": after(367 * DAY)}, "lasts 367 days"),
        ({"from_at": after(-1)}, "does not change the past"),
        ({"policy_id": "SEC-02", "approved_by": "ANNA"}, "asks for a second person"),
    ],
)
def test_what_nobody_may_waive_is_refused_with_the_next_step(
    book: WaiverBook, store: SqlStore, changed: dict[str, str | datetime], words: str
) -> None:
    with pytest.raises(OperatorError) as caught:
        book.add(replace(DRAFT, **changed), NOON)
    assert words in str(caught.value)
    assert (store.compliance.evidence(), book.listed()) == ((), ())


def test_a_policy_that_is_not_in_force_or_holds_nothing_cannot_be_waived(book: WaiverBook) -> None:
    with pytest.raises(OperatorError, match="There is no policy"):
        book.add(DRAFT, after(-2 * DAY))


def test_one_person_may_waive_what_asks_for_no_second(book: WaiverBook) -> None:
    assert book.add(replace(DRAFT, approved_by="anna"), NOON).waiver.approved_by == "anna"
    assert book.add(replace(DRAFT, policy_id="SEC-02"), NOON).waiver.policy_id == "SEC-02"


def test_the_same_is_not_waived_twice_over_the_same_time(book: WaiverBook) -> None:
    book.add(DRAFT, NOON)
    with pytest.raises(OperatorError, match="already, by waiver-1"):
        book.add(replace(DRAFT, from_at=after(9 * DAY), until_at=after(11 * DAY)), after(60))
    following = replace(DRAFT, from_at=after(10 * DAY), until_at=after(11 * DAY))
    assert book.add(following, after(60)).waiver.id == "waiver-2"


def test_a_withdrawn_waiver_ends_then_and_both_records_stay(book: WaiverBook, store: SqlStore) -> None:
    granted = book.add(DRAFT, NOON)
    withdrawn = book.withdraw("waiver-1", "carl", "Replaced already", after(DAY))
    assert (withdrawn.waiver.until_at, withdrawn.recorded_by, withdrawn.note) == (
        after(DAY),
        "carl",
        "Replaced already",
    )
    assert book.history("waiver-1") == (granted, withdrawn)
    assert store.compliance.waivers() == (withdrawn.waiver,)
    assert store.check() == ()


def test_a_waiver_withdrawn_before_it_begins_covers_nothing(book: WaiverBook) -> None:
    book.add(replace(DRAFT, from_at=after(DAY)), NOON)
    withdrawn = book.withdraw("waiver-1", "carl", "Not needed", after(60))
    assert withdrawn.waiver.from_at == withdrawn.waiver.until_at == after(DAY)
    assert book.add(replace(DRAFT, from_at=after(DAY)), after(60)).waiver.id == "waiver-2"


@pytest.mark.parametrize(
    ("named", "at", "note", "words"),
    [
        ("waiver-2", DAY, "why", "There is no waiver 'waiver-2'"),
        ("waiver-1", 10 * DAY, "why", "is over already"),
        ("waiver-1", DAY, "", "why it is withdrawn"),
    ],
    ids=["unknown", "ended", "without-reason"],
)
def test_a_withdrawal_that_means_nothing_is_refused(
    book: WaiverBook, named: str, at: float, note: str, words: str
) -> None:
    book.add(DRAFT, NOON)
    with pytest.raises(OperatorError, match=words):
        book.withdraw(named, "carl", note, after(at))
    assert len(book.history("waiver-1")) == 1


def test_who_decides_over_what_was_changed_meanwhile_is_refused(store: SqlStore) -> None:
    first = Waiver("waiver-1", "SEC-01", PAYHUB, "why", "anna", "bert", NOON, after(60))
    grant(store, first)
    for change in (
        WaiverChange(None, first),
        WaiverChange(replace(first, reason="other"), replace(first, until_at=after(30))),
        WaiverChange(None, replace(first, id="waiver-2", from_at=after(30), until_at=after(90))),
    ):
        record = WaiverRecord(change.after, WaiverAct.GRANTED, NOON, "anna")
        with pytest.raises(WaiverOvertaken, match="meanwhile"):
            store.compliance.decide(waiver_evidence(record), change).result(PATIENCE_SECONDS)
    assert (store.compliance.waivers(), len(store.compliance.evidence())) == ((first,), 1)


def test_a_waiver_lengthened_behind_the_records_is_found_out(book: WaiverBook, store: SqlStore, path: Path) -> None:
    book.add(DRAFT, NOON)
    store.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE waiver SET until_ms = until_ms + 1"))
    engine.dispose()
    opened = open_store(str(path))
    assert opened.check() == ("The waiver waiver-1 is not as it was decided.",)
    opened.close()


def test_a_store_that_is_only_read_refuses_to_waive(book: WaiverBook, store: SqlStore, path: Path) -> None:
    book.add(DRAFT, NOON)
    reading = open_store(str(path), read_only=True)
    assert [record.waiver.id for record in WaiverBook(reading).listed()] == ["waiver-1"]
    with pytest.raises(StoreUnavailable):
        WaiverBook(reading).withdraw("waiver-1", "carl", "why", after(60))
    reading.close()


def test_a_waiver_stands_by_the_moment(book: WaiverBook) -> None:
    record = book.add(replace(DRAFT, from_at=after(60)), NOON)
    told = [record.standing(after(seconds)) for seconds in (0, 60, 3 * DAY, 10 * DAY)]
    assert told == [WaiverStanding.TO_COME, WaiverStanding.HOLDS, WaiverStanding.ENDS_SOON, WaiverStanding.ENDED]
    withdrawn = book.withdraw("waiver-1", "carl", "why", after(DAY))
    assert withdrawn.standing(after(DAY)) is WaiverStanding.WITHDRAWN


def test_the_terminal_warns_of_the_end_and_tells_what_is_next(book: WaiverBook) -> None:
    record = book.add(replace(DRAFT, until_at=after(6 * DAY)), NOON)
    listed = listed_text([record], NOON)
    assert "ends soon" in listed
    assert "in 6 d" in listed
    assert "opens again by itself" in record_text(record, NOON)
    assert "quarterdeck waivers add" in listed_text([], NOON)
    withdrawn = book.withdraw("waiver-1", "carl", "Replaced", after(60))
    assert record_text(withdrawn, after(60)) == f"waiver-1: SEC-01 on {PAYHUB} is waived no more. Why: Replaced"
    assert "in 6 d" not in listed_text([withdrawn], after(60))


def test_scripts_are_told_everything_of_a_waiver(book: WaiverBook) -> None:
    (told,) = json.loads(listed_json([book.add(DRAFT, NOON)], NOON))["waivers"]
    assert (told["standing"], told["requested_by"], told["approved_by"], told["record"]) == ("holds", "anna", "bert", 1)
    assert datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["from"]) == timedelta(days=10)
