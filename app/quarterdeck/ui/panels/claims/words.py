"""The log of claims in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime

from quarterdeck.domain.claims import PartnerRecord, Standing, median_delay_seconds
from quarterdeck.services.claim_log import ClaimEntry, ClaimLog
from quarterdeck.services.claim_words import (
    claimed_words,
    delay_words,
    entity_names,
    fault_class_words,
    length_words,
    measured_words,
    standing_words,
    telling_words,
    totals_words,
)
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import moment_words, percent
from quarterdeck.ui.panels.claims.state import Cell, ClaimsState, EntryLine, PartnerLine
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

_TONES = {Standing.UNDERSTATED: Tone.DEGRADED, Standing.OVERSTATED: Tone.SECONDARY}
_TOLD_SHOWN = 5


def claims_state(log: ClaimLog, moment: Moment, tr: Translate, stale: str = "") -> ClaimsState:
    """The panel at a moment."""
    records = log.report.records
    return ClaimsState(
        partners=tuple(_partner(record, moment.at, tr) for record in records),
        entries=tuple(_entry(entry, log, moment.at, tr) for entry in log.entries),
        summary=_summary(log, moment, tr),
        stale=stale,
    )


def _summary(log: ClaimLog, moment: Moment, tr: Translate) -> str:
    entries, others = log.entries, log.report.without_page_count
    still = sum(entry.span.is_open for entry in entries)
    begin = moment_words(log.report.time_range.start_at, moment.at)
    parts = [
        tr("No disagreement since {time}").format(time=begin)
        if not entries
        else tr("1 disagreement since {time}").format(time=begin)
        if len(entries) == 1
        else tr("{count} disagreements since {time}").format(count=len(entries), time=begin)
    ]
    if still:
        parts.append(tr("{count} still going on").format(count=still))
    if others:
        parts.append(
            tr("{count} partners without a status page").format(count=others)
            if others > 1
            else tr("1 partner without a status page")
        )
    return " · ".join(parts)


def _partner(record: PartnerRecord, at: datetime, tr: Translate) -> PartnerLine:
    totals = record.totals
    median = median_delay_seconds(record.tellings)
    shares = {each: totals.share(each) for each in Standing}
    return PartnerLine(
        key=record.partner_key,
        name=record.partner_name,
        claimed=record.claimed.state,
        claimed_words=claimed_words(record.claimed),
        measured=record.measured.state,
        measured_words=measured_words(record.measured),
        known=_share(totals.known_share),
        agreed=_share(shares[Standing.AGREED]),
        too_good=_share(shares[Standing.UNDERSTATED]),
        alarm=_share(shares[Standing.OVERSTATED]),
        planned=_share(shares[Standing.PLANNED]),
        delay=Cell(delay_words(record, is_short=True), math.nan if median is None else median),
        tip=_tip(record, at, tr),
    )


def _tip(record: PartnerRecord, at: datetime, tr: Translate) -> str:
    """How its claims held, when its page was read, and its latest outages with their delays."""
    lines = [totals_words(record)]
    if record.read_at is not None:
        lines.append(tr("Its page was last read at {time}.").format(time=moment_words(record.read_at, at)))
    latest = record.tellings[-_TOLD_SHOWN:][::-1]
    return "\n".join((*lines, *(f"{moment_words(each.from_at, at)}: {telling_words(each)}" for each in latest)))


def _entry(entry: ClaimEntry, log: ClaimLog, at: datetime, tr: Translate) -> EntryLine:
    span = entry.span
    began = moment_words(span.from_at, at)
    return EntryLine(
        id=f"{entry.record.partner_key}@{span.from_at.isoformat()}",
        subject_key=span.subject_keys[0] if span.subject_keys else entry.record.partner_key,
        kind=standing_words(span.standing),
        kind_tone=_TONES[span.standing],
        partner=entry.record.partner_name,
        about=entity_names(entry, log),
        began=Cell(tr("before {time}").format(time=began) if span.is_cut else began, span.from_at.timestamp()),
        ended=Cell(tr("still") if span.is_open else moment_words(span.to_at, at), span.to_at.timestamp()),
        lasted=Cell(length_words(span), span.seconds),
        claimed=span.claimed.state,
        claimed_words=claimed_words(span.claimed),
        measured=span.measured.state,
        measured_words=measured_words(span.measured),
        fault=fault_class_words(entry),
        detail=_detail(entry, tr),
    )


def _detail(entry: ClaimEntry, tr: Translate) -> str:
    """What both sides said, and whose fault it was, a line each."""
    span = entry.span
    said = tr("{partner} said: {words}").format(
        partner=entry.record.partner_name, words=span.claimed.words or claimed_words(span.claimed)
    )
    seen = tr("We measured: {words}").format(words=span.measured.words or measured_words(span.measured))
    return "\n".join((said, seen, *((entry.judged.words,) if entry.judged else ())))


def _share(value: float | None) -> Cell:
    words = "0%" if value == 0 else percent(value)
    return Cell(words, math.nan if value is None else value)
