"""The inspector's view: what it is, how it does and why, then pages for signals, facts and history."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.ui.shell.inspector.rows import MarkedRows
from quarterdeck.ui.shell.inspector.state import Availability, InspectorCard, Line, MarkedLine
from quarterdeck.ui.shell.time_words import clock_words, day_words
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.cards import Fact, FactList, section_heading
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl, SegmentLook
from quarterdeck.ui.widgets.state_marks import StateLine
from quarterdeck.ui.widgets.state_stack import Message, StateStack
from quarterdeck.ui.widgets.text import PlainLabel

_LATEST_CHANGES = 3
_MOST_READINGS = 5
_PAGES = ("why", "signals", "facts", "history")


class _Section(QWidget):
    """A heading and what belongs to it; gone when there is nothing to show."""

    def __init__(self, theme: Theme, heading: str, body: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._heading = section_heading(theme, heading)
        column.addWidget(self._heading)
        column.addWidget(body)

    def set_heading(self, heading: str) -> None:
        self._heading.setText(heading)


class _FactSection(_Section):
    """Labels and values."""

    def __init__(self, theme: Theme, heading: str) -> None:
        self._list = FactList(theme)
        super().__init__(theme, heading, self._list)

    def show_lines(self, lines: tuple[Line, ...], *, tells_age: bool = True) -> None:
        self.show_facts(tuple(self._fact(line, tells_age=tells_age) for line in lines))

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        self._list.set_facts(facts)
        self.setVisible(bool(facts))

    def _fact(self, line: Line, *, tells_age: bool) -> Fact:
        if not line.age:
            return Fact(line.label, line.value)
        old = self.tr("{value} · {age} old").format(value=line.value, age=line.age)
        return Fact(line.label, old if tells_age else line.value, Tone.TERTIARY)


class _RowSection(_Section):
    """Marked rows."""

    def __init__(self, theme: Theme, heading: str) -> None:
        self.rows = MarkedRows(theme, accessible_name=heading)
        super().__init__(theme, heading, self.rows)

    def show_lines(self, lines: tuple[MarkedLine, ...]) -> None:
        self.rows.show_lines(lines)
        self.setVisible(bool(lines))


class InspectorView(QFrame):
    """`entity_selected` carries the key of a neighbour that was pressed; `retry_requested` comes after a failure."""

    entity_selected = Signal(str)
    retry_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("kind", "bar")
        self.setAccessibleName(self.tr("Inspector"))
        self._theme = theme
        self._head = StateLine(theme, HealthState.UNKNOWN, "", role=FontRole.PANEL)
        self._state = PlainLabel(theme, wraps=True)
        self._why = PlainLabel(theme, tone=Tone.SECONDARY, wraps=True)
        names = (self.tr("Why"), self.tr("Signals"), self.tr("Facts"), self.tr("History"))
        self._page_names = dict(zip(_PAGES, names, strict=True))
        self._pages = QStackedWidget()
        self._tabs = self._build_tabs()
        self._now = _FactSection(theme, self.tr("Now"))
        self._availability = _FactSection(theme, self.tr("Availability"))
        self._claim = _FactSection(theme, self.tr("Claimed against measured"))
        self._upstream = _RowSection(theme, self.tr("Upstream"))
        self._downstream = _RowSection(theme, self.tr("Downstream"))
        self._latest = _RowSection(theme, self.tr("Latest changes"))
        self._signals = _FactSection(theme, self.tr("Signals"))
        self._allocations = _FactSection(theme, self.tr("Allocation"))
        self._checks = _RowSection(theme, self.tr("Checks"))
        self._facts = _FactSection(theme, self.tr("Facts"))
        self._history = _RowSection(theme, self.tr("States, 7 days"))
        self._no_signals = PlainLabel(theme, self.tr("No signal has come yet."), tone=Tone.TERTIARY, wraps=True)
        self._stack = StateStack(theme, self._build_content())
        self._build()

    def show_loading(self) -> None:
        """Wait for the first card of an entity."""
        self._stack.show_loading()

    def show_nothing(self) -> None:
        """Nothing is selected."""
        explanation = self.tr("Choose an integration, a service or anything else, and this tells all about it.")
        self._stack.show_empty(Message(self.tr("Nothing is selected"), explanation))

    def show_absent(self, entity_key: str) -> None:
        """The estate holds no such entity at the moment shown."""
        sentence = self.tr("{entity} did not exist at this time").format(entity=entity_key)
        self._stack.show_empty(Message(sentence, self.tr("Move the play-head, or go back to live.")))

    def show_failure(self, error: OperatorError) -> None:
        """The card could not be read."""
        self._stack.show_failed(Message(error.message, error.next_step))

    def show_stale(self, since: str) -> None:
        """Keep the card, marked as old; `since` is a whole phrase."""
        self._now.set_heading(self.tr("When last read"))
        self._stack.show_stale(since)

    def show_card(self, card: InspectorCard) -> None:
        """Show an entity."""
        self._show_head(card)
        self._show_why(card)
        self._signals.show_lines(card.readings)
        self._allocations.show_lines(card.allocations)
        self._checks.show_lines(card.checks)
        self._no_signals.setVisible(not (card.readings or card.allocations or card.checks))
        self._facts.show_lines(card.facts)
        self._history.show_lines(card.changes)
        self._stack.show_fresh()

    def show_page(self, key: str) -> None:
        """Turn to `why`, `signals`, `facts` or `history`."""
        self._tabs.set_current(key)
        self._pages.setCurrentIndex(_PAGES.index(key))

    def _show_head(self, card: InspectorCard) -> None:
        self._head.show_state(card.state, card.name, card.kind)
        word = state_word(card.state)
        headline = self.tr("{state} for {duration}").format(state=word, duration=card.since) if card.since else word
        self._state.setText(headline[:1].upper() + headline[1:])
        self._why.setText(card.why)
        self._why.setVisible(bool(card.why))

    def _show_why(self, card: InspectorCard) -> None:
        self._show_readings(card)
        self._availability.show_facts(self._availability_facts(card))
        self._claim.show_facts(self._claim_facts(card))
        self._upstream.show_lines(card.upstream)
        self._downstream.show_lines(card.downstream)
        self._latest.show_lines(card.changes[:_LATEST_CHANGES])

    def _show_readings(self, card: InspectorCard) -> None:
        """What speaks for the moment; where nothing does, the last that was told, under its age."""
        fresh = tuple(line for line in card.now if not line.age)
        lines = (fresh or card.now)[:_MOST_READINGS]
        ages = {line.age for line in lines}
        self._now.set_heading(self._reading_heading(card, ages))
        self._now.show_lines(lines, tells_age=len(ages) > 1)

    def _reading_heading(self, card: InspectorCard, ages: set[str]) -> str:
        at = card.shown_at
        moment = self.tr("At {time} on {day}").format(time=clock_words(at), day=day_words(at)) if at else ""
        if not any(ages):
            return moment or self.tr("Now")
        age = self.tr("{age} old").format(age=min(ages)) if len(ages) == 1 else self.tr("nothing fresh")
        return self.tr("{moment}: {age}").format(moment=moment, age=age) if moment else age[:1].upper() + age[1:]

    def _availability_facts(self, card: InspectorCard) -> tuple[Fact, ...]:
        given = card.availability
        over = self._share_words(given)
        counted = self.tr("{up} up, {down} down").format(up=given.up, down=given.down)
        none = self.tr("none")
        excluded = self.tr("{duration} in maintenance").format(duration=given.excluded) if given.excluded else none
        unknown = self.tr("{duration} without data").format(duration=given.unknown) if given.unknown else none
        return (
            Fact(self.tr("Available"), over),
            Fact(self.tr("Counted"), counted),
            Fact(self.tr("Excluded"), excluded),
            Fact(self.tr("Unknown"), unknown),
        )

    def _share_words(self, given: Availability) -> str:
        if not given.percent:
            return self.tr("nothing counted yet")
        words = self.tr("{percent} of {counted} counted") if given.counted else self.tr("{percent} over {days} days")
        return words.format(percent=given.percent, counted=given.counted, days=given.days)

    def _claim_facts(self, card: InspectorCard) -> tuple[Fact, ...]:
        claim = card.claim
        if claim is None:
            return ()
        claimed = self.tr("{words}, {age} ago").format(words=claim.claimed, age=claim.age)
        measured = state_word(card.state)
        if not claim.disagrees:
            return (Fact(self.tr("Claimed"), claimed), Fact(self.tr("Measured"), measured))
        differs = self.tr("{state}, the two disagree").format(state=measured)
        return (Fact(self.tr("Claimed"), claimed), Fact(self.tr("Measured"), differs, Tone.DEGRADED))

    def _build(self) -> None:
        self._stack.action_requested.connect(self.retry_requested)
        for section in (self._upstream, self._downstream):
            section.rows.opened.connect(self.entity_selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_PADDING, 14, 0, 0)
        column.addWidget(self._stack)

    def _build_content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QVBoxLayout()
        head.setContentsMargins(0, 0, PAGE_PADDING, 0)
        head.setSpacing(4)
        for widget in (self._head, self._state, self._why, self._tabs):
            head.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self._pages, 1)
        why = (self._now, self._availability, self._claim, self._upstream, self._downstream, self._latest)
        signals = (self._signals, self._allocations, self._checks, self._no_signals)
        for key, sections in zip(_PAGES, (why, signals, (self._facts,), (self._history,)), strict=True):
            self._pages.addWidget(_scrolled(sections, self._page_names[key]))
        return content

    def _build_tabs(self) -> SegmentedControl:
        segments = tuple(Segment(key, text) for key, text in self._page_names.items())
        tabs = SegmentedControl(
            self._theme, segments, accessible_name=self.tr("Pages of the inspector"), look=SegmentLook.TABS
        )
        tabs.chosen.connect(lambda: self.show_page(tabs.current))
        return tabs


def _scrolled(sections: tuple[QWidget, ...], name: str) -> QScrollArea:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 10, PAGE_PADDING, 14)
    column.setSpacing(16)
    for section in sections:
        column.addWidget(section)
    column.addStretch(1)
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    page.setAutoFillBackground(False)
    return area
