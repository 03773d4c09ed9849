"""Policies on trial for the terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.policies import Policy, Verdict
from quarterdeck.domain.policy_acts import PolicyAct, PolicyDeed
from quarterdeck.exporters.terminal import plain
from quarterdeck.sdk.texts import counted
from quarterdeck.services.policy_trials import Trial, TrialRow

_WIDTH = 132
_NAMES: dict[Verdict | None, str] = {
    Verdict.SATISFIED: "satisfied",
    Verdict.NOT_SATISFIED: "not satisfied",
    Verdict.NOT_EVALUABLE: "no evidence",
    Verdict.WAIVED: "waived",
    None: "—",
}


def trial_text(trial: Trial) -> str:
    """For each policy how its controls would stand, which would change, and a table of every entity."""
    parts = [_policy_text(trial, policy) for policy in trial.policies]
    if trial.gathered:
        parts.append(
            f"{counted(trial.gathered, 'piece')} of evidence read from the store that no policy asked for yet."
        )
    parts.append(
        "Nothing was written or changed. Days are the last 24 hours and those before, each by its worst verdict."
    )
    return "\n\n".join(parts)


def trial_json(trial: Trial) -> str:
    """The same for scripts; `days` from the oldest on."""
    told = {
        "at": trial.at.isoformat(),
        "gathered": trial.gathered,
        "policies": [_policy_object(trial, policy) for policy in trial.policies],
    }
    return json.dumps(told, indent=2)


def act_text(act: PolicyAct) -> str:
    """What was done to a file, and when it counts."""
    held = ", ".join(act.policy_ids) or "no policy"
    done = f"{plain(act.file).plain}: {held} {act.deed.value}, on record as {act.number}."
    if act.deed is PolicyDeed.WITHDRAWN:
        return f"{done} What the program carries stands again with the collector's next round."
    return f"{done} The collector takes it in with its next round."


def _policy_text(trial: Trial, policy: Policy) -> str:
    rows = [row for row in trial.rows if row.policy_id == policy.id]
    counts = trial.counts(policy.id)
    told = ", ".join(f"{count} {_NAMES[verdict]}" for verdict, count in counts.items() if count) or "covers nothing"
    changing = sum(row.changes_now for row in rows)
    head = (
        f"{policy.id} {plain(policy.title).plain} ({_standing_words(trial, policy)}): {told}; {changing} would change."
    )
    return f"{head}\n{_table(rows)}" if rows else head


def _standing_words(trial: Trial, policy: Policy) -> str:
    version = trial.standing.get(policy.id)
    if version is None:
        return "not in force"
    if version.policy.digest == policy.digest:
        return f"as in force, version {version.version}"
    return f"other than version {version.version} in force"


def _table(rows: Sequence[TrialRow]) -> str:
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title, least in (("Entity", 20), ("Now", 13), ("Recorded", 13)):
        grid.add_column(title, no_wrap=True, min_width=least)
    for title in ("Satisfied d", "Not sat. d", "No ev. d", "Waived d", "Other d"):
        grid.add_column(title, justify="right", no_wrap=True, min_width=len(title))
    grid.add_column("Because", no_wrap=True, overflow="ellipsis")
    for row in rows:
        grid.add_row(
            plain(row.entity.name, 30),
            _NAMES[row.now],
            _NAMES[row.recorded],
            *(str(row.days.count(verdict)) for verdict in Verdict),
            str(row.changed_days),
            plain(row.reason, 60),
        )
    page = StringIO()
    Console(file=page, width=_WIDTH, no_color=True, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def _policy_object(trial: Trial, policy: Policy) -> dict[str, object]:
    version = trial.standing.get(policy.id)
    return {
        "id": policy.id,
        "title": policy.title,
        "digest": policy.digest,
        "in_force": None if version is None else {"version": version.version, "digest": version.policy.digest},
        "now": {verdict.value: count for verdict, count in trial.counts(policy.id).items()},
        "entities": [_row_object(row) for row in trial.rows if row.policy_id == policy.id],
    }


def _row_object(row: TrialRow) -> dict[str, object]:
    return {
        "entity": row.entity.key,
        "now": _value(row.now),
        "reason": row.reason,
        "recorded": _value(row.recorded),
        "changes": row.changes_now,
        "days": [_value(day) for day in row.days],
        "recorded_days": [_value(day) for day in row.recorded_days],
        "changed_days": row.changed_days,
    }


def _value(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.value
