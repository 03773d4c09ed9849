"""What a console is made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from quarterdeck.ui.shell.keeper import Keeper
from quarterdeck.ui.shell.panels import PanelSpec
from quarterdeck.ui.shell.places import Place
from quarterdeck.ui.shell.store_session import StoreSession
from quarterdeck.ui.shell.tray import TrayPlace
from quarterdeck.ui.shell.upkeep import Upkeep
from quarterdeck.ui.tasks.runner import TaskRunner
from quarterdeck.ui.theme.theme import Theme


@dataclass(frozen=True, slots=True)
class WindowSetup:
    """Everything the window is made from.

    `now` is the clock until the store's own is known.
    """

    theme: Theme
    runner: TaskRunner
    session: StoreSession
    upkeep: Upkeep
    keeper: Keeper
    panels: Sequence[PanelSpec]
    now: Callable[[], datetime]
    title: str
    subtitle: str
    first_place: Place
    tray: TrayPlace = field(default_factory=TrayPlace)
