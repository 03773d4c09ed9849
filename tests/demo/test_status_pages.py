from dataclasses import replace

import httpx
import pytest

from quarterdeck.demo.status_pages import PAGES, StatusPage, StatusPages
from quarterdeck.domain.checks import ClaimedStatus
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange, to_ms
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.registry import EntryPointRegistry
from quarterdeck.sdk.testing import collect_all, context_for, settings_for
from tests.demo.worlds import DAY_MS, MINUTE_MS, OPENED_MS, PaperBank, paper_bank


def pages_of(bank: PaperBank) -> StatusPages:
    return StatusPages(bank.calendar, bank.faults, bank.clock.now_ms)


def status_of(bank: PaperBank, partner: str, component: str) -> str:
    page = next(page for page in PAGES if page.partner == partner)
    components = pages_of(bank).summary(page)["components"]
    return next(one["status"] for one in components if one["name"] == component)


def test_a_partner_still_claims_to_be_operational_minutes_into_its_outage() -> None:
    bank = paper_bank()
    bank.faults.start("payhub_outage", bank.clock.ms)
    bank.clock.ms += 6 * MINUTE_MS
    assert status_of(bank, "payhub", "Payments API") == "operational"


def test_a_partner_admits_an_outage_step_by_step() -> None:
    bank = paper_bank()
    bank.faults.start("payhub_outage", bank.clock.ms)
    bank.clock.ms += 8 * MINUTE_MS
    assert status_of(bank, "payhub", "Payments API") == "degraded_performance"
    bank.clock.ms += 20 * MINUTE_MS
    assert status_of(bank, "payhub", "Payments API") == "partial_outage"
    assert status_of(bank, "payhub", "Reporting") == "operational"


def test_an_incident_is_monitored_after_its_end_and_then_leaves_the_page() -> None:
    bank = paper_bank()
    bank.faults.start("payhub_outage", bank.clock.ms)
    bank.clock.ms += 15 * MINUTE_MS
    bank.faults.end("payhub_outage", bank.clock.ms)
    bank.clock.ms += 2 * MINUTE_MS
    incident = pages_of(bank).summary(PAGES[0])["incidents"][0]
    assert incident["status"] == "monitoring"
    assert [update["status"] for update in incident["incident_updates"]] == ["monitoring", "investigating"]
    assert status_of(bank, "payhub", "Payments API") == "operational"
    bank.clock.ms += 10 * MINUTE_MS
    assert pages_of(bank).summary(PAGES[0])["incidents"] == []


def test_a_bank_behind_the_aggregator_is_named_while_the_aggregator_calls_itself_well() -> None:
    bank = paper_bank(opening=())
    bank.faults.start("institution_outage", bank.clock.ms)
    bank.clock.ms += 12 * MINUTE_MS
    assert status_of(bank, "tessera", "Marlow Bank") == "partial_outage"
    assert status_of(bank, "tessera", "Account data API") == "operational"


def test_a_page_reports_an_outage_that_nobody_feels() -> None:
    bank = paper_bank(opening=())
    bank.faults.start("needless_alarm", bank.clock.ms)
    assert status_of(bank, "carillon", "SMS") == "major_outage"


def test_slowness_and_silence_are_not_admitted_for_a_long_time() -> None:
    bank = paper_bank(opening=("slow_aggregation", "push_silent"))
    assert status_of(bank, "tessera", "Account data API") == "operational"
    assert status_of(bank, "carillon", "Push") == "operational"


def test_the_clearing_announces_its_maintenance_and_is_under_it_on_sunday() -> None:
    bank = paper_bank()
    page = next(page for page in PAGES if page.partner == "northgate")
    assert [one["status"] for one in pages_of(bank).summary(page)["scheduled_maintenances"]] == ["scheduled"]
    bank.clock.ms = (OPENED_MS // DAY_MS + 5) * DAY_MS + 150 * MINUTE_MS  # Sunday, half past two
    assert pages_of(bank).summary(page)["scheduled_maintenances"][0]["status"] == "in_progress"
    assert status_of(bank, "northgate", "Clearing") == "under_maintenance"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.partner)
async def test_every_partner_has_a_page_that_begins_with_all_systems_operational(page: object) -> None:
    transport = httpx.ASGITransport(pages_of(paper_bank()).app())
    partner = getattr(page, "partner", "")
    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as client:
        reply = (await client.get(f"/{partner}/api/v2/summary.json")).json()
        status = (await client.get(f"/{partner}/api/v2/status.json")).json()
    assert reply.keys() == {"page", "components", "incidents", "scheduled_maintenances", "status"}
    assert reply["status"] == status["status"] == {"indicator": "none", "description": "All Systems Operational"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.partner)
async def test_the_history_of_a_page_is_read_back_by_the_connector_for_ninety_days(page: StatusPage) -> None:
    bank = paper_bank()
    claims = await past_claims(bank, page)
    states = {claim.state for claim in claims}
    expected = {
        "payhub": {HealthState.HEALTHY, HealthState.DEGRADED},
        "tessera": {HealthState.HEALTHY, HealthState.DEGRADED},
        "northgate": {HealthState.HEALTHY, HealthState.MAINTENANCE},
        "carillon": {HealthState.HEALTHY, HealthState.DOWN},
    }
    assert states == expected[page.partner]


async def test_the_page_of_payhub_lags_each_outage_of_ninety_days_by_seven_minutes() -> None:
    bank = paper_bank()
    claims = await past_claims(bank, PAGES[0])
    admitted = {to_ms(claim.claimed_at) for claim in claims if claim.state is HealthState.DEGRADED}
    spans = [span for span in bank.faults.spans(OPENED_MS - 89 * DAY_MS, OPENED_MS) if span.name == "payhub_outage"]
    long = [span.from_ms + 7 * MINUTE_MS for span in spans if span.to_ms and span.to_ms - span.from_ms > 7 * MINUTE_MS]
    assert len(long) > 2
    assert all(at in admitted for at in long)


async def past_claims(bank: PaperBank, page: StatusPage) -> list[ClaimedStatus]:
    """What the connector makes of the history of a page."""
    source = EntryPointRegistry().load("status_page")
    address = {"address": f"http://bank/{page.partner}", "entity": f"partner/{page.partner}"}
    transport = httpx.ASGITransport(pages_of(bank).app())
    context = replace(context_for(settings_for(source.manifest, address), transport=transport), now=bank.clock.now)
    window = Window(TimeRange.ending(bank.clock.now(), 90 * 86400), Purpose.BACKFILL)
    batch = (await collect_all(source.connector, context, window=window)).only
    return list(batch.claimed)


async def test_a_page_nobody_has_is_not_found() -> None:
    transport = httpx.ASGITransport(pages_of(paper_bank()).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as client:
        assert (await client.get("/nobody/api/v2/summary.json")).status_code == 404
