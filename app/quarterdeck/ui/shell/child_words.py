"""How the processes beside the window do, in words: which one starts, which one ended and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from quarterdeck.domain.health import HealthState
from quarterdeck.services.supervision import ChildKind, ChildPhase, ChildStatus
from quarterdeck.ui.shell.time_words import moment_words

_UNDER_WAY = frozenset({ChildPhase.WAITING, ChildPhase.STARTING})


@dataclass(frozen=True, slots=True)
class ChildNotice:
    """What to say. `offer` is the verb on the button that starts a `kind` anew, empty where there is none."""

    text: str
    state: HealthState
    offer: str = ""
    kind: ChildKind | None = None


def starting_words(children: Sequence[ChildStatus]) -> str:
    """Which process is starting while nobody collects yet; empty when none is, or when one failed to."""
    if any(child.falls and child.phase is not ChildPhase.RUNNING for child in children):
        return ""
    if any(child.kind is ChildKind.BANK and child.phase in _UNDER_WAY for child in children):
        return _tr("The demo bank is starting.")
    if any(child.kind is ChildKind.COLLECTOR for child in children):
        return _tr("The collector is starting.")
    return ""


def trouble_notice(
    children: Sequence[ChildStatus], *, collected_at: datetime | None, now: datetime
) -> ChildNotice | None:
    """What is to be said of processes that ended, None when all are back.

    The collector is back once somebody collected after its end: `collected_at`, None where nobody ever did. Whoever is
    left alone goes before those that are started again.
    """
    troubled = [child for child in children if not _is_back(child, collected_at)]
    if not troubled:
        return None
    troubled.sort(key=lambda child: child.phase is not ChildPhase.GIVEN_UP)
    text = " ".join(_trouble_words(child, now) for child in troubled)
    first = troubled[0]
    if first.phase is not ChildPhase.GIVEN_UP:
        return ChildNotice(text, HealthState.DEGRADED)
    return ChildNotice(text, HealthState.DOWN, start_words(first.kind), first.kind)


def start_words(kind: ChildKind) -> str:
    """The verb that starts one."""
    return _tr("Start collecting") if kind is ChildKind.COLLECTOR else _tr("Start the demo bank")


def _is_back(child: ChildStatus, collected_at: datetime | None) -> bool:
    if child.ended_at is None:
        return True
    if child.kind is ChildKind.COLLECTOR:
        return collected_at is not None and collected_at > child.ended_at
    return child.phase is ChildPhase.RUNNING


def _trouble_words(child: ChildStatus, now: datetime) -> str:
    name = _tr("The collector") if child.kind is ChildKind.COLLECTOR else _tr("The demo bank")
    what, step = (child.reason.message, child.reason.next_step) if child.reason is not None else ("", "")
    time = "" if child.ended_at is None else moment_words(child.ended_at, now)
    if child.phase is ChildPhase.GIVEN_UP:
        given_up = _tr("{name} ended {count} times in a row, last at {time}: {what} Next: {step}")
        return given_up.format(name=name, count=child.falls, time=time, what=what, step=step)
    if not child.has_stood:
        refused = _tr("{name} did not start at {time}: {what} It is being tried again. Next: {step}")
        return refused.format(name=name, time=time, what=what, step=step)
    if child.falls > 1:
        again = _tr("{name} ended again at {time}: {what} It is being started again. Next: {step}")
        return again.format(name=name, time=time, what=what, step=step)
    once = _tr("{name} ended at {time}: {what} It is being started again.")
    return once.format(name=name, time=time, what=what)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Children", text)
