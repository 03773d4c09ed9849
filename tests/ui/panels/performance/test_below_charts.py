"""Below the charts: the most frequent error patterns, and what changed of what is charted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.services.ports import Topic
from quarterdeck.services.what_changed import WhatChanged
from quarterdeck.ui.panels.performance.below_charts import BelowCharts
from quarterdeck.ui.panels.performance.changed_card import ChangedCard
from quarterdeck.ui.panels.performance.compare_desk import CompareDesk
from quarterdeck.ui.panels.performance.error_desk import ErrorDesk
from quarterdeck.ui.panels.performance.other_views import COMPARE, ERRORS
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.column_table import ColumnTable
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.performance.desk import Bench
from tests.ui.panels.performance.reports import LIVE, NOON, SERVICES
from tests.ui.panels.performance.test_compare import GONE, Source
from tests.ui.panels.performance.test_errors import Source as Failures
from tests.ui.panels.performance.test_errors import report

KEYS = SERVICES[:2]
EVENTS = frozenset({Topic.EVENTS})


class Below:
    def __init__(self, theme: Theme) -> None:
        self.source, self.failures, self.background = Source(), Failures(), HeldBackground()
        self.widget = BelowCharts(theme)
        self.holder: QWidget | None = None
        self.widget.present(self.source, self.failures, self.background)

    def show(self, moment: Moment = LIVE, keys: tuple[str, ...] = KEYS) -> None:
        self.widget.show_charted(keys, moment)
        self.background.finish()

    @property
    def words(self) -> str:
        return " | ".join(label.text() for label in self.widget.findChildren(PlainLabel))


@pytest.fixture
def below(theme: Theme, show: Callable[[QWidget], QWidget]) -> Below:
    made = Below(theme)
    made.holder = QWidget()
    QVBoxLayout(made.holder).addWidget(made.widget)
    show(made.holder)
    return made


def test_patterns_and_what_changed_of_what_is_charted_stand_there(below: Below) -> None:
    below.show()
    (table,) = below.widget.findChildren(ColumnTable)
    assert table.shown_count == 2
    assert below.source.only == [KEYS]
    assert LIVE.time_range.end_at - below.source.asked[0].earlier.end_at == timedelta(days=1)
    assert "What changed at" in below.words
    assert "Beside 23 Nov" in below.words


def test_where_nothing_is_known_of_the_day_before_the_time_just_before_is_taken(below: Below) -> None:
    below.source.figures = ()
    below.show()
    assert [LIVE.time_range.end_at - one.earlier.end_at for one in below.source.asked] == [
        timedelta(days=1),
        timedelta(seconds=LIVE.time_range.seconds),
    ]


def test_no_failures_are_a_row_of_words(below: Below) -> None:
    below.failures.answer = report()
    below.show()
    (table,) = below.widget.findChildren(ColumnTable)
    assert table.shown_count == 1


def test_they_are_read_anew_for_other_entities_or_another_range_and_seldom_else(below: Below) -> None:
    below.show()
    soon = NOON + timedelta(seconds=5)
    below.show(Moment(TimeRange.ending(soon, LIVE.time_range.seconds), soon))
    assert len(below.failures.asked) == 1
    below.show(keys=SERVICES[:1])
    below.show(Moment(TimeRange.ending(NOON, 600), NOON), keys=SERVICES[:1])
    below.show(Moment(LIVE.time_range, NOON - timedelta(minutes=9), live=False), keys=SERVICES[:1])
    assert len(below.failures.asked) == 4
    later = NOON + timedelta(minutes=5)
    for topics in (frozenset[Topic](), EVENTS):
        below.widget.refresh(Moment(TimeRange.ending(later, 3600), later), topics)
        below.background.finish()
    assert len(below.failures.asked) == 5


def test_what_cannot_be_read_does_not_stand_there_as_old(below: Below) -> None:
    below.show()
    below.failures.fault = GONE
    below.show(Moment(TimeRange.ending(NOON, 600), NOON))
    assert below.widget.isHidden()


def test_it_leads_to_all_errors_to_the_causes_and_to_yesterday(bench: Bench, theme: Theme) -> None:
    source, failures = Source(), Failures()
    view = bench.view
    view.views.offer(ERRORS, lambda: ErrorDesk(theme, failures, bench.background))
    view.views.offer(COMPARE, lambda: CompareDesk(theme, source, source, bench.background))
    view.below.present(source, failures, bench.background)
    panels: list[tuple[str, str]] = []
    view.panel_requested.connect(lambda panel, target: panels.append((panel, target)))
    bench.show()
    (table,) = view.below.findChildren(ColumnTable)
    table.row_activated.emit("timed out")
    assert view.views.current == ERRORS
    for button in view.below.findChildren(Button):
        button.click()
    bench.background.finish()
    assert panels == [("relationships", f"causes:{SERVICES[0]}")]
    assert view.views.current == COMPARE
    assert LIVE.time_range.end_at - source.asked[-1].earlier.end_at == timedelta(days=1)


def test_the_card_grows_with_what_it_says(below: Below) -> None:
    assert below.holder is not None
    below.show()
    (card,) = below.widget.findChildren(ChangedCard)
    changed = WhatChanged("What changed", tuple(f"{'A long sentence about a figure. ' * 5}{n}" for n in range(4)), "")
    card.show_changed(changed, "beside yesterday")
    below.holder.adjustSize()
    below.holder.resize(900, below.holder.heightForWidth(900))
    QCoreApplication.processEvents()
    (words,) = (label for label in card.findChildren(PlainLabel) if "A long sentence" in label.text())
    assert words.height() >= words.heightForWidth(words.width())
    button = next(one for one in card.findChildren(Button) if one.isVisible())
    assert card.rect().contains(button.geometry())
