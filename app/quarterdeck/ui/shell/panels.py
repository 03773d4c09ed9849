"""The explicit list of panels: what is here is in the rail, what is not does not exist yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QCoreApplication, QObject

from quarterdeck.ui.tasks.verbs import Background
from quarterdeck.ui.theme.theme import Theme
from quarterdeck.ui.widgets.panel import PanelView

if TYPE_CHECKING:
    from quarterdeck.services.console import ConsoleServices

_DEFAULT_REFRESH_SECONDS = 5.0
_CONNECTORS_SECONDS = 2.0
_CLAIMS_SECONDS = 15.0
_RESOURCES_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class PanelContext:
    """What a view is made from: the looks, and background work bound to the view that owns it."""

    theme: Theme
    background_for: Callable[[QObject], Background]


PanelMaker: TypeAlias = Callable[[PanelContext], PanelView]


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel of the rail.

    `load` imports the panel's modules, takes its use cases and returns what makes its view; it runs in a worker, the
    maker in the GUI thread. `icon` is a Phosphor name, `key` the digit that opens it, `is_lower` puts it below the
    rail's line.
    """

    id: str
    title: str
    icon: str
    key: str
    load: Callable[[ConsoleServices], PanelMaker]
    is_lower: bool = False
    refresh_seconds: float = _DEFAULT_REFRESH_SECONDS

    @property
    def shown_title(self) -> str:
        """The title in the language of the screen."""
        return QCoreApplication.translate("Panels", self.title)


def _telling_commands(services: ConsoleServices, context: str) -> Callable[[str], str]:
    """Words of the screen; the commands they tell lead to the store that the window shows."""
    return lambda text: services.place.leading_here(QCoreApplication.translate(context, text))


