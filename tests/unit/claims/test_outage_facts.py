"""What is gathered around the onset of an outage from a real store, and the sentence that comes of it."""

from typing import Any

import pytest

from quarterdeck.domain.checks import CheckOutcome, CheckResult, ClaimedStatus
from quarterdeck.domain.connections import Connection
from quarterdeck.domain.estate import Entity, EntityKind, Relation, RelationKind
from quarterdeck.domain.events import Change
from quarterdeck.domain.facts import facts_of
from quarterdeck.domain.fault_class import (
    Certainty,
    Clue,
    ErrorSide,
    FaultClass,
    FaultVerdict,
    Missing,
    Others,
    OutageFacts,
    ProbeEnd,
    Reason,
)
from quarterdeck.domain.health import Grounds, HealthState, StateInterval
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.series import Meaning, SeriesIdentity
from quarterdeck.sdk.records import Batch, Samples
from quarterdeck.services.fault_class import FaultReader, JudgedOutage
from quarterdeck.services.fault_words import class_words, fault_words, missing_words
from quarterdeck.services.outage_facts import OutageFactReader, probe_end
from quarterdeck.services.ports import EstateChange, StateChange
from quarterdeck.storage.store import SqlStore
from tests.support.stores import store, take_in
from tests.unit.claims.courses import H, minute

__all__ = ["store"]

E, R = EntityKind, RelationKind
ONSET = 100.0
LATER = minute(ONSET + 60)
ENTITIES = (
    Entity("partner/hub", E.PARTNER, "Hub", facts=(("institutions", "Marlow Bank; Harrow; "),)),
    Entity("partner/other", E.PARTNER, "Other"),
    Entity("partner/third", E.PARTNER, "Third"),
    Entity("integration/a", E.INTEGRATION, "A"),
    Entity("integration/b", E.INTEGRATION, "B"),
    Entity("integration/c", E.INTEGRATION, "C"),
    Entity("integration/inner", E.INTEGRATION, "Inner"),
    Entity("service/s", E.SERVICE, "S"),
    Entity("component/gate", E.COMPONENT, "gate"),
    Entity("component/host", E.COMPONENT, "host"),
    Entity("channel/sms", E.CHANNEL, "SMS"),
)
RELATIONS = (
    Relation(R.EXTERNAL_INTERNAL, "partner/hub", "integration/a"),
    Relation(R.EXTERNAL_INTERNAL, "partner/hub", "integration/b"),
    Relation(R.EXTERNAL_INTERNAL, "partner/other", "integration/c"),
    Relation(R.EXTERNAL_INTERNAL, "integration/a", "service/s"),
    Relation(R.EXTERNAL_INTERNAL, "integration/c", "service/s"),
    Relation(R.EXTERNAL_INTERNAL, "integration/inner", "service/s"),
    Relation(R.SERVICE_COMPONENT, "service/s", "component/gate"),
)
OUTAGE = StateInterval("integration/a", H.DOWN, "Error rate 40%", minute(ONSET), None, "series:error_rate")


@pytest.fixture
def bank(store: SqlStore) -> SqlStore:
    """An estate in which one partner has two integrations, and another one that shares a component."""
    machine = Connection("m", "this_machine", "Machine", (("entity", "component/host"),))
    change = EstateChange(
        minute(-600), "test", put_entities=ENTITIES, put_relations=RELATIONS, put_connections=(machine,)
    )
    store.writer.change_estate(change).result(20)
    return store


def measure(store: SqlStore, key: str, *parts: tuple[float, float, HealthState], cause: str = "series:x") -> None:
    told = tuple(StateInterval(key, state, "why", minute(start), minute(end), cause) for start, end, state in parts)
    whole = TimeRange(told[0].from_at, told[-1].to_at or told[-1].from_at)
    store.writer.change_states([StateChange(key, whole, told)]).result(20)


def probe(store: SqlStore, key: str, minutes: float, outcome: CheckOutcome, status: str | None = None) -> None:
    check = CheckResult(key, "probe", minute(minutes), outcome, f"HTTP {status}", facts=facts_of({"status": status}))
    take_in(store, Batch(checks=(check,)))


