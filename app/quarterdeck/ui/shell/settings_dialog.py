"""Settings of the window, each of which takes effect at once, and of its store, where a change is weighed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from quarterdeck.services.preferences import ThemePreference, UiPreferences
from quarterdeck.ui.shell.retention_presenter import RetentionSource
from quarterdeck.ui.shell.retention_section import RetentionSection
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.cards import hairline, section_heading
from quarterdeck.ui.widgets.check_box import CheckBox
from quarterdeck.ui.widgets.segments import Segment, SegmentedControl
from quarterdeck.ui.widgets.text import PlainLabel

_GAP = 24


class SettingsDialog(QDialog):
    """`changed` carries the UiPreferences after every switch."""

    changed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        preferences: UiPreferences,
        *,
        has_tray: bool,
        now: Callable[[], datetime],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._theme = theme
        self._preferences = preferences
        self._themes = self._build_themes()
        self._motion = CheckBox(theme, self.tr("Reduce motion"))
        self._inspector = CheckBox(theme, self.tr("Show the inspector when something is selected"))
        self._rail = CheckBox(theme, self.tr("Narrow rail"))
        self._tray = CheckBox(theme, self.tr("Icon in the tray with the worst state"))
        self._stay = CheckBox(theme, self.tr("Stay in the tray when the window is closed"))
        self._store = RetentionSection(theme, now)
        self._build(has_tray=has_tray)
        self._fill(preferences)
        for box in (self._motion, self._inspector, self._rail, self._tray, self._stay):
            box.toggled.connect(self._take)
        self._themes.chosen.connect(self._take)

    def work_with(self, source: RetentionSource, background: Background) -> None:
        """The store is open: read it, and set it from here."""
        self._store.work_with(source, background)

    def _build(self, *, has_tray: bool) -> None:
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(PlainLabel(self._theme, self.tr("Settings"), role=FontRole.PANEL))
        column.addSpacing(4)
        columns = QHBoxLayout()
        columns.setSpacing(_GAP)
        columns.addLayout(self._build_window(has_tray=has_tray))
        columns.addWidget(hairline(vertical=True))
        columns.addWidget(self._store, 1)
        column.addLayout(columns)
        column.addSpacing(8)
        column.addLayout(self._build_foot())

    def _build_window(self, *, has_tray: bool) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(section_heading(self._theme, self.tr("Theme")))
        column.addWidget(self._themes)
        column.addWidget(self._motion)
        column.addSpacing(6)
        column.addWidget(section_heading(self._theme, self.tr("Window")))
        column.addWidget(self._inspector)
        column.addWidget(self._rail)
        column.addSpacing(6)
        column.addWidget(section_heading(self._theme, self.tr("Tray")))
        column.addWidget(self._tray)
        column.addWidget(self._stay)
        if not has_tray:
            words = self.tr("This desktop has no tray at the moment.")
            column.addWidget(PlainLabel(self._theme, words, role=FontRole.NOTE, tone=Tone.TERTIARY))
        column.addStretch(1)
        return column

    def _build_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        close = Button(self._theme, self.tr("Done"), kind=ButtonKind.PRIMARY)
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row.addWidget(close)
        return row

    def _build_themes(self) -> SegmentedControl:
        segments = (
            Segment(ThemePreference.SYSTEM.value, self.tr("As the system")),
            Segment(ThemePreference.DARK.value, self.tr("Dark")),
            Segment(ThemePreference.LIGHT.value, self.tr("Light")),
        )
        return SegmentedControl(self._theme, segments, accessible_name=self.tr("Theme"))

    def _fill(self, preferences: UiPreferences) -> None:
        self._themes.set_current(preferences.theme.value)
        self._motion.setChecked(preferences.reduced_motion)
        self._inspector.setChecked(preferences.inspector_shown)
        self._rail.setChecked(preferences.rail_collapsed)
        self._tray.setChecked(preferences.tray_shown)
        self._stay.setChecked(preferences.stays_in_tray)

    def _take(self) -> None:
        self._preferences = replace(
            self._preferences,
            theme=ThemePreference(self._themes.current),
            reduced_motion=self._motion.isChecked(),
            inspector_shown=self._inspector.isChecked(),
            rail_collapsed=self._rail.isChecked(),
            tray_shown=self._tray.isChecked(),
            stays_in_tray=self._stay.isChecked(),
        )
        self._stay.setEnabled(self._tray.isChecked())
        self.changed.emit(self._preferences)
