"""The same picture from servers that keep samples: how long Prometheus and VictoriaMetrics take to answer it, warm."""

import statistics
import subprocess
import time
from pathlib import Path

import httpx

from tests.bench.samples import Series, page
from tests.support.peers import require_program
from tests.support.prometheus_peer import HOST, MetricsServer, free_port, serving

PATIENCE_SECONDS = 900.0
ROUNDS = 3
LONGEST_BLOCK = "2000h"


def in_prometheus(folder: Path, series: Series, seconds: tuple[int, int], pixels: int) -> float:
    """Milliseconds for both extremes of each column, from blocks made by its own tool."""
    text, blocks = folder / "peer.om", folder / "peer_blocks"
    page([series], text)
    tool = [require_program("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(text), str(blocks)]
    subprocess.run(
        [*tool, f"--max-block-duration={LONGEST_BLOCK}"],
        check=True,
        capture_output=True,
        cwd=folder,
        timeout=PATIENCE_SECONDS,
    )
    text.unlink()
    config, port = folder / "nothing.yml", free_port()
    config.write_text("scrape_configs: []\n", encoding="utf-8")
    command = [
        require_program("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={blocks}",
        f"--web.listen-address={HOST}:{port}",
        "--storage.tsdb.retention.time=100y",
        "--query.max-samples=200000000",
        "--query.timeout=10m",
    ]
    with serving(command, folder / "prometheus.log", port, "/-/ready") as server:
        return picture(server, series, seconds, pixels)


def in_victoria_metrics(folder: Path, series: Series, seconds: tuple[int, int], pixels: int) -> float:
    """Milliseconds for both extremes of each column, after its own import."""
    port = free_port()
    command = [
        require_program("victoria-metrics"),
        f"-storageDataPath={folder / 'peer_victoria'}",
        f"-httpListenAddr={HOST}:{port}",
        "-retentionPeriod=100y",
        "-memory.allowedPercent=30",
        "-search.maxQueryDuration=10m",
        "-search.disableCache",
    ]
    with serving(command, folder / "victoria.log", port, "/health") as server:
        with httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client:
            for lines in series.lines(in_ms=True):
                client.post(f"{server.address}/api/v1/import/prometheus", content=lines).raise_for_status()
            client.get(f"{server.address}/internal/force_flush").raise_for_status()
        return picture(server, series, seconds, pixels)


def picture(server: MetricsServer, series: Series, seconds: tuple[int, int], pixels: int) -> float:
    """The median of several answers after one that warms up: least and greatest of each column."""
    step = (seconds[1] - seconds[0]) // pixels
    asked = {"start": str(seconds[0] + step), "end": str(seconds[1]), "step": str(step)}
    waits: list[float] = []
    with httpx.Client(trust_env=False, timeout=PATIENCE_SECONDS) as client:
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            for function in ("min_over_time", "max_over_time"):
                query = f"{function}({series.name}[{step}s])"
                reply = client.get(f"{server.address}/api/v1/query_range", params={"query": query, **asked})
                reply.raise_for_status()
                assert len(reply.json()["data"]["result"][0]["values"]) >= pixels
            waits.append((time.perf_counter() - started) * 1000)
    return statistics.median(waits[1:])
