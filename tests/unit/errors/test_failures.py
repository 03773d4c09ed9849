"""Which events tell a failure, by type, level, code or exception."""

from datetime import UTC, datetime

import pytest

from quarterdeck.domain.events import Event
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.failures import Failure, failure_of, is_failure_type


def told(kind: str = "log.line", **facts: str) -> Failure | None:
    return failure_of(Event("s", "1", kind, datetime(2026, 11, 24, tzinfo=UTC), facts=facts_of(facts)))


@pytest.mark.parametrize(
    "kind", ["payment.rejected", "SubmitFailed", "notification.timed_out", "http-error", "PAYMENT_DECLINED"]
)
def test_a_type_with_a_word_of_failure_tells_one(kind: str) -> None:
    assert is_failure_type(kind)


@pytest.mark.parametrize("kind", ["payment.settled", "terror.alert", "", "errorless", "deploy.rolled_back", "\0\ud800"])
def test_other_types_tell_none(kind: str) -> None:
    assert not is_failure_type(kind)


@pytest.mark.parametrize(
    "facts",
    [
        {"level": "ERROR"},
        {"severity": "crit"},
        {"status": "503"},
        {"code": "404"},
        {"status": "REJECTED"},
        {"exception": "OSError: gone"},
    ],
    ids=" ".join,
)
def test_a_grave_level_a_code_of_failure_or_an_exception_tells_one(facts: dict[str, str]) -> None:
    assert told(**facts) is not None


@pytest.mark.parametrize(
    "facts",
    [{"level": "info"}, {"status": "200"}, {"status": "settled"}, {"code": "600"}, {"code": "40404"}, {"code": "٥٠٣"}],
    ids=["info", "200", "settled", "600", "long number", "other digits"],
)
def test_what_is_no_failure_tells_none(facts: dict[str, str]) -> None:
    assert told(message="all is well, no error", **facts) is None


def test_the_message_and_the_code_are_told_by_any_of_their_names() -> None:
    assert told("x.failed", error_message="gone", error_code="E42") == Failure("gone", "E42")
    assert told("x.failed", Message="gone", Status="500") == Failure("gone", "500")


def test_the_type_stands_for_a_missing_message() -> None:
    assert told("payment.rejected", message="  ") == Failure("payment.rejected", "")


def test_a_code_of_megabytes_is_cut() -> None:
    found = told("x.failed", code="9" * 3_000_000)
    assert found is not None
    assert len(found.code) == 40
