"""What the window is given: every use case of the console over one open store, each loaded when it is first wanted."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from quarterdeck.services.told_commands import USUAL_PLACE, Place

if TYPE_CHECKING:
    from quarterdeck.services.capacity import CapacityReader
    from quarterdeck.services.claim_log import ClaimLogReader
    from quarterdeck.services.collector_watch import CollectorWatch
    from quarterdeck.services.comparison import ComparisonReader
    from quarterdeck.services.compliance import ComplianceReader
    from quarterdeck.services.connections import ConnectionSetup
    from quarterdeck.services.drift import DriftReader
    from quarterdeck.services.error_patterns import ErrorReader
    from quarterdeck.services.estate_desk import EstateDesk
    from quarterdeck.services.expiry_files import ExpiryWriter
    from quarterdeck.services.inspector import InspectorReader
    from quarterdeck.services.integrations import IntegrationReader
    from quarterdeck.services.lens import LensReader
    from quarterdeck.services.maintenance_desk import MaintenanceDesk
    from quarterdeck.services.objective_desk import ObjectiveDesk
    from quarterdeck.services.overview import OverviewReader
    from quarterdeck.services.patterns import PatternReader
    from quarterdeck.services.performance import PerformanceReader
    from quarterdeck.services.policy_desk import PolicyDesk
    from quarterdeck.services.ports import Clock, Store, VersionCounters
    from quarterdeck.services.readthrough import CombinedEnvelopes
    from quarterdeck.services.relationships import RelationshipReader
    from quarterdeck.services.retention_settings import RetentionSettings
    from quarterdeck.services.search import SearchReader
    from quarterdeck.services.sources import SourceReader
    from quarterdeck.services.verdict_files import VerdictWriter
    from quarterdeck.services.what_if import WhatIfReader


@dataclass(frozen=True, kw_only=True)
class _Outside:
    """What use cases are made of; whoever asks for one first waits for its modules, so ask in a worker.

    `versions` tells whether the store has changed, `left_out` which rows reading left out so far because they cannot be
    read, a sentence each. `place` lets commands that are told lead to the same store. What makes the others brings what
    lies outside the store.
    """

    title: str
    subtitle: str
    clock: Clock
    versions: VersionCounters
    left_out: Callable[[], tuple[str, ...]]
    store: Store
    place: Place = USUAL_PLACE
    patterns_folder: Path
    policies_folder: Path
    map_file: Path
    make_envelopes: Callable[[], CombinedEnvelopes]
    make_setup: Callable[[], ConnectionSetup]
    make_estate: Callable[[], EstateDesk]
    make_maintenance: Callable[[Clock], MaintenanceDesk]
    write_expiries: ExpiryWriter
    write_verdicts: VerdictWriter


@dataclass(frozen=True, kw_only=True)
class EstateServices(_Outside):
    """Use cases about what there is and how it does."""

    @cached_property
    def envelopes(self) -> CombinedEnvelopes:
        """Samples of the store and of engines that are only read, as envelopes."""
        return self.make_envelopes()

    @cached_property
    def overview(self) -> OverviewReader:
        """What Overview shows."""
        from quarterdeck.services.overview import OverviewReader

        return OverviewReader(self.store)

    @cached_property
    def integrations(self) -> IntegrationReader:
        """What Integrations shows."""
        from quarterdeck.services.integrations import IntegrationReader

        return IntegrationReader(self.store)

    @cached_property
    def relationships(self) -> RelationshipReader:
        """What Relationships shows."""
        from quarterdeck.services.relationships import RelationshipReader

        return RelationshipReader(self.store)

    @cached_property
    def what_if(self) -> WhatIfReader:
        """What would follow from assumptions; it cannot write."""
        from quarterdeck.services.what_if import WhatIfReader

        return WhatIfReader(self.store)

    @cached_property
    def patterns(self) -> PatternReader:
        """Patterns, and who keeps them."""
        from quarterdeck.services.pattern_shelf import PatternShelf
        from quarterdeck.services.patterns import PatternReader

        return PatternReader(self.store, PatternShelf(self.patterns_folder).patterns)

    @cached_property
    def drift(self) -> DriftReader:
        """What is declared and not seen, and seen and not declared."""
        from quarterdeck.services.drift import DriftReader

        return DriftReader(self.store)

    @cached_property
    def claims(self) -> ClaimLogReader:
        """What partners claim against what is measured."""
        from quarterdeck.services.claim_log import ClaimLogReader

        return ClaimLogReader(self.store)

    @cached_property
    def estate(self) -> EstateDesk:
        """Estate files taken in, with a preview."""
        return self.make_estate()

    @cached_property
    def sources(self) -> SourceReader:
        """The connections, and how they do."""
        from quarterdeck.services.sources import SourceReader

        return SourceReader(self.store)

    @cached_property
    def setup(self) -> ConnectionSetup:
        """Adding, testing and editing connections."""
        return self.make_setup()

    @cached_property
    def lens(self) -> LensReader:
        """How the whole estate did over a range."""
        from quarterdeck.services.lens import LensReader

        return LensReader(self.store)


@dataclass(frozen=True, kw_only=True)
class FigureServices(EstateServices):
    """Use cases about figures over time."""

    @cached_property
    def performance(self) -> PerformanceReader:
        """What Performance shows."""
        from quarterdeck.services.calculation import in_a_process
        from quarterdeck.services.performance import PerformanceReader

        return PerformanceReader(self.store, self.envelopes, in_a_process)

    @cached_property
    def errors(self) -> ErrorReader:
        """The error patterns of Performance."""
        from quarterdeck.services.calculation import in_a_process
        from quarterdeck.services.error_patterns import ErrorReader

        return ErrorReader(self.store, in_a_process)

    @cached_property
    def comparison(self) -> ComparisonReader:
        """Two ranges beside each other, for Performance."""
        from quarterdeck.services.comparison import ComparisonReader

        return ComparisonReader(self.store)

    @cached_property
    def capacity(self) -> CapacityReader:
        """What Resources shows."""
        from quarterdeck.services.calculation import in_a_process
        from quarterdeck.services.capacity import CapacityReader

        return CapacityReader(self.store, in_a_process)

    @cached_property
    def objectives(self) -> ObjectiveDesk:
        """What was promised, the ledgers behind it, and what people decide about them."""
        from quarterdeck.services.objective_desk import ObjectiveDesk
        from quarterdeck.services.objective_forms import ObjectiveForms

        forms = ObjectiveForms(self.store, self.clock, self.estate.apply)
        return ObjectiveDesk(self.store, self.clock, forms)


@dataclass(frozen=True, kw_only=True)
class ConsoleServices(FigureServices):
    """All use cases of the window."""

    @cached_property
    def compliance(self) -> ComplianceReader:
        """What Compliance shows."""
        from quarterdeck.services.compliance import ComplianceReader

        return ComplianceReader(self.store, self.clock)

    def close(self) -> None:
        """Finish what was accepted and let go of the store."""
        self.store.close()

    @cached_property
    def policies(self) -> PolicyDesk:
        """Policies edited, tried and enabled."""
        from quarterdeck.services.policy_desk import PolicyDesk
        from quarterdeck.services.policy_shelf import PolicyShelf

        return PolicyDesk(self.store, PolicyShelf(self.policies_folder))

    @cached_property
    def search(self) -> SearchReader:
        """What can be found by words."""
        from quarterdeck.services.search import SearchReader

        return SearchReader(self.store)

    @cached_property
    def retention(self) -> RetentionSettings:
        """What is kept for how long."""
        from quarterdeck.services.retention_settings import RetentionSettings

        return RetentionSettings(self.store, self.clock)

    @cached_property
    def collector(self) -> CollectorWatch:
        """Whether anybody collects."""
        from quarterdeck.services.collector_watch import CollectorWatch

        return CollectorWatch(self.store, host=socket.gethostname())

    @cached_property
    def inspector(self) -> InspectorReader:
        """What the inspector shows."""
        from quarterdeck.services.inspector import InspectorReader

        return InspectorReader(self.store, self.envelopes)
