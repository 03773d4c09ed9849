"""The store's part of the settings: weighed in words first, asked where samples go sooner, never lost by a slip."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from quarterdeck.services.retention_settings import RetentionOutlook
from quarterdeck.services.store_growth import DaysLeft, RetentionPolicy, SingleSamples
from quarterdeck.services.store_keeping import RetentionChange
from quarterdeck.ui.shell.retention_section import RetentionSection
from quarterdeck.ui.shell.retention_words import limit_text, outlook_words, samples_text, standing_facts
from quarterdeck.ui.shell.settings_dialog import SettingsDialog
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.widgets.dialogs import PlainMessage
from quarterdeck.ui.widgets.text import PlainLabel
from tests.support.backgrounds import HeldBackground
from tests.support.consoles import ConsoleBench
from tests.support.pictured_bank import NOON
from tests.support.retention_desk import GB, MB, POLICY, SINGLES, KnownRetention, growth_with


@dataclass(slots=True)
class Desk:
    """A section over known retention, with everything done at once."""

    section: RetentionSection
    source: KnownRetention = field(default_factory=KnownRetention)
    background: HeldBackground = field(default_factory=HeldBackground)

    def open(self) -> None:
        self.section.work_with(self.source, self.background)
        self.background.finish()

    def type(self, number: int, text: str) -> None:
        """Type into the field of the samples (0) or of the limit (1), as a person does."""
        line = self.section.findChildren(QLineEdit)[number]
        line.selectAll()
        QTest.keyClicks(line, text) if text else QTest.keyClick(line, Qt.Key.Key_Delete)
        self.background.finish()

    @property
    def save(self) -> QPushButton:
        return next(one for one in self.section.findChildren(QPushButton) if one.text() == "Save store settings")

    @property
    def words(self) -> str:
        return " ".join(one.text() for one in self.section.findChildren(PlainLabel) if not one.isHidden())

    @property
    def question(self) -> PlainMessage:
        return self.section.findChildren(PlainMessage)[-1]


@pytest.fixture
def desk(theme: Theme, show: Callable[[RetentionSection], RetentionSection]) -> Desk:
    """A section that is shown."""
    return Desk(show(RetentionSection(theme, lambda: NOON)))


def test_size_growth_and_the_end_of_the_room_are_told(desk: Desk) -> None:
    desk.open()
    for words in ("12 GB, 50 GB free on its disk", "100 MB a day", "Reaches its limit of 20 GB in about 80 d"):
        assert words in desk.words
    assert [line.text() for line in desk.section.findChildren(QLineEdit)] == ["30 d", "20 GB"]


def test_nothing_can_be_typed_before_the_store_is_read(desk: Desk) -> None:
    assert not desk.section.findChildren(QLineEdit)[0].isEnabled()
    assert "not open yet" in desk.words


def test_what_a_change_leads_to_is_said_before_it_is_saved(desk: Desk) -> None:
    desk.open()
    assert not desk.save.isEnabled()
    desk.type(0, "10 d")
    assert "about 62% of those held" in desk.words
    assert "evidence stay untouched" in desk.words
    assert desk.save.isEnabled()
    assert desk.source.saved == []


def test_shortening_asks_once_and_return_keeps_what_there_is(desk: Desk) -> None:
    desk.open()
    desk.type(0, "10 d")
    desk.save.click()
    assert "about 62% of those held" in desk.question.accessibleDescription()
    QTest.keyClick(desk.question, Qt.Key.Key_Return)
    desk.background.finish()
    assert desk.source.saved == []


def test_shortening_is_saved_once_it_was_confirmed(desk: Desk) -> None:
    desk.open()
    desk.type(0, "10 d")
    QTest.keyClick(desk.section.findChildren(QLineEdit)[0], Qt.Key.Key_Return)
    desk.question.accept_button.click()
    desk.background.finish()
    assert desk.source.saved == [RetentionPolicy(raw_days=10, limit_bytes=20 * GB)]
    assert "Saved." in desk.words
    assert not desk.save.isEnabled()


def test_keeping_longer_is_saved_without_a_question(desk: Desk) -> None:
    desk.open()
    desk.type(1, "none")
    desk.save.click()
    desk.background.finish()
    assert desk.section.findChildren(PlainMessage) == []
    assert desk.source.saved == [RetentionPolicy(raw_days=30)]


def test_a_field_typed_back_to_what_holds_changes_nothing(desk: Desk) -> None:
    desk.open()
    desk.type(0, "10 d")
    desk.type(0, "30 d")
    assert not desk.save.isEnabled()


def test_a_spelling_that_means_the_same_is_no_change(desk: Desk) -> None:
    desk.open()
    desk.type(0, "720h")
    assert not desk.save.isEnabled()


def test_what_is_no_time_is_refused_with_an_example(desk: Desk) -> None:
    desk.open()
    desk.type(0, "a week")
    assert "◆ a week is no time to keep samples for" in desk.words
    assert not desk.save.isEnabled()


def test_an_empty_field_is_told_and_cannot_be_saved(desk: Desk) -> None:
    desk.open()
    desk.type(0, "")
    assert "A time is needed, or forever." in desk.words
    assert not desk.save.isEnabled()


def test_a_store_that_cannot_be_read_says_the_next_step(desk: Desk) -> None:
    desk.source.refuses = True
    desk.open()
    assert "◆ The store cannot be written just now. Try again in a minute." in desk.words


def test_a_change_that_was_not_taken_says_the_next_step_and_may_be_typed_again(desk: Desk) -> None:
    desk.open()
    desk.type(0, "40 d")
    desk.source.refuses = True
    desk.save.click()
    desk.background.finish()
    assert "Try again in a minute." in desk.words
    desk.source.refuses = False
    desk.type(0, "41 d")
    desk.save.click()
    desk.background.finish()
    assert desk.source.saved == [RetentionPolicy(raw_days=41, limit_bytes=20 * GB)]


def test_a_change_under_way_is_not_given_twice(desk: Desk) -> None:
    desk.open()
    desk.type(0, "40 d")
    desk.save.click()
    desk.save.click()
    assert len(desk.background.active) == 1


def test_what_was_asked_about_is_dropped_when_something_else_is_typed(desk: Desk) -> None:
    desk.open()
    desk.type(0, "10 d")
    desk.save.click()
    question = desk.question
    desk.type(0, "20 d")
    question.accept_button.click()
    desk.background.finish()
    assert desk.source.saved == []


def test_the_settings_of_a_console_tell_of_its_store(bench: ConsoleBench) -> None:
    bench.console.registry.trigger("setting.open")
    bench.settle()
    dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, SettingsDialog) and one.isVisible())
    assert [line.text() for line in dialog.findChildren(QLineEdit)] == ["forever", "none"]
    dialog.accept()


def test_a_dialog_without_a_store_says_so_and_saves_nothing(qapp: QApplication, desk: Desk) -> None:
    desk.section.findChildren(QLineEdit)[0].textEdited.emit("10 d")
    desk.save.setEnabled(True)
    desk.save.click()
    assert desk.background.waiting == []


def outlook(after: RetentionPolicy, before: RetentionPolicy = POLICY, singles: SingleSamples = SINGLES) -> str:
    cutoff = None if after.raw_days is None else NOON - timedelta(days=after.raw_days)
    return outlook_words(RetentionOutlook(before, after, cutoff, singles, 12 * GB), NOON)


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (RetentionPolicy(31, 20 * GB), "Nothing held now is older than 31 d; later samples become summaries"),
        (RetentionPolicy(None, 20 * GB), "no longer thinned by their age"),
        (RetentionPolicy(30, None), "Nothing is thinned any more for the sake of room."),
        (RetentionPolicy(30, 10 * GB), "The store is 2.0 GB over 10 GB: once an hour its oldest day"),
        (RetentionPolicy(30, 15 * GB), "The store takes 12 GB: below 15 GB nothing goes"),
    ],
    ids=["longer", "forever", "no-limit", "below-size", "above-size"],
)
def test_each_change_has_its_words(after: RetentionPolicy, words: str) -> None:
    assert words in outlook(after)


@pytest.mark.parametrize(
    ("share", "words"),
    [(1.0, "nearly all held"), (0.0, "less than 1% of those held"), (0.3, "about 30% of those held")],
)
def test_the_share_of_samples_that_go_is_told(share: float, words: str) -> None:
    singles = SingleSamples(NOON - timedelta(days=29), share)
    assert words in outlook(RetentionPolicy(5, 20 * GB), singles=singles)


def test_samples_that_are_kept_forever_need_no_words() -> None:
    forever = RetentionPolicy(None, 20 * GB)
    assert outlook(forever, before=forever) == ""


@pytest.mark.parametrize(
    ("policy", "texts"),
    [
        (RetentionPolicy(), ("forever", "none")),
        (RetentionPolicy(0.5, 500 * MB), ("0.5 d", "500 MB")),
        (RetentionPolicy(30.25, int(1.5 * GB)), ("30.25 d", "1.5 GB")),
    ],
    ids=["nothing", "short", "fractions"],
)
def test_fields_hold_what_is_read_again_as_the_same(policy: RetentionPolicy, texts: tuple[str, str]) -> None:
    growth = growth_with(policy)
    assert (samples_text(growth), limit_text(growth)) == texts
    assert RetentionChange(samples=texts[0], limit=texts[1]).applied(RetentionPolicy()) == policy


@pytest.mark.parametrize(
    ("changes", "room", "tone"),
    [
        ({"days_left": DaysLeft(3, 4, 5)}, "Reaches its limit of 20 GB in about 4 d", Tone.DEGRADED),
        ({"days_left": None}, "No end in sight.", Tone.TEXT),
        ({"days_left": None, "per_day": None}, "When it ends is told once the growth is known.", Tone.TEXT),
        ({"days_left": None, "policy": RetentionPolicy(), "free_bytes": None}, "No limit is set.", Tone.TEXT),
    ],
    ids=["soon", "no-end", "unknown", "no-limit"],
)
def test_the_room_is_told_and_stands_out_when_it_ends_soon(changes: dict[str, Any], room: str, tone: Tone) -> None:
    fact = standing_facts(replace(growth_with(POLICY), **changes))[2]
    assert fact.value.startswith(room)
    assert fact.tone is tone


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (RetentionPolicy(), "Kept forever"),
        (RetentionPolicy(30, None, 400, 400), "Kept for 400 d"),
        (RetentionPolicy(30, None, 400), "Fine ones 400 d, coarse ones forever"),
    ],
    ids=["forever", "alike", "each"],
)
def test_how_long_summaries_are_kept_is_told(policy: RetentionPolicy, words: str) -> None:
    assert standing_facts(growth_with(policy))[3].value == words
