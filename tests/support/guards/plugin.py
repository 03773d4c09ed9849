"""Applies every guard to every test, and gives the run a home, a language and a time zone of its own."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings

from tests.support.guards.logs import ExpectedLogs, LogGuard, QtMessages
from tests.support.guards.network import LoopbackOnly
from tests.support.guards.processes import ProcessGuard, adopt_orphans
from tests.support.guards.qt import QtGuard
from tests.support.guards.surroundings import Home, SurroundingsGuard
from tests.support.guards.tasks import leaving_no_task
from tests.support.guards.threads import ThreadGuard


@dataclass(slots=True)
class Ward:
    """What stays in place from the first test to the last."""

    home: Home = field(default_factory=Home)
    network: LoopbackOnly = field(default_factory=LoopbackOnly)
    qt_messages: QtMessages = field(default_factory=QtMessages)


_WARD = pytest.StashKey[Ward]()


def pytest_configure(config: pytest.Config) -> None:
    ward = config.stash[_WARD] = Ward()
    ward.home.move_in()
    ward.network.install()
    adopt_orphans()
    # A property is judged by what it says, not by how fast this machine was; nothing is written beside the tests.
    settings.register_profile("quarterdeck", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("quarterdeck")


def pytest_sessionstart(session: pytest.Session) -> None:
    session.config.stash[_WARD].qt_messages.install()


def pytest_unconfigure(config: pytest.Config) -> None:
    ward = config.stash[_WARD]
    ward.qt_messages.uninstall()
    ward.network.uninstall()
    ward.home.remove()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.obj = leaving_no_task(item.obj)


@pytest.fixture
def logs() -> ExpectedLogs:
    """Where a test says which warnings must be logged: ``logs.expect("quarterdeck.services", "refused")``."""
    return ExpectedLogs()


@pytest.fixture(autouse=True)
def leave_nothing_behind(request: pytest.FixtureRequest, logs: ExpectedLogs) -> Iterator[None]:
    """Fail the test that leaves something behind, naming what and where."""
    ward = request.config.stash[_WARD]
    guards = (
        QtGuard(uses_application="qapp" in request.fixturenames),
        ThreadGuard(),
        ProcessGuard(),
        SurroundingsGuard(ward.home),
        LogGuard(logs, ward.qt_messages),
    )
    yield
    sentences = [sentence for guard in guards for sentence in guard.leftovers()] + ward.network.taken()
    if sentences:
        pytest.fail("\n  ".join([f"{request.node.nodeid} left behind:", *sentences]), pytrace=False)
