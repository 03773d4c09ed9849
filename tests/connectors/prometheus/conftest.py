"""The real servers, each started once for all tests that ask it."""

from collections.abc import Iterator

import pytest

from tests.support.prometheus_peer import MetricsServer, prometheus_server, victoria_metrics_server
from tests.support.stores import store
from tests.support.waiting import wait_until

__all__ = ["prometheus", "store", "victoria_metrics"]

SCRAPES = 12


@pytest.fixture(scope="session")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricsServer]:
    """A Prometheus with a dozen scrapes of a node exporter."""
    with prometheus_server(tmp_path_factory.mktemp("prometheus")) as server:
        wait_until(lambda: server.has_samples('node_load1{job="node"}', SCRAPES), "scrapes", within_seconds=60)
        yield server


@pytest.fixture(scope="session")
def victoria_metrics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricsServer]:
    """A VictoriaMetrics with a dozen scrapes of a node exporter."""
    with victoria_metrics_server(tmp_path_factory.mktemp("victoria")) as server:
        wait_until(lambda: server.has_samples('node_load1{job="node"}', SCRAPES), "scrapes", within_seconds=60)
        yield server
