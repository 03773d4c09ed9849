"""The panel's controls in the top bar: its views, whose controls are shown, on which day, and a field that filters."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QWidget

from quarterdeck.services.moments import Moment
from quarterdeck.ui.panels.compliance.state import Arrangement, Subjects
from quarterdeck.ui.theme.measures import CONTROL_HEIGHT
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.choice_button import ChoiceButton
from quarterdeck.ui.widgets.dropping_fields import InstantField
from quarterdeck.ui.widgets.filter_line import FilterLine
from quarterdeck.ui.widgets.folding_segments import FoldingSegments
from quarterdeck.ui.widgets.segments import Segment

_DAY_WIDTH = 92


class ComplianceBar(QObject):
    """`day_chosen` carries the end of a past day, or None for the console's own moment.

    `left` comes when the keyboard should go back to the table.
    """

    arrangement_chosen = Signal()
    subjects_chosen = Signal()
    day_chosen = Signal(object)
    narrowed = Signal()
    export_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._today = date.min
        self._views = FoldingSegments(
            theme,
            (
                Segment(Arrangement.STATUS, self.tr("Status")),
                Segment(Arrangement.FINDINGS, self.tr("Findings")),
                Segment(Arrangement.FRAMEWORKS, self.tr("Frameworks")),
                Segment(Arrangement.RISKS, self.tr("Risks")),
                Segment(Arrangement.POLICIES, self.tr("Policies")),
                Segment(Arrangement.POSTURE, self.tr("Posture")),
            ),
            accessible_name=self.tr("Compliance by"),
        )
        self._subjects = ChoiceButton(
            theme,
            (
                Segment(Subjects.INTEGRATIONS, self.tr("Integrations")),
                Segment(Subjects.SERVICES, self.tr("Services")),
            ),
            accessible_name=self.tr("Controls of"),
        )
        self._day = InstantField(theme, "d MMM", self.tr("Day shown"))
        self._line = FilterLine(theme, self.tr("Filter"))
        self._export = Button(theme, "", icon="download-simple")
        self._build_day()
        self._export.setAccessibleName(self.tr("Export…"))
        self._export.setToolTip(self.tr("Save every verdict of the moment shown as a file"))
        self._views.chosen.connect(self._offer_what_counts)
        self._views.chosen.connect(self.arrangement_chosen)
        self._subjects.chosen.connect(self.subjects_chosen)
        self._line.filter_changed.connect(self.narrowed)
        self._export.clicked.connect(self.export_requested)
        self._line.left.connect(self.left)

    @property
    def widgets(self) -> list[QWidget]:
        """The controls in their order."""
        return [self._views, self._subjects, self._day, self._line, self._export]

    @property
    def arrangement(self) -> Arrangement:
        """The view that is chosen."""
        return Arrangement(self._views.current)

    @property
    def subjects(self) -> Subjects:
        """Whose controls are shown."""
        return Subjects(self._subjects.current)

    @property
    def words(self) -> str:
        """The words that a row must hold."""
        return self._line.text()

    def show_arrangement(self, arrangement: Arrangement) -> None:
        """Choose a view without a signal."""
        self._views.set_current(arrangement)
        self._offer_what_counts()

    def show_moment(self, moment: Moment) -> None:
        """Stand on the day of the console's moment; no later one can be chosen."""
        self._today = moment.at.astimezone().date()
        with QSignalBlocker(self._day):
            self._day.setMaximumDate(_qdate(self._today))
            self._day.setDate(_qdate(self._today))

    def follow_time(self, moment: Moment) -> None:
        """Let a new day be chosen once it begins; who stands on the present goes along."""
        today = moment.at.astimezone().date()
        if today != self._today and self._shown_day() == self._today:
            self.show_moment(moment)

    def step_day(self, days: int) -> None:
        """Go so many days back or on."""
        self._day.setDate(self._day.date().addDays(days))

    def focus_filter(self) -> None:
        """Give the keyboard to the field."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.selectAll()

    def focus_day(self) -> None:
        """Give the keyboard to the day."""
        self._day.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _offer_what_counts(self) -> None:
        """Policies are neither one kind of entity's nor a past day's."""
        for widget in (self._subjects, self._day):
            widget.setVisible(self.arrangement is not Arrangement.POLICIES)

    def _build_day(self) -> None:
        self._day.setFixedSize(_DAY_WIDTH, CONTROL_HEIGHT)
        self._day.setToolTip(self.tr("The day whose end is shown; today is the console's own moment"))
        self._day.dateChanged.connect(self._choose_day)

    def _choose_day(self) -> None:
        day = self._shown_day()
        self.day_chosen.emit(None if day >= self._today else _end_of(day))

    def _shown_day(self) -> date:
        shown = self._day.date()
        return date(shown.year(), shown.month(), shown.day())


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _end_of(day: date) -> datetime:
    """The last second of a day in local time."""
    return datetime.combine(day + timedelta(days=1), time.min).astimezone() - timedelta(seconds=1)
