"""The desk of a store with an hour in it, and what can go wrong with one."""

from dataclasses import dataclass, replace
from datetime import datetime

from quarterdeck.domain.errors import OperatorError, StoreUnavailable
from quarterdeck.domain.instants import TimeRange
from quarterdeck.domain.ledger_corrections import LedgerCorrection
from quarterdeck.domain.objective_ledger import USUAL_RULE, CountingRule
from quarterdeck.domain.objectives import Indicator
from quarterdeck.services.estate import EstateApplication
from quarterdeck.services.estate_desk import EstateDesk
from quarterdeck.services.moments import Moment
from quarterdeck.services.objective_catalogue import ObjectiveKey
from quarterdeck.services.objective_desk import CorrectionDraft, ObjectiveDesk
from quarterdeck.services.objective_forms import ObjectiveDraft, ObjectiveForms
from quarterdeck.services.objectives import ObjectiveDetail, ObjectiveFigures
from quarterdeck.storage.store import SqlStore
from tests.support.fakes import MemoryRegistry
from tests.support.stores import after
from tests.unit.objectives.promises import END, OK, RATIO, UP

AT = after(END)
LIVE = Moment(TimeRange(after(0), AT), AT)
PAST = replace(LIVE, live=False)
BAD = replace(UP, name="bad", indicator=Indicator(RATIO, raw="a / b"))
ALL = (UP, OK, BAD)
LOCKED = StoreUnavailable("The store is locked.", "Wait for the other program.")


class EndOfTheHour:
    """A clock that stands."""

    def now(self) -> datetime:
        return AT


def desk_over(store: SqlStore) -> ObjectiveDesk:
    """The use cases of a store."""
    clock = EndOfTheHour()
    estate = EstateDesk(EstateApplication(store, clock, MemoryRegistry()))
    return ObjectiveDesk(store, clock, ObjectiveForms(store, clock, estate.apply))


@dataclass(slots=True)
class Source:
    """Answers as a desk does, or with a fault."""

    desk: ObjectiveDesk
    fault: OperatorError | None = None

    def listed(self, moment: Moment) -> tuple[ObjectiveFigures, ...]:
        self._refuse()
        return self.desk.listed(moment)

    def shown(self, key: ObjectiveKey, moment: Moment, rule: CountingRule = USUAL_RULE) -> ObjectiveDetail:
        self._refuse()
        return self.desk.shown(key, moment, rule)

    def correct(self, draft: CorrectionDraft) -> LedgerCorrection:
        self._refuse()
        return self.desk.correct(draft)

    def keep(self, draft: ObjectiveDraft) -> str:
        self._refuse()
        return self.desk.keep(draft)

    def _refuse(self) -> None:
        if self.fault is not None:
            raise self.fault
