"""Reads what the store keeps, weighs what is typed, saves what was weighed. Plain Python: tested without a window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from quarterdeck.domain.errors import OperatorError
from quarterdeck.services.retention_settings import RetentionOutlook
from quarterdeck.services.store_growth import StoreGrowth
from quarterdeck.services.store_keeping import RetentionChange
from quarterdeck.ui.tasks.latest_read import LatestRead, Read
from quarterdeck.ui.tasks.verbs import Background


class RetentionSource(Protocol):
    """Where retention is read and set; everything may wait for the disk."""

    def standing(self) -> StoreGrowth:
        """Size, growth, room and the policy in force."""
        ...

    def weigh(self, change: RetentionChange) -> RetentionOutlook:
        """What a change would lead to. Raises OperatorError."""
        ...

    def put(self, outlook: RetentionOutlook) -> StoreGrowth:
        """Put what was weighed in force. Raises OperatorError."""
        ...


class RetentionSurface(Protocol):
    """What shows the store's room and asks for the change."""

    def show_standing(self, growth: StoreGrowth) -> None:
        """Show what holds, in the fields too."""
        ...

    def show_outlook(self, outlook: RetentionOutlook | None) -> None:
        """Show what the change typed would lead to and offer to save it; None while that is read or nothing changes."""
        ...

    def show_fault(self, error: OperatorError) -> None:
        """Say what cannot be done, and the next step."""
        ...

    def ask(self, outlook: RetentionOutlook, confirm: Callable[[], None]) -> None:
        """Ask once whether samples shall go sooner, and call `confirm` where they shall."""
        ...

    def show_saved(self) -> None:
        """Say that the change is in force."""
        ...


class RetentionPresenter:
    """Nothing is saved but what was weighed and shown; what takes samples sooner is asked for once more."""

    def __init__(self, source: RetentionSource, background: Background, surface: RetentionSurface) -> None:
        self._source = source
        self._background = background
        self._surface = surface
        self._weighing: LatestRead[RetentionOutlook] = LatestRead(background, "weigh retention")
        self._outlook: RetentionOutlook | None = None
        self._is_saving = False

    def load(self) -> None:
        """Read what holds."""
        self._background.run_query(
            self._source.standing,
            on_result=self._surface.show_standing,
            on_error=self._surface.show_fault,
            key="retention",
        )

    def weigh(self, change: RetentionChange) -> None:
        """Something else is typed: say what it would lead to."""
        self._outlook = None
        self._surface.show_outlook(None)
        if not change.is_any:
            self._weighing.drop()
            return
        self._weighing.take_over(
            Read(lambda: self._source.weigh(change), on_result=self._take, on_error=self._surface.show_fault)
        )

    def save(self) -> None:
        """Save what was weighed; where samples would go sooner, ask first."""
        outlook = self._outlook
        if outlook is None or self._is_saving:
            return
        if outlook.is_shorter:
            self._surface.ask(outlook, lambda: self._confirm(outlook))
        else:
            self._put(outlook)

    def _confirm(self, outlook: RetentionOutlook) -> None:
        """Something else may have been typed meanwhile."""
        if outlook is self._outlook and not self._is_saving:
            self._put(outlook)

    def _put(self, outlook: RetentionOutlook) -> None:
        self._is_saving = True
        self._background.run_change(
            lambda: self._source.put(outlook), on_result=self._take_saved, on_error=self._take_refusal
        )

    def _take(self, outlook: RetentionOutlook) -> None:
        if outlook.is_change:
            self._outlook = outlook
            self._surface.show_outlook(outlook)

    def _take_saved(self, growth: StoreGrowth) -> None:
        self._is_saving = False
        self._outlook = None
        self._surface.show_standing(growth)
        self._surface.show_saved()

    def _take_refusal(self, error: OperatorError) -> None:
        self._is_saving = False
        self._outlook = None
        self._surface.show_outlook(None)
        self._surface.show_fault(error)
