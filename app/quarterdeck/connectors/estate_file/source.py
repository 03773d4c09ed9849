"""A declared estate as a source: the document is read when its content changes, and handed over whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import PurePath

from quarterdeck.domain.errors import InvalidEstate
from quarterdeck.domain.estate import DeclaredEstate, EntityKind, RelationKind
from quarterdeck.sdk.connector import (
    CheckReport,
    ConnectionSettings,
    ConnectorContext,
    PreviewRow,
    Purpose,
    SettingProblem,
    Window,
)
from quarterdeck.sdk.errors import UnexpectedReply
from quarterdeck.sdk.estate_document import MAX_DOCUMENT_BYTES, parse_estate
from quarterdeck.sdk.local_files import LocalFile, read_regular_file
from quarterdeck.sdk.records import Batch
from quarterdeck.sdk.texts import counted, one_line

_ENTITY_NOUNS = {
    EntityKind.PARTNER: ("partner", "partners"),
    EntityKind.INTEGRATION: ("integration", "integrations"),
    EntityKind.SERVICE: ("service", "services"),
    EntityKind.COMPONENT: ("component", "components"),
    EntityKind.EVENT_TYPE: ("event type", "event types"),
    EntityKind.CHANNEL: ("channel", "channels"),
}
_RELATION_NOUNS = {
    RelationKind.EXTERNAL_INTERNAL: "external to internal",
    RelationKind.SERVICE_COMPONENT: "service to component",
    RelationKind.EVENT_NOTIFICATION: "event to notification",
}


class Source:
    """Connector for estate documents in files."""

    def validate(self, settings: ConnectionSettings) -> tuple[SettingProblem, ...]:
        """Judge the path's form; the file itself is not looked at."""
        path = settings.text("path")
        if path and not (PurePath(path).is_absolute() and path.isprintable()):
            return (SettingProblem("path", "Give the whole path of the file, from / on."),)
        return ()

    async def check(self, context: ConnectorContext) -> CheckReport:
        """Read the document and say what it declares. Raises ConnectorError."""
        declared = await _declared(context, await _read(context))
        counts = (
            f"{counted(len(declared.entities), 'entity', 'entities')}, {counted(len(declared.relations), 'relation')}"
        )
        words = f"{declared.title or declared.source}: {counts}, {counted(len(declared.connections), 'connection')}."
        remarks = [f"It declares under the name {declared.source}; what it no longer declares is withdrawn."]
        if not declared.entities:
            remarks.append(
                "It declares no entity; what it declared before goes only once it is applied with --withdraw."
            )
        return CheckReport(words, _preview(declared), tuple(remarks))

    async def collect(self, context: ConnectorContext, window: Window, cursor: str | None) -> AsyncIterator[Batch]:
        """The declared estate when the file's content is not the cursor's; nothing otherwise. Raises ConnectorError."""
        if window.purpose is Purpose.BACKFILL:
            return
        file = await _read(context)
        digest = f"sha256:{sha256(file.data).hexdigest()}"
        if digest == cursor:
            return
        if _is_unsettled(file, context):
            yield Batch(note="The file was written a moment ago; it is taken as soon as it is left alone.")
            return
        yield Batch(declared=await _declared(context, file), cursor=digest)


async def _read(context: ConnectorContext) -> LocalFile:
    # In a thread: a network drive that has gone away holds whoever looks at it.
    return await asyncio.to_thread(read_regular_file, context.settings.text("path"), MAX_DOCUMENT_BYTES)


async def _declared(context: ConnectorContext, file: LocalFile) -> DeclaredEstate:
    try:
        # In a thread: the largest document takes seconds to parse.
        return await asyncio.to_thread(parse_estate, file.data, context.settings.text("path"))
    except InvalidEstate as fault:
        raise UnexpectedReply(fault.message, fault.next_step) from fault


def _is_unsettled(file: LocalFile, context: ConnectorContext) -> bool:
    age_seconds = context.now().timestamp() - file.modified_seconds
    return 0 <= age_seconds < context.settings.number("settle_seconds", 1.0)


def _preview(declared: DeclaredEstate) -> tuple[PreviewRow, ...]:
    kinds = Counter(entity.kind for entity in declared.entities)
    links = Counter(relation.kind for relation in declared.relations)
    sources = Counter(connection.connector_id for connection in declared.connections)
    return (
        *(
            PreviewRow(_ENTITY_NOUNS[kind][kinds[kind] != 1], "entities", kinds[kind])
            for kind in EntityKind
            if kinds[kind]
        ),
        *(PreviewRow(_RELATION_NOUNS[kind], "relations", links[kind]) for kind in RelationKind if links[kind]),
        *(PreviewRow(one_line(name), "connections", count) for name, count in sorted(sources.items())),
    )
