"""Everything the Maintenance panel draws, in words: immutable, comparable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.maintenance_scope import MaintenanceScope


class Shelf(StrEnum):
    """The views of the panel."""

    OPEN = "open"
    PAST = "past"
    ALL = "all"


class ActKind(StrEnum):
    """What can be done to a window with one question."""

    END = "end"
    SKIP = "skip"
    CALL_OFF = "call off"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done to a window: the verb on its button, and the question asked before."""

    kind: ActKind
    verb: str
    title: str
    text: str
    accept: str
    refuse: str


@dataclass(frozen=True, slots=True)
class WindowLine:
    """One window in the list; `rank` orders the times. `is_running` and `is_over` say on which view it stands."""

    id: str
    is_running: bool
    is_over: bool
    status: str
    reason: str
    when: str
    rank: float
    repeats: str
    covers: str
    by: str
    when_tip: str = ""
    covers_tip: str = ""


@dataclass(frozen=True, slots=True)
class WindowDetail:
    """One window by itself: labels and values, and what can be done to it."""

    id: str
    reason: str
    is_running: bool
    headline: str
    facts: tuple[tuple[str, str], ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record of a window: what was done when by whom, why, and what the window was from then on."""

    title: str
    note: str
    window: str


@dataclass(frozen=True, slots=True)
class BoardState:
    """Every window of the moment. `silence` says that nobody collects, empty while somebody does.

    `locked` says why nothing can be changed here, as of a past moment; it is empty at the present.
    """

    lines: tuple[WindowLine, ...]
    details: tuple[WindowDetail, ...]
    summary: str
    silence: str = ""
    locked: str = ""

    def detail(self, window_id: str) -> WindowDetail | None:
        """A window by itself; None for one that is not there."""
        return next((one for one in self.details if one.id == window_id), None)


@dataclass(frozen=True, slots=True)
class ScopePick:
    """Something that can be covered: its key, its words and the state it is in."""

    key: str
    text: str
    state: HealthState


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as it opens: what can be covered, and what its fields hold.

    `window_id` is empty for a new window; `takes_calendar` says that it asks for a file instead.
    """

    key: str
    title: str
    summary: str
    save_verb: str
    scope: MaintenanceScope
    entities: tuple[ScopePick, ...]
    domains: tuple[ScopePick, ...]
    values: tuple[tuple[str, str], ...]
    window_id: str = ""
    takes_calendar: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in a form: the scope, and the fields by key."""

    scope: MaintenanceScope = field(default_factory=MaintenanceScope)
    values: tuple[tuple[str, str], ...] = ()

    def value(self, key: str) -> str:
        """What a field holds; empty for nothing."""
        return next((text for name, text in self.values if name == key), "")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence with a mark before it; None is plain."""

    words: str
    state: HealthState | None = None


@dataclass(frozen=True, slots=True)
class PreviewState:
    """What a form would come to: when, what it covers, what it does not, and what else is worth knowing.

    `missing` says what is still wrong instead, with the other parts empty. `brief` is all of it in a line or two,
    `covered_count` how many entities would be covered.
    """

    brief: str = ""
    covered_count: int = 0
    when: str = ""
    occurrences: tuple[str, ...] = ()
    covers: str = ""
    remarks: tuple[Remark, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """How an attempt to keep a form ended: sentences by field, and one about the whole; `is_busy` while it lasts."""

    faults: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    lines: tuple[str, ...] = ()
    is_busy: bool = False


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What stands in the page's place: a sentence, what to do about it, and the verb on the button, where one helps."""

    sentence: str
    explanation: str
    button: str = ""


Page: TypeAlias = BoardState | PageMessage
"""What the panel shows: the list, or what stands in its place."""
