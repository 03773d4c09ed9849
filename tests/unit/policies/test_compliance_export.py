"""What is exported: all that stood at a moment, and what of it nobody knows any more told as left out."""

import pytest

from quarterdeck.analysis.verdicts import VerdictSpan
from quarterdeck.domain.instants import to_ms
from quarterdeck.domain.policies import ControlKey, Verdict, Waiver
from quarterdeck.exporters.policy_words import exported_text
from quarterdeck.services.compliance_export import exported_verdicts
from quarterdeck.services.compliance_ports import VerdictChange
from quarterdeck.storage.store import SqlStore
from quarterdeck.storage.tables import FOREVER
from tests.support.granted_waivers import grant
from tests.support.stores import NOON, PATIENCE_SECONDS, after
from tests.unit.policies.test_assessor import PAYHUB, World


@pytest.fixture
async def world(store: SqlStore) -> World:
    """One integration whose certificate ends too soon, judged once."""
    made = World(store)
    made.declare()
    made.probe("TLSv1.3", days=10)
    await made.judge()
    return made


async def test_every_verdict_of_the_moment_is_told_with_its_evidence(world: World) -> None:
    export = exported_verdicts(world.store, after(60))
    assert [row.version.policy.id for row in export.rows] == ["CHG-01", "RES-02", "SEC-01"]
    assert export.population == len(export.rows) == sum(export.counts.values())
    broken = export.rows[2]
    assert broken.interval.verdict is Verdict.NOT_SATISFIED
    assert tuple(record.id for record in broken.evidence) == broken.interval.evidence_ids
    assert exported_text("a.csv", export) == "a.csv: 3 verdicts: 1 satisfied, 1 not satisfied, 1 no evidence."


async def test_the_same_moment_is_exported_alike_whenever_it_is_asked(world: World) -> None:
    before = exported_verdicts(world.store, after(60))
    await world.judge(200)
    assert exported_verdicts(world.store, after(60)) == before


async def test_a_moment_before_everything_has_nothing_and_says_so(world: World) -> None:
    export = exported_verdicts(world.store, after(-60))
    assert (export.rows, export.population, export.left_out) == ((), 0, ())
    assert exported_text("a.csv", export) == "a.csv: 0 verdicts."


async def test_a_verdict_on_what_nobody_knows_is_counted_as_left_out(world: World) -> None:
    gone = ControlKey("OLD-1", 1, PAYHUB)
    span = VerdictSpan(to_ms(NOON), FOREVER, Verdict.SATISFIED)
    world.store.compliance.change_verdicts([VerdictChange(gone, 0, (span,))]).result(PATIENCE_SECONDS)
    export = exported_verdicts(world.store, after(60))
    assert export.left_out == (f"OLD-1@1 {PAYHUB}",)
    assert export.population == len(export.rows) + len(export.left_out)
    assert "Left out, not known then: 1." in exported_text("a.csv", export)


async def test_a_waiver_that_holds_stands_with_its_control(world: World) -> None:
    waiver = Waiver("waiver-1", "SEC-01", PAYHUB, "why", "anna", "bert", after(60), after(120))
    grant(world.store, waiver)
    await world.judge(70)
    told = [exported_verdicts(world.store, after(seconds)).rows[2] for seconds in (59, 60, 120)]
    assert [row.waiver for row in told] == [None, waiver, None]
    assert told[1].interval.verdict is Verdict.WAIVED
