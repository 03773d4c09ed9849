"""A form says what no test has tried as it stands; it can be saved all the same."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from quarterdeck.ui.widgets.text import PlainLabel
from tests.ui.panels.connectors.lists import PASSED, REFUSED
from tests.ui.panels.connectors.window import Window


def untried(window: Window) -> str:
    """What the form says above its buttons; empty for nothing."""
    labels = [one for one in window.side.findChildren(PlainLabel) if one.isVisible() and one.text().startswith("▲")]
    return labels[0].text() if labels else ""


def edit(window: Window) -> QLineEdit:
    """The address of a connection there is, in its form."""
    window.view._page.walk(1)
    window.press("Edit")
    window.background.finish()
    return window.field("Address")


def test_another_address_is_named_as_not_tried_and_is_saved_all_the_same(window: Window) -> None:
    address = edit(window)
    assert untried(window) == ""
    QTest.keyClicks(address, "/other")
    assert untried(window) == "▲ Not tried yet: Address. Test connects and stores nothing."
    save = next(one for one in window.side.findChildren(QPushButton) if one.text() == "Save" and one.isVisible())
    assert save.accessibleDescription() == "Not tried yet: Address. Test connects and stores nothing."
    save.click()
    window.background.finish()
    assert window.setup.saved


def test_a_test_whatever_it_finds_has_tried_what_was_typed_until_it_is_changed_again(window: Window) -> None:
    address = edit(window)
    for outcome in (PASSED, REFUSED):
        window.setup.outcome = outcome
        QTest.keyClicks(address, "/other")
        assert untried(window)
        window.press("Test")
        window.background.finish()
        assert untried(window) == ""


def test_a_test_that_was_stopped_has_tried_nothing(window: Window) -> None:
    QTest.keyClicks(edit(window), "/other")
    window.press("Test")
    window.press("Stop")
    assert untried(window)


def test_an_address_that_is_as_it_was_again_and_another_name_need_no_test(window: Window) -> None:
    address = edit(window)
    before = address.text()
    QTest.keyClicks(address, "/other")
    address.selectAll()
    QTest.keyClicks(address, before)
    QTest.keyClicks(window.field("Name"), " of the bank")
    assert untried(window) == ""
