"""What the frame itself shows of the estate: what can be found, what wants attention where, and the worst of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quarterdeck.domain.connections import ConnectionState
from quarterdeck.domain.errors import OperatorError
from quarterdeck.domain.estate import EntityKind
from quarterdeck.domain.health import SEVERITY, HealthState, needs_attention, worst
from quarterdeck.services.moments import Moment
from quarterdeck.ui.shell.palette_ranking import PaletteItem
from quarterdeck.ui.tasks.verbs import Background

if TYPE_CHECKING:
    from quarterdeck.services.attention import AttentionItem
    from quarterdeck.services.console import ConsoleServices
    from quarterdeck.services.search import Findable
    from quarterdeck.services.sources import SourceList

ENTITY_PREFIX = "entity:"
CONNECTION_PREFIX = "connection:"
OVERVIEW_PANEL = "overview"
INTEGRATIONS_PANEL = "integrations"
CONNECTORS_PANEL = "connectors"
COMPLIANCE_PANEL = "compliance"
_INTEGRATION = "integration"
_CONNECTION_STATES = {
    ConnectionState.LATE: HealthState.DEGRADED,
    ConnectionState.FAILING: HealthState.DOWN,
    ConnectionState.SILENT: HealthState.DOWN,
}


@dataclass(frozen=True, slots=True)
class Attention:
    """How many things of a panel want attention, and the worst of their states."""

    panel_id: str
    count: int
    worst: HealthState


@dataclass(frozen=True, slots=True)
class PulseState:
    """`findables` for the palette, `attention` for the rail, `worst` of all integrations for the tray.

    `is_present` says whether it is of now, or of a moment in the past.
    """

    findables: tuple[PaletteItem, ...] = ()
    attention: tuple[Attention, ...] = ()
    worst: HealthState = HealthState.UNKNOWN
    is_present: bool = True

    @property
    def integrations(self) -> tuple[PaletteItem, ...]:
        """Those of the findables that are integrations."""
        return tuple(item for item in self.findables if item.kind == _INTEGRATION)


class PulsePresenter:
    """Reads the pulse at a moment and hands it to `on_pulse`."""

    def __init__(
        self, services: ConsoleServices, background: Background, on_pulse: Callable[[PulseState], None]
    ) -> None:
        self._services = services
        self._background = background
        self._on_pulse = on_pulse

    def load(self, moment: Moment) -> None:
        """Ask for it. A store that cannot be read is told by the feed, not here."""
        services = self._services

        def read() -> PulseState:
            seen = Seen(
                services.search.findables(moment),
                services.overview.attention(moment),
                services.sources.sources(moment),
                services.compliance.broken_count(moment, EntityKind.INTEGRATION),
            )
            return pulse_of(seen, is_live=moment.live)

        self._background.run_query(read, on_result=self._on_pulse, on_error=_leave_to_the_feed, key="pulse")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the store tells of one moment: what can be found, what needs attention, the connections, broken controls."""

    findables: tuple[Findable, ...]
    attention: tuple[AttentionItem, ...]
    sources: SourceList
    broken_controls: int = 0


def pulse_of(seen: Seen, *, is_live: bool) -> PulseState:
    """The pulse of one moment.

    It counts what the panels count: a moment that nobody collected is the trouble of the Overview alone, and the health
    of connections, which is not kept, counts for the present only.
    """
    is_silent = seen.sources.silent_since_at is not None
    states = _connection_states(seen.sources) if is_live and not is_silent else {}
    integrations = [found.state for found in seen.findables if found.kind == _INTEGRATION and found.state is not None]
    silence = (HealthState.STALE,) if seen.findables else ()
    return PulseState(
        findables=tuple(_item(found, states) for found in seen.findables),
        attention=(
            _attention(OVERVIEW_PANEL, silence if is_silent else (item.state for item in seen.attention)),
            _attention(INTEGRATIONS_PANEL, () if is_silent else filter(needs_attention, integrations)),
            _attention(COMPLIANCE_PANEL, () if is_silent else (HealthState.DOWN,) * seen.broken_controls),
            _attention(CONNECTORS_PANEL, states.values()),
        ),
        worst=worst(integrations),
        is_present=is_live,
    )


def _connection_states(sources: SourceList) -> dict[str, HealthState]:
    states = {row.connection.id: row.health.state for row in sources.rows if row.connection.enabled}
    return {key: _CONNECTION_STATES[state] for key, state in states.items() if state in _CONNECTION_STATES}


def _item(found: Findable, connections: Mapping[str, HealthState]) -> PaletteItem:
    if found.is_connection:
        return PaletteItem(CONNECTION_PREFIX + found.target, found.name, found.kind, connections.get(found.target))
    return PaletteItem(ENTITY_PREFIX + found.target, found.name, found.kind, found.state)


def _attention(panel_id: str, states: Iterable[HealthState]) -> Attention:
    found = sorted(states, key=SEVERITY.__getitem__)
    return Attention(panel_id, len(found), found[-1] if found else HealthState.HEALTHY)


def _leave_to_the_feed(_error: OperatorError) -> None:
    """The feed asks the same store every second and tells when it cannot be read."""
