"""The partners' health endpoints: as quick or slow as the integration behind them, and 503 while a partner is out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from quarterdeck.demo.bank_model import BankModel, BankSeries
from quarterdeck.demo.fault_book import FaultBook
from quarterdeck.demo.metrics import Frames
from quarterdeck.domain.series import Meaning

_LONGEST_SECONDS = 6.0
_OUT_FROM = 0.3


@dataclass(frozen=True, slots=True)
class Partner:
    """An outside party: the integration whose pace its endpoint keeps, and the fault that takes it down (or none)."""

    name: str
    integration: str
    outage: str = ""


PARTNERS = (
    Partner("payhub", "integration/payhub-processor", "payhub_outage"),
    Partner("tessera", "integration/account-aggregation"),
    Partner("northgate", "integration/core-accounts"),
    Partner("carillon", "integration/sms-gateway"),
)


@dataclass(frozen=True, slots=True, eq=False)
class PartnerHealth:
    """Makes a health endpoint for each partner. Nobody is kept waiting once `stop` is set."""

    model: BankModel
    frames: Frames
    faults: FaultBook
    now_ms: Callable[[], int]
    stop: asyncio.Event

    def app(self, partner: Partner) -> Starlette:
        """The server of one partner: `/health` and a page at `/`."""

        async def health(_request: Request) -> Response:
            await self._take_time(partner)
            if self.faults.felt_at(self.now_ms()).get(partner.outage, 0.0) > _OUT_FROM:
                body = {"status": "unavailable", "detail": "upstream processing is not available"}
                return JSONResponse(body, status_code=503, headers={"Retry-After": "30"})
            return JSONResponse({"status": "ok", "service": partner.name})

        return Starlette(routes=[Route("/health", health, methods=["GET", "HEAD"])])

    async def _take_time(self, partner: Partner) -> None:
        row = self.model.row(BankSeries(partner.integration, Meaning.RESPONSE_TIME, "p50"))
        seconds = min(float(self.frames.now()[row, 0]), _LONGEST_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stop.wait()
