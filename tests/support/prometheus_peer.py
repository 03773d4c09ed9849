"""Real metrics servers on loopback: Prometheus or VictoriaMetrics, scraping a node exporter once a second.

They run from Debian's packages on free ports with their data in a temporary folder, and are ended by their process id.
"""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.peers import require_program
from tests.support.waiting import wait_until

HOST = "127.0.0.1"
START_SECONDS = 30.0
END_SECONDS = 10.0
_NODE_COLLECTORS = ("cpu", "diskstats", "filesystem", "loadavg", "meminfo", "netdev")


@dataclass(frozen=True, slots=True)
class MetricsServer:
    """A running server: its address, and when its process was started (seconds since the epoch)."""

    address: str
    started: float

    def json(self, path: str, **params: str) -> object:
        """The data of an answer, asked without any code of the program under test."""
        with httpx.Client(trust_env=False) as client:
            reply = client.get(f"{self.address}/api/v1/{path}", params=params)
        reply.raise_for_status()
        return reply.json()["data"]

    def has_samples(self, selector: str, count: int) -> bool:
        """Whether a series of that many samples in the last minute matches."""
        data = self.json("query", query=f"count_over_time({selector}[1m])", time=f"{time.time():.3f}")
        assert isinstance(data, dict)
        return any(float(row["value"][1]) >= count for row in data["result"])


def free_port() -> int:
    """A port on which nothing listens just now."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended, and waited for, when the block is left."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=log.parent)
        try:
            yield process
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGTERM)
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
                process.wait(END_SECONDS)


@contextlib.contextmanager
def prometheus_server(folder: Path) -> Iterator[MetricsServer]:
    """A Prometheus that scrapes a node exporter (job `node`) and itself (job `prometheus`)."""
    program = require_program("prometheus")
    port = free_port()
    with _node_exporter(folder) as exporter:
        config = _scrape_config(folder, node=exporter, prometheus=port)
        command = [
            program,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address={HOST}:{port}",
            "--storage.tsdb.min-block-duration=2h",
        ]
        with serving(command, folder / "prometheus.log", port, "/-/ready") as server:
            yield server


@contextlib.contextmanager
def victoria_metrics_server(folder: Path) -> Iterator[MetricsServer]:
    """A VictoriaMetrics that scrapes a node exporter (job `node`) and itself (job `victoria`)."""
    program = require_program("victoria-metrics")
    port = free_port()
    with _node_exporter(folder) as exporter:
        config = _scrape_config(folder, node=exporter, victoria=port)
        command = [
            program,
            f"-storageDataPath={folder / 'victoria'}",
            f"-httpListenAddr={HOST}:{port}",
            f"-promscrape.config={config}",
            "-memory.allowedPercent=10",
            "-search.latencyOffset=2s",
        ]
        with serving(command, folder / "victoria.log", port, "/health") as server:
            yield server


@contextlib.contextmanager
def _node_exporter(folder: Path) -> Iterator[int]:
    program = require_program("prometheus-node-exporter")
    port = free_port()
    collectors = [f"--collector.{name}" for name in _NODE_COLLECTORS]
    command = [program, f"--web.listen-address={HOST}:{port}", "--collector.disable-defaults", *collectors]
    with serving(command, folder / "node_exporter.log", port, "/metrics"):
        yield port


@contextlib.contextmanager
def serving(command: list[str], log: Path, port: int, path: str) -> Iterator[MetricsServer]:
    """A server on a port, ready once it answers at a path."""
    started = time.time()
    address = f"http://{HOST}:{port}"
    with running(command, log) as process:
        wait_until(lambda: _answers(process, f"{address}{path}"), f"{command[0]} answers", within_seconds=START_SECONDS)
        yield MetricsServer(address, started)


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    if process.poll() is not None:
        message = f"{process.args} ended with {process.returncode}"
        raise AssertionError(message)
    with httpx.Client(trust_env=False) as client:
        try:
            return client.get(url, timeout=1.0).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


def _scrape_config(folder: Path, **ports: int) -> Path:
    jobs = "".join(
        f"  - {{job_name: {job}, static_configs: [{{targets: ['{HOST}:{port}']}}]}}\n" for job, port in ports.items()
    )
    file = folder / "scrape.yml"
    file.write_text(f"global: {{scrape_interval: 1s}}\nscrape_configs:\n{jobs}", encoding="utf-8")
    return file
