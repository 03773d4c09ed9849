"""Risks for the terminal and as JSON: how large they are, what is left of them, and what has to be decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.risks import Bearing
from quarterdeck.exporters.terminal import plain
from quarterdeck.services.risk_trends import RiskDay
from quarterdeck.services.risks import LinkStanding, StandingRisk
from quarterdeck.services.wording import moment_words

_WIDTH = 140
_SIGNS = {Bearing.HOLDS: "holds", Bearing.FAILS: "does not hold", Bearing.UNKNOWN: "not known"}


def listed_text(risks: Sequence[StandingRisk], at: datetime) -> str:
    """A table of risks in their order."""
    if not risks:
        return "No risk is registered. `quarterdeck risks add` registers one."
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Risk", "What", "Entity", "Inherent", "Left", "Controls", "Treatment", "Decision", "Review"):
        grid.add_column(title, overflow="fold")
    for standing in risks:
        risk = standing.risk
        grid.add_row(
            plain(risk.id, 40),
            plain(risk.title, 60),
            plain(risk.entity_key, 60),
            f"{risk.likelihood} × {risk.impact} = {risk.inherent}",
            residual_words(standing),
            ", ".join(f"{plain(one.link.policy_id, 40).plain} {_SIGNS[one.bearing]}" for one in standing.links),
            _treatment(standing),
            decision_words(standing, at),
            _review(standing, at),
        )
    text = StringIO()
    Console(file=text, width=_WIDTH, color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def listed_json(risks: Sequence[StandingRisk], at: datetime) -> str:
    """The same for scripts; instants in ISO 8601, UTC."""
    return json.dumps({"at": at.isoformat(), "risks": [_object(risk) for risk in risks]}, indent=2)


def trend_text(days: Sequence[RiskDay]) -> str:
    """A line for each day on which something changed, the first and the last always."""
    lines = ["Day          Inherent  Effect  Left  At best"]
    told = [days[0], *(new for old, new in pairwise(days) if _size(old) != _size(new))]
    for day in dict.fromkeys((*told, days[-1])):
        effect = "?" if day.effectiveness is None else f"{day.effectiveness:.0%}"
        before = "" if day.is_registered else "   before it was registered"
        lines.append(f"{day.at:%Y-%m-%d %H}h {day.inherent:>8} {effect:>7} {day.score:>5} {day.at_best:>8}{before}")
    return "\n".join(lines)


def trend_json(risk_id: str, days: Sequence[RiskDay]) -> str:
    """Every day for scripts; instants in ISO 8601, UTC."""
    told = [
        {
            "at": day.at.isoformat(),
            "inherent": day.inherent,
            "effectiveness": day.effectiveness,
            "residual": day.score,
            "residual_at_best": day.at_best,
            "is_registered": day.is_registered,
        }
        for day in days
    ]
    return json.dumps({"risk": risk_id, "days": told}, indent=2)


def _size(day: RiskDay) -> tuple[object, ...]:
    return day.inherent, day.effectiveness, day.score, day.at_best, day.is_registered


def risk_text(standing: StandingRisk, at: datetime) -> str:
    """How a risk stands after what was just done, in sentences."""
    risk = standing.risk
    about = f"{risk.id}: {plain(risk.title).plain} on {plain(risk.entity_key).plain}"
    if standing.history.is_closed:
        return f"{about} is closed. Why: {plain(standing.history.last.comment).plain}"
    size = f"inherent {risk.inherent} ({standing.inherent_band.value}), left {residual_words(standing)}"
    return f"{about}, {size}. Decision: {decision_words(standing, at)}."


def residual_words(standing: StandingRisk) -> str:
    """What is left of a risk, and where facts are missing, how far it might be less."""
    left = standing.residual
    words = f"{left.score} {standing.band.value}"
    return words if left.is_certain else f"{words}, at best {left.at_best}"


def decision_words(standing: StandingRisk, at: datetime) -> str:
    """Whether a decision fits the facts."""
    if standing.history.is_closed:
        return "closed"
    if standing.undecided_since_at is None:
        return "fits the facts"
    since = moment_words(standing.undecided_since_at, at)
    what = "none yet" if standing.history.decision is None else "needs a new decision"
    return f"{what}, since {since}"


def _treatment(standing: StandingRisk) -> str:
    treatment = standing.history.last.treatment
    return "" if treatment is None else treatment.value


def _review(standing: StandingRisk, at: datetime) -> str:
    if standing.risk.review_at is None:
        return ""
    words = moment_words(standing.risk.review_at, at)
    return f"{words}, due" if standing.is_review_due else words


def _object(standing: StandingRisk) -> dict[str, object]:
    risk, last, left = standing.risk, standing.history.last, standing.residual
    return {
        "id": risk.id,
        "title": risk.title,
        "entity": risk.entity_key,
        "likelihood": risk.likelihood,
        "impact": risk.impact,
        "inherent": left.inherent,
        "residual": left.score,
        "residual_at_best": left.at_best,
        "band": standing.band.value,
        "effectiveness": left.effectiveness,
        "controls": [_link(one) for one in standing.links],
        "treatment": _treatment(standing) or None,
        "owner": risk.owner,
        "review": None if risk.review_at is None else risk.review_at.isoformat(),
        "is_review_due": standing.is_review_due,
        "is_closed": standing.history.is_closed,
        "needs_decision_since": _instant(standing.undecided_since_at),
        "finding": risk.finding,
        "recorded_at": last.recorded_at.isoformat(),
        "recorded_by": last.recorded_by,
        "comment": last.comment,
    }


def _link(one: LinkStanding) -> dict[str, object]:
    return {
        "policy": one.link.policy_id,
        "entity": one.link.entity_key,
        "strength_percent": one.link.strength_percent,
        "bearing": one.bearing.value,
        "verdict": None if one.verdict is None else one.verdict.value,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
