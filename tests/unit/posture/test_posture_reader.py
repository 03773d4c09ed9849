"""Security, data governance and third parties at a moment: what is known, what is not, and by what evidence."""

import csv
import io
from datetime import timedelta

import pytest

from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.errors import StoreUnavailable
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.policies import EvidenceKind
from quarterdeck.sdk.records import Batch
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import EstateChange
from quarterdeck.services.posture import Figure, PostureRow, PostureTable, PostureView, posture_csv
from quarterdeck.services.posture_reader import PostureReader
from quarterdeck.services.risks import RiskDraft, RiskRegister
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, PATIENCE_SECONDS, after, take_in
from tests.unit.policies.scans import PICKLE, SHELL
from tests.unit.policies.scans import evidence as scan_reported
from tests.unit.policies.test_assessor import DAY, PARTNER, PAYHUB, World, policy

RAIL, CHANNEL = "service/rail", "channel/sms"
KEPT = policy("DG-03", "data.retention_days <= 3653", EvidenceKind.DECLARATION, 24 * 365)


@pytest.fixture
async def world(store: SqlStore) -> World:
    """A partner, an integration and a service behind it, judged; the integration's certificate ends in ten days."""
    made = World(store)
    made.policies.append(KEPT)
    made.write(
        EstateChange(
            NOON,
            "estate.yaml",
            put_entities=(
                Entity(PARTNER, EntityKind.PARTNER, "PayHub Inc", facts=facts_of({"key_rotated": "2025-11-22"})),
                Entity(
                    PAYHUB,
                    EntityKind.INTEGRATION,
                    "PayHub",
                    "bill_pay",
                    "payments",
                    1,
                    facts=facts_of({"retention_days": "9000", "may_see": "payments; fraud", "exit_plan": "X-1"}),
                ),
                Entity(RAIL, EntityKind.SERVICE, "Rail", "bill_pay"),
                Entity(CHANNEL, EntityKind.CHANNEL, "SMS"),
            ),
            put_relations=(
                Relation(
                    RelationKind.EXTERNAL_INTERNAL,
                    PARTNER,
                    PAYHUB,
                    facts_of({"data_class": "payment", "protocol": "HTTPS/JSON"}),
                ),
                Relation(RelationKind.EXTERNAL_INTERNAL, PAYHUB, RAIL),
            ),
        )
    )
    made.probe("TLSv1.3", days=10)
    await made.judge()
    return made


def moment(seconds: float = 60) -> Moment:
    return Moment(TimeRange(after(seconds - 3_600), after(seconds)), after(seconds), live=False)


def table(
    world: World, view: PostureView, kind: EntityKind = EntityKind.INTEGRATION, seconds: float = 60
) -> PostureTable:
    return PostureReader(world.store).table(view, moment(seconds), kind)


def row(found: PostureTable, name: str) -> PostureRow:
    return next(each for each in found.rows if each.name == name)


def figure(found: PostureRow, label: str) -> Figure:
    return next(each for each in found.figures if each.label == label)


def scanned(world: World, record: EvidenceRecord) -> None:
    world.store.compliance.add_evidence([record]).result(PATIENCE_SECONDS)


async def test_a_moment_before_anything_was_declared_has_no_rows(world: World) -> None:
    assert [table(world, view, seconds=-60).rows for view in PostureView] == [(), (), ()]


async def test_a_store_that_cannot_be_read_is_told_as_such(world: World) -> None:
    reader = PostureReader(world.store)
    world.store.close()
    with pytest.raises(StoreUnavailable):
        reader.table(PostureView.SECURITY, moment(), EntityKind.INTEGRATION)


async def test_a_certificate_is_told_with_its_days_and_the_policy_that_it_breaks(world: World) -> None:
    found = figure(table(world, PostureView.SECURITY).rows[0], "Certificate")
    assert (found.words, found.state) == ("ends in 9 d", HealthState.DOWN)
    assert [each.words for each in found.judged_by] == ["SEC-01 not satisfied"]
    assert "“PayHub probe” of partner/payhub" in found.told_by


async def test_a_protocol_is_not_marked_by_a_policy_that_fails_for_another_fact(world: World) -> None:
    found = figure(table(world, PostureView.SECURITY).rows[0], "Protocol")
    assert (found.words, found.state) == ("TLS 1.3", None)
    assert [each.words for each in found.judged_by] == ["SEC-01 not satisfied for another reason"]


async def test_a_certificate_that_has_ended_is_told_so(world: World) -> None:
    world.now_at = after(60)
    world.probe(days=-2)
    assert figure(table(world, PostureView.SECURITY, seconds=120).rows[0], "Certificate").words == "ended 3 d ago"


async def test_a_certificate_that_nobody_saw_for_days_is_not_known(world: World) -> None:
    found = table(world, PostureView.SECURITY, seconds=3 * 86_400).rows[0]
    labels = ("Certificate", "Chain", "Protocol")
    assert [figure(found, label).is_known for label in labels] == [False, False, False]
    assert "within a day" in figure(found, "Certificate").told_by


