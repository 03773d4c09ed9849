"""Recorded cases, the worst days of a server, and what every connector must keep to."""

import sys
from pathlib import Path

import httpx
import pytest

from quarterdeck.connectors.prometheus.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import ConnectionSettings, Connector, Discovering, ReadingThrough
from quarterdeck.sdk.testing import (
    RecordedCase,
    judge_bad_days,
    judge_cancellation,
    judge_manifest,
    judge_module_state,
    judge_quality,
    judge_refusal,
    judge_validation,
    load_cases,
    run_case,
)
from quarterdeck.sdk.testing.servers import LocalServer
from tests.connectors.prometheus.asking import MANIFEST, context, poll, server

REPOSITORY = Path(__file__).resolve().parents[3]
FOLDER = REPOSITORY / "app" / "quarterdeck" / "connectors" / "prometheus"
CASES = load_cases(Path(__file__).parent / "cases")
PACKAGE = "quarterdeck.connectors.prometheus."


def settings(at: LocalServer) -> dict[str, SettingValue]:
    return {"address": at.url(), "selector": '{job="shop"}', "timeout_seconds": 0.3, "max_megabytes": 1}


@pytest.mark.parametrize("recorded", CASES, ids=lambda recorded: recorded.name)
async def test_a_recorded_case_comes_out_as_it_was_recorded(recorded: RecordedCase) -> None:
    assert await run_case(Source(), MANIFEST, recorded) == ()


async def test_every_bad_day_of_a_server_is_told_in_words() -> None:
    assert await judge_bad_days(Source(), MANIFEST, settings) == ()


async def test_a_port_on_which_nothing_listens_is_unreachable() -> None:
    assert await judge_refusal(Source(), MANIFEST, settings) == ()


async def test_a_cancelled_poll_ends_at_once_and_leaves_nothing() -> None:
    def patient(at: LocalServer) -> dict[str, SettingValue]:
        return settings(at) | {"timeout_seconds": 60}

    assert await judge_cancellation(Source(), MANIFEST, patient) == ()


async def test_validation_sends_nothing() -> None:
    assert await judge_validation(Source(), MANIFEST, settings) == ()


def test_the_form_explains_itself() -> None:
    assert judge_manifest(MANIFEST) == ()


def test_no_module_holds_state() -> None:
    modules = tuple(module for name, module in sys.modules.items() if name.startswith(PACKAGE))
    assert modules
    assert judge_module_state(modules) == ()


def test_its_quality_is_told_with_evidence() -> None:
    assert judge_quality(FOLDER, REPOSITORY) == ()


def test_it_is_a_connector_that_discovers_and_reads_through() -> None:
    source: Connector = Source()
    assert isinstance(source, Discovering)
    assert isinstance(source, ReadingThrough)


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
async def test_no_secret_is_part_of_any_message(status: int) -> None:
    secret = "hush-7f3a"
    answers = server([], query=lambda _: httpx.Response(status, text="no"))
    made = context(answers, secrets={"token": secret})
    polled = await poll(made)
    assert polled.fault is not None
    assert secret not in f"{polled.fault} {polled.batches} {made.settings!r}"


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"address": ""}, "address", "needed"),
        ({"address": "metrics.bank"}, "address", "http://"),
        ({"address": "https://me:secret@metrics.bank"}, "address", "password"),
        ({"selector": ""}, "selector", "Say which series to take"),
        ({"selector": '{job="a"'}, "selector", "At the end"),
        ({"queries": "other = sum("}, "queries", "Line 1"),
        ({"entity": "bank"}, "entity", "partner/payhub"),
        ({"entity_label": "two words"}, "entity_label", "one word"),
        ({"entity_kind": "planet"}, "entity_kind", "one of"),
        ({"mode": "both"}, "mode", "one of"),
        ({"step_seconds": "soon"}, "step_seconds", "number"),
        ({"step_seconds": 0}, "step_seconds", "between"),
        ({"username": "me"}, "token", "not both"),
        ({"tenant": "a\nb"}, "tenant", "cannot be sent"),
    ],
)
def test_a_setting_that_cannot_stand_is_told_at_its_place(given: dict[str, SettingValue], key: str, words: str) -> None:
    values: dict[str, SettingValue] = {"address": "http://metrics.test", "selector": "up"} | given
    problems = Source().validate(ConnectionSettings(values, {"token": "x"}))
    assert [problem.words for problem in problems if problem.key == key and words in problem.words]


@pytest.mark.parametrize("page", ["", "/", "/graph", "/graph?g0.expr=up", "/api/v1", "/vmui/#/?x=1"])
async def test_the_page_copied_along_with_the_address_is_left_out(page: str) -> None:
    answers = server([])
    made = context(answers, address=f"http://metrics.test/prometheus{page}")
    await poll(made)
    assert {url.path.rpartition("/api/v1/")[0] for url in answers.urls} == {"/prometheus"}
