"""The Performance panel over a scripted source."""

from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.instants import TimeRange
from quarterdeck.services.moments import Moment
from quarterdeck.ui.charts.time_chart import TimeChart
from quarterdeck.ui.panels.performance.chart_slot import ChartSlot
from quarterdeck.ui.panels.performance.presenter import PerformancePresenter
from quarterdeck.ui.panels.performance.view import PerformanceView
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.state_stack import StateStack
from tests.support.backgrounds import HeldBackground
from tests.ui.panels.performance.reports import LIVE, ScriptedSource


class Bench:
    """The panel over a scripted source; the store answers at once unless a test holds the background."""

    def __init__(self, theme: Theme) -> None:
        self.source, self.background = ScriptedSource(), HeldBackground()
        self.view = PerformanceView(theme)
        self.presenter = PerformancePresenter(self.source, self.background, self.view, str)
        self.view.present(self.presenter, self.background)
        self.view.resize(1200, 780)
        self.asked: list[TimeRange] = []
        self.view.range_requested.connect(self.asked.append)

    def show(self, moment: Moment = LIVE) -> None:
        self.view.show_moment(moment)
        self.background.finish()
        self.settle()

    def settle(self) -> None:
        """Let each chart have its turn."""
        while not self.view._page.is_drawn:
            QCoreApplication.processEvents()

    @property
    def slots(self) -> list[ChartSlot]:
        return self.view.findChildren(ChartSlot)

    @property
    def charts(self) -> list[TimeChart]:
        return [slot.chart for slot in self.slots if not slot.is_absent]

    @property
    def stack(self) -> StateStack:
        return self.view.findChildren(StateStack)[0]


def names(chart_shown: TimeChart) -> list[str]:
    return [entry.name for entry in chart_shown.legend_entries]