async def test_a_chain_is_trusted_only_where_every_check_says_so(world: World) -> None:
    assert figure(table(world, PostureView.SECURITY).rows[0], "Chain").words == "trusted"
    facts = {"certificate_not_after": (NOON + 30 * DAY).isoformat(), "certificate_issuer": "Some CA"}
    for verified, told in (("", ""), ("no", "not trusted")):
        own = facts_of(facts | ({"certificate_verified": verified} if verified else {}))
        check = CheckResult(PAYHUB, "own", NOON, CheckOutcome.PASSED, "Answered.", facts=own)
        take_in(world.store, Batch(checks=(check,)), received_at=NOON)
        found = figure(table(world, PostureView.SECURITY).rows[0], "Chain")
        assert found.words == told
    assert "issued by Some CA" in found.told_by


async def test_versions_that_not_every_check_tells_are_not_known(world: World) -> None:
    facts = facts_of({"certificate_not_after": (NOON + 30 * DAY).isoformat()})
    check = CheckResult(PAYHUB, "own", NOON, CheckOutcome.PASSED, "Answered.", facts=facts)
    take_in(world.store, Batch(checks=(check,)), received_at=NOON)
    found = table(world, PostureView.SECURITY).rows[0]
    assert not figure(found, "Protocol").is_known
    assert figure(found, "Certificate").words == "ends in 9 d, first of 2"


async def test_keys_are_as_old_as_the_oldest_declared_for_it_or_its_partner(world: World) -> None:
    found = figure(table(world, PostureView.SECURITY).rows[0], "Keys")
    assert (found.words, found.state) == ("100 d old", None)
    assert "partner/payhub" in found.told_by


async def test_exposure_names_the_partners_faced_and_links_that_do_not_say_how_they_are_encrypted(world: World) -> None:
    assert figure(table(world, PostureView.SECURITY).rows[0], "Exposure").words == "faces PayHub Inc"
    service = table(world, PostureView.SECURITY, EntityKind.SERVICE).rows[0]
    assert figure(service, "Exposure").words == "behind PayHub"
    plain = Relation(RelationKind.EXTERNAL_INTERNAL, PAYHUB, RAIL, facts_of({"data_class": "payment"}))
    world.write(EstateChange(after(10), "estate.yaml", put_relations=(plain,)))
    found = figure(table(world, PostureView.SECURITY).rows[0], "Exposure")
    assert found.words == "faces PayHub Inc; 1 of 2 links undeclared"


async def test_no_scan_is_not_told_as_no_findings(world: World) -> None:
    found = figure(table(world, PostureView.SECURITY).rows[0], "Scanners")
    assert (found.is_known, found.told_by) == (False, "No scanner has reported on it.")
    scanned(world, scan_reported(after(5)))
    assert figure(table(world, PostureView.SECURITY).rows[0], "Scanners").words == "nothing open"


async def test_findings_of_scanners_are_counted_with_the_worst(world: World) -> None:
    scanned(world, scan_reported(after(5), SHELL, PICKLE))
    found = figure(table(world, PostureView.SECURITY).rows[0], "Scanners")
    assert (found.words, found.state) == ("2 open, worst high", HealthState.DOWN)
    assert found.told_by.endswith("1 high, 1 low.")


async def test_each_relation_tells_the_data_it_carries_and_how_it_is_protected(world: World) -> None:
    found = table(world, PostureView.DATA)
    outer, inner = row(found, "PayHub Inc → PayHub"), row(found, "PayHub → Rail")
    assert [figure(outer, label).words for label in ("Data class", "Protected by")] == ["payment", "HTTPS/JSON"]
    assert [figure(inner, label).is_known for label in ("Data class", "Protected by")] == [False, False]


async def test_retention_is_held_against_the_policy_that_reads_it(world: World) -> None:
    found = figure(row(table(world, PostureView.DATA), "PayHub → Rail"), "Kept for")
    assert (found.words, found.state) == ("9,000 d", HealthState.DOWN)
    assert [each.words for each in found.judged_by] == ["DG-03 not satisfied"]


async def test_who_may_see_is_told_only_where_it_is_declared(world: World) -> None:
    assert figure(row(table(world, PostureView.DATA), "PayHub → Rail"), "Who may see").words == "payments, fraud"
    world.write(
        EstateChange(after(10), "estate.yaml", put_entities=(Entity(PAYHUB, EntityKind.INTEGRATION, "PayHub"),))
    )
    found = figure(row(table(world, PostureView.DATA), "PayHub → Rail"), "Who may see")
    assert (found.words, found.told_by) == (
        "",
        "Who may see the data is not declared (`may_see`). It has no declared owner.",
    )


async def test_an_access_review_counts_from_the_older_of_both_ends(world: World) -> None:
    ends = ((PAYHUB, EntityKind.INTEGRATION, "2026-01-31"), (RAIL, EntityKind.SERVICE, "2026-02-20"))
    entities = tuple(Entity(key, kind, key, facts=facts_of({"access_reviewed": day})) for key, kind, day in ends)
    world.write(EstateChange(after(10), "estate.yaml", put_entities=entities))
    found = figure(row(table(world, PostureView.DATA), f"{PAYHUB} → {RAIL}"), "Access reviewed")
    assert (found.words, found.state) == ("30 d ago", None)


