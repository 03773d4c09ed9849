"""Resources and proposed sizes for other programs: a table of everything, and the facts of an estate to change."""

from __future__ import annotations

import csv
import io
import json
import math
from collections import defaultdict
from datetime import UTC, datetime

from quarterdeck.domain.capacity import SIZE_FACTS, SizeOrigin
from quarterdeck.sdk.texts import one_line
from quarterdeck.services.capacity import Resource
from quarterdeck.services.capacity_proposals import PROPOSED, Plan, Proposal
from quarterdeck.services.moments import Moment

COLUMNS = (
    *("entity_key", "entity", "kind", "part", "unit", "used", "allocated", "size_from", "share", "told_at", "old"),
    *("demand_p99", "slope_per_day", "pace_changed_at", "slope_before", "full_at", "full_earliest_at"),
    *("full_latest_at", "method", "error", "error_share", "history_days", "standing", "proposed", "at"),
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "|")
_FACTORS = {spec.name: spec.factor for spec in SIZE_FACTS}


def capacity_csv(plan: Plan, moment: Moment) -> bytes:
    """A row for every resource; amounts in the unit, shares of the size, instants in ISO 8601, UTC.

    What is not known is empty. No text begins like a formula.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for proposal in plan.proposals:
        writer.writerow([*_row(proposal), _instant(moment.at)])
    return out.getvalue().encode()


def changed_estate(plan: Plan) -> bytes:
    """The facts to change in the estate documents, as YAML under the key of each entity.

    A size that a source tells is not declared anywhere: it stands as a remark, to be changed where it comes from.
    """
    constraint = plan.constraint
    lines = [
        "# Sizes proposed by Quarterdeck. Change these facts in the estate documents that declare the entities.",
        f"# They keep the p99 of hourly peaks below {constraint.share:.0%} of the size for {constraint.days} days.",
    ]
    declared: dict[str, list[str]] = defaultdict(list)
    for proposal in plan.proposals:
        size = proposal.resource.size
        if proposal.standing not in PROPOSED or size is None or proposal.proposed is None:
            continue
        factor = _FACTORS.get(size.fact, 1.0)
        now, then = (f"{amount / factor:.12g}" for amount in (size.amount, proposal.proposed))
        if size.origin is SizeOrigin.DECLARED:
            declared[proposal.resource.entity.key].append(f"      {size.fact}: {then}  # now {now}")
        else:
            where = one_line(f"{proposal.resource.entity.key} {proposal.resource.key.part}").strip()
            unit = one_line(size.unit)
            lines.append(f"# {where}: {now} to {then} ({unit}); its source tells that size, change it there.")
    lines.append("entities:" if declared else "entities: []")
    for key, facts in declared.items():
        lines += [f"  - key: {json.dumps(key)}", "    facts:", *facts]
    return ("\n".join(lines) + "\n").encode()


def _row(proposal: Proposal) -> list[str]:
    resource, size = proposal.resource, proposal.resource.size
    named = (resource.entity.key, resource.entity.name, resource.key.kind, resource.key.part)
    told = (
        _text("" if size is None else size.unit),
        _number(resource.used),
        _number(None if size is None else size.amount),
        "" if size is None else size.origin.value,
        _number(resource.share),
        _instant(resource.told_at),
        "yes" if resource.is_old else "no",
    )
    return [*map(_text, named), *told, *_foretold(resource), proposal.standing.value, _number(proposal.proposed)]


def _foretold(resource: Resource) -> tuple[str, ...]:
    outlook = resource.outlook
    if outlook is None:
        return ("",) * 11
    growth, forecast = outlook.growth, outlook.forecast
    return (
        _number(outlook.demand),
        _number(None if growth is None else growth.slope),
        _instant(resource.changed_at),
        _number(None if growth is None or resource.changed_at is None else growth.earlier),
        _instant(resource.full_at),
        _instant(resource.earliest_at),
        _instant(resource.latest_at),
        "" if forecast is None else forecast.method.value,
        _number(None if forecast is None else forecast.error),
        _number(None if forecast is None else forecast.relative_error),
        str(outlook.known_days),
    )


def _text(text: str) -> str:
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(float(value))


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat()
