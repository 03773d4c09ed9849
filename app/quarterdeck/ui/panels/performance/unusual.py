"""What is outside its usual range, beside and on the charts: pure functions from what was found to words and marks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from quarterdeck.domain.health import HealthState
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import ChartLine, PerformanceReport
from quarterdeck.services.unusual import Unusual
from quarterdeck.services.unusual_words import (
    distance_words,
    fired_words,
    shape_words,
    subject_words,
    unusual_words,
    when_words,
)
from quarterdeck.ui.charts.line_data import Span
from quarterdeck.ui.panels.performance.state import Remark
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.theme.tokens import Tone

MOST_LISTED = 3
MOST_MARKED = 6


def listed(report: PerformanceReport, moment: Moment, tr: Translate) -> tuple[Remark, ...]:
    """What is outside its usual range at the moment and since when, of all that is measured.

    It is an observation and no fault: nobody said that a series must stay within what it did before.
    """
    going_on = [one for one in report.unusual if one.to_at is None]
    told = [Remark(HealthState.UNKNOWN, _line_words(one, moment)) for one in going_on[:MOST_LISTED]]
    if len(going_on) > MOST_LISTED:
        words = tr("{count} more are outside their usual range; `quarterdeck anomalies list` lists them all.")
        told.append(Remark(HealthState.UNKNOWN, words.format(count=len(going_on) - MOST_LISTED)))
    return tuple(told)


def remarks_below(lines: Sequence[ChartLine], report: PerformanceReport, moment: Moment) -> list[Remark]:
    """How each of a chart's lines was unusual last, in the range."""
    found: list[Remark] = []
    for line in lines:
        last = next((one for one in report.unusual if one.series.id == line.series.id), None)
        if last is not None:
            found.append(Remark(HealthState.UNKNOWN, f"{line.label}: {unusual_words(last, moment.at)}"))
    return found


def unusual_spans(report: PerformanceReport, drawn: Collection[int], tr: Translate) -> list[Span]:
    """When the lines that are drawn were unusual, as stretches with words; the newest where they are many."""
    wanted = [one for one in report.unusual if one.series.id in drawn]
    newest = sorted(wanted, key=lambda one: one.from_at, reverse=True)[:MOST_MARKED]
    return [
        Span(
            one.from_at.timestamp(),
            None if one.to_at is None else one.to_at.timestamp(),
            tr("{subject}: {signs}").format(
                subject=subject_words(one), signs=fired_words(one.anomaly) or tr("unusual")
            ),
            Tone.UNKNOWN,
        )
        for one in newest
    ]


def _line_words(one: Unusual, moment: Moment) -> str:
    parts = [f"{distance_words(one.anomaly)} {when_words(one, moment.at)}", shape_words(one.anomaly), one.planned]
    return f"{subject_words(one)}: {'; '.join(part for part in parts if part)}"
