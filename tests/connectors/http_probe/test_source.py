"""The probe as a connector: its form, its recorded cases, and what it never does."""

import errno
import socket
from pathlib import Path

import httpx
import pytest

from quarterdeck.connectors.http_probe import certificate, names, network, parse, probe, settings, source, web
from quarterdeck.connectors.http_probe.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.errors import Misconfigured, Unreachable
from quarterdeck.sdk.testing import (
    BAD_DAYS,
    BadDay,
    RecordedCase,
    collect_all,
    context_for,
    judge_batches,
    judge_cancellation,
    judge_manifest,
    judge_module_state,
    judge_quality,
    judge_validation,
    live_window,
    load_cases,
    run_case,
    settings_for,
)
from quarterdeck.sdk.testing.servers import LocalServer, http_server
from tests.connectors.http_probe.probing import ENTITY, FOLDER, MANIFEST, lookup_locally, result_of
from tests.connectors.http_probe.probing import probed as probed_once

CASES = load_cases(Path(__file__).parent / "cases")
REPOSITORY = Path(__file__).resolve().parents[3]
MODULES = (certificate, names, network, parse, probe, settings, source, web)


def health_of(server: LocalServer) -> dict[str, SettingValue]:
    return {"address": server.url("/health"), "entity": ENTITY, "timeout_seconds": 0.5, "max_megabytes": 1}


def faults(**changed: SettingValue) -> dict[str, str]:
    good: dict[str, SettingValue] = {"address": "https://payhub.test/health", "entity": ENTITY}
    return {problem.key: problem.words for problem in Source().validate(settings_for(MANIFEST, good | changed))}


@pytest.mark.parametrize("recorded", CASES, ids=lambda recorded: recorded.name)
async def test_a_recorded_case_comes_out_as_it_was_recorded(recorded: RecordedCase) -> None:
    assert await run_case(Source(), MANIFEST, recorded) == ()


def test_its_form_explains_itself() -> None:
    assert judge_manifest(MANIFEST) == ()


def test_its_quality_claims_have_their_evidence() -> None:
    assert judge_quality(FOLDER, REPOSITORY) == ()


def test_its_modules_hold_no_state() -> None:
    assert judge_module_state(MODULES) == ()


async def test_judging_settings_connects_to_nothing() -> None:
    assert await judge_validation(Source(), MANIFEST, health_of) == ()


async def test_a_cancelled_probe_ends_at_once_and_closes_its_connection() -> None:
    patient = {"timeout_seconds": 30.0}
    assert await judge_cancellation(Source(), MANIFEST, lambda server: health_of(server) | patient) == ()


@pytest.mark.parametrize("day", BAD_DAYS, ids=lambda day: day.name)
async def test_whatever_a_target_does_is_a_result_and_no_failure_of_the_connection(day: BadDay) -> None:
    async with http_server(day.respond) as server:
        given = settings_for(MANIFEST, health_of(server) | {"json_equals": "/status = ok"})
        polled = await collect_all(Source(lookup=lookup_locally), context_for(given))
    assert polled.fault is None
    assert judge_batches(polled.batches) == ()
    result = result_of(polled.only)
    assert result.outcome == "failed"
    assert polled.only.note.endswith("the probe itself is fine.")


async def test_the_past_is_not_probed() -> None:
    context = context_for(settings_for(MANIFEST, {"address": "http://127.0.0.1:1/", "entity": ENTITY}))
    window = Window(live_window(context).time_range, Purpose.BACKFILL)
    assert (await collect_all(Source(), context, window=window)).batches == ()


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"address": ""}, "address"),
        ({"address": "payhub.test"}, "address"),
        ({"address": "https://user:pass@payhub.test/"}, "address"),
        ({"kind": "tcp", "address": "payhub.test"}, "address"),
        ({"kind": "tcp", "address": "payhub.test:99999"}, "address"),
        ({"kind": "tls", "address": "[::1"}, "address"),
        ({"kind": "dns", "address": "http://payhub.test"}, "address"),
        ({"kind": "gopher"}, "kind"),
        ({"entity": "PayHub"}, "entity"),
        ({"entity": "thing/payhub"}, "entity"),
        ({"expected_status": "2xx"}, "expected_status"),
        ({"json_equals": "status is ok"}, "json_equals"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"timeout_seconds": "soon"}, "timeout_seconds"),
        ({"dns_server": "dns.test"}, "dns_server"),
        ({"token_header": "X Api Key"}, "token_header"),
        ({"server_name": "two words"}, "server_name"),
        ({"adress": "typo"}, "adress"),
    ],
)
def test_a_mistake_is_told_at_its_setting(changed: dict[str, SettingValue], key: str) -> None:
    assert list(faults(**changed)) == [key]


@pytest.mark.parametrize(
    "good",
    [
        {"kind": "tls", "address": "payhub.test"},
        {"kind": "tls", "address": "tls://[2001:db8::1]:8443"},
        {"kind": "tcp", "address": "tcp://mail.test:25/"},
        {"kind": "dns", "address": "_sip._tcp.payhub.test", "record_type": "SRV", "dns_server": "2001:db8::53"},
        {"expected_status": "200, 301-303 ,401"},
    ],
)
def test_settings_of_every_kind_can_stand(good: dict[str, SettingValue]) -> None:
    assert faults(**good) == {}


async def test_settings_that_cannot_work_raise_when_probed_all_the_same() -> None:
    given = settings_for(MANIFEST, {"address": "nonsense", "entity": ENTITY})
    assert isinstance((await collect_all(Source(), context_for(given))).fault, Misconfigured)


async def test_dns_of_this_machine_that_does_not_answer_is_the_probes_own_failure() -> None:
    async def no_answer(_host: str, _port: int) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_AGAIN, "temporary failure")

    for kind, address in (("http", "http://payhub.test/"), ("tcp", "payhub.test:1"), ("tls", "payhub.test:1")):
        given = settings_for(MANIFEST, {"address": address, "entity": ENTITY, "kind": kind})
        polled = await collect_all(Source(lookup=no_answer), context_for(given))
        assert isinstance(polled.fault, Unreachable)
        assert "DNS does not answer" in polled.fault.message


async def test_a_machine_without_a_network_says_nothing_about_the_target() -> None:
    def no_network(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no") from OSError(errno.ENETUNREACH, "Network is unreachable")

    given = settings_for(MANIFEST, {"address": "http://payhub.test/", "entity": ENTITY})
    context = context_for(given, transport=httpx.MockTransport(no_network))
    polled = await collect_all(Source(lookup=lookup_locally), context)
    assert isinstance(polled.fault, Unreachable)
    assert "This machine has no way to payhub.test: Network is unreachable." in polled.fault.message
    assert polled.batches == ()


async def test_a_name_that_does_not_exist_is_the_targets_failure() -> None:
    for kind, address in (("http", "http://gone.invalid/"), ("tcp", "gone.invalid:1"), ("tls", "gone.invalid:1")):
        batch = await probed_once(kind=kind, address=address)
        assert result_of(batch).summary == "No such host: gone.invalid."
