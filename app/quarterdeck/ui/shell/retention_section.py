"""The part of the settings about the store: size and growth, how long single samples are kept, and the limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.health import HealthState
from quarterdeck.services.retention_settings import RetentionOutlook
from quarterdeck.services.store_growth import StoreGrowth
from quarterdeck.services.store_keeping import RetentionChange
from quarterdeck.ui.shell.retention_presenter import RetentionPresenter, RetentionSource
from quarterdeck.ui.shell.retention_words import limit_text, outlook_words, samples_text, standing_facts
from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.theme.tokens import Tone
from quarterdeck.ui.theme.typography import FontRole
from quarterdeck.ui.widgets.buttons import Button
from quarterdeck.ui.widgets.cards import FactList, section_heading
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.field_specs import FieldSpec
from quarterdeck.ui.widgets.settings_form import SettingsForm
from quarterdeck.ui.widgets.text import PlainLabel

_SAMPLES = "samples"
_LIMIT = "limit"
_WIDTH = 436


class RetentionSection(QWidget):
    """Unlike the switches beside it nothing takes effect before it is saved; `work_with` begins to read the store."""

    def __init__(self, theme: Theme, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._theme = theme
        self._now = now
        self._presenter: RetentionPresenter | None = None
        self._shown: dict[str, str] = {}
        self._facts = FactList(theme)
        self._form = SettingsForm(theme, self._specs())
        self._words = PlainLabel(theme, role=FontRole.SMALL, tone=Tone.SECONDARY, wraps=True)
        self._save = Button(theme, self.tr("Save store settings"))
        self._build()
        self._form.edited.connect(self._weigh)
        self._form.submitted.connect(self._save_weighed)
        self._save.clicked.connect(self._save_weighed)

    def work_with(self, source: RetentionSource, background: Background) -> None:
        """Read the store, and set it from here."""
        self._presenter = RetentionPresenter(source, background, self)
        self._say(self.tr("Reading the store."))
        self._presenter.load()

    def show_standing(self, growth: StoreGrowth) -> None:
        """Show what holds, in the fields too."""
        self._facts.set_facts(standing_facts(growth))
        self._facts.show()
        self._shown = {_SAMPLES: samples_text(growth), _LIMIT: limit_text(growth)}
        self._form.set_values(self._shown)
        self._form.setEnabled(True)
        self.show_outlook(None)

    def show_outlook(self, outlook: RetentionOutlook | None) -> None:
        """Say what the change typed would lead to, and offer to save it."""
        self._say("" if outlook is None else outlook_words(outlook, self._now()))
        self._save.setEnabled(outlook is not None)

    def show_fault(self, error: OperatorError) -> None:
        """Say what cannot be done, and the next step."""
        self._save.setEnabled(False)
        self._say(f"◆ {error}", Tone.DOWN)

    def show_saved(self) -> None:
        """Say that the change is in force."""
        self._say(self.tr("Saved. Thinning follows in quiet moments, within an hour or so."))

    def ask(self, outlook: RetentionOutlook, confirm: Callable[[], None]) -> None:
        """Ask once whether samples shall go sooner; Return keeps them."""
        decision = Decision(
            title=self.tr("Let single samples go sooner?"),
            text=outlook_words(outlook, self._now()),
            accept=self.tr("Let them go"),
            refuse=self.tr("Keep them"),
            state=HealthState.DEGRADED,
        )
        dialog = PlainMessage(self._theme, decision, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accept_button.setDefault(False)
        dialog.accept_button.setAutoDefault(False)
        dialog.refuse_button.setDefault(True)
        dialog.refuse_button.setFocus(Qt.FocusReason.OtherFocusReason)
        dialog.accepted.connect(confirm)
        dialog.open()

    def _specs(self) -> tuple[FieldSpec, ...]:
        return (
            FieldSpec(
                _SAMPLES,
                self.tr("Keep single samples for"),
                self.tr("Such as 30 d, or forever. Older ones are kept as summaries."),
            ),
            FieldSpec(
                _LIMIT,
                self.tr("Largest size of the store"),
                self.tr("Such as 500 MB or 20 GB, or none. Beyond it the oldest single samples go sooner."),
            ),
        )

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.setFixedWidth(_WIDTH)
        column.addWidget(section_heading(self._theme, self.tr("Store")))
        column.addWidget(self._facts)
        column.addWidget(self._form)
        column.addWidget(self._words)
        row = QHBoxLayout()
        row.addWidget(self._save)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._facts.hide()
        self._form.setEnabled(False)
        self._save.setEnabled(False)
        self._save.setAutoDefault(False)
        self._say(self.tr("The store is not open yet."))

    def _weigh(self) -> None:
        if self._presenter is None:
            return
        typed = self._form.values()
        empty = self._shown.keys() - typed.keys()
        if empty:
            needed = {_SAMPLES: self.tr("A time is needed, or forever."), _LIMIT: self.tr("A size is needed, or none.")}
            self._form.show_faults({key: needed[key] for key in empty})
            self._presenter.weigh(RetentionChange())
            return
        changed = {key: str(text) for key, text in typed.items() if text != self._shown.get(key)}
        self._presenter.weigh(RetentionChange(samples=changed.get(_SAMPLES), limit=changed.get(_LIMIT)))

    def _save_weighed(self) -> None:
        if self._presenter is not None:
            self._presenter.save()

    def _say(self, words: str, tone: Tone = Tone.SECONDARY) -> None:
        self._words.set_tone(tone)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    @override
    def minimumSizeHint(self) -> QSize:
        """With room for paragraphs, which the least size of a layout takes for single lines."""
        column = self.layout()
        return super().minimumSizeHint() if column is None else QSize(_WIDTH, column.totalHeightForWidth(_WIDTH))
