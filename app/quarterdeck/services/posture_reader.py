"""Answers for the views of security, data governance and third parties, and the evidence that each figure rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.claims import ClaimReader, ClaimSources
from quarterdeck.services.data_governance import data_table
from quarterdeck.services.evidence_charts import ChartedStore, EvidenceChart, evidence_charts
from quarterdeck.services.expiries import ExpirySources, read_expiries
from quarterdeck.services.expiry_calendar import read_calendar
from quarterdeck.services.finding_notes import FindingNotes
from quarterdeck.services.moments import Moment
from quarterdeck.services.posture import EvidenceSubject, Figure, PostureRow, PostureTable, PostureView
from quarterdeck.services.posture_facts import PostureFactReader, PostureSources
from quarterdeck.services.risks import RiskRegister
from quarterdeck.services.scanned_findings import ScanShelf
from quarterdeck.services.security_status import security_table
from quarterdeck.services.third_parties import PartnerFacts, partner_table

CLAIMS_OVER = timedelta(days=30)
"""Over how long what partners claim is compared with what was measured."""


class PostureStore(PostureSources, ClaimSources, ChartedStore, ExpirySources, Protocol):
    """What is read."""


@dataclass(frozen=True, slots=True)
class FigureEvidence:
    """A figure with the newest evidence up to the moment of each kind that it rests on, and where that is drawn."""

    figure: Figure
    records: tuple[EvidenceRecord, ...]
    charts: tuple[EvidenceChart | None, ...]


class PostureReader:
    """Reads from any thread; raises StoreUnavailable."""

    def __init__(self, store: PostureStore) -> None:
        self._store = store
        self._facts = PostureFactReader(store)
        self._scans = ScanShelf(store.compliance)
        self._notes = FindingNotes(store)
        self._register = RiskRegister(store)
        self._claims = ClaimReader(store)

    def table(self, view: PostureView, moment: Moment, kind: EntityKind) -> PostureTable:
        """One view at the play-head; `kind` is whose figures are told, but for partners."""
        at = moment.at
        facts = self._facts.facts(at, self._scans.reports(), self._notes.standing(at))
        if view is PostureView.SECURITY:
            return security_table(facts, kind)
        if view is PostureView.DATA:
            return data_table(facts, kind)
        return partner_table(facts, self._partner_facts(moment))

    def evidence(self, row: PostureRow, at: datetime) -> tuple[FigureEvidence, ...]:
        """Every figure of a row with the records that tell it, as they were received by then."""
        newest = self._newest({subject for figure in row.figures for subject in figure.evidence}, at)
        found: list[FigureEvidence] = []
        for figure in row.figures:
            records = tuple(newest[subject] for subject in figure.evidence if subject in newest)
            found.append(FigureEvidence(figure, records, evidence_charts(self._store, records, at)))
        return tuple(found)

    def _newest(self, subjects: Iterable[EvidenceSubject], at: datetime) -> Mapping[EvidenceSubject, EvidenceRecord]:
        wanted = set(subjects)
        newest: dict[EvidenceSubject, EvidenceRecord] = {}
        for key in sorted({subject.entity_key for subject in wanted}):
            for record in self._store.compliance.evidence_about(key):
                subject = EvidenceSubject(key, record.kind)
                if subject in wanted and record.effective_from_at <= at:
                    before = newest.get(subject)
                    if before is None or before.effective_from_at <= record.effective_from_at:
                        newest[subject] = record
        return newest

    def _partner_facts(self, moment: Moment) -> PartnerFacts:
        at, estate = moment.at, self._store.estate(moment.at)
        span = TimeRange(at - CLAIMS_OVER, at)
        report = self._claims.report(span, at)
        return PartnerFacts(
            risks=self._register.listed(at),
            expiries=read_calendar(estate, read_expiries(self._store, estate, moment), at).entries,
            claims={record.partner_key: record for record in report.records},
            time_range=span,
        )
