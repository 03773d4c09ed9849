"""The probe of programs that are not ours: an exporter over HTTP, OpenSSL's own server over TLS."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck.domain.facts import fact
from quarterdeck.sdk.testing import StandingClock
from tests.connectors.http_probe.probing import probed, result_of, values_of
from tests.connectors.running import free_port, node_exporter, running
from tests.support.certificates import make_authority


async def test_an_exporter_is_found_available_and_timed() -> None:
    async with node_exporter() as address:
        batch = await probed(address=address, contains="node_exporter_build_info", max_megabytes=16)
        wrong = await probed(address=address, lacks="node_exporter", max_megabytes=16)
    assert result_of(batch).outcome == "passed"
    assert values_of(batch)["response_time"] >= values_of(batch)["phase:first_byte"]
    assert "but the answer contains “node_exporter”" in result_of(wrong).summary


@pytest.mark.parametrize(("option", "version"), [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
async def test_openssl_is_found_with_its_version_and_certificate(option: str, version: str, tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    file = authority.server_file("peer.test", days_left=45)
    port = free_port()
    arguments = ["s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(file), "-key", str(file), option, "-quiet"]
    async with running("openssl", arguments, port):
        batch = await probed(
            kind="tls",
            address=f"127.0.0.1:{port}",
            ca_file=str(authority.ca_file),
            clock=StandingClock(datetime.now(UTC)),
        )
    assert result_of(batch).outcome == "passed"
    assert fact(result_of(batch).facts, "tls_version") == version
    assert values_of(batch)["certificate_expiry"] == pytest.approx(45, abs=0.1)
