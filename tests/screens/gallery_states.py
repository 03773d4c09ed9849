"""The page of the gallery that stands beside `states.png`."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData, Stale
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.cards import Card, Fact, FactList, section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.notices import Notice, NoticeBar
from quarterdeck.ui.widgets.state_stack import Message, Offer, StateStack
from tests.screens import gallery_data as data
from tests.screens.gallery_pages import page


def states(theme: Theme) -> QWidget:
    """The five states, facts and a notice."""
    frame, column = page()
    column.setContentsMargins(24, 24, 24, 24)
    column.addWidget(section_heading(theme, "Five states, one list of facts, one notice"))
    grid = QGridLayout()
    grid.setSpacing(18)
    cards = (
        ("Response time", "loading", _loading(theme)),
        ("Flows", "", _empty(theme)),
        ("Throughput", "2 s ago", _fresh(theme)),
        ("Push · delivery", "22 min old", _stale_chart(theme)),
        ("Claimed status", "failed 12:31", _failed(theme)),
        ("A stale table", "33 min old", _stale_table(theme)),
    )
    for at, (title, note, stack) in enumerate(cards):
        card = Card(theme, title, note=note)
        card.setFixedHeight(250)
        card.body.addWidget(stack)
        grid.addWidget(card, at // 3, at % 3)
        grid.setColumnStretch(at % 3, 1)
    column.addLayout(grid)
    column.addLayout(_facts(theme))
    column.addStretch(1)
    bar = NoticeBar(theme, frame)
    words = "Snapshot saved: payhub-2026-11-24.qdeck, 14 MB, signed, redacted"
    bar.show_notice(Notice(words, offer=Offer("show", "Show"), seconds=None))
    return frame


def _loading(theme: Theme) -> StateStack:
    stack = StateStack(theme, QWidget())
    stack.show_loading()
    stack._show_skeleton()
    return stack


def _empty(theme: Theme) -> StateStack:
    stack = StateStack(theme, QWidget())
    stack.show_empty(
        Message(
            "No flow is declared yet",
            "A flow says which events must follow each other, and how soon.",
            (Offer("draft", "Draft one from the last 7 days", is_primary=True),),
        )
    )
    return stack


def _fresh(theme: Theme) -> StateStack:
    stack = StateStack(theme, _plain_chart(theme, 3))
    stack.show_fresh()
    return stack


def _stale_chart(theme: Theme) -> StateStack:
    chart = _plain_chart(theme, 11)
    chart.set_stale(Stale(data.NOON_S - 1800, "no fresh data since 11:30"))
    stack = StateStack(theme, chart)
    stack.show_fresh()
    return stack


def _failed(theme: Theme) -> StateStack:
    stack = StateStack(theme, QWidget())
    stack.show_failed(
        Message(
            "The status page sent something else than a status",
            "It answered with a web page (text/html, 4 kB). The address may want /api/v2/summary.json.",
            (Offer("edit", "Edit connection"), Offer("again", "Try again")),
        )
    )
    return stack


def _stale_table(theme: Theme) -> StateStack:
    table = ColumnTable(theme, data.ATTENTION_COLUMNS, accessible_name="Needs attention", has_header=False)
    table.set_data(data.ATTENTION)
    stack = StateStack(theme, table)
    stack.show_stale("no fresh data since 11:58")
    return stack


def _plain_chart(theme: Theme, seed: int) -> TimeChart:
    group = ChartGroup(data.START_S, data.END_S)
    chart = TimeChart(theme, group, "", style=ChartStyle(unit="1/s", is_card=False))
    group.setParent(chart)
    times = np.linspace(data.START_S, data.END_S, 160)
    chart.set_lines((LineData.of_samples("requests", "1/s", times, data.walk(seed, 160, around=300, spread=0.5)),))
    return chart


def _facts(theme: Theme) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    card = Card(theme)
    card.setFixedWidth(520)
    facts = (
        Fact("Subject", "Bill Pay → PayHub"),
        Fact("Result", "Not satisfied since 12:30", Tone.DOWN),
        Fact("Evidence", "TLS probe, 12:31:04, sha256 9f2c41d7b8e0a4c1 of the very bytes that were received"),
    )
    card.body.addWidget(FactList(theme, facts))
    row.addWidget(card)
    row.addStretch(1)
    return row
