"""Enabling and withdrawing policies: on record, never over what somebody else wrote, never half."""

from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.policy_acts import PolicyDeed
from quarterdeck.services.compliance_assessor import next_versions
from quarterdeck.services.compliance_ports import WaiverChange
from quarterdeck.services.policy_desk import Enabling, PolicyDesk
from quarterdeck.services.policy_packs import InvalidPolicies, policies_of
from quarterdeck.services.policy_shelf import PolicyShelf
from quarterdeck.services.policy_trials import TrialStore
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after
from tests.unit.policies.malformed import SOUND_PACK

OWN = SOUND_PACK.replace("SEC-01", "SEC-90")
TWO = OWN.replace("[notify_owner]", "[second_person]")
WANTED = Enabling("own.yaml", OWN, "", "ada", comment="Partners agreed")


@dataclass
class Desk:
    """A desk over a store and a folder."""

    store: SqlStore
    folder: Path

    def __post_init__(self) -> None:
        self.desk = PolicyDesk(self.store, PolicyShelf(self.folder))

    @property
    def file(self) -> Path:
        return self.folder / "own.yaml"

    def force(self) -> None:
        """Bring what is in the files into force, as a collector does."""
        records = self.store.compliance
        changed = next_versions(records.policy_versions(), policies_of(self.folder), NOON)
        records.put_policy_versions(changed).result(PATIENCE_SECONDS)


@pytest.fixture
def at_desk(store: SqlStore, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path / "config" / "policies")


def test_what_is_enabled_lies_in_the_folder_and_is_on_record(at_desk: Desk) -> None:
    act = at_desk.desk.enable(WANTED, NOON)
    assert at_desk.file.read_text() == OWN
    assert (act.deed, act.policy_ids, act.by, act.comment, act.number) == (
        PolicyDeed.ENABLED,
        ("SEC-90",),
        "ada",
        "Partners agreed",
        1,
    )
    assert at_desk.desk.report(NOON).acts == (act,)
    assert tuple(at_desk.store.check()) == ()


def test_acts_of_later_are_not_told_of_an_earlier_moment(at_desk: Desk) -> None:
    at_desk.desk.enable(WANTED, after(10))
    assert at_desk.desk.report(after(9)).acts == ()


def test_a_wrong_text_is_not_enabled(at_desk: Desk) -> None:
    with pytest.raises(InvalidPolicies, match="line 9, column 11"):
        at_desk.desk.enable(replace(WANTED, text=OWN.replace("tls.version", "tls.versio")), NOON)
    assert not at_desk.folder.exists()


def test_a_text_without_end_is_not_enabled(at_desk: Desk) -> None:
    with pytest.raises(OperatorError, match="too large"):
        at_desk.desk.enable(replace(WANTED, text=OWN + "#" * 70_000), NOON)


def test_a_file_that_somebody_changed_meanwhile_is_not_written_over(at_desk: Desk) -> None:
    at_desk.desk.enable(WANTED, NOON)
    opened = at_desk.desk.open_file("own.yaml")
    at_desk.file.write_text(OWN + "# mine\n")
    with pytest.raises(OperatorError, match="changed by somebody else"):
        at_desk.desk.enable(replace(WANTED, digest=opened.digest), after(1))
    assert at_desk.file.read_text().endswith("# mine\n")


def test_a_policy_that_stands_in_another_own_file_is_not_enabled_twice(at_desk: Desk) -> None:
    at_desk.desk.enable(WANTED, NOON)
    with pytest.raises(OperatorError, match=r"SEC-90 stands in own\.yaml already"):
        at_desk.desk.enable(replace(WANTED, file="other.yaml"), NOON)


def test_a_refused_neighbour_does_not_keep_a_sound_file_from_being_enabled(at_desk: Desk) -> None:
    at_desk.folder.mkdir(parents=True)
    (at_desk.folder / "wrong.yaml").write_text("7")
    assert at_desk.desk.enable(WANTED, NOON).policy_ids == ("SEC-90",)


@pytest.mark.parametrize("agrees", ["", "ada", "ADA"])
def test_a_policy_that_asks_for_a_second_person_is_not_enabled_by_one(at_desk: Desk, agrees: str) -> None:
    with pytest.raises(OperatorError, match="asks for a second person"):
        at_desk.desk.enable(replace(WANTED, text=TWO, approved_by=agrees), NOON)


