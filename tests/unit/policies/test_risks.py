"""Risks: what is refused, what is left of one by the facts, and when a decision about it no longer fits them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.policies import Verdict
from quarterdeck.domain.risk_records import risk_evidence, risk_records
from quarterdeck.domain.risks import (
    Bearing,
    ControlLink,
    Risk,
    RiskAct,
    RiskBand,
    RiskRecord,
    RiskScale,
    Treatment,
    bearing_of,
    changed_links,
    residual,
    risk_histories,
)
from quarterdeck.services.finding_notes import FindingNotes
from quarterdeck.services.risks import RiskDecision, RiskDraft, RiskRegister
from quarterdeck.services.waivers import WaiverBook
from quarterdeck.storage.opening import open_store
from quarterdeck.storage.store import SqlStore
from tests.support.stores import NOON, after
from tests.unit.policies.test_assessor import PARTNER, PAYHUB, World

DAY = 86_400.0
TLS, OWNED, FRESH = (ControlLink(policy, PAYHUB) for policy in ("SEC-01", "CHG-01", "RES-02"))
DRAFT = RiskDraft("PayHub outage", PAYHUB, 4, 5, "anna", links=(TLS, OWNED))
RISK = Risk("risk-1", "PayHub outage", PAYHUB, 4, 5, "anna", links=(TLS, OWNED, FRESH))


def decision(risk_id: str, treatment: Treatment = Treatment.MITIGATE, days: float = 30) -> RiskDecision:
    return RiskDecision(risk_id, treatment, "bert", "Because", after(days * DAY))


@pytest.fixture
async def world(store: SqlStore) -> World:
    """One integration with a good certificate and an owner, judged once; of its freshness nothing is known."""
    made = World(store)
    made.declare()
    made.probe("TLSv1.3", days=90)
    await made.judge()
    return made


@pytest.fixture
def register(world: World) -> RiskRegister:
    return RiskRegister(world.store)


@pytest.mark.parametrize(
    ("draft", "message", "step"),
    [
        (replace(DRAFT, title=" "), "A risk says its title.", "Say it in 1 to 100 characters."),
        (replace(DRAFT, title="x" * 101), "A risk says its title.", "Say it in 1 to 100 characters."),
        (replace(DRAFT, likelihood=0), "Likelihood 0 and impact 5 are not both on the scale.", "from 1 to 5"),
        (replace(DRAFT, impact=6), "Likelihood 4 and impact 6 are not both on the scale.", "from 1 to 5"),
        (replace(DRAFT, entity_key="integration/payhup"), "There is no entity", "Did you mean integration/payhub?"),
        (replace(DRAFT, entity_key="?"), "There is no entity '?'.", "See under Relationships what is declared."),
        (replace(DRAFT, links=(TLS, TLS)), "A control lowers a risk once.", "Name each control only once."),
        (replace(DRAFT, links=(replace(TLS, strength_percent=100),)), "SEC-01 is said to lower", "Say 1 to 99 %"),
        (replace(DRAFT, links=(replace(TLS, strength_percent=0),)), "SEC-01 is said to lower", "Say 1 to 99 %"),
        (replace(DRAFT, links=(ControlLink("SEC-1", PAYHUB),)), "There is no control on", "Did you mean SEC-01?"),
        (replace(DRAFT, links=(ControlLink("SEC-01", PARTNER),)), "There is no control on", "policies show"),
        (replace(DRAFT, by=""), "A risk says who says it.", "Say it in"),
        (replace(DRAFT, owner="x" * 101), "The owner is too long.", "Say it in at most 100"),
        (replace(DRAFT, comment="x" * 501), "The comment is too long.", "Say it in at most 500"),
    ],
)  # fmt: skip
def test_a_risk_that_makes_no_sense_is_refused_and_nothing_is_written(
    world: World, register: RiskRegister, draft: RiskDraft, message: str, step: str
) -> None:
    count = len(world.store.compliance.evidence())
    with pytest.raises(OperatorError) as refused:
        register.add(draft, after(60))
    assert message in refused.value.message
    assert step in refused.value.next_step
    assert len(world.store.compliance.evidence()) == count


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (decision("risk-999"), "There is no risk 'risk-999'."),
        (replace(decision("?"), review_at=after(60)), "The review of a risk lies ahead."),
        (replace(decision("?"), comment=""), "A risk says why."),
        (replace(decision("?"), likelihood=9), "Likelihood 9 and impact 5 are not both on the scale."),
        (decision("?", Treatment.ACCEPT), "A risk that is accepted is somebody's."),
        (replace(decision("?"), links=(TLS, TLS)), "A control lowers a risk once."),
        (replace(decision("?"), by=""), "A risk says who says it."),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(register: RiskRegister, told: RiskDecision, message: str) -> None:
    added = register.add(DRAFT, after(60))
    wanted = told if told.risk_id != "?" else replace(told, risk_id=added.risk.id)
    with pytest.raises(OperatorError) as refused:
        register.decide(wanted, after(60))
    assert refused.value.message == message
    assert register.risk(added.risk.id, after(60)).history.decision is None


def test_a_closed_risk_is_neither_decided_about_nor_closed_again(register: RiskRegister) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    closed = register.close(risk_id, "anna", "PayHub is replaced", after(120))
    assert (closed.history.is_closed, closed.needs_decision, closed.is_review_due) == (True, False, False)
    for act in (
        lambda: register.decide(decision(risk_id), after(180)),
        lambda: register.close(risk_id, "a", "b", NOON),
    ):
        with pytest.raises(OperatorError):
            act()


def test_a_store_that_is_only_read_registers_nothing(world: World, tmp_path: Path) -> None:
    reading = open_store(str(tmp_path / "store" / "console.db"), read_only=True)
    with pytest.raises(StoreUnavailable):
        RiskRegister(reading).add(DRAFT, after(60))
    reading.close()
    assert RiskRegister(world.store).listed(after(60)) == ()


async def test_a_risk_keeps_what_was_said_and_leaves_the_chain_and_the_verdicts_whole(
    world: World, register: RiskRegister
) -> None:
    before = world.store.compliance.verdicts_at(after(120))
    added = register.add(replace(DRAFT, entity_key=PARTNER, owner="payments", finding="policy SEC-01"), after(60))
    await world.judge(120)
    assert world.store.compliance.verdicts_at(after(120)) == before
    assert (added.risk.entity_key, added.risk.owner, added.risk.finding) == (PARTNER, "payments", "policy SEC-01")
    assert world.store.check() == ()
    assert WaiverBook(world.store).listed() == ()
    assert FindingNotes(world.store).records(after(120)) == ()


def test_what_is_left_counts_only_controls_that_hold(register: RiskRegister) -> None:
    found = register.add(replace(DRAFT, links=(TLS, OWNED, FRESH)), after(60))
    assert [standing.bearing for standing in found.links] == [Bearing.HOLDS, Bearing.HOLDS, Bearing.UNKNOWN]
    assert (found.residual.inherent, found.residual.score, found.residual.at_best) == (20, 13, 11)
    assert (found.inherent_band, found.band) == (RiskBand.CRITICAL, RiskBand.HIGH)
    assert not found.residual.is_certain


def test_a_control_that_nobody_can_evaluate_gives_no_effectiveness(register: RiskRegister) -> None:
    left = register.add(replace(DRAFT, links=(FRESH,)), after(60)).residual
    assert (left.effectiveness, left.score, left.at_best) == (None, 20, 16)


async def test_a_fact_that_changes_marks_the_decision_from_the_instant_it_changed(
    world: World, register: RiskRegister
) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    assert register.risk(risk_id, after(60)).undecided_since_at == after(60)
    assert not register.decide(decision(risk_id), after(120)).needs_decision
    world.now_at = after(600)
    world.probe("TLSv1.3", days=10)
    await world.judge()
    found = register.risk(risk_id, after(700))
    assert found.changed == (TLS,)
    assert found.undecided_since_at == after(600)
    assert found.residual.score == 16
    assert not register.risk(risk_id, after(599)).needs_decision
    assert not register.decide(decision(risk_id), after(800)).needs_decision


def test_a_fact_that_lapses_marks_the_decision_by_itself(register: RiskRegister) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    register.decide(decision(risk_id), after(120))
    found = register.risk(risk_id, after(2 * DAY))
    assert (found.undecided_since_at, found.changed) == (after(DAY), (TLS,))
    assert found.links[0].bearing is Bearing.UNKNOWN


async def test_a_fact_that_is_again_as_it_was_decided_on_needs_no_new_decision(
    world: World, register: RiskRegister
) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    register.decide(decision(risk_id), after(120))
    for seconds, days in ((600, 10), (900, 90)):
        world.now_at = after(seconds)
        world.probe("TLSv1.3", days=days)
        await world.judge()
    assert register.risk(risk_id, after(700)).needs_decision
    assert not register.risk(risk_id, after(1_000)).needs_decision


async def test_a_decision_outlives_a_policy_that_is_gone_and_is_marked(world: World, register: RiskRegister) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    register.decide(decision(risk_id), after(120))
    world.policies = [each for each in world.policies if each.id != "SEC-01"]
    world.now_at = after(600)
    world.assessor = world.begun_anew()
    await world.judge()
    found = register.risk(risk_id, after(700))
    assert found.links[0].bearing is Bearing.UNKNOWN
    assert found.undecided_since_at is not None
    assert not register.decide(decision(risk_id), after(800)).needs_decision


def test_a_past_moment_shows_the_risks_of_then(register: RiskRegister) -> None:
    first = register.add(DRAFT, after(60)).risk.id
    register.add(replace(DRAFT, title="Keys", likelihood=1), after(120))
    register.close(first, "anna", "Gone", after(180))
    titles = {seconds: [one.risk.title for one in register.listed(after(seconds))] for seconds in (0, 60, 120, 180)}
    assert titles == {
        0: [],
        60: ["PayHub outage"],
        120: ["PayHub outage", "Keys"],
        180: ["Keys", "PayHub outage"],
    }


def test_a_review_is_due_from_its_day_on(register: RiskRegister) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    register.decide(decision(risk_id, days=1), after(120))
    assert [register.risk(risk_id, after(seconds)).is_review_due for seconds in (DAY - 1, DAY)] == [False, True]


def test_a_decision_may_assess_anew(register: RiskRegister) -> None:
    risk_id = register.add(DRAFT, after(60)).risk.id
    told = replace(decision(risk_id, Treatment.ACCEPT), likelihood=2, impact=3, owner="payments", links=(OWNED,))
    found = register.decide(told, after(120))
    assert (found.risk.inherent, found.risk.owner, found.risk.links) == (6, "payments", (OWNED,))
    assert found.history.last.treatment is Treatment.ACCEPT


@pytest.mark.parametrize(
    "wrong",
    [
        {"likelihoods": ("one",)},
        {"impacts": ()},
        {"starts": (1, 2, 3)},
        {"starts": (5, 5, 9)},
        {"starts": (5, 10, 26)},
    ],
)
def test_a_scale_that_does_not_rise_is_refused(wrong: Mapping[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="risks"):
        RiskScale(**wrong)  # pyright: ignore[reportArgumentType] - the kinds differ by what is wrong


def test_bands_begin_where_the_scale_says(register: RiskRegister) -> None:
    scale = RiskScale(("low", "high"), ("low", "high"), (2, 3, 4))
    assert [scale.band(score).value for score in (1, 2, 3, 4)] == ["low", "medium", "high", "critical"]


VERDICTS = st.sampled_from([*Verdict, None])
LINKS = st.lists(
    st.builds(
        ControlLink,
        st.sampled_from(["A-1", "A-2", "A-3", "A-4"]),
        st.just(PAYHUB),
        st.integers(min_value=1, max_value=99),
    ),
    unique_by=lambda link: link.policy_id,
    max_size=4,
)


@st.composite
def risks(draw: st.DrawFn) -> Risk:
    level = st.integers(min_value=1, max_value=5)
    return replace(RISK, likelihood=draw(level), impact=draw(level), links=tuple(draw(LINKS)))


@given(risks(), st.lists(VERDICTS, min_size=4, max_size=4), st.lists(VERDICTS, min_size=4, max_size=4))
def test_less_known_never_makes_a_risk_smaller(
    risk: Risk, first: list[Verdict | None], second: list[Verdict | None]
) -> None:
    known = {link.control: bearing_of(verdict) for link, verdict in zip(risk.links, first, strict=False)}
    less = {
        control: Bearing.UNKNOWN if hidden is None else bearing
        for (control, bearing), hidden in zip(known.items(), second, strict=False)
    }
    left, left_of_less = residual(risk, known), residual(risk, less)
    assert 1 <= left.at_best <= left.score <= risk.inherent
    assert left_of_less.score >= left.score
    assert left_of_less.at_best <= left.at_best or left.at_best == 1


@given(risks(), st.lists(VERDICTS, min_size=4, max_size=4))
def test_effectiveness_is_told_only_where_something_is_known(risk: Risk, verdicts: list[Verdict | None]) -> None:
    known = {link.control: bearing_of(verdict) for link, verdict in zip(risk.links, verdicts, strict=False)}
    left = residual(risk, known)
    assert (left.effectiveness is None) == all(bearing is Bearing.UNKNOWN for bearing in known.values())
    if Bearing.HOLDS not in known.values():
        assert left.score == risk.inherent
    if Bearing.UNKNOWN not in known.values():
        assert left.is_certain


@st.composite
def histories(draw: st.DrawFn) -> list[RiskRecord]:
    """Records of up to three risks, in any order of acts, each later than the one before."""
    found: list[RiskRecord] = []
    for number in range(draw(st.integers(min_value=0, max_value=8))):
        risk = replace(draw(risks()), id=f"risk-{draw(st.integers(min_value=1, max_value=3))}")
        basis = tuple(draw(st.sampled_from(Bearing)) for _ in risk.links)
        act, treatment = draw(st.sampled_from(RiskAct)), draw(st.sampled_from([*Treatment, None]))
        found.append(
            RiskRecord(risk, act, treatment, basis, "anna", NOON + timedelta(minutes=number), "why", number + 1)
        )
    return found


@given(histories())
def test_records_come_back_as_they_were_written_whatever_was_done(told: list[RiskRecord]) -> None:
    stored = [replace(risk_evidence(record), id=record.number) for record in told]
    assert list(risk_records(stored)) == told


@given(histories())
def test_every_record_is_in_one_history_in_order_and_the_last_one_stands(told: list[RiskRecord]) -> None:
    found = risk_histories(told)
    assert sorted(record.number for each in found for record in each.records) == [record.number for record in told]
    for each in found:
        assert len({record.risk.id for record in each.records}) == 1
        assert all(one.number < other.number for one, other in pairwise(each.records))
        assert each.last is each.records[-1]
        decided = [record for record in each.records if record.act is RiskAct.DECIDED]
        assert each.decision == (decided[-1] if decided else None)


@given(histories(), st.lists(VERDICTS, min_size=4, max_size=4))
def test_a_decision_fits_exactly_while_all_is_known_as_it_was(
    told: list[RiskRecord], verdicts: list[Verdict | None]
) -> None:
    for record in told:
        now = {link.control: bearing_of(verdict) for link, verdict in zip(record.risk.links, verdicts, strict=False)}
        as_it_was = dict(zip((link.control for link in record.risk.links), record.basis, strict=True))
        assert changed_links(record, as_it_was) == ()
        assert (changed_links(record, now) == ()) == (now == as_it_was)
