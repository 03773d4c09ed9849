"""Whose fault the outage is, and how the partner's claims held, as lines of the inspector. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from quarterdeck.domain.claims import DISAGREEMENTS, ClaimSpan, PartnerRecord, Standing
from quarterdeck.domain.fault_class import FaultClass, Reason
from quarterdeck.services.claim_words import delay_words, length_words, standing_words
from quarterdeck.services.fault_words import class_words, missing_words, reason_words
from quarterdeck.services.moments import AVAILABILITY_DAYS
from quarterdeck.services.wording import moment_words, percent
from quarterdeck.ui.shell.inspector.state import Line

if TYPE_CHECKING:
    from quarterdeck.services.fault_class import JudgedOutage


def fault_lines(judged: JudgedOutage, names: dict[str, str]) -> tuple[Line, ...]:
    """The class of an outage with how sure it is, then what speaks for it, against it, and what nothing tells."""
    return tuple(_fault_lines(judged, names))


def _fault_lines(judged: JudgedOutage, names: dict[str, str]) -> Iterator[Line]:
    verdict = judged.verdict
    words = class_words(verdict)
    yield Line("Fault", words[:1].upper() + words[1:])
    if judged.root_key != judged.outage.entity_key:
        yield Line("Follows", names.get(judged.root_key, judged.root_key))
    if verdict.fault is FaultClass.NOT_KNOWN:
        if verdict.reasons:
            yield Line("Seen", _clauses(verdict.reasons))
    else:
        yield Line("For it", _clauses(verdict.supporting))
        if verdict.opposing:
            yield Line("Against it", _clauses(verdict.opposing))
    if verdict.excluding and verdict.fault is not FaultClass.NOT_KNOWN:
        yield Line("Besides", _clauses(verdict.excluding))
    if verdict.missing:
        yield Line("Not told", ", ".join(missing_words(each) for each in verdict.missing))


def record_lines(record: PartnerRecord, at: datetime) -> tuple[Line, ...]:
    """How a partner's claims held over the days of availability, how late it tells, and where it last differed."""
    totals = record.totals
    if totals.compared_seconds <= 0:
        return ()
    shares = ", ".join(
        f"{standing_words(each)} {percent(totals.share(each))}"
        for each in (Standing.AGREED, Standing.UNDERSTATED, Standing.OVERSTATED)
        if totals.share(each)
    )
    lines = [Line(f"{AVAILABILITY_DAYS} days", shares), Line("Outages", delay_words(record))]
    last = next((span for span in reversed(record.spans) if span.standing in DISAGREEMENTS), None)
    return (*lines, Line("Last differed", _span_words(last, at))) if last is not None else tuple(lines)


def _span_words(span: ClaimSpan, at: datetime) -> str:
    began = moment_words(span.from_at, at)
    when = f"since {began}" if span.is_open else f"{began} to {moment_words(span.to_at, at)}"
    return f"{when}, {length_words(span)}: {standing_words(span.standing)}"


def _clauses(reasons: tuple[Reason, ...]) -> str:
    return "; ".join(reason_words(each) for each in reasons)
