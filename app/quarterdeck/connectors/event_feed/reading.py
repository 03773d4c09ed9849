"""One raw event read as the console's: id, type, time, whom it concerns, which case it belongs to, and its facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any, cast

from quarterdeck.connectors.event_feed.instants import read_instant
from quarterdeck.connectors.event_feed.parse import Json, at_path
from quarterdeck.domain.events import Change, Event
from quarterdeck.domain.facts import Facts, fact
from quarterdeck.sdk.texts import counted, one_line, plain_text
from quarterdeck.sdk.validation import entity_key

FUTURE_SLACK = timedelta(minutes=10)
MAX_FACTS = 48
MAX_FACT_CHARS = 500
MAX_ID_CHARS = 200
_MAX_FACT_DEPTH = 4
_ENVELOPE = frozenset({"specversion", "datacontenttype", "dataschema", "data_base64"})


@dataclass(frozen=True, slots=True)
class FieldPaths:
    """Where to look for what: dotted paths, the first that holds something is taken."""

    id: tuple[str, ...]
    type: tuple[str, ...]
    time: tuple[str, ...]
    entity: tuple[str, ...]
    correlation: tuple[str, ...]


USUAL_PATHS = FieldPaths(
    id=("id", "event_id", "eventId", "uuid"),
    type=("type", "event_type", "eventType", "event", "name", "kind"),
    time=(
        "time",
        "occurred_at",
        "occurredAt",
        "timestamp",
        "@timestamp",
        "ts",
        "created_at",
        "createdAt",
        "event_time",
        "date",
    ),
    entity=("entity", "entity_key", "subject", "service", "component"),
    correlation=(
        "correlation_id",
        "correlationid",
        "correlationId",
        "correlation_key",
        "data.correlation_id",
        "case_id",
        "caseId",
        "trace_id",
        "traceId",
    ),
)


@dataclass(slots=True)
class Tally:
    """What of a poll could not be taken, and why."""

    unreadable: int = 0
    untyped: int = 0
    untimed: int = 0
    ahead: int = 0
    furthest_ahead: timedelta = timedelta()

    def words(self) -> str:
        """As sentences; empty when all was taken."""
        told = (
            (self.unreadable, "was no JSON object", "were no JSON objects"),
            (self.untyped, "had no type", "had no type"),
            (self.untimed, "had no time that can be read", "had no time that can be read"),
        )
        sentences = [f"{counted(n, 'event')} {one if n == 1 else many} and left out." for n, one, many in told if n]
        if self.ahead:
            hours = self.furthest_ahead.total_seconds() / 3600
            far = f"{hours:.0f} h" if hours >= 1 else f"{hours * 60:.0f} min"
            sentences.append(
                f"{counted(self.ahead, 'event')} up to {far} in the future left out: "
                "its clock is ahead, or its times lack their zone."
            )
        return " ".join(sentences)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads raw events of one connection.

    `source` is the events' source when they tell none; `entity_key` and `entity_kind` say whom they concern.
    """

    source: str
    paths: FieldPaths
    entity_key: str
    entity_kind: str
    change_types: tuple[str, ...]

    def read(self, raw: Json, now: datetime, tally: Tally) -> Event | None:
        """The event, or None with the reason counted in the tally."""
        type_text = one_line(_text_at(raw, self.paths.type), MAX_ID_CHARS)
        if not type_text:
            tally.untyped += 1
            return None
        occurred_at = next((at for path in self.paths.time if (at := read_instant(at_path(raw, path)))), None)
        if occurred_at is None:
            tally.untimed += 1
            return None
        if occurred_at > now + FUTURE_SLACK:
            tally.ahead += 1
            tally.furthest_ahead = max(tally.furthest_ahead, occurred_at - now)
            return None
        is_cloud = "specversion" in raw
        source = one_line(raw.get("source", ""), MAX_ID_CHARS) if is_cloud else ""
        return Event(
            source=source or self.source,
            event_id=self._id(raw),
            type=type_text,
            occurred_at=occurred_at,
            entity_key=self._entity(raw),
            correlation_key=one_line(_text_at(raw, self.paths.correlation), MAX_ID_CHARS),
            facts=_facts(raw, {*self.paths.id, *self.paths.type, *self.paths.time}, is_cloud=is_cloud),
        )

    def change_of(self, event: Event) -> Change | None:
        """The event as a change, when its type is one of those."""
        if not any(fnmatchcase(event.type, pattern) for pattern in self.change_types):
            return None
        summary = next((text for name in ("summary", "title", "message") if (text := fact(event.facts, name))), "")
        return Change(
            change_id=f"{event.source}:{event.event_id}",
            kind=event.type.partition(".")[0],
            changed_at=event.occurred_at,
            summary=summary or event.type.replace(".", " ").replace("_", " "),
            entity_key=event.entity_key,
            facts=event.facts,
        )

    def _id(self, raw: Json) -> str:
        told = _text_at(raw, self.paths.id)
        cleaned = plain_text(told, MAX_ID_CHARS)
        if told and cleaned == told:
            return told
        content = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return f"sha256:{hashlib.sha256(content.encode('ascii')).hexdigest()[:40]}"

    def _entity(self, raw: Json) -> str:
        told = (_text_at(raw, (path,)) for path in self.paths.entity)
        return next((key for text in told if text and (key := entity_key(text, self.entity_kind))), self.entity_key)


def _text_at(raw: Json, paths: tuple[str, ...]) -> str:
    for path in paths:
        value = at_path(raw, path)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _facts(raw: Json, told: set[str], *, is_cloud: bool) -> Facts:
    """Everything an event says that is not said elsewhere, flat, as text."""
    found: dict[str, str] = {}
    for name, value in _flat(raw, "", 0):
        bare = name.removeprefix("data.") if is_cloud else name
        if name not in told and not (is_cloud and name in _ENVELOPE) and bare not in found:
            found[one_line(bare, MAX_ID_CHARS)] = plain_text(value, MAX_FACT_CHARS)
        if len(found) >= MAX_FACTS:
            break
    return tuple(sorted(found.items()))


def _flat(value: Json, prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict) and depth < _MAX_FACT_DEPTH:
            yield from _flat(cast("Json", inner), f"{name}.", depth + 1)
        elif inner is not None:
            yield name, _as_text(inner)


def _as_text(value: Any) -> str:  # noqa: ANN401 - whatever the JSON holds
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)[: MAX_FACT_CHARS + 1]
