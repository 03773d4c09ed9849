"""The dialogs of the frame: what is chosen in them takes effect, what is refused changes nothing."""

from datetime import timedelta
from typing import TypeVar

from PySide6.QtCore import QDateTime
from PySide6.QtWidgets import QApplication, QCheckBox, QDateTimeEdit, QDialog, QLineEdit

from quarterdeck.services.preferences import ThemePreference
from quarterdeck.ui.shell.range_button import RangeDialog
from quarterdeck.ui.shell.settings_dialog import SettingsDialog
from quarterdeck.ui.widgets.dialogs import PlainMessage
from quarterdeck.ui.widgets.segments import SegmentedControl
from tests.support.consoles import ConsoleBench
from tests.support.pictured_bank import NOON
from tests.ui.shell.conftest import Benches

Dialog = TypeVar("Dialog", bound=QDialog)


def opened(bench: ConsoleBench, action_id: str, kind: type[Dialog]) -> Dialog:
    """Run an action and hand back the dialog it opens."""
    bench.console.registry.trigger(action_id)
    bench.settle()
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())


def test_two_instants_become_the_range(bench: ConsoleBench) -> None:
    dialog = opened(bench, "range.custom", RangeDialog)
    start, end = dialog.findChildren(QDateTimeEdit)
    start.setDateTime(QDateTime.fromSecsSinceEpoch(int((NOON - timedelta(hours=5)).timestamp())))
    end.setDateTime(QDateTime.fromSecsSinceEpoch(int((NOON - timedelta(hours=4)).timestamp())))
    dialog.accept_button.click()
    bench.settle()
    assert not bench.console.conductor.place.is_live
    assert bench.console.window.range_button.text() == "07:32 – 08:32"


def test_a_range_that_ends_before_it_begins_cannot_be_chosen(bench: ConsoleBench) -> None:
    dialog = opened(bench, "range.custom", RangeDialog)
    start, end = dialog.findChildren(QDateTimeEdit)
    end.setDateTime(start.dateTime().addSecs(-60))
    assert not dialog.accept_button.isEnabled()
    dialog.reject()
    assert bench.console.conductor.place.is_live


def test_settings_take_effect_at_once_and_are_kept(bench: ConsoleBench) -> None:
    dialog = opened(bench, "setting.open", SettingsDialog)
    box = next(box for box in dialog.findChildren(QCheckBox) if box.text() == "Narrow rail")
    box.click()
    themes = dialog.findChild(SegmentedControl)
    assert isinstance(themes, SegmentedControl)
    themes.set_current(ThemePreference.LIGHT.value)
    themes.chosen.emit(ThemePreference.LIGHT.value)
    bench.settle()
    assert bench.console.window.rail.is_collapsed
    assert bench.preferences.preferences.rail_collapsed
    assert bench.preferences.preferences.theme is ThemePreference.LIGHT
    dialog.accept()


def test_the_rail_opens_the_settings_and_stays_where_it_was(bench: ConsoleBench) -> None:
    bench.console.window.rail.items()[-1].click()
    bench.settle()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SettingsDialog) and one.isVisible())
    assert bench.console.conductor.place.panel_id == "overview"
    dialog.accept()


def test_a_layout_is_kept_under_the_name_that_was_given(bench: ConsoleBench) -> None:
    dialog = opened(bench, "layout.save", PlainMessage)
    name = dialog.findChild(QLineEdit)
    assert isinstance(name, QLineEdit)
    assert not dialog.accept_button.isEnabled()
    name.setText("  night shift ")
    dialog.accept_button.click()
    bench.console.registry.trigger("palette.open")
    bench.settle()
    field = bench.console.window.palette_sheet.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("night")
    assert "Layout: night shift" in bench.console.window.palette_sheet.matches()[0]


def test_about_names_the_program_and_what_it_runs_on(bench: ConsoleBench) -> None:
    dialog = opened(bench, "frame.about", PlainMessage)
    assert dialog.windowTitle() == "About Quarterdeck"
    dialog.accept()


def test_preferences_that_could_not_be_used_are_told(benches: Benches) -> None:
    bench = benches.make()
    bench.preferences.remark = "The file is not one of preferences."
    bench = benches.make(preferences=bench.preferences)
    bench.start()
    assert bench.console.window.notices.accessibleName() == "The file is not one of preferences."
