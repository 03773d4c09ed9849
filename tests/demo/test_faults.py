from collections import Counter

import numpy as np
import pytest

from quarterdeck.demo.estate import estate_document
from quarterdeck.demo.faults import FaultSpan, fault_kind, fault_names
from quarterdeck.domain.expectations import expectations_for
from quarterdeck.domain.instants import from_ms
from quarterdeck.domain.series import Meaning
from quarterdeck.sdk.estate_document import parse_estate
from tests.demo.worlds import ADDRESSES, DAY_MS, MINUTE_MS, OPENED_MS, grid, paper_bank

# By fault: what it brings to whom, as the level (1 degraded, 2 down) its expectation then has.
HURT = {
    "payhub_outage": [
        ("integration/payhub-processor", Meaning.ERROR_RATE, "", 2),
        ("integration/payhub-processor", Meaning.RESPONSE_TIME, "p95", 1),
        ("service/payment-order-initiation", Meaning.ERROR_RATE, "", 1),
    ],
    "slow_aggregation": [("integration/account-aggregation", Meaning.RESPONSE_TIME, "p95", 1)],
    "institution_outage": [("integration/account-aggregation", Meaning.ERROR_RATE, "", 1)],
    "queue_buildup": [
        ("component/payment-queue", Meaning.QUEUE_DEPTH, "", 1),
        ("service/payment-rail", Meaning.RESPONSE_TIME, "p95", 1),
        ("service/payment-rail", Meaning.SATURATION, "", 1),
    ],
    "disk_filling": [("component/ledger-db", Meaning.STORAGE, "", 1)],
    "lost_notifications": [("integration/notification-dispatcher", Meaning.ERROR_RATE, "", 1)],
    "bad_deploy": [("service/payment-order-initiation", Meaning.ERROR_RATE, "", 1)],
    "node_loss": [
        ("service/payment-order-initiation", Meaning.SATURATION, "", 1),
        ("component/payments-node-a", Meaning.PROCESSING, "", 1),
    ],
}


@pytest.mark.parametrize(
    ("fault", "entity_key", "meaning", "statistic", "level"),
    [(fault, *hurt) for fault, hurts in HURT.items() for hurt in hurts],
)
def test_a_fault_breaks_the_expectation_of_whom_it_hurts_at_any_hour(
    fault: str, entity_key: str, meaning: Meaning, statistic: str, level: int
) -> None:
    bank = paper_bank()
    bank.faults.start(fault, OPENED_MS)
    times_ms = np.arange(OPENED_MS + 30 * MINUTE_MS, OPENED_MS + DAY_MS, 5 * MINUTE_MS, dtype=np.int64)
    values = bank.values(entity_key, meaning, statistic, times_ms)
    assert _bound(entity_key, meaning, statistic, level) < values.min()


def _bound(entity_key: str, meaning: Meaning, statistic: str, level: int) -> float:
    estate = parse_estate(estate_document(ADDRESSES, from_ms(OPENED_MS)).encode(), "estate.yaml")
    entity = next(entity for entity in estate.entities if entity.key == entity_key)
    bounds = [
        expectation.degraded_above if level == 1 else expectation.down_above
        for expectation in expectations_for(entity.expectations)
        if (expectation.meaning, expectation.statistic) == (meaning, statistic)
    ]
    assert bounds[0] is not None
    return bounds[0]


def test_a_silent_push_provider_has_no_values_rather_than_zeros() -> None:
    bank = paper_bank(opening=("push_silent",))
    assert np.isnan(bank.value("integration/push", Meaning.RESPONSE_TIME, "p95"))
    assert np.isnan(bank.value("channel/push", Meaning.THROUGHPUT))
    assert bank.value("integration/sms-gateway", Meaning.THROUGHPUT) > 0


