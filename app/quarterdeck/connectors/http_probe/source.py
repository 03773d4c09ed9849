"""The probe as a connector: one probe a poll, its result a check with samples.

A target that fails is a result, not a failure of the connection: only what prevents the probe itself raises.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from importlib.resources import files

from quarterdeck.connectors.http_probe.names import probe_dns
from quarterdeck.connectors.http_probe.network import (
    Lookup,
    answered_in,
    probe_tcp,
    probe_tls,
    system_lookup,
    told_in_words,
)
from quarterdeck.connectors.http_probe.probe import (
    Finding,
    Stopwatch,
    Ticks,
    batch_of,
    failed,
    preview_of,
    with_expiry_warning,
)
from quarterdeck.connectors.http_probe.settings import ProbeSettings, problems_of, read_settings
from quarterdeck.connectors.http_probe.web import probe_http
from quarterdeck.domain.checks import CheckOutcome
from quarterdeck.sdk.addresses import shown_address
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    PreviewRow,
    Purpose,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.validation import manifest_problems, with_defaults


class Source:
    """Connector for probes. `lookup` turns names into addresses and `ticks` measures durations; tests replace both."""

    def __init__(self, *, lookup: Lookup = system_lookup, ticks: Ticks = time.perf_counter) -> None:
        self._manifest = load_manifest(files("quarterdeck.connectors.http_probe") / "manifest.toml")
        self._lookup = lookup
        self._ticks = ticks

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings; no name is looked up."""
        complete = with_defaults(self._manifest, settings)
        return (*manifest_problems(self._manifest, complete), *problems_of(complete))

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Probe once and say what was found. Raises ConnectorError when the probe itself cannot run."""
        batch = await self._probed(context)
        result = batch.checks[0]
        remarks = [batch.note] if batch.note else []
        if result.outcome is CheckOutcome.WARNING:
            remarks.append("The check would warn.")
        preview = (
            PreviewRow(result.name, "check", 1),
            *(preview_of(identity) for identity in batch.samples.identities),
        )
        return CheckReport(result.summary, preview, tuple(remarks))

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """One probe. Raises ConnectorError when the probe itself cannot run."""
        del cursor
        if window.purpose is Purpose.LIVE:
            yield await self._probed(context)

    async def _probed(self, context: ConnectorContext) -> Batch:
        settings = read_settings(with_defaults(self._manifest, context.settings))
        at = context.now()
        finding = await self._bounded(context, settings)
        finding = with_expiry_warning(finding, settings.expiry_warning_days, at)
        name = settings.check_name or context.connection_name or settings.kind
        return batch_of(finding, settings.entity_key, name, settings.check_name, at)

    async def _bounded(self, context: ConnectorContext, settings: ProbeSettings) -> Finding:
        watch = Stopwatch(self._ticks)
        try:
            async with asyncio.timeout(settings.timeout_seconds):
                with watch.phase("whole"):
                    finding = await self._run(context, settings, watch)
        except TimeoutError:
            words = f"{_shown(settings)} did not finish its answer within {settings.timeout_seconds:g} s."
            finding = failed(words, is_answered=False)
        if finding.outcome is CheckOutcome.PASSED:
            return replace(finding, summary=answered_in(finding.summary, watch), seconds=watch.seconds)
        seconds = {name: spent for name, spent in watch.seconds.items() if finding.is_answered or name != "whole"}
        return replace(finding, seconds=seconds)

    async def _run(self, context: ConnectorContext, settings: ProbeSettings, watch: Stopwatch) -> Finding:
        if settings.kind == "http":
            async with context.http(tls=settings.tls) as http:
                return await probe_http(settings, http, self._lookup, watch)
        if settings.kind == "dns":
            return await probe_dns(settings, watch)
        probe = probe_tls if settings.kind == "tls" else probe_tcp
        try:
            return await probe(settings, self._lookup, watch)
        except (OSError, socket.gaierror) as fault:
            return failed(told_in_words(fault, settings.target), is_answered=False)


def _shown(settings: ProbeSettings) -> str:
    return shown_address(settings.address) if settings.kind in {"http", "dns"} else str(settings.target)
