"""Risks as people register and decide about them, and what is left of one while its controls hold.

Every act is a record in the chain of evidence; how a risk stands follows from them. A risk is never told to be smaller
than the facts allow: a control lowers it only while its verdict says that it holds. One that does not hold, is waived,
or about which nothing is known lowers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from quarterdeck.domain.policies import Verdict

USUAL_STRENGTH = 20
"""By how many percent of what is left a control lowers a risk where nobody says it."""


class Treatment(StrEnum):
    """What is done about a risk."""

    ACCEPT = "accept"
    MITIGATE = "mitigate"
    TRANSFER = "transfer"
    AVOID = "avoid"


class RiskAct(StrEnum):
    """What was done to a risk when a record of it was made."""

    ADDED = "added"
    DECIDED = "decided"
    CLOSED = "closed"


class Bearing(StrEnum):
    """Whether a control lowers a risk at a moment."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "not known"


class RiskBand(StrEnum):
    """How large a risk is, the smallest first."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


_BEARINGS = {
    Verdict.SATISFIED: Bearing.HOLDS,
    Verdict.NOT_SATISFIED: Bearing.FAILS,
    Verdict.WAIVED: Bearing.FAILS,
    Verdict.NOT_EVALUABLE: Bearing.UNKNOWN,
}


def bearing_of(verdict: Verdict | None) -> Bearing:
    """What a verdict says of a control; without one nothing is known."""
    return Bearing.UNKNOWN if verdict is None else _BEARINGS[verdict]


@dataclass(frozen=True, slots=True)
class RiskScale:
    """The names of the levels of likelihood and impact, the lowest first, counted from 1.

    A score is likelihood times impact; `starts` are the scores with which medium, high and critical begin. Raises
    ValueError where a scale has less than two levels, or the bands do not rise within the scores.
    """

    likelihoods: tuple[str, ...] = ("rare", "unlikely", "possible", "likely", "almost certain")
    impacts: tuple[str, ...] = ("negligible", "minor", "moderate", "major", "severe")
    starts: tuple[int, int, int] = (5, 10, 17)

    def __post_init__(self) -> None:
        medium, high, critical = self.starts
        most = len(self.likelihoods) * len(self.impacts)
        if min(len(self.likelihoods), len(self.impacts)) <= 1:
            message = "a scale of risks has at least two levels of likelihood and of impact"
            raise ValueError(message)
        if not 1 < medium < high < critical <= most:
            message = f"the bands of risks begin one after the other, from 2 to {most}"
            raise ValueError(message)

    def band(self, score: int) -> RiskBand:
        """How large a score is."""
        return tuple(RiskBand)[sum(score >= start for start in self.starts)]

    def has(self, likelihood: int, impact: int) -> bool:
        """Whether both levels are on the scale."""
        return 1 <= likelihood <= len(self.likelihoods) and 1 <= impact <= len(self.impacts)


@dataclass(frozen=True, slots=True, order=True)
class ControlLink:
    """A control that lowers a risk while it holds, by so many percent of what is left without it, from 1 to 99."""

    policy_id: str
    entity_key: str
    strength_percent: int = USUAL_STRENGTH

    @property
    def control(self) -> tuple[str, str]:
        """Which control it is, in whatever version of its policy."""
        return self.policy_id, self.entity_key


@dataclass(frozen=True, slots=True)
class Risk:
    """What a risk is said to be; `finding` names the finding that it came from, empty for one registered by hand."""

    id: str
    title: str
    entity_key: str
    likelihood: int
    impact: int
    owner: str
    review_at: datetime | None = None
    links: tuple[ControlLink, ...] = ()
    finding: str = ""

    @property
    def inherent(self) -> int:
        """The score without any control."""
        return self.likelihood * self.impact


@dataclass(frozen=True, slots=True)
class RiskRecord:
    """A risk as it stood after an act, with who recorded it, when and why; `number` is that of the record in the chain.

    `basis` is what was known of each linked control when it was recorded, in the order of the links.
    """

    risk: Risk
    act: RiskAct
    treatment: Treatment | None
    basis: tuple[Bearing, ...]
    recorded_by: str
    recorded_at: datetime
    comment: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Residual:
    """What is left of a risk by its controls.

    `score` counts only those that are known to hold, `at_best` also those of which nothing is known. `effectiveness` is
    the share, from 0 to 1, that the former take away; None where nothing is known of any control.
    """

    inherent: int
    score: int
    at_best: int
    effectiveness: float | None

    @property
    def is_certain(self) -> bool:
        """Whether more facts could not make it smaller."""
        return self.score == self.at_best


def residual(risk: Risk, bearings: Mapping[tuple[str, str], Bearing]) -> Residual:
    """What is left of a risk by what is known of its controls. Scores are rounded up, and are never below 1."""
    told = [(link, bearings.get(link.control, Bearing.UNKNOWN)) for link in risk.links]
    holding = [link for link, bearing in told if bearing is Bearing.HOLDS]
    at_best = [link for link, bearing in told if bearing is not Bearing.FAILS]
    is_known = any(bearing is not Bearing.UNKNOWN for _, bearing in told)
    return Residual(
        inherent=risk.inherent,
        score=_left(risk.inherent, holding),
        at_best=_left(risk.inherent, at_best),
        effectiveness=_taken(holding) if is_known else None,
    )


def _left(inherent: int, links: Iterable[ControlLink]) -> int:
    """In whole numbers of hundredths, so that no rounding of fractions makes a risk larger or smaller."""
    parts, whole = inherent, 1
    for link in links:
        parts, whole = parts * (100 - link.strength_percent), whole * 100
    return max(1, -(-parts // whole))


def _taken(links: Iterable[ControlLink]) -> float:
    left = 1.0
    for link in links:
        left *= 1 - link.strength_percent / 100
    return 1 - left


@dataclass(frozen=True, slots=True)
class RiskHistory:
    """All records of one risk up to a moment, in order; there is at least one."""

    records: tuple[RiskRecord, ...]

    @property
    def last(self) -> RiskRecord:
        """How it stands."""
        return self.records[-1]

    @property
    def is_closed(self) -> bool:
        """Whether it is closed."""
        return self.last.act is RiskAct.CLOSED

    @property
    def decision(self) -> RiskRecord | None:
        """The last decision about it, if there was one."""
        decided = [record for record in self.records if record.act is RiskAct.DECIDED]
        return decided[-1] if decided else None


def risk_histories(records: Iterable[RiskRecord]) -> tuple[RiskHistory, ...]:
    """The records by risk, in the order in which the risks were registered."""
    found: dict[str, list[RiskRecord]] = {}
    for record in records:
        found.setdefault(record.risk.id, []).append(record)
    return tuple(RiskHistory(tuple(told)) for told in found.values())


def changed_links(decision: RiskRecord, bearings: Mapping[tuple[str, str], Bearing]) -> tuple[ControlLink, ...]:
    """The controls of which something else is known now than when it was decided: a material change."""
    pairs = zip(decision.risk.links, decision.basis, strict=True)
    return tuple(link for link, known in pairs if bearings.get(link.control, Bearing.UNKNOWN) is not known)