def gathered(store: SqlStore, outage: StateInterval = OUTAGE, at: Any = LATER) -> OutageFacts:
    facts = OutageFactReader(store, store.estate(at), at).facts(outage)
    assert facts is not None
    return facts


def judged(store: SqlStore, outage: StateInterval = OUTAGE, at: Any = LATER) -> JudgedOutage:
    (found,) = FaultReader(store).judged([outage], store.estate(at), at)
    return found


def test_where_nothing_is_told_nothing_is_known(bank: SqlStore) -> None:
    facts = gathered(bank)
    assert facts == OutageFacts(partner="Hub", has_institutions=True)
    assert judged(bank).verdict.fault is FaultClass.NOT_KNOWN
    assert judged(bank).words == (
        "Whose fault it is, is not known. Nothing tells of a probe of the partner, what the partner claims, "
        "other integrations of the partner, other partners over the same components, our own components, how the "
        "errors are classed."
    )


def test_a_failing_probe_of_the_partner_and_its_sibling_are_gathered(bank: SqlStore) -> None:
    probe(bank, "partner/hub", ONSET + 0.5, CheckOutcome.FAILED, "503")
    probe(bank, "partner/other", ONSET + 0.5, CheckOutcome.PASSED, "200")
    measure(bank, "integration/b", (0, ONSET - 1, H.HEALTHY), (ONSET - 1, ONSET + 30, H.DOWN))
    measure(bank, "integration/c", (0, ONSET + 60, H.HEALTHY))
    facts = gathered(bank)
    assert (facts.probe, facts.probed) == (ProbeEnd.FAULTY, Others(("Other",)))
    assert (facts.siblings, facts.fellows) == (Others((), ("B",)), Others(("C",)))
    assert judged(bank).words.startswith(
        "The fault is clearly Hub's: our probe gets a faulty answer: HTTP 503; B with the same partner failed at once."
    )


def test_our_component_counts_when_it_failed_shortly_before_and_not_after_or_long_ago(bank: SqlStore) -> None:
    measure(bank, "component/gate", (0, ONSET - 5, H.HEALTHY), (ONSET - 5, 200, H.DOWN))
    assert gathered(bank).own_parts == Others((), ("gate",))
    measure(bank, "component/gate", (0, ONSET + 3, H.HEALTHY), (ONSET + 3, 200, H.DOWN))
    assert gathered(bank).own_parts == Others(("gate",))
    measure(bank, "component/gate", (0, ONSET - 50, H.HEALTHY), (ONSET - 50, 200, H.DOWN))
    assert gathered(bank).own_parts == Others()


def test_what_only_follows_another_failure_accuses_nobody(bank: SqlStore) -> None:
    measure(bank, "component/gate", (0, 200, H.UNREACHABLE), cause="rollup")
    measure(bank, "integration/b", (0, 200, H.DEGRADED), cause="rollup")
    assert (gathered(bank).own_parts, gathered(bank).siblings) == (Others(), Others())


def test_a_release_of_ours_counts_and_a_notice_of_the_partner_does_not(bank: SqlStore) -> None:
    changes = (
        Change("1", "deploy", minute(ONSET - 10), "S 2.0", "service/s"),
        Change("2", "partner_notice", minute(ONSET - 9), "We look into it", "service/s"),
        Change("3", "deploy", minute(ONSET - 8), "Elsewhere", "service/other"),
        Change("4", "deploy", minute(ONSET + 20), "S 2.1", "service/s"),
    )
    take_in(bank, Batch(changes=changes))
    assert gathered(bank).own_change == "S 2.0"


def test_the_worst_claim_of_the_outage_counts_and_none_from_after_the_moment(bank: SqlStore) -> None:
    told = [(ONSET - 5, H.HEALTHY), (ONSET + 7, H.DEGRADED), (ONSET + 26, H.DOWN), (ONSET + 70, H.HEALTHY)]
    take_in(bank, Batch(claimed=tuple(ClaimedStatus("partner/hub", minute(at), state, "") for at, state in told)))
    assert gathered(bank).claim is H.DOWN
    assert gathered(bank, at=minute(ONSET + 10)).claim is H.DEGRADED
    assert gathered(bank, at=minute(ONSET + 1)).claim is H.HEALTHY


