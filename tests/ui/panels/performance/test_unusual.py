"""What is outside its usual range: listed above the charts, marked on them, told below the line it is of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from quarterdeck.domain.anomalies import Anomaly, Detector, Sighted
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.instants import from_ms, to_ms
from quarterdeck.services.unusual import Unusual
from quarterdeck.ui.panels.performance.chart_slot import ChartSlot, _RemarkLine
from quarterdeck.ui.panels.performance.page import PerformancePage
from quarterdeck.ui.panels.performance.state import PerformanceState
from quarterdeck.ui.panels.performance.unusual import MOST_LISTED, MOST_MARKED
from quarterdeck.ui.panels.performance.words import bar_state, performance_state
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES, line, report

BEGIN = NOON - timedelta(minutes=12)
FIRED = (Sighted(Detector.SHIFT, 30.0), Sighted(Detector.LEVEL, 12.0))


def unusual(number: int = 1, *, is_over: bool = False) -> Unusual:
    begin, end = to_ms(BEGIN), to_ms(NOON)
    anomaly = Anomaly(number, begin, end, begin + 300_000, begin, 0.7, 0.2, 0.3, 2.0, 6e4, FIRED, is_over)
    info = replace(line(SERVICES[0]).series, id=number)
    return Unusual(info, "payments-api", anomaly, BEGIN, from_ms(end) if is_over else None)


def page(*found: Unusual) -> PerformanceState:
    told = report(*SERVICES[:2])
    number = count(1)
    charts = tuple(
        replace(chart, lines=tuple(replace(one, series=replace(one.series, id=next(number))) for one in chart.lines))
        for chart in told.charts
    )
    told = replace(told, charts=charts, unusual=found)
    slots = {key: number for number, key in enumerate(told.shown)}
    bar = bar_state(told, (EntityKind.SERVICE,), str)
    return performance_state(told, bar, slots, (LIVE, 800), str)


def test_what_is_unusual_now_is_listed_with_how_far_and_since_when() -> None:
    (remark,) = page(unusual()).remarks
    assert remark.words.startswith("payments-api, p95 response time: 12 times its usual spread since ")
    assert remark.words.endswith("level shift, far from its level")


def test_what_is_over_is_not_listed_as_unusual_now() -> None:
    assert page(unusual(is_over=True)).remarks == ()


def test_of_many_the_first_are_listed_and_the_others_counted() -> None:
    remarks = page(*(unusual(number) for number in range(100, 108))).remarks
    assert len(remarks) == MOST_LISTED + 1
    assert remarks[-1].words.startswith("5 more are outside their usual range")


def test_the_stretch_is_marked_on_the_charts_of_its_line_and_told_below() -> None:
    told = page(unusual())
    (span,) = (one for one in told.spans if one.tone is Tone.UNKNOWN)
    assert (span.start_s, span.end_s) == (BEGIN.timestamp(), None)
    assert span.label == "payments-api, p95 response time: level shift, far from its level"
    words = [remark.words for chart in told.charts for remark in chart.remarks]
    assert any("700 ms, where 200 ms to 300 ms is expected" in one for one in words)


def test_what_no_chart_draws_is_not_marked_and_of_many_the_newest_are() -> None:
    assert [span for span in page(unusual(99)).spans if span.tone is Tone.UNKNOWN] == []
    spans = [span for span in page(*(unusual() for _ in range(9))).spans if span.tone is Tone.UNKNOWN]
    assert len(spans) == MOST_MARKED


def test_what_is_told_below_a_chart_takes_nothing_from_its_height(
    theme: Theme, show: Callable[[QWidget], QWidget]
) -> None:
    heights: list[list[int]] = []
    for told in (page(), page(unusual(), unusual(2), unusual(3))):
        view = PerformancePage(theme)
        show(view)
        view.resize(1000, 420)
        while not view.can_show(told):
            QCoreApplication.processEvents()
        view.show_charts(told)
        while not view.is_drawn:
            QCoreApplication.processEvents()
        QCoreApplication.processEvents()
        slots = [slot for slot in view.findChildren(ChartSlot) if slot.isVisible() and not slot.is_absent]
        heights.append([slot.chart.height() for slot in slots])
    assert heights[1] == heights[0]
    below = [(slot, one) for slot in slots for one in slot.findChildren(_RemarkLine) if one.isVisible()]
    assert below
    assert all(one.y() >= slot.chart.geometry().bottom() for slot, one in below)


def test_what_only_left_its_season_is_said_once() -> None:
    one = unusual()
    season = replace(one, anomaly=replace(one.anomaly, fired=(Sighted(Detector.SEASON, 2.4),)))
    (remark,) = page(season).remarks
    assert "2.4 times as far off as its season allows since " in remark.words
    assert "outside its season" not in remark.words
