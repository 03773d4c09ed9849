"""Everything the view of policies draws, in words: immutable, comparable, without Qt."""

from __future__ import annotations

from dataclasses import dataclass

from quarterdeck.domain.health import HealthState
from quarterdeck.ui.theme.tokens import Tone


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """One policy of a file that is taken, or a file that is not: `is_file` says which; `id` opens it."""

    id: str
    name: str
    pack: str
    mark: HealthState
    standing: str
    why: str
    severity: str
    version: str
    file: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class PoliciesState:
    """Every policy by pack, the refused files first."""

    lines: tuple[PolicyLine, ...] = ()
    summary: str = ""


@dataclass(frozen=True, slots=True)
class OpenedPolicy:
    """A text to be edited: what it is called, where it comes from and what it becomes; `is_draft` where it was edited.

    `can_withdraw` where it is a file of one's own.
    """

    title: str
    note: str
    text: str
    can_withdraw: bool = False
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class FaultLine:
    """What is wrong in the text, in words, and where; a `column` of 0 is the whole line."""

    line: int
    column: int
    words: str


@dataclass(frozen=True, slots=True)
class CheckWords:
    """Whether the text holds together, and every fault."""

    sentence: str
    tone: Tone
    faults: tuple[FaultLine, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchLine:
    """One policy on one entity: what it would be and what was recorded, now and day by day."""

    id: str
    entity: str
    policy: str
    mark: HealthState | None
    now: str
    recorded_mark: HealthState | None
    recorded: str
    changes: bool
    days: tuple[HealthState | None, ...]
    other: tuple[bool, ...]
    strip: str
    why: str

    @property
    def other_days(self) -> int:
        """How many days would have been something else than was recorded."""
        return sum(self.other)


@dataclass(frozen=True, slots=True)
class BenchState:
    """The trial of the text: a summary, a line for each entity, what changes first.

    `can_enable` once it is that of the text as it stands, in the present.
    """

    summary: str = ""
    lines: tuple[BenchLine, ...] = ()
    can_enable: bool = False


@dataclass(frozen=True, slots=True)
class EnablingAnswer:
    """What a person filled in to enable or withdraw policies."""

    by: str
    approved_by: str
    comment: str
