import httpx
import pytest

from quarterdeck.demo.status_pages import PAGES, StatusPages
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


async def test_a_page_nobody_has_is_not_found() -> None:
    transport = httpx.ASGITransport(pages_of(paper_bank()).app())
    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as client:
        assert (await client.get("/nobody/api/v2/summary.json")).status_code == 404
