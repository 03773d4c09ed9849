"""The Performance panel's answers as lines and words: pure functions from a report to what is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from quarterdeck.analysis.courses import held_until_ms
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.figures import Figure, figure_words
from quarterdeck.services.moments import Moment
from quarterdeck.services.performance import ChartLine, PerformanceReport, SignalChart
from quarterdeck.services.wording import moment_words
from quarterdeck.ui.charts.line_data import LineData, Stale
from quarterdeck.ui.panels.performance.state import (
    BarState,
    ChartState,
    KindWords,
    PerformanceState,
    PickWords,
    Remark,
)
from quarterdeck.ui.panels.performance.time_marks import Axis, Translate, time_marks
from quarterdeck.ui.panels.performance.unusual import listed, remarks_below, unusual_spans

USUAL_KINDS = (EntityKind.SERVICE, EntityKind.INTEGRATION)
_MS = 1000.0


def kind_title(kind: EntityKind, tr: Translate) -> str:
    """A kind as a view's title: `Services`."""
    titles = {
        EntityKind.SERVICE: tr("Services"),
        EntityKind.INTEGRATION: tr("Integrations"),
        EntityKind.PARTNER: tr("Partners"),
        EntityKind.COMPONENT: tr("Components"),
        EntityKind.EVENT_TYPE: tr("Event types"),
        EntityKind.CHANNEL: tr("Channels"),
    }
    return titles[kind]


def counted_kind(kind: EntityKind, count: int, tr: Translate) -> str:
    """So many of a kind: `1 service`, `3 services`."""
    words = {
        EntityKind.SERVICE: (tr("{count} service"), tr("{count} services")),
        EntityKind.INTEGRATION: (tr("{count} integration"), tr("{count} integrations")),
        EntityKind.PARTNER: (tr("{count} partner"), tr("{count} partners")),
        EntityKind.COMPONENT: (tr("{count} component"), tr("{count} components")),
        EntityKind.EVENT_TYPE: (tr("{count} event type"), tr("{count} event types")),
        EntityKind.CHANNEL: (tr("{count} channel"), tr("{count} channels")),
    }
    one, many = words[kind]
    return (one if count == 1 else many).format(count=count)


def bar_state(report: PerformanceReport, kinds: Sequence[EntityKind], tr: Translate) -> BarState:
    """The controls of the top bar."""
    return BarState(
        kinds=tuple(KindWords(kind.value, kind_title(kind, tr)) for kind in kinds),
        kind=report.kind.value,
        picks=tuple(PickWords(one.entity.key, one.entity.name, one.state) for one in report.candidates),
        picked=report.shown,
        picked_words=counted_kind(report.kind, len(report.shown), tr),
    )


def performance_state(
    report: PerformanceReport,
    bar: BarState,
    slots: Mapping[str, int],
    view: tuple[Moment, int],
    tr: Translate,
) -> PerformanceState:
    """The whole page over the moment's range; `slots` give each entity its colour, `view` is the moment and pixels."""
    moment, pixels = view
    charts = {chart.figure: chart for chart in report.charts}
    axis = Axis(moment.time_range, pixels, report.names)
    marks = time_marks(report.marked, report.changes, axis, is_one=len(report.shown) == 1, tr=tr)
    shown = tuple(_chart(charts[figure], report, slots, moment, tr) for figure in Figure if figure in charts)
    remarks = _held_by_all(shown)
    drawn = {info.id for chart in shown for info in chart.line_series}
    spans = sorted([*marks.spans, *unusual_spans(report, drawn, tr)], key=lambda span: span.start_s)
    return PerformanceState(
        bar=bar,
        charts=tuple(
            replace(chart, remarks=tuple(one for one in chart.remarks if one not in remarks)) for chart in shown
        ),
        spans=tuple(spans),
        start_s=moment.time_range.start_at.timestamp(),
        end_s=moment.time_range.end_at.timestamp(),
        play_head_s=None if moment.live else moment.at.timestamp(),
        remarks=(*listed(report, moment, tr), *remarks),
        omission=marks.omission,
        untold=_untold(report, tr),
    )


def _held_by_all(charts: Sequence[ChartState]) -> tuple[Remark, ...]:
    """Remarks about missing data that several charts make and that are then made once; failures stay where they are."""
    counts = Counter(remark for chart in charts for remark in chart.remarks if remark.state is not HealthState.DOWN)
    return tuple(remark for remark, count in counts.items() if count > 1)


