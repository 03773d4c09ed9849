import asyncio
import json
import socket
import ssl
import stat
from collections.abc import AsyncIterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from cryptography import x509

from quarterdeck.demo.bank import BankSettings, serve_bank
from quarterdeck.demo.bank_clock import system_now
from quarterdeck.demo.certificates import EXPIRING_DAYS_LEFT, USUAL_DAYS_LEFT
from quarterdeck.demo.control import STATE_FILE, switch_fault
from quarterdeck.demo.faults import fault_names
from quarterdeck.domain.errors import OperatorError
from tests.demo.open_banks import OpenBank, open_bank
from tests.demo.worlds import MINUTE_MS, OPENED_AT
from tests.support.waiting import wait_until


@pytest.fixture
async def bank(tmp_path: Path) -> AsyncIterator[OpenBank]:
    async with open_bank(tmp_path / "run") as bank:
        yield bank


def days_left(bank: OpenBank) -> float:
    port = urlsplit(bank.addresses.northgate_health).port or 0
    context = ssl.create_default_context(cafile=str(bank.addresses.authority_file))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the clock of the test is not that of this machine
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain, context.wrap_socket(plain) as secured:
        certificate = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
    return (certificate.not_valid_after_utc - OPENED_AT) / timedelta(days=1)


async def test_every_server_of_a_calm_bank_answers(bank: OpenBank) -> None:
    addresses = bank.addresses
    for url in (
        f"{addresses.metrics}/-/healthy",
        addresses.payments_exporter,
        addresses.push_exporter,
        addresses.events,
        addresses.payhub_health,
        addresses.tessera_health,
        addresses.carillon_health,
        f"{addresses.status_page('payhub')}/api/v2/summary.json",
    ):
        assert (await bank.client.get(url)).status_code == 200, url


async def test_the_secure_partner_shows_a_certificate_of_the_demo_authority(bank: OpenBank) -> None:
    assert abs(await asyncio.to_thread(days_left, bank) - USUAL_DAYS_LEFT) < 0.01
    context = ssl.create_default_context(cafile=str(bank.addresses.authority_file))
    authority = context.get_ca_certs()[0]
    assert "Demo bank authority" in str(authority["subject"])


async def test_the_certificate_is_trusted_through_the_authority_file_and_only_so(tmp_path: Path) -> None:
    async with open_bank(tmp_path, now=system_now) as bank:
        context = ssl.create_default_context(cafile=str(bank.addresses.authority_file))
        async with httpx.AsyncClient(verify=context, trust_env=False) as client:
            assert (await client.get(bank.addresses.northgate_health)).json()["status"] == "ok"
        with pytest.raises(httpx.ConnectError, match="certificate"):
            await bank.client.get(bank.addresses.northgate_health)


async def test_everything_listens_on_loopback_only(bank: OpenBank) -> None:
    named = {urlsplit(str(getattr(bank.addresses, field.name))).port for field in fields(bank.addresses)} - {None}
    ours = [one.laddr for one in psutil.Process().net_connections("inet") if one.status == psutil.CONN_LISTEN]
    assert {address.port for address in ours} >= named
    assert {address.ip for address in ours if address.port in named} == {"127.0.0.1"}


async def test_the_control_endpoint_refuses_without_its_token(bank: OpenBank) -> None:
    url = f"{bank.addresses.control}/control/faults"
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        assert (await bank.client.get(url, headers=headers)).status_code == 401
        refused = await bank.client.post(f"{url}/payhub_outage", json={"on": True}, headers=headers)
        assert refused.status_code == 401
    assert await bank.value('bank_errors_ratio{entity="integration/payhub-processor"}') == pytest.approx(0, abs=0.02)


async def test_the_control_endpoint_lists_faults_and_refuses_what_it_cannot_read(bank: OpenBank) -> None:
    state = json.loads((bank.folder / STATE_FILE).read_text("utf-8"))
    headers = {"Authorization": f"Bearer {state['token']}"}
    url = f"{bank.addresses.control}/control/faults"
    listed = (await bank.client.get(url, headers=headers)).json()["faults"]
    assert tuple(fault["name"] for fault in listed) == fault_names()
    assert not any(fault["on"] for fault in listed)
    assert (await bank.client.post(f"{url}/nonsense", json={"on": True}, headers=headers)).status_code == 404
    for body in (b"", b"[]", b'{"on": 1}', b"x" * 10_000):
        assert (await bank.client.post(f"{url}/node_loss", content=body, headers=headers)).status_code == 400


async def test_only_the_owner_can_read_what_the_bank_writes(bank: OpenBank) -> None:
    assert stat.S_IMODE(bank.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in bank.folder.iterdir()} == {0o600}


async def test_an_outage_is_seen_at_the_health_endpoint_and_in_the_metrics_and_ends(bank: OpenBank) -> None:
    errors = 'bank_errors_ratio{entity="integration/payhub-processor"}'
    await bank.switch("payhub_outage", on=True)
    bank.clock.ms += MINUTE_MS
    assert (await bank.client.get(bank.addresses.payhub_health)).status_code == 503
    assert (await bank.value(errors) or 0) > 0.25
    summary = f"{bank.addresses.status_page('payhub')}/api/v2/summary.json"
    assert (await bank.client.get(summary)).json()["status"]["indicator"] == "none"
    await bank.switch("payhub_outage", on=False)
    bank.clock.ms += MINUTE_MS
    assert (await bank.client.get(bank.addresses.payhub_health)).status_code == 200
    assert (await bank.value(errors) or 0) < 0.02


