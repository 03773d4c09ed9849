"""The inspector's pages: what speaks for now and why, all signals, the facts, and the history of states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.shell.inspector.rows import MarkedRows
from quarterdeck.ui.shell.inspector.state import Availability, InspectorCard, Line, MarkedLine
from quarterdeck.ui.shell.time_words import clock_words, day_words
from quarterdeck.ui.theme.marks import state_word
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import Fact, FactList, section_heading
from quarterdeck.ui.widgets.text import PlainLabel

if TYPE_CHECKING:
    from quarterdeck.ui.shell.inspector.series_section import SeriesSection

_LATEST_CHANGES = 3
_MOST_READINGS = 5
_SPARE_FACTS = 4
_SPARE_ROWS = 3


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
        self._list = FactList(theme, spare_rows=_SPARE_FACTS)
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
        self.rows = MarkedRows(theme, accessible_name=heading, spare_rows=_SPARE_ROWS)
        super().__init__(theme, heading, self.rows)

    def show_lines(self, lines: tuple[MarkedLine, ...]) -> None:
        self.rows.show_lines(lines)
        self.setVisible(bool(lines))


class InspectorPage(QScrollArea):
    """One page; `entity_selected` carries the key of a neighbour that was pressed.

    `claims_requested` comes when the log of the partner's claims is to be seen, `ledger_requested` when that behind the
    availability is.

    `series` are the entity's own, on the page that lists them.
    """

    entity_selected = Signal(str)
    claims_requested = Signal()
    ledger_requested = Signal()
    series: SeriesSection | None = None

    def show_card(self, card: InspectorCard) -> None:
        """Show an entity."""
        raise NotImplementedError

    def show_stale(self) -> None:
        """What is shown is old."""

    def _fill(self, sections: Sequence[QWidget]) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 10, PAGE_PADDING, 14)
        column.setSpacing(16)
        for section in sections:
            column.addWidget(section)
        column.addStretch(1)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)


class WhyPage(InspectorPage):
    """What it reads now, whose fault an outage is, how available it is, what is claimed, and what lies around it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._now = _FactSection(theme, self.tr("Now"))
        self._fault = _FactSection(theme, self.tr("Whose fault"))
        self._unusual = _FactSection(theme, self.tr("Outside its usual range"))
        self._availability = _FactSection(theme, self.tr("Availability"))
        self._claim = _FactSection(theme, self.tr("Claimed against measured"))
        self._log = Button(theme, self.tr("Log of disagreements…"), kind=ButtonKind.LINK)
        self._log.clicked.connect(self.claims_requested)
        self._ledger = Button(theme, self.tr("Ledger…"), kind=ButtonKind.LINK)
        self._ledger.clicked.connect(self.ledger_requested)
        self._upstream = _RowSection(theme, self.tr("Upstream"))
        self._downstream = _RowSection(theme, self.tr("Downstream"))
        self._latest = _RowSection(theme, self.tr("Latest changes"))
        for section in (self._upstream, self._downstream):
            section.rows.opened.connect(self.entity_selected)
        surroundings = (self._upstream, self._downstream, self._latest)
        judged = (self._now, self._fault, self._unusual, self._availability, self._ledger, self._claim, self._log)
        self._fill((*judged, *surroundings))

    @override
    def show_card(self, card: InspectorCard) -> None:
        self._show_readings(card)
        self._fault.show_lines(card.fault)
        self._unusual.show_lines(card.unusual)
        self._availability.show_facts(self._availability_facts(card))
        record = (Fact(line.label, line.value) for line in card.claim_record)
        self._claim.show_facts((*self._claim_facts(card), *record))
        self._log.setVisible(bool(card.claim_record))
        self._upstream.show_lines(card.upstream)
        self._downstream.show_lines(card.downstream)
        self._latest.show_lines(card.changes[:_LATEST_CHANGES])

    @override
    def show_stale(self) -> None:
        self._now.set_heading(self.tr("When last read"))

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
        unknown = given.unknown or none
        return (
            Fact(self.tr("Available"), over),
            Fact(self.tr("Counted"), counted),
            Fact(self.tr("Excluded"), excluded),
            Fact(self.tr("Not measurable"), unknown),
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


class SignalsPage(InspectorPage):
    """All that is told of it: signals, allocations, checks, and every series there is.

    Made when it is first seen, and by then the workers have loaded what the charts need.
    """

    def __init__(self, theme: Theme) -> None:
        from quarterdeck.ui.shell.inspector.series_section import SeriesSection

        super().__init__()
        self._signals = _FactSection(theme, self.tr("Signals"))
        self._allocations = _FactSection(theme, self.tr("Allocation"))
        self._checks = _RowSection(theme, self.tr("Checks"))
        self._nothing = PlainLabel(theme, self.tr("No signal has come yet."), tone=Tone.TERTIARY, wraps=True)
        self.series = SeriesSection(theme)
        self._fill((self._signals, self._allocations, self._checks, self._nothing, self.series))

    @override
    def show_card(self, card: InspectorCard) -> None:
        if self.series is not None:
            self.series.clear(card.key)
        self._signals.show_lines(card.readings)
        self._allocations.show_lines(card.allocations)
        self._checks.show_lines(card.checks)
        self._nothing.setVisible(not (card.readings or card.allocations or card.checks))


class FactsPage(InspectorPage):
    """What is declared of it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._facts = _FactSection(theme, self.tr("Facts"))
        self._fill((self._facts,))

    @override
    def show_card(self, card: InspectorCard) -> None:
        self._facts.show_lines(card.facts)


class HistoryPage(InspectorPage):
    """The states it was in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._history = _RowSection(theme, self.tr("States, 7 days"))
        self._fill((self._history,))

    @override
    def show_card(self, card: InspectorCard) -> None:
        self._history.show_lines(card.changes)
