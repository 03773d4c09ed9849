"""Tables for the terminal and JSON for scripts. Text from outside is printed without control characters or mark-up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from quarterdeck.domain.connections import Connection, ConnectionHealth, ConnectionState
from quarterdeck.domain.health import HealthState
from quarterdeck.domain.instants import duration_words
from quarterdeck.services.connection_tests import ConnectionTest
from quarterdeck.services.connections import ConnectorKinds
from quarterdeck.services.status import StatusTable
from quarterdeck.services.wording import NO_VALUE, state_words

_MARKS = {
    HealthState.HEALTHY: ("●", "green"),
    HealthState.DEGRADED: ("▲", "yellow"),
    HealthState.DOWN: ("◆", "red"),
    HealthState.UNREACHABLE: ("◇", "red"),
    HealthState.MAINTENANCE: ("■", "magenta"),
    HealthState.STALE: ("◌", "bright_black"),
    HealthState.UNKNOWN: ("○", "bright_black"),
}
_WIDTH = 132


def plain(text: str, limit: int = 400) -> Text:
    """Text from outside as it may be printed: one line, no control characters, no mark-up, bounded."""
    return Text("".join(letter if letter.isprintable() else " " for letter in text[:limit]))


def status_text(table: StatusTable) -> str:
    """The health table, a line per entity, the connections that do not do well, and the verdict with its counts."""
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("", "Entity", "Kind", "State", "Since", "Why", "Figures", "Data"):
        grid.add_column(title, no_wrap=title != "Why", justify="right" if title in {"Since", "Data"} else "left")
    for row in table.rows:
        mark, colour = _MARKS[row.state]
        grid.add_row(
            Text(mark, style=colour),
            plain(row.entity.name, 40),
            plain(row.entity.kind.value.replace("_", " ")),
            Text(state_words(row.state), style=colour),
            _age(row.since_at, table.at),
            plain(row.reason, 120),
            Text(" · ".join(row.figures)),
            _age(row.newest_at, table.at),
        )
    lines = [_rendered(grid) if table.rows else "The estate is empty. `quarterdeck apply FILE` declares it."]
    lines += [_troubled(name, health) for name, health in table.connections if health.state not in _FINE]
    return "\n".join((*lines, plain(table.verdict_words).plain))


_FINE = {ConnectionState.GOOD, ConnectionState.DISABLED, ConnectionState.STARTING}


def _troubled(name: str, health: ConnectionHealth) -> str:
    said = " ".join(filter(None, (health.words, health.next_step)))
    return plain(f"Connection {name} is {health.state.value}. {said}").plain.rstrip()


def _age(instant: datetime | None, at: datetime) -> str:
    return NO_VALUE if instant is None else duration_words((at - instant).total_seconds())


def _rendered(grid: Table) -> str:
    out = StringIO()
    Console(file=out, width=_WIDTH, highlight=False, markup=False, no_color=True, force_terminal=False).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def status_json(table: StatusTable) -> str:
    """The health table as one JSON object; instants in ISO 8601, UTC."""
    document = {
        "at": table.at.isoformat(),
        "verdict": table.verdict.name.lower(),
        "verdict_words": table.verdict_words,
        "silent_since": table.silent_since_at.isoformat() if table.silent_since_at else None,
        "entities": [
            {
                "key": row.entity.key,
                "kind": row.entity.kind.value,
                "name": row.entity.name,
                "domain": row.entity.domain,
                "state": row.state.value,
                "reason": row.reason,
                "cause": row.cause,
                "because": list(row.grounds.because),
                "masked": row.grounds.masked,
                "flapping": row.grounds.flapping,
                "since": row.since_at.isoformat() if row.since_at else None,
                "newest_data": row.newest_at.isoformat() if row.newest_at else None,
            }
            for row in table.rows
        ],
        "connections": [_health_object(name, health) for name, health in table.connections],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _health_object(name: str, health: ConnectionHealth) -> dict[str, str | int | None]:
    return {
        "id": health.connection_id,
        "name": name,
        "state": health.state.value,
        "words": health.words,
        "next_step": health.next_step,
        "last_good": health.last_good_at.isoformat() if health.last_good_at else None,
        "failures_in_a_row": health.failures_in_a_row,
    }


def connectors_text(
    installed: ConnectorKinds, connections: Sequence[tuple[Connection, ConnectionHealth | None]]
) -> str:
    """The installed connectors, then the connections."""
    kinds = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Connector", "Version", "What it brings"):
        kinds.add_column(title)
    for manifest in installed.manifests:
        kinds.add_row(manifest.id, manifest.version, plain(manifest.summary, 160))
    listed = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Connection", "Connector", "Polls", "State", "In words"):
        listed.add_column(title)
    for connection, health in connections:
        state = health.state.value if health else "not polled yet"
        words = health.words if health else ""
        every = f"every {duration_words(connection.poll_seconds)}"
        listed.add_row(plain(connection.id), connection.connector_id, every, state, plain(words, 160))
    faults = [plain(fault).plain for fault in installed.faults]
    shown = _rendered(listed) if connections else "There is no connection yet."
    return "\n".join((_rendered(kinds), *faults, "", shown))


def check_line(name: str, found: ConnectionTest) -> str:
    """One connection's test as a line."""
    return plain(f"{name}: {' '.join(filter(None, (found.words, *found.remarks, found.next_step)))}", 1000).plain


def connectors_json(
    installed: ConnectorKinds, connections: Sequence[tuple[Connection, ConnectionHealth | None]]
) -> str:
    """The same as one JSON object."""
    document = {
        "connectors": [
            {"id": m.id, "version": m.version, "title": m.title, "summary": m.summary} for m in installed.manifests
        ],
        "faults": list(installed.faults),
        "connections": [
            {
                "id": connection.id,
                "connector": connection.connector_id,
                "name": connection.name,
                "poll_seconds": connection.poll_seconds,
                "enabled": connection.enabled,
                "health": _health_object(connection.name, health) if health else None,
            }
            for connection, health in connections
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
