"""Loads what compliance is at a moment, and one control with its evidence. Plain Python, tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeAlias

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.policies import ControlKey
from quarterdeck.services.compliance import ComplianceReport, ControlReport, EntityFinding
from quarterdeck.services.compliance_export import VerdictExport
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.risks import RisksReport
from quarterdeck.services.scanned_findings import FindingKey
from quarterdeck.services.verdict_files import VerdictFormat, VerdictWriter
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.finding_words import finding_state
from quarterdeck.ui.panels.compliance.note_presenter import NoteKeeper, NotePresenter
from quarterdeck.ui.panels.compliance.risk_presenter import RiskKeeper, RiskPresenter
from quarterdeck.ui.panels.compliance.risk_words import risks_state
from quarterdeck.ui.panels.compliance.scan_words import scanned_state, with_scans
from quarterdeck.ui.panels.compliance.state import ComplianceState, FindingState, Page, PageMessage, Subjects
from quarterdeck.ui.panels.compliance.waiver_presenter import WaiverDecisions, WaiverPresenter, WaiverSurface
from quarterdeck.ui.panels.compliance.words import Translate, compliance_state
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background

Topics: TypeAlias = frozenset[Topic]

TOPICS: Topics = frozenset({Topic.COMPLIANCE, Topic.ESTATE})
_KINDS = {Subjects.INTEGRATIONS: EntityKind.INTEGRATION, Subjects.SERVICES: EntityKind.SERVICE}


class ComplianceSource(Protocol):
    """Where the answers come from, and where waivers are decided."""

    @property
    def waivers(self) -> WaiverDecisions:
        """Grants and withdraws waivers."""
        ...

    @property
    def notes(self) -> NoteKeeper:
        """Keeps notes on findings."""
        ...

    @property
    def register(self) -> RiskKeeper:
        """Keeps risks."""
        ...

    def report(self, moment: Moment, kind: EntityKind) -> ComplianceReport:
        """Every control of the entities of a kind at the play-head."""
        ...

    def control(self, key: ControlKey, moment: Moment) -> ControlReport | None:
        """One control with its evidence; None where there is none at the play-head."""
        ...

    def scanned(self, key: FindingKey, moment: Moment) -> EntityFinding | None:
        """One finding of a scanner; None where it does not stand at the play-head."""
        ...

    def risks(self, at: datetime) -> RisksReport:
        """Every risk at a moment."""
        ...

    def export(self, at: datetime) -> VerdictExport:
        """Every verdict that stood at a moment, to hand over."""
        ...


@dataclass(frozen=True, slots=True)
class VerdictFiles:
    """The verdicts of a moment as files; `write` reads them and makes the bytes, in any thread."""

    at: datetime
    write: Callable[[VerdictFormat], bytes]


class ComplianceSurface(Protocol):
    """What shows the panel."""

    def show_loading(self) -> None: ...

    def show_page(self, page: Page) -> None: ...

    def show_failed(self, message: PageMessage) -> None: ...

    def show_old(self, since: str) -> None: ...


class FindingSurface(WaiverSurface, Protocol):
    """What shows one control beside the panel, and asks what is to be decided about it."""

    def show_finding(self, finding: FindingState | None) -> None: ...


class CompliancePresenter:
    """Shows the console's moment, or the end of a past day that was chosen; a failed refresh leaves what was shown."""

    def __init__(
        self,
        source: ComplianceSource,
        background: Background,
        surface: ComplianceSurface,
        tr: Translate,
        *,
        beside: FindingSurface,
        write: VerdictWriter,
    ) -> None:
        self._source = source
        self._surface = surface
        self._beside = beside
        self._write = write
        self._tr = tr
        self._pages: LatestRead[Page] = LatestRead(background, "compliance")
        self._findings: LatestRead[FindingState | None] = LatestRead(background, "finding")
        self._subjects = Subjects.INTEGRATIONS
        self._moment: Moment | None = None
        self._day_end_at: datetime | None = None
        self._control: ControlKey | FindingKey | None = None
        self._shown: Moment | None = None
        self._has_verdicts = False
        self.waivers = WaiverPresenter(source.waivers, background, beside, tr, now=self._now)
        self.notes = NotePresenter(source.notes, background, beside, tr, now=self._now)
        self.risks = RiskPresenter(source.register, background, beside, tr, now=self._now)

    def show_moment(self, moment: Moment) -> None:
        """Show another moment; a past day that was chosen before gives way to it."""
        self._moment, self._day_end_at = moment, None
        self._load()

    def choose_day(self, day_end_at: datetime | None) -> None:
        """Show the end of a past day, or with None the console's own moment again."""
        if day_end_at != self._day_end_at:
            self._day_end_at = day_end_at
            self._load()

    def choose_subjects(self, subjects: Subjects) -> None:
        """Show the controls of others."""
        if subjects is not self._subjects:
            self._subjects = subjects
            self._load()

    def open_control(self, key: ControlKey | FindingKey | None) -> None:
        """Show one control, or one finding of a scanner, by itself, or none any more."""
        self._control = key
        moment = self._shown_moment()
        if key is not None and moment is not None:
            self._findings.take_over(self._read_finding(key, moment))

    def refresh(self, moment: Moment, topics: Topics) -> None:
        """Read again when verdicts changed or time went on; a past day that was chosen stays."""
        if topics and not topics & TOPICS:
            return
        self._moment = moment
        if self._day_end_at is not None and not topics:
            return
        shown = self._shown_moment()
        if shown is not None:
            self._pages.follow(self._read_page(shown))
            if self._control is not None:
                self._findings.follow(self._read_finding(self._control, shown))

    def retry(self) -> None:
        """Read the moment again."""
        self._load()

    def files(self) -> VerdictFiles | None:
        """Every verdict of the moment that is shown, of integrations and services alike; None while none is."""
        shown = self._shown
        if shown is None or not self._has_verdicts:
            return None
        source, write = self._source, self._write
        return VerdictFiles(shown.at, lambda kind: write(source.export(shown.at), kind))

    def _now(self) -> datetime | None:
        """The present as the console has it; None while another moment is shown."""
        shown = self._shown_moment()
        return shown.at if shown is not None and shown.live else None

    def _load(self) -> None:
        moment = self._shown_moment()
        if moment is None:
            return
        self._shown = None
        self._surface.show_loading()
        self._pages.take_over(self._read_page(moment))
        if self._control is not None:
            self._findings.take_over(self._read_finding(self._control, moment))

    def _shown_moment(self) -> Moment | None:
        if self._moment is None or self._day_end_at is None or self._day_end_at >= self._moment.at:
            return self._moment
        return Moment(self._moment.time_range, self._day_end_at, live=False)

    def _read_page(self, moment: Moment) -> Read[Page]:
        source, kind, tr = self._source, _KINDS[self._subjects], self._tr
        return Read(
            work=lambda: read_page(source, moment, kind, tr),
            on_result=lambda page: self._take(moment, page),
            on_error=lambda error: self._fail(moment, error),
        )

    def _read_finding(self, key: ControlKey | FindingKey, moment: Moment) -> Read[FindingState | None]:
        source, tr = self._source, self._tr
        return Read(
            work=lambda: read_finding(source, key, moment, tr),
            on_result=lambda finding: self._take_finding(key, finding),
            on_error=lambda error: self._fail(moment, error),
        )

    def _take(self, moment: Moment, page: Page) -> None:
        self._shown, self._has_verdicts = moment, isinstance(page, ComplianceState)
        self._surface.show_page(page)

    def _take_finding(self, key: ControlKey | FindingKey, finding: FindingState | None) -> None:
        if key == self._control:
            self._beside.show_finding(finding)

    def _fail(self, moment: Moment, error: OperatorError) -> None:
        if self._shown is None:
            self._surface.show_failed(PageMessage(error.message, error.next_step, self._tr("Try again")))
            return
        time = moment_words(self._shown.at, moment.at)
        self._surface.show_old(self._tr("{error} Shown as of {time}").format(error=error.message, time=time))


