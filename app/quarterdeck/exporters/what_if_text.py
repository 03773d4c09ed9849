"""What would follow from assumptions, for the terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table

from quarterdeck.domain.estate import Entity
from quarterdeck.exporters.terminal import plain
from quarterdeck.services.redundancy import Redundancy
from quarterdeck.services.what_if import WhatIf
from quarterdeck.services.what_if_words import (
    banner_words,
    names,
    other_groups_words,
    redundancy_words,
    sentences,
)
from quarterdeck.services.wording import moment_words, state_words

_WIDTH = 132
_LONGEST = 2_000
NOTICE = "Assumed, not real: none of this has happened."


def what_if_text(told: WhatIf, now: datetime) -> str:
    """A table of all that would be in another state, with what was assumed and what is left."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    time = moment_words(told.at, now)
    past = "" if told.at == now else time
    for title in ("Entity", "Kind", f"At {past}" if past else "Now", "Assumed", "Because"):
        grid.add_column(title, no_wrap=title != "Because")
    for one in told.assumptions:
        grid.add_row(*_cells(one.entity), state_words(one.real), f"{state_words(one.state)} (assumed)", "")
    for change in told.changes:
        because = plain(names(change.because), 120)
        grid.add_row(*_cells(change.entity), state_words(change.before), state_words(change.after), because)
    lines = [banner_words(len(told.assumptions), time), "", _rendered(grid), "", *sentences(told, past=past)]
    groups = [f"{one.entity.name}: {redundancy_words(one)}" for one in told.redundancies]
    lines += ["", "Redundancy left", *groups] if groups else []
    lines += [line for line in (other_groups_words(told),) if line]
    return "\n".join((*(_line(line) for line in lines), "", NOTICE))


def what_if_json(told: WhatIf) -> str:
    """The same for scripts; instants in ISO 8601, UTC. `assumed` is always true."""
    document = {
        "assumed": True,
        "notice": NOTICE,
        "at": told.at.isoformat(),
        "assumptions": [
            {"key": one.entity.key, "name": one.entity.name, "state": one.state.value, "real": one.real.value}
            for one in told.assumptions
        ],
        "changes": [
            {
                "key": one.entity.key,
                "name": one.entity.name,
                "kind": one.entity.kind.value,
                "real": one.before.value,
                "state": one.after.value,
                "because": _keys(one.because),
            }
            for one in told.changes
        ],
        "roots": _keys(told.roots),
        "partners": _keys(told.partners),
        "unaffected_integrations": _keys(told.unaffected),
        "uncertain": _keys(told.uncertain),
        "redundancy": [_redundancy(one) for one in told.redundancies],
        "groups": told.group_count,
        "sentences": list(sentences(told)),
    }
    return json.dumps(document, indent=2)


def _redundancy(one: Redundancy) -> dict[str, object]:
    return {
        "key": one.entity.key,
        "members": _keys(one.members),
        "working_now": one.working_before,
        "working": one.working,
        "unknown": one.unknown,
        "needed": one.needed,
        "left": one.left,
        "share_working": None if one.needed is not None else one.share,
        "share_needed": None if one.needed is not None else one.share_needed,
        "is_lost": None if one.is_unsure else one.is_lost,
        "taken_by_one_more": _keys(one.taken_by_one_more),
    }


def _keys(entities: Sequence[Entity]) -> list[str]:
    return [one.key for one in entities]


def _cells(entity: Entity) -> tuple[str, str]:
    return plain(entity.name, 40).plain, entity.kind.value.replace("_", " ")


def _line(text: str) -> str:
    return "\n".join(plain(line, _LONGEST).plain for line in text.split("\n"))


def _rendered(grid: Table) -> str:
    console = Console(file=StringIO(), width=_WIDTH, color_system=None, force_terminal=False)
    with console.capture() as captured:
        console.print(grid)
    return captured.get().rstrip()
