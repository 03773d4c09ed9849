"""Error patterns in words and columns: pure functions from a report to what the Errors view shows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quarterdeck.analysis.error_patterns import STEPS
from quarterdeck.services.error_patterns import ErrorReport, KnownPattern, ToldFailure, step_times
from quarterdeck.services.error_words import incomplete_words, names_words
from quarterdeck.services.moments import Moment
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.charts.line_data import LineData
from quarterdeck.ui.panels.performance.time_marks import Translate
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.columns import NOTHING, ColumnSpec, NumberCells, SparkCells, TableData, TextCells

_SPARK_STEPS = 24
_TIMES_MORE = 3
_SERVER_FAULT, _CLIENT_FAULT = "5", "4"
_HTTP_LETTERS = 3


@dataclass(frozen=True, slots=True, eq=False)
class ErrorState:
    """The Errors view: the patterns, what they add up to, what is missing, and the range their courses are of."""

    patterns: tuple[KnownPattern, ...]
    table: TableData
    summary: str
    missing: str
    total: LineData
    lines: dict[str, LineData]
    step_words: str
    start_s: float
    end_s: float
    play_head_s: float | None
    report: ErrorReport
    moment: Moment


def error_columns(tr: Translate) -> tuple[ColumnSpec, ...]:
    """The columns of the patterns; what they read stays to the last."""
    return (
        ColumnSpec("code", tr("Code"), width=64, yields=3),
        ColumnSpec("pattern", tr("Error pattern"), stretch=3, width=260, is_strong=True),
        ColumnSpec("now", tr("Now"), is_right=True, tool_tip=tr("How many in the range, up to the play-head")),
        ColumnSpec("before", tr("Before"), is_right=True, tool_tip=tr("How many in the equal time just before")),
        ColumnSpec("trend", tr("Trend"), width=110, is_sortable=False, yields=2),
        ColumnSpec("first", tr("First seen"), width=92, is_right=True, yields=5, tool_tip=tr("In either time")),
        ColumnSpec("last", tr("Last seen"), width=92, is_right=True, yields=4),
        ColumnSpec("entity", tr("Told of"), width=150, tone=Tone.SECONDARY, cut_in_middle=True, yields=1),
    )


def failure_columns(tr: Translate) -> tuple[ColumnSpec, ...]:
    """The columns of single failures."""
    return (
        ColumnSpec("time", tr("Time"), width=110),
        ColumnSpec("code", tr("Code"), width=64, yields=2),
        ColumnSpec("message", tr("Message"), stretch=3, width=240),
        ColumnSpec("entity", tr("Told of"), width=150, tone=Tone.SECONDARY, cut_in_middle=True, yields=1),
        ColumnSpec("case", tr("Case"), width=130, tone=Tone.SECONDARY, yields=3),
    )


def error_state(report: ErrorReport, moment: Moment, tr: Translate) -> ErrorState:
    """The view of a report."""
    patterns, shown = report.patterns, moment.time_range
    total = np.sum([one.course for one in patterns] or [(0,) * STEPS], axis=0)
    return ErrorState(
        patterns=patterns,
        table=_table(report, moment, tr),
        summary=_summary(report, moment, tr),
        missing=" ".join(words for words in incomplete_words(report, moment.at) if words),
        total=_line(tr("All failures"), total, report),
        lines={one.id: _line(one.template, np.array(one.course), report) for one in patterns},
        step_words=tr("in each {length}").format(length=_length_words(report.time_range.seconds / STEPS)),
        start_s=shown.start_at.timestamp(),
        end_s=shown.end_at.timestamp(),
        play_head_s=None if moment.live else moment.at.timestamp(),
        report=report,
        moment=moment,
    )


def failure_data(one: KnownPattern | None, state: ErrorState) -> TableData:
    """The newest failures of a pattern, or of all, as a table."""
    told = one.newest if one is not None else _newest(state.patterns)
    names = state.report.names
    return TableData(
        ids=tuple(str(number) for number in range(len(told))),
        cells=(
            TextCells([_second_words(each, state) for each in told], ranks=_ranks(told)),
            TextCells([each.code for each in told], tones=[_code_tone(each.code) for each in told]),
            TextCells([each.message for each in told]),
            TextCells([names.get(each.entity_key, each.entity_key) for each in told]),
            TextCells([each.correlation_key for each in told]),
        ),
        tips=(
            (),
            (),
            [each.message for each in told],
            [each.entity_key for each in told],
            [each.type for each in told],
        ),
    )


def newest_of(one: KnownPattern | None, state: ErrorState) -> tuple[ToldFailure, ...]:
    """The failures that `failure_data` shows, in their order."""
    return one.newest if one is not None else _newest(state.patterns)


def count_words(value: float, _unit: str = "") -> str:
    """A count in words; a dash for none."""
    return f"{value:,.0f}" if math.isfinite(value) else NOTHING


def detail_words(one: KnownPattern, state: ErrorState, tr: Translate) -> str:
    """What there is to say of a chosen pattern: its example, its codes, of whom, and since when."""
    codes = ", ".join(tr("{code} ({count:,})").format(code=code, count=count) for code, count in one.codes)
    names = state.report.names
    whom = ", ".join(
        tr("{name} ({count:,})").format(name=names.get(key, key), count=count) for key, count in one.entities[:6]
    )
    begins = moment_words(state.report.before.start_at, state.moment.at)
    first = tr("first seen {time}, looking back to {begin}").format(
        time=moment_words(one.first_at, state.moment.at), begin=begins
    )
    said = [tr("For example: {example}").format(example=one.example), first]
    said += [tr("codes {codes}").format(codes=codes)] if codes else []
    said += [tr("told of {whom}").format(whom=whom)] if whom else []
    return " · ".join(said)


def _table(report: ErrorReport, moment: Moment, tr: Translate) -> TableData:
    told = report.patterns
    codes = [one.codes[0][0] if one.codes else "" for one in told]
    return TableData(
        ids=tuple(one.id for one in told),
        cells=(
            TextCells(codes, tones=[_code_tone(code) for code in codes], notes=[_more(one) for one in told]),
            TextCells(
                [one.template for one in told],
                notes=[tr("new") if report.is_before_known and not one.before else "" for one in told],
            ),
            NumberCells(np.array([one.now for one in told], np.float64), count_words),
            NumberCells(np.array([_before(one, report) for one in told], np.float64), count_words),
            SparkCells([_spark(one) for one in told], tones=[_trend_tone(one, report) for one in told]),
            TextCells(
                [moment_words(one.first_at, moment.at) for one in told],
                ranks=np.array([one.first_at.timestamp() for one in told]),
            ),
            TextCells(
                [moment_words(one.last_at, moment.at) for one in told],
                ranks=np.array([one.last_at.timestamp() for one in told]),
            ),
            TextCells([names_words(one, report) for one in told]),
        ),
        tips=((), [one.example for one in told], (), (), (), (), (), [_whom(one, report) for one in told]),
    )


def _summary(report: ErrorReport, moment: Moment, tr: Translate) -> str:
    begin, end = (moment_words(at, moment.at) for at in (report.time_range.start_at, report.time_range.end_at))
    before = sum(one.before for one in report.patterns)
    told = tr("{now:,} failures {begin} to {end} in {count} patterns; {before:,} in the equal time before.")
    if not _is_before_kept(report):
        told = tr("{now:,} failures {begin} to {end} in {count} patterns; how many before is not known.")
    return told.format(now=report.now, begin=begin, end=end, count=len(report.patterns), before=before)


def _line(label: str, course: NDArray[np.int64], report: ErrorReport) -> LineData:
    """The course as a line; steps of which not all was read are a gap."""
    times = np.array([at.timestamp() for at in step_times(report.time_range)])
    half = report.time_range.seconds / STEPS / 2
    values = np.where(times < report.complete_from_at.timestamp() - half * 2, np.nan, course.astype(np.float64))
    return LineData.of_samples(label, "1", times + half, values)


def _newest(patterns: tuple[KnownPattern, ...]) -> tuple[ToldFailure, ...]:
    every = [each for one in patterns for each in one.newest]
    return tuple(sorted(every, key=lambda each: each.at, reverse=True)[:200])


def _second_words(one: ToldFailure, state: ErrorState) -> str:
    return f"{moment_words(one.at, state.moment.at)}{one.at.astimezone().strftime(':%S')}"


def _ranks(told: tuple[ToldFailure, ...]) -> NDArray[np.float64]:
    return np.array([each.at.timestamp() for each in told], dtype=np.float64)


def _before(one: KnownPattern, report: ErrorReport) -> float:
    """How many before; none where not all of that time is kept."""
    return float(one.before) if _is_before_kept(report) else float("nan")


def _is_before_kept(report: ErrorReport) -> bool:
    begins = report.events_begin_at
    return begins is not None and begins <= report.before.start_at


def _length_words(seconds: float) -> str:
    """A step's length to the second: `3 min 45 s`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "1 s"


def _more(one: KnownPattern) -> str:
    return f"+{len(one.codes) - 1}" if len(one.codes) > 1 else ""


def _whom(one: KnownPattern, report: ErrorReport) -> str:
    return "\n".join(f"{report.names.get(key, key)}: {count:,}" for key, count in one.entities[:10])


def _code_tone(code: str) -> Tone:
    if len(code) == _HTTP_LETTERS and code.isdigit():
        return {_SERVER_FAULT: Tone.DOWN, _CLIENT_FAULT: Tone.DEGRADED}.get(code[0], Tone.TEXT)
    return Tone.TEXT


def _trend_tone(one: KnownPattern, report: ErrorReport) -> Tone:
    has_grown = report.is_before_known and one.now > _TIMES_MORE * max(1, one.before)
    return Tone.DOWN if has_grown else Tone.SECONDARY


def _spark(one: KnownPattern) -> NDArray[np.float64]:
    return np.array(one.course, dtype=np.float64).reshape(_SPARK_STEPS, -1).sum(axis=1)