async def test_a_silent_push_provider_refuses_connections_and_comes_back_on_the_same_port(tmp_path: Path) -> None:
    throughput = 'bank_requests_per_second{entity="integration/push"}'
    async with open_bank(tmp_path) as bank:
        await bank.switch("push_silent", on=True)
        bank.clock.ms += MINUTE_MS
        with pytest.raises(httpx.ConnectError):
            await bank.client.get(bank.addresses.push_exporter)
        assert await bank.value(throughput) is None
        await bank.switch("push_silent", on=False)
        bank.clock.ms += MINUTE_MS
        assert (await bank.client.get(bank.addresses.push_exporter)).status_code == 200
        assert await bank.value(throughput) is not None


async def test_an_expiring_certificate_is_shown_while_the_fault_lasts(bank: OpenBank) -> None:
    await bank.switch("certificate_expiry", on=True)
    assert abs(await asyncio.to_thread(days_left, bank) - EXPIRING_DAYS_LEFT) < 0.01
    await bank.switch("certificate_expiry", on=False)
    assert abs(await asyncio.to_thread(days_left, bank) - USUAL_DAYS_LEFT) < 0.01


async def test_a_lost_node_leaves_the_exporter_and_late_events_the_feed(bank: OpenBank) -> None:
    await bank.switch("node_loss", on=True)
    await bank.switch("late_events", on=True)
    bank.clock.ms += 10 * MINUTE_MS
    assert "payments-node-b" not in (await bank.client.get(bank.addresses.payments_exporter)).text
    cursor = f"{bank.clock.ms - 4 * MINUTE_MS}~"
    page = (await bank.client.get(bank.addresses.events, params={"cursor": cursor})).json()
    assert page["events"] == []


async def test_a_cursor_or_a_beginning_that_cannot_be_read_is_refused(bank: OpenBank) -> None:
    for parameters in ({"cursor": "x"}, {"since": "yesterday"}, {"since": "2026-11-24T12:00:00"}, {"limit": "all"}):
        assert (await bank.client.get(bank.addresses.events, params=parameters)).status_code == 400


async def test_the_usual_opening_has_something_to_see(tmp_path: Path) -> None:
    async with open_bank(tmp_path, faults=None) as bank:
        assert (await bank.client.get(bank.addresses.payhub_health)).status_code == 503
        with pytest.raises(httpx.ConnectError):
            await bank.client.get(bank.addresses.push_exporter)
        assert (await bank.client.get(bank.addresses.carillon_health)).status_code == 200


async def test_a_closed_bank_leaves_no_file_and_no_listener(tmp_path: Path) -> None:
    async with open_bank(tmp_path) as bank:
        ports = {urlsplit(str(getattr(bank.addresses, field.name))).port for field in fields(bank.addresses)} - {None}
    assert not any(await asyncio.to_thread(lambda: list(tmp_path.iterdir())))
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port or 0)) != 0


async def test_a_slow_answer_does_not_hold_up_the_closing(tmp_path: Path) -> None:
    async with open_bank(tmp_path, faults=("slow_aggregation",)) as bank:
        slow = asyncio.create_task(bank.client.get(bank.addresses.tessera_health))
        await asyncio.to_thread(wait_until, lambda: _is_asked(bank.addresses.tessera_health), "the request to arrive")
    assert slow.done() or (await asyncio.wait({slow}, timeout=1.0))[0]
    slow.exception()


def test_switching_a_fault_without_a_bank_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="No demo bank runs here") as caught:
        switch_fault(tmp_path, "payhub_outage", on=True)
    assert "quarterdeck demo" in caught.value.next_step


def test_switching_with_the_file_of_a_bank_that_is_gone_says_so(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        content = {"port": unused.getsockname()[1], "token": "t"}
        (tmp_path / STATE_FILE).write_text(json.dumps(content), "utf-8")
        with pytest.raises(OperatorError, match="No demo bank runs here"):
            switch_fault(tmp_path, "payhub_outage", on=True)


def test_a_fault_nobody_knows_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="no fault called nonsense") as caught:
        switch_fault(tmp_path, "nonsense", on=True)
    assert "payhub_outage" in caught.value.next_step


@pytest.mark.parametrize("settings", [{"speed": 0.0}, {"speed": 1e9}, {"faults": ("nonsense",)}])
async def test_settings_that_cannot_stand_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(OperatorError):
        await serve_bank(BankSettings(tmp_path, **settings), ready=print, stop=asyncio.Event())


async def test_a_second_bank_with_the_same_folder_is_refused_and_the_first_goes_on(bank: OpenBank) -> None:
    with pytest.raises(OperatorError, match="already runs here"):
        await serve_bank(BankSettings(bank.folder), ready=print, stop=asyncio.Event())
    assert bank.addresses.authority_file.exists()
    await bank.switch("node_loss", on=True)


async def test_ending_a_fault_that_does_not_run_is_refused_with_those_that_do(bank: OpenBank) -> None:
    with pytest.raises(OperatorError, match="payhub_outage does not run") as calm:
        await bank.switch("payhub_outage", on=False)
    assert "No fault runs" in calm.value.next_step
    await bank.switch("node_loss", on=True)
    await bank.switch("late_events", on=True)
    with pytest.raises(OperatorError) as caught:
        await bank.switch("payhub_outage", on=False)
    assert caught.value.next_step == "Running are node_loss, late_events."


async def test_a_runtime_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OperatorError, match="cannot open"):
        await serve_bank(BankSettings(tmp_path / "file" / "run"), ready=print, stop=asyncio.Event())


def _is_asked(url: str) -> bool:
    port = urlsplit(url).port
    return any(
        one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port
        for one in psutil.Process().net_connections("inet")
    )
