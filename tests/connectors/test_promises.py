"""What every built-in connector promises alike, and what those that ask a server over HTTP promise besides."""

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from quarterdeck.domain.connections import SettingValue
from quarterdeck.sdk.connector import Purpose, Window
from quarterdeck.sdk.errors import Misconfigured
from quarterdeck.sdk.registry import EntryPointRegistry, LoadedConnector
from quarterdeck.sdk.testing import (
    RecordedCase,
    collect_all,
    context_for,
    judge_bad_days,
    judge_cancellation,
    judge_manifest,
    judge_module_state,
    judge_refusal,
    judge_validation,
    live_window,
    load_cases,
    run_case,
    settings_for,
)
from quarterdeck.sdk.testing.servers import LocalServer
from tests.architecture.sources import connector_names

NOWHERE = LocalServer(1)


@dataclass(frozen=True, slots=True)
class Asking:
    """A connector that asks a server over HTTP: the path it asks, and what else its settings need."""

    name: str
    path: str
    needed: tuple[tuple[str, SettingValue], ...] = ()
    patience_seconds: float = 30.0

    def load(self) -> LoadedConnector:
        """The connector, fresh."""
        return EntryPointRegistry().load(self.name)

    def settings(self, server: LocalServer) -> dict[str, SettingValue]:
        """Settings that name the server, with little patience."""
        return {"address": server.url(self.path), "timeout_seconds": 0.5, "max_megabytes": 1, **dict(self.needed)}

    def patient_settings(self, server: LocalServer) -> dict[str, SettingValue]:
        """Settings under which a poll waits for longer than a test."""
        return self.settings(server) | {"timeout_seconds": self.patience_seconds}


PROBE = Asking("http_probe", "/health", (("entity", "partner/payhub"),))
METRICS = Asking("openmetrics", "/metrics", (("entity", "component/ledger-node"),))
CLAIMS = Asking("status_page", "/payhub", (("entity", "partner/payhub"),), patience_seconds=25.0)
FEED = Asking("event_feed", "/events")
QUERIES = Asking("prometheus", "/", (("selector", '{job="shop"}'),), patience_seconds=60.0)
SCANS = Asking("scan_reports", "/bandit.sarif", (("entity", "service/payments-api"),))
ALL_ASKING = (PROBE, METRICS, CLAIMS, FEED, QUERIES, SCANS)

FAILING_WITH_THEIR_SOURCE = tuple(one for one in ALL_ASKING if one is not PROBE)
"""To a probe a target's bad day is a result; all others fail with it."""

WITHOUT_PAST = tuple(one for one in ALL_ASKING if one not in {QUERIES, CLAIMS})
CASES = [
    pytest.param(asking, recorded, id=f"{asking.name}-{recorded.name}")
    for asking in ALL_ASKING
    for recorded in load_cases(Path(__file__).parent / asking.name / "cases")
]


def each(chosen: tuple[Asking, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("asking", chosen, ids=lambda asking: asking.name)


BUILT_IN = pytest.mark.parametrize("name", connector_names())


@BUILT_IN
def test_a_form_explains_itself(name: str) -> None:
    assert judge_manifest(EntryPointRegistry().manifest(name)) == ()


@BUILT_IN
def test_no_module_holds_state(name: str) -> None:
    package = importlib.import_module(f"quarterdeck.connectors.{name}")
    modules = [
        importlib.import_module(f"{package.__name__}.{one.name}") for one in pkgutil.iter_modules(package.__path__)
    ]
    assert modules
    assert judge_module_state(tuple(modules)) == ()


@pytest.mark.parametrize(("asking", "recorded"), CASES)
async def test_a_recorded_case_comes_out_as_it_was_recorded(asking: Asking, recorded: RecordedCase) -> None:
    loaded = asking.load()
    assert await run_case(loaded.connector, loaded.manifest, recorded) == ()


@each(ALL_ASKING)
async def test_judging_settings_connects_to_nothing(asking: Asking) -> None:
    loaded = asking.load()
    assert await judge_validation(loaded.connector, loaded.manifest, asking.settings) == ()


@each(ALL_ASKING)
async def test_a_cancelled_poll_ends_at_once_and_closes_its_connection(asking: Asking) -> None:
    loaded = asking.load()
    assert await judge_cancellation(loaded.connector, loaded.manifest, asking.patient_settings) == ()


@each(ALL_ASKING)
async def test_settings_that_cannot_work_raise_when_polled_all_the_same(asking: Asking) -> None:
    loaded = asking.load()
    given = settings_for(loaded.manifest, asking.settings(NOWHERE) | {"address": "nonsense"})
    assert isinstance((await collect_all(loaded.connector, context_for(given))).fault, Misconfigured)


@each(FAILING_WITH_THEIR_SOURCE)
async def test_every_bad_day_of_a_source_is_told_in_words(asking: Asking) -> None:
    loaded = asking.load()
    assert await judge_bad_days(loaded.connector, loaded.manifest, asking.settings) == ()


@each(FAILING_WITH_THEIR_SOURCE)
async def test_nothing_listening_is_unreachable(asking: Asking) -> None:
    loaded = asking.load()
    assert await judge_refusal(loaded.connector, loaded.manifest, asking.settings) == ()


@each(WITHOUT_PAST)
async def test_a_past_that_a_source_does_not_keep_is_not_asked_for(asking: Asking) -> None:
    loaded = asking.load()
    context = context_for(settings_for(loaded.manifest, asking.settings(NOWHERE)))
    window = Window(live_window(context).time_range, Purpose.BACKFILL)
    polled = await collect_all(loaded.connector, context, window=window)
    assert (polled.batches, polled.fault) == ((), None)


@pytest.mark.parametrize("name", connector_names())
def test_a_connector_with_a_place_to_ask_says_that_the_place_identifies_its_source(name: str) -> None:
    manifest = EntryPointRegistry().manifest(name)
    places = [spec for spec in manifest.settings if spec.key in {"address", "path"}]
    assert [spec.identifies for spec in places] == [True] * len(places)
