"""What of the estate's health is worth a notification outside the window: what got worse, and the end of all of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.health import SEVERITY, HealthState, needs_attention
from quarterdeck.ui.shell.palette_ranking import PaletteItem
from quarterdeck.ui.theme.marks import state_word


class HealthNews:
    """Compares the present with the present before; the first one is no news."""

    def __init__(self) -> None:
        self._before: dict[str, HealthState] | None = None

    def take(self, integrations: Sequence[PaletteItem]) -> str:
        """A sentence about what changed for the worse, or that nothing needs attention any more; else empty."""
        known = {item.key: item for item in integrations if item.state is not None}
        now = {key: item.state or HealthState.UNKNOWN for key, item in known.items()}
        before, self._before = self._before, now
        if before is None:
            return ""
        worse = [key for key, state in now.items() if _is_worse(before.get(key, HealthState.UNKNOWN), state)]
        if worse:
            worse.sort(key=lambda key: (-SEVERITY[now[key]], known[key].text))
            return _worse_words(known[worse[0]].text, now[worse[0]], len(worse) - 1)
        is_over = any(map(needs_attention, before.values())) and not any(map(needs_attention, now.values()))
        return QCoreApplication.translate("HealthNews", "No integration needs attention any more") if is_over else ""


def _is_worse(before: HealthState, now: HealthState) -> bool:
    return needs_attention(now) and SEVERITY[now] > SEVERITY[before]


def _worse_words(name: str, state: HealthState, others: int) -> str:
    if others == 0:
        words = QCoreApplication.translate("HealthNews", "{name}: {state}")
        return words.format(name=name, state=state_word(state))
    words = QCoreApplication.translate("HealthNews", "{name}: {state}, and {count} more got worse")
    return words.format(name=name, state=state_word(state), count=others)
