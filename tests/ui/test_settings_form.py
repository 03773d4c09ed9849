"""Generated forms: typed text becomes values or a sentence under its field, and nothing changes by accident."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.field_editors import ChoiceBox
from quarterdeck.ui.widgets.field_specs import (
    Choice,
    FieldKind,
    FieldSpec,
    parse_duration,
    read_field,
    write_duration,
    write_field,
)
from quarterdeck.ui.widgets.settings_form import SettingsForm

CHOICES = (Choice("5", "every 5 seconds"), Choice("15", "every 15 seconds"))
SPECS = (
    FieldSpec("address", "Address", "Nothing is sent until you press Test.", is_required=True),
    FieldSpec("token", "Token", is_secret=True),
    FieldSpec("limit", "Limit", kind=FieldKind.NUMBER, minimum=1, maximum=5000, default=100),
    FieldSpec("history", "History", kind=FieldKind.DURATION, default=7200.0),
    FieldSpec("interval", "Ask", kind=FieldKind.CHOICE, choices=CHOICES, default="15"),
    FieldSpec("discover", "Discover", kind=FieldKind.FLAG, default=True),
    FieldSpec("body", "Body", kind=FieldKind.MULTILINE),
    FieldSpec("bundle", "Certificates", kind=FieldKind.FILE),
    FieldSpec("proxy", "Proxy", is_advanced=True, kind=FieldKind.NUMBER),
)
NUMBER = FieldSpec("limit", "Limit", kind=FieldKind.NUMBER, minimum=1, maximum=5000)
DURATION = FieldSpec("history", "History", kind=FieldKind.DURATION)


@pytest.fixture
def form(theme: Theme, show: Callable[[QWidget], QWidget]) -> SettingsForm:
    made = SettingsForm(theme, SPECS)
    show(made)
    return made


def line(form: SettingsForm, key: str) -> QLineEdit:
    widget = form._rows[key].editor.focus_widget
    assert isinstance(widget, QLineEdit)
    return widget


def words_under(form: SettingsForm, key: str) -> str:
    return form._rows[key].hint.text()


@given(st.floats(min_value=0.001, max_value=1e8).map(lambda seconds: round(seconds, 3)))
def test_a_duration_is_read_back_as_it_was_written(seconds: float) -> None:
    assert parse_duration(write_duration(seconds)) == pytest.approx(seconds, rel=1e-5)


@pytest.mark.parametrize(
    ("text", "seconds"), [("15", 15), ("15 s", 15), ("5min", 300), ("1,5 h", 5400), ("90 d", 7776000), ("2 W", 1209600)]
)
def test_durations_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "-5 s", "5 s 3", "nan"])
def test_what_is_no_duration_is_refused_in_words(text: str) -> None:
    assert parse_duration(text) is None
    if text:
        assert "15 s, 5 min or 90 d" in read_field(DURATION, text).fault


@pytest.mark.parametrize(("seconds", "text"), [(90, "90 s"), (7200, "2 h"), (7776000, "90 d"), (0.5, "0.5 s")])
def test_a_duration_is_written_in_the_largest_whole_unit(seconds: float, text: str) -> None:
    assert write_duration(seconds) == text


@given(st.integers(1, 5000) | st.floats(1, 5000).map(lambda number: round(number, 2)))
def test_a_number_is_read_back_as_it_was_written(number: float) -> None:
    assert read_field(NUMBER, write_field(NUMBER, number)).value == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "words"), [("0", "at least 1"), ("5001", "at most 5000"), ("many", "is a number"), ("inf", "is a number")]
)
def test_numbers_outside_their_bounds_are_refused_in_words(text: str, words: str) -> None:
    assert words in read_field(NUMBER, text).fault


def test_a_form_starts_with_its_defaults(form: SettingsForm) -> None:
    assert form.values() == {"limit": 100, "history": 7200.0, "interval": "15", "discover": True}


def test_values_go_in_and_come_out_again(form: SettingsForm) -> None:
    values = {
        "address": "https://metrics.bank.example",
        "token": " spaces count ",
        "limit": 7,
        "history": 60.0,
        "interval": "5",
        "discover": False,
        "body": "one\ntwo",
        "bundle": "/etc/ssl/bank.pem",
        "proxy": 3128,
    }
    form.set_values(values)
    assert form.values() == values


def test_a_missing_value_is_told_under_its_field_which_gets_the_focus(form: SettingsForm, qtbot: QtBot) -> None:
    assert not form.check()
    assert "Address is needed." in words_under(form, "address")
    qtbot.waitUntil(line(form, "address").hasFocus)
    assert line(form, "address").accessibleDescription() == "Address is needed."


def test_typing_takes_the_fault_back_and_tells_the_field(form: SettingsForm, qtbot: QtBot) -> None:
    form.check()
    with qtbot.waitSignal(form.edited) as edited:
        QTest.keyClicks(line(form, "address"), "h")
    assert edited.args == ["address"]
    assert words_under(form, "address") == "Nothing is sent until you press Test."


def test_a_fault_in_a_folded_field_unfolds_it(form: SettingsForm) -> None:
    form.set_values({"address": "x"})
    form.show_advanced(shown=False)
    line(form, "proxy").setText("none")
    assert not form.check()
    assert line(form, "proxy").isVisible()


def test_filling_a_form_is_not_editing_it(form: SettingsForm, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.edited):
        form.set_values({"address": "x", "body": "y", "bundle": "z", "interval": "5", "discover": False})


def test_every_field_has_an_accessible_name(form: SettingsForm) -> None:
    names = {key: row.editor.focus_widget.accessibleName() for key, row in form._rows.items()}
    assert names == {spec.key: spec.label for spec in SPECS}


def test_a_secret_is_hidden_until_it_is_asked_for(form: SettingsForm) -> None:
    token = line(form, "token")
    assert token.echoMode() is QLineEdit.EchoMode.Password
    token.actions()[0].trigger()
    assert token.echoMode() is QLineEdit.EchoMode.Normal


def test_scrolling_over_a_choice_does_not_change_it(form: SettingsForm) -> None:
    box = form._rows["interval"].editor.focus_widget
    assert isinstance(box, ChoiceBox)
    box.setFocus()
    place = QPointF(box.rect().center())
    turn = QWheelEvent(
        place,
        box.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert form.values()["interval"] == "15"


def test_return_in_a_line_submits(form: SettingsForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.submitted):
        QTest.keyClick(line(form, "address"), Qt.Key.Key_Return)


def test_several_choices_are_given_in_their_own_order(theme: Theme, show: Callable[[QWidget], QWidget]) -> None:
    form = SettingsForm(theme, (FieldSpec("seconds", "Seconds", kind=FieldKind.SEVERAL, choices=CHOICES),))
    show(form)
    edits: list[str] = []
    form.edited.connect(edits.append)
    form.set_values({"seconds": "15,9"})
    for text in ("every 5 seconds", "every 15 seconds", "every 15 seconds"):
        button = next(one for one in form.findChildren(QAbstractButton) if one.accessibleName() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (form.values(), edits) == ({"seconds": "5,15"}, ["seconds"] * 3)


def test_a_field_without_meaning_can_be_taken_away(form: SettingsForm) -> None:
    form.show_field("history", shown=False)
    assert not line(form, "history").isVisible()
    form.show_field("history", shown=True)
    assert line(form, "history").isVisible()
