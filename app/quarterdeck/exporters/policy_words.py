"""Policies for the terminal and as JSON: files that were read, and how every policy stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.policies import Verdict
from quarterdeck.exporters.terminal import plain
from quarterdeck.sdk.texts import counted
from quarterdeck.services.compliance_export import VerdictExport
from quarterdeck.services.policy_standing import CheckedPack, StandingPolicy

_WIDTH = 132
_TITLES = {
    Verdict.SATISFIED: "Satisfied",
    Verdict.NOT_SATISFIED: "Not satisfied",
    Verdict.NOT_EVALUABLE: "No evidence",
    Verdict.WAIVED: "Waived",
}


def exported_text(name: str, export: VerdictExport) -> str:
    """What was written into a file: how many verdicts, and how many of them are what."""
    told = [f"{count} {_TITLES[verdict].lower()}" for verdict, count in export.counts.items() if count]
    left_out = f" Left out, not known then: {len(export.left_out)}." if export.left_out else ""
    counts = f": {', '.join(told)}" if told else ""
    return f"{plain(name).plain}: {counted(len(export.rows), 'verdict')}{counts}.{left_out}"


def checked_text(checked: Sequence[CheckedPack]) -> str:
    """A line for each file that holds together, and each fault of the others on a line of its own."""
    lines: list[str] = []
    for each in checked:
        held = "1 policy" if each.policies == 1 else f"{each.policies} policies"
        lines += [plain(fault, 1_000).plain for fault in each.faults] or [f"{plain(each.path.name).plain}: {held}."]
    return "\n".join(lines) or "There is no file of policies."


def standing_text(standing: Sequence[StandingPolicy]) -> str:
    """A table of the policies in force."""
    if not standing:
        return "No policy has judged anything yet. A collector does: `quarterdeck collect`."
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Policy", "Title", "Pack", "Severity", "Version"):
        grid.add_column(title, no_wrap=True)
    for title in _TITLES.values():
        grid.add_column(title, justify="right", no_wrap=True)
    for each in standing:
        policy = each.version.policy
        grid.add_row(
            policy.id,
            plain(policy.title, 44),
            plain(policy.pack.replace("_", " ")),
            policy.severity.value,
            str(each.version.version),
            *(str(each.counts.get(verdict, 0)) for verdict in _TITLES),
        )
    page = StringIO()
    Console(file=page, width=_WIDTH, no_color=True, highlight=False).print(grid)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def standing_json(standing: Sequence[StandingPolicy]) -> str:
    """The same for scripts, with the digest of each version."""
    told = [
        {
            "id": each.version.policy.id,
            "title": each.version.policy.title,
            "pack": each.version.policy.pack,
            "severity": each.version.policy.severity.value,
            "version": each.version.version,
            "digest": each.version.policy.digest,
            "controls": {verdict.value: each.counts.get(verdict, 0) for verdict in Verdict},
        }
        for each in standing
    ]
    return json.dumps({"policies": told}, indent=2)
