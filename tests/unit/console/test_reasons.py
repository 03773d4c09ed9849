"""A reason says how bad it is now."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.expectations import Expectation
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.domain.series import Meaning
from quarterdeck.services.reasons import NOTHING_BOUNDED, Breach, breach_words, reason_now
from quarterdeck.services.signals import Reading

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SLOW = Expectation(Meaning.RESPONSE_TIME, "p95", degraded_above=1.5, down_above=5)
ENTITY = Entity("integration/a", EntityKind.INTEGRATION, "A", expectations=(SLOW,))
RECORDED = "p95 response time 1.6 s, above 1.5 s"


def interval(cause: str = "series:response_time:p95", state: HealthState = HealthState.DEGRADED) -> StateInterval:
    return StateInterval("integration/a", state, RECORDED, NOON, None, cause)


def readings(value: float, *, fresh: bool = True, statistic: str = "p95") -> dict[Meaning, Reading]:
    return {Meaning.RESPONSE_TIME: Reading(Meaning.RESPONSE_TIME, statistic, "s", value, NOON, fresh)}


def test_the_reason_carries_the_newest_value_of_the_signal_that_decided() -> None:
    assert reason_now(ENTITY, interval(), readings(2.9)) == "p95 response time 2.9 s, above 1.5 s"


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, "nothing is known now"),
        (readings(2.9, fresh=False), "the reading is old"),
        (readings(1.2), "it has come back into its bounds"),
        (readings(2.9, statistic="mean"), "another statistic decided"),
    ],
)
def test_the_recorded_reason_stands_where_the_present_does_not_tell_more(
    known: dict[Meaning, Reading], why: str
) -> None:
    assert reason_now(ENTITY, interval(), known) == RECORDED


@pytest.mark.parametrize("cause", ["check:login", "freshness", "", "series:unheard_of", "series:response_time:p95:a=b"])
def test_a_cause_that_is_no_plain_signal_keeps_its_recorded_reason(cause: str) -> None:
    assert reason_now(ENTITY, interval(cause), readings(2.9)) == RECORDED


def test_another_signal_that_is_out_of_bounds_is_the_reason_once_the_first_one_recovered() -> None:
    failing = Reading(Meaning.ERROR_RATE, "", "ratio", 0.05, NOON, True)
    known = {**readings(0.3), Meaning.ERROR_RATE: failing}
    assert reason_now(ENTITY, interval(), known) == "Error rate 5.0%, above 2.0%"


def test_the_bound_of_a_signals_own_statistic_stands_before_the_bound_of_any() -> None:
    general = Expectation(Meaning.RESPONSE_TIME, degraded_above=9.0)
    entity = replace(ENTITY, expectations=(general, SLOW))
    assert reason_now(entity, interval(), readings(2.9)) == "p95 response time 2.9 s, above 1.5 s"


def test_a_signal_without_a_declared_bound_is_judged_by_the_usual_one() -> None:
    failing = {Meaning.ERROR_RATE: Reading(Meaning.ERROR_RATE, "", "ratio", 0.38, NOON, True)}
    told = reason_now(ENTITY, interval("series:error_rate", HealthState.DOWN), failing)
    assert told == "Error rate 38%, above 25%"


def test_a_source_that_does_not_answer_is_not_told_as_a_percentage() -> None:
    silent = Breach(Meaning.AVAILABILITY, "", "ratio", 0.0)
    expected = Expectation(Meaning.AVAILABILITY, degraded_below=1.0, down_below=0.5)
    assert breach_words(silent, expected, HealthState.DOWN) == "No answer"


def test_a_certificate_that_has_ended_is_told_by_how_long_ago() -> None:
    ended = Breach(Meaning.EXPIRY, "", "d", -3.0, (("check", "login"),))
    expected = Expectation(Meaning.EXPIRY, degraded_below=14.0, down_below=0.0)
    assert breach_words(ended, expected, HealthState.DOWN) == "Certificate of login expired 3 d ago"


def test_a_labelled_signal_names_which_one_it_is() -> None:
    full = Breach(Meaning.STORAGE, "", "ratio", 0.93, (("mount", "/var"),))
    expected = Expectation(Meaning.STORAGE, degraded_above=0.9, down_above=0.98)
    assert breach_words(full, expected, HealthState.DEGRADED) == "Storage in use of /var 93%, above 90%"


HEALTHY = StateInterval("integration/a", HealthState.HEALTHY, "", NOON, None, "series:throughput")
THROUGHPUT = {Meaning.THROUGHPUT: Reading(Meaning.THROUGHPUT, "", "1/s", 3.0, NOON, fresh=True)}


def test_healthy_without_any_bounds_says_that_nothing_is_judged() -> None:
    assert reason_now(ENTITY, HEALTHY, THROUGHPUT) == NOTHING_BOUNDED


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, "only checks tell of it"),
        (THROUGHPUT | readings(0.2), "a bound is declared"),
        (THROUGHPUT | readings(0.2, statistic="mean"), "another statistic may be measured too"),
        (THROUGHPUT | {Meaning.STORAGE: Reading(Meaning.STORAGE, "", "1", 0.2, NOON, fresh=True)}, "bounds by default"),
    ],
)
def test_healthy_needs_no_reason_where_something_is_judged(known: dict[Meaning, Reading], why: str) -> None:
    assert reason_now(ENTITY, HEALTHY, known) == ""