def test_a_claim_from_long_before_counts_only_where_it_was_read_again(bank: SqlStore) -> None:
    take_in(bank, Batch(claimed=(ClaimedStatus("partner/hub", minute(0), H.HEALTHY, "fine"),)))
    assert gathered(bank).claim is H.UNKNOWN
    take_in(bank, Batch(claimed=(ClaimedStatus("partner/hub", minute(ONSET + 90), H.HEALTHY, "fine"),)))
    assert gathered(bank).claim is H.HEALTHY


def test_the_page_names_a_bank_even_where_a_component_speaks_for_the_integration(bank: SqlStore) -> None:
    facts = facts_of({"component Marlow Bank": "partial outage"})
    page = ClaimedStatus("partner/hub", minute(ONSET + 5), H.DEGRADED, "", facts)
    own = ClaimedStatus("integration/a", minute(ONSET + 5), H.HEALTHY, "")
    take_in(bank, Batch(claimed=(page, own)))
    assert (gathered(bank).claim, gathered(bank).institutions) == (H.HEALTHY, ("Marlow Bank",))


def test_a_bank_behind_the_aggregator_is_found_among_the_components_of_its_page(bank: SqlStore) -> None:
    facts = facts_of({"component marlow bank": "partial outage", "component Harrow": "operational"})
    take_in(bank, Batch(claimed=(ClaimedStatus("partner/hub", minute(ONSET + 5), H.DEGRADED, "", facts),)))
    probe(bank, "partner/hub", ONSET, CheckOutcome.PASSED, "200")
    assert gathered(bank).institutions == ("Marlow Bank",)
    assert judged(bank).words.startswith("The fault is clearly an institution's behind Hub: ")


def test_failing_requests_count_on_the_side_their_source_puts_them(bank: SqlStore) -> None:
    def errors(side: str) -> SeriesIdentity:
        return SeriesIdentity("integration/a", "errors", Meaning.ERROR_RATE, "ratio", labels=(("error_class", side),))

    values = {errors("user"): 0.3, errors("institution"): 0.1, errors("never heard of"): 0.9}
    take_in(bank, Batch(samples=Samples.at(minute(ONSET + 4), values)), received_at=LATER)
    shares = {side: round(share, 9) for side, share in gathered(bank).error_shares}
    assert shares == {ErrorSide.CLIENT: 0.75, ErrorSide.INSTITUTION: 0.25}
    assert judged(bank).verdict.fault is FaultClass.CLIENT


def test_errors_of_which_none_is_left_are_classed_by_nobody(bank: SqlStore) -> None:
    identity = SeriesIdentity("integration/a", "e", Meaning.ERROR_RATE, "ratio", labels=(("error_side", "client"),))
    take_in(bank, Batch(samples=Samples.at(minute(ONSET + 4), {identity: 0.0})), received_at=LATER)
    assert gathered(bank).error_shares == ()


@pytest.mark.parametrize(("state", "expected"), [(H.DOWN, H.DEGRADED), (H.HEALTHY, H.HEALTHY), (H.STALE, H.UNKNOWN)])
def test_the_machine_that_watches_is_looked_at(bank: SqlStore, state: HealthState, expected: HealthState) -> None:
    measure(bank, "component/host", (0, 200, state))
    assert gathered(bank).machine is expected


def test_a_partner_is_judged_by_its_integrations_and_other_partners(bank: SqlStore) -> None:
    probe(bank, "partner/hub", ONSET, CheckOutcome.FAILED)
    probe(bank, "partner/other", ONSET, CheckOutcome.FAILED)
    probe(bank, "partner/third", ONSET, CheckOutcome.UNKNOWN)
    found = judged(bank, StateInterval("partner/hub", H.DOWN, "", minute(ONSET)))
    assert (found.verdict.fault, found.verdict.reasons[0].clue) == (FaultClass.OURS, Clue.ALL_PROBES_FAIL)


def test_what_has_no_partner_is_ours(bank: SqlStore) -> None:
    for key in ("integration/inner", "service/s", "component/gate"):
        assert judged(bank, StateInterval(key, H.DOWN, "", minute(ONSET))).verdict.fault is FaultClass.OURS