def _chart(
    chart: SignalChart, report: PerformanceReport, slots: Mapping[str, int], moment: Moment, tr: Translate
) -> ChartState:
    drawn = [line for line in chart.lines if line.series.identity.unit == chart.unit]
    others = [line for line in chart.lines if line.series.identity.unit != chart.unit]
    is_stale = bool(drawn) and all(line.silent_since_at is not None for line in drawn)
    remarks = [remark for line in drawn if (remark := _remark(line, report, moment, is_stale=is_stale, tr=tr))]
    remarks += [_other_unit(line, tr) for line in others]
    remarks += remarks_below(drawn, report, moment)
    absence = _absence(drawn, report, chart.figure, moment, tr)
    is_failed = bool(absence) and any(line.failure for line in drawn)
    return ChartState(
        key=chart.figure.value,
        title=_sentence(figure_words(chart.figure)),
        subtitle=_subtitle(chart.figure, drawn, tr),
        lines=tuple(_line(line, slots[line.entity_key], moment.time_range) for line in drawn),
        line_keys=tuple(line.entity_key for line in drawn),
        line_series=tuple(line.series for line in drawn),
        stale=_stale(drawn, moment, tr) if is_stale else None,
        remarks=() if absence else tuple(remarks),
        absence=absence,
        is_failed=is_failed,
    )


def _line(line: ChartLine, slot: int, time_range: TimeRange) -> LineData:
    course, unit = line.course, line.series.identity.unit
    if len(course.times_ms) == 0:
        nothing = np.full(2, np.nan)
        edges = np.array([time_range.start_at.timestamp(), time_range.end_at.timestamp()])
        return LineData(line.label, unit, edges, nothing, nothing, nothing, slot)
    held_ms = None if line.failure else held_until_ms(course, time_range.end_at.timestamp() * _MS)
    return LineData(
        line.label,
        unit,
        course.times_ms / _MS,
        course.low,
        course.high,
        course.mean,
        slot,
        held_until_s=None if held_ms is None else held_ms / _MS,
    )


def _subtitle(figure: Figure, lines: Sequence[ChartLine], tr: Translate) -> str:
    if figure is Figure.RESPONSE_TIME:
        statistics = dict.fromkeys(line.series.identity.statistic for line in lines)
        return ", ".join(name for name in statistics if name)
    words = {
        Figure.THROUGHPUT: tr("requests per second"),
        Figure.ERROR_RATE: tr("share of requests"),
        Figure.SATURATION: tr("share of what there is"),
        Figure.PROCESSOR: tr("share of all processors"),
        Figure.NETWORK: tr("busiest interface"),
        Figure.LOAD: tr("tasks that run or wait"),
        Figure.QUEUE_DEPTH: tr("what waits"),
    }
    return words.get(figure, "")


def _remark(
    line: ChartLine, report: PerformanceReport, moment: Moment, *, is_stale: bool, tr: Translate
) -> Remark | None:
    """By the entity's name, whichever of its disks the line is of, so that several charts say the same."""
    name = report.names.get(line.entity_key, line.label)
    if line.failure:
        return Remark(HealthState.DOWN, f"{line.label}: {line.failure}")
    if line.silent_since_at is not None and not is_stale:
        since = _since_words(line.silent_since_at, moment, tr)
        return Remark(HealthState.STALE, f"{name}: {since}")
    if len(line.course.times_ms) == 0 and not is_stale:
        return Remark(HealthState.UNKNOWN, f"{name}: {tr('nothing came in this range')}")
    return None


def _other_unit(line: ChartLine, tr: Translate) -> Remark:
    unit = line.series.identity.unit
    words = tr("{name} is measured in {unit} and not drawn beside the others").format(name=line.label, unit=unit)
    return Remark(HealthState.UNKNOWN, words)


def _stale(lines: Sequence[ChartLine], moment: Moment, tr: Translate) -> Stale:
    since_at = max(line.silent_since_at for line in lines if line.silent_since_at is not None)
    return Stale(since_at.timestamp(), _since_words(since_at, moment, tr))


def _since_words(since_at: datetime, moment: Moment, tr: Translate) -> str:
    return tr("no fresh data since {time}").format(time=moment_words(since_at, moment.at))


def _absence(
    lines: Sequence[ChartLine], report: PerformanceReport, figure: Figure, moment: Moment, tr: Translate
) -> str:
    """Why there is nothing to draw, as a sentence; empty where there is something."""
    if not lines:
        return _unmeasured(report, [figure], tr)
    if any(len(line.course.times_ms) for line in lines):
        return ""
    failures = [line.failure for line in lines if line.failure]
    if failures:
        return failures[0]
    last_at = max((line.series.last_at for line in lines if line.series.last_at is not None), default=None)
    if last_at is None or last_at > moment.time_range.start_at:
        return tr("Nothing came in this range.")
    time = moment_words(last_at, moment.at)
    return tr("Nothing came in this range; the last data is of {time}.").format(time=time)


def _untold(report: PerformanceReport, tr: Translate) -> str:
    return _unmeasured(report, report.untold, tr) if report.untold else ""


def _unmeasured(report: PerformanceReport, figures: Sequence[Figure], tr: Translate) -> str:
    *others, last = map(figure_words, figures)
    what = tr("{signals} or {signal}").format(signals=", ".join(others), signal=last) if others else last
    if len(report.shown) == 1:
        name = report.names.get(report.shown[0], report.shown[0])
        return tr("No source tells the {signal} of {name}.").format(signal=what, name=name)
    kinds = kind_title(report.kind, tr).lower()
    return tr("No source tells the {signal} of these {kinds}.").format(signal=what, kinds=kinds)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
