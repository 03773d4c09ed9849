"""The probe of ports, handshakes and names against real local servers."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import dns.rcode
import pytest

from quarterdeck.connectors.http_probe.source import Source
from quarterdeck.domain.facts import fact
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.testing import StandingClock, collect_all, context_for, settings_for
from quarterdeck.sdk.testing.servers import tcp_server
from tests.connectors.http_probe.probing import (
    ENTITY,
    MANIFEST,
    answering_with,
    name_server,
    probed,
    refusing_with,
    result_of,
    values_of,
)
from tests.support.certificates import make_authority


async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail.test ESMTP\r\n")
    await writer.drain()
    await reader.read(-1)


async def keep_quiet(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read(-1)


async def test_a_port_that_opens_passes_with_its_times() -> None:
    async with tcp_server(keep_quiet) as port:
        batch = await probed(kind="tcp", address=f"mail.test:{port}")
    assert result_of(batch).summary.startswith(f"mail.test:{port} opens in ")
    assert values_of(batch).keys() == {
        "availability",
        "response_time",
        "phase:resolve",
        "phase:connect",
        "phase:whole",
    }


async def test_a_port_that_refuses_fails_without_a_response_time() -> None:
    async with tcp_server(keep_quiet) as port:
        pass
    batch = await probed(kind="tcp", address=f"127.0.0.1:{port}")
    assert result_of(batch).summary == f"Connection refused by 127.0.0.1:{port}."
    assert values_of(batch) == {"availability": 0.0}


async def test_a_greeting_is_held_against_the_expected() -> None:
    async with tcp_server(greet) as port:
        good = await probed(kind="tcp", address=f"127.0.0.1:{port}", contains="220 ")
        bad = await probed(kind="tcp", address=f"127.0.0.1:{port}", contains="+OK", timeout_seconds=0.3)
    assert result_of(good).outcome == "passed"
    assert fact(result_of(good).facts, "greeting") == "220 mail.test ESMTP"
    assert result_of(bad).outcome == "failed"


async def test_another_greeting_than_expected_is_shown() -> None:
    async def close_after_greeting(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"554 go away\x1b[31m\r\n")
        await writer.drain()

    async with tcp_server(close_after_greeting) as port:
        batch = await probed(kind="tcp", address=f"127.0.0.1:{port}", contains="220")
    assert result_of(batch).summary == f"127.0.0.1:{port} opens, but greets with “554 go away [31m”."


async def test_a_handshake_tells_the_certificate_and_its_days_left(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with tcp_server(keep_quiet, tls=authority.server_context("ldap.test", days_left=30)) as port:
        batch = await probed(
            kind="tls",
            address=f"127.0.0.1:{port}",
            server_name="ldap.test",
            ca_file=str(authority.ca_file),
            clock=StandingClock(datetime.now(UTC)),
        )
    assert result_of(batch).summary.startswith(f"127.0.0.1:{port} speaks TLSv1.3 in ")
    assert values_of(batch)["certificate_expiry"] == pytest.approx(30, abs=0.1)
    assert "phase:tls" in values_of(batch)


async def test_an_expired_certificate_fails_the_handshake_and_is_told(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    async with tcp_server(keep_quiet, tls=authority.server_context(days_left=-3)) as port:
        batch = await probed(
            kind="tls",
            address=f"127.0.0.1:{port}",
            ca_file=str(authority.ca_file),
            clock=StandingClock(datetime.now(UTC)),
        )
    assert result_of(batch).summary == f"No secure connection to 127.0.0.1:{port}: its certificate has expired."
    assert values_of(batch)["certificate_expiry"] == pytest.approx(-3, abs=0.1)


async def test_a_port_that_speaks_no_tls_fails_the_handshake() -> None:
    async with tcp_server(greet) as port:
        batch = await probed(kind="tls", address=f"127.0.0.1:{port}")
    assert "it does not speak TLS on this port" in result_of(batch).summary


async def test_a_port_silent_in_the_handshake_is_bounded() -> None:
    async with tcp_server(keep_quiet) as port:
        batch = await probed(kind="tls", address=f"127.0.0.1:{port}", timeout_seconds=0.3)
    assert "did not finish its answer within 0.3 s" in result_of(batch).summary


async def test_an_authority_file_that_is_none_is_the_probes_own_failure(tmp_path: Path) -> None:
    for kind in ("http", "tls"):
        address = "https://127.0.0.1:1/" if kind == "http" else "127.0.0.1:1"
        given = settings_for(
            MANIFEST, {"kind": kind, "address": address, "entity": ENTITY, "ca_file": str(tmp_path / "none.pem")}
        )
        assert isinstance((await collect_all(Source(), context_for(given))).fault, Misconfigured)


async def test_a_name_is_told_with_its_answers() -> None:
    async with name_server(answering_with("A 192.0.2.11", "A 192.0.2.10")) as server:
        batch = await probed(
            kind="dns", address="payhub.test", dns_server=server, expected_answers="192.0.2.10 192.0.2.11"
        )
    assert result_of(batch).summary.startswith("payhub.test is 192.0.2.10, 192.0.2.11 in ")
    assert fact(result_of(batch).facts, "ttl_seconds") == "300"
    assert values_of(batch).keys() == {"availability", "response_time", "phase:resolve", "phase:whole"}


@pytest.mark.parametrize(
    ("record_type", "record", "expected"),
    [
        ("MX", "MX 10 mail.test.", "10 mail.test"),
        ("CNAME", "CNAME edge.test.", "edge.test"),
        ("TXT", 'TXT "v=1"', '"v=1"'),
    ],
)
async def test_records_of_other_types_are_compared_as_written(record_type: str, record: str, expected: str) -> None:
    async with name_server(answering_with(record)) as server:
        batch = await probed(kind="dns", address="payhub.test", dns_server=server, record_type=record_type)
    assert fact(result_of(batch).facts, "answers") == expected


async def test_an_answer_that_is_missing_fails_the_check() -> None:
    async with name_server(answering_with("A 198.51.100.66")) as server:
        batch = await probed(kind="dns", address="payhub.test", dns_server=server, expected_answers="192.0.2.10")
    assert result_of(batch).summary == "payhub.test is 198.51.100.66; 192.0.2.10 is not among the answers."


@pytest.mark.parametrize(
    ("code", "words"),
    [(dns.rcode.NXDOMAIN, "DNS knows no name payhub.test."), (dns.rcode.SERVFAIL, "fails to answer for payhub.test.")],
)
async def test_a_name_server_that_refuses_fails_the_check(code: dns.rcode.Rcode, words: str) -> None:
    async with name_server(refusing_with(code)) as server:
        batch = await probed(kind="dns", address="payhub.test", dns_server=server, timeout_seconds=5)
    assert result_of(batch).outcome == "failed"
    assert words in result_of(batch).summary


async def test_a_record_that_does_not_exist_fails_the_check() -> None:
    async with name_server(answering_with()) as server:
        batch = await probed(kind="dns", address="payhub.test", dns_server=server, record_type="AAAA")
    assert result_of(batch).summary == "DNS has no AAAA record for payhub.test."


async def test_a_silent_name_server_fails_the_check_in_time() -> None:
    async with name_server(lambda _question: b"") as server:
        batch = await probed(kind="dns", address="payhub.test", dns_server=server, timeout_seconds=0.5)
    assert result_of(batch).outcome == "failed"
    assert "response_time" not in values_of(batch)


async def test_a_name_server_that_babbles_fails_the_check_in_time() -> None:
    async with name_server(lambda _question: b"\xff" * 40) as server:
        batch = await probed(kind="dns", address="payhub.test", dns_server=server, timeout_seconds=0.5)
    assert result_of(batch).outcome == "failed"