def _load_overview(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.overview.presenter import OverviewPresenter
    from quarterdeck.ui.panels.overview.view import OverviewView

    reader, setup = services.overview, services.setup

    def make(context: PanelContext) -> PanelView:
        view = OverviewView(context.theme)
        tr = _telling_commands(services, "OverviewView")
        notify, background = view.notice_raised.emit, context.background_for(view)
        view.present(OverviewPresenter(reader, background, view, tr, setup=setup, notify=notify))
        return view

    return make


def _load_integrations(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.integrations.presenter import IntegrationsPresenter
    from quarterdeck.ui.panels.integrations.view import IntegrationsView

    reader, write = services.integrations, services.write_expiries

    def make(context: PanelContext) -> PanelView:
        view = IntegrationsView(context.theme, context.background_for)
        tr, background = _telling_commands(services, "IntegrationsView"), context.background_for(view)
        view.present(IntegrationsPresenter(reader, background, view, tr, write=write), background)
        return view

    return make


def _load_relationships(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.relationships.drift_presenter import DriftPresenter
    from quarterdeck.ui.panels.relationships.kept_map import MapKeeper, decode
    from quarterdeck.ui.panels.relationships.pattern_presenter import PatternsPresenter
    from quarterdeck.ui.panels.relationships.presenter import RelationshipsPresenter
    from quarterdeck.ui.panels.relationships.view import RelationshipsView
    from quarterdeck.ui.shell.memory_file import MemoryFile

    reader, pattern_reader, what_if = services.relationships, services.patterns, services.what_if
    drift_reader, maps = services.drift, MemoryFile(services.map_file)
    kept = decode(maps.read())

    def make(context: PanelContext) -> PanelView:
        view = RelationshipsView(context.theme, context.background_for)
        background = context.background_for(view)
        tr = _telling_commands(services, "RelationshipsView")
        patterns = PatternsPresenter(pattern_reader, background, view.patterns, tr)
        drift = DriftPresenter(drift_reader, background, view.drift, tr)
        keeper = MapKeeper(maps, kept, background)
        presenter = RelationshipsPresenter(reader, background, view, tr, what_if, keeper=keeper)
        view.present(presenter, background, patterns, drift)
        return view

    return make


def _load_performance(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.charts.preload import preload_charts
    from quarterdeck.ui.panels.performance.compare_desk import CompareDesk
    from quarterdeck.ui.panels.performance.error_desk import ErrorDesk
    from quarterdeck.ui.panels.performance.other_views import COMPARE, ERRORS
    from quarterdeck.ui.panels.performance.presenter import PerformancePresenter
    from quarterdeck.ui.panels.performance.view import PerformanceView

    preload_charts()
    reader, errors, comparison = services.performance, services.errors, services.comparison

    def make(context: PanelContext) -> PanelView:
        view = PerformanceView(context.theme)
        background = context.background_for(view)
        tr = _telling_commands(services, "PerformanceView")
        view.present(PerformancePresenter(reader, background, view, tr), background)
        view.moved.present(reader, background)
        view.below.present(comparison, errors, background)
        view.views.offer(COMPARE, lambda: CompareDesk(context.theme, comparison, errors, background))
        view.views.offer(ERRORS, lambda: ErrorDesk(context.theme, errors, background))
        return view

    return make


def _load_resources(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.charts.preload import preload_charts
    from quarterdeck.ui.panels.resources.presenter import ResourcesPresenter
    from quarterdeck.ui.panels.resources.view import ResourcesView

    preload_charts()
    reader = services.capacity

    def make(context: PanelContext) -> PanelView:
        view = ResourcesView(context.theme)
        background = context.background_for(view)
        tr = partial(QCoreApplication.translate, "ResourcesView")
        view.present(ResourcesPresenter(reader, background, view, tr), background)
        return view

    return make


def _load_compliance(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.compliance.policy_presenter import PolicyPresenter
    from quarterdeck.ui.panels.compliance.posture_presenter import PosturePresenter
    from quarterdeck.ui.panels.compliance.presenter import CompliancePresenter
    from quarterdeck.ui.panels.compliance.view import ComplianceView

    reader, write, desk = services.compliance, services.write_verdicts, services.policies

    def make(context: PanelContext) -> PanelView:
        view = ComplianceView(context.theme)
        tr = partial(QCoreApplication.translate, "ComplianceView")
        background = context.background_for(view)
        view.policies.present(PolicyPresenter(desk, background, view.policies, tr, bench=view.policies.editor))
        compliance = CompliancePresenter(reader, background, view, tr, beside=view.beside, write=write)
        view.present(compliance, background, PosturePresenter(reader.posture, background, view.posture, tr))
        return view

    return make


def _load_connectors(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.connectors.presenter import ConnectorsPresenter
    from quarterdeck.ui.panels.connectors.setup_presenter import SetupPresenter
    from quarterdeck.ui.panels.connectors.view import ConnectorsView

    sources, setup, now = services.sources, services.setup, services.clock.now

    def make(context: PanelContext) -> PanelView:
        view = ConnectorsView(context.theme)
        notify = view.notice_raised.emit
        tr = partial(QCoreApplication.translate, "ConnectorsView")
        presenter = ConnectorsPresenter(
            sources,
            setup,
            context.background_for(view),
            view,
            now=now,
            notify=notify,
            tr=tr,
        )
        beside = SetupPresenter(setup, context.background_for(view.side), view.side, notify=notify, tr=tr)
        view.present(presenter, beside)
        return view

    return make


def _load_maintenance(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.maintenance.form_presenter import FormPresenter
    from quarterdeck.ui.panels.maintenance.presenter import MaintenancePresenter
    from quarterdeck.ui.panels.maintenance.view import MaintenanceView

    desk = services.make_maintenance(services.clock)

    def make(context: PanelContext) -> PanelView:
        view = MaintenanceView(context.theme)
        tr = partial(QCoreApplication.translate, "MaintenanceView")
        notify, background = view.notice_raised.emit, context.background_for(view)
        presenter = MaintenancePresenter(desk, background, view, notify=notify, tr=tr)
        forms = FormPresenter(desk, context.background_for(view.side), view.side, notify=notify, tr=tr)
        view.present(presenter, forms, background)
        return view

    return make


def _load_claims(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.claims.presenter import ClaimsPresenter
    from quarterdeck.ui.panels.claims.view import ClaimsView

    reader = services.claims

    def make(context: PanelContext) -> PanelView:
        view = ClaimsView(context.theme)
        background = context.background_for(view)
        tr = partial(QCoreApplication.translate, "ClaimsView")
        view.present(ClaimsPresenter(reader, background, view, tr), background)
        return view

    return make


def _load_objectives(services: ConsoleServices) -> PanelMaker:
    from quarterdeck.ui.panels.objectives.presenter import ObjectivesPresenter
    from quarterdeck.ui.panels.objectives.view import ObjectivesView

    desk = services.objectives

    def make(context: PanelContext) -> PanelView:
        view = ObjectivesView(context.theme)
        tr = partial(QCoreApplication.translate, "ObjectivesView")
        background = context.background_for(view)
        view.present(ObjectivesPresenter(desk, background, view, tr, ledgers=view.page, asking=view.asking))
        return view

    return make


PANELS: tuple[PanelSpec, ...] = (
    PanelSpec("overview", "Overview", "squares-four", "1", _load_overview),
    PanelSpec("integrations", "Integrations", "flow-arrow", "2", _load_integrations),
    PanelSpec("relationships", "Relationships", "tree-structure", "3", _load_relationships),
    PanelSpec("performance", "Performance", "chart-line", "4", _load_performance),
    PanelSpec("resources", "Resources", "chart-bar", "9", _load_resources, refresh_seconds=_RESOURCES_SECONDS),
    PanelSpec("objectives", "Objectives", "target", "O", _load_objectives, refresh_seconds=_RESOURCES_SECONDS),
    PanelSpec("compliance", "Compliance", "shield-check", "5", _load_compliance),
    PanelSpec(
        "connectors", "Connectors", "link", "6", _load_connectors, is_lower=True, refresh_seconds=_CONNECTORS_SECONDS
    ),
    PanelSpec("maintenance", "Maintenance", "wrench", "7", _load_maintenance, is_lower=True),
    PanelSpec("claims", "Claims", "scales", "8", _load_claims, is_lower=True, refresh_seconds=_CLAIMS_SECONDS),
)
