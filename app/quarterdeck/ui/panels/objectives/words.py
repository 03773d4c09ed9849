"""Objectives and their ledgers in words: pure functions from an answer of the services to what is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from quarterdeck.analysis.error_budget import left_over_time
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.ledger_corrections import LedgerCorrection
from quarterdeck.domain.objective_ledger import LedgerEntry, Standing
from quarterdeck.services import objective_words as told
from quarterdeck.services.counting_rules import rule_words
from quarterdeck.services.moments import Moment
from quarterdeck.services.objective_forms import draft_of, fits_the_form
from quarterdeck.services.objectives import ObjectiveDetail, ObjectiveFigures
from quarterdeck.services.wording import dated_words
from quarterdeck.ui.panels.objectives.state import (
    Cell,
    EntryLine,
    LedgerState,
    ObjectiveLine,
    ObjectivesState,
    StripPart,
)
from quarterdeck.ui.theme.tokens import Tone

Translate = Callable[[str], str]

SPARK_POINTS = 120
MOST_ENTRIES = 2_000
"""How many entries the table shows, the newest; the command tells all."""

MARKS = {
    Standing.GOOD: HealthState.HEALTHY,
    Standing.BAD: HealthState.DOWN,
    Standing.EXCLUDED: HealthState.MAINTENANCE,
    Standing.UNKNOWN: HealthState.UNKNOWN,
}


def objectives_state(found: Sequence[ObjectiveFigures], moment: Moment, tr: Translate) -> ObjectivesState:
    """The panel at a moment."""
    return ObjectivesState(tuple(_line(each) for each in found), _summary(found, tr), is_past=not moment.live)


def ledger_state(detail: ObjectiveDetail, moment: Moment, tr: Translate) -> LedgerState:
    """The ledger of one objective."""
    figures, held = detail.figures, detail.figures.held
    title = tr("Ledger: {entity}, {objective}").format(
        entity=held.entity.name, objective=held.objective.title or held.objective.name
    )
    entries = detail.ledger.entries if detail.ledger is not None else ()
    return LedgerState(
        id=held.key.text,
        entity_key=held.entity.key,
        title=title,
        sentences=_sentences(figures, tr),
        beside=() if detail.usual is figures else _beside(detail.usual, tr),
        corrections=tuple(_correction(each, tr) for each in detail.corrections),
        strip=_strip(entries),
        strip_words=_strip_words(figures, tr),
        left=_left(detail),
        left_words=tr("Above: what each stretch counts as. The line: the budget over the window, now {words}.").format(
            words=told.left_words(figures.budget)
        ),
        entries=tuple(_entry(each) for each in entries[-MOST_ENTRIES:]),
        fault=f"{figures.fault} {figures.next_step}".strip(),
        can_correct=moment.live and held.is_promised and not figures.fault,
        why_not_changed=_why_not_changed(figures, moment, tr),
        form=_form(figures),
    )


def _line(figures: ObjectiveFigures) -> ObjectiveLine:
    held, objective, tally = figures.held, figures.held.objective, figures.tally
    share = None if figures.budget is None else figures.budget.left_share
    rates = [burn.long_rate for burn in figures.burns if burn.long_rate is not None]
    tips = (f"{figures.fault} {figures.next_step}".strip(), told.warning_words(figures), told.measure_words(objective))
    return ObjectiveLine(
        id=held.key.text,
        entity_key=held.entity.key,
        entity=held.entity.name,
        name=objective.title or objective.name,
        target=Cell(told.target_words(objective), objective.target),
        window=told.window_words(objective),
        attained=Cell(told.share_words(figures.attained), math.nan if figures.attained is None else figures.attained),
        mark=_mark(figures),
        stands=told.met_words(figures),
        left=Cell(told.left_words(figures.budget), math.nan if share is None else share),
        burn=Cell(told.pace_words(figures), max(rates, default=math.nan)),
        burn_tone=Tone.DOWN if any(burn.is_fast for burn in figures.burns) else Tone.SECONDARY,
        forecast="" if figures.fault else told.short_forecast_words(figures),
        forecast_tip="" if figures.fault else told.forecast_words(figures),
        unmeasured=Cell(
            "" if tally is None or not tally.unknown_us else told.length_words(tally.unknown_us),
            math.nan if tally is None else tally.unknown_us,
        ),
        tip="\n".join(tip for tip in tips if tip),
    )


def _mark(figures: ObjectiveFigures) -> HealthState:
    if figures.is_met is None:
        return HealthState.UNKNOWN
    if not figures.is_met:
        return HealthState.DOWN
    return HealthState.DEGRADED if any(burn.is_fast for burn in figures.burns) else HealthState.HEALTHY


def _summary(found: Sequence[ObjectiveFigures], tr: Translate) -> str:
    met = sum(each.is_met is True for each in found)
    parts = [tr("{met} of {count} met").format(met=met, count=len(found))]
    counts = (
        (sum(each.is_met is False for each in found), tr("{count} not met")),
        (sum(any(burn.is_fast for burn in each.burns) for each in found), tr("{count} burning too fast")),
        (sum(not each.fault and each.is_met is None for each in found), tr("{count} without anything measured")),
        (sum(bool(each.fault) for each in found), tr("{count} cannot be counted")),
    )
    return " · ".join((*parts, *(text.format(count=count) for count, text in counts if count)))


def _sentences(figures: ObjectiveFigures, tr: Translate) -> tuple[str, ...]:
    objective = figures.held.objective
    counted = tr("Counts {what} over {window}: {rule}.").format(
        what=told.measure_words(objective), window=told.window_words(objective), rule=rule_words(figures.rule)
    )
    if figures.fault:
        return (counted,)
    lines = [counted, *_beside(figures, tr)]
    if figures.burns:
        pairs = " · ".join(told.burn_words(burn) for burn in figures.burns)
        lines.append(tr("Burn over {pairs}.").format(pairs=pairs))
    return tuple(line for line in (*lines, told.warning_words(figures)) if line)


def _beside(figures: ObjectiveFigures, tr: Translate) -> tuple[str, ...]:
    """The share with its parts, and the budget."""
    tally, objective = figures.tally, figures.held.objective
    if tally is None:
        return ()
    parts = (
        (tally.good_us, "good"),
        (tally.bad_us, "bad"),
        (tally.excluded_us, "excluded"),
        (tally.unknown_us, "unknown"),
    )
    lengths = ", ".join(f"{told.length_words(us)} {tr(name)}" for us, name in parts if us)
    happened = f" ({told.amount_words(tally.good)} / {told.amount_words(tally.total)})" if tally.total else ""
    share = told.share_words(figures.attained)
    if not figures.held.is_promised:
        return (tr("{share} attained{happened}; nothing was promised. {lengths}.").format(
            share=share, happened=happened, lengths=lengths
        ),)  # fmt: skip
    line = tr("{share} attained{happened} of {target}: {stands}. {lengths}.").format(
        share=share,
        happened=happened,
        target=told.target_words(objective),
        stands=told.met_words(figures),
        lengths=lengths,
    )
    budget = tr("Budget: {left}, {spent}; {date}.").format(
        left=told.left_words(figures.budget),
        spent=told.spent_words(figures.budget),
        date=told.forecast_words(figures),
    )
    return (line,) if figures.budget is None else (line, budget)


def _correction(correction: LedgerCorrection, tr: Translate) -> str:
    return tr("Correction {number}: {start} to {end} counts as {standing}. {reason} ({by}, {time})").format(
        number=correction.number,
        start=dated_words(correction.from_at),
        end=dated_words(correction.to_at),
        standing=correction.counts_as.value,
        reason=correction.reason,
        by=correction.recorded_by,
        time=dated_words(correction.recorded_at),
    )


def _strip(entries: Sequence[LedgerEntry]) -> tuple[StripPart, ...]:
    if not entries:
        return ()
    start, length = entries[0].from_us, entries[-1].to_us - entries[0].from_us
    return tuple(
        StripPart((each.from_us - start) / length, (each.to_us - start) / length, MARKS[each.standing])
        for each in entries
    )


def _strip_words(figures: ObjectiveFigures, tr: Translate) -> str:
    return " ".join(_beside(figures, tr)) or tr("Nothing was counted.")


def _left(detail: ObjectiveDetail) -> tuple[float, ...]:
    budget, ledger = detail.figures.budget, detail.ledger
    if budget is None or ledger is None or not len(ledger.standings):
        return ()
    return tuple(float(share) for share in left_over_time(ledger, budget, SPARK_POINTS))


def _entry(entry: LedgerEntry) -> EntryLine:
    counted = told.counted_words(entry)
    return EntryLine(
        id=str(entry.from_us),
        began=Cell(dated_words(entry.from_at), entry.from_us),
        ended=Cell(dated_words(entry.to_at), entry.to_us),
        lasted=Cell(told.length_words(entry.to_us - entry.from_us), entry.to_us - entry.from_us),
        mark=MARKS[entry.standing],
        counts_as=told.STANDING_WORDS[entry.standing],
        counted=Cell(counted, entry.good / entry.total if entry.total else math.nan),
        decided=told.decided_words(entry),
        why=entry.reason,
        from_text=entry.from_at.astimezone().isoformat(sep=" "),
        to_text=entry.to_at.astimezone().isoformat(sep=" "),
    )


def _why_not_changed(figures: ObjectiveFigures, moment: Moment, tr: Translate) -> str:
    if not moment.live:
        return tr("The past cannot be changed. Go back to the present.")
    if figures.held.is_promised and not fits_the_form(figures.held.objective, figures.at):
        return tr("Its definition says more than the form can. Change it in its estate document.")
    return ""


def _form(figures: ObjectiveFigures) -> tuple[tuple[str, str], ...]:
    """What the form begins with, by field."""
    draft = draft_of(figures.held.key, figures.held.objective)
    target = f"{draft.target_percent:g}" if figures.held.is_promised else "99.9"
    return (
        ("name", draft.name),
        ("kind", draft.kind.value),
        ("target", target),
        ("window", draft.window),
        ("starts", draft.starts),
        ("zone", draft.zone),
        ("query", draft.query),
        ("total", draft.total),
        ("bound", "" if draft.bound is None else f"{draft.bound:g}"),
    )
