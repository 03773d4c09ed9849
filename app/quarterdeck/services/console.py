"""What the window is given: every use case of the console over one open store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quarterdeck.services.collector_watch import CollectorWatch
from quarterdeck.services.compliance import ComplianceReader
from quarterdeck.services.connections import ConnectionSetup
from quarterdeck.services.inspector import InspectorReader
from quarterdeck.services.integrations import IntegrationReader
from quarterdeck.services.lens import LensReader
from quarterdeck.services.overview import OverviewReader
from quarterdeck.services.patterns import PatternReader
from quarterdeck.services.performance import PerformanceReader
from quarterdeck.services.ports import Clock, VersionCounters
from quarterdeck.services.relationships import RelationshipReader
from quarterdeck.services.retention_settings import RetentionSettings
from quarterdeck.services.search import SearchReader
from quarterdeck.services.sources import SourceReader


@dataclass(frozen=True, slots=True)
class ConsoleServices:
    """The console's use cases; `close` finishes what was accepted and lets go of the store.

    `left_out` says, a sentence each, which rows reading left out so far because they cannot be read.
    """

    title: str
    subtitle: str
    clock: Clock
    versions: VersionCounters
    left_out: Callable[[], tuple[str, ...]]
    overview: OverviewReader
    integrations: IntegrationReader
    relationships: RelationshipReader
    patterns: PatternReader
    performance: PerformanceReader
    compliance: ComplianceReader
    lens: LensReader
    inspector: InspectorReader
    sources: SourceReader
    search: SearchReader
    setup: ConnectionSetup
    collector: CollectorWatch
    retention: RetentionSettings
    close: Callable[[], None]
