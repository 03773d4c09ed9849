"""The probe as a connector: its form, and whose failure it tells when a target or this machine has a bad day."""

import errno
import socket

import httpx
import pytest

from quarterdeck.connectors.http_probe.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.errors import Unreachable
from quarterdeck.sdk.testing import BAD_DAYS, BadDay, collect_all, context_for, judge_batches, settings_for
from quarterdeck.sdk.testing.servers import LocalServer, http_server
from tests.connectors.http_probe.probing import ENTITY, MANIFEST, lookup_locally, result_of
from tests.connectors.http_probe.probing import probed as probed_once


def health_of(server: LocalServer) -> dict[str, SettingValue]:
    return {"address": server.url("/health"), "entity": ENTITY, "timeout_seconds": 0.5, "max_megabytes": 1}


def faults(**changed: SettingValue) -> dict[str, str]:
    good: dict[str, SettingValue] = {"address": "https://payhub.test/health", "entity": ENTITY}
    return {problem.key: problem.words for problem in Source().validate(settings_for(MANIFEST, good | changed))}


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