def test_a_fault_rises_and_falls_away_gradually() -> None:
    kind = fault_kind("slow_aggregation")
    span = FaultSpan("slow_aggregation", 0, 1_000_000)
    rise_ms, fall_ms = int(kind.rise_seconds * 1000), int(kind.fall_seconds * 1000)
    times_ms = np.array(
        [-1, 0, rise_ms // 2, rise_ms, 1_000_000, 1_000_000 + fall_ms // 2, 1_000_000 + fall_ms], np.int64
    )
    np.testing.assert_allclose(span.felt(times_ms), [0, 0, 0.5, 1, 1, 0.5, 0], atol=1e-6)


def test_starting_and_ending_a_fault_leaves_what_was_before_untouched() -> None:
    bank = paper_bank()
    times_ms = np.arange(OPENED_MS - DAY_MS, OPENED_MS + 1, 60_000, dtype=np.int64)
    before = bank.model.everything(times_ms)
    for name in fault_names():
        bank.faults.start(name, OPENED_MS)
    np.testing.assert_array_equal(before, bank.model.everything(times_ms))
    later_ms = np.arange(OPENED_MS, OPENED_MS + 600_000, 10_000, dtype=np.int64)
    with_faults = bank.model.everything(later_ms)
    for name in fault_names():
        bank.faults.end(name, OPENED_MS + 600_000)
    np.testing.assert_array_equal(with_faults, bank.model.everything(later_ms))


def test_a_fault_of_the_day_remains_in_history_after_its_end() -> None:
    bank = paper_bank()
    bank.faults.start("payhub_outage", OPENED_MS)
    bank.faults.end("payhub_outage", OPENED_MS + 20 * MINUTE_MS)
    errors = bank.values(
        "integration/payhub-processor",
        Meaning.ERROR_RATE,
        "",
        np.array([OPENED_MS + 10 * MINUTE_MS, OPENED_MS + 30 * MINUTE_MS], np.int64),
    )
    assert errors[0] > 0.25
    assert errors[1] < 0.02


def test_starting_a_fault_that_is_there_changes_nothing() -> None:
    bank = paper_bank()
    bank.faults.start("node_loss", OPENED_MS)
    version = bank.faults.version
    bank.faults.start("node_loss", OPENED_MS + MINUTE_MS)
    bank.faults.end("bad_deploy", OPENED_MS + MINUTE_MS)
    assert bank.faults.version == version


def test_the_usual_opening_has_a_processor_down_an_aggregator_slow_and_a_silent_push_provider() -> None:
    bank = paper_bank(opening=None)
    assert bank.value("integration/payhub-processor", Meaning.ERROR_RATE) > 0.25
    assert bank.value("integration/account-aggregation", Meaning.RESPONSE_TIME, "p95") > 2.2
    assert np.isnan(bank.value("integration/push", Meaning.RESPONSE_TIME, "p95"))
    assert bank.value("integration/core-accounts", Meaning.ERROR_RATE) < 0.02


def test_a_fault_named_at_the_opening_is_felt_in_full_from_the_start() -> None:
    for name in fault_names():
        assert paper_bank(opening=(name,)).faults.felt_at(OPENED_MS)[name] == 1.0


def test_the_past_ninety_days_know_every_kind_of_fault_of_the_diary() -> None:
    seen: Counter[str] = Counter()
    for seed in range(1, 4):
        spans = paper_bank(seed=seed).faults.spans(OPENED_MS - 90 * DAY_MS, OPENED_MS)
        seen.update(span.name for span in spans)
        assert 20 <= len(spans) <= 60
    assert seen.keys() >= HURT.keys() | {"push_silent"}


def test_no_fault_of_the_diary_disturbs_the_opening_day() -> None:
    bank = paper_bank()
    midnight_ms = OPENED_MS // DAY_MS * DAY_MS
    assert bank.faults.felt(grid(1, 60, until_ms=midnight_ms + DAY_MS)) == {}


def test_later_days_have_faults_of_their_own() -> None:
    bank = paper_bank()
    assert bank.faults.spans(OPENED_MS + 2 * DAY_MS, OPENED_MS + 30 * DAY_MS)
