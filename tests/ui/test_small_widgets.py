"""Segments, figures, notices, dialogs, cards, bars and marks do and say what they promise."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Card, Fact, FactList
from quarterdeck.ui.widgets.coverage_bars import CoverageBars, CoverageKind, CoveragePart, CoverageRow
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.figures import Figure, FigureStrip
from quarterdeck.ui.widgets.notices import Notice, NoticeBar
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl
from quarterdeck.ui.widgets.sparklines import Sparkline
from quarterdeck.ui.widgets.state_marks import StateMark
from quarterdeck.ui.widgets.state_stack import Offer

Show = Callable[[QWidget], QWidget]
VIEWS = (Segment("domain", "By domain"), Segment("partner", "By partner"), Segment("expiry", "Expiry"))


def test_choosing_a_segment_tells_its_key(theme: Theme, show: Show, qtbot: QtBot) -> None:
    control = SegmentedControl(theme, VIEWS, accessible_name="View")
    show(control)
    assert control.current == "domain"
    with qtbot.waitSignal(control.chosen) as chosen:
        QTest.mouseClick(control.findChildren(QAbstractButton)[1], Qt.MouseButton.LeftButton)
    assert chosen.args == ["partner"] == [control.current]


def test_arrow_keys_move_between_segments(theme: Theme, show: Show) -> None:
    control = SegmentedControl(theme, VIEWS, accessible_name="View")
    show(control)
    first, second = control.findChildren(QAbstractButton)[:2]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    assert control.current == "partner"


def test_setting_a_segment_from_outside_sends_no_signal(theme: Theme, show: Show, qtbot: QtBot) -> None:
    control = SegmentedControl(theme, VIEWS, accessible_name="View")
    show(control)
    with qtbot.assertNotEmitted(control.chosen):
        control.set_current("expiry")
        control.set_current("no such view")
    assert control.current == "expiry"


def test_other_segments_keep_the_chosen_one_where_they_can(theme: Theme, show: Show) -> None:
    control = SegmentedControl(theme, VIEWS, accessible_name="View")
    show(control)
    control.set_current("partner")
    control.set_segments((Segment("partner", "Partners"), Segment("new", "New")))
    assert control.current == "partner"
    control.set_segments((Segment("other", "Other"),))
    assert control.current == "other"


def test_a_figure_is_a_button_that_says_the_whole_of_it(theme: Theme, show: Show, qtbot: QtBot) -> None:
    strip = FigureStrip(theme, (Figure("incidents", "Open incidents", "2", "1 critical", Tone.DOWN),))
    show(strip)
    (cell,) = strip.findChildren(QAbstractButton)
    assert cell.accessibleName() == "Open incidents: 2 1 critical"
    with qtbot.waitSignal(strip.figure_activated) as activated:
        QTest.keyClick(cell, Qt.Key.Key_Space)
    assert activated.args == ["incidents"]


def test_figures_are_changed_in_place(theme: Theme, show: Show) -> None:
    strip = FigureStrip(theme, (Figure("a", "A", "1"), Figure("b", "B", "2")))
    show(strip)
    before = strip.findChildren(QAbstractButton)
    strip.set_figures((Figure("a", "A", "3"), Figure("b", "B", "4")))
    assert strip.findChildren(QAbstractButton) == before
    assert before[0].accessibleName() == "A: 3"


def test_figures_that_others_replace_are_out_of_sight_at_once(theme: Theme, show: Show) -> None:
    strip = FigureStrip(theme, (Figure("a", "A", "1"), Figure("b", "B", "2")))
    show(strip)
    strip.set_figures((Figure("c", "C", "3"),))
    seen = [cell.accessibleName() for cell in strip.findChildren(QAbstractButton) if cell.isVisible()]
    assert set(seen) <= {"C: 3"}


def test_notices_wait_for_each_other(theme: Theme, show: Show) -> None:
    window = show(QWidget())
    bar = NoticeBar(theme, window)
    bar.show_notice(Notice("first", seconds=None))
    bar.show_notice(Notice("second", seconds=None))
    assert bar.accessibleName() == "first"
    bar.dismiss()
    assert bar.accessibleName() == "second"
    bar.dismiss()
    assert not bar.isVisible()


def test_a_notice_goes_by_itself(theme: Theme, show: Show, qtbot: QtBot) -> None:
    bar = NoticeBar(theme, show(QWidget()))
    bar.show_notice(Notice("saved", seconds=0.01))
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_the_offer_of_a_notice_tells_its_key_and_closes_it(theme: Theme, show: Show, qtbot: QtBot) -> None:
    bar = NoticeBar(theme, show(QWidget()))
    bar.show_notice(Notice("saved", offer=Offer("show", "Show"), seconds=None))
    with qtbot.waitSignal(bar.action_requested) as asked:
        next(button for button in bar.findChildren(QPushButton) if button.text() == "Show").click()
    assert asked.args == ["show"]
    assert not bar.isVisible()


def test_a_notice_stays_inside_its_window(theme: Theme, show: Show) -> None:
    window = show(QWidget())
    window.resize(300, 200)
    bar = NoticeBar(theme, window)
    bar.show_notice(Notice("a long story " * 30, seconds=None))
    assert window.rect().contains(bar.geometry())
    window.resize(500, 260)
    assert window.rect().contains(bar.geometry())


def test_a_decision_says_itself_in_title_and_verbs(theme: Theme, show: Show, qtbot: QtBot) -> None:
    dialog = PlainMessage(theme, Decision("Resolve INC-208?", "Two alerts are quiet.", "Resolve", "Keep open"))
    show(dialog)
    assert dialog.windowTitle() == "Resolve INC-208?"
    with qtbot.waitSignal(dialog.rejected):
        dialog.refuse_button.click()
    show(dialog)
    with qtbot.waitSignal(dialog.accepted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_a_message_without_a_choice_has_one_button(theme: Theme, show: Show) -> None:
    dialog = PlainMessage(
        theme, Decision("The store is newer", "Nothing was touched.", "Close", state=HealthState.DOWN)
    )
    show(dialog)
    assert [button.text() for button in dialog.findChildren(QPushButton) if button.isVisible()] == ["Close"]


def test_facts_are_shown_in_rows_that_are_used_again(theme: Theme, show: Show) -> None:
    facts = FactList(theme, (Fact("Owner", "Payments"), Fact("Due", "in 3 days", Tone.DOWN)))
    show(facts)
    facts.set_facts((Fact("Owner", "Accounts"),))
    visible = [label.text() for label in facts.findChildren(QLabel) if label.isVisible()]
    assert visible == ["Owner", "Accounts"]


def test_the_parts_of_a_bar_have_their_own_tool_tips(theme: Theme, show: Show) -> None:
    bars = CoverageBars(theme, accessible_name="Received")
    parts = (CoveragePart(0, 10, CoverageKind.RECEIVED, "all came"), CoveragePart(12, 20, CoverageKind.LATE, "late"))
    bars.set_rows((CoverageRow("push", parts, "late since 12"),), start_seconds=0, end_seconds=20)
    show(bars)
    bars.resize(400, 20)
    tips = [bars.plain_tool_tip_at(QPoint(x, 10)) for x in (90, 240, 390)]
    assert tips == ["all came", "", "late"]
    assert bars.plain_tool_tip_at(QPoint(90, 50)) == ""
    assert bars.accessibleDescription() == "push: late since 12"


def test_a_stretch_without_length_is_refused(theme: Theme, show: Show) -> None:
    bars = CoverageBars(theme, accessible_name="Received")
    bars.set_rows((CoverageRow("push", ()),), start_seconds=0, end_seconds=1)
    show(bars)
    with pytest.raises(ValueError, match="ends after"):
        bars.set_rows((), start_seconds=3, end_seconds=3)


def test_a_mark_is_named_after_its_state(theme: Theme, show: Show) -> None:
    mark = StateMark(theme, HealthState.HEALTHY)
    show(mark)
    mark.set_state(HealthState.DOWN)
    assert mark.accessibleName() == "down"


def test_the_gap_of_a_sparkline_is_not_painted(theme: Theme, show: Show) -> None:
    line = Sparkline(theme, accessible_name="Trend")
    show(line)
    line.resize(100, 28)
    values = np.linspace(0, 1, 100)
    values[40:60] = np.nan
    line.set_values(values, Tone.DOWN)
    picture = line.grab().toImage()
    columns = {x for x in range(100) for y in range(28) if picture.pixelColor(x, y).red() > QColor("#808080").red()}
    assert columns & set(range(3, 37))
    assert not columns & set(range(43, 58))


@pytest.mark.parametrize("values", [[], [np.nan] * 5, [1.0], [2.0] * 9, [np.nan, 1.0, np.nan]])
def test_a_sparkline_bears_any_values(theme: Theme, show: Show, values: list[float]) -> None:
    line = Sparkline(theme, accessible_name="Trend")
    line.set_values(np.array(values, dtype=np.float64))
    show(line)


def test_a_card_is_named_after_its_title(theme: Theme, show: Show) -> None:
    card = Card(theme, "Throughput", note="2 s ago")
    show(card)
    card.set_title("Errors", "share of requests")
    card.set_note("4 s ago")
    assert card.accessibleName() == "Errors"
    assert [label.text() for label in card.findChildren(QLabel)] == ["Errors", "share of requests", "4 s ago"]
