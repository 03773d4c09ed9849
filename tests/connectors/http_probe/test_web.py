"""The probe over HTTP against real local servers: phases, redirects, certificates, secrets."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck.connectors.http_probe.source import Source
from quarterdeck.domain.connections import SettingValue
from quarterdeck.domain.facts import fact
from quarterdeck.sdk.testing import StandingClock
from quarterdeck.sdk.testing.servers import ServedRequest, answering, http_server, tcp_server, write_reply
from tests.connectors.http_probe.probing import probed, probed_with, result_of, values_of
from tests.support.certificates import make_authority

SECRET = "s3cret-t0ken"
OK = answering(b'{"status": "ok", "queue": 3, "parts": [{"up": true}]}')


def present() -> StandingClock:
    """The time by which the certificates were made."""
    return StandingClock(datetime.now(UTC))


async def test_every_phase_of_an_exchange_is_timed_and_they_add_up(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(OK, tls=authority.server_context("payhub.test")) as server:
        batch = await probed(address=f"https://payhub.test:{server.port}/", ca_file=str(authority.ca_file))
    values = values_of(batch)
    phases = [values[f"phase:{name}"] for name in ("resolve", "connect", "tls", "first_byte")]
    assert all(seconds >= 0 for seconds in phases)
    assert sum(phases) <= values["phase:whole"] == values["response_time"]
    assert server.requests[0].headers["host"] == f"payhub.test:{server.port}"


async def test_a_certificate_is_told_with_its_days_left_and_the_connection_it_came_in(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(OK, tls=authority.server_context(days_left=90)) as server:
        batch = await probed(address=server.url(), ca_file=str(authority.ca_file), clock=present())
    facts = result_of(batch).facts
    assert values_of(batch)["certificate_expiry"] == pytest.approx(90, abs=0.1)
    assert fact(facts, "certificate_subject") == "CN=localhost"
    assert fact(facts, "certificate_issuer") == "CN=Quarterdeck test authority"
    assert fact(facts, "certificate_names") == "localhost 127.0.0.1"
    assert fact(facts, "certificate_verified") == "yes"
    assert fact(facts, "tls_version") == "TLSv1.3"
    assert fact(facts, "tls_cipher").startswith("TLS_")


async def test_a_certificate_near_its_end_is_a_warning_with_its_day(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(OK, tls=authority.server_context(days_left=9.5)) as server:
        batch = await probed(address=server.url(), ca_file=str(authority.ca_file), clock=present())
        relaxed = await probed(
            address=server.url(), ca_file=str(authority.ca_file), clock=present(), expiry_warning_days=0
        )
    result = result_of(batch)
    assert result.outcome == "warning"
    assert "; its certificate ends in 9 d (" in result.summary
    assert values_of(batch)["availability"] == 1.0
    assert result_of(relaxed).outcome == "passed"


@pytest.mark.parametrize(
    ("days_left", "signer", "words"),
    [(-2.0, "authority", "its certificate has expired"), (60.0, "itself", "its certificate is signed by itself")],
)
async def test_a_bad_certificate_fails_the_check_and_is_told_all_the_same(
    days_left: float, signer: str, words: str, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path)
    context = authority.server_context(days_left=days_left, self_signed=signer == "itself")
    async with http_server(OK, tls=context) as server:
        batch = await probed(address=server.url(), ca_file=str(authority.ca_file), clock=present())
    result = result_of(batch)
    assert result.outcome == "failed"
    assert words in result.summary
    assert values_of(batch)["certificate_expiry"] == pytest.approx(days_left, abs=0.1)
    assert fact(result.facts, "certificate_verified") == "no"
    assert "response_time" not in values_of(batch)


async def test_a_certificate_that_is_not_to_be_checked_does_not_fail_the_check(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with http_server(OK, tls=authority.server_context(self_signed=True)) as server:
        batch = await probed(address=server.url(), verify=False, clock=present())
    assert result_of(batch).outcome == "passed"
    assert fact(result_of(batch).facts, "certificate_verified") == "no"


async def test_the_token_is_sent_and_never_told() -> None:
    async with http_server(answering(b"no", status=403)) as server:
        batch = await probed(address=server.url(f"/?key={SECRET}"), secrets={"token": SECRET}, token_header="X-Api-Key")
    assert server.requests[0].headers["x-api-key"] == SECRET
    assert SECRET not in repr(batch)


async def test_a_redirect_to_another_host_is_followed_without_the_token() -> None:
    async with contextlib.AsyncExitStack() as stack:
        other = await stack.enter_async_context(http_server(OK))
        elsewhere = answering(status=302, headers={"location": other.url("/there")})
        server = await stack.enter_async_context(http_server(elsewhere))
        batch = await probed(address=server.url(), secrets={"token": SECRET}, contains="ok")
    assert result_of(batch).outcome == "passed"
    assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
    assert "authorization" not in other.requests[0].headers


async def test_a_redirect_within_the_host_keeps_the_token() -> None:
    async def respond(request: ServedRequest, writer: asyncio.StreamWriter) -> None:
        moved = request.target == "/"
        await write_reply(writer, 308 if moved else 200, {"location": "/in"} if moved else {}, b"ok")

    async with http_server(respond) as server:
        await probed(address=server.url(), secrets={"token": SECRET})
    assert [request.headers["authorization"] for request in server.requests] == [f"Bearer {SECRET}"] * 2


async def test_a_redirect_can_be_the_expected_answer() -> None:
    async with http_server(answering(status=301, headers={"location": "https://elsewhere.test/"})) as server:
        batch = await probed(address=server.url(), follow_redirects=False, expected_status="301")
    assert result_of(batch).outcome == "passed"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("/", "redirects in circles"),
        ("ftp://files.test/", "which is not followed"),
        ("http://[", "which is not followed"),
    ],
)
async def test_a_redirect_that_leads_nowhere_fails_the_check(location: str, words: str) -> None:
    async with http_server(answering(status=302, headers={"location": location})) as server:
        batch = await probed(address=server.url())
    assert result_of(batch).outcome == "failed"
    assert words in result_of(batch).summary
    assert len(server.requests) <= 6


async def test_a_head_request_judges_the_status_and_not_the_body() -> None:
    async with http_server(answering(b"")) as server:
        batch = await probed(address=server.url(), method="HEAD", contains="never")
    assert result_of(batch).outcome == "passed"
    assert server.requests[0].method == "HEAD"


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"contains": "fine"}, "the answer does not contain “fine”"),
        ({"lacks": "queue"}, "the answer contains “queue”"),
        ({"json_equals": "/status = ready"}, "/status is ok, not ready"),
        ({"json_equals": "/queue = 4"}, "/queue is 3, not 4"),
        ({"json_equals": "/parts/1/up = true"}, "the answer has nothing at /parts/1/up"),
    ],
)
async def test_a_body_that_is_not_as_expected_fails_the_check_with_what_is_wrong(
    rule: dict[str, SettingValue], words: str
) -> None:
    async with http_server(OK) as server:
        batch = await probed_with({"address": server.url(), **rule})
    assert words in result_of(batch).summary
    assert values_of(batch)["availability"] == 0.0
    assert "response_time" in values_of(batch)


async def test_a_body_that_is_as_expected_passes() -> None:
    rules = "/status = ok\n/queue = 3\n\n/parts/0/up = true"
    async with http_server(OK) as server:
        batch = await probed(address=server.url(), json_equals=rules, contains="ok", lacks="error")
    assert result_of(batch).outcome == "passed"


async def test_the_next_address_is_tried_when_the_first_refuses() -> None:
    async def two(_host: str, _port: int) -> tuple[str, ...]:
        return ("127.0.0.2", "127.0.0.1")

    async with http_server(OK) as server:
        batch = await probed(address=f"http://two.test:{server.port}/", source=Source(lookup=two))
    assert result_of(batch).outcome == "passed"


async def test_a_handshake_without_end_is_bounded() -> None:
    async def listen(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read(-1)

    async with tcp_server(listen) as port:
        batch = await probed(address=f"https://127.0.0.1:{port}/", timeout_seconds=0.3)
    assert "did not finish its answer within 0.3 s" in result_of(batch).summary
    assert "phase:connect" in values_of(batch)