async def test_a_partner_is_as_critical_as_the_most_critical_that_runs_to_it(world: World) -> None:
    found = table(world, PostureView.PARTNERS).rows[0]
    assert figure(found, "Criticality").words == "tier 1"
    assert figure(found, "Substitutable").words == "exit planned, 1 of 1"
    declared = facts_of({"criticality": "vital", "substitutable_by": "OtherPay"})
    partner = Entity(PARTNER, EntityKind.PARTNER, "PayHub Inc", facts=declared)
    world.write(EstateChange(after(10), "estate.yaml", put_entities=(partner,)))
    found = table(world, PostureView.PARTNERS).rows[0]
    assert figure(found, "Criticality").words == "vital, tier 1"
    assert figure(found, "Substitutable").words == "by OtherPay"


async def test_what_falls_with_a_partner_is_named_at_any_distance(world: World) -> None:
    found = figure(table(world, PostureView.PARTNERS).rows[0], "Falls with it")
    assert (found.words, found.rank) == ("1 service", 2.0)
    assert found.told_by.startswith("1 integration, 1 service: PayHub, Rail. It is the most")


async def test_open_findings_of_a_partner_are_those_of_its_integrations_and_scans(world: World) -> None:
    scanned(world, scan_reported(after(5), SHELL))
    found = figure(table(world, PostureView.PARTNERS).rows[0], "Findings")
    assert found.words == "3 open, 1 without evidence"
    assert {each.policy_id for each in found.judged_by} == {"SEC-01", "DG-03"}


async def test_risks_of_a_partner_are_those_of_its_integrations_that_are_open(world: World) -> None:
    register = RiskRegister(world.store)
    assert figure(table(world, PostureView.PARTNERS).rows[0], "Risks").words == "none registered"
    added = register.add(RiskDraft("PayHub outage", PAYHUB, 4, 5, "anna"), after(10))
    found = figure(table(world, PostureView.PARTNERS).rows[0], "Risks")
    assert (found.words, found.state) == ("1, 20 critical, 1 to decide", HealthState.DOWN)
    register.close(added.risk.id, "anna", "replaced", after(20))
    assert figure(table(world, PostureView.PARTNERS).rows[0], "Risks").words == "none registered"


async def test_a_partner_without_a_status_page_has_no_record_of_claims(world: World) -> None:
    found = figure(table(world, PostureView.PARTNERS).rows[0], "Claims right")
    assert (found.is_known, found.told_by) == (False, "It has claimed nothing: no status page of it is read.")


async def test_claims_are_told_against_what_was_measured(world: World) -> None:
    claim = ClaimedStatus(PARTNER, NOON, HealthState.HEALTHY, "All well")
    take_in(world.store, Batch(claimed=(claim,)), received_at=NOON)
    world.now_at = after(600)
    world.states((HealthState.DOWN, 0))
    found = figure(table(world, PostureView.PARTNERS, seconds=600).rows[0], "Claims right")
    assert found.words == "0.00%, 1 disputed"
    assert "too good for 10 min" in found.told_by


async def test_the_soonest_end_of_a_partner_is_told_first(world: World) -> None:
    assert not figure(table(world, PostureView.PARTNERS).rows[0], "Ends next").is_known
    partner = Entity(PARTNER, EntityKind.PARTNER, "PayHub Inc", facts=facts_of({"key_ends": "2026-04-01"}))
    world.write(EstateChange(after(10), "estate.yaml", put_entities=(partner,)))
    found = figure(table(world, PostureView.PARTNERS).rows[0], "Ends next")
    assert found.words.endswith(" d, key")


async def test_each_figure_opens_the_newest_evidence_that_it_rests_on(world: World) -> None:
    first = table(world, PostureView.SECURITY).rows[0]
    opened = {each.figure.label: each.records for each in PostureReader(world.store).evidence(first, after(60))}
    assert [record.kind for record in opened["Certificate"]] == [EvidenceKind.CERTIFICATE]
    assert [record.entity_key for record in opened["Exposure"]] == [PAYHUB]
    assert opened["Scanners"] == ()
    before = PostureReader(world.store).evidence(first, NOON - timedelta(days=1))
    assert [each.records for each in before] == [()] * len(first.figures)


async def test_a_table_as_csv_has_a_line_for_each_figure_and_says_what_is_not_known(world: World) -> None:
    found = table(world, PostureView.SECURITY)
    lines = list(csv.DictReader(io.StringIO(posture_csv(found))))
    assert len(lines) == found.figure_count == 6
    told = {line["Figure"]: line["Value"] for line in lines}
    assert (told["Certificate"], told["Scanners"]) == ("ends in 9 d", "not known")
    assert sum(value == "not known" for value in told.values()) == found.unknown_count
    assert {line["Query"] for line in lines} == {found.query}
