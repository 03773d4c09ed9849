"""Weighing a change of retention before it is put in force."""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as StillUnderWay
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.retention_settings import RetentionSettings
from quarterdeck.services.store_growth import Housekeeping, RetentionPolicy, SingleSamples, SizeNote
from quarterdeck.services.store_keeping import RetentionChange
from tests.support.consoles import FixedClock
from tests.support.pictured_bank import NOON

MB = 2**20
MONTH = RetentionPolicy(raw_days=30, limit_bytes=500 * MB, fine_days=400)


@dataclass(slots=True)
class KnownStore:
    """A store of 300 MB whose samples begin a hundred days ago; it notes what is set, and may be too busy to answer."""

    policy: RetentionPolicy = field(default_factory=RetentionPolicy)
    is_busy: bool = False
    asked: list[datetime] = field(default_factory=list[datetime])

    def retention(self) -> RetentionPolicy:
        return self.policy

    def sizes(self) -> tuple[SizeNote, ...]:
        return (SizeNote(NOON, 300 * MB),)

    def free_bytes(self) -> int | None:
        return None

    def single_samples(self, before: datetime) -> SingleSamples:
        self.asked.append(before)
        return SingleSamples(NOON - timedelta(days=100), 0.7)

    @property
    def housekeeping(self) -> Housekeeping:
        return self

    def set_retention(self, policy: RetentionPolicy) -> Future[None]:
        answer: Future[None] = Future()
        if self.is_busy:
            answer.set_exception(StillUnderWay())
            return answer
        self.policy = policy
        answer.set_result(None)
        return answer

    def vacuum(self) -> None:
        """Nothing to give back."""


def settings(store: KnownStore) -> RetentionSettings:
    return RetentionSettings(store, FixedClock())


def test_weighing_tells_what_would_be_thinned_and_changes_nothing() -> None:
    store = KnownStore()
    outlook = settings(store).weigh(RetentionChange(samples="30d", limit="100MB"))
    assert outlook.thinned_before == NOON - timedelta(days=30) == store.asked[0]
    assert (outlook.singles.share_before, outlook.excess_bytes) == (0.7, 200 * MB)
    assert store.policy == RetentionPolicy()


@pytest.mark.parametrize(
    ("change", "is_shorter"),
    [
        (RetentionChange(samples="29d"), True),
        (RetentionChange(limit="499MB"), True),
        (RetentionChange(samples="40d", limit="400MB"), True),
        (RetentionChange(samples="31d"), False),
        (RetentionChange(limit="none"), False),
        (RetentionChange(), False),
    ],
    ids=["shorter", "smaller", "longer-but-smaller", "longer", "no-limit", "same"],
)
def test_a_change_is_shorter_when_anything_would_go_sooner(change: RetentionChange, *, is_shorter: bool) -> None:
    outlook = settings(KnownStore(MONTH)).weigh(change)
    assert outlook.is_shorter is is_shorter
    assert outlook.is_change is (change != RetentionChange())


def test_what_was_weighed_is_put_in_force_and_the_store_told_anew() -> None:
    store = KnownStore(MONTH)
    console = settings(store)
    standing = console.put(console.weigh(RetentionChange(samples="20d")))
    assert standing.policy == store.policy == RetentionPolicy(20, 500 * MB, 400)
    assert console.standing().size_bytes == 300 * MB


def test_a_policy_that_was_changed_elsewhere_is_not_overwritten() -> None:
    store = KnownStore(MONTH)
    console = settings(store)
    outlook = console.weigh(RetentionChange(samples="20d"))
    store.policy = RetentionPolicy(raw_days=90)
    with pytest.raises(OperatorError, match="changed elsewhere"):
        console.put(outlook)
    assert store.policy == RetentionPolicy(raw_days=90)


def test_an_answer_that_does_not_come_is_told_as_unknown() -> None:
    console = settings(KnownStore(is_busy=True))
    with pytest.raises(OperatorError, match="not known"):
        console.put(console.weigh(RetentionChange(samples="20d")))


def test_forever_and_no_limit_lead_to_nothing_going() -> None:
    outlook = settings(KnownStore(MONTH)).weigh(RetentionChange(samples="forever", fine="forever", limit="none"))
    assert (outlook.thinned_before, outlook.excess_bytes) == (None, 0)
