"""Claims against measurement for the terminal and as JSON: each partner's totals, and the log of disagreements."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.claims import PartnerRecord, Standing, Telling, median_delay_seconds
from quarterdeck.exporters.terminal import plain
from quarterdeck.sdk.texts import counted
from quarterdeck.services.claim_log import ClaimEntry, ClaimLog
from quarterdeck.services.claim_words import (
    claimed_words,
    delay_words,
    entity_names,
    fault_class_words,
    instant_text,
    length_words,
    measured_words,
    standing_words,
)
from quarterdeck.services.fault_words import missing_words, reason_words
from quarterdeck.services.wording import moment_words, percent

_WIDTH = 150
_LONGEST = 4_000
_STILL = "still"


def claims_text(log: ClaimLog, now: datetime) -> str:
    """A table of the partners, one of the disagreements, and what is left out."""
    report = log.report
    start, end = (moment_words(at, now) for at in (report.time_range.start_at, report.time_range.end_at))
    lines = [f"Claimed against measured, {start} to {end}."]
    if not report.records:
        return "\n".join((*lines, "No partner has a status page that is read.", _others(report.without_page_count)))
    lines += [_rendered(_totals(report.records)), ""]
    lines += [_rendered(_entries(log, now))] if log.entries else ["No disagreement in this range."]
    return "\n".join((*lines, _others(report.without_page_count))).rstrip()


def claims_json(log: ClaimLog) -> str:
    """The same for scripts, with every reason and every delay; an open end is null."""
    report = log.report
    told = {
        "from": instant_text(report.time_range.start_at),
        "to": instant_text(report.time_range.end_at),
        "partners_without_page": report.without_page_count,
        "partners": [_partner_object(record) for record in report.records],
        "disagreements": [_entry_object(entry) for entry in log.entries],
    }
    return json.dumps(told, indent=2)


def _totals(records: tuple[PartnerRecord, ...]) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Partner", "Known", "Agreed", "Claim too good", "Needless alarm", "Maintenance"):
        grid.add_column(title, no_wrap=True, justify="left" if title == "Partner" else "right")
    grid.add_column("Tells of outages")
    for record in records:
        totals = record.totals
        shares = (Standing.AGREED, Standing.UNDERSTATED, Standing.OVERSTATED, Standing.PLANNED)
        grid.add_row(
            plain(record.partner_name, 40),
            percent(totals.known_share),
            *(percent(totals.share(each)) for each in shares),
            delay_words(record),
        )
    return grid


def _entries(log: ClaimLog, now: datetime) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Partner", "About", "From", "To", "Lasted", "They said", "We measured", "Whose fault"):
        grid.add_column(
            title, no_wrap=title in {"From", "To", "Lasted"}, justify="right" if title == "Lasted" else "left"
        )
    for entry in log.entries:
        span = entry.span
        grid.add_row(
            plain(entry.record.partner_name, 40),
            plain(entity_names(entry, log), 80),
            ("before " if span.is_cut else "") + moment_words(span.from_at, now),
            _STILL if span.is_open else moment_words(span.to_at, now),
            length_words(span),
            plain(f"{claimed_words(span.claimed)}: {span.claimed.words}", 120),
            plain(f"{measured_words(span.measured)}: {span.measured.words}", 120),
            fault_class_words(entry),
        )
    return grid


def _others(count: int) -> str:
    return f"{counted(count, 'partner')} without a status page." if count else ""


def _partner_object(record: PartnerRecord) -> dict[str, Any]:
    totals = record.totals
    return {
        "key": record.partner_key,
        "name": record.partner_name,
        "read_at": instant_text(record.read_at) if record.read_at else None,
        "claimed_at_end": record.claimed.state.value,
        "measured_at_end": record.measured.state.value,
        "seconds": {each.value: getattr(totals, f"{each.value}_seconds") for each in Standing},
        "shares": {each.value: totals.share(each) for each in Standing} | {"known": totals.known_share},
        "median_delay_seconds": median_delay_seconds(record.tellings),
        "outages": [_telling_object(each) for each in record.tellings],
    }


def _telling_object(telling: Telling) -> dict[str, Any]:
    return {
        "from": instant_text(telling.from_at),
        "to": None if telling.is_open else instant_text(telling.to_at),
        "measured": telling.measured.state.value,
        "reason": telling.measured.words,
        "told": telling.told.value,
        "told_at": instant_text(telling.told_at) if telling.told_at else None,
        "delay_seconds": telling.delay_seconds,
    }


def _entry_object(entry: ClaimEntry) -> dict[str, Any]:
    span, judged = entry.span, entry.judged
    verdict = judged.verdict if judged else None
    return {
        "partner": entry.record.partner_key,
        "kind": span.standing.value,
        "words": standing_words(span.standing),
        "from": instant_text(span.from_at),
        "began_before": span.is_cut,
        "to": None if span.is_open else instant_text(span.to_at),
        "seconds": span.seconds,
        "claimed": {"states": [each.value for each in span.claimed.course], "words": span.claimed.words},
        "measured": {"states": [each.value for each in span.measured.course], "words": span.measured.words},
        "entities": list(span.subject_keys),
        "fault": verdict
        and {
            "class": verdict.fault.value,
            "certainty": verdict.certainty.value,
            "words": judged.words if judged else "",
            "reasons": [
                {"clue": each.clue.value, "about": each.about.value, "weight": each.weight, "words": reason_words(each)}
                for each in verdict.reasons
            ],
            "missing": [missing_words(each) for each in verdict.missing],
        },
    }


def _rendered(grid: Table) -> str:
    out = StringIO()
    Console(file=out, width=_WIDTH, no_color=True, highlight=False).print(grid, overflow="fold")
    return "\n".join(line.rstrip()[:_LONGEST] for line in out.getvalue().splitlines())
