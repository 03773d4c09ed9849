"""The pages of the gallery that stand beside the drawings of whole panels."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.charts.chart_group import ChartGroup
from quarterdeck.ui.charts.line_data import LineData, Stale
from quarterdeck.ui.charts.time_chart import ChartStyle, TimeChart
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import Card, section_heading
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.command_line import CommandLine
from quarterdeck.ui.widgets.coverage_bars import CoverageBars
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.field_editors import ChoiceBox
from quarterdeck.ui.widgets.field_specs import Choice
from quarterdeck.ui.widgets.figures import FigureStrip
from quarterdeck.ui.widgets.key_sheet import KeySheet
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl, SegmentLook
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.state_marks import StateLine
from quarterdeck.ui.widgets.tags import KeyChip, Tag
from quarterdeck.ui.widgets.text import PlainBlock, PlainLabel
from tests.screens import gallery_data as data


def page(width: int = 1440, height: int = 900) -> tuple[QFrame, QVBoxLayout]:
    """An empty page and its column."""
    frame = QFrame()
    frame.setProperty("kind", "page")
    frame.resize(width, height)
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(14)
    return frame, column


def overview(theme: Theme) -> QWidget:
    """Figures and the attention list, as in `overview.png`."""
    frame, column = page()
    column.addWidget(FigureStrip(theme, data.FIGURES))
    column.addWidget(section_heading(theme, "Needs attention"))
    table = ColumnTable(
        theme, data.ATTENTION_COLUMNS, accessible_name="Needs attention", has_header=False, fits_rows=True
    )
    table.set_data(data.ATTENTION)
    column.addWidget(table)
    column.addWidget(section_heading(theme, "Words, tags, keys and marks"))
    column.addWidget(_samples(theme))
    column.addStretch(1)
    return frame


def integrations(theme: Theme) -> QWidget:
    """The grouped table of `integrations.png`."""
    frame, column = page()
    table = ColumnTable(theme, data.INTEGRATION_COLUMNS, accessible_name="Integrations", fits_rows=True)
    table.set_data(data.integrations())
    table.select("PayHub processor")
    column.addWidget(_bar(theme))
    column.addWidget(table)
    hidden = "29 integrations · 26 fresh · 1 stale · hidden from you: 2 acknowledged until 15:00, 1 maintenance"
    column.addWidget(PlainLabel(theme, hidden, tone=Tone.TERTIARY))
    column.addStretch(1)
    return frame


def connectors(theme: Theme) -> QWidget:
    """Table with wrapped words, coverage and generated form, as in `connectors.png`."""
    frame, column = page()
    row = QHBoxLayout()
    row.setSpacing(24)
    left = QVBoxLayout()
    left.setSpacing(14)
    table = ColumnTable(theme, data.CONNECTION_COLUMNS, accessible_name="Connections", fits_rows=True)
    table.set_data(data.CONNECTIONS)
    table.select("events")
    left.addWidget(table)
    left.addWidget(section_heading(theme, "Data received, 24 h"))
    card = Card(theme)
    bars = CoverageBars(theme, accessible_name="Data received, 24 h")
    bars.set_rows(data.COVERAGE, start_seconds=0, end_seconds=24)
    card.body.addWidget(bars)
    left.addWidget(card)
    left.addStretch(1)
    row.addLayout(left, 2)
    row.addLayout(_form_side(theme), 1)
    column.addLayout(row)
    return frame


def performance(theme: Theme) -> QWidget:
    """Three charts on one time axis, as in `performance.png`, and a fourth with gaps and a ghost."""
    frame, column = page()
    group = ChartGroup(data.START_S, data.END_S, frame)
    group.set_play_head(data.NOON_S - 2900)
    for kind, title, subtitle in (
        ("latency", "Response time", "p95 · shaded: expected range"),
        ("throughput", "Throughput", "requests per second"),
        ("errors", "Error rate", "share of requests"),
    ):
        lines = data.performance(kind)
        chart = TimeChart(theme, group, title, subtitle=subtitle, style=ChartStyle(has_times=kind == "errors"))
        chart.set_lines(lines, data.expected(lines) if kind == "latency" else None)
        chart.set_spans(data.SPANS if kind == "latency" else data.SPANS[:1])
        column.addWidget(chart, 3 if kind == "latency" else 2)
    column.addWidget(_broken_chart(theme, group), 2)
    group.point(data.NOON_S - 12000)
    return frame


def decision(theme: Theme) -> QWidget:
    """A dialog that asks."""
    dialog = PlainMessage(
        theme,
        Decision(
            "Resolve INC-208?",
            "Two of its three alerts are quiet. “Queue depth” is still above its limit: resolving now will open a new "
            "incident if it stays.",
            "Resolve",
            "Keep open",
        ),
    )
    dialog.body.addWidget(PlainLabel(theme, "What resolved it", role=FontRole.SECTION, tone=Tone.SECONDARY))
    dialog.body.addWidget(CommandLine(theme, "Switched to store-and-forward"))
    return dialog


def failure(theme: Theme) -> QWidget:
    """A dialog that says, with details."""
    return PlainMessage(
        theme,
        Decision(
            "Quarterdeck could not open the store",
            "It was written by a later version of the program; nothing was touched. Install that version, or open "
            "another store.",
            "Close",
            state=HealthState.DOWN,
            details="store schema 7, this program knows 3\n" * 4,
        ),
    )


def keys(theme: Theme) -> QWidget:
    """The sheet of `?`."""
    here = (("move down", "J"), ("move up", "K"), ("acknowledge", "A"), ("note", "N"), ("resolve", "R"))
    everywhere = (("find anything or run a command", "Ctrl+K"), ("hide or show the inspector", "I"), ("filter", "/"))
    specs = tuple(ActionSpec(text, text.capitalize(), key=key, place="incidents") for text, key in here)
    specs += tuple(ActionSpec(text, text.capitalize(), key=key) for text, key in everywhere)
    return KeySheet(theme, "Keys", specs)


def _broken_chart(theme: Theme, group: ChartGroup) -> TimeChart:
    line = data.performance("throughput")[0]
    is_gap = (line.times_s > data.NOON_S - 15000) & (line.times_s < data.NOON_S - 11000)
    low, high, value = (np.where(is_gap, np.nan, each) for each in (line.low, line.high, line.value))
    gapped = LineData(line.label, line.unit, line.times_s, low, high, value)
    other = data.performance("throughput")[2]
    ghost = LineData("a week ago", "1/s", other.times_s, other.value, other.value, other.value, slot=0, is_ghost=True)
    chart = TimeChart(theme, group, "With a gap, a ghost and stale data", subtitle="requests per second")
    chart.set_lines((gapped, ghost))
    chart.set_stale(Stale(data.NOON_S, "no fresh data since 12:00"))
    return chart


def _bar(theme: Theme) -> QWidget:
    bar = QFrame()
    bar.setProperty("kind", "bar")
    bar.setFixedHeight(48)
    row = QHBoxLayout(bar)
    row.setSpacing(10)
    row.addWidget(PlainLabel(theme, "Integrations", role=FontRole.PANEL))
    views = (Segment("domain", "By domain"), Segment("partner", "By partner"), Segment("expiry", "Expiry"))
    row.addWidget(SegmentedControl(theme, views, accessible_name="View"))
    row.addWidget(Button(theme, "All states"))
    box = ChoiceBox(theme)
    box.set_choices((Choice("a", "All partners"), Choice("b", "PayHub")))
    row.addWidget(box)
    row.addStretch(1)
    line = CommandLine(theme, "Find anything or run a command", key="Ctrl+K")
    line.setFixedWidth(270)
    row.addWidget(line)
    row.addWidget(Button(theme, "Last 6 hours"))
    return bar


def _samples(theme: Theme) -> Card:
    card = Card(theme, "Bill Pay → PayHub failing", subtitle="INC-208", note="14 min")
    tags = QHBoxLayout()
    tags.addWidget(Tag(theme, "Critical", Tone.DOWN))
    for tag in ("Acknowledged", "INC-208"):
        tags.addWidget(Tag(theme, tag))
    for key in ("J", "K", "Ctrl+Shift+F"):
        tags.addWidget(KeyChip(theme, key))
    for tone in (Tone.HEALTHY, Tone.DEGRADED, Tone.MAINTENANCE, Tone.ACCENT):
        tags.addWidget(Tag(theme, tone.value, tone))
    tags.addStretch(1)
    card.body.addLayout(tags)
    marks = QHBoxLayout()
    for state in HealthState:
        marks.addWidget(StateLine(theme, state, state_word(state), role=FontRole.BODY))
    card.body.addLayout(marks)
    buttons = QHBoxLayout()
    buttons.setAlignment(Qt.AlignmentFlag.AlignLeft)
    buttons.addWidget(Button(theme, "Add to INC-208", kind=ButtonKind.PRIMARY, icon="plus"))
    buttons.addWidget(Button(theme, "Export cases…", icon="export"))
    buttons.addWidget(Button(theme, "Show more", kind=ButtonKind.QUIET))
    off = Button(theme, "Not now")
    off.setEnabled(False)
    buttons.addWidget(off)
    card.body.addLayout(buttons)
    pages = (Segment("finding", "Finding"), Segment("rule", "Rule"), Segment("history", "History"))
    card.body.addWidget(SegmentedControl(theme, pages, accessible_name="Page", look=SegmentLook.TABS))
    block = PlainBlock(theme, "tls.version >= 1.2 &&\ntls.days_left >= 21", accessible_name="Rule")
    block.setFixedHeight(54)
    card.body.addWidget(block)
    return card


def _form_side(theme: Theme) -> QVBoxLayout:
    side = QVBoxLayout()
    side.setSpacing(14)
    side.addWidget(PlainLabel(theme, "Add connection · Prometheus query API", role=FontRole.PANEL))
    form = SettingsForm(theme, data.FIELDS)
    form.set_values(data.FIELD_VALUES)
    form.show_faults({"match": "The expression ends too early, after payments|accounts."})
    side.addWidget(form)
    card = Card(theme)
    card.body.addWidget(StateLine(theme, HealthState.HEALTHY, "Test passed in 84 ms", role=FontRole.MEDIUM))
    words = "Prometheus 2.42, clock 0.3 s behind, this login can only read."
    card.body.addWidget(PlainLabel(theme, words, tone=Tone.SECONDARY, wraps=True))
    side.addWidget(card)
    side.addStretch(1)
    buttons = QHBoxLayout()
    buttons.setAlignment(Qt.AlignmentFlag.AlignLeft)
    buttons.addWidget(Button(theme, "Save and start", kind=ButtonKind.PRIMARY))
    for verb in ("Test", "Cancel"):
        buttons.addWidget(Button(theme, verb))
    side.addLayout(buttons)
    return side
