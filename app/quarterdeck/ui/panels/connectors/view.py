"""The Connectors panel: the list, and beside it one connection, the kinds to add, or a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from quarterdeck.ui.panels.connectors.page import BAR_ROOM, ConnectorsPage
from quarterdeck.ui.panels.connectors.side import SidePage
from quarterdeck.ui.panels.connectors.state import ConnectorsState, PageMessage, TestWords
from quarterdeck.ui.theme.measures import PAGE_PADDING
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.actions import ActionSpec
from quarterdeck.ui.widgets.buttons import Button, ButtonKind
from quarterdeck.ui.widgets.dialogs import Decision, PlainMessage
from quarterdeck.ui.widgets.panel import Moment, PanelAction, PanelView
from quarterdeck.ui.widgets.state_stack import Freshness, Message, Offer, StateStack

if TYPE_CHECKING:
    from quarterdeck.ui.panels.connectors.presenter import ConnectorsPresenter, Topics
    from quarterdeck.ui.panels.connectors.setup_presenter import SetupPresenter

PANEL_ID = "connectors"
ADD_TARGET = "add"
"""The target that lists the kinds to add, where no connection has that id."""
_ADD, _AGAIN = "add", "again"


class ConnectorsView(PanelView):
    """The panel. Its side page takes the inspector's place while there is something on it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._presenter: ConnectorsPresenter | None = None
        self._setup: SetupPresenter | None = None
        self._state: ConnectorsState | None = None
        self._told = (0, "")
        self._target = self._saved_id = ""
        self._page = ConnectorsPage(theme)
        self._stack = StateStack(theme, self._page)
        self._side = SidePage(theme, self)
        self._add = Button(theme, self.tr("Add connection"), kind=ButtonKind.PRIMARY)
        self._build()
        self._connect()

    @property
    def side(self) -> SidePage:
        """The page beside the list, where forms are shown."""
        return self._side

    def present(self, presenter: ConnectorsPresenter, setup: SetupPresenter) -> None:
        """Take those that load and change what is shown; called once, before anything is shown."""
        self._presenter, self._setup = presenter, setup
        self._connect_setup(setup)
        self._connect_detail(presenter, setup)

    @override
    def show_moment(self, moment: Moment) -> None:
        if self._presenter is not None:
            self._presenter.show_moment(moment)

    @override
    def refresh(self, moment: Moment, topics: Topics) -> None:
        if self._presenter is not None:
            self._presenter.refresh(moment, topics)

    @override
    def show_target(self, target: str) -> None:
        self._target = target
        self._reach_target()

    @override
    def bar_widgets(self) -> list[QWidget]:
        return [self._add]

    @override
    def panel_actions(self) -> list[PanelAction]:
        def key(name: str, text: str, letter: str, *, is_listed: bool = False) -> ActionSpec:
            return ActionSpec(f"connectors.{name}", text, key=letter, place=PANEL_ID, is_listed=is_listed)

        return [
            PanelAction(key("add", self.tr("Add connection"), "A", is_listed=True), self._open_kinds),
            PanelAction(key("next", self.tr("Next connection"), "J"), lambda: self._page.walk(1)),
            PanelAction(key("previous", self.tr("Connection before"), "K"), lambda: self._page.walk(-1)),
            PanelAction(key("open", self.tr("Open the connection"), "Return"), self._open_selected),
            PanelAction(key("edit", self.tr("Edit the connection"), "E"), self._edit_selected),
            PanelAction(key("test", self.tr("Test the connection"), "T"), self._test_selected),
        ]

    def show_loading(self) -> None:
        """Wait for data."""
        self._stack.show_loading()

    def show_page(self, page: ConnectorsState | PageMessage) -> None:
        """Show the list, or say that there is none, or why it cannot be told."""
        if isinstance(page, PageMessage):
            self._show_message(page)
            return
        self._state = page
        self._page.show_state(page)
        if self._side.detail_id:
            self._side.refresh_detail(page.detail(self._side.detail_id))
        self._stack.show_fresh()
        self._hand_on_keyboard()
        self._tell(page.attention_count, page.worst)
        self._reach_target()

    def show_old(self, since: str) -> None:
        """Keep what is shown, as old."""
        self._stack.show_stale(since)

    def show_saved_test(self, connection_id: str, test: TestWords | None) -> None:
        """Show how the test of a connection ended, while it is the one shown."""
        if connection_id == self._side.detail_id:
            self._side.detail.show_test(test)

    def _build(self) -> None:
        self.setContentsMargins(PAGE_PADDING, PAGE_PADDING, PAGE_PADDING - BAR_ROOM, 0)
        self.setAccessibleName(self.tr("Connectors"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.setFocusProxy(self._stack)

    def _connect(self) -> None:
        self._add.clicked.connect(self._open_kinds)
        self._stack.action_requested.connect(self._answer)
        self._page.row_selected.connect(self._select)
        self._page.row_opened.connect(self._open)
        self._side.shown_changed.connect(self._place_side)
        self._side.saved.connect(self._follow_saved)

    def _connect_setup(self, setup: SetupPresenter) -> None:
        side = self._side
        side.kind_chosen.connect(setup.add)
        side.kinds_requested.connect(setup.list_kinds)
        side.form_test_requested.connect(setup.test)
        side.form_save_requested.connect(setup.save)
        side.form_stop_requested.connect(setup.stop_test)
        side.form_cancelled.connect(setup.close)

    def _connect_detail(self, presenter: ConnectorsPresenter, setup: SetupPresenter) -> None:
        side = self._side
        side.edit_requested.connect(setup.edit)
        side.test_requested.connect(presenter.test)
        side.stop_requested.connect(presenter.stop_test)
        side.enabling_requested.connect(self._set_enabled)
        side.removal_requested.connect(self._ask_removal)

    def _hand_on_keyboard(self) -> None:
        """The list takes the keyboard from the panel as soon as it is there."""
        if self.focusProxy() is self._stack:
            has_keyboard = self.window().focusWidget() is self._stack
            self.setFocusProxy(self._page)
            if has_keyboard:
                self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_message(self, message: PageMessage) -> None:
        self.setFocusProxy(self._stack)
        self._state = None
        self._page.forget()
        self._tell(0, "")
        if message.is_failure:
            offers = (Offer(_AGAIN, message.button),)
            self._stack.show_failed(Message(message.sentence, message.explanation, offers))
            return
        self._side.refresh_detail(None)
        offers = (Offer(_ADD, message.button, is_primary=True),)
        self._stack.show_empty(Message(message.sentence, message.explanation, offers))
        self._reach_target()

    def _tell(self, count: int, worst: str) -> None:
        if (count, worst) != self._told:
            self._told = (count, worst)
            self.attention_changed.emit(count, worst)

    def _reach_target(self) -> None:
        if self._target and self._state is not None and self._state.detail(self._target) is not None:
            target, self._target = self._target, ""
            self._page.select(target)
            self._select(target)
            if target == self._saved_id:
                self._page.setFocus(Qt.FocusReason.OtherFocusReason)
            self._saved_id = ""
        elif self._target == ADD_TARGET and self._stack.freshness is not Freshness.LOADING:
            self._target = ""
            self._open_kinds()

    def _select(self, connection_id: str) -> None:
        """Show a connection beside the list, unless somebody is filling in a form there."""
        detail = self._state.detail(connection_id) if self._state is not None else None
        if detail is not None and not self._side.is_busy:
            self._side.show_detail(detail)

    def _open(self, connection_id: str) -> None:
        self._select(connection_id)
        if self._side.detail_id and self._side.detail.isVisible():
            self._side.detail.focus_first()

    def _open_selected(self) -> None:
        """Do what Enter means where the keyboard is: press the button, or open the connection."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton):
            focused.click()
        elif self._page.selected_id:
            self._open(self._page.selected_id)

    def _open_kinds(self) -> None:
        if self._setup is not None:
            self._setup.list_kinds()

    def _edit_selected(self) -> None:
        detail = self._state.detail(self._page.selected_id) if self._state is not None else None
        if detail is not None and detail.can_edit and self._setup is not None:
            self._side.show_detail(detail)
            self._setup.edit(detail.id)

    def _test_selected(self) -> None:
        self._select(self._page.selected_id)
        selected = self._page.selected_id
        if selected and self._side.detail_id == selected and self._presenter is not None:
            self._presenter.test(selected)

    def _set_enabled(self, connection_id: str, enabled: bool) -> None:
        if self._presenter is not None:
            self._presenter.set_enabled(connection_id, enabled=enabled)

    def _ask_removal(self, connection_id: str, name: str) -> None:
        decision = Decision(
            title=self.tr("Remove {name}?").format(name=name),
            text=self.tr("It is asked no more and its secrets are forgotten. What it delivered stays in the store."),
            accept=self.tr("Remove"),
            refuse=self.tr("Keep"),
        )
        dialog = PlainMessage(self._theme, decision, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.refuse_button.setFocus(Qt.FocusReason.OtherFocusReason)

        def remove() -> None:
            if self._presenter is not None:
                self._presenter.remove(connection_id, name)

        dialog.accepted.connect(remove)
        dialog.open()

    def _follow_saved(self, connection_id: str) -> None:
        self._target = self._saved_id = connection_id
        if self._presenter is not None:
            self._presenter.reload()

    def _place_side(self, is_shown: bool) -> None:
        had_focus = self._side.isAncestorOf(self._side.window().focusWidget() or self)
        self.side_page_changed.emit(self._side if is_shown else None)
        if not is_shown and had_focus:
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, key: str) -> None:
        if key == _ADD:
            self._open_kinds()
        elif self._presenter is not None:
            self._presenter.reload()
