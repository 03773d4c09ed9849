"""The way from a piece of evidence to the chart of the time it was measured in, in words."""

from __future__ import annotations

from datetime import datetime

from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.evidence_charts import ChartFault, EvidenceChart
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.panels.compliance.state import ChartOffer
from quarterdeck.ui.panels.compliance.words import Translate

_CHARTS, _RELATIONS = "performance", "relationships"


def chart_offer(chart: EvidenceChart | None, record: EvidenceRecord, at: datetime, tr: Translate) -> ChartOffer | None:
    """What is offered for a piece of evidence; None for one that was not measured and is not declared."""
    if chart is None:
        return None
    if chart.time_range is None:
        notice = tr("Evidence {number} is what is declared of it and of its links: {query}.")
        return ChartOffer(
            verb=tr("Open in Relationships"),
            note="",
            notice=notice.format(number=record.id, query=record.query),
            panel_id=_RELATIONS,
            entity_key=chart.entity_key,
        )
    stretch = _stretch(chart.time_range, at, tr)
    notice = tr("Evidence {number}, {kind}, {stretch}: {query}.")
    return ChartOffer(
        verb=tr("Chart of this time"),
        note=_note(chart, stretch, at, tr),
        notice=notice.format(number=record.id, kind=record.kind.value, stretch=stretch, query=record.query),
        panel_id=_CHARTS,
        entity_key=chart.entity_key,
        time_range=chart.time_range,
        play_head_at=chart.play_head_at,
        can_open=chart.fault is None,
    )


def _note(chart: EvidenceChart, stretch: str, at: datetime, tr: Translate) -> str:
    """Which time is charted, or why none is, and where less is kept of it than there was."""
    if chart.fault is ChartFault.ENTITY_GONE:
        return tr("Not charted: it was not declared at the end of {stretch}. Choose a day on which it was.").format(
            stretch=stretch
        )
    if chart.fault is ChartFault.NOTHING_KEPT:
        words = tr("Not charted: of {stretch} the store keeps no states. The evidence above is what is left of it.")
        return words.format(stretch=stretch)
    parts = [stretch]
    if chart.kept_from_at is not None:
        parts.append(tr("states are kept from {time} on").format(time=moment_words(chart.kept_from_at, at)))
    if chart.singles_from_at is not None:
        words = tr("single samples from {time} on, before that their summaries")
        parts.append(words.format(time=moment_words(chart.singles_from_at, at)))
    return "; ".join(parts)


def _stretch(time_range: TimeRange, at: datetime, tr: Translate) -> str:
    begins, ends = moment_words(time_range.start_at, at), moment_words(time_range.end_at, at)
    return tr("{begins} to {ends}").format(begins=begins, ends=ends)
