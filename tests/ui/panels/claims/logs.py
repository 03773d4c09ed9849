"""Made-up logs of claims, small enough to read."""

from dataclasses import dataclass, replace
from datetime import timedelta

from quarterdeck.domain.claims import ClaimSpan, ClaimTotals, PartnerRecord, Side, Standing, Telling, Told
from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.fault_class import Certainty, Clue, FaultClass, FaultVerdict, Reason
from quarterdeck.domain.health import HealthState, StateInterval
from quarterdeck.services.claim_log import ClaimEntry, ClaimLog
from quarterdeck.services.claims import ClaimReport
from quarterdeck.services.fault_class import JudgedOutage
from quarterdeck.services.fault_words import fault_words
from quarterdeck.services.moments import Moment
from tests.ui.panels.overview.reports import LIVE, NOON, before

H = HealthState
LOCKED = StoreUnavailable("The store is locked.", "Wait for the other program.")
PAYHUB, PAYMENTS, SMS = "partner/payhub", "integration/payments", "integration/sms"
NAMES = {PAYHUB: "PayHub", PAYMENTS: "Payments", SMS: "SMS gateway"}
VERDICT = FaultVerdict(
    FaultClass.PARTNER, Certainty.LIKELY, (Reason(Clue.PROBE_FAULTY, FaultClass.PARTNER, 3, ("HTTP 503",)),)
)


def side(state: H, words: str) -> Side:
    return Side(state, words, (state,))


LATE = ClaimSpan(
    Standing.UNDERSTATED,
    before(30),
    before(23),
    side(H.HEALTHY, "All Systems Operational"),
    side(H.DOWN, "Error rate 38%"),
    (PAYMENTS,),
)
STILL = replace(LATE, from_at=before(9), to_at=NOON, is_open=True)
ALARM = ClaimSpan(
    Standing.OVERSTATED,
    before(200),
    before(180),
    side(H.DOWN, "SMS: major outage"),
    side(H.HEALTHY, ""),
    (SMS,),
    is_cut=True,
)
CALM = replace(LATE, standing=Standing.AGREED, measured=side(H.HEALTHY, ""), from_at=before(360), to_at=before(30))
JUDGED = JudgedOutage(
    StateInterval(PAYMENTS, H.DOWN, "Error rate 38%", before(30)), PAYMENTS, VERDICT, fault_words(VERDICT, "PayHub")
)
RECORD = PartnerRecord(
    PAYHUB,
    "PayHub",
    LIVE.time_range,
    (CALM, LATE, STILL),
    ClaimTotals(agreed_seconds=9000, understated_seconds=1000, planned_seconds=0, not_known_seconds=11600),
    (Telling(before(30), before(20), side(H.DOWN, ""), Told.LATE, before(30) + timedelta(minutes=7)),),
    before(1),
    side(H.HEALTHY, "All Systems Operational"),
    side(H.DOWN, "Error rate 38%"),
)
CARILLON = PartnerRecord("partner/carillon", "Carillon", LIVE.time_range, (), ClaimTotals(), (), before(1))


def log_with(*spans: ClaimSpan, others: int = 0) -> ClaimLog:
    """A log of these disagreements, the newest first, of PayHub where they are about its payments."""
    entries = tuple(
        ClaimEntry(CARILLON if span is ALARM else RECORD, span, None if span is ALARM else JUDGED) for span in spans
    )
    return ClaimLog(ClaimReport(LIVE.time_range, (CARILLON, RECORD), others), entries, NAMES)


NOBODY = ClaimLog(ClaimReport(LIVE.time_range, (), 2), (), {})


@dataclass(slots=True)
class Source:
    """Answers with a log, or with a fault."""

    log: ClaimLog
    stale: str = ""
    fault: OperatorError | None = None
    reads: int = 0

    def log_at(self, moment: Moment) -> ClaimLog:
        self.reads += 1
        if self.fault is not None:
            raise self.fault
        return self.log

    def stale_words(self, moment: Moment) -> str:
        return self.stale
