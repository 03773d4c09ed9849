"""Objectives for the terminal and as JSON: how each stands, and the ledger behind the figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.ledger_corrections import LedgerCorrection
from quarterdeck.domain.objective_ledger import LedgerEntry, Tally
from quarterdeck.exporters.terminal import plain
from quarterdeck.sdk.texts import counted
from quarterdeck.services.counting_rules import rule_words
from quarterdeck.services.objective_words import (
    STANDING_WORDS,
    burn_words,
    counted_words,
    decided_words,
    forecast_words,
    known_words,
    left_words,
    length_words,
    measure_words,
    met_words,
    pace_words,
    share_words,
    spent_words,
    target_words,
    warning_words,
    window_words,
)
from quarterdeck.services.objectives import ObjectiveDetail, ObjectiveFigures
from quarterdeck.services.wording import dated_words

_WIDTH = 160
_LONGEST = 4_000


def objectives_text(found: Sequence[ObjectiveFigures]) -> str:
    """A line per objective; what cannot be counted and what is short of data stands below."""
    if not found:
        return "No objective is declared. An estate document declares them; see the manual under “Objectives”."
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Objective", "Target", "Over", "Attained", "Stands", "Budget", "Burn", "Not measured"):
        grid.add_column(title, no_wrap=True, justify="right" if title in {"Target", "Attained"} else "left")
    for each in found:
        objective = each.held.objective
        grid.add_row(
            plain(each.held.key.text, 70),
            target_words(objective),
            plain(window_words(objective), 30),
            share_words(each.attained),
            met_words(each),
            left_words(each.budget),
            pace_words(each),
            known_words(each),
        )
    below = [f"{each.held.key.text}: {each.fault} {each.next_step}" for each in found if each.fault]
    below += [f"{each.held.key.text}: {words}" for each in found if (words := warning_words(each))]
    return "\n".join((_rendered(grid), *(plain(line).plain for line in below)))


def ledger_text(detail: ObjectiveDetail) -> str:
    """One objective with its ledger, every entry a line."""
    figures, objective = detail.figures, detail.figures.held.objective
    lines = [
        f"{figures.held.key.text}: {target_words(objective)} over {window_words(objective)}, {measure_words(objective)}"
    ]
    if figures.fault:
        return "\n".join(plain(line).plain for line in (*lines, figures.fault, figures.next_step))
    lines += _figure_lines(figures)
    if detail.usual is not figures:
        lines += ["", "By the usual rule:", *_figure_lines(detail.usual)]
    lines += [f"Correction {each.number}: {_correction_words(each)}" for each in detail.corrections]
    entries = detail.ledger.entries if detail.ledger is not None else ()
    lines.append(f"Ledger, {counted(len(entries), 'entry', 'entries')}:")
    return "\n".join((*(plain(line).plain for line in lines), _rendered(_entries(entries))))


def objectives_json(found: Sequence[ObjectiveFigures]) -> str:
    """Every objective for scripts; a share that nothing tells is null."""
    return json.dumps({"objectives": [_figures_object(each) for each in found]}, indent=2)


def ledger_json(detail: ObjectiveDetail) -> str:
    """One objective with every entry of its ledger, instants to the microsecond."""
    entries = detail.ledger.entries if detail.ledger is not None else ()
    told = {
        **_figures_object(detail.figures),
        "usual": _figures_object(detail.usual),
        "corrections": [_correction_object(each) for each in detail.corrections],
        "ledger": [_entry_object(each) for each in entries],
    }
    return json.dumps(told, indent=2)


def _figure_lines(figures: ObjectiveFigures) -> list[str]:
    tally = figures.tally
    lines = [
        f"{share_words(figures.attained)} attained, {met_words(figures)} ({rule_words(figures.rule)}).",
        f"Budget: {left_words(figures.budget)}, {spent_words(figures.budget)} spent; {forecast_words(figures)}.",
        *(f"Burn over {burn_words(burn)}." for burn in figures.burns),
    ]
    if tally is not None:
        parts = zip(("good", "bad", "excluded", "unknown"), _lengths(tally), strict=True)
        lines.append("Time: " + ", ".join(f"{name} {length_words(us)}" for name, us in parts) + ".")
    return [*lines, warning] if (warning := warning_words(figures)) else lines


def _lengths(tally: Tally) -> tuple[int, int, int, int]:
    return tally.good_us, tally.bad_us, tally.excluded_us, tally.unknown_us


def _entries(entries: Sequence[LedgerEntry]) -> Table:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("From", "To", "Lasted", "Counts as", "Good", "Decided by", "Why"):
        grid.add_column(title, no_wrap=title != "Why", justify="right" if title in {"Lasted", "Good"} else "left")
    for each in entries:
        grid.add_row(
            dated_words(each.from_at),
            dated_words(each.to_at),
            length_words(each.to_us - each.from_us),
            STANDING_WORDS[each.standing],
            counted_words(each),
            plain(decided_words(each), 40),
            plain(each.reason, 200),
        )
    return grid


def _correction_words(correction: LedgerCorrection) -> str:
    span = f"{dated_words(correction.from_at)} to {dated_words(correction.to_at)}"
    return (
        f"{span} counts as {correction.counts_as.value}; {correction.reason} ({correction.recorded_by}, "
        f"{dated_words(correction.recorded_at)})"
    )


def _figures_object(figures: ObjectiveFigures) -> dict[str, Any]:
    held, tally, budget, forecast = figures.held, figures.tally, figures.budget, figures.forecast
    return {
        "objective": held.key.text,
        "title": held.objective.title,
        "target": held.objective.target,
        "window": window_words(held.objective),
        "from": _text(figures.window.start_at if figures.window else None),
        "to": _text(figures.window.end_at if figures.window else None),
        "at": _text(figures.at),
        "rule": rule_words(figures.rule),
        "attained": figures.attained,
        "met": figures.is_met,
        "basis": None if tally is None else tally.basis.value,
        "seconds": None if tally is None else {n: u / 1e6 for n, u in zip(_NAMES, _lengths(tally), strict=True)},
        "good": None if tally is None else tally.good,
        "total": None if tally is None else tally.total,
        "budget": None if budget is None else {"allowed": budget.allowed, "spent": budget.spent},
        "burns": [
            {
                "over_seconds": burn.pair.long_us / 1e6,
                "rate": burn.long_rate,
                "short_seconds": burn.pair.short_us / 1e6,
                "short_rate": burn.short_rate,
                "limit": burn.limit,
                "too_fast": burn.is_fast,
            }
            for burn in figures.burns
        ],
        "forecast": None if forecast is None else forecast_words(figures),
        "warning": warning_words(figures),
        "fault": figures.fault,
        "next_step": figures.next_step,
    }


_NAMES = ("good", "bad", "excluded", "unknown")


def _entry_object(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "from": _text(entry.from_at),
        "to": _text(entry.to_at),
        "counts_as": entry.standing.value,
        "good": entry.good,
        "total": entry.total,
        "decided_by": entry.decided_by.value,
        "decided_id": entry.decided_id,
        "reason": entry.reason,
    }


def _correction_object(correction: LedgerCorrection) -> dict[str, Any]:
    return {
        "number": correction.number,
        "from": _text(correction.from_at),
        "to": _text(correction.to_at),
        "counts_as": correction.counts_as.value,
        "reason": correction.reason,
        "recorded_by": correction.recorded_by,
        "recorded_at": _text(correction.recorded_at),
        "digest": correction.digest,
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _rendered(grid: Table) -> str:
    target = StringIO()
    Console(file=target, width=_WIDTH, no_color=True, highlight=False).print(grid, overflow="fold")
    return "\n".join(line.rstrip()[:_LONGEST] for line in target.getvalue().splitlines()).rstrip()
