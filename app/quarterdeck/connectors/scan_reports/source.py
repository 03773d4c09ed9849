"""Scanners' reports as a source: every report becomes evidence once, whatever else lies beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files

from quarterdeck.connectors.scan_reports.files import FoundFile, report_files
from quarterdeck.connectors.scan_reports.formats import read_report
from quarterdeck.connectors.scan_reports.settings import ReportSettings, problems_of, read_settings
from quarterdeck.domain.evidence_records import EvidenceRecord
from quarterdeck.domain.scan_reports import ReportFile, scan_evidence, scan_of
from quarterdeck.sdk.access import open_http
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
from quarterdeck.sdk.errors import ConnectorError
from quarterdeck.sdk.local_files import read_regular_file
from quarterdeck.sdk.manifest import load_manifest
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.texts import counted, one_line
from quarterdeck.sdk.validation import manifest_problems, with_defaults

_MAX_PREVIEW_ROWS = 100
_MAX_TOLD = 3
_MAX_NAME_CHARS = 160
_EMPTY = "No report lies there yet: none whose name ends in .sarif, .json, .xml or .dat."
_UNSETTLED = "A report was written a moment ago; it is taken as soon as it is left alone."
_ACCEPT = "application/sarif+json, application/json;q=0.9, application/xml;q=0.9, */*;q=0.1"
Cursor = dict[str, tuple[str, str]]
"""By a report's name the mark and the SHA-256 of what was read under it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A report as it was read: under which name, with which mark and digest, and the evidence it makes."""

    name: str
    mark: str
    sha256: str
    evidence: tuple[EvidenceRecord, ...]


class Source:
    """Connector for reports of scanners."""

    def __init__(self) -> None:
        self._manifest = load_manifest(files("quarterdeck.connectors.scan_reports") / "manifest.toml")

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge settings; nothing is looked at."""
        complete = with_defaults(self._manifest, settings)
        return (*manifest_problems(self._manifest, complete), *problems_of(complete))

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Read every report and say what it tells. Raises ConnectorError when none can be read."""
        place = _Place.of(context, with_defaults(self._manifest, context.settings))
        records: list[EvidenceRecord] = []
        async for read in place.unread({}):
            records += read.evidence
        place.refuse_when_all_failed()
        findings = sum(len(scan_of(record).findings) for record in records)
        words = f"{counted(len(records), 'report')} with {counted(findings, 'finding')}."
        return CheckReport(words, tuple(map(_preview, records[:_MAX_PREVIEW_ROWS])), place.remarks())

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """A batch for each report that is new or was written anew; one that cannot be read keeps no other from it.

        Raises ConnectorError when the place cannot be looked at, and when nothing that lies there can be read.
        """
        if window.purpose is Purpose.BACKFILL:
            return
        place = _Place.of(context, with_defaults(self._manifest, context.settings))
        known = _unpacked(cursor)
        async for read in place.unread(known):
            is_new = read.sha256 not in {digest for _, digest in known.values()}
            known[read.name] = (read.mark, read.sha256)
            yield Batch(evidence=read.evidence if is_new else (), cursor=json.dumps(known))
        place.refuse_when_all_failed()
        remarks = place.remarks()
        if remarks:
            yield Batch(note=" ".join(remarks))


class _Place:
    """Where reports lie, for one look at it; remembers what could not be read."""

    def __init__(self, context: ConnectorContext, complete: ConnectionSettings, settings: ReportSettings) -> None:
        self._context = context
        self._complete = complete
        self._settings = settings
        self._faults: list[ConnectorError] = []
        self._unsettled = 0
        self._count = 0

    @classmethod
    def of(cls, context: ConnectorContext, complete: ConnectionSettings) -> _Place:
        """From a connection's settings with their defaults. Raises Misconfigured."""
        return cls(context, complete, read_settings(complete))

    async def unread(self, known: Cursor) -> AsyncIterator[Read]:
        """The reports that are not known yet, one by one; forgets those that are gone. Raises ConnectorError."""
        if self._settings.address:
            read = await self._fetched()
            if read.sha256 != known.get(read.name, ("", ""))[1]:
                yield read
            return
        # In a thread: a network drive that has gone away holds whoever looks at it.
        found = await asyncio.to_thread(report_files, self._settings.path)
        self._count = len(found)
        for name in known.keys() - {file.name for file in found}:
            del known[name]
        for file in found:
            if file.mark != known.get(file.name, ("", ""))[0]:
                try:
                    yield await self._opened(file)
                except _UnsettledFile:
                    self._unsettled += 1
                except ConnectorError as fault:
                    self._faults.append(fault)

    def refuse_when_all_failed(self) -> None:
        """Raise the first of the faults when there was nothing else."""
        if self._faults and len(self._faults) == self._count:
            raise self._faults[0]

    def remarks(self) -> tuple[str, ...]:
        """What could not be read and why, and what was not there; at most three faults by name."""
        told = [str(fault) for fault in self._faults[:_MAX_TOLD]]
        if len(self._faults) > _MAX_TOLD:
            told.append(f"{counted(len(self._faults) - _MAX_TOLD, 'more report')} cannot be read.")
        if self._unsettled:
            told.append(_UNSETTLED)
        if not self._count and not self._settings.address:
            told.append(_EMPTY)
        return tuple(told)

    async def _fetched(self) -> Read:
        settings, headers = self._settings, {"Accept": _ACCEPT, **self._settings.headers}
        async with open_http(self._context, self._complete) as http:
            reply = await http.get(settings.address, headers=headers, limits=settings.limits)
        reply.refuse_bad_status()
        name = shown_address(settings.address)
        return await asyncio.to_thread(self._read, reply.body, name, "", self._context.now())

    async def _opened(self, file: FoundFile) -> Read:
        age_seconds = self._context.now().timestamp() - file.modified_seconds
        if 0 <= age_seconds < self._settings.settle_seconds:
            raise _UnsettledFile
        local = await asyncio.to_thread(read_regular_file, file.path, self._settings.limits.max_bytes)
        written_at = _instant(local.modified_seconds, self._context.now())
        # In a thread: the largest report takes seconds to parse.
        return await asyncio.to_thread(self._read, local.data, file.name, file.mark, written_at)

    def _read(self, data: bytes, name: str, mark: str, written_at: datetime) -> Read:
        digest = sha256(data).hexdigest()
        file = ReportFile(one_line(name, _MAX_NAME_CHARS), self._context.connection_id, digest)
        reports = read_report(data, name, written_at)
        key, now = self._settings.entity_key, self._context.now()
        return Read(name, mark, digest, tuple(scan_evidence(report, file, key, now) for report in reports))


class _UnsettledFile(Exception):
    """The file was written a moment ago."""


def _instant(seconds: float, now: datetime) -> datetime:
    """When a file was written; now for one that is dated as no clock can be."""
    try:
        return min(datetime.fromtimestamp(seconds, UTC), now)
    except (ValueError, OverflowError, OSError):
        return now


def _unpacked(cursor: str | None) -> Cursor:
    """What is known by a cursor; nothing by one of another make."""
    try:
        told = json.loads(cursor or "{}")
        return {str(name): (str(mark), str(digest)) for name, (mark, digest) in told.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _preview(record: EvidenceRecord) -> PreviewRow:
    report = scan_of(record)
    name = str(dict(record.content).get("scan.file", ""))
    return PreviewRow(name, f"findings of {report.tool}", len(report.findings))
