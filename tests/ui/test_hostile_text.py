"""Markup and endless lines in every widget of the ui: shown as text, cut to a bearable length, nothing opened."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData, Span, Stale
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionRegistry, ActionSpec
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.cards import Card, Fact, FactList, section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.columns import (
    ActionCells,
    ColumnSpec,
    NumberCells,
    RowGroup,
    StateCells,
    TableData,
    TagCells,
    TextCells,
)
from quarterdeck.ui.widgets.command_line import CommandLine
from quarterdeck.ui.widgets.coverage_bars import CoverageBars, CoverageKind, CoveragePart, CoverageRow
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.field_specs import Choice, FieldKind, FieldSpec
from quarterdeck.ui.widgets.figures import Figure, FigureStrip
from quarterdeck.ui.widgets.key_sheet import KeySheet
from quarterdeck.ui.widgets.notices import Notice, NoticeBar
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl, SegmentLook
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.sparklines import Sparkline
from quarterdeck.ui.widgets.state_marks import StateLine
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack
from quarterdeck.ui.widgets.tags import KeyChip, Tag
from quarterdeck.ui.widgets.text import ElidedLabel, PlainBlock, PlainLabel
from quarterdeck.ui.widgets.tool_tips import PlainToolTips
from tests.support.markup import (
    HostileText,
    faults_below,
    hostile_text,
    remove_tool_tips,
    shows_the_image,
    tip_faults_below,
)

Make = Callable[[Theme, str], QWidget]


def labels(theme: Theme, text: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    for label in (
        PlainLabel(theme, text),
        PlainLabel(theme, text, wraps=True),
        PlainLabel(theme, text, is_copyable=True),
        ElidedLabel(theme, text),
        section_heading(theme, text),
        Tag(theme, text),
        KeyChip(theme, text),
        StateLine(theme, HealthState.DOWN, text, note=text),
        PlainBlock(theme, text, accessible_name="Block"),
    ):
        label.setToolTip(text)
        column.addWidget(label)
    return holder


def controls(theme: Theme, text: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    segments = (Segment("a", text), Segment("b", text))
    column.addWidget(SegmentedControl(theme, segments, accessible_name="View"))
    column.addWidget(SegmentedControl(theme, segments, accessible_name="Page", look=SegmentLook.TABS))
    column.addWidget(Button(theme, text))
    column.addWidget(CommandLine(theme, text, key=text))
    registry = ActionRegistry(theme, holder)
    action: QAction = registry.add(ActionSpec("open", text), lambda: None)
    assert len(action.text()) < 1000
    return holder


def cards(theme: Theme, text: str) -> QWidget:
    card = Card(theme, text, subtitle=text, note=text)
    card.body.addWidget(FactList(theme, (Fact(text, text),)))
    card.body.addWidget(FigureStrip(theme, (Figure("a", text, text, text, tool_tip=text),)))
    return card


def states(theme: Theme, text: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    message = Message(text, text, (Offer("a", text), Offer("b", text, is_primary=True)))
    empty, failed, stale = (StateStack(theme, QWidget()) for _ in range(3))
    empty.show_empty(message)
    failed.show_failed(message)
    stale.show_stale(text)
    for stack in (empty, failed, stale):
        column.addWidget(stack)
    return holder


def table(theme: Theme, text: str) -> QWidget:
    specs = (
        *(ColumnSpec(str(number), text, tool_tip=text) for number in range(4)),
        ColumnSpec("wrapped", text, stretch=1, wraps=True),
        ColumnSpec("action"),
    )
    cells = (
        StateCells((HealthState.DOWN,), (text,)),
        TextCells((text,), notes=(text,)),
        NumberCells(np.ones(1), lambda _: text),
        TagCells((text,)),
        TextCells((text,)),
        ActionCells((text,)),
    )
    made = ColumnTable(theme, specs, accessible_name="Hostile", fits_rows=True)
    made.set_data(TableData((text,), cells, (RowGroup(text, text),), np.zeros(1, dtype=np.int64)))
    made.set_filter(text[:20])
    made.select(text)
    return made


def form(theme: Theme, text: str) -> QWidget:
    kinds = [kind for kind in FieldKind if kind is not FieldKind.CHOICE]
    specs = [FieldSpec(kind.value, text, text, kind, placeholder=text) for kind in kinds]
    choice = FieldSpec("choice", text, text, FieldKind.CHOICE, choices=(Choice(text, text),), default=text)
    made = SettingsForm(theme, (*specs, choice, FieldSpec("secret", text, is_secret=True, is_advanced=True)))
    made.set_values({kind.value: text for kind in kinds})
    made.show_faults({kind.value: text for kind in kinds[::2]})
    return made


def dialog(theme: Theme, text: str) -> QWidget:
    return PlainMessage(theme, Decision(text, text, text, text, HealthState.DOWN, text))


def key_sheet(theme: Theme, text: str) -> QWidget:
    return KeySheet(theme, text, (ActionSpec("a", text, key=text, place="here"), ActionSpec("b", text, key="B")))


def notice(theme: Theme, text: str) -> QWidget:
    window = QWidget()
    window.resize(600, 200)
    NoticeBar(theme, window).show_notice(Notice(text, offer=Offer("a", text), seconds=None))
    return window


def bars(theme: Theme, text: str) -> QWidget:
    made = CoverageBars(theme, accessible_name="Received")
    part = CoveragePart(0, 1, CoverageKind.LATE, text)
    made.set_rows((CoverageRow(text, (part,), text),), start_seconds=0, end_seconds=1)
    return made


def chart(theme: Theme, text: str) -> QWidget:
    group = ChartGroup(0, 100)
    made = TimeChart(theme, group, text, subtitle=text)
    group.setParent(made)
    times = np.linspace(0, 100, 50)
    made.set_lines((LineData.of_samples(text, text, times, times),))
    made.set_spans((Span(20, 40, text),))
    made.set_stale(Stale(70, text))
    group.point(30)
    made.resize(500, 240)
    return made


def sparkline(theme: Theme, text: str) -> QWidget:
    return Sparkline(theme, accessible_name=text[:40])


MAKERS = (labels, controls, cards, states, table, form, dialog, key_sheet, notice, bars, chart, sparkline)
every_widget = pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])


@pytest.fixture
def hostile(tmp_path: Path) -> HostileText:
    return hostile_text(tmp_path)


@pytest.fixture(autouse=True)
def plain_tips(qapp: QApplication) -> Iterator[None]:
    tips = PlainToolTips(qapp)
    yield
    remove_tool_tips()
    qapp.removeEventFilter(tips)
    tips.deleteLater()


@every_widget
def test_markup_is_shown_as_text(
    make: Make, theme: Theme, show: Callable[[QWidget], QWidget], hostile: HostileText
) -> None:
    widget = make(theme, hostile.markup)
    show(widget)
    assert faults_below(widget) == []
    assert tip_faults_below(widget) == []
    assert not shows_the_image(widget)


@every_widget
def test_a_line_of_three_hundred_thousand_characters_is_cut(
    make: Make, theme: Theme, show: Callable[[QWidget], QWidget], hostile: HostileText
) -> None:
    widget = make(theme, hostile.long_line)
    show(widget)
    QCoreApplication.processEvents()
    assert faults_below(widget) == []
    assert tip_faults_below(widget) == []


def test_the_walk_finds_a_label_that_guesses(show: Callable[[QWidget], QWidget], hostile: HostileText) -> None:
    label = QLabel(hostile.markup)
    show(label)
    assert shows_the_image(label)
    assert "may take text for markup" in faults_below(label)[0]


def test_the_walk_finds_a_text_without_end(show: Callable[[QWidget], QWidget]) -> None:
    line = QLineEdit("A" * 30_000)
    show(line)
    assert "holds 30000 characters" in faults_below(line)[0]