def test_a_follower_is_judged_by_its_root(bank: SqlStore) -> None:
    probe(bank, "partner/hub", ONSET, CheckOutcome.FAILED, "503")
    measure(bank, "partner/hub", (ONSET - 1, 200, H.DOWN))
    follower = StateInterval(
        "service/s", H.UNREACHABLE, "", minute(ONSET), None, "rollup", Grounds(because=("partner/hub",))
    )
    found = judged(bank, follower)
    assert (found.root_key, found.verdict.fault) == ("partner/hub", FaultClass.PARTNER)
    assert found.words.startswith("It follows Hub. The fault is likely Hub's: ")
    lost = StateInterval("service/s", H.DOWN, "", minute(ONSET), grounds=Grounds(because=("partner/none",)))
    assert judged(bank, lost).root_key == "service/s"


def test_a_channel_what_is_well_and_what_is_gone_have_no_verdict(bank: SqlStore) -> None:
    told = [("channel/sms", H.DOWN), ("integration/a", H.HEALTHY), ("integration/gone", H.DOWN)]
    outages = [StateInterval(key, state, "", minute(ONSET)) for key, state in told]
    assert FaultReader(bank).judged(outages, bank.estate(LATER), LATER) == ()


@pytest.mark.parametrize(
    ("outcome", "status", "end"),
    [
        (CheckOutcome.PASSED, "200", ProbeEnd.WELL),
        (CheckOutcome.WARNING, "200", ProbeEnd.WELL),
        (CheckOutcome.UNKNOWN, None, ProbeEnd.COULD_NOT_ASK),
        (CheckOutcome.FAILED, None, ProbeEnd.NO_ANSWER),
        (CheckOutcome.FAILED, "503", ProbeEnd.FAULTY),
        (CheckOutcome.FAILED, "200", ProbeEnd.FAULTY),
        (CheckOutcome.FAILED, "401", ProbeEnd.REFUSED_US),
        (CheckOutcome.FAILED, "429", ProbeEnd.REFUSED_US),
        (CheckOutcome.FAILED, "404", ProbeEnd.WRONG_REQUEST),
        (CheckOutcome.FAILED, "²", ProbeEnd.NO_ANSWER),
        (CheckOutcome.FAILED, "99999999", ProbeEnd.NO_ANSWER),
    ],
)
def test_a_probe_ends_as_its_status_code_says(outcome: CheckOutcome, status: str | None, end: ProbeEnd) -> None:
    check = CheckResult("partner/hub", "probe", minute(0), outcome, "", facts=facts_of({"status": status}))
    assert probe_end(check) is end


def test_every_clue_and_every_missing_piece_has_words() -> None:
    for clue in Clue:
        verdict = FaultVerdict(FaultClass.OURS, Certainty.WEAK, (Reason(clue, FaultClass.OURS, 1, ("X.", "Y", "Z")),))
        assert fault_words(verdict).startswith("The fault may be ours: ")
        assert "{" not in fault_words(verdict)
    assert all(missing_words(each) for each in Missing)


def test_a_verdict_names_its_partner_and_what_speaks_against_it() -> None:
    reasons = (
        Reason(Clue.PROBE_FAULTY, FaultClass.PARTNER, 3, ("HTTP 503",)),
        Reason(Clue.CLAIM_FINE, FaultClass.PARTNER, -1),
    )
    verdict = FaultVerdict(FaultClass.PARTNER, Certainty.WEAK, reasons, (Missing.ERROR_CLASSES,))
    assert fault_words(verdict, "PayHub") == (
        "The fault may be PayHub's: our probe gets a faulty answer: HTTP 503. Against that: the partner's page says "
        "that all is well. Nothing tells of how the errors are classed."
    )
    assert class_words(verdict) == "partner, a suspicion"
    unknown = FaultVerdict(FaultClass.NOT_KNOWN, Certainty.NONE, reasons)
    assert fault_words(unknown).startswith("Whose fault it is, is not known; seen was that our probe gets a faulty")
    assert class_words(unknown) == "not known"
