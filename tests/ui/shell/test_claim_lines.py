"""The inspector says whose fault an outage is, and how the partner's claims held, in lines."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from quarterdeck.domain.claims import ClaimTotals
from quarterdeck.domain.estate import Entity, EntityKind
from quarterdeck.domain.fault_class import Certainty, Clue, FaultClass, FaultVerdict, Missing, Reason
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.services.fault_class import JudgedOutage
from quarterdeck.services.inspector import EntityCard, InspectorReader
from quarterdeck.ui.shell.inspector.claim_lines import fault_lines, record_lines
from quarterdeck.ui.shell.inspector.presenter import card_in_words
from quarterdeck.ui.shell.inspector.state import Line
from tests.support.consoles import FixedClock, NotedPanel, noted_panels, open_bank
from tests.ui.panels.claims.logs import CALM, LATE, RECORD, STILL
from tests.ui.panels.overview.reports import LIVE, NOON, before
from tests.ui.shell.conftest import Benches
from tests.ui.shell.test_inspector import ALL_UP, NOW

PARTNER = FaultClass.PARTNER
REASONS = (
    Reason(Clue.PROBE_FAULTY, PARTNER, 3, ("HTTP 503",)),
    Reason(Clue.CLAIM_FINE, PARTNER, -1),
    Reason(Clue.OWN_PARTS_WELL, FaultClass.OURS, -1),
)
DOWN = StateInterval("integration/payments", HealthState.DOWN, "Error rate 38%", before(30))


def judged(verdict: FaultVerdict, root: str = "integration/payments") -> JudgedOutage:
    return JudgedOutage(DOWN, root, verdict, "")


def labels(lines: tuple[Line, ...]) -> dict[str, str]:
    return {line.label: line.value for line in lines}


def test_a_verdict_is_told_with_what_speaks_for_it_and_against_it() -> None:
    verdict = FaultVerdict(PARTNER, Certainty.WEAK, REASONS, (Missing.CLAIM,))
    assert labels(fault_lines(judged(verdict, "partner/payhub"), {"partner/payhub": "PayHub"})) == {
        "Fault": "Partner, a suspicion",
        "Follows": "PayHub",
        "For it": "our probe gets a faulty answer: HTTP 503",
        "Against it": "the partner's page says that all is well",
        "Besides": "our components on the way were well",
        "Not told": "what the partner claims",
    }


def test_what_is_not_known_is_told_with_what_was_seen_and_what_is_missing() -> None:
    unknown = FaultVerdict(FaultClass.NOT_KNOWN, Certainty.NONE, REASONS[1:2])
    assert labels(fault_lines(judged(unknown), {})) == {
        "Fault": "Not known",
        "Seen": "the partner's page says that all is well",
    }
    nothing = FaultVerdict(FaultClass.NOT_KNOWN, Certainty.NONE, (), (Missing.PROBE,))
    assert labels(fault_lines(judged(nothing), {})) == {"Fault": "Not known", "Not told": "a probe of the partner"}


def test_how_claims_held_is_told_with_the_last_disagreement() -> None:
    assert labels(record_lines(RECORD, NOON)) == {
        "30 days": "agreed 90%, claim too good 10%",
        "Outages": "median 7 min, told 1 of 1 outage",
        "Last differed": "since 12:23, 9 min: claim too good",
    }
    over = labels(record_lines(replace(RECORD, spans=(CALM, LATE)), NOON))
    assert over["Last differed"] == "12:02 to 12:09, 7 min: claim too good"
    assert "Last differed" not in labels(record_lines(replace(RECORD, spans=(CALM,)), NOON))
    assert record_lines(replace(RECORD, totals=ClaimTotals()), NOON) == ()
    assert STILL.is_open


def card(*faults: JudgedOutage, state: StateInterval | None = DOWN) -> EntityCard:
    entity = Entity("integration/payments", EntityKind.INTEGRATION, "Payments")
    history = (DOWN, replace(DOWN, from_at=before(90), to_at=before(80)))
    return EntityCard(entity, state, None, ALL_UP, (), (), None, (), (), history, faults=faults)


def test_only_the_outage_under_way_is_told_as_such_and_those_before_in_the_history() -> None:
    verdict = FaultVerdict(PARTNER, Certainty.LIKELY, REASONS[:1])
    earlier = replace(judged(verdict), outage=replace(DOWN, from_at=before(90)))
    both = card_in_words(card(judged(verdict), earlier), LIVE)
    assert labels(both.fault)["Fault"] == "Partner, likely"
    assert [change.detail for change in both.changes] == ["Error rate 38% · Fault: partner, likely"] * 2
    well = card_in_words(card(earlier, state=replace(DOWN, state=HealthState.HEALTHY, from_at=before(5))), LIVE)
    assert well.fault == ()
    assert card_in_words(card(state=None), LIVE).fault == ()


def test_the_inspector_leads_to_the_log_of_claims(benches: Benches, panels: dict[str, NotedPanel]) -> None:
    bench = benches.started(panels=noted_panels(panels, ("overview", "claims")))
    bench.console.conductor.select("integration/payhub-processor")
    bench.settle()
    buttons = bench.console.window.inspector.findChildren(QAbstractButton)
    button = next(one for one in buttons if one.accessibleName() == "Log of disagreements…")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    bench.settle()
    assert bench.console.conductor.place.panel_id == "claims"
    assert panels["claims"].targets == ["integration/payhub-processor"]


def test_the_pictured_bank_tells_whose_fault_its_outages_are(benches: Benches) -> None:
    services = open_bank(benches.bank, FixedClock())
    found = {}
    for key in ("partner/payhub", "integration/payhub-processor", "component/ledger-db", "integration/statements"):
        told = InspectorReader(services.store).card(key, NOW)
        assert told is not None
        found[key] = [each.verdict.fault for each in told.faults[:1]], told.record is not None
    services.close()
    assert found == {
        "partner/payhub": ([PARTNER], True),
        "integration/payhub-processor": ([PARTNER], True),
        "component/ledger-db": ([FaultClass.OURS], False),
        "integration/statements": ([], False),
    }
