"""What services tell about themselves when scraped, in the OpenMetrics text format.

Counters begin at nought when the bank opens and grow by what the model says between two scrapes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from statistics import NormalDist

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from quarterdeck.demo.bank_model import BankModel, BankSeries
from quarterdeck.demo.metrics import Frames
from quarterdeck.domain.series import Meaning

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_FRAUD = "service/fraud-evaluation"
_NODES = ("component/payments-node-a", "component/payments-node-b")
_BOUNDS = (0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_P95_IN_DEVIATIONS = 1.645
_NODE_MEMORY_BYTES = 96 * 2**30


class _Scene:
    """The values of this second, by series."""

    def __init__(self, model: BankModel, frames: Frames) -> None:
        self._model = model
        self._values = frames.now()[:, 0]

    def value(self, entity_key: str, meaning: Meaning, statistic: str = "") -> float:
        return float(self._values[self._model.row(BankSeries(entity_key, meaning, statistic))])


class PaymentsExporter:
    """Scores of the fraud service as counters and a histogram, and the payments nodes' load."""

    def __init__(self, model: BankModel, frames: Frames, now_ms: Callable[[], int]) -> None:
        self._model = model
        self._frames = frames
        self._now_ms = now_ms
        self._counted_to_ms = now_ms()
        self._answered = 0.0
        self._failed = 0.0
        self._seconds = 0.0
        self._buckets = [0.0] * (len(_BOUNDS) + 1)

    def app(self) -> Starlette:
        """The exporter's server: `/metrics`."""

        async def metrics(_request: Request) -> Response:
            return Response(self.text(), media_type=OPENMETRICS)

        return Starlette(routes=[Route("/metrics", metrics)])

    def text(self) -> str:
        """One scrape."""
        scene = _Scene(self._model, self._frames)
        self._count(scene)
        lines = [*self._requests(), *self._durations(), *_saturation(scene), *_nodes(scene), "# EOF"]
        return "\n".join(lines) + "\n"

    def _count(self, scene: _Scene) -> None:
        now_ms = self._now_ms()
        elapsed_seconds = max(0, now_ms - self._counted_to_ms) / 1000.0
        self._counted_to_ms = now_ms
        requests = scene.value(_FRAUD, Meaning.THROUGHPUT) * elapsed_seconds
        failed = requests * scene.value(_FRAUD, Meaning.ERROR_RATE)
        self._answered += requests - failed
        self._failed += failed
        median = scene.value(_FRAUD, Meaning.RESPONSE_TIME, "p50")
        spread = math.log(scene.value(_FRAUD, Meaning.RESPONSE_TIME, "p95") / median) / _P95_IN_DEVIATIONS
        self._seconds += requests * median * math.exp(spread**2 / 2)
        below = 0.0
        for number, bound in enumerate((*_BOUNDS, math.inf)):
            upto = NormalDist().cdf(math.log(bound / median) / spread) if bound < math.inf else 1.0
            self._buckets[number] += requests * (upto - below)
            below = upto

    def _requests(self) -> Iterator[str]:
        yield "# TYPE http_requests counter"
        yield "# HELP http_requests Requests answered, by status."
        for code, count in (("200", self._answered), ("500", self._failed)):
            yield f'http_requests_total{{entity="{_FRAUD}",code="{code}"}} {int(count)}'

    def _durations(self) -> Iterator[str]:
        name = "http_request_duration_seconds"
        yield f"# TYPE {name} histogram"
        yield f"# UNIT {name} seconds"
        yield f"# HELP {name} How long an answer took."
        total = 0.0
        for bound, count in zip((*_BOUNDS, math.inf), self._buckets, strict=True):
            total += count
            shown = "+Inf" if bound == math.inf else f"{bound:g}"
            yield f'{name}_bucket{{entity="{_FRAUD}",le="{shown}"}} {int(total)}'
        yield f'{name}_count{{entity="{_FRAUD}"}} {int(total)}'
        yield f'{name}_sum{{entity="{_FRAUD}"}} {self._seconds:.6f}'


def _saturation(scene: _Scene) -> Iterator[str]:
    yield "# TYPE saturation_ratio gauge"
    yield "# UNIT saturation_ratio ratio"
    yield f'saturation_ratio{{entity="{_FRAUD}"}} {scene.value(_FRAUD, Meaning.SATURATION):.4f}'


def _nodes(scene: _Scene) -> Iterator[str]:
    """The nodes' processors and memory; a lost node is simply not there."""
    busy = {node: scene.value(node, Meaning.PROCESSING) for node in _NODES}
    present = {node: share for node, share in busy.items() if not math.isnan(share)}
    yield "# TYPE processor_busy_ratio gauge"
    yield "# UNIT processor_busy_ratio ratio"
    for node, share in present.items():
        yield f'processor_busy_ratio{{entity="{node}"}} {share:.4f}'
    yield "# TYPE memory_resident_bytes gauge"
    yield "# UNIT memory_resident_bytes bytes"
    for node, share in present.items():
        yield f'memory_resident_bytes{{entity="{node}"}} {int(_NODE_MEMORY_BYTES * (0.58 + 0.15 * share))}'


class PushExporter:
    """What the push provider tells: how many messages wait and how many devices it knows."""

    def __init__(self, model: BankModel, frames: Frames) -> None:
        self._model = model
        self._frames = frames

    def app(self) -> Starlette:
        """The provider's server: `/metrics`."""

        async def metrics(_request: Request) -> Response:
            return Response(self.text(), media_type=OPENMETRICS)

        return Starlette(routes=[Route("/metrics", metrics)])

    def text(self) -> str:
        """One scrape."""
        sent = _Scene(self._model, self._frames).value("channel/push", Meaning.THROUGHPUT)
        waiting = 0 if math.isnan(sent) else round(sent * 0.4)
        lines = (
            "# TYPE push_queue_depth gauge",
            f'push_queue_depth{{entity="integration/push"}} {waiting}',
            "# TYPE push_devices gauge",
            'push_devices{entity="channel/push"} 418204',
            "# EOF",
        )
        return "\n".join(lines) + "\n"