def read_page(source: ComplianceSource, moment: Moment, kind: EntityKind, tr: Translate) -> Page:
    """All controls at a moment, read and put into words; runs in a worker."""
    report = source.report(moment, kind)
    if report.controls or report.scanned:
        state = with_scans(compliance_state(report, moment, tr), report, moment.at, tr)
        risks = risks_state(source.risks(moment.at), moment.at, tr)
        lines = tuple(replace(line, can_decide=moment.live) for line in risks.lines)
        return replace(state, risks=replace(risks, lines=lines))
    if report.policy_count and not moment.live:
        return PageMessage(
            tr("Nothing was judged yet by then"),
            tr("Here stands which policies hold, for whom and since when. Choose a later day to see their verdicts."),
        )
    return PageMessage(
        tr("No policy has judged anything yet"),
        tr(
            "Here stands which policies hold, for whom and since when, with the evidence behind each verdict. The "
            "collector judges them as soon as integrations or services are declared."
        ),
        tr("Add a connection"),
    )


def read_finding(
    source: ComplianceSource, key: ControlKey | FindingKey, moment: Moment, tr: Translate
) -> FindingState | None:
    """One control or one finding of a scanner at a moment, read and put into words; runs in a worker."""
    if isinstance(key, FindingKey):
        found = source.scanned(key, moment)
        return None if found is None else scanned_state(found, moment.at, tr, is_live=moment.live)
    report = source.control(key, moment)
    return None if report is None else finding_state(report, moment.at, tr, is_live=moment.live)