def test_the_demand_for_a_second_person_is_not_edited_away_by_one(at_desk: Desk) -> None:
    at_desk.desk.enable(replace(WANTED, text=TWO, approved_by="bert"), NOON)
    at_desk.force()
    digest = at_desk.desk.open_file("own.yaml").digest
    with pytest.raises(OperatorError, match="asks for a second person"):
        at_desk.desk.enable(replace(WANTED, digest=digest), after(1))


def test_whoever_does_it_says_who_they_are(at_desk: Desk) -> None:
    with pytest.raises(OperatorError, match="put on record who does it"):
        at_desk.desk.enable(replace(WANTED, by="  "), NOON)


def test_withdrawing_brings_the_shipped_policy_back_and_is_on_record(at_desk: Desk) -> None:
    shadow = replace(WANTED, text=SOUND_PACK)
    at_desk.desk.enable(shadow, NOON)
    digest = at_desk.desk.open_file("own.yaml").digest
    act = at_desk.desk.withdraw(replace(shadow, digest=digest), after(1))
    assert (act.deed, act.policy_ids, act.digest) == (PolicyDeed.WITHDRAWN, ("SEC-01",), digest)
    assert not at_desk.file.exists()
    assert [policy.rule for policy in policies_of(at_desk.folder) if policy.id == "SEC-01"] != ["tls.version >= 1.2"]


def test_what_is_not_there_cannot_be_withdrawn(at_desk: Desk) -> None:
    with pytest.raises(OperatorError, match=r"no file own\.yaml"):
        at_desk.desk.withdraw(WANTED, NOON)


@dataclass
class FailingRecords:
    """Compliance whose decisions fail, and that is otherwise the store's."""

    store: SqlStore

    def __getattr__(self, name: str) -> object:
        return getattr(self.store.compliance, name)

    def decide(self, record: EvidenceRecord, change: WaiverChange | None = None) -> Future[EvidenceRecord]:
        failed: Future[EvidenceRecord] = Future()
        failed.set_exception(StoreUnavailable("The disk is full.", "Make room."))
        return failed


@dataclass
class FailingStore:
    """A store that keeps no decision."""

    store: SqlStore

    @property
    def compliance(self) -> FailingRecords:
        return FailingRecords(self.store)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def failing(at_desk: Desk) -> PolicyDesk:
    """The same desk with no room in the store."""
    return PolicyDesk(cast("TrialStore", FailingStore(at_desk.store)), PolicyShelf(at_desk.folder))


def test_what_cannot_be_put_on_record_is_not_in_force(at_desk: Desk) -> None:
    with pytest.raises(StoreUnavailable, match="disk is full"):
        failing(at_desk).enable(WANTED, NOON)
    assert not at_desk.file.exists()


def test_where_a_change_cannot_be_put_on_record_the_file_is_as_it_was(at_desk: Desk) -> None:
    at_desk.desk.enable(WANTED, NOON)
    digest = at_desk.desk.open_file("own.yaml").digest
    for act in (failing(at_desk).enable, failing(at_desk).withdraw):
        with pytest.raises(StoreUnavailable, match="disk is full"):
            act(replace(WANTED, text=SOUND_PACK, digest=digest), after(1))
    assert at_desk.file.read_text() == OWN


def test_a_policy_in_force_can_be_replayed_and_another_is_told(at_desk: Desk) -> None:
    at_desk.desk.enable(WANTED, NOON)
    at_desk.force()
    assert [policy.id for policy in at_desk.desk.replay(["SEC-90"], NOON).policies] == ["SEC-90"]
    assert len(at_desk.desk.replay([], NOON).policies) > 10
    with pytest.raises(OperatorError, match="No policy 'SEC-99' is in force"):
        at_desk.desk.replay(["SEC-99"], NOON)


def test_a_desk_checks_and_tries_what_is_typed(at_desk: Desk) -> None:
    assert at_desk.desk.check(OWN, "own.yaml").faults == ()
    assert at_desk.desk.try_text(OWN, "own.yaml", NOON).rows == ()
    assert at_desk.desk.open("SEC-01").file == "sec-01.yaml"
