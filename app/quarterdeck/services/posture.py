"""What is known of subjects, figure by figure: in words, how it stands, by what it is known; or that it is not."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.health import HealthState
from quarterdeck.domain.policies import EvidenceKind, Verdict, worst_verdict
from quarterdeck.services.csv_text import csv_text

NOT_KNOWN = "not known"

_MARKS = {
    Verdict.SATISFIED: HealthState.HEALTHY,
    Verdict.NOT_SATISFIED: HealthState.DOWN,
    Verdict.NOT_EVALUABLE: HealthState.UNKNOWN,
    Verdict.WAIVED: HealthState.MAINTENANCE,
}
_VERDICTS = {
    Verdict.SATISFIED: "satisfied",
    Verdict.NOT_SATISFIED: "not satisfied",
    Verdict.NOT_EVALUABLE: "no evidence",
    Verdict.WAIVED: "waived",
}


class PostureView(StrEnum):
    """What is looked at: how secure subjects are, how their data are governed, or the partners behind them."""

    SECURITY = "security"
    DATA = "data"
    PARTNERS = "partners"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A policy that reads a fact, and what it found of whom.

    `is_about` is False where it is not satisfied for another fact that it reads as well.
    """

    policy_id: str
    entity_key: str
    verdict: Verdict
    is_about: bool = True

    @property
    def words(self) -> str:
        """As in `SEC-01 satisfied`."""
        words = f"{self.policy_id} {_VERDICTS[self.verdict]}"
        return words if self.is_about else f"{words} for another reason"


@dataclass(frozen=True, slots=True, order=True)
class EvidenceSubject:
    """Whose evidence of which kind a figure rests on."""

    entity_key: str
    kind: EvidenceKind


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that is known, or is not: then `words` are empty, and `told_by` says what would tell it.

    `state` is the mark of how it stands, None where nobody judges it. `rank` orders figures of one column, NaN where
    they have no order but the alphabet's. `judged_by` are the policies that read it; `evidence` is what can be opened.
    """

    label: str
    words: str = ""
    state: HealthState | None = None
    told_by: str = ""
    rank: float = math.nan
    judged_by: tuple[Judgement, ...] = ()
    evidence: tuple[EvidenceSubject, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return bool(self.words)


@dataclass(frozen=True, slots=True)
class PostureRow:
    """Everything that is known of one subject, a figure for each column; `entity_key` is where a click leads."""

    id: str
    entity_key: str
    name: str
    group: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class PostureTable:
    """One view at a moment; `subject` names what a row is, `query` says what was asked for."""

    view: PostureView
    subject: str
    columns: tuple[str, ...]
    rows: tuple[PostureRow, ...]
    at: datetime
    query: str

    @property
    def unknown_count(self) -> int:
        """How many figures are not known."""
        return sum(not figure.is_known for row in self.rows for figure in row.figures)

    @property
    def figure_count(self) -> int:
        """How many figures there are, known or not."""
        return sum(len(row.figures) for row in self.rows)


def mark_of(judgements: Iterable[Judgement]) -> HealthState | None:
    """How a fact stands by the policies that read it: the worst of them; None where none is about it."""
    worst = worst_verdict(each.verdict for each in judgements if each.is_about)
    return None if worst is None else _MARKS[worst]


def mark_of_unknown(judgements: Iterable[Judgement]) -> HealthState | None:
    """The same for what is not known, which no policy makes good."""
    mark = mark_of(judgements)
    return None if mark is HealthState.HEALTHY else mark


def judgements_on(
    facts: Collection[str], entity_keys: Collection[str], found: Mapping[str, Mapping[str, tuple[Judgement, ...]]]
) -> tuple[Judgement, ...]:
    """The policies that read any of some facts, held against some entities; each once, by policy."""
    told = {each for key in entity_keys for name in facts for each in found.get(key, {}).get(name, ())}
    return tuple(sorted(told, key=lambda each: (each.policy_id, each.entity_key)))


def posture_csv(table: PostureTable) -> str:
    """The table as CSV: a line for each figure, so that how it stands and by what it is known stand beside it."""
    columns = ("As of", "Subject", "Key", "Group", "Figure", "Value", "Stands", "Judged by", "Known by", "Query")
    at = table.at.isoformat(timespec="seconds")
    lines = (
        (
            at,
            row.name,
            row.entity_key,
            row.group,
            figure.label,
            figure.words or NOT_KNOWN,
            "" if figure.state is None else figure.state.value,
            "; ".join(f"{each.words} ({each.entity_key})" for each in figure.judged_by),
            figure.told_by,
            table.query,
        )
        for row in table.rows
        for figure in row.figures
    )
    return csv_text(columns, lines)
